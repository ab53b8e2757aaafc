"""Trunk: a cylinder of bark, in the shade of its own crown at the top."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import air_of_tree, distance_to
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface, tinted
from genzu.engines.embedded.weathering import snowed
from genzu.picture.arrays import Bool, Float32

_STEP = 256
"""Px by which a stem is followed out of the patch at once."""


def shade(patch: Patch, mask: Bool) -> Surface:
    """Round across, rough along; the crown darkens its top, leaves dapple it."""
    across = _across(patch, mask)
    side = float(np.sign(patch.light.towards[0]))
    facing = np.sqrt(np.clip(1 - across * across, 0, 1)) * 0.55 + across * side * 0.75
    bark = patch.noise(30, 971, octaves=3, stretch=0.14)
    facing = facing + 0.34 * bark
    light = smoothstep(-0.25, 0.95, facing)
    dapple = smoothstep(0.12, 0.42, patch.noise(24, 972, octaves=2))
    crown = np.clip(1 - distance_to(patch, Material.FOLIAGE) / 70, 0, 1)
    light = light * (1 - 0.85 * crown * (1 - 0.5 * dapple))
    kin = patch.script.local(Material.TRUNK, int(patch.script.seed % 3))
    albedo = kin * (1 + 0.30 * bark + 0.15 * patch.noise(60, 973))[..., None]
    moss = smoothstep(0.1, 0.6, patch.noise(44, 974, octaves=2) - across * side * 0.4) * 0.35
    albedo = tinted(albedo.astype(np.float32), 0.82, 1.06, 0.78, moss.astype(np.float32))
    lying = np.clip(0.28 + across * side * 0.25 + 0.3 * bark, 0, 1)
    rim = 0.18 * smoothstep(0.75, 1.0, -across * side)
    return Surface(
        albedo=snowed(patch, albedo, lying),
        light=(light + rim).astype(np.float32),
        openness=(0.9 - 0.45 * crown - 0.25 * np.abs(across)).astype(np.float32),
        bounce=0.5,
        shadowed=False,
        haze=air_of_tree(patch),
    )


def _across(patch: Patch, mask: Bool) -> Float32:
    """(h, w) −1 at the left side of each row's run … 1 at its right side; 0 outside."""
    width = mask.shape[1]
    columns = np.arange(width, dtype=np.float32)[None, :]
    left = np.maximum.accumulate(np.where(mask, -1, columns), axis=1)
    right = np.minimum.accumulate(np.where(mask, 9e9, columns)[:, ::-1], axis=1)[:, ::-1]
    # A stem that runs out of the patch is as wide as it is in the picture.
    left = np.where(left < 0, -1 - _beyond(patch, mask[:, 0], -1), left)
    right = np.where(right >= width, width + _beyond(patch, mask[:, -1], 1), right)
    share = (columns - left) / np.maximum(right - left, 2)
    return np.where(mask, share * 2 - 1, 0).astype(np.float32)


def _beyond(patch: Patch, cut: Bool, side: int) -> Float32:
    """(h, 1) px by which runs that the left (−1) or the right (1) end of the patch has ``cut`` (h,) go on beyond it."""
    open_rows, more, bounds = cut.copy(), np.zeros(len(cut), np.float32), patch.bounds
    edge, whole = bounds.x if side < 0 else bounds.right, patch.scene.extent.width
    while open_rows.any() and 0 < edge < whole:
        begin, end = (max(edge - _STEP, 0), edge) if side < 0 else (edge, min(edge + _STEP, whole))
        stem = patch.scene.reading.materials[bounds.y : bounds.bottom, begin:end][:, ::side] == Material.TRUNK
        run = np.where(stem.all(1), end - begin, (~stem).argmax(1))
        more += run * open_rows
        open_rows &= run == end - begin
        edge += side * (end - begin)
    return more[:, None]


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Dry strokes up the trunk, dark cracks, a few level knots."""
    near = np.clip(1.25 - patch.depth, 0.35, 1.1).astype(np.float32)
    for tip, length, width, spacing, salt, value, opacity in (
        (Tip.BRISTLE, 40, 8, 8, 141, 0.030, 0.75), (Tip.STREAK, 26, 2.6, 7, 142, 0.065, 0.65),
    ):  # fmt: skip
        brush_over(
            patch, base, canvas, mask,
            Layer(tip=tip, length=length, width=width, spacing=spacing, salt=salt, angle=np.pi / 2, turn=0.10,
                  value=value, hue=0.006, opacity=opacity),
            sizes=near,
        )  # fmt: skip
