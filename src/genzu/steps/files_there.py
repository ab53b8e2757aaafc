"""Whether the files that people work with lie where they were written, and show what is painted now."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from genzu.steps.package import people_digest, stem_of
from genzu.store.build import FilesWritten, Standing
from genzu.store.show import Show


def why_written(
    show: Show, standing: Standing, cut: str, sheets: Iterable[tuple[str, Sequence[str], bool]], *, out: Path, stem: str
) -> str:
    """Why the files of a painted cut must be written again; empty if they lie somewhere as they should.

    They are written into ``out`` under ``stem``; whoever painted the cut by itself may have put them elsewhere.
    ``sheets``: the name of each, the pictures that are painted as asked, and whether a person has painted over them:
    then new names in the credits are no reason to put new files beside that person's.
    """
    people = people_digest((*standing.people.get(cut, ()), *standing.people.get("", ())))
    seen: dict[Path, frozenset[str]] = {}
    for name, pictures, by_hand in sheets:
        usual = show.build.key(out / stem_of(stem, name))
        places = standing.written.get((cut, name), {})
        reasons = {}
        for path, written in places.items():
            folder = (show.folder / path).parent
            if folder not in seen:
                seen[folder] = _names_in(folder)
            reasons[path] = _why(written, pictures, seen[folder], None if by_hand else people)
        if "" not in reasons.values():
            return reasons.get(usual) or next(iter(reasons.values()), _NOT_YET)
    return ""


_NOT_YET = "its files are not written yet"


def _why(written: FilesWritten, pictures: Sequence[str], there: frozenset[str], people: str | None) -> str:
    """What is wrong with the files of one sheet in one place."""
    if written.paintings[: len(pictures)] != tuple(pictures):
        return _NOT_YET
    missing = [file for file in written.files if file not in there]
    if missing:
        return f"{missing[0]} is missing" + (f" and {len(missing) - 1} more" if missing[1:] else "")
    return "the names in its files changed" if people not in (None, written.people) else ""


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))  # noqa: PTH208 - one call for all files
    except OSError:
        return frozenset()
