"""A cut is painted by one process at a time; a claim ends with the process that holds it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from store_samples import show_with_cut

from genzu.store import claims
from genzu.store.show import Show

HOLDER = """
import sys, time
from pathlib import Path
from genzu.store.show import Show
with Show.open(Path(sys.argv[1])) as show, show.build.claims.holding("012") as hold:
    print("held" if hold else "refused", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    show_with_cut(tmp_path / "show").close()
    return tmp_path / "show"


def held(show: Show) -> set[str]:
    return set(show.build.claims.held())


def test_a_claim_is_held_by_one_and_let_go_at_the_end(folder: Path) -> None:
    with Show.open(folder) as one, Show.open(folder) as other:
        with one.build.claims.holding("012") as first:
            assert first is not None and held(other) == {"012"}
            with other.build.claims.holding("012") as second:
                assert second is None
            assert held(other) == {"012"}, "who was refused lets nothing go"
            with other.build.claims.holding("013") as third:
                assert third is not None
        with other.build.claims.holding("012") as second:
            assert second is not None


def test_a_claim_is_let_go_when_the_work_fails(folder: Path) -> None:
    with Show.open(folder) as show:
        with pytest.raises(RuntimeError), show.build.claims.holding("012"):
            raise RuntimeError
        assert held(show) == set()


def test_the_claim_of_a_killed_process_is_taken_over_at_once(folder: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None and child.stdout.readline() == "held\n"
        with Show.open(folder) as show:
            with show.build.claims.holding("012") as hold:
                assert hold is None
            child.kill()
            child.wait()
            assert held(show) == set()
            with show.build.claims.holding("012") as hold:
                assert hold is not None
    finally:
        child.kill()
        child.wait()


def write(show: Show, *, host: str, process: str, beat: float) -> None:
    with show._ledger.writing() as connection:
        connection.execute(
            text("INSERT INTO claims VALUES ('012', 'x', :host, :process, :beat)"),
            {"host": host, "process": process, "beat": int(beat)},
        )


@pytest.mark.parametrize(("silent", "alive"), [(10, True), (claims.SILENT_AFTER_S + 10, False)])
def test_another_host_is_believed_as_long_as_it_gives_signs_of_life(folder: Path, silent: int, alive: bool) -> None:
    with Show.open(folder) as show:
        write(show, host="elsewhere", process="1-1", beat=time.time() - silent)
        assert (held(show) == {"012"}) is alive


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to tell when a process began")
def test_a_process_id_that_is_used_again_is_another_process(folder: Path) -> None:
    with Show.open(folder) as show:
        write(show, host=claims._this_host(), process=f"{os.getpid()}-1", beat=time.time())
        assert held(show) == set()


def test_signs_of_life_are_written_now_and_then(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Show.open(folder) as show, show.build.claims.holding("012") as hold:
        assert hold is not None
        with show._ledger.writing() as connection:
            connection.execute(text("UPDATE claims SET beat = 5"))
        hold.beat()
        assert show.build.claims.held()["012"].beat == 5, "not at every step: each costs a write"
        monkeypatch.setattr(claims, "_BEAT_EVERY_S", 0)
        hold.beat()
        assert show.build.claims.held()["012"].beat > 5
