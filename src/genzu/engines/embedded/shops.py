"""Shops by night: lamps under the awnings light their front from above and spill over the pavement before it."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.forms import Forms
from genzu.engines.embedded.script import ColourScript
from genzu.engines.embedded.soft import gaussian
from genzu.picture.arrays import Bool, Float32, Int32, UInt8
from genzu.picture.colour import hex_to_linear

_TINTS = ("#ffb866", "#ffc684", "#ffd9a3", "#ffae5c")
_FRONT = (Material.WALL, Material.WOOD, Material.WINDOW)
_PAVED = (Material.ROAD, Material.SOIL, Material.GRASS)
_SPILL = 0.34
"""Share of a front's height within which the light on the pavement before it falls to a third."""


def open_shops(material: UInt8, forms: Forms, script: ColourScript) -> Bool:
    """(n,) which awnings hang over a shop that is open; nobody lights a lamp by day."""
    shops = (material == Material.CLOTH) & (forms.house != np.arange(len(material)))
    return np.asarray(shops & (forms.chance[:, 1] < 0.25 + 0.7 * script.lamps_on) & (script.lamps_on >= 0.2), bool)


def shop_light(labels: Int32, material: UInt8, forms: Forms, script: ColourScript) -> Float32 | None:
    """(h, w, 3) light of open shops on their fronts and the ground before them; ``None`` if there are none."""
    lit = open_shops(material, forms, script)
    cloth = (material == Material.CLOTH)[labels]
    hem = np.zeros(labels.shape, bool)
    hem[:-1] = cloth[:-1] & ~cloth[1:]
    if not (hem & lit[labels]).any():
        return None
    kind = material[labels]
    front, ground = np.isin(kind, _FRONT), np.isin(kind, _PAVED)
    rows = np.arange(labels.shape[0], dtype=np.int32)[:, None]
    # Above each place: the last hem, and the region that it belongs to; a pole before it hides nothing.
    last = np.maximum.accumulate(np.where(hem, rows, -1), axis=0)
    shop = np.where(last >= 0, np.take_along_axis(labels, np.maximum(last, 0), 0), 0)
    none = np.int32(labels.shape[0])
    paved = np.minimum.accumulate(np.where(ground, rows, none)[::-1], axis=0)[::-1]
    foot = np.take_along_axis(paved, np.maximum(last, 0), 0)
    tall = np.maximum(foot - last, 4).astype(np.float32)
    share = lit[shop] & (last >= 0) & (foot < none)
    down = np.clip((rows - last) / tall, 0, 1)
    # A front that comes down to the lower edge of the picture has no pavement in it.
    on_front = np.where(front & (rows <= foot + 2), 0.06 + 1.5 * np.exp(-3.2 * down), 0)
    before = (rows - foot) / (_SPILL * tall)
    on_ground = np.where(ground & (rows >= foot), 0.95 * np.exp(-np.clip(before, 0, 8)), 0)
    light = (share * (on_front + on_ground)).astype(np.float32)
    strength = np.float32(script.lamps_on * (1.0 if script.light.night else 0.45))
    tints = np.stack([hex_to_linear(code) for code in _TINTS])
    tint = tints[np.minimum((forms.chance[:, 2] * len(tints)).astype(np.int64), len(tints) - 1)][shop]
    # There is a lamp here and there: none of them ends where its awning ends.
    sideways = labels.shape[0] / 40
    planes = [gaussian(np.ascontiguousarray(light * tint[..., c]), sideways, axis=1, nearest=True) for c in range(3)]
    return np.asarray(strength * np.stack(planes, -1), np.float32)
