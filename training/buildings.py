"""Built things in perspective: houses, windows, roofs, poles, boxes, railings."""

# ruff: noqa: RUF005 (points are arrays: "line + (0, 5)" moves them)
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genzu.core.material import Material
from training.camera import Face, Place, Solid
from training.drawing import BLUE, Drawing, Points
from training.shapes import Rng, bar, hatch, smooth


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Measures of a house in metres; the ridge runs along a (its front's width)."""

    width: float = 7.0
    depth: float = 6.0
    height: float = 5.0
    rise: float = 2.4
    eave: float = 0.5
    floors: int = 2
    thick: float = 0.22
    """Thickness of the roof's edge."""
    tiles: float = 1.0
    """Density of the tile lines, 0 = plain."""
    roof: Material = Material.ROOF
    wall: Material = Material.WALL
    planks: float = 0.0
    """Share of the wall that is clad with boards."""
    shade: bool = False
    """Blue pencil under the eaves."""


def _weight(place: Place) -> float:
    """Near things are drawn with a heavier line."""
    z = max(place.z, 2.0)
    return float(np.clip(0.55 + 5.5 / z, 0.6, 1.25))


def faces(place: Place, w: float, h: float, depth: float) -> list[tuple[str, Face, float, float]]:
    """The upright faces of a box that the viewer sees: name, face, its width and its height."""
    v = place.viewer()
    seen = []
    if v[0] < 0:
        seen.append(("left", Face(place, (0, 0, depth), (0, 0, -1), (0, 1, 0)), depth, h))
    if v[0] > w:
        seen.append(("right", Face(place, (w, 0, 0), (0, 0, 1), (0, 1, 0)), depth, h))
    if v[2] < 0:
        seen.append(("front", Face(place, (0, 0, 0), (1, 0, 0), (0, 1, 0)), w, h))
    if v[2] > depth:
        seen.append(("back", Face(place, (w, 0, depth), (-1, 0, 0), (0, 1, 0)), w, h))
    return seen


def box(
    d: Drawing, place: Place, w: float, h: float, depth: float, material: Material, *, weight: float | None = None,
    lid: Material | None = None,
) -> None:  # fmt: skip
    """A block: its seen sides and, from above, its top."""
    thick = _weight(place) if weight is None else weight
    for _, face, wide, high in faces(place, w, h, depth):
        d.fill(face.rect(0, 0, wide, high), material, ruled=True, weight=thick)
    if place.viewer()[1] > h:
        top = place.polygon([(0, h, 0), (w, h, 0), (w, h, depth), (0, h, depth)])
        d.fill(top, lid if lid is not None else material, ruled=True, weight=thick)


def window(
    d: Drawing, rng: Rng, face: Face, s: float, t: float, w: float, h: float, *, weight: float = 0.8,
    panes: tuple[int, int] = (2, 2), sill: bool = True, shutters: bool = False,
) -> None:  # fmt: skip
    """A window with its frame, bars, sill, and now and then shutters."""
    frame = 0.09 * min(w, h) + 0.03
    if shutters:
        for lo in (s - 0.48 * w, s + w):
            d.fill(face.rect(lo, t, lo + 0.48 * w, t + h), Material.WOOD, ruled=True, weight=weight * 0.9, pressure=0.6)
            for k in range(1, 5):
                y = t + h * k / 5
                d.stroke(face.line(lo + 0.06 * w, y, lo + 0.42 * w, y), weight=0.5, pressure=0.35, ruled=True)
    outer = face.rect(s, t, s + w, t + h)
    d.fill(outer, Material.WINDOW, ruled=True, weight=weight, pressure=0.75)
    if len(outer) < 4:
        return
    span = float(np.ptp(outer[:, 0]))
    if span > 16:
        d.stroke(
            _closed(face.rect(s + frame, t + frame, s + w - frame, t + h - frame)),
            weight=0.55,
            pressure=0.5,
            ruled=True,
        )
    if span > 7:
        for k in range(1, panes[0]):
            x = s + w * k / panes[0]
            d.stroke(face.line(x, t, x, t + h), weight=0.7 * weight, pressure=0.65, ruled=True)
        for k in range(1, panes[1]):
            y = t + h * k / panes[1]
            d.stroke(face.line(s, y, s + w, y), weight=0.6 * weight, pressure=0.6, ruled=True)
    if span > 34 and rng.random() < 0.6:
        for u in (0.3, 0.42):
            d.stroke(face.line(s + w * u, t + 0.2 * h, s + w * (u + 0.25), t + 0.8 * h), weight=0.45, pressure=0.25)
    if sill and span > 12:
        d.fill(face.rect(s - 0.1 * w, t - 0.12, s + 1.1 * w, t), Material.WALL, ruled=True, weight=weight * 0.8)


def door(d: Drawing, face: Face, s: float, w: float, h: float, *, weight: float = 0.9, panels: int = 2) -> None:
    """A wooden door with panels."""
    top = d.fill(face.rect(s, 0, s + w, h), Material.WOOD, ruled=True, weight=weight)
    for k in range(panels):
        lo, hi = h * (0.08 + 0.9 * k / panels), h * (0.02 + 0.9 * (k + 1) / panels)
        d.stroke(_closed(face.rect(s + 0.15 * w, lo, s + 0.85 * w, hi)), weight=0.55, pressure=0.45, ruled=True, on=top)


def _closed(p: Points) -> Points:
    return np.concatenate([p, p[:1]]) if len(p) else p


def roof_lines(d: Drawing, rng: Rng, slope: Face, wide: float, run: float, density: float, on: int) -> None:
    """Courses and columns of tiles; far roofs get fewer, and parts are left to the imagination."""
    corner = slope.rect(0, 0, wide, run)
    if len(corner) < 4 or density <= 0:
        return
    across = max(float(np.hypot(*(corner[1] - corner[0]))), float(np.hypot(*(corner[2] - corner[3]))))
    up = float(np.hypot(*(corner[3] - corner[0])))
    columns = int(np.clip(min(wide / 0.42, across / 11) * density, 0, 60))
    for k in range(1, columns):
        x = wide * k / columns
        lo = rng.uniform(0, 0.12) if rng.random() < 0.8 else rng.uniform(0.2, 0.6)
        hi = rng.uniform(0.85, 1.0) if rng.random() < 0.75 else rng.uniform(0.3, 0.8)
        if hi > lo and rng.random() < 0.93:
            d.stroke(
                slope.line(x, run * lo, x, run * hi),
                weight=0.6,
                pressure=rng.uniform(0.35, 0.55),
                ruled=True,
                on=on,
                inside=True,
            )
    courses = int(np.clip(min(run / 0.35, up / 13) * density, 0, 24))
    for k in range(1, courses):
        y = run * k / courses
        lo = rng.uniform(0, 0.55) * wide
        hi = lo + rng.uniform(0.2, 0.5) * wide
        d.stroke(slope.line(lo, y, min(hi, wide), y), weight=0.5, pressure=0.33, ruled=True, on=on, inside=True)


def gable_roof(d: Drawing, rng: Rng, place: Place, house: House) -> None:
    """Two slopes with overhang, edge boards and ridge; the farther slope first."""
    w, h, dep, e = house.width, house.height, house.depth, house.eave
    drop = house.rise * e / (dep / 2)
    weight = _weight(place)
    run = float(np.hypot(dep / 2 + e, house.rise + drop))
    k = 1 / run
    front = Face(place, (-e, h - drop, -e), (1, 0, 0), (0, (house.rise + drop) * k, (dep / 2 + e) * k))
    back = Face(place, (w + e, h - drop, dep + e), (-1, 0, 0), (0, (house.rise + drop) * k, -(dep / 2 + e) * k))
    v = place.viewer()
    slope = house.rise / (dep / 2)
    front_seen = v[1] - h > slope * v[2]
    back_seen = v[1] - h > slope * (dep - v[2])
    t = house.thick
    for face, seen in ((back, back_seen), (front, front_seen)):
        if seen:
            top = d.fill(face.rect(0, 0, w + 2 * e, run), house.roof, ruled=True, weight=weight)
            roof_lines(d, rng, face, w + 2 * e, run, house.tiles, top)
    for name, x, _sign in (("left", -e, -1.0), ("right", w + e, 1.0)):
        if (name == "left" and v[0] < -e) or (name == "right" and v[0] > w + e):
            peak, low = h + house.rise, h - drop
            for c0, c1 in ((-e, dep / 2), (dep + e, dep / 2)):
                d.fill(
                    place.polygon([(x, low, c0), (x, peak, c1), (x, peak - t * 1.3, c1), (x, low - t, c0)]),
                    Material.ROOF if house.thick > 0.4 else Material.WOOD, ruled=True, weight=weight,
                )  # fmt: skip
    if v[2] < -e:
        edge = place.polygon(
            [(-e, h - drop - t, -e), (w + e, h - drop - t, -e), (w + e, h - drop, -e), (-e, h - drop, -e)]
        )
        d.fill(edge, house.roof, ruled=True, weight=weight)
    if front_seen and house.tiles > 0 and house.thick <= 0.4:
        r = 0.16
        peak = h + house.rise
        c = dep / 2
        cap = place.polygon([(-e, peak - r, c), (w + e, peak - r, c), (w + e, peak + r, c), (-e, peak + r, c)])
        d.fill(cap, Material.ROOF, ruled=True, weight=weight)


def walls(d: Drawing, rng: Rng, place: Place, house: House, *, gable: bool = True) -> list[tuple[str, Face, float]]:
    """The seen walls, gables included, with boards and a little shade under the eaves."""
    w, h, dep = house.width, house.height, house.depth
    weight = _weight(place)
    drawn = []
    for name, face, wide, high in faces(place, w, h, dep):
        corners = [(0.0, 0.0), (wide, 0.0), (wide, high), (0.0, high)]
        if gable and name in ("left", "right"):
            corners.insert(3, (wide / 2, high + house.rise))
        top = d.fill(face.polygon(corners), house.wall, ruled=True, weight=weight)
        if house.planks > 0:
            reach = high * house.planks
            n = max(2, int(wide / 0.35))
            for k in range(1, n):
                if rng.random() < 0.8:
                    x = wide * k / n
                    d.stroke(
                        face.line(x, 0, x, reach * rng.uniform(0.8, 1.0)),
                        weight=0.5,
                        pressure=0.35,
                        ruled=True,
                        on=top,
                        inside=True,
                    )
            d.stroke(face.line(0, reach, wide, reach), weight=0.7, pressure=0.55, ruled=True, on=top, inside=True)
        if name == "front":
            y = high - 0.16 * min(high, 4)
            if house.shade:
                d.stroke(
                    face.line(0, y, wide, y), weight=0.9, pressure=0.75, pencil=BLUE, ruled=True, on=top, inside=True
                )
            elif rng.random() < 0.6:
                lo = rng.uniform(0, 0.4) * wide
                for line in hatch(rng, face.rect(lo, y + 0.2, lo + 0.5 * wide, high), gap=10, lean=0.03):
                    d.stroke(line, weight=0.5, pressure=0.3, on=top, inside=True)
        drawn.append((name, face, wide))
    return drawn


def house(
    d: Drawing, rng: Rng, place: Place, measures: House, *, door_on: str = "front", shutters: float = 0.3
) -> None:
    """A gabled house with windows by floor, a door, and tiles."""
    weight = 0.85 * _weight(place)
    for name, face, wide in walls(d, rng, place, measures):
        floor = measures.height / measures.floors
        n = max(1, int(wide / rng.uniform(2.1, 2.9)))
        entrance = int(rng.integers(n)) if name == door_on else -1
        tall = floor * rng.uniform(0.42, 0.55)
        broad = min(wide / n * 0.48, rng.uniform(0.85, 1.3))
        leaf = rng.random() < shutters
        panes = (2, int(rng.integers(1, 4)))
        for level in range(measures.floors):
            for k in range(n):
                s = wide * (k + 0.5) / n - broad / 2
                if level == 0 and k == entrance:
                    door(d, face, s - 0.05, broad * 1.1, floor * 0.78, weight=weight)
                elif rng.random() < 0.9:
                    window(
                        d, rng, face, s, floor * (level + 0.3), broad, tall, weight=weight, panes=panes,
                        shutters=leaf and broad < wide / n * 0.47,
                    )  # fmt: skip
        if name in ("left", "right") and measures.rise > 1.8 and rng.random() < 0.6:
            window(d, rng, face, wide / 2 - 0.35, measures.height + 0.2, 0.7, 0.8, weight=weight, sill=False)
    gable_roof(d, rng, place, measures)
    if rng.random() < 0.45 and measures.tiles > 0:
        stack = place.moved(
            measures.width * rng.uniform(0.2, 0.7), measures.height + measures.rise * 0.55, measures.depth * 0.35
        )
        box(d, stack, 0.6, measures.rise * 0.45 + 0.9, 0.6, Material.WALL)


def tower(
    d: Drawing, rng: Rng, place: Place, w: float, h: float, depth: float, *, floor: float = 3.6, bay: float = 3.0,
    weight: float = 0.75,
) -> None:  # fmt: skip
    """A high building: window grid on the seen sides, parapet, things on the roof."""
    floor, bay = floor / d.detail**0.6, bay / d.detail**0.6
    kind = int(rng.integers(3))
    for name, face, wide, high in faces(place, w, h, depth):
        wall = d.fill(face.rect(0, 0, wide, high), Material.WALL, ruled=True, weight=weight)
        rows, columns = max(2, int(high / floor)), max(1, int(wide / bay))
        if abs(float(np.ptp(face.rect(0, 0, wide, 1)[:, 0]))) < 4.5 * columns:
            columns = max(1, int(np.ptp(face.rect(0, 0, wide, 1)[:, 0]) / 6))
        step, pitch = high / rows, wide / columns
        for r in range(rows - 1, 0 if h > 12 else -1, -1):
            y = high * (r + 0.22) / rows
            if kind == 0:
                d.fill(
                    face.rect(0.04 * wide, y, 0.96 * wide, y + 0.5 * step),
                    Material.WINDOW,
                    ruled=True,
                    weight=0.6,
                    pressure=0.55,
                )
                for k in range(1, columns):
                    x = 0.04 * wide + 0.92 * wide * k / columns
                    d.stroke(face.line(x, y, x, y + 0.5 * step), weight=0.5, pressure=0.4, ruled=True)
                continue
            lo, size = (0.16, 0.68) if kind == 1 else (0.24, 0.5)
            for k in range(columns):
                if rng.random() < 0.97:
                    s = pitch * (k + lo)
                    d.fill(
                        face.rect(s, y, s + pitch * size, y + 0.55 * step),
                        Material.WINDOW,
                        ruled=True,
                        weight=0.6,
                        pressure=0.5,
                    )
        if name != "front" and rng.random() < 0.7:
            for line in hatch(rng, face.rect(0, 0.6 * high, wide, high), gap=8):
                d.stroke(line, weight=0.45, pressure=0.22, on=wall, inside=True)
        d.stroke(face.line(0, high - 1.0, wide, high - 1.0), weight=0.6, pressure=0.5, ruled=True, on=wall)
    if rng.random() < 0.6:
        box(
            d,
            place.moved(w * 0.25, h, depth * 0.3),
            w * 0.4,
            rng.uniform(2, 5),
            depth * 0.4,
            Material.WALL,
            weight=weight,
        )
    if rng.random() < 0.4:
        foot, tip = place.line((w * 0.5, h, depth * 0.5), (w * 0.5, h + rng.uniform(6, 16), depth * 0.5))
        d.fill(bar(*foot, *tip, 4.0, 3.2), Material.METAL, weight=0.55, pressure=0.6)


def pole(
    d: Drawing, place: Place, height: float, *, thick: float = 0.24, material: Material = Material.WOOD, arms: int = 2
) -> list[Points]:
    """A power pole; returns the tips where wires hang, as picture points per arm (left, right)."""
    foot, top = place.line((0, 0, 0), (0, height, 0))
    scale = place.camera.scale(place.z)
    width = max(thick * scale, 4.0)
    weight = _weight(place)
    d.fill(bar(*foot, *top, width, max(width * 0.72, 3.4)), material, ruled=True, weight=weight)
    tips = []
    for k in range(arms):
        y = height - 0.35 - 0.8 * k
        left, right = place.line((-0.95, y, 0), (0.95, y, 0))
        d.fill(bar(*left, *right, max(0.12 * scale, 3.2)), Material.WOOD, ruled=True, weight=weight * 0.9)
        for u in (0.04, 0.3, 0.7, 0.96):
            p = left + (right - left) * u
            s = max(0.07 * scale, 2.0)
            d.stroke([p, p - (0, 2.2 * s)], weight=0.9, pressure=0.7, taper=0.1)
        tips.append(np.array([left, right]) - (0, max(0.15 * scale, 3.0)))
    if width > 9:
        box_top = foot + (top - foot) * 0.78
        d.fill(
            bar(
                box_top[0] + width, box_top[1] - width * 1.6, box_top[0] + width, box_top[1] + width * 1.6, width * 1.5
            ),
            Material.METAL,
            ruled=True,
            weight=weight,
        )
    return tips


def wire(d: Drawing, a: Solid, b: Solid, sag: float, *, width: float = 3.0) -> None:
    """A hanging wire as a thin metal band, one stroke wide."""
    t = np.linspace(0, 1, 26)[:, None]
    line = np.asarray(a) * (1 - t) + np.asarray(b) * t
    line[:, 1] += 4 * sag * (t * (1 - t))[:, 0]
    half = width / 2
    d.fill(np.concatenate([line - (0, half), (line + (0, half))[::-1]]), Material.METAL, outline=False)
    d.stroke(line, weight=0.75, pressure=0.6, taper=0.1)


def railing(d: Drawing, place: Place, length: float, *, height: float = 1.1, posts: float = 2.0, bars: int = 3) -> None:
    """A metal railing along a; nearer parts heavier."""
    scale = place.camera.scale(place.z)
    face = Face(place, (0, 0, 0), (1, 0, 0), (0, 1, 0))
    for k in range(bars):
        y = height * (k + 1) / bars
        t = 0.03 if k < bars - 1 else 0.045
        t = max(t, 1.8 / scale)
        d.fill(face.rect(0, y - t, length, y + t), Material.METAL, ruled=True, weight=0.9)
    for k in range(int(length / posts) + 1):
        t = max(0.04, 2.2 / scale)
        d.fill(face.rect(k * posts - t, 0, k * posts + t, height + 0.06), Material.METAL, ruled=True, weight=1.0)


def stairs(
    d: Drawing, place: Place, w: float, steps: int, rise: float, tread: float, *, material: Material = Material.ROAD
) -> None:
    """Steps that climb away from the viewer, from the top one down."""
    weight = _weight(place)
    for k in range(steps - 1, -1, -1):
        y, c = k * rise, k * tread
        if place.viewer()[1] > y + rise:
            d.fill(
                place.polygon([(0, y + rise, c), (w, y + rise, c), (w, y + rise, c + tread), (0, y + rise, c + tread)]),
                material,
                ruled=True,
                weight=weight * 0.8,
                pressure=0.65,
            )
        d.fill(
            place.polygon([(0, y, c), (w, y, c), (w, y + rise, c), (0, y + rise, c)]),
            material,
            ruled=True,
            weight=weight * 0.9,
        )


def boat(
    d: Drawing, rng: Rng, cx: float, waterline: float, length: float, *, mast: bool = True, flip: bool = False,
    cabin: bool = True, sail: bool = False,
) -> None:  # fmt: skip
    """A fishing boat from the side and a little from above; picture units."""
    s = length
    way = -1.0 if flip else 1.0

    def at(points: list[tuple[float, float]]) -> Points:
        return np.array([(cx + way * x * s, waterline + y * s) for x, y in points])

    weight = float(np.clip(0.55 + s / 500, 0.65, 1.2))
    far_rail = smooth(at([(-0.5, -0.12), (-0.2, -0.155), (0.15, -0.165), (0.53, -0.26)]))
    near_rail = smooth(at([(-0.5, -0.12), (-0.25, -0.105), (0.15, -0.115), (0.53, -0.26)]))
    deck = d.fill(np.concatenate([far_rail, near_rail[::-1]]), Material.WOOD, weight=weight * 0.8)
    for k in range(4):
        u = -0.3 + 0.17 * k
        d.stroke(at([(u, -0.15), (u + 0.02, -0.11)]), weight=0.5, pressure=0.4, on=deck)
    if mast:
        m = at([(0.06, -0.13), (0.055, -0.95)])
        d.fill(
            bar(*m[0], *m[1], max(0.022 * s, 4.2), max(0.014 * s, 3.4)), Material.WOOD, ruled=True, weight=weight * 0.8
        )
        boom = at([(0.06, -0.34), (-0.34, -0.40)])
        d.fill(bar(*boom[0], *boom[1], max(0.016 * s, 3.4)), Material.WOOD, ruled=True, weight=weight * 0.75)
        if sail:
            d.fill(
                smooth(at([(0.05, -0.92), (-0.12, -0.7), (-0.33, -0.41)]), pieces=5).tolist()
                + at([(-0.1, -0.4), (0.05, -0.36)]).tolist(),
                Material.CLOTH,
                weight=weight * 0.8,
            )
        else:
            roll = smooth(
                at([(0.04, -0.375), (-0.1, -0.41), (-0.2, -0.405), (-0.33, -0.42), (-0.34, -0.40), (-0.15, -0.37)]),
                closed=True,
                pieces=5,
            )
            d.fill(roll, Material.CLOTH, weight=weight * 0.75, pressure=0.65)
        for tip in ((0.52, -0.27), (-0.49, -0.13)):
            d.stroke(at([(0.055, -0.94), tip]), weight=0.55, pressure=0.5, taper=0.1)
    if cabin:
        d.fill(
            at([(-0.34, -0.115), (-0.1, -0.108), (-0.1, -0.29), (-0.34, -0.285)]),
            Material.WALL,
            ruled=True,
            weight=weight * 0.85,
        )
        d.fill(
            at([(-0.1, -0.108), (-0.03, -0.125), (-0.04, -0.29), (-0.1, -0.29)]),
            Material.WALL,
            ruled=True,
            weight=weight * 0.8,
        )
        d.fill(
            at([(-0.37, -0.283), (-0.02, -0.29), (-0.03, -0.325), (-0.35, -0.318)]),
            Material.ROOF,
            ruled=True,
            weight=weight * 0.85,
        )
        for u in (-0.305, -0.2):
            d.fill(
                at([(u, -0.2), (u + 0.07, -0.2), (u + 0.07, -0.258), (u, -0.256)]),
                Material.WINDOW,
                ruled=True,
                weight=0.7,
            )
    hull = np.concatenate(
        [
            near_rail,
            smooth(at([(0.53, -0.26), (0.45, -0.1), (0.36, 0.0)]), pieces=5),
            smooth(at([(0.36, 0.0), (0.0, 0.012), (-0.44, 0.0)]), pieces=5),
            smooth(at([(-0.44, 0.0), (-0.49, -0.05), (-0.5, -0.12)]), pieces=4),
        ]
    )
    top = d.fill(hull, Material.WOOD, weight=weight)
    for k, (drop, press) in enumerate(((0.022, 0.6), (0.055, 0.4))):
        d.stroke(near_rail[: -3 - 2 * k] + (0, drop * s), weight=0.65, pressure=press, on=top, inside=True)
    for part in np.linspace(-0.42, 0.32, 6):
        w = rng.uniform(0.04, 0.1)
        y = rng.uniform(0.012, 0.05)
        d.stroke(at([(part, y), (part + w, y + 0.004)]), weight=0.6, pressure=0.4, taper=0.8)
