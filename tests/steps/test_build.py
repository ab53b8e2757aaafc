"""``paint --all`` with real processes: killed, stopped, side by side on one show, on a full disk."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest
from build_shows import Onlooker, draw, paint, planned, reasons, small_show

from genzu.core.take import Stage
from genzu.errors import CannotWrite, OutOfMemory
from genzu.steps import journey, local_crew
from genzu.steps.batch import CutOrder, CutResult, LocalCrew
from genzu.steps.build import build
from genzu.steps.pace import Pace
from genzu.store.show import Show

SCRIPT = "import sys; from genzu.cli.main import run; sys.argv[0] = 'genzu'; run()"
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals are sent to processes")


def genzu(folder: Path, *words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SCRIPT, "paint", "--all", "--show", str(folder), *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def wait_for(what: object, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)


def paintings(folder: Path) -> list[str]:
    with Show.open(folder) as show:
        return sorted(take.cut for take in show.takes(stage=Stage.PAINTING))


class Killer(LocalCrew):
    """A crew in which the process that paints a certain cut is killed with SIGKILL, a number of times."""

    def __init__(self, cut: str, times: int) -> None:
        super().__init__(2, self._kill)
        self._cut, self.left, self.retries = cut, times, 0

    def _kill(self, cut: str, what: str, share: float) -> None:
        if cut != self._cut or what != "intake" or share > 0.01:
            return
        self.retries += 1
        if self.left:
            self.left -= 1
            for child in active_children():
                os.kill(child.pid or 0, signal.SIGKILL)


@POSIX
def test_killed_processes_cost_nothing_but_time(tmp_path: Path) -> None:
    """Both processes die at once: what they painted is painted again by new ones."""
    folder = small_show(tmp_path, 4)
    seen, crew = Onlooker(), Killer("002", 1)
    list(build(folder, planned(folder), crew, seen))
    assert {number: result.error for number, result in seen.results.items()} == dict.fromkeys(
        ("001", "002", "003", "004")
    )
    assert crew.left == 0 and crew.retries == 2
    assert reasons(folder) == {} and paintings(folder) == ["001", "002", "003", "004"]


@POSIX
def test_a_cut_that_kills_its_process_twice_has_failed_and_the_others_are_painted(tmp_path: Path) -> None:
    folder = small_show(tmp_path, 3)
    seen = Onlooker()
    list(build(folder, planned(folder), Killer("002", 2), seen))
    error = seen.results["002"].error
    assert error is not None and "the process that painted it was ended (signal 9)" in error.sentence
    assert error.where == "cut 002"
    assert set(reasons(folder)) == {"002"} and not active_children()


@POSIX
def test_a_killed_build_leaves_no_process_and_goes_on(tmp_path: Path) -> None:
    folder = small_show(tmp_path, 3)
    whole = genzu(folder, "--workers", 2)
    wait_for(lambda: len(paintings(folder)) >= 1 or whole.poll() is not None)
    children = Path(f"/proc/{whole.pid}/task/{whole.pid}/children")
    workers = children.read_text().split() if children.exists() else []
    whole.kill()
    whole.communicate()
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    paint(folder)
    assert reasons(folder) == {}
    assert paintings(folder) == ["001", "002", "003"], "each cut was recorded once"
    with Show.open(folder) as show:
        assert show.verify() == () and not show.build.claims.held()


@POSIX
def test_ctrl_c_ends_cleanly_and_says_what_is_done(tmp_path: Path) -> None:
    folder = small_show(tmp_path, 4)
    whole = genzu(folder, "--workers", 2)
    wait_for(lambda: len(paintings(folder)) >= 1 or whole.poll() is not None)
    os.killpg(whole.pid, signal.SIGINT)
    out, err = whole.communicate(timeout=60)
    assert whole.returncode == 130
    assert "of 4 cuts are done" in out
    assert "Traceback" not in err and "run the same command again" in err


def test_two_builds_of_one_show_paint_every_cut_once(tmp_path: Path) -> None:
    folder = small_show(tmp_path, 3)
    both = [genzu(folder, "--workers", 1, "--json") for _ in range(2)]
    told = []
    for one in both:
        out, err = one.communicate(timeout=300)
        assert one.returncode == 0, err
        told.append(json.loads(out))
    painted = [cut["cut"] for one in told for cut in one["cuts"] if cut["painted"]]
    assert sorted(painted) == ["001", "002", "003"]
    assert reasons(folder) == {} and paintings(folder) == ["001", "002", "003"]


def test_a_cut_that_another_process_holds_is_waited_for_and_its_result_taken(tmp_path: Path) -> None:
    folder = small_show(tmp_path, 2)
    plan = planned(folder)

    class Crowd(LocalCrew):
        """Another process holds cut 001 while this one comes by, and paints it."""

        def paint(self, orders: list[CutOrder]) -> Iterator[CutResult]:  # type: ignore[override]
            if len(orders) == 2:
                with Show.open(folder) as other, other.build.claims.holding("001"):
                    yield from super().paint(orders)
                paint(folder, only={"001"})
                return
            yield from super().paint(orders)

    seen = Onlooker()
    list(build(folder, plan, Crowd(1), seen))
    assert seen.waited == ["001"]
    assert seen.results["001"].up_to_date and seen.results["002"].new_takes == 2
    assert paintings(folder) == ["001", "002"]


def test_one_bad_layout_and_one_fault_do_not_stop_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small_show(tmp_path, 3)
    with Show.open(folder) as show:
        kept = show.file(show.cut("001").layout)
        kept.chmod(0o644)
        kept.write_bytes(b"")

    real = journey.paint_rough

    def fault(work: Any, **named: Any) -> Any:
        return 1 / 0 if work.cut.number == "002" else real(work, **named)

    monkeypatch.setattr(journey, "paint_rough", fault)
    results = paint(folder).results
    assert "the file is empty" in str(results["001"].error)
    assert "a fault in Genzu itself (ZeroDivisionError: division by zero)" in str(results["002"].error)
    assert results["003"].error is None and set(reasons(folder)) == {"001", "002"}


def test_where_nothing_can_be_written_the_rest_is_not_begun(tmp_path: Path) -> None:
    folder = small_show(tmp_path, 5)
    begun = []

    class NoRoom:
        def paint(self, orders: list[CutOrder]) -> Iterator[CutResult]:
            for order in orders:
                begun.append(order.number)
                yield CutResult(number=order.number, error=CannotWrite("the disk is full"))

    list(build(folder, planned(folder), NoRoom(), Onlooker()))  # type: ignore[arg-type]
    assert len(begun) == 3


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, check=False
    ).returncode
    if mounted:
        pytest.skip("a small disk can only be made by root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="makes a small tmpfs")
def test_a_full_disk_fails_in_one_sentence_and_goes_on_when_there_is_room(small_disk: Path) -> None:
    folder = small_show(small_disk, 2)
    (small_disk / "filler").write_bytes(bytes(shutil.disk_usage(small_disk).free - 100_000))
    errors = [str(result.error) for result in paint(folder).results.values()]
    assert any("no space left" in error or "the disk is full" in error for error in errors), errors
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    paint(folder)
    with Show.open(folder) as show:
        assert show.verify() == ()
    assert reasons(folder) == {}


def test_a_shared_background_is_painted_once_and_its_cut_named_with_it(tmp_path: Path) -> None:
    folder = small_show(tmp_path, 3)
    with Show.open(folder) as show:
        show.update_cut(replace(show.cut("003"), uses="001"))
    plan = planned(folder, only={"003"})
    assert [one.order.number for one in plan.planned] == ["001"] and plan.shared == {"003": "001"}
    paint(folder)
    assert paintings(folder) == ["001", "002"] and not (folder / "003").exists()


def test_the_largest_cut_is_begun_first(tmp_path: Path) -> None:
    folder = small_show(tmp_path, 2)
    with Show.open(folder) as show:
        layout = show.keep_file(draw(tmp_path / "wide.png", 1, (960, 180)))
        show.update_cut(replace(show.cut("002"), layout=layout))
    assert [one.order.number for one in planned(folder).planned] == ["002", "001"]


def test_the_time_left_goes_by_what_was_measured() -> None:
    pace = Pace(2)
    assert pace.left([2.0, 2.0]) is None
    pace.done(2.0, 10.0)
    assert pace.left([2.0, 2.0]) == pytest.approx(10.0)
    assert pace.left([], [(2.0, 0.5)]) == pytest.approx(5.0)
    assert pace.left([8.0]) == pytest.approx(40.0), "one cut is painted by one process"
    pace.done(2.0, 20.0)
    assert pace.left([2.0, 2.0]) == pytest.approx(13.0)


def test_a_cut_tells_how_far_it_is_and_never_goes_back(tmp_path: Path) -> None:
    folder = small_show(tmp_path, 1)
    heard: list[tuple[str, str, float]] = []
    list(build(folder, planned(folder, candidates=2), LocalCrew(1, lambda *told: heard.append(told)), Onlooker()))
    shares = [share for _, _, share in heard]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == pytest.approx(1)
    assert list(dict.fromkeys(what for _, what, _ in heard)) == ["intake", "reading", "rough", "painting", "files"]


def short_of_memory(order: CutOrder, _watch: object, _shows: object) -> CutResult:
    """Cut 2 has no room the first time, while cut 1 is at work, and says afterwards who is at work beside it."""
    at_work, tried = order.out / f"{order.number}-at-work", order.out / "2-tried"
    at_work.touch()
    if order.number == "2":
        beside = [path.name for path in order.out.glob("*-at-work") if path != at_work]
        error = None if tried.exists() and not beside else OutOfMemory("not enough memory")
        tried.touch()
        at_work.unlink()
        return CutResult(number="2", error=error)
    wait_for(tried.exists)
    at_work.unlink()
    return CutResult(number=order.number)


def test_what_had_not_enough_memory_is_tried_again_alone(tmp_path: Path) -> None:
    orders = [CutOrder(show=tmp_path, number=number, out=tmp_path) for number in "123"]
    results = list(LocalCrew(2, work=short_of_memory).paint(orders))
    assert sorted(result.number for result in results) == ["1", "2", "3"]
    assert results[-1].number == "2" and not any(result.error for result in results)


def test_where_no_process_can_be_begun_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_work: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(local_crew, "_Worker", refuse)
    orders = [CutOrder(show=tmp_path, number=number, out=tmp_path) for number in "12345"]
    errors = [result.error for result in LocalCrew(2).paint(orders)]
    assert len(errors) == 5 and all("no process can be begun" in str(error) for error in errors)
