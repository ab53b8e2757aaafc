"""The contact sheet of all variants, and the JSON with their scores."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from genzu import __version__
from genzu.core.variation import Variation
from genzu.picture.arrays import UInt8
from genzu.picture.contact import contact_sheet, thumbnail
from genzu.picture.files import to_uint8, write_jpeg
from genzu.steps.making import SheetAtWork
from genzu.steps.package import reading_facts
from genzu.steps.variant_records import VariantResult, VariantSheet

_WIDEST = 2600
"""Px; about as wide as a contact sheet gets."""
_CELL = (320, 640)
"""Px; narrowest and widest picture on it: under a narrower one its caption has no room."""


def write_overview(
    work: SheetAtWork, sheet: VariantSheet, variation: Variation, out: Path, stem: str, seconds: dict[str, float]
) -> VariantSheet:
    """Write both beside the pictures; the sheet of variants comes back with their paths."""
    show = work.show
    jpeg = show.export(
        out / f"{stem}_variants.jpg", lambda path: write_jpeg(path, _contact(work, sheet, variation.columns))
    )
    sheet = replace(sheet, files={"contact": jpeg, "json": out / f"{stem}_variants.json"})
    text = json.dumps(_record(work, sheet, seconds), ensure_ascii=False, indent=2)
    path = show.export(sheet.files["json"], lambda scratch: _write_text(scratch, text))
    return replace(sheet, files={"contact": jpeg, "json": path})


def caption(one: VariantResult, base: VariantResult) -> str:
    """What stands under a picture: its conditions, line fidelity and difference to the base."""
    if one.painting is None:
        return f"{one.label}: FAILED"
    score = f"{one.painting.measures['fidelity']['line_fidelity']:.3f}"
    gap = one.difference(base)
    return f"{one.label}  {score} " + (
        "base" if one.is_base else "" if gap is None else f"({round(gap, 3) + 0.0:+.3f})"
    )


def _contact(work: SheetAtWork, sheet: VariantSheet, columns: int) -> UInt8:
    shown = sheet.painted
    columns = columns or max(1, round(len(shown) ** 0.5))
    cell = int(np.clip(_WIDEST // columns, *_CELL))
    blank = np.full((round(cell * work.drawing.lines.extent.height / work.drawing.lines.extent.width), cell, 3), 90)
    pictures = [
        thumbnail(to_uint8(work.show.picture(one.painting.picture)), cell) if one.painting else blank.astype(np.uint8)
        for one in shown
    ]
    return contact_sheet(pictures, [caption(one, sheet.base) for one in shown], cell=cell, columns=columns)


def _record(work: SheetAtWork, sheet: VariantSheet, seconds: dict[str, float]) -> dict[str, object]:
    cut, words, extent = work.cut, work.words, work.drawing.lines.extent
    return {
        "genzu": __version__,
        "size": {"width": extent.width, "height": extent.height},
        "layout": {"file": cut.layout.name, "sha256": cut.layout.sha},
        "prompt": {"text": cut.prompt, "not_understood": list(words.unknown)},
        "seed": cut.seed,
        "reading": reading_facts(work.reading, sheet.unsure),
        **sheet.to_dict(),
        "timings": seconds,
    }


def _write_text(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")
