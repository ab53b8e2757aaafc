"""Cloud: cumulus built from overlapping puffs, lit from the light, with a flat soft base that melts into the sky."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded import heads
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import kept, span_of_mass
from genzu.engines.embedded.heavens import VEILED, side_ends
from genzu.engines.embedded.lumps import Batch, Lump, Relief, batch, heap, joined, smoothstep
from genzu.engines.embedded.materials.cumulus import cloud_colours
from genzu.engines.embedded.materials.sky import sky_light, sky_of
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.strokes import Layer, brush_over, scatter
from genzu.engines.embedded.surface import Surface
from genzu.picture.arrays import Bool, Float32

_WHOLE = 0.75
"""Weight of the light on a cloud's whole body."""
_HALF_LIT, _EASED = np.float32(0.36), np.float32(0.5)
"""Light of a place that counts as half lit, and how far from it small billows still tell."""
_BASE = 0.65
"""Cover at the flat base: thin, but it ends where it was drawn."""
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
_LIGHTER = 1.02
"""Light of a cloud's shade, as a share of the sky's behind the feet, from which feet are the lighter of the two."""
_OF_SKY = 0.45
"""Share of the sky's hue in the shade of a cloud's foot that is darker than the sky; the rest is that of clouds."""
_AT_MOST = 0.45
"""Share of a cloud's height that its foot reaches up at most."""
_AT_NIGHT = 1.75
"""How much larger that step is where all is dark, for as large a one to the eye."""
_STEPS = {1: (0.52, 26.0), -1: (0.38, 64.0)}
"""Least step of the logarithm of light between a foot and the sky, and its reach in units; for lighter, and for darker
feet. Of a step about half is left by the cover."""
# spacing of the grid, share of the distance to the edge, smallest and largest radius; all in units
_SIZES = ((40.0, 1.00, 22.0, 78.0), (25.0, 1.0, 11.0, 40.0), (13.0, 1.10, 4.0, 15.0))

_FLOCKS, _BEFORE = (-0.35, 0.0), (0.8, 1.0)
"""Noise (about −1…1) from which there are small puffs of both sizes, and how many radii of the large one that they sit
on they come nearer."""


def _shapes(patch: Patch, mask: Bool) -> tuple[Relief, Relief]:
    """All puffs, and the large ones alone."""
    relief = heap(patch, joined([_puffs(patch, mask, k) for k in range(len(_SIZES))]), Lump.PUFF)
    return relief, heap(patch, _puffs(patch, mask, 0), Lump.PUFF)


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Light and cover of the cloud over the sky behind it."""
    top, bottom = span_of_mass(patch, Material.CLOUD)
    down = np.clip((patch.y - top) / np.maximum(bottom - top, 20), 0, 1)
    places = patch.scene.sample(heads.relief(patch.scene)[..., :4], patch.bounds)
    colour = cloud_colours(patch, _lit(patch, places, down), down, heads.AIR)
    sky = sky_light(patch)
    colour = _apart(patch, colour, sky, bottom - patch.y, bottom - top)
    light = sky + (colour - sky) * _cover(patch, places, down, bottom)[..., None]
    return Surface(albedo=np.zeros(3, np.float32), emission=light.astype(np.float32), haze=0, shadowed=False)


def _lit(patch: Patch, places: Float32, down: Float32) -> Float32:
    """(h, w) about −1…1: drawn heads first, smaller billows on them, and a body in shade under them."""
    towards = heads.aslant(patch.light.towards)
    relief, large = patch.formed(_shapes)
    billow = 1.05 * relief.facing(towards, 0.1) + 0.21 * large.facing(towards, 0.1)
    low = down + 0.14 * patch.noise(34, 934, octaves=2, stretch=2.0)
    lit = heads.modelled(patch.scene, places, low)
    # One light lies over the whole of it: some heads are in it, and some turn away.
    whole = patch.scene.sample(heads.mass(patch.scene)[..., 0], patch.bounds)
    whole = whole + 0.5 * patch.noise(170, 936, octaves=2, stretch=1.5)
    lit = lit + np.float32(_WHOLE) * whole * smoothstep(0.80, 0.45, down)
    # Even in full light a head is made of smaller ones: none of it is beyond their reach.
    lit = _EASED * np.tanh((lit - _HALF_LIT) / _EASED)
    lit = lit + billow + 0.10 * patch.noise(60, 933, octaves=3)
    return np.asarray(lit, np.float32)


def _cover(patch: Patch, places: Float32, down: Float32, bottom: Float32) -> Float32:
    """(h, w) 0–1: whole but for its rim, its ends and its foot, which runs out into the sky in level wisps."""
    relief, _large = patch.formed(_shapes)
    # Between the puffs there is cloud, too: only at its very rim it is torn.
    air = patch.scene.sample(heads.open_air(patch.scene), patch.bounds)
    cover = np.clip(np.maximum(relief.cover, smoothstep(0.42, 0.08, air)), 0, 1)
    above = bottom - patch.y
    wisps = 0.6 * patch.noise(8, 931, octaves=2, stretch=9.0) + 0.7 * patch.noise(60, 932, octaves=2, stretch=1.6)
    foot = smoothstep(-0.35, 0.75, above / 40 + wisps)
    lost = smoothstep(0.05, 0.5, patch.noise(46, 934, octaves=2, stretch=2.6)) * smoothstep(34, 0, above + 12 * wisps)
    cover = cover * (_BASE + (1 - _BASE) * foot) * (1 - 0.75 * lost)
    # To the sides it runs out into the air, or the pencil's open corners would be walls.
    ends = patch.scene.sample(side_ends(patch.scene), patch.bounds) + 16 * patch.noise(30, 935, octaves=2)
    cover = cover * heads.run_out(places, down, ends)
    # Nor are there walls where its foot ends before the last puffs do.
    goes_on = patch.scene.sample(heads.mass(patch.scene)[..., 1], patch.bounds) + 0.10 * patch.noise(26, 938, octaves=2)
    cover = cover * (1 - smoothstep(0.72, 0.92, down) * smoothstep(0.70, 0.50, goes_on))
    return np.asarray(cover * _veil(patch, down), np.float32)


def _apart(patch: Patch, colour: Float32, sky: Float32, above: Float32, tall: Float32) -> Float32:
    """The cloud's (h, w, 3) colour, at its foot darker or lighter than the sky, one way in one sky.

    ``above`` (h, w) is in units from the foot, ``tall`` (h, w) the height of the cloud: a thin one is no foot only.
    """
    side = np.float32(foot_side(patch.scene))
    step, reach = _STEPS[int(side)]
    step *= _AT_NIGHT if patch.light.night else 1.0
    reaches = np.minimum(reach, np.maximum(_AT_MOST * tall, 5))
    where = smoothstep(1, 0, (above - 4) / (reaches - 4))
    ratio = np.log(np.maximum(colour @ _LUMINANCE, 1e-4) / np.maximum(sky @ _LUMINANCE, 1e-4))
    wanted = side * np.maximum(side * ratio, np.float32(step))
    apart = colour * np.exp((wanted - ratio) * where)[..., None]
    if side > 0:
        return np.asarray(apart, np.float32)
    # What is darker is in the sky's own shade, and the clouds': a scaled light would be brown.
    script = patch.script
    shade_ = script.cloud_shade / np.float32(script.cloud_shade @ _LUMINANCE)
    goal = (_OF_SKY * sky + (1 - _OF_SKY) * shade_ * (sky @ _LUMINANCE)[..., None]) * np.exp(wanted)[..., None]
    share = np.minimum(2 * where, 1) * where**0.25 * np.minimum((ratio - wanted) * 8, 1)
    return np.asarray(apart + (goal - apart) * share[..., None], np.float32)


def foot_side(scene: Scene) -> float:
    """1 if the feet of clouds are lighter than the sky behind them, −1 if they are darker: one for all of a sky."""
    return float(kept(scene, "side of feet", _foot_side))


def _foot_side(scene: Scene) -> Float32:
    cloud = scene.small_materials == Material.CLOUD
    foot = np.zeros_like(cloud)
    foot[:-1] = cloud[:-1] & (scene.small_materials[1:] == Material.SKY)
    behind = kept(scene, "sky", sky_of)[foot] @ _LUMINANCE
    shade_ = float(scene.script.cloud_shade @ _LUMINANCE)
    return np.asarray(1 if behind.size == 0 or shade_ > _LIGHTER * float(behind.mean()) else -1, np.float32)


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
    if size:
        # Small ones sit in flocks on the large ones, and leave others plain.
        fits &= patch.noise(120, 939, octaves=2)[rows, columns] > _FLOCKS[size - 1]
    puffs = batch(points.where(fits), (radius[fits] * patch.unit).astype(np.float32), lean=0.8)
    if size:
        before = np.minimum(room[fits], _SIZES[0][3]) * np.float32(_BEFORE[size - 1] * patch.unit)
        puffs = replace(puffs, order=puffs.order + before)
    return puffs


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Soft dabs that round the lumps off, a few drier touches on the lit side, level wisps at the base."""
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.SOFT, length=26, width=18, spacing=13, salt=111, turn=1.2, value=0.010, hue=0.003, opacity=0.35,
              clip=False),
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.FLAT, length=20, width=9, spacing=15, salt=112, angle=-0.5, turn=1.0, value=0.014, hue=0.003,
              opacity=0.28, clip=False),
    )  # fmt: skip
