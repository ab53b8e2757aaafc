"""Cloud: cumulus built from overlapping puffs, lit from the light, with a flat soft base that melts into the sky."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import distance_to, outward, span_of_mass
from genzu.engines.embedded.heavens import VEILED, folds, side_ends
from genzu.engines.embedded.lumps import Batch, Lump, Relief, batch, heap, joined, line_relief, smoothstep
from genzu.engines.embedded.materials.cumulus import cloud_colours
from genzu.engines.embedded.materials.sky import sky_light
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over, scatter
from genzu.engines.embedded.surface import Surface
from genzu.picture.arrays import Bool, Float32

_BASE = 0.72
"""Cover at the flat base: thin, but it ends where it was drawn."""
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
_LIGHTER = np.float32(1.15)
"""How much lighter than the sky a cloud's shade must be for its foot to be the lighter of the two."""
_OF_SKY = 0.6
"""Share of the sky's hue in the shade of a cloud's foot that is darker than the sky."""
_STEP = 0.24
"""Least step of the logarithm of light between a cloud's foot and the sky: of its cover about half is left there."""
# spacing of the grid, share of the distance to the edge, smallest and largest radius; all in units
_SIZES = ((40.0, 1.00, 22.0, 78.0), (25.0, 1.0, 11.0, 40.0), (13.0, 1.10, 4.0, 15.0))


def _shapes(patch: Patch, mask: Bool) -> tuple[Relief, Relief, Float32]:
    """All puffs, the large ones alone, and the turns of form at drawn lines."""
    relief = heap(patch, joined([_puffs(patch, mask, k) for k in range(len(_SIZES))]), Lump.PUFF)
    return relief, heap(patch, _puffs(patch, mask, 0), Lump.PUFF), line_relief(patch, 10)


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Light and cover of the cloud over the sky behind it."""
    top, bottom = span_of_mass(patch, Material.CLOUD)
    down = np.clip((patch.y - top) / np.maximum(bottom - top, 20), 0, 1)
    form_x, form_y = outward(patch)
    towards = patch.light.towards
    relief, large, turns = patch.formed(_shapes)
    lit = 0.42 * relief.facing(towards, 0.2) + 0.50 * large.facing(towards, 0.1)
    lit = lit + 0.38 * (form_x * towards[0] + form_y * towards[1]) + 0.6 * turns
    lit = lit + 0.95 * patch.scene.sample(folds(patch.scene), patch.bounds)
    lit = lit + 0.10 - 0.90 * smoothstep(0.25, 0.95, down) + 0.16 * patch.noise(60, 933, octaves=3) + 0.1 * large.tone
    colour = cloud_colours(patch, lit, down)
    melt = down + 0.16 * patch.noise(34, 931, octaves=3, stretch=3.0)
    # Between the puffs there is cloud, too: only at its very rim it is torn.
    cover = np.clip(np.maximum(relief.cover, smoothstep(1.5, 7, distance_to(patch, Material.SKY))), 0, 1)
    # The base ends where it was drawn, lost and found, but to the sides it runs out into the air.
    base = np.clip(_BASE + 0.30 * patch.noise(70, 932, octaves=2, stretch=2.2), 0.55, 0.95)
    cover = cover * (1 - (1 - base) * smoothstep(0.66, 1.02, melt))
    # Here and there its lower edge is air already, or it would be cut off with a ruler.
    lost = smoothstep(0.05, 0.45, patch.noise(46, 934, octaves=2, stretch=2.6))
    cover = cover * (1 - 0.36 * lost * smoothstep(16, 1, bottom - patch.y + 7 * patch.noise(22, 939, stretch=2.0)))
    # To the sides it runs out into the air, or the pencil's open corners would be walls.
    ends = patch.scene.sample(side_ends(patch.scene), patch.bounds) + 16 * patch.noise(30, 935, octaves=2)
    cover = cover * (1 - smoothstep(52, 8, bottom - patch.y) * smoothstep(64, 4, ends))
    cover = cover * _veil(patch, down)
    sky = sky_light(patch)
    colour = _apart(patch, colour, sky, bottom, smoothstep(0.55, 0.9, down))
    light = sky + (colour - sky) * cover[..., None]
    return Surface(albedo=np.zeros(3, np.float32), emission=light.astype(np.float32), haze=0, shadowed=False)


def _apart(patch: Patch, colour: Float32, sky: Float32, bottom: Float32, where: Float32) -> Float32:
    """The cloud's (h, w, 3) colour, at its foot (``where``, 0–1) darker or lighter than the sky, and never the same.

    Which of the two, its shade against the sky at its ``bottom`` (h, w; units) tells: whole clouds go one way.
    """
    script = patch.script
    up = np.clip(1 - bottom / max(patch.horizon, 60.0), 0, 1)
    low, middle, high = (float(tone @ _LUMINANCE) for tone in (script.horizon, script.middle, script.zenith))
    behind = low + (middle - low) * smoothstep(0.0, 0.5, up)
    behind = behind + (high - behind) * smoothstep(0.45, 1.0, up)
    side = np.where(float(script.cloud_shade @ _LUMINANCE) > _LIGHTER * behind, np.float32(1), np.float32(-1))
    ratio = np.log(np.maximum(colour @ _LUMINANCE, 1e-4) / np.maximum(sky @ _LUMINANCE, 1e-4))
    wanted = side * np.maximum(side * ratio, np.float32(_STEP))
    apart = colour * np.exp((wanted - ratio) * where)[..., None]
    # What is darker is in the sky's own shade: a scaled light would be brown.
    share = np.where(side < 0, np.float32(_OF_SKY), np.float32(0)) * where * np.minimum((wanted - ratio) * side * 8, 1)
    return np.asarray(apart + (sky * np.exp(wanted)[..., None] - apart) * share[..., None], np.float32)


def _veil(patch: Patch, down: Float32) -> Float32 | float:
    """0–1: how much of the cloud shows; under a closed sky its heads stand out, and its foot is one with the deck."""
    shown = VEILED.get(patch.script.conditions.weather, 1.0)
    if shown == 1.0:
        return shown
    return np.asarray(np.minimum(1.5 * shown, 0.9) * smoothstep(0.95, 0.30, down), np.float32)


def _puffs(patch: Patch, mask: Bool, size: int) -> Batch:
    spacing, share, least, most = _SIZES[size]
    points = scatter(patch, mask, spacing, 941 + size)
    rows, columns = points.index
    room = patch.inner[rows, columns]
    fits = room > least * (0.75 if size else 0.9)
    radius = np.clip(room * share, least, most)
    radius = radius * (0.80 + 0.24 * points.chance[:, 3])
    kept = points.where(fits)
    return batch(kept, (radius[fits] * patch.unit).astype(np.float32), lean=0.8)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Soft dabs that round the lumps off, a few drier touches on the lit side, level wisps at the base."""
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.SOFT, length=26, width=18, spacing=13, salt=111, turn=1.2, value=0.010, hue=0.003, opacity=0.5,
              clip=False),
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.FLAT, length=20, width=9, spacing=15, salt=112, angle=-0.5, turn=1.0, value=0.014, hue=0.003,
              opacity=0.28, clip=False),
    )  # fmt: skip
