"""Run by ``test_cut_lists.py`` in a process of its own: imports a list again and again, each time killed elsewhere.

Prints one JSON line of the whole import, and one per kill point: what the show says afterwards, and what it says when
the list is imported once more.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

import alembic.command  # noqa: F401 - imported before the forks, so that none of them pays for it
from killed_film import Killer, in_fork
from store_samples import layout, show_with_cut

from genzu.core.cut import Cut
from genzu.core.place import Location
from genzu.store.cuts import ListChanges
from genzu.store.show import Show

NEW = ("002", "003", "004")


def make_show(folder: Path) -> None:
    show_with_cut(folder).close()


def import_list(folder: Path) -> None:
    """What ``genzu cuts import`` does with a list of four cuts, of which one is there."""
    with Show.open(folder) as show:
        there = {cut.number: cut for cut in show.cuts()}
        after = [Cut(number="001", layout=there["001"].layout, frames=84, place="港町")]
        after += [Cut(number=n, layout=layout(show, f"layout {n}"), frames=48, uses="001") for n in NEW]
        changes = tuple((there.get(cut.number), cut) for cut in after if there.get(cut.number) != cut)
        places = () if show.places() else (Location(name="港町"),)
        settings = {} if show.setting("fps") else {"fps": "24"}
        show.enter_list(ListChanges(cuts=changes, places=places, settings=settings, told={"file": "list.csv"}))


def killed(folder: Path, at: int | None) -> list[str]:
    killer = Killer(at)
    killer.watch()
    import_list(folder)
    return killer.names


def told(folder: Path) -> dict[str, object]:
    with Show.open(folder) as show:
        return {
            "faults": [fault.sentence for fault in show.verify()],
            "cuts": [cut.number for cut in show.cuts()],
            "records": [cut.to_dict() for cut in show.cuts()],
            "places": [place.name for place in show.places()],
            "events": [(event.what, event.cut) for event in show.history()],
            "scratch": sorted(path.name for path in (folder / ".genzu" / "scratch").glob("*")),
        }


def again(folder: Path) -> dict[str, object]:
    import_list(folder)
    return told(folder)


def main(work: Path) -> None:
    make_show(work / "warm")
    make_show(work / "whole")
    code, names = in_fork(partial(killed, work / "whole", None))
    assert code == 0
    assert isinstance(names, list)
    print(json.dumps(in_fork(partial(told, work / "whole"))[1]), flush=True)
    for at, name in enumerate(names):
        folder = work / f"killed-{at}"
        in_fork(partial(make_show, folder))
        ended, _ = in_fork(partial(killed, folder, at))
        found, after = in_fork(partial(told, folder))[1], in_fork(partial(again, folder))[1]
        print(json.dumps({"name": f"{name} ({at})", "ended": ended, "found": found, "again": after}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
