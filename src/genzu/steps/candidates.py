"""One overview of many cuts with their candidates numbered, so that an art director picks in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from genzu.core.codec import Plain
from genzu.core.take import Take
from genzu.exchange.picks_csv import write_picks
from genzu.picture.arrays import UInt8
from genzu.picture.contact import thumbnail
from genzu.picture.files import to_uint8, write_jpeg
from genzu.picture.fonts import Fonts
from genzu.picture.rows import Cell, Row, sheet_of_rows
from genzu.steps.chosen import approved_now, chosen_take, sheets_of
from genzu.steps.review import candidates
from genzu.steps.watch import Watch, nobody
from genzu.store.show import Show

ROWS = 12
"""Sheets on one page; each is one row."""
CELL = 320
"""Px: width of a picture."""
_MARKS = {"approved": "approved", "picked": "PICKED", "shown": "shown now"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """The candidates of one sheet."""

    cut: str
    sheet: str
    takes: tuple[Take, ...]
    chosen: int | None
    """Id of the take that stands for the sheet now."""
    mark: str
    """``approved``, ``PICKED`` or ``shown now``: how it came to."""
    sent_back: str
    """Reason of an open retake; empty if there is none."""

    def to_dict(self) -> Plain:
        """For ``--json``."""
        return {
            "cut": self.cut, "sheet": self.sheet, "chosen_take": self.chosen, "sent_back": self.sent_back or None,
            "candidates": [
                {"candidate": take.number, "take": take.id, "seed": take.recipe.seed if take.recipe else None,
                 "picture": take.picture} for take in self.takes
            ],
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What was written."""

    pages: tuple[Path, ...]
    picks: Path
    """The list to fill in."""
    offered: tuple[Offered, ...]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> Plain:
        """For ``--json``."""
        return {
            "pages": [str(path) for path in self.pages], "picks": str(self.picks),
            "sheets": [one.to_dict() for one in self.offered], "notes": list(self.notes),
        }  # fmt: skip


def write_candidates(show: Show, cuts: Sequence[str], out: Path, *, watch: Watch = nobody) -> Overview:
    """Write the pages (JPEG) and the list of picks (CSV) for these cuts into ``out``.

    Cuts that show the background of another (兼用) are left to that one. A list that somebody has filled in is kept,
    and the new one is put beside it.
    """
    found = [offered_of(show, cut, sheet) for cut in cuts for sheet in sheets_of(show, cut)]
    offered = tuple(one for one in found if one.takes)
    fonts = Fonts.on_system()
    pages = []
    groups = [offered[start : start + ROWS] for start in range(0, len(offered), ROWS)]
    for number, group in enumerate(groups, 1):
        page = _page(show, group, fonts)
        name = "candidates.jpg" if len(groups) == 1 else f"candidates_{number:02}.jpg"
        pages.append(show.export(out / name, partial(_write, page=page)))
        watch(f"page {number}", number / len(groups))
    rows = [(one.cut, one.sheet, ", ".join(str(take.number) for take in one.takes)) for one in offered]
    picks = show.export(out / "picks.csv", lambda path: write_picks(path, rows))
    return Overview(pages=tuple(pages), picks=picks, offered=offered, notes=_notes(show, cuts, offered, fonts))


def offered_of(show: Show, cut: str, sheet: str) -> Offered:
    """The candidates of a sheet, and what is said about it."""
    shown = chosen_take(show, cut, sheet)
    picked, approved = show.picked(cut, sheet), approved_now(show, cut, sheet)
    mark = "shown"
    if shown is not None and approved is not None and approved.id == shown.id:
        mark = "approved"
    elif shown is not None and picked is not None and picked.id == shown.id:
        mark = "picked"
    waiting = show.retakes(cut, sheet, open_only=True)
    return Offered(
        cut=cut, sheet=sheet, takes=candidates(show, cut, sheet), chosen=shown.id if shown else None,
        mark=_MARKS[mark], sent_back=waiting[-1].reason if waiting else "",
    )  # fmt: skip


def _page(show: Show, group: Sequence[Offered], fonts: Fonts) -> UInt8:
    rows = []
    for one in group:
        cells = [
            Cell(picture=_small(show, take), words=_words(one, take), marked=take.id == one.chosen)
            for take in one.takes
        ]
        prompt = show.cut(one.cut).prompt
        head = f"{one.cut} {one.sheet}   {prompt}" + (f"   SENT BACK: {one.sent_back}" if one.sent_back else "")
        rows.append(Row(words=" ".join(head.split()), cells=tuple(cells)))
    return sheet_of_rows(rows, fonts, cell=CELL)


def _write(path: Path, page: UInt8) -> None:
    write_jpeg(path, page)


def _small(show: Show, take: Take) -> UInt8:
    picture = to_uint8(show.picture(take.picture))
    return thumbnail(picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2), CELL)


def _words(one: Offered, take: Take) -> str:
    return f"{take.number}" + (f"   {one.mark}" if take.id == one.chosen else "")


def _notes(show: Show, cuts: Sequence[str], offered: Sequence[Offered], fonts: Fonts) -> tuple[str, ...]:
    there = {one.cut for one in offered}
    shared = [number for number in cuts if number not in there and show.cut(number).uses]
    bare = [number for number in cuts if number not in there and not show.cut(number).uses]
    said = []
    if bare:
        said.append(f"not painted yet: {', '.join(bare)}")
    if shared:
        said.append(f"these show the background of another cut: {', '.join(shared)}")
    single = [one.cut for one in offered if len(one.takes) == 1]
    if single:
        said.append(
            f"only one painting each: {', '.join(dict.fromkeys(single))} (more: genzu paint --all --candidates 4)"
        )
    written = "".join(f"{one.cut}{one.sheet}{one.sent_back}{show.cut(one.cut).prompt}" for one in offered)
    if missing := fonts.missing(" ".join(written.split())):
        said.append(f"no font on this machine has {missing[:12]}, ? stands for them; install Noto Sans CJK")
    return tuple(said)
