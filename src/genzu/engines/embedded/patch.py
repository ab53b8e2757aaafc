"""A patch: one rectangle of the picture at full size, with everything that a material painter may look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.engines.embedded.lights import Kind
from genzu.engines.embedded.noise import fractal_noise, mix_seed, value_noise
from genzu.engines.embedded.once import Lazy
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import blur, doubled_bytes, in_bytes, soft_bytes, widened
from genzu.engines.embedded.vanish import ground
from genzu.picture.arrays import Bool, Float32, Int32, UInt8

__all__ = ["Patch", "blur", "by_material", "field", "widened"]

_F = TypeVar("_F")
_V = TypeVar("_V", bound=np.generic)
_WIDE, _OF_HALVING = 3.6, 1.0
"""Radius in px from which a blur is made at half the size, and the variance that doing so adds."""
_HALVED = 2
"""Most halvings: with each a blur looks a little farther than it would."""
_DARK = 1e-5
"""Light that is not seen: a thirtieth of a byte's step on black."""
PIECE = 384
"""Side in px of the pieces that work of single pixels is cut into: their planes stay in the processor's cache."""


def by_material(said: Mapping[Material, float], otherwise: float) -> Float32:
    """(256,) table to be looked up with a picture of materials; ``otherwise`` where nothing is said."""
    table = np.full(256, otherwise, np.float32)
    for material, value in said.items():
        table[material] = value
    return table


def field(compute: Callable[[Patch], _F]) -> Lazy[_F]:
    """A field of a patch: computed once for the tile; its parts read their rectangle of that."""

    def read(patch: Patch) -> _F:
        whole = patch._whole
        if whole is None:
            return compute(patch)
        plane: Any = getattr(whole, compute.__name__)
        return cast(_F, None if plane is None else plane[patch.within(whole)])

    read.__name__, read.__doc__ = compute.__name__, compute.__doc__
    return Lazy(read)


class Patch:
    """Arrays are (h, w) of ``bounds``; fields are computed when first asked for."""

    def __init__(self, scene: Scene, bounds: Bounds, whole: Patch | None = None, part: Patch | None = None) -> None:
        self.scene = scene
        self.bounds = bounds
        self.unit = scene.unit
        """Pixels per unit."""
        self.script = scene.script
        self.light = scene.script.light
        self._whole = whole
        self._part = part
        self.where: Bool | None = None
        """The mask that a part was made for."""
        self._formed: dict[object, Any] = {}

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns."""
        return self.bounds.height, self.bounds.width

    @Lazy
    def materials(self) -> UInt8:
        """Material index."""
        return self.scene.reading.materials[self.bounds.slices]

    @Lazy
    def regions(self) -> Int32:
        """Region id."""
        return self.scene.reading.regions[self.bounds.slices]

    @Lazy
    def ids(self) -> NDArray[np.intp]:
        """Region id in the type that tables are looked up with: any other is converted at each look-up."""
        return self.regions.astype(np.intp)

    @property
    def contour(self) -> UInt8:
        """Contour strength 0–255."""
        return self.scene.lines.contour[self.bounds.slices]

    @Lazy
    def ink(self) -> Float32:
        """Contour strength 0–1."""
        return np.multiply(self.contour, np.float32(1 / 255), dtype=np.float32)

    @Lazy
    def x(self) -> Float32:
        """(1, w) units from the picture's left."""
        return ((np.arange(self.bounds.width, dtype=np.float32) + self.bounds.x + 0.5) / self.unit)[None, :]

    @Lazy
    def y(self) -> Float32:
        """(h, 1) units from the picture's top."""
        return ((np.arange(self.bounds.height, dtype=np.float32) + self.bounds.y + 0.5) / self.unit)[:, None]

    @property
    def width_units(self) -> float:
        """Width of the whole picture in units (its height is 1080)."""
        return self.scene.extent.width / self.unit

    @property
    def horizon(self) -> float:
        """Horizon row in units."""
        return self.scene.reading.horizon / self.unit

    @field
    def depth(self) -> Float32:
        """0 = at the camera, 1 = sky."""
        return self.scene.sample(self.scene.small_depth, self.bounds)

    @field
    def inner(self) -> Float32:
        """Distance to the material's border, units (from the reduced picture: about ±1)."""
        return self.scene.sample(self.scene.inner, self.bounds)

    @field
    def shadow(self) -> Float32:
        """Cast shadow on the ground, 0–1."""
        return self.scene.sample(self.scene.shadow, self.bounds)

    @field
    def openness(self) -> Float32:
        """Share of the sky that a place sees."""
        return self.scene.sample(self.scene.openness, self.bounds)

    @field
    def wall_shadow(self) -> Float32:
        """Shadow of eaves and awnings on walls, 0–1, with a cut edge."""
        return np.clip((self.scene.sample(self.scene.wall_shadow, self.bounds) - 0.5) * 2.2 + 0.5, 0, 1)

    @field
    def snow_cap(self) -> Float32:
        """Units below the upper edge of what stands, at most 60."""
        return self.scene.sample(self.scene.snow_cap, self.bounds)

    @field
    def highlight(self) -> Float32 | None:
        """0–1 inside the edges of the red pencil; ``None`` if it was not used."""
        marked = self.scene.marks.highlight
        return None if marked is None else self.scene.sample(marked, self.bounds)

    @field
    def shade_edge(self) -> Float32 | None:
        """0–1 inside the edges of the light-blue pencil; ``None`` if it was not used."""
        marked = self.scene.marks.shadow
        return None if marked is None else self.scene.sample(marked, self.bounds)

    @Lazy
    def ground(self) -> tuple[Float32, Float32]:
        """Place on the ground plane: across and away (see ``vanish.ground``)."""
        return ground(self.x, self.y, self.scene.vanishing[:2])

    @field
    def sparks(self) -> Bool:
        """Drawn fireworks and a pixel around them: there a pencil stroke stands for light, not for a contour."""
        fireworks = self.scene.lights.kind == Kind.FIREWORK
        if not fireworks.any():
            return np.zeros(self.shape, bool)
        shining = fireworks[self.regions]
        return np.asarray(widened(shining.astype(np.uint8), max(2, round(2 * self.unit))) > 0)

    @field
    def lamplight(self) -> Float32 | None:
        """(h, w, 3) light of lamps, windows and fireworks; ``None`` when nothing shines (see :attr:`lamps`)."""
        fall = self.scene.lights.fall
        return None if fall is None else self.scene.sample(fall, self.bounds)

    @property
    def lamps(self) -> Float32 | None:
        """:attr:`lamplight`, and ``None`` if none of it is seen here: by day that is so in most of a picture."""
        fall = self.scene.lights.fall
        return None if fall is None or self.scene.largest(fall, self.bounds) < _DARK else self.lamplight

    @Lazy
    def box(self) -> tuple[Float32, Float32, Float32, Float32]:
        """Place inside the region's box, 0–1 from left and from top, and the box's width and height in units."""
        left, top, wide, tall = map(self.of_region, self.scene.regions.frame(self.unit).T)
        return (self.x - left) / wide, (self.y - top) / tall, wide, tall

    def mask(self, material: Material) -> Bool:
        """Where the material is."""
        return np.asarray(self.materials == material)

    def of_region(self, by_id: NDArray[_V]) -> NDArray[_V]:
        """Spread a per-region value over the pixels; of colours (n, 3) each channel is a plane in memory."""
        if by_id.ndim == 2:
            return np.stack([row.take(self.ids, mode="clip") for row in by_id.T]).transpose(1, 2, 0)
        return by_id.take(self.ids, mode="clip")

    def noise(self, cell: float, salt: int, *, octaves: int = 3, stretch: float = 1.0, gain: float = 0.5) -> Float32:
        """Fractal noise −1…1; ``cell`` in units, ``stretch`` > 1 makes it long in x."""
        size = cell * stretch * self.unit, cell * self.unit
        seed = mix_seed(self.script.seed, salt)
        if octaves == 1:
            return value_noise(self.bounds, size, seed)
        return fractal_noise(self.bounds, size, seed, octaves=octaves, gain=gain)

    def part(self, mask: Bool, margin: float = 0.0) -> Patch | None:
        """The smallest patch around ``mask`` plus a margin in units; ``None`` if the mask is empty."""
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        if len(rows) == 0:
            return None
        box = Bounds(
            self.bounds.x + int(columns[0]),
            self.bounds.y + int(rows[0]),
            int(columns[-1] - columns[0]) + 1,
            int(rows[-1] - rows[0]) + 1,
        )
        bounds = box.grown(round(margin * self.unit)).intersect(self.bounds)
        found = Patch(self.scene, bounds, whole=self._whole or self)
        found.where = mask[found.within(self)]
        return found

    def formed(self, make: Callable[[Patch, Bool], Sequence[Any]]) -> list[Any]:
        """What ``make`` gives for the part that this patch is a piece of (called once), cut to this patch."""
        part = self._part or self
        if make not in part._formed:
            mask = np.ones(part.shape, bool) if part.where is None else part.where
            part._formed[make] = make(part, mask)
        view = self.within(part)
        return [planes[view] for planes in part._formed[make]]

    def reduced(self, plane: Float32, factor: int) -> Float32:
        """Means over squares of ``factor`` px whose corners are whole multiples of it in the picture."""
        left, top = self.bounds.x % factor, self.bounds.y % factor
        right, bottom = -(self.bounds.x + plane.shape[1]) % factor, -(self.bounds.y + plane.shape[0]) % factor
        if left or top or right or bottom:
            plane = np.pad(plane, ((top, bottom), (left, right)), mode="edge")
        return np.asarray(Image.fromarray(plane).reduce(factor), np.float32)

    def enlarged(self, small: Float32, factor: int) -> Float32:
        """The reverse of :meth:`reduced`, bilinear."""
        left, top = (self.bounds.x % factor) / factor, (self.bounds.y % factor) / factor
        box = (left, top, left + self.bounds.width / factor, top + self.bounds.height / factor)
        size = self.bounds.width, self.bounds.height
        return np.array(Image.fromarray(small).resize(size, Image.Resampling.BILINEAR, box=box), np.float32)

    def softened(self, plane: UInt8, radius: float) -> UInt8:
        """Gaussian blur of one (h, w) plane of bytes; a wide one is made at half the size, or a quarter.

        On squares whose corners are whole multiples in the picture, so that all tiles agree.
        """
        if min(plane.shape) < 4 or not plane.any():
            return soft_bytes(plane, radius)
        return _softened(plane, self.bounds.x, self.bounds.y, radius, _HALVED)

    def blurred(self, field: Float32 | Bool, radius: float) -> Float32:
        """:func:`blur` of one (h, w) plane of values 0–1, made as :meth:`softened` is."""
        return np.multiply(self.softened(in_bytes(field), radius), np.float32(1 / 255), dtype=np.float32)

    def inside(self, bounds: Bounds) -> Patch:
        """The patch of ``bounds``, which lie in this one; it reads its fields."""
        return Patch(self.scene, bounds, whole=self._whole or self)

    def forget(self) -> None:
        """Let go of what :meth:`formed` keeps."""
        self._formed.clear()

    def pieces(self, where: Bool, inside: Bounds | None = None) -> Iterator[Patch]:
        """Patches that do not overlap and hold every pixel of ``where`` (h, w); each as small as it can be.

        Only what lies ``inside`` counts; ``None`` = all of this patch.
        """
        room = self.bounds if inside is None else self.bounds.intersect(inside)
        first_x, first_y = room.x - self.bounds.x, room.y - self.bounds.y
        end_x, end_y = first_x + room.width, first_y + room.height
        for top in range(first_y, end_y, PIECE):
            for left in range(first_x, end_x, PIECE):
                there = where[top : min(top + PIECE, end_y), left : min(left + PIECE, end_x)]
                rows = np.flatnonzero(there.any(1))
                if len(rows) == 0:
                    continue
                columns = np.flatnonzero(there.any(0))
                bounds = Bounds(
                    self.bounds.x + left + int(columns[0]),
                    self.bounds.y + top + int(rows[0]),
                    int(columns[-1] - columns[0]) + 1,
                    int(rows[-1] - rows[0]) + 1,
                )
                yield Patch(self.scene, bounds, whole=self._whole or self, part=self)

    def within(self, other: Patch) -> tuple[slice, slice]:
        """Slices of this patch inside the arrays of a patch that contains it."""
        x, y = self.bounds.x - other.bounds.x, self.bounds.y - other.bounds.y
        return slice(y, y + self.bounds.height), slice(x, x + self.bounds.width)


def _softened(plane: UInt8, x: int, y: int, radius: float, times: int) -> UInt8:
    """:meth:`Patch.softened` of a plane at this place of the picture, halved so many times at most."""
    if radius < _WIDE or times == 0:
        return soft_bytes(plane, radius)
    left, top, (height, width) = x % 2, y % 2, plane.shape
    frame = (top, (top + height) % 2), (left, (left + width) % 2)
    half = np.asarray(Image.fromarray(np.pad(plane, frame, mode="edge")).reduce(2))
    # Means of squares, and drawing them out between their middles, are a little of the blur.
    rest = (radius * radius - _OF_HALVING) ** 0.5 / 2
    return doubled_bytes(_softened(half, x // 2, y // 2, rest, times - 1), top, left, (height, width))
