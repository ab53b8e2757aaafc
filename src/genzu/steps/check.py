"""Looks at everything that an order brings before anything is written."""

from __future__ import annotations

from pathlib import Path

from genzu.core.geometry import Extent
from genzu.picture.files import read_rgb8
from genzu.steps.intake import look_at
from genzu.steps.reading import load_marks, load_materials


def check_order(
    layout: Path, *, size: Extent | None, materials: Path | None, marks: Path | None, board: Path | None
) -> None:
    """Raise for the first file that cannot be used; nothing is written, so a bad order leaves nothing behind."""
    extent = look_at(layout, size=size)
    if materials is not None:
        load_materials(materials, extent)
    if marks is not None:
        load_marks(marks, extent)
    if board is not None:
        read_rgb8(board)
