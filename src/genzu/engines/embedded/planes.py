"""Cut planes: rock splits along faces, so each facet is what lies nearest to one of scattered sites, and is flat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.embedded.fields import outward
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.picture.arrays import Bool, Float32, Int32

_HEWN, _SMOOTHED = (Place.RUINS, Place.SHRINE, Place.STAIRS), 0.35
"""Where stone has been hewn, and how much of a facet's own tilt the chisel has left: a pillar is one plane."""
_NEIGHBOURS = tuple((dx, dy) for dy in (-1, 0, 1) for dx in (-1, 0, 1))


@dataclass(frozen=True, slots=True)
class Planes:
    """Facets of a patch; all (h, w), constant on each facet but for ``seam``."""

    nx: Float32
    """Normal, x right: −1…1."""
    ny: Float32
    """Normal, y down: −1…1."""
    tone: Float32
    """−1…1, one value for each facet."""
    seam: Float32
    """Units to the border of the facet, about."""

    def where(self, chosen: Bool, other: Planes) -> Planes:
        """These facets where ``chosen`` (h, w), the other ones elsewhere."""
        names = ("nx", "ny", "tone", "seam")
        return Planes(*(np.where(chosen, getattr(self, name), getattr(other, name)) for name in names))

    def facing(self, towards: tuple[float, float], front: float = 0.3) -> Float32:
        """−1…1: how squarely each facet faces the light."""
        level = np.sqrt(np.clip(1 - self.nx * self.nx - self.ny * self.ny, 0, 1))
        return np.asarray(self.nx * towards[0] + self.ny * towards[1] + front * level, np.float32)


def cleaved(patch: Patch, material: Material, cell: float, salt: int, *, tall: float = 0.8) -> Planes:
    """Facets of about ``cell`` units, ``tall`` times as high, that follow the swelling of the material's mass.

    A facet's normal is read off the mass at the facet's own site, so that it does not bend within the facet.
    """
    step_x, step_y = max(cell * patch.unit, 2.0), max(cell * tall * patch.unit, 2.0)
    first_x, first_y = int(patch.bounds.x // step_x) - 2, int(patch.bounds.y // step_y) - 2
    ix = np.arange(first_x, int(patch.bounds.right // step_x) + 3, dtype=np.int64)[None, :]
    iy = np.arange(first_y, int(patch.bounds.bottom // step_y) + 3, dtype=np.int64)[:, None]
    seed = mix_seed(patch.script.seed, salt)
    chance = [hash_unit(ix, iy, mix_seed(seed, k)) for k in range(5)]
    # Faces are sheared, as layers of rock are; a little noise keeps their edges from the ruler.
    bend = 0.16 * patch.noise(0.6 * cell, salt + 1, octaves=2)
    rows = (np.arange(patch.bounds.height, dtype=np.float32) + patch.bounds.y + 0.5)[:, None] / np.float32(step_y)
    columns = (np.arange(patch.bounds.width, dtype=np.float32) + patch.bounds.x + 0.5)[None, :] / np.float32(step_x)
    v = np.asarray(rows + bend - np.float32(first_y), np.float32)
    u = np.asarray(columns + 0.7 * bend - np.float32(first_x), np.float32)
    row, column = v.astype(np.int32), u.astype(np.int32)
    best, second, site = _nearest(u, v, row, column, chance[0], chance[1])
    normal_x, normal_y = _normals(patch, material, (ix, iy), (step_x, step_y), chance)
    return Planes(
        nx=normal_x.ravel()[site],
        ny=normal_y.ravel()[site],
        tone=(chance[4] * 2 - 1).ravel()[site],
        seam=np.asarray((np.sqrt(second) - np.sqrt(best)) * np.float32(0.5 * cell), np.float32),
    )


def _nearest(
    u: Float32, v: Float32, row: Int32, column: Int32, jitter_x: Float32, jitter_y: Float32
) -> tuple[Float32, Float32, Int32]:
    """Squared distance (cells) to the nearest site and to the next, and the nearest one's index in the lattice."""
    rows, columns = jitter_x.shape
    flat_x, flat_y = jitter_x.ravel(), jitter_y.ravel()
    best = np.full(u.shape, 99, np.float32)
    second, site = best.copy(), np.zeros(u.shape, np.int32)
    for dx, dy in _NEIGHBOURS:
        at_row, at_column = np.clip(row + dy, 0, rows - 1), np.clip(column + dx, 0, columns - 1)
        index = at_row * np.int32(columns) + at_column
        off_x, off_y = at_column + flat_x[index] - u, at_row + flat_y[index] - v
        off = np.asarray(off_x * off_x + off_y * off_y, np.float32)
        nearer = off < best
        second = np.where(nearer, best, np.minimum(second, off))
        site = np.where(nearer, index, site)
        best = np.minimum(best, off)
    return best, second, site


def _normals(
    patch: Patch,
    material: Material,
    lattice: tuple[NDArray[np.int64], NDArray[np.int64]],
    step: tuple[float, float],
    chance: list[Float32],
) -> tuple[Float32, Float32]:
    """x and y of the facets' normals: half by chance, half the mass's own at the site."""
    reach = int(3 * max(step)) + 2
    around = Patch(patch.scene, patch.bounds.grown(reach).clipped(patch.scene.extent))
    bounds = around.bounds
    x = ((lattice[0] + chance[0]) * step[0]).astype(np.int64) - bounds.x
    y = ((lattice[1] + chance[1]) * step[1]).astype(np.int64) - bounds.y
    inside = (x >= 0) & (y >= 0) & (x < bounds.width) & (y < bounds.height)
    rows, columns = np.clip(y, 0, bounds.height - 1), np.clip(x, 0, bounds.width - 1)
    mine = inside & (around.materials[rows, columns] == material)
    form_x, form_y = outward(around)
    turn, lean = chance[2] * np.float32(2 * np.pi), 0.25 + 0.45 * chance[3]
    if patch.script.conditions.place in _HEWN:
        lean = lean * np.float32(_SMOOTHED)
    nx = lean * np.cos(turn) + 0.9 * form_x[rows, columns] * mine
    ny = lean * np.sin(turn) + 0.9 * form_y[rows, columns] * mine
    size = np.maximum(np.hypot(nx, ny), 1)
    return np.asarray(nx / size, np.float32), np.asarray(ny / size, np.float32)
