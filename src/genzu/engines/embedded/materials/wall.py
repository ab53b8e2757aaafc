"""Walls: a light plane and a shadow plane, eaves' shadow, courses in perspective, weather at foot and sill."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import distance_to, foot_of_column, top_of_column
from genzu.engines.embedded.materials.built import (
    coloured,
    course_chance,
    groove,
    keep_form,
    of_codes,
    plane_light,
    rest,
    smooth,
    snow_cap,
    stroke_sizes,
)
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface, tinted, toned
from genzu.engines.embedded.weathering import sills, under_eaves
from genzu.picture.arrays import Bool, Float32, Int32


class Style(IntEnum):
    """What a wall is built of."""

    PLASTER = 0
    SIDING = 1
    HALF = 2
    """Plaster above, boards below (腰板)."""
    CONCRETE = 3
    BRICK = 4
    TIN = 5
    """Corrugated sheets."""


_COLOURS = {
    Style.PLASTER: ("#ece0c8", "#e3d3b6", "#f0e9dc", "#d8c3ac", "#dcc9bb", "#cfd2cb", "#e6d9a8", "#d3b8a0"),
    Style.SIDING: ("#b98f64", "#c7a67c", "#a58063", "#d3bd94", "#a9b3ae", "#cdb790"),
    Style.HALF: ("#ede2cc", "#e5d8c0", "#f0eadf", "#dccbb0"),
    Style.CONCRETE: ("#b9b6ae", "#aaa9a5", "#c3beb2", "#9fa3a6", "#b3a99c"),
    Style.BRICK: ("#a8624a", "#96523f", "#b57a58", "#8a5c4c"),
    Style.TIN: ("#a9bcbf", "#c0b59c", "#9db3aa", "#b79a83"),
}
_OLD_BRICK = ("#a58a74", "#9b8b78", "#ab9478", "#918475")
"""Of ruins: washed out by rain, grey with lichen."""
_BOARDS = "#94704f"
_SILL = np.array([0.60, 0.56, 0.50], np.float32)
_SPLASHED, _MOSSY = np.array([0.46, 0.38, 0.29], np.float32), np.array([0.36, 0.42, 0.25], np.float32)
"""Linear colour of a weathered sill."""
_USUAL = (Style.PLASTER, Style.PLASTER, Style.HALF, Style.SIDING, Style.SIDING, Style.CONCRETE)
_OF_PLACE = {
    Place.CITY: (Style.CONCRETE, Style.CONCRETE, Style.PLASTER, Style.BRICK),
    Place.SCHOOL: (Style.CONCRETE, Style.CONCRETE, Style.PLASTER),
    Place.ROOFTOP: (Style.CONCRETE, Style.PLASTER),
    Place.RUINS: (Style.CONCRETE, Style.BRICK, Style.PLASTER),
    Place.VILLAGE: (Style.HALF, Style.PLASTER, Style.SIDING),
    Place.RICE_FIELD: (Style.HALF, Style.PLASTER, Style.SIDING),
    Place.SHRINE: (Style.HALF, Style.SIDING),
    Place.STATION: (Style.SIDING, Style.PLASTER, Style.TIN),
    Place.RAILWAY: (Style.SIDING, Style.TIN, Style.CONCRETE),
    Place.SHOPPING_STREET: (Style.PLASTER, Style.SIDING, Style.PLASTER, Style.HALF, Style.TIN),
    Place.ALLEY: (Style.SIDING, Style.TIN, Style.PLASTER, Style.CONCRETE),
    Place.PORT_TOWN: (Style.PLASTER, Style.PLASTER, Style.SIDING, Style.HALF),
}


def styles(patch: Patch) -> Int32:
    """Style of every region's wall, by region id."""
    place = patch.script.conditions.place
    choice = _USUAL if place is None else _OF_PLACE.get(place, _USUAL)
    chance = patch.scene.forms.chance[:, 0]
    return np.array(choice, np.int32)[np.minimum((chance * len(choice)).astype(np.int64), len(choice) - 1)]


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Planes, gradient and weather of walls."""
    forms, ids = patch.scene.forms, patch.ids
    albedo = _local(patch)
    light = plane_light(patch, patch.of_region(forms.facing))
    light = light * (1 - 0.9 * patch.wall_shadow)
    above_foot = _above_foot(patch)
    tall = np.maximum(patch.box[3], 20)
    rise = np.clip(above_foot / tall, 0, 1)
    # One soft slope of tone over the whole plane, and the sky's light lost towards its foot.
    sweep = (patch.box[0] - 0.5) * (forms.chance[:, 2] - 0.5)[ids]
    light = light * (0.86 + 0.21 * rise) * (1 + 0.22 * sweep + 0.08 * patch.noise(230, 411, octaves=2))
    albedo = _weathered(patch, albedo, tall)
    sill, below_sill = sills(patch)
    if sill is not None:
        albedo = albedo + (_SILL - albedo) * (0.55 * sill)[..., None]
        light = light * (1 - 0.5 * min(1.0, patch.light.sharpness + 0.2) * below_sill) + 0.16 * sill
    if patch.light.night:
        # A dark mass with a thin edge of moonlight against the sky; the borders of windows are no edges of it.
        light = light * (0.32 + 0.9 * np.exp(-distance_to(patch, Material.SKY) / 5))
    quiet = rest(patch)
    if quiet is not None:
        light = light * (1 - 0.62 * quiet)
        albedo = albedo + (0.40 - albedo) * (0.55 * quiet[..., None])
    albedo, light = snow_cap(patch, albedo, light, 9)
    # Whatever the weather, less of the sky is seen from under the eaves.
    under = (1 - 0.22 * patch.wall_shadow) * (1 - 0.34 * under_eaves(patch))
    return Surface(
        albedo=albedo.astype(np.float32),
        light=light.astype(np.float32),
        openness=(under * (0.74 + 0.30 * rise) * (0.82 if patch.light.night else 1)).astype(np.float32),
        bounce=(0.20 + 1.15 * (1 - rise) ** 1.6).astype(np.float32),
        shadowed=False,
    )


def _local(patch: Patch) -> Float32:
    """Local colour by style; the boarded foot of half-timbered walls."""
    style = styles(patch)
    chance = patch.scene.forms.chance[:, 1]
    ruins = patch.script.conditions.place is Place.RUINS
    colour = np.zeros((len(style), 3), np.float32)
    for kind in np.unique(style):
        codes = _OLD_BRICK if kind == Style.BRICK and ruins else _COLOURS[Style(kind)]
        pick = np.minimum((chance * len(codes)).astype(np.int64), len(codes) - 1)
        colour[style == kind] = of_codes(patch, codes, pick)[style == kind]
    albedo: Float32 = patch.of_region(colour)
    boards = _boards(patch, style)
    if boards is not None:
        wood = coloured(patch, (_BOARDS,), np.zeros(len(style), np.int64))
        albedo = albedo + (wood - albedo) * boards[..., None]
    bare = fallen_facing(patch, style)
    if bare is not None:
        albedo = tinted(albedo, 0.70, 0.64, 0.57, bare)
    return np.asarray(albedo * (1 + 0.05 * patch.noise(70, 412, octaves=2)[..., None]), np.float32)


def fallen_facing(patch: Patch, style: Int32) -> Float32 | None:
    """(h, w) 0–1: where old walls have lost their facing and show the rubble behind; ``None`` = nowhere."""
    if patch.script.conditions.place is not Place.RUINS:
        return None
    faced = np.isin(style, (Style.PLASTER, Style.CONCRETE))[patch.ids]
    if not faced.any():
        return None
    field = patch.noise(150, 418, octaves=4, gain=0.55) + 0.25 * (patch.box[1] - 0.5)
    return np.asarray(faced * smooth(0.30, 0.33, field), np.float32)


def _boards(patch: Patch, style: Int32) -> Float32 | None:
    half = (style == Style.HALF)[patch.ids]
    if not half.any():
        return None
    forms, table = patch.scene.forms, patch.scene.regions
    lowest = np.zeros(len(style), np.int64)
    np.maximum.at(lowest, forms.body, table.bottom)
    at_foot = (table.bottom > lowest[forms.body] - 0.12 * (table.bottom - table.top))[patch.ids]
    tall, above = patch.box[3], _above_foot(patch)
    level = 0.36 * tall - above
    _, vy, recedes = patch.scene.vanishing
    if recedes:
        # In perspective the boards' upper edge runs to the vanishing point: a fixed share from eye level to foot.
        foot = patch.y + above
        fan = (np.abs(forms.facing) > 0.2)[patch.ids] & (foot > vy + 20)
        level = np.where(fan, (patch.y - vy) - 0.42 * (foot - vy), level)
    return np.asarray(half * at_foot * (tall > 40) * smooth(-0.8, 0.8, level), np.float32)


def _above_foot(patch: Patch) -> Float32:
    """Units above the foot of the wall: above its fitted lower edge, or above its box's lower side."""
    forms, table, ids = patch.scene.forms, patch.scene.regions, patch.ids
    line = patch.of_region(forms.foot.at) + patch.of_region(forms.foot.slope) * (patch.x - patch.of_region(forms.x))
    foot = np.where(patch.of_region(forms.foot.good), line, table.bottom[ids] / patch.unit)
    return np.asarray(np.maximum(foot - patch.y, 0), np.float32)


def _weathered(patch: Patch, albedo: Float32, tall: Float32) -> Float32:
    """Local colour after years: splashes and moss at the foot, rain's runs from eaves and sills, mended places."""
    style = styles(patch)[patch.ids]
    runs = np.clip(patch.noise(120, 413, stretch=0.06, octaves=2) + 0.1, 0, 1)
    sills = patch.scene.sample(patch.scene.streaks, patch.bounds)
    # Rain runs down from every upper edge, here a little, there far; a small wall has short runs.
    under = np.maximum(patch.y - top_of_column(patch, Material.WALL), 0)
    broad = patch.noise(90, 414, octaves=2)
    eaves = np.exp(-under / np.clip(tall * (0.16 + 0.20 * broad), 3, 110))
    over = np.maximum(foot_of_column(patch) - patch.y, 0)
    foot = np.exp(-over / np.clip(tall * (0.085 + 0.09 * broad), 2, 56))
    tin = style == Style.TIN
    soiled = 0.30 * sills * runs + eaves * (0.16 + 0.60 * runs) + 0.05 * runs
    albedo = tinted(albedo, 0.36, 0.36, 0.38, np.minimum(soiled * ~tin + 0.5 * soiled * tin, 0.7))
    if tin.any():
        albedo = tinted(albedo, 0.90, 0.58, 0.38, tin * np.minimum(1.5 * soiled + 0.5 * foot * runs, 0.7))
    # Moss where it stays wet, earth where it splashes.
    moss = smooth(-0.25, 0.25, broad)
    splashed = toned(_SPLASHED, 1 - moss) + toned(_MOSSY, moss)
    albedo = albedo * (1 + (splashed - 1) * (0.9 * foot)[..., None])
    # A few large places were mended with a mix of another tone; elsewhere the coat is gone and its ground shows.
    plain = np.isin(style, (Style.PLASTER, Style.HALF, Style.CONCRETE))
    wide = patch.noise(340, 415, octaves=1)
    if plain.any():
        coat = broad + 0.4 * wide
        albedo = albedo * (1 + 0.11 * plain * smooth(0.16, 0.20, coat))[..., None]
        gone = plain * smooth(-0.40, -0.43, coat + 0.16 * runs) * smooth(30, 60, tall)
        if gone.any():
            albedo = tinted(np.asarray(albedo, np.float32), 0.80, 0.72, 0.63, gone)
    # Every wall has bleached unevenly, and what rain keeps wet has not.
    return np.asarray(albedo * (1 + 0.06 * wide + 0.03 * broad)[..., None], np.float32)


def courses(patch: Patch) -> tuple[Float32, Float32, Float32, Float32]:
    """Rows and columns of what a wall is built of, in perspective, with their phase per unit (row, column)."""
    forms, ids = patch.scene.forms, patch.ids
    tall = np.maximum((patch.scene.regions.bottom - patch.scene.regions.top)[forms.body][ids] / patch.unit, 20)
    size = np.clip(tall / 24, 5.5, 13)
    vx, vy, recedes = patch.scene.vanishing
    turned = np.abs(patch.of_region(forms.facing)) > 0.2
    line = patch.of_region(forms.foot.at) + np.where(forms.foot.good, forms.foot.slope, 0)[ids] * (
        patch.x - patch.of_region(forms.x)
    )
    level = np.where(
        patch.of_region(forms.foot.good), line - patch.y, patch.scene.regions.bottom[ids] / patch.unit - patch.y
    )
    row, column = level / size, (patch.x - patch.of_region(forms.x)) / size
    row_step, column_step = 1 / size, 1 / size
    if recedes and turned.any():
        away = np.maximum(np.abs(patch.x - vx), 12)
        middle = np.maximum(np.abs(patch.of_region(forms.x) - vx), 40)
        fan = turned & (away > 12.5)
        row = np.where(fan, (vy - patch.y) / away * middle / size, row)
        row_step = np.where(fan, middle / size / away, row_step)
        column = np.where(fan, middle / size * np.log(away / middle), column)
        column_step = np.where(fan, middle / size / away, column_step)
    values = row, column, row_step, column_step
    return tuple(np.asarray(np.broadcast_to(v, patch.shape), np.float32) for v in values)  # type: ignore[return-value]


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Large flat strokes down the wall, dry bristle over them."""
    down, sizes = float(np.pi / 2), stroke_sizes(patch, 260)
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.FLAT, length=78, width=24, spacing=19, salt=2101, angle=down, turn=0.12, value=0.010, hue=0.005),
        sizes=sizes,
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(
            tip=Tip.BRISTLE, length=60, width=15, spacing=30, salt=2102, angle=down, turn=0.10, opacity=0.4,
            value=0.016, hue=0.006,
        ),
        sizes=sizes,
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.SPATTER, length=26, width=26, spacing=70, salt=2103, opacity=0.35, value=0.05, hue=0.01),
    )  # fmt: skip


def finish(patch: Patch, base: Float32, canvas: Float32) -> None:
    """The ruler work of boards and joints."""
    keep_form(base, canvas)
    canvas[..., 0] += _built_of(patch) * np.clip(canvas[..., 0] * 1.6, 0.3, 1)


def _built_of(patch: Patch) -> Float32:
    """Change of lightness by boards, bricks, joints and ribs."""
    style, ids = styles(patch), patch.ids
    row, column, row_step, column_step = courses(patch)
    kind = style[ids]
    boards = _boards(patch, style)
    sided = (kind == Style.SIDING).astype(np.float32) + (0 if boards is None else boards)
    change = np.zeros(patch.shape, np.float32)
    # A ruled line of one width is a diagram: on a wall it is cut here, and there the light has closed it.
    found = np.clip(0.72 + 1.1 * patch.noise(75, 2114, octaves=2, stretch=1.8), 0.12, 1.35)
    if sided.any():
        board = course_chance(patch, np.floor(row), np.zeros_like(row), 2111)
        lap = groove(row, row_step, 1.7, patch.unit) * found * (0.8 + 0.35 * board)
        catch = groove(row + 0.16, row_step, 1.2, patch.unit) * (1.4 - found)
        change += sided * (0.024 * board - 0.095 * lap + 0.034 * catch)
    bare, laid = fallen_facing(patch, style), (kind == Style.BRICK).astype(np.float32)
    laid = laid if bare is None else np.maximum(laid, bare)
    if laid.any():
        change += laid * _bricks(patch, row * 1.6, column * 0.8, row_step * 1.6, column_step * 0.8)
    if bare is not None:
        # The broken edge of the facing stands before the rubble and throws a thin shade.
        change -= 0.09 * smooth(0.02, 0.5, bare) * smooth(0.98, 0.5, bare)
    if (kind == Style.CONCRETE).any():
        joints = np.maximum(
            groove(row / 7, row_step / 7, 1.5, patch.unit), groove(column / 11, column_step / 11, 1.5, patch.unit)
        )
        tone = 0.016 * course_chance(patch, np.floor(row / 7), np.floor(column / 11), 2112)
        change += (kind == Style.CONCRETE) * (tone - 0.055 * joints * found)
    if (kind == Style.TIN).any():
        wave = 0.022 * np.sin(column * 2 * np.pi) * np.clip((patch.unit / column_step - 3) / 4, 0, 1)
        sheets = groove(column / 9, column_step / 9, 1.4, patch.unit)
        change += (kind == Style.TIN) * (wave * (0.5 + 0.6 * found) - 0.065 * sheets * found)
    return np.asarray(change, np.float32)


def _bricks(patch: Patch, row: Float32, column: Float32, row_step: Float32, column_step: Float32) -> Float32:
    shifted = column + 0.5 * np.mod(np.floor(row + 0.5), 2)
    mortar = np.maximum(groove(row + 0.5, row_step, 1.2, patch.unit), groove(shifted, column_step, 1.2, patch.unit))
    tone = 0.035 * course_chance(patch, np.floor(row + 0.5), np.floor(shifted), 2113)
    return np.asarray(tone * (1 - mortar) + 0.03 * mortar, np.float32)
