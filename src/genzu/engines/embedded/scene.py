"""What the whole picture knows: computed once at a reduced size, read by every tile.

Lengths are in *units*: 1 unit = 1 px of a 1080-row picture, so that a layout painted at twice the size is the same
painting at twice the size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import mahotas
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.geometry import Bounds, Extent
from genzu.core.material import Material
from genzu.engines.base import PaintRequest
from genzu.engines.embedded.crowns import feet_of_trees
from genzu.engines.embedded.forms import Forms, measure, one_depth
from genzu.engines.embedded.lights import Lights, find_lights
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.once import Once
from genzu.engines.embedded.parasols import drawn, feet_of_canopies, poles_of_cloth
from genzu.engines.embedded.pencil import Marks, read_marks, reduced
from genzu.engines.embedded.script import ColourScript, script_for
from genzu.engines.embedded.shadow import Eye, below, cast_shadows, contact_shade, wall_shadows
from genzu.engines.embedded.soft import doubled, one_of
from genzu.engines.embedded.tiling import SHEET
from genzu.engines.embedded.trees import Regions, brought_near, line_weight
from genzu.engines.embedded.vanish import vanishing_point
from genzu.engines.embedded.wires import find_wires
from genzu.picture.arrays import Bool, Float32, Int32, UInt8, extent_of

_L = TypeVar("_L", bound=np.generic)
_ROWS = 540
_SMALL_PIXELS = 2_000_000
"""A PAN sheet is reduced further, so that what is kept of it stays bounded (about 40 planes of 2 or 4 bytes)."""
_BAND = 128
_LEVEL = 0.08
"""Share of the picture's height by which a vanishing point of what lies level may be off the horizon that was read."""
STANDING = (
    Material.FOLIAGE, Material.TRUNK, Material.ROCK, Material.WALL, Material.ROOF, Material.WINDOW, Material.WOOD,
    Material.METAL, Material.CLOTH,
)  # fmt: skip
GROUND = (Material.GRASS, Material.SOIL, Material.ROAD, Material.WATER)


_SHARED = (
    "small_materials", "small_regions", "small_contour", "small_depth", "inner", "shades", "shadow", "openness",
    "wall_shadow", "snow_cap", "streaks", "forms", "vanishing", "lights", "marks", "poles",
)  # fmt: skip
"""Fields that a thumbnail takes over: they hold values in units, by region, or at the reduced size."""


@dataclass(frozen=True, slots=True)
class RegionTable:
    """Facts by region id (index 0 is unused); boxes in full-size px, bottom and right exclusive."""

    material: UInt8
    left: Int32
    top: Int32
    right: Int32
    bottom: Int32
    area: Int32
    chance: Float32
    """0–1, another for each region and seed: picks a variant."""

    def frame(self, unit: float) -> Float32:
        """(n, 4) left, top, width and height in units; a side is at least one px long."""
        left, top, right, bottom = (side / np.float32(unit) for side in (self.left, self.top, self.right, self.bottom))
        least = np.float32(1 / unit)
        sides = left, top, np.maximum(right - left, least), np.maximum(bottom - top, least)
        return np.stack(sides, 1).astype(np.float32)

    def scaled(self, factor: float) -> RegionTable:
        """The same regions in a picture of another size."""
        sides = {
            name: np.rint(getattr(self, name) * factor).astype(np.int32) for name in ("left", "top", "right", "bottom")
        }
        area = np.ceil(self.area * (factor * factor)).astype(np.int32)
        return replace(self, **sides, area=area)


class Scene:
    """One request, analysed. ``small`` arrays are at most 540 rows high."""

    def __init__(self, request: PaintRequest) -> None:
        self.request = request
        self.reading = request.reading
        self.lines = request.lines
        self.extent: Extent = request.extent
        self.script: ColourScript = script_for(request.conditions.filled(), request.seed)
        self.unit = self.extent.height / 1080
        """Pixels per unit."""
        bounded = (_SMALL_PIXELS / self.extent.pixels) ** 0.5
        self.small = self.extent.scaled(min(1.0, _ROWS / self.extent.height, bounded))
        self.shrink = self.small.height / self.extent.height

        self.edges: dict[tuple[Bounds, int], tuple[Bounds, UInt8]] = {}
        """By tile and material: where the material is, 0–255 with soft edges; see ``rough.edge_of``."""
        self._parent: Scene | None = None

    @property
    def source(self) -> Scene:
        """The scene whose fields this one reads; itself unless it is a thumbnail."""
        return self if self._parent is None else self._parent

    def thumbnail(self, request: PaintRequest) -> Scene:
        """The same picture at another size: all that is known of it in units, or at the reduced size, stays true."""
        other = Scene(request)
        other._parent, other.small, other.shrink = self, self.small, self.small.height / other.extent.height
        for name in _SHARED:
            other.__dict__[name] = getattr(self, name)
        other.__dict__["regions"] = self.regions.scaled(other.extent.height / self.extent.height)
        return other

    def fits(self, request: PaintRequest) -> bool:
        """True if the request differs from this scene's in stage, rough and prompt text at most."""
        mine = self.request
        return (
            mine.lines is request.lines
            and mine.reading is request.reading
            and mine.conditions == request.conditions
            and mine.seed == request.seed
            and mine.board is request.board
        )

    @Once
    def small_materials(self) -> UInt8:
        """Materials at the reduced size."""
        return shrink_labels(self.reading.materials, self.small)

    @Once
    def small_contour(self) -> UInt8:
        """Contour strength 0–255 at the reduced size; thin strokes keep theirs."""
        return reduced(self.lines.contour, self.small)

    @Once
    def small_depth(self) -> Float32:
        """Depth 0 (near) – 1 (sky); what is one thing stands at one depth."""
        depth = resize_bytes(self.reading.depth, self.small) / np.float32(255)
        depth = one_depth(depth, self.small_regions, self.regions.material, self.forms.body)
        if not (self.regions.material == Material.FOLIAGE).any():
            return depth
        table, units, share = self.regions, np.float32(self.unit * self.shrink), np.float32(self.shrink)
        sides = {name: getattr(table, name) * share for name in ("left", "right", "top", "bottom")}
        regions = Regions(material=table.material, x=self.forms.x * units, y=self.forms.y * units, **sides)
        weight = line_weight(self.lines.contour, self.small.shape)
        return brought_near(depth, self.small_regions, weight, regions)

    @Once
    def inner(self) -> Float32:
        """Distance to the border of the material, in units."""
        field = np.zeros((self.small.height + 2, self.small.width + 2), np.float32)
        framed = np.pad(self.small_materials, 1, mode="edge")
        for material in np.unique(self.small_materials):
            there = framed == material
            rows, columns = np.flatnonzero(there.any(1)), np.flatnonzero(there.any(0))
            # One px more on each side, where it is another material.
            box = slice(max(rows[0] - 1, 0), rows[-1] + 2), slice(max(columns[0] - 1, 0), columns[-1] + 2)
            np.copyto(field[box], mahotas.distance(there[box]), where=there[box], casting="same_kind")
        return np.sqrt(field[1:-1, 1:-1]) / np.float32(self.shrink * self.unit)

    @Once
    def shades(self) -> tuple[Float32, Float32]:
        """Cast shadow on what lies, 0–1: of what is solid, and of leaves."""
        return self.shades_of(self.small_materials)

    def shades_of(self, materials: UInt8) -> tuple[Float32, Float32]:
        """:attr:`shades` if these were the materials at the reduced size."""
        lines = self.poles * np.float32(self.shrink * self.unit)
        poles = drawn(lines, self.small.shape)
        feet = np.maximum(self.tree_feet, feet_of_canopies(materials, lines))
        materials = np.where(poles, np.uint8(Material.METAL), materials)
        return cast_shadows(materials, self.script.light, STANDING, GROUND, self.eye, self._thin() | poles, feet)

    @property
    def eye(self) -> Eye:
        """Where the picture is looked at from, at its reduced size."""
        x, y, recedes = self.vanishing
        size, horizon = self.shrink * self.unit, self.reading.horizon * self.shrink
        if recedes and abs(y * size - horizon) < _LEVEL * self.small.height:  # else it is stairs that lead there
            horizon = y * size
        return Eye(horizon, x * size if recedes else None)

    @Once
    def poles(self) -> Float32:
        """(n, 4) units: x and y of the top and of the foot of lines that carry cloth."""
        found = poles_of_cloth(self.small_materials, self.small_contour, GROUND)
        return found / np.float32(self.shrink * self.unit)

    @Once
    def shadow(self) -> Float32:
        """Cast shadow on what lies: 0 = in the light, 1 = in the shadow."""
        return np.maximum(*self.shades)

    @Once
    def tree_feet(self) -> Int32:
        """Row at the reduced size of the foot of the tree that leaves or bark belong to; −1 elsewhere."""
        return feet_of_trees(self.small_materials, self.small_depth, GROUND)

    @Once
    def openness(self) -> Float32:
        """How much of the sky a place sees: 0.4 close to the foot of things, 1 in the open."""
        return contact_shade(self.small_materials, STANDING, GROUND)

    def _thin(self) -> Bool:
        """Poles, posts and rails at the reduced size."""
        forms, material = self.forms, self.regions.material
        bars = (
            (forms.long > 4 * forms.thick)
            & (forms.thick < 46)
            & np.isin(material, (Material.WOOD, Material.METAL, Material.TRUNK))
        )
        return np.asarray(bars[self.small_regions], bool)

    @Once
    def wall_shadow(self) -> Float32:
        """Shadow of eaves and awnings on the walls below them, 0–1."""
        return wall_shadows(self.small_materials, self.script.light)

    @Once
    def snow_cap(self) -> Float32:
        """Units below the upper edge of what stands, 0 at the edge, at most 60."""
        stands = one_of(self.small_materials, STANDING)
        return below(stands, 60 * self.shrink * self.unit) / np.float32(self.shrink * self.unit)

    @Once
    def streaks(self) -> Float32:
        """0–1 on walls: strongest right under a window, fading downwards."""
        wall = self.small_materials == Material.WALL
        gap = below(wall, 90 * self.shrink * self.unit, cause=self.small_materials == Material.WINDOW)
        return np.where(wall, np.clip(1 - gap / (90 * self.shrink * self.unit), 0, 1), 0).astype(np.float32)

    @Once
    def small_regions(self) -> Int32:
        """Region ids at the reduced size."""
        return shrink_labels(self.reading.regions, self.small)

    @Once
    def forms(self) -> Forms:
        """The form behind each region."""
        return measure(
            self.small_regions, self.regions.material, self.unit * self.shrink, mix_seed(self.request.seed, 0xF0)
        )

    @Once
    def vanishing(self) -> tuple[float, float, bool]:
        """Vanishing point in units, and whether anything recedes to it."""
        return vanishing_point(
            self.small_regions, self.regions.material, self.forms, self.unit * self.shrink,
            self.reading.horizon / self.unit,
        )  # fmt: skip

    @Once
    def lights(self) -> Lights:
        """What shines, and its light."""
        return find_lights(self.small_regions, self.regions.material, self.forms, self.script, self.unit * self.shrink)

    @Once
    def wires(self) -> Float32 | None:
        """Where lines in the sky are wires, 0–1; ``None`` if there are none."""
        return find_wires(self.small_contour, self.small_materials)

    @Once
    def marks(self) -> Marks:
        """What the red and the blue pencil enclose."""
        return read_marks(self.lines, lambda: self.small_contour, self.small)

    @Once
    def regions(self) -> RegionTable:
        """Facts about every region."""
        labels = self.reading.regions
        count = int(labels.max()) + 1
        boxes = np.asarray(mahotas.labeled.bbox(labels), np.int32).reshape(-1, 4)
        material = np.zeros(count, np.uint8)
        area = np.zeros(count, np.int64)
        for top in range(0, labels.shape[0], _BAND):
            # In bands: bincount makes a 64-bit copy of what it counts.
            band = labels[top : top + _BAND].ravel()
            material[band] = self.reading.materials[top : top + _BAND].ravel()
            area += np.bincount(band, minlength=count)
        ids = np.arange(count, dtype=np.int64)
        middle = (
            ((boxes[:, 0] + boxes[:, 1]) // 8).astype(np.int64),
            ((boxes[:, 2] + boxes[:, 3]) // 8).astype(np.int64),
        )
        chance = (
            hash_unit(middle[1], middle[0], mix_seed(self.request.seed, 0xA11)) if count else ids.astype(np.float32)
        )
        return RegionTable(
            material=material,
            left=boxes[:, 2],
            top=boxes[:, 0],
            right=boxes[:, 3],
            bottom=boxes[:, 1],
            area=area.astype(np.int32),
            chance=chance,
        )

    def sample(self, small: Float32, bounds: Bounds) -> Float32:
        """Read a reduced field, (h, w) or (h, w, c), at full size inside ``bounds``, bilinear."""
        k_x, k_y = small.shape[1] / self.extent.width, small.shape[0] / self.extent.height
        box = (bounds.x * k_x, bounds.y * k_y, bounds.right * k_x, bounds.bottom * k_y)
        size = (bounds.width, bounds.height)
        if small.ndim == 3:
            planes = np.stack([self.sample(small[..., c], bounds) for c in range(small.shape[2])])
            return planes.transpose(1, 2, 0)
        if (2 * small.shape[1], 2 * small.shape[0]) == (self.extent.width, self.extent.height):
            return doubled(small, bounds.y, bounds.x, (bounds.height, bounds.width))
        left, top = max(0, int(box[0]) - 2), max(0, int(box[1]) - 2)
        part = small[top : int(box[3]) + 3, left : int(box[2]) + 3]
        box = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
        picture = Image.fromarray(np.ascontiguousarray(part, np.float32))
        return np.asarray(picture.resize(size, Image.Resampling.BILINEAR, box=box), np.float32)

    def largest(self, small: Float32, bounds: Bounds) -> float:
        """Largest value of a reduced field that :meth:`sample` would look at."""
        k_x, k_y = small.shape[1] / self.extent.width, small.shape[0] / self.extent.height
        rows = slice(max(0, int(bounds.y * k_y) - 2), int(bounds.bottom * k_y) + 3)
        return float(small[rows, max(0, int(bounds.x * k_x) - 2) : int(bounds.right * k_x) + 3].max(initial=0))

    def whole(self, small: Float32) -> Bounds:
        """Bounds of the picture, for code that samples a field whole."""
        size = extent_of(small)
        return Bounds(0, 0, size.width, size.height)


def resize_bytes(plane: UInt8, extent: Extent) -> Float32:
    """Bilinear (area-averaging when it shrinks) resize of one plane of bytes, 0–255.

    A sheet that fills the memory itself is not widened before: its values are rounded once more.
    """
    picture = Image.fromarray(plane if plane.size > SHEET else plane.astype(np.float32))
    return np.asarray(picture.resize((extent.width, extent.height), Image.Resampling.BILINEAR), np.float32)


def shrink_labels(labels: NDArray[_L], extent: Extent) -> NDArray[_L]:
    """Nearest-neighbour resize of a label picture; looks at no more of it than it takes."""
    rows, columns = (
        ((np.arange(new) + 0.5) * (old / new)).astype(np.intp)
        for new, old in zip(extent.shape, labels.shape, strict=True)
    )
    return labels[rows[:, None], columns]
