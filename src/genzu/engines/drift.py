"""How far a picture lies off what it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from genzu.picture.arrays import LineArt, UInt8
from genzu.picture.fidelity import ROWS, measure
from genzu.picture.registration import SURE, shift_between

LOST = 40.0
"""px at 1080 rows that count for a picture in which the layout is not to be found at all."""
_BLANK = 0.02
"""Fidelity above chance at which the layout is taken to be there."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Shift and zoom of a picture, as one length."""

    amount: float
    """px at 1080 rows: the shift, and half of what the zoom moves the corners."""
    sentence: str
    """For a person."""


def drift_of(lines: LineArt, start: UInt8, picture: UInt8) -> Drift:
    """Of ``picture`` (H, W, 3) against the picture it was made from, both of the size of ``lines``.

    Phase correlation decides where the two have enough in common. Else the lines are looked for in the picture; if
    they are not there either, it counts as lost.
    """
    height, width = lines.contour.shape
    scale = ROWS / max(height, 1)
    shift = shift_between(start, picture)
    if shift.confidence >= SURE:
        zoomed = abs(shift.zoom - 1) * hypot(height, width) / 4
        return Drift(
            (shift.length + zoomed) * scale,
            f"shift {shift.dx:+.1f}, {shift.dy:+.1f} px, zoom {100 * (shift.zoom - 1):+.1f} %",
        )
    score = measure(lines, picture)
    if score.line_fidelity - score.chance > _BLANK:
        return Drift(score.shift * scale, f"its lines lie {score.shift:.1f} px off")
    return Drift(LOST, "its lines are not to be found in it")
