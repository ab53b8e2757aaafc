"""Everything that is wrong with a cut list, in one go: nobody should have to import ten times to find ten faults."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from genzu.core import lexicon
from genzu.core.cutlist import CutList, CutListEntry
from genzu.core.findings import Finding, error, warning
from genzu.core.lexicon import read_prompt
from genzu.core.numbers import same_number
from genzu.core.place import is_place_name, place_key
from genzu.errors import UnknownWord

_LARGEST_GAP = 400
"""Numbers that jump by more begin a new block (001…, 1001…), they are no gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the show has already."""

    places: tuple[str, ...] = ()
    cuts: tuple[str, ...] = ()
    any_place: bool = False
    """True: a place that is not known yet is added to the show."""


NOTHING = Known()
"""A show without cuts and places."""


def check(cutlist: CutList, known: Known = NOTHING) -> tuple[Finding, ...]:
    """All findings, in the order of the list."""
    checks: tuple[Callable[[CutList, Known], Iterator[Finding]], ...] = (
        _duplicates, _lengths, _numbering, _times, _places, _conditions, _shared, _dissolves,
    )  # fmt: skip
    found = [finding for one in checks for finding in one(cutlist, known)]
    order = {entry.spot: index for index, entry in enumerate(cutlist.entries)}
    found.sort(key=lambda finding: order.get(finding.spot, -1))
    if not cutlist.entries:
        found.append(error("there is not one cut in this list"))
    return tuple(found)


def _duplicates(cutlist: CutList, _: Known) -> Iterator[Finding]:
    first: dict[str, CutListEntry] = {}
    for entry in cutlist.entries:
        there = first.setdefault(same_number(entry.number), entry)
        if there is entry:
            continue
        same = f"cut {entry.number} stands in the list twice"
        if there.number != entry.number:
            same = f"cut {entry.number} and cut {there.number} would be the same cut"
        yield error(f"{same}, first in {there.spot}; take one out", entry.spot, _column(cutlist, "number"))


def _lengths(cutlist: CutList, _: Known) -> Iterator[Finding]:
    column = _column(cutlist, "frames")
    for entry in cutlist.entries:
        if entry.frames is None:
            if "frames" in entry.held:
                yield warning(f"cut {entry.number} has no length, and the film will need one", entry.spot, column)
        elif entry.frames <= 0:
            yield error(f"cut {entry.number} lasts {entry.frames} frames; give 1 or more", entry.spot, column)


def _numbering(cutlist: CutList, known: Known) -> Iterator[Finding]:
    """Numbers left out, block by block (``OP-3`` belongs to ``OP-``); 12A and 12B are one number."""
    blocks: dict[str, dict[int, CutListEntry]] = defaultdict(dict)
    for entry in cutlist.entries:
        found = re.fullmatch(r"(.*?)([0-9]+)[A-Za-z]?", entry.number)
        if found and len(found[2]) <= 9:
            blocks[found[1].casefold()].setdefault(int(found[2]), entry)
    there = {same_number(number) for number in known.cuts}
    for prefix, block in blocks.items():
        numbers = sorted(block)
        for before, after in pairwise(numbers):
            missing = [n for n in range(before + 1, after) if same_number(f"{prefix}{n}") not in there]
            if missing and after - before <= _LARGEST_GAP:
                span = str(missing[0]) if len(missing) == 1 else f"{missing[0]} to {missing[-1]}"
                yield warning(
                    f"no cut {span} between {block[before].number} and {block[after].number}: say so in the note if it "
                    "was dropped (欠番)",
                    block[after].spot,
                    _column(cutlist, "number"),
                )


def _times(cutlist: CutList, _: Known) -> Iterator[Finding]:
    """Gaps and overlaps on the record, where the list has record times."""
    column = _column(cutlist, "record_in")
    end, before = cutlist.record_start, ""
    for entry, at in zip(cutlist.entries, cutlist.starts(), strict=True):
        after = f"the end of cut {before}" if before else "the start of the film"
        if at < end:
            yield error(f"cut {entry.number} begins {end - at} frames before {after}", entry.spot, column)
        elif at > end:
            yield warning(f"{at - end} frames between {after} and cut {entry.number} are empty", entry.spot, column)
        end, before = max(end, at + max(0, entry.frames or 0)), entry.number


def _places(cutlist: CutList, known: Known) -> Iterator[Finding]:
    """A place is one of the show's, or a word that the lexicon has; a slip of the pen would be another street."""
    names, column = {place_key(name): name for name in known.places}, _column(cutlist, "place")
    for entry in cutlist.entries:
        key = place_key(entry.place)
        if not key or key in names:
            continue
        if not is_place_name(entry.place):
            yield error(f"{entry.place[:30]!r}… is not the name of a place; write a short one", entry.spot, column)
            continue
        near = next((names[one] for one in get_close_matches(key, names, n=1, cutoff=0.5)), "")
        if not known.any_place and not _is_kind_of_place(entry.place):
            do = f"did you mean {near}?" if near else "add it with 'genzu place add', or import with --new-places"
            yield error(f"the place {entry.place!r} is not known; {do}", entry.spot, column)
        elif near:
            yield warning(
                f"the place {entry.place!r} is not the show's {near} and does not share its board", entry.spot, column
            )


def _is_kind_of_place(name: str) -> bool:
    said = read_prompt(name)
    return said.conditions.place is not None and not said.unknown


def _conditions(cutlist: CutList, _: Known) -> Iterator[Finding]:
    look_up: Mapping[str, Callable[[str], object]] = {
        "season": lexicon.season, "time": lexicon.time, "weather": lexicon.weather,
    }  # fmt: skip
    for entry in cutlist.entries:
        for name, find in look_up.items():
            word = getattr(entry, name)
            if not word or getattr(read_prompt(word).conditions, name) is not None:
                continue
            try:
                find(word)
            except UnknownWord as unknown:
                yield error(f"{unknown.what}; {unknown.do}", entry.spot, _column(cutlist, name))


def _shared(cutlist: CutList, known: Known) -> Iterator[Finding]:
    """兼用 must lead to a background in the end: not to nothing, and not around in a ring."""
    uses = {same_number(entry.number): same_number(entry.uses) for entry in cutlist.entries if entry.uses}
    rings = _in_rings(uses)
    there = {same_number(number) for number in (*cutlist.numbers, *known.cuts)}
    for entry in cutlist.entries:
        if not entry.uses:
            continue
        column, target = _column(cutlist, "uses"), same_number(entry.uses)
        if target not in there:
            yield error(
                f"cut {entry.number} shows the background of cut {entry.uses}, which is nowhere", entry.spot, column
            )
        elif target == same_number(entry.number):
            yield error(f"cut {entry.number} would show its own background; leave it empty", entry.spot, column)
        elif same_number(entry.number) in rings:
            yield error(
                f"cut {entry.number} shows the background of cut {entry.uses}, and that goes round to cut "
                f"{entry.number} again",
                entry.spot,
                column,
            )


def _in_rings(uses: Mapping[str, str]) -> set[str]:
    """Everything that leads back to itself; each cut is passed once."""
    rings, done = set[str](), set[str]()
    for start in uses:
        way: list[str] = []
        at = start
        while at in uses and at not in done:
            done.add(at)
            way.append(at)
            at = uses[at]
        if at in way:
            rings.update(way[way.index(at) :])
    return rings


def _dissolves(cutlist: CutList, _: Known) -> Iterator[Finding]:
    column = _column(cutlist, "dissolve")
    for index, entry in enumerate(cutlist.entries):
        dissolve = entry.dissolve
        if dissolve is None:
            continue
        if index == 0 and dissolve.before:
            yield error(f"cut {entry.number} is the first: nothing lies before its dissolve", entry.spot, column)
        elif entry.frames is not None and dissolve.frames - dissolve.before > max(0, entry.frames):
            yield error(f"the dissolve lasts longer than cut {entry.number} itself", entry.spot, column)
        elif index and dissolve.before > max(0, cutlist.entries[index - 1].frames or dissolve.before):
            yield error(f"the dissolve begins before cut {cutlist.entries[index - 1].number} does", entry.spot, column)


def _column(cutlist: CutList, name: str) -> str:
    return cutlist.columns.get(name, name)
