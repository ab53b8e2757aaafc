"""Variants of many cuts: each cut in all conditions that are asked for, and one overview with a row for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from genzu.core.codec import Plain
from genzu.core.variation import Variation
from genzu.errors import CannotWrite, GenzuError
from genzu.picture.arrays import UInt8
from genzu.picture.contact import thumbnail
from genzu.picture.files import to_uint8, write_jpeg
from genzu.picture.fonts import Fonts
from genzu.picture.rows import Cell, Row, sheet_of_rows
from genzu.steps.batch import usable_cores
from genzu.steps.chosen import chosen_take
from genzu.steps.variant_files import caption
from genzu.steps.variant_records import VariantResult, VariantSheet
from genzu.steps.variants import paint_variants
from genzu.steps.watch import Watch, nobody
from genzu.store.show import Show

ROWS = 12
"""Sheets on one page of the overview."""
CELL = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantOrder:
    """One cut in many conditions, told to a worker process by value."""

    show: Path
    number: str
    variation: Variation
    out: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CutVariants:
    """What became of one cut."""

    number: str
    sheets: tuple[VariantSheet, ...] = ()
    error: GenzuError | None = None

    @property
    def failed(self) -> bool:
        """True if the cut, or one of its variants, could not be painted."""
        return self.error is not None or any(sheet.failed for sheet in self.sheets)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyVariants:
    """All cuts in the order in which they were asked for, and the overview."""

    cuts: tuple[CutVariants, ...]
    pages: tuple[Path, ...]

    def to_dict(self) -> Plain:
        """For ``--json``."""
        return {
            "overview": [str(page) for page in self.pages],
            "sheets": [sheet.to_dict() for cut in self.cuts for sheet in cut.sheets],
            "failed": {cut.number: cut.error.sentence for cut in self.cuts if cut.error},
        }


def paint_many_variants(
    show: Show,
    numbers: Sequence[str],
    variation: Variation,
    out: Path,
    *,
    workers: int | None = None,
    watch: Watch = nobody,
) -> ManyVariants:
    """Paint each cut into ``out/<number>``, over several processes, and write the overview into ``out``.

    A cut that cannot be painted carries its error and does not stop the others; a disk that takes no more files does
    (``CannotWrite``). What was painted before is found by its recipe.
    """
    orders = [VariantOrder(show=show.folder, number=one, variation=variation, out=out / one) for one in numbers]
    results: dict[str, CutVariants] = {}
    for done, result in enumerate(_results(orders, workers), 1):
        results[result.number] = result
        watch(f"cut {result.number}", done / len(orders))
    cuts = tuple(results[number] for number in numbers)
    return ManyVariants(cuts=cuts, pages=_overview(show, cuts, out))


def _results(orders: Sequence[VariantOrder], workers: int | None) -> Iterator[CutVariants]:
    count = min(workers or usable_cores(), max(1, len(orders)))
    if count == 1:
        yield from map(paint_order, orders)
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(paint_order, order) for order in orders]):
            yield future.result()


def paint_order(order: VariantOrder) -> CutVariants:
    """Paint one cut in this process; an error is a result, not an end."""
    try:
        with Show.open(order.show) as show:
            return CutVariants(
                number=order.number, sheets=paint_variants(show, order.number, order.variation, order.out)
            )
    except CannotWrite:
        raise
    except GenzuError as error:
        return CutVariants(number=order.number, error=error)


def _overview(show: Show, cuts: Sequence[CutVariants], out: Path) -> tuple[Path, ...]:
    """Pages with a row for each sheet; no page if nothing was painted."""
    sheets = [sheet for cut in cuts for sheet in cut.sheets]
    fonts = Fonts.on_system()
    groups = [sheets[start : start + ROWS] for start in range(0, len(sheets), ROWS)]
    pages = []
    for number, group in enumerate(groups, 1):
        page = sheet_of_rows([_row(show, sheet) for sheet in group], fonts, cell=CELL, most=8)
        name = "variants.jpg" if len(groups) == 1 else f"variants_{number:02}.jpg"
        pages.append(show.export(out / name, partial(_write, page=page)))
    return tuple(pages)


def _row(show: Show, sheet: VariantSheet) -> Row:
    shown = chosen_take(show, sheet.cut, sheet.sheet)
    cells = tuple(
        Cell(
            picture=_small(show, one, sheet),
            words=f"take {one.painting.id}   {caption(one, sheet.base)}" if one.painting else caption(one, sheet.base),
            marked=shown is not None and one.painting is not None and one.painting.id == shown.id,
        )
        for one in sheet.painted
    )
    return Row(words=f"{sheet.cut} {sheet.sheet}   {sheet.base.prompt}", cells=cells)


def _small(show: Show, one: VariantResult, sheet: VariantSheet) -> UInt8:
    if one.painting is not None:
        return thumbnail(to_uint8(show.picture(one.painting.picture)), CELL)
    there = next((other.painting for other in sheet.painted if other.painting), None)
    extent = there.recipe.extent if there is not None and there.recipe is not None else None
    rows = round(CELL * extent.height / extent.width) if extent else CELL * 9 // 16
    return np.full((rows, CELL, 3), 90, np.uint8)


def _write(path: Path, page: UInt8) -> None:
    write_jpeg(path, page)
