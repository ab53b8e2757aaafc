"""Whether the files that people work with lie where they were written, and show what is painted now."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from genzu.steps.package import people_digest, stem_of
from genzu.store.build import Standing
from genzu.store.show import Show


def why_written(
    show: Show, standing: Standing, cut: str, sheets: Iterable[tuple[str, Sequence[str], bool]], *, out: Path, stem: str
) -> str:
    """Why the files of a painted cut must be written again; empty if they need not.

    ``sheets``: the name of each, the pictures that are painted as asked, and whether a person has painted over them:
    then new names in the credits are no reason to put new files beside that person's.
    """
    there: frozenset[str] | None = None
    people = people_digest((*standing.people.get(cut, ()), *standing.people.get("", ())))
    for name, pictures, by_hand in sheets:
        written = standing.written.get(show.build.key(out / stem_of(stem, name)))
        if written is None or written.paintings[: len(pictures)] != tuple(pictures):
            return "its files are not written yet"
        there = _names_in(out) if there is None else there
        missing = [file for file in written.files if file not in there]
        if missing:
            return f"{missing[0]} is missing" + (f" and {len(missing) - 1} more" if missing[1:] else "")
        if not by_hand and written.people != people:
            return "the names in its files changed"
    return ""


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))  # noqa: PTH208 - one call for all files
    except OSError:
        return frozenset()
