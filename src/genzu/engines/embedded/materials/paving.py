"""What paved ground is made of: carriageways, walks and their kerbs, stones, markings; slabs on the ground plane."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.embedded import fence
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.materials.built import smooth
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import box_of
from genzu.picture.arrays import Float32, Int32


class Paving(IntEnum):
    """What a road is made of."""

    ASPHALT = 0
    SLABS = 1
    STONE = 2
    PAINT = 3
    """Markings on the carriageway."""


_STONE_PLACES = (Place.SHRINE, Place.STAIRS, Place.PORT_TOWN, Place.RUINS, Place.GARDEN, Place.PARK, Place.BRIDGE)
_MARKING = 0.05
"""Share of the carriageway that one marking takes at most."""
_CUT = 5.0
"""Px of the reduced picture between a rail and the edge of what it cuts off."""
_PLATFORMS = (Place.STATION, Place.RAILWAY, Place.ROOFTOP, Place.SCHOOL)


def pavings(patch: Patch) -> Int32:
    """Paving by region id: the carriageway is the largest paved region, what runs beside it are walks."""
    return by_region(patch.scene)


def by_region(scene: Scene) -> Int32:
    """:func:`pavings` of a scene."""
    return kept(scene, "pavings", _by_region).astype(np.int32)


def _by_region(scene: Scene) -> Float32:
    """(n,) the largest paved region is driven on, what is small and lies in it is painted on it."""
    table, place = scene.regions, scene.script.conditions.place
    count = len(table.material)
    if place in _STONE_PLACES:
        return np.full(count, Paving.STONE, np.float32)
    if place in _PLATFORMS:
        return np.full(count, Paving.SLABS, np.float32)
    paved = np.where(table.material == Material.ROAD, table.area, 0)
    largest = int(np.max(paved, initial=1))
    kind = np.where(table.area >= 0.55 * largest, Paving.ASPHALT, Paving.SLABS).astype(np.float32)
    labels, forms, k = scene.small_regions, scene.forms, scene.shrink * scene.unit
    for region in np.flatnonzero((paved > 0) & (paved < _MARKING * largest))[:400].tolist():
        row = min(int(forms.y[region] * k), labels.shape[0] - 1)
        left, right = int(table.left[region] * scene.shrink) - 3, int(table.right[region] * scene.shrink) + 3
        sides = labels[row, max(left, 0)], labels[row, min(right, labels.shape[1] - 1)]
        if all(paved[side] and kind[side] == Paving.ASPHALT for side in sides):
            kind[region] = Paving.PAINT
    _joined_under_rails(scene, kind)
    return kind


def _joined_under_rails(scene: Scene, kind: Float32) -> None:
    """What a fence's rail cuts off from the carriageway is no walk: it goes on behind the fence. Changes ``kind``."""
    rails = kept(scene, "rails", fence.rails_of)
    if len(rails) == 0:
        return
    labels, table = scene.small_regions, scene.regions
    for region in np.flatnonzero((kind != Paving.ASPHALT) & (table.material == Material.ROAD))[:400].tolist():
        left, right = int(table.left[region] * scene.shrink), int(table.right[region] * scene.shrink) + 1
        top, bottom = int(table.top[region] * scene.shrink), int(table.bottom[region] * scene.shrink) + 1
        own = labels[top:bottom, left:right] == region
        columns = np.flatnonzero(own.any(0))
        if len(columns) == 0:
            continue
        ends = top + own.argmax(0)[columns], bottom - 1 - own[::-1].argmax(0)[columns]
        gaps = [np.nan_to_num(np.abs(rails[:, left + columns] - rows), nan=1e3).min(0) for rows in ends]
        if (np.minimum(*gaps) < _CUT).mean() > 0.5:
            kind[region] = Paving.ASPHALT


@dataclass(frozen=True, slots=True)
class Slabs:
    """Which slab lies under each place; planes are (h, w)."""

    row: Float32
    column: Float32
    row_step: Float32
    """Rows in a unit."""
    column_step: Float32
    laid: Float32
    """0–1 where there are slabs at all and they are near enough to be told apart."""


def slabs_under(patch: Patch, paving: Int32) -> Slabs | None:
    """Slabs or stones on the ground plane; ``None`` if nothing here is laid of them."""
    ids = patch.ids
    kind, step = paving[ids], patch.scene.forms.step[ids]
    where = ((kind == Paving.SLABS) | (kind == Paving.STONE)) & ~step
    if not where.any():
        return None
    across, away = patch.ground
    size = np.where(kind == Paving.STONE, np.float32(0.30), np.float32(0.42))
    column, row = across / size, away / size
    row_step = np.broadcast_to(away * away / 300 / size, patch.shape)
    shifted = column + 0.5 * np.mod(np.floor(row), 2) * (kind == Paving.STONE)
    laid = where * np.clip((patch.unit / np.maximum(row_step, 1e-4) - 2) / 4, 0, 1)
    return Slabs(
        np.asarray(row, np.float32), np.asarray(shifted, np.float32), np.asarray(row_step, np.float32),
        np.asarray(np.broadcast_to(away / 300 / size, patch.shape), np.float32), np.asarray(laid, np.float32),
    )  # fmt: skip


def kerb_light(patch: Patch) -> Float32 | None:
    """(h, w) share of light: the kerb's lit edge on the walk's side, the gutter's shade on the carriageway's."""
    field = kept(patch.scene, "kerbs", _kerbs)
    if field.size == 0:
        return None
    gap = patch.scene.sample(field, patch.bounds)
    size = np.clip((patch.y - patch.scene.vanishing[1]) / 400, 0.12, 2.0)
    place = gap / size
    edge = smooth(-0.3, 1.2, place) * smooth(8.0, 5.0, place)
    gutter = smooth(0.8, -0.8, place) * smooth(-16, -3, place)
    return np.asarray(0.16 * edge - 0.24 * gutter, np.float32)


def _kerbs(scene: Scene) -> Float32:
    """(h, w) units from the carriageway's edge, above 0 on the walk, at most 60; empty if there is no kerb."""
    kind = by_region(scene)[scene.small_regions]
    paved = scene.small_materials == Material.ROAD
    driven, walked = paved & np.isin(kind, (Paving.ASPHALT, Paving.PAINT)), paved & (kind == Paving.SLABS)
    if not (driven.any() and walked.any()):
        return np.zeros((0, 0), np.float32)
    k = np.float32(scene.shrink * scene.unit)
    box = box_of(paved)
    driven, walked = driven[box], walked[box]
    to_road, to_walk = (np.sqrt(mahotas.distance(~where)) / k for where in (driven, walked))
    field = np.zeros(paved.shape, np.float32)
    field[box] = np.clip(np.where(walked, to_road - 0.5 / k, 0.5 / k - to_walk), -60, 60)
    return field
