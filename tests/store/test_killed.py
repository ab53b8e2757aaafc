"""A process that is killed at any moment loses nothing that was recorded and leaves nothing half."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from genzu.store.show import Show


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the kill points are reached by forks, which this system lacks")
def test_a_killed_film_opens_clean_and_ends_the_same(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed_film.py")
    run = subprocess.run(
        [sys.executable, str(script), str(tmp_path), "10"], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr
    whole, *attempts = [json.loads(line) for line in run.stdout.splitlines()]
    assert whole["told"]["faults"] == []
    assert len(whole["told"]["takes"]) == 4
    assert len(attempts) >= 60
    for attempt in attempts:
        where = f"killed at {attempt['name']}: {run.stderr}"
        assert attempt["ended"] < 0, where
        assert attempt["code"] == 0, where
        assert attempt["after"]["at_opening"] in ([], "no show"), where
        assert attempt["after"]["told"] == whole["told"], where
    opened = [attempt for attempt in attempts if attempt["after"]["at_opening"] == []]
    assert len(opened) >= 40, "most kills must hit a show that is there already"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the kill points are reached by forks, which this system lacks")
def test_a_killed_import_enters_all_or_nothing(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed_list.py")
    run = subprocess.run(
        [sys.executable, str(script), str(tmp_path)], capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 0, run.stderr
    whole, *attempts = [json.loads(line) for line in run.stdout.splitlines()]
    assert whole["cuts"] == ["001", "002", "003", "004"]
    assert len(attempts) >= 20
    for attempt in attempts:
        where = f"killed at {attempt['name']}: {run.stderr}"
        assert attempt["ended"] < 0, where
        assert attempt["found"]["faults"] == [], where
        assert attempt["found"]["cuts"] in (["001"], whole["cuts"]), where
        assert bool(attempt["found"]["places"]) == (attempt["found"]["cuts"] == whole["cuts"]), where
        assert attempt["again"] == whole, where
    assert any(attempt["found"]["cuts"] == ["001"] for attempt in attempts)
    assert Show.open(tmp_path / "whole").setting("fps") == "24"
