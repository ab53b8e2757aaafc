from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from genzu.errors import CannotWrite, Refused
from genzu.store import scratch as module
from genzu.store.scratch import put, put_new, scratch_file, sweep


def left_by_a_dead_process(folder: Path) -> Path:
    program = (
        "import os, sys; from pathlib import Path; from genzu.store.scratch import scratch_file\n"
        "with scratch_file(Path(sys.argv[1]), '.png') as path: path.write_text('half'); "
        "print(path, flush=True); os._exit(1)"
    )
    run = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False)
    return Path(run.stdout.strip())


def test_a_dead_process_is_cleaned_up_after_and_a_live_one_is_let_be(tmp_path: Path) -> None:
    dead = left_by_a_dead_process(tmp_path)
    theirs = tmp_path / ".somebody-else.part.png"
    theirs.write_text("not ours")
    assert dead.read_text() == "half"
    with scratch_file(tmp_path, ".png") as mine:
        mine.write_text("being written")
        sweep(tmp_path)
        assert sorted(tmp_path.iterdir()) == sorted([mine, theirs])
    assert list(tmp_path.iterdir()) == [theirs]


def test_another_machines_file_goes_only_after_a_day(tmp_path: Path) -> None:
    path = tmp_path / f".genzu-00000000-{2**22 + 5}-{'0' * 12}.part.png"
    path.write_text("x")
    sweep(tmp_path)
    assert path.exists()
    day = time.time() - 25 * 3600
    os.utime(path, (day, day))
    sweep(tmp_path)
    assert not path.exists()


def test_where_processes_cannot_be_asked_age_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = left_by_a_dead_process(tmp_path)
    monkeypatch.setattr(module, "_alive", lambda pid: None)
    sweep(tmp_path)
    assert path.exists()
    old = time.time() - 20 * 60
    os.utime(path, (old, old))
    sweep(tmp_path)
    assert not path.exists()


def test_nothing_is_left_when_writing_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), scratch_file(tmp_path) as path:
        path.write_text("half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_put_replaces_and_put_new_does_not(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "er" / "a.txt"
    for text in ("one", "two"):
        with scratch_file(tmp_path) as path:
            path.write_text(text)
            put(path, target)
        assert target.read_text() == text
    with pytest.raises(Refused), scratch_file(tmp_path) as path:
        path.write_text("three")
        put_new(path, target)
    assert target.read_text() == "two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["deep"]


def test_put_new_works_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError("not supported")

    monkeypatch.setattr(os, "link", no_links)
    for expected in ("one", None):
        with scratch_file(tmp_path) as path:
            path.write_text("one")
            if expected is None:
                with pytest.raises(Refused):
                    put_new(path, tmp_path / "a")
            else:
                put_new(path, tmp_path / "a")
    assert (tmp_path / "a").read_text() == "one"


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotWrite), scratch_file(tmp_path / "file" / "sub"):
        pass
