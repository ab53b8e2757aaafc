"""What a cut is painted from: its own words, those of its place, or (兼用) everything of another cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from genzu.core.cut import Cut
from genzu.core.place import Location, as_asked, place_key
from genzu.errors import NotFound
from genzu.store.show import Show


def cut_as_asked(show: Show, number: str) -> Cut:
    """The cut with season, time, weather and its place's words in its prompt, and its place's board if it has none.

    A cut that shows the background of another is asked for exactly like that one, so that the same recipe gives the
    same pixels. A cut that names nothing of all this is as it is in the ledger. :class:`NotFound` if there is no such
    cut.
    """
    cut = _followed(number, show.cut)
    return _asked(cut, number, show.places() if cut.place else ())


def background_of(show: Show, number: str) -> str:
    """The number of the cut whose background a cut shows in the end: its own if it shares none.

    Where that leads to a cut that is not there, or around in a ring, the last cut on the way stands. :class:`NotFound`
    if there is no cut ``number``.
    """
    return _followed(number, show.cut).number


def all_as_asked(cuts: Iterable[Cut], places: Iterable[Location]) -> dict[str, tuple[str, Cut]]:
    """For every cut the number whose background it shows, and the cut as it is asked for: nothing is looked up."""
    there, known = {cut.number: cut for cut in cuts}, tuple(places)

    def cut_of(number: str) -> Cut:
        if number not in there:
            raise NotFound("there is no such cut", where=f"cut {number}")
        return there[number]

    found = {number: _followed(number, cut_of) for number in there}
    return {number: (cut.number, _asked(cut, number, known)) for number, cut in found.items()}


def _followed(number: str, cut_of: Callable[[str], Cut]) -> Cut:
    """The cut at the end of the way that 兼用 leads."""
    cut, seen = cut_of(number), {number}
    while cut.uses and cut.uses not in seen:
        seen.add(cut.uses)
        try:
            cut = cut_of(cut.uses)
        except NotFound:
            break
    return cut


def _asked(cut: Cut, number: str, places: Iterable[Location]) -> Cut:
    place = None
    if cut.place:
        key = place_key(cut.place)
        place = next((one for one in places if place_key(one.name) == key), None)
    asked = as_asked(cut, place)
    return asked if asked.number == number else replace(asked, number=number)
