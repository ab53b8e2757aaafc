"""What a cut is painted from: its own words, and those of the place that it shares with other cuts."""

from __future__ import annotations

from genzu.core.cut import Cut
from genzu.core.place import as_asked, place_key
from genzu.store.show import Show


def cut_as_asked(show: Show, number: str) -> Cut:
    """The cut with season, time, weather and its place's words in its prompt, and its place's board if it has none.

    A cut that names no place and no conditions is as it is in the ledger. :class:`NotFound` if there is no such cut.
    """
    cut = show.cut(number)
    if not cut.place:
        return as_asked(cut, None)
    places = {place_key(place.name): place for place in show.places()}
    return as_asked(cut, places.get(place_key(cut.place)))
