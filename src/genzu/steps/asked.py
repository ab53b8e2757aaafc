"""What a cut is painted from: its own words, those of its place, or (兼用) everything of another cut."""

from __future__ import annotations

from dataclasses import replace

from genzu.core.cut import Cut
from genzu.core.place import as_asked, place_key
from genzu.errors import NotFound
from genzu.store.show import Show


def cut_as_asked(show: Show, number: str) -> Cut:
    """The cut with season, time, weather and its place's words in its prompt, and its place's board if it has none.

    A cut that shows the background of another is asked for exactly like that one, so that the same recipe gives the
    same pixels. A cut that names nothing of all this is as it is in the ledger. :class:`NotFound` if there is no such
    cut.
    """
    cut = show.cut(background_of(show, number))
    place = None
    if cut.place:
        places = {place_key(place.name): place for place in show.places()}
        place = places.get(place_key(cut.place))
    asked = as_asked(cut, place)
    return asked if asked.number == number else replace(asked, number=number)


def background_of(show: Show, number: str) -> str:
    """The number of the cut whose background a cut shows in the end: its own if it shares none.

    Where that leads to a cut that is not there, or around in a ring, the last cut on the way stands. :class:`NotFound`
    if there is no cut ``number``.
    """
    cut, seen = show.cut(number), {number}
    while cut.uses and cut.uses not in seen:
        seen.add(cut.uses)
        try:
            cut = show.cut(cut.uses)
        except NotFound:
            break
    return cut.number
