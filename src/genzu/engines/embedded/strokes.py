"""Where strokes go: jittered grids in the world's coordinates, so that tiles agree on every stroke."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.picture.arrays import Bool, Float32, Int32


@dataclass(frozen=True, slots=True)
class Points:
    """Places for strokes, in painting order; positions in px inside the patch."""

    x: Float32
    y: Float32
    chance: Float32
    """(n, 4) independent random values 0–1 per place."""

    def __len__(self) -> int:
        return len(self.x)

    @property
    def index(self) -> tuple[Int32, Int32]:
        """Row and column of the pixel under each place."""
        return self.y.astype(np.int32), self.x.astype(np.int32)

    def where(self, keep: Bool | NDArray[np.intp]) -> Points:
        """The places for which ``keep`` (n,) is true, or those with these numbers, in their order."""
        return Points(self.x[keep], self.y[keep], self.chance[keep])

    def sorted_by(self, key: Float32) -> Points:
        """The places in the order of ``key`` (n,), small first."""
        rank = np.argsort(key, kind="stable")
        return Points(self.x[rank], self.y[rank], self.chance[rank])


def eighths(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """World places in px moved to odd sixteenths: they round to the same pixel from every tile's origin."""
    return (np.floor(places * 8) + 0.5) / 8


def whole_eighths(way: Float32) -> Float32:
    """Ways in px of which places of :func:`scatter` may be moved and still round to the same pixel from every tile."""
    return np.asarray(np.rint(way * 8) / 8, np.float32)


def placed(patch: Patch, points: Points, dx: Float32, dy: Float32) -> tuple[Float32, Float32]:
    """Places in px of the patch, moved by ``dx`` and ``dy`` (n,) px, that round to the same pixel from every tile.

    They are added up in the world's coordinates: in the patch's own, a last bit would tell one tile from another.
    """
    at_x, at_y = (
        eighths(at.astype(np.float64) + begin + moved) - begin
        for at, begin, moved in ((points.x, patch.bounds.x, dx), (points.y, patch.bounds.y, dy))
    )
    return at_x.astype(np.float32), at_y.astype(np.float32)


def unit_at(points: Points, x: Float32, y: Float32) -> tuple[Float32, Float32]:
    """(n,) each: the vector field ``x``, ``y`` (h, w) at these places, of length 1 wherever it has a direction."""
    rows, columns = points.index
    out_x, out_y = x[rows, columns], y[rows, columns]
    long = np.maximum(np.hypot(out_x, out_y), np.float32(0.02))
    return out_x / long, out_y / long


def scatter(patch: Patch, mask: Bool, spacing: float, salt: int, *, squash: float = 1.0) -> Points:
    """Jittered grid of places inside ``mask``; ``spacing`` in units, ``squash`` < 1 sets rows closer."""
    step_x = max(spacing * patch.unit, 1.0)
    step_y = max(spacing * squash * patch.unit, 1.0)
    bounds, seed = patch.bounds, mix_seed(patch.script.seed, salt)
    ix = np.arange(int(bounds.x // step_x), int(bounds.right // step_x) + 1, dtype=np.int64)[None, :]
    iy = np.arange(int(bounds.y // step_y), int(bounds.bottom // step_y) + 1, dtype=np.int64)[:, None]
    x = (eighths((ix + hash_unit(ix, iy, mix_seed(seed, 1))) * step_x) - bounds.x).astype(np.float32).ravel()
    y = (eighths((iy + hash_unit(ix, iy, mix_seed(seed, 2))) * step_y) - bounds.y).astype(np.float32).ravel()
    inside = (x >= 0) & (y >= 0) & (x < bounds.width) & (y < bounds.height)
    inside[inside] = mask[y[inside].astype(np.int32), x[inside].astype(np.int32)]
    row, column = np.divmod(np.flatnonzero(inside), ix.size)
    chance = np.stack([hash_unit(ix[0, column], iy[row, 0], mix_seed(seed, 3 + k)) for k in range(5)], 1)
    order = np.argsort(chance[:, 4], kind="stable")
    return Points(x[inside][order], y[inside][order], chance[order, :4])


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One pass of the brush over a material. Lengths in units."""

    tip: Tip
    length: float
    width: float
    spacing: float
    salt: int
    squash: float = 1.0
    opacity: float = 0.9
    angle: float = 0.0
    """Radians, clockwise from +x."""
    turn: float = 0.25
    """Random turn, ± radians."""
    vary: float = 0.35
    """Random change of size, ± share."""
    value: float = 0.02
    """Random change of OKLab lightness, ±."""
    hue: float = 0.008
    """Random change of OKLab a and b, ±."""
    clip: bool = True
    """True: each stroke stays inside the region under its centre."""
    across: bool = False
    """True: inside the material is enough, for a border of two regions may be one that nobody drew."""
    rising: bool = False
    """True: from the top of the picture down, so that what stands nearer covers what stands behind."""


def brush_over(
    patch: Patch,
    base: Float32,
    canvas: Float32,
    mask: Bool,
    layer: Layer,
    *,
    angles: Float32 | None = None,
    sizes: Float32 | None = None,
    lift: Float32 | None = None,
) -> None:
    """Lay one layer of strokes that take their colour from ``base`` at their centre.

    ``base`` and ``canvas`` are (h, w, 3) OKLab of the patch; ``angles`` (h, w) replaces the layer's angle,
    ``sizes`` (h, w) multiplies length, width, ``lift`` (h, w) is added to the lightness of the strokes.
    """
    points = scatter(patch, mask, layer.spacing, layer.salt, squash=layer.squash)
    if len(points) == 0:
        return
    if layer.rising:
        points = points.sorted_by(points.y)
    rows, columns = points.index
    chance = points.chance * 2 - 1
    colour = base[rows, columns].copy()
    colour[:, 0] += layer.value * chance[:, 0]
    colour[:, 1:] += layer.hue * chance[:, 1:3]
    if lift is not None:
        colour[:, 0] += lift[rows, columns]
    brush = patch.script.hand.brush if layer.length < 100 else 1.0  # the longest strokes fill the tiles' margin
    scale = patch.unit * brush * (1 + layer.vary * chance[:, 3])
    if sizes is not None:
        scale = scale * sizes[rows, columns]
    inside = (patch.materials.astype(np.int32) if layer.across else patch.regions) if layer.clip else None
    angle = np.full(len(points), layer.angle, np.float32) if angles is None else angles[rows, columns]
    lay(
        canvas,
        Strokes(
            x=points.x,
            y=points.y,
            length=(layer.length * scale).astype(np.float32),
            width=(layer.width * scale).astype(np.float32),
            angle=(angle + layer.turn * chance[:, 2]).astype(np.float32),
            colour=colour,
            opacity=np.full(len(points), layer.opacity, np.float32),
            tip=layer.tip,
            variant=(points.chance[:, 1] * 4).astype(np.int32),
            region=None if inside is None else inside[rows, columns],
        ),
        inside,
    )
