"""The default reader: what the network sees, weighed with what the rooms of the drawing measure.

The network knows many drawings and sees textures, thin things and the whole composition; the rules of the geometry
reader know that a room has one outline. Their votes are multiplied (a product of experts, Hinton 2002), the rules with
a small exponent, so that they decide only where the network hesitates.
"""

from __future__ import annotations

from pathlib import Path

from genzu.engines.base import ReadRequest
from genzu.engines.readers.geometry import GeometryReader
from genzu.engines.readers.network import NetworkReader, resize_votes
from genzu.picture.arrays import Float32

WEIGHT = 0.15
"""Exponent of the rules' votes. Larger ones read schematic drawings better and others worse; see docs/model-card.md."""
_DOUBT = 0.03
"""Added to the rules' votes: what they have not thought of is not impossible."""


class EmbeddedReader:
    """Votes of the network and of the geometry, multiplied."""

    name = "embedded"

    def __init__(self, model: Path | None = None, *, weight: float = WEIGHT) -> None:
        self._network, self._geometry, self._weight = NetworkReader(model), GeometryReader(), weight

    @property
    def version(self) -> str:
        """Of both readers and their weight."""
        return f"{self._network.version}+{self._geometry.version}x{self._weight:g}"

    def votes(self, request: ReadRequest) -> Float32:
        """(h, w, 17) float32 that sums to 1, of the size of the network's votes."""
        seen, measured = self._network.votes(request), self._geometry.votes(request)
        height, width = seen.shape[:2]
        measured = resize_votes(measured, (height, width))
        measured += _DOUBT  # in place: the votes of a long sheet are large
        measured **= self._weight
        seen *= measured
        seen /= seen.sum(axis=2, keepdims=True)
        return seen
