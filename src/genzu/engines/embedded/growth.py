"""What grows over the edges of things, and is painted when all of them stand: leaves, grass at the foot, drawn tufts."""

from __future__ import annotations

from genzu.engines.embedded import tufts
from genzu.engines.embedded.patch import Patch
from genzu.picture.arrays import Float32


def over_edges(patch: Patch, canvas: Float32) -> None:
    """Paint it over the (h, w, 3) OKLab canvas of all materials, in place."""
    tufts.grown(patch, canvas)
