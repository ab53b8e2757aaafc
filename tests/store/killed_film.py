"""Run by ``test_killed.py`` in a process of its own: makes the small film again and again, each time killed elsewhere.

The process forks for every attempt, so the imports are paid once; it never paints itself, because libvips does not
survive a fork once it has started its threads. Prints one JSON line per kill point, and first one of the whole film.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import alembic.command  # noqa: F401 - these two are imported before the forks, so that none of them pays for it
import pyvips  # noqa: F401
from sqlalchemy import Engine, event
from store_samples import make_film, show_with_cut, told

from genzu.errors import NotFound
from genzu.store.show import Show

DELAYS, LONGEST_S = 8, 0.3
MAKING_THE_SHOW = 20  # so many points belong to Show.create, and none of them is left out


class Killer:
    """Counts the moments at which the state on the disk changes; kills the process at one of them."""

    def __init__(self, at: int | None) -> None:
        self.at, self.count, self.names = at, 0, list[str]()

    def point(self, name: str) -> None:
        self.names.append(name)
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.count += 1

    def watch(self) -> None:
        for name in ("replace", "link", "fsync"):
            setattr(os, name, self._around(name, getattr(os, name)))
        Path.write_bytes = self._halfway(Path.write_bytes)  # type: ignore[method-assign]
        event.listen(Engine, "commit", lambda _connection: self.point("before commit"))
        event.listen(Engine, "begin", lambda _connection: self.point("begin"))

    def _around(self, name: str, call: Callable[..., object]) -> Callable[..., object]:
        def called(*args: object, **named: object) -> object:
            self.point(f"before {name}")
            result = call(*args, **named)
            if name != "fsync":
                self.point(f"after {name}")
            return result

        return called

    def _halfway(self, write: Callable[[Path, bytes], int]) -> Callable[[Path, bytes], int]:
        def called(path: Path, content: bytes) -> int:
            write(path, content[: len(content) // 2])
            self.point("half a picture")
            return write(path, content)

        return called


def in_fork(job: Callable[[], object]) -> tuple[int, object]:
    """Run ``job`` in a fork: how it ended (negative: by this signal), and what it gave."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(reader)
            with os.fdopen(writer, "w") as out:
                json.dump(job(), out)
            code = 0
        except BaseException:
            traceback.print_exc()
        os._exit(code)
    os.close(writer)
    with os.fdopen(reader) as answer:
        text = answer.read()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code, json.loads(text) if text else None


def film(folder: Path, at: int | None = None) -> list[str]:
    killer = Killer(at)
    killer.watch()
    make_film(folder)
    return killer.names


def film_until(folder: Path, seconds: float) -> None:
    """Killed by the clock: wherever the program then is, in Python, in SQLite or in the kernel."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    make_film(folder)
    os.kill(os.getpid(), signal.SIGALRM)


def resumed(folder: Path) -> dict[str, object]:
    """What the killed show says when it is opened, and after the film is made once more."""
    before: object = "no show"
    try:
        with Show.open(folder) as show:
            before = [fault.sentence for fault in show.verify()]
    except NotFound:
        pass
    make_film(folder)
    return {"at_opening": before, "told": told(folder)}


def main(work: Path, most: int) -> None:
    show_with_cut(work / "warm" / "show").close()  # what SQLAlchemy and Alembic learn here, every fork knows
    told(work / "warm" / "show")
    code, names = in_fork(lambda: film(work / "whole"))
    assert code == 0
    assert isinstance(names, list)
    _, whole = in_fork(lambda: told(work / "whole"))
    print(json.dumps({"points": names, "told": whole}), flush=True)
    every = max(1, len(names) // most)
    rare = ("before commit", "before replace", "after replace", "before link", "after link", "half a picture")
    chosen = [n for n, name in enumerate(names) if name in rare or n < MAKING_THE_SHOW or n % every == 0]
    for at in chosen:
        attempt(work / f"killed-{at}", f"{names[at]} ({at})", partial(film, work / f"killed-{at}", at))
    for late in range(DELAYS):
        seconds = LONGEST_S * (late + 1) / DELAYS
        attempt(work / f"late-{late}", f"after {seconds:.3f} s", partial(film_until, work / f"late-{late}", seconds))


def attempt(folder: Path, name: str, job: Callable[[], object]) -> None:
    ended, _ = in_fork(job)
    code, after = in_fork(partial(resumed, folder))
    print(json.dumps({"name": name, "ended": ended, "code": code, "after": after}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
