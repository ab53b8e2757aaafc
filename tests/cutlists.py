"""Cut lists for tests: what hypothesis draws, and what the formats have in common."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from genzu.core.camera import CameraPath, Easing, Framing
from genzu.core.cutlist import CutList, CutListEntry, joined, tidy, tidy_names
from genzu.core.timing import FrameRate
from genzu.core.transition import Dissolve

LETTERS = st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\t,;\"'=+-@港町秋カット１２")
TEXT = st.text(LETTERS, max_size=12).map(tidy)
LINE = TEXT.map(lambda text: " ".join(text.split()))
NUMBERS = st.from_regex(r"[0-9A-Za-z][0-9A-Za-z.-]{0,31}", fullmatch=True)
FILM_NUMBERS = st.from_regex(r"[0-9]{3}[A-D]?", fullmatch=True)
PLACES_ON_SHEET = st.decimals(-900, 900, places=3).map(float)
FRAMINGS = st.builds(Framing, PLACES_ON_SHEET, PLACES_ON_SHEET, st.decimals("0.01", 50, places=2).map(float))
CAMERAS = st.builds(CameraPath, start=FRAMINGS, end=FRAMINGS, easing=st.sampled_from(Easing))
DISSOLVES = st.integers(1, 500).flatmap(
    lambda frames: st.builds(Dissolve, frames=st.just(frames), before=st.integers(0, frames))
)
NAMES = st.lists(LINE, max_size=3).map(lambda names: tidy_names(joined(tuple(names))))
RATES = st.sampled_from(
    [FrameRate(Fraction(rate)) for rate in (8, 12, 24, 25, 30, 60)]
    + [FrameRate.parse(text) for text in ("23.976", "29.97", "29.97df", "59.94", "59.94df")]
)


def below(text: str) -> str:
    """A path below a folder: what leads elsewhere is cut down on import, and that is told."""
    path = text.replace("\\", "/")
    if not path:
        return ""
    path = f"lo/{path.replace('..', '')}"
    while path.endswith("/") or path != path.strip():  # what stands before the last "/" may end with a blank
        path = path.rstrip("/").strip()
    return path


@st.composite
def entries(
    draw: st.DrawFn, numbers: st.SearchStrategy[str] = NUMBERS, words: st.SearchStrategy[str] = TEXT
) -> CutListEntry:
    """Any entry that a record allows, with a length or without."""
    return CutListEntry(
        number=draw(numbers),
        frames=draw(st.none() | st.integers(1, 100_000)),
        uses=draw(st.just("") | numbers),
        books=draw(NAMES),
        cels=draw(NAMES),
        camera=draw(st.none() | CAMERAS),
        dissolve=draw(st.none() | DISSOLVES),
        **{name: draw(words) for name in ("place", "season", "time", "weather", "prompt", "camera_words", "note")},
        layout=draw(words.map(below)),
    )


@st.composite
def cutlists(draw: st.DrawFn, words: st.SearchStrategy[str] = TEXT, *, measured: bool = False) -> CutList:
    """A film of a few cuts, with gaps on its record here and there."""
    start = draw(st.sampled_from([0, 86_400, 107_892]))
    drawn = draw(st.lists(entries(FILM_NUMBERS, words), min_size=1, max_size=5, unique_by=lambda one: one.number))
    at, timed = start, []
    for entry in drawn:
        frames = draw(st.integers(1, 5000)) if measured else entry.frames
        at += draw(st.sampled_from([0, 0, 0, 1, 48]))
        timed.append(replace(entry, frames=frames, record_in=at))
        at += frames or 0
    film = CutList(entries=tuple(timed), fps=draw(RATES), title=draw(LINE), record_start=start)
    return film.without_times()
