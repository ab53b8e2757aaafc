"""Several processes and threads on one show do not harm each other."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from store_samples import hand_take, machine_take, show_with_cut

from genzu.core.take import Stage
from genzu.store.show import Show

EACH = 15

WORKER = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
import pytest
from store_samples import hand_take, machine_take
from genzu.store.show import Show
folder = Path(sys.argv[1])
sys.stdin.readline()
with Show.open_or_create(folder, "a") as show:
    for seed in range({EACH}):
        hand_take(show, seed=seed)
        machine_take(show, seed=seed)
        show.approve(1, sys.argv[2])
        show.export(folder / "shared.txt", lambda path: path.write_text(f"{{seed}} {{sys.argv[2]}}") and None)
"""


def together(folder: Path, program: str) -> None:
    """Run two processes that begin at one moment."""
    command = [sys.executable, "-c", program, str(folder)]
    workers = [
        subprocess.Popen([*command, name], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        _, said = worker.communicate(timeout=60)
        assert worker.returncode == 0, said


@pytest.mark.usefixtures("both_ledgers")
def test_two_processes_record_side_by_side(tmp_path: Path) -> None:
    show_with_cut(tmp_path / "show").close()
    together(tmp_path / "show", WORKER)
    with Show.open(tmp_path / "show") as show:
        hands = show.takes(stage=Stage.RETOUCH)
        assert sorted(take.number for take in hands) == list(range(1, 2 * EACH + 1))
        assert sorted(take.number for take in show.takes(stage=Stage.ROUGH)) == list(range(1, EACH + 1))
        assert show.verify() == ()
        assert list((show.folder / ".genzu" / "scratch").glob("*")) == []
        assert sorted(path.name for path in show.folder.iterdir()) == [".genzu", "shared.txt"]
        assert show.exported(show.folder / "shared.txt") == "ours"


def test_two_processes_make_one_show(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from genzu.store.show import Show
sys.stdin.readline()
for n in range(3):
    Show.open_or_create(Path(sys.argv[1]) / str(n), sys.argv[2]).close()
"""
    together(tmp_path, program)
    for n in range(3):
        with Show.open(tmp_path / str(n)) as show:
            assert [event.what for event in show.history()] == ["show made"]
            assert show.history()[0].detail == {"title": show.title}


@pytest.mark.usefixtures("both_ledgers")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_goes_on_with_an_open_show(tmp_path: Path) -> None:
    program = f"""
import os, sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
import pytest
from store_samples import hand_take
from genzu.store.show import Show
show = Show.open(Path(sys.argv[1]))
show.takes()
child = os.fork()
inherited = show._ledger._engine.pool
assert (show._ledger.engine.pool is inherited) == bool(child), "only the parent keeps its connections"
for _ in range({EACH}):
    hand_take(show)
if child:
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
os._exit(0)
"""
    show_with_cut(tmp_path / "show").close()
    run = subprocess.run([sys.executable, "-c", program, str(tmp_path / "show")], capture_output=True, timeout=60)
    assert run.returncode == 0, run.stderr.decode()
    with Show.open(tmp_path / "show") as show:
        assert [take.number for take in show.takes()] == list(range(1, 2 * EACH + 1))
        assert show.verify() == ()


@pytest.mark.usefixtures("both_ledgers")
def test_threads_share_an_open_show(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show, ThreadPoolExecutor(6) as pool:
        takes = list(pool.map(lambda seed: hand_take(show, seed=seed), range(18)))
        again = list(pool.map(lambda _: machine_take(show), range(6)))
    assert sorted(take.number for take in takes) == list(range(1, 19))
    assert len({take.id for take in again}) == 1
