"""A harbour: quay and sea on the left, houses stacked up a hill on the right."""

from __future__ import annotations

import numpy as np

from training.buildings import House, boat, box, house, pole, wire
from training.camera import Camera, Place
from training.drawing import BLUE, RED, Drawing
from training.plants import clump, crown, cumulus, trunk, tufts, woods
from training.scenes import Vary
from training.scenes.common import M, block_up, constructed, gulls, near, ripples, slabs
from training.shapes import Rng, bar, closed_below, ellipse, ridge, scallop, smooth


def scene(rng: Rng, vary: Vary) -> Drawing:
    """Draw the scene."""
    d = Drawing(vary.width, vary.height, detail=vary.detail)
    camera = Camera(
        eye=near(rng, 5.0, 1.2, vary), focal=near(rng, 1350, 250, vary),
        centre=near(rng, 0.36, 0.08, vary) * vary.width, horizon=near(rng, 0.445, 0.06, vary) * vary.height,
    )  # fmt: skip
    _sky(d, rng, camera)
    _sea(d, rng, camera, vary)
    _hill(d, rng, camera, vary)
    _mole(d, rng, camera)
    _boats_far(d, rng, camera)
    _quay(d, rng, camera)
    _row(d, rng, camera, vary)
    _near_things(d, rng, camera)
    constructed(d, camera, [camera.centre], [(-20, 1090), (1940, 180), (1940, 900)])
    return d


def _sky(d: Drawing, rng: Rng, camera: Camera) -> None:
    y = camera.horizon
    cumulus(d, rng, rng.uniform(0.30, 0.4) * d.width, y - 14, 760, 350, puffs=13)
    cumulus(d, rng, rng.uniform(0.02, 0.1) * d.width, y - 8, 420, 150, puffs=9, pressure=0.42)
    for x, dy, w in ((0.07, 0.74, 170), (0.62, 0.86, 260)):
        cumulus(d, rng, x * d.width + rng.normal(0, 40), y * (1 - dy) + 40, w, 46, puffs=6, pressure=0.35)


def _sea(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> int:
    y = camera.horizon
    far = ridge(rng, -60, 330, y + 1, 44, peaks=1.6, rough=0.42)
    far[:, 1] = y + 1 + (far[:, 1] - y - 1) * np.sin(np.linspace(0.6, np.pi, len(far))) ** 0.6
    d.fill(closed_below(far, y + 4), M.MOUNTAIN, weight=0.7, pressure=0.45)
    w, m = d.width, 100
    sea = d.fill([(-m, y), (w + m, y), (w + m, d.height + m), (-m, d.height + m)], M.WATER, outline=False)
    d.stroke([(-20, y), (0.5 * w, y)], weight=0.75, pressure=0.65, ruled=True)
    ripples(d, rng, camera, int(130 * vary.detail), x=(-40, 0.34 * w), y=(y + 8, d.height), on=sea)
    for k in range(5):
        x = rng.uniform(0.02, 0.3) * w
        d.stroke([(x, y + 5 + 4 * k), (x + rng.uniform(60, 170), y + 5 + 4 * k)], weight=0.5, pressure=0.3, taper=0.9)
    return sea


def _hill(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    y, w = camera.horizon, d.width
    x0 = camera.centre + 40
    line = smooth(
        [
            (x0 - 130, y + 8),
            (x0 + 10, y - 70),
            (x0 + 190, y - 190),
            (x0 + 420, y - 300),
            (x0 + 700, y - 390),
            (x0 + 980, y - 410),
            (w + 90, y - 430),
        ]
    )
    woods(d, rng, line, y + 60, size=52, pressure=0.6, rows=2)
    rows = 5 if vary.detail > 0.5 else 3
    for r in range(rows - 1, -1, -1):
        z, level = 72 + 13.5 * r, 4.5 + 6.6 * r
        start = 5 + 6.5 * r
        _terrace(d, rng, camera, z, level, start, vary)


def _terrace(d: Drawing, rng: Rng, camera: Camera, z: float, level: float, start: float, vary: Vary) -> None:
    """One step of the slope: ground, retaining wall, houses, and trees between."""
    end = (d.width + 100 - camera.centre) * z / camera.focal
    wall = 2.2
    block_up(
        d,
        camera,
        [(start - 3, level - 6, z - 4), (end, level - 6, z - 4), (end, level, z), (start + 1, level, z)],
        M.GRASS,
        weight=0.6,
        skip=(0, 1, 3),
    )
    x = start + rng.uniform(0, 2)
    while x < end:
        kind = rng.random()
        if kind < 0.74 * min(1.0, vary.density):
            wide = rng.uniform(5.2, 8.0)
            measures = House(
                width=wide, depth=rng.uniform(5, 6.5), height=rng.choice([3.2, 5.4, 5.8]), rise=rng.uniform(1.6, 2.4),
                floors=1, thick=0.3, tiles=0.8 * vary.detail, eave=0.45,
            )  # fmt: skip
            measures = House(
                width=measures.width, depth=measures.depth, height=measures.height, rise=measures.rise,
                floors=2 if measures.height > 4 else 1, thick=0.3, tiles=measures.tiles, eave=0.45,
            )  # fmt: skip
            yaw = rng.choice([rng.uniform(-0.15, 0.2), rng.uniform(1.15, 1.5)])
            if yaw > 1:
                place = Place(camera, x, level, z + measures.width, yaw)
                x += measures.depth
            else:
                place = Place(camera, x, level, z, yaw)
                x += measures.width
            house(d, rng, place, measures, shutters=0.15)
            x += rng.uniform(0.2, 1.6)
        else:
            p = camera.project([(x + 1.5, level + rng.uniform(1.5, 3), z)])[0]
            s = camera.scale(z)
            crown(d, rng, p[0], p[1], 2.4 * s, 2.1 * s, clumps=4, leaf=9, weight=0.7, pressure=0.6, marks=0.5)
            x += rng.uniform(2.5, 4)
    if rng.random() < 0.8:
        block_up(
            d,
            camera,
            [(start - 1, level - wall, z - 2), (end, level - wall, z - 2), (end, level, z - 2), (start, level, z - 2)],
            M.ROCK,
            weight=0.65,
            skip=(1,),
        )
        for _ in range(int(26 * vary.detail)):
            a, b = rng.uniform(start, end), level - rng.uniform(0.2, wall)
            d.stroke(
                camera.line((a, b, z - 2), (a + rng.uniform(0.6, 1.8), b, z - 2)), weight=0.5, pressure=0.35, ruled=True
            )
    for _ in range(int((end - start) / 6)):
        p = camera.project([(rng.uniform(start, end), level - wall * rng.uniform(0.3, 1.0), z - 2.5)])[0]
        clump(
            d, rng, p[0], p[1], rng.uniform(14, 42), rng.uniform(10, 22), leaf=8, weight=0.65, pressure=0.55, marks=0.4
        )


def _mole(d: Drawing, rng: Rng, camera: Camera) -> None:
    """The breakwater with its light."""
    z, left = 66.0, -31.0
    place = Place(camera, left, -1.6, z)
    box(d, place, 30, 2.4, 4.5, M.ROAD, weight=0.75)
    for k in range(9):
        a, b = place.line((3.2 * k + rng.uniform(0, 1), 0.2, 0), (3.2 * k + 0.5, 2.3, 0))
        d.stroke([a, b], weight=0.5, pressure=0.35, ruled=True)
    foot, top = place.line((2.2, 2.4, 2), (2.2, 9.0, 2))
    d.fill(bar(*foot, *top, 34, 23), M.WALL, ruled=True, weight=0.85)
    for t in (0.33, 0.66):
        p = foot + (top - foot) * t
        d.stroke(ellipse(p[0], p[1], 15 - 4 * t, 3, n=10, start=0, end=np.pi), weight=0.6, pressure=0.5)
    d.fill(bar(top[0] - 18, top[1], top[0] + 18, top[1], 6), M.METAL, ruled=True, weight=0.7)
    d.fill(bar(top[0], top[1] - 3, top[0], top[1] - 22, 17), M.GLOW, ruled=True, weight=0.75)
    d.fill(
        [(top[0] - 13, top[1] - 22), (top[0] + 13, top[1] - 22), (top[0], top[1] - 38)], M.ROOF, ruled=True, weight=0.8
    )


def _boats_far(d: Drawing, rng: Rng, camera: Camera) -> None:
    for x, depth, size, flip, sail in (
        (-36, 190, 9, False, True),
        (-10.5, 52, 7.5, True, False),
        (-15.5, 44, 7, False, False),
        (-7.2, 31, 6.8, True, False),
    ):
        p = camera.project([(x + rng.uniform(-0.5, 0.5), -1.6, depth)])[0]
        boat(d, rng, p[0], p[1], size * camera.scale(depth), flip=flip, sail=sail, cabin=not sail)


def _quay(d: Drawing, rng: Rng, camera: Camera) -> None:
    edge, far, right = -2.6, 66.0, 60.0
    top = block_up(d, camera, [(edge, 0, 1.2), (right, 0, 1.2), (right, 0, far), (edge, 0, far)], M.ROAD, skip=(0, 1))
    slabs(d, rng, camera, top, x=(edge + 0.9, 9.0), z=(3.0, far), size=(1.95, 2.4), keep=0.7)
    near_z = 2.0
    place = Place(camera, edge, 0, near_z)
    box(d, place, 0.55, 0.3, far - near_z, M.ROAD, weight=0.95)
    z = 4.0
    while z < far:
        d.stroke(camera.line((edge, 0.3, z), (edge + 0.55, 0.3, z)), weight=0.6, pressure=0.45, ruled=True)
        d.stroke(camera.line((edge + 0.55, 0, z), (edge + 0.55, 0.3, z)), weight=0.6, pressure=0.45, ruled=True)
        z *= 1.16
    for z in (9.2, 14.5, 21.0, 30.0, 43.0):
        _bollard(d, camera, edge + 0.95, z)


def _bollard(d: Drawing, camera: Camera, x: float, z: float) -> None:
    p = camera.project([(x, 0, z)])[0]
    s = camera.scale(z)
    body = smooth(
        [
            (-0.2, 0),
            (-0.15, -0.32),
            (-0.27, -0.42),
            (-0.2, -0.55),
            (0.2, -0.55),
            (0.27, -0.42),
            (0.15, -0.32),
            (0.2, 0),
            (0, 0.05),
        ],
        closed=True,
        pieces=4,
    )
    d.fill(body * s + p, M.METAL, weight=0.95)
    d.stroke(np.array([(-0.15, -0.34), (0, -0.30), (0.15, -0.34)]) * s + p, weight=0.7, pressure=0.6)


def _row(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    """Houses along the quay, from the far end to the near one, with the poles before them."""
    x, spots = 9.3, [60.0, 52.0, 44.5, 37.0, 29.8, 22.5]
    for k, z in enumerate(spots):
        deep = rng.uniform(6.0, 7.0)
        high = float(rng.choice([5.2, 5.8, 7.6])) if k < 4 else 5.4
        measures = House(
            width=9, depth=deep, height=high, rise=rng.uniform(2.2, 2.9), floors=3 if high > 7 else 2, thick=0.3,
            eave=0.5, tiles=vary.detail, shade=k % 2 == 0,
        )  # fmt: skip
        place = Place(camera, x + rng.uniform(-0.5, 0.7), 0, z)
        house(d, rng, place, measures, door_on="left", shutters=0.55)
        if rng.random() < 0.75:
            _awning(d, rng, place, deep)
        if rng.random() < 0.6:
            p = camera.project([(x - 0.8, 0.5, z - 0.6)])[0]
            s = camera.scale(z)
            clump(d, rng, p[0], p[1] - 0.2 * s, 0.8 * s, 0.75 * s, leaf=max(7, 0.16 * s), weight=0.8)
    tips = None
    for z in (58.0, 43.0, 30.0, 19.0):
        now = pole(d, Place(camera, 6.3, 0, z), 8.2)
        if tips is not None:
            for (a, b), (c, e) in zip(tips, now, strict=True):
                wire(d, a, c, 0.05 * abs(c[1] - a[1]) + 6)
                wire(d, b, e, 0.05 * abs(e[1] - b[1]) + 6)
        tips = now


def _awning(d: Drawing, rng: Rng, place: Place, deep: float) -> None:
    """A cloth awning over the door, towards the quay."""
    c0 = rng.uniform(0.3, deep * 0.4)
    c1, y, out = c0 + rng.uniform(2.2, 3.2), 2.65, -1.5
    top = d.fill(
        place.polygon([(0, y + 0.5, c0), (out, y, c0), (out, y, c1), (0, y + 0.5, c1)]), M.CLOTH, ruled=True, weight=0.9
    )
    for t in np.linspace(0.12, 0.88, 6):
        c = c0 + (c1 - c0) * t
        d.stroke(place.line((0, y + 0.5, c), (out, y, c)), weight=0.55, pressure=0.45, ruled=True, on=top)
    d.fill(
        place.polygon([(out, y - 0.35, c0), (out, y - 0.35, c1), (out, y, c1), (out, y, c0)]),
        M.CLOTH,
        ruled=True,
        weight=0.9,
    )


def _near_things(d: Drawing, rng: Rng, camera: Camera) -> None:
    _stall(d, rng, camera)
    shade = camera.project([(7.2, 0, 60.0), (6.9, 0, 40.0), (6.6, 0, 30.0), (6.9, 0, 22.0), (9.0, 0, 19.4)])
    d.stroke(shade, weight=0.9, pressure=0.75, pencil=BLUE, ruled=True)
    for x, z in ((-1.2, 12.2), (-0.7, 11.5)):
        box(d, Place(camera, x, 0, z, 0.2), 0.9, 0.42, 0.6, M.WOOD)
    for x, z, r in ((-1.1, 17.6, 0.28), (-0.6, 17.2, 0.22), (-0.9, 18.3, 0.25)):
        p = camera.project([(x, r, z)])[0]
        d.fill(ellipse(p[0], p[1], r * camera.scale(z), r * camera.scale(z), n=24), M.CLOTH, weight=0.85)
    for x, z, s in ((5.6, 11.2, 0.75), (4.7, 10.3, 0.6), (5.9, 10.0, 0.6)):
        place = Place(camera, x, 0, z, rng.uniform(-0.5, 0.6))
        box(d, place, s * 1.3, s, s, M.WOOD)
        d.stroke(place.line((0, s * 0.5, 0), (s * 1.3, s * 0.5, 0)), weight=0.6, pressure=0.5, ruled=True)
    p = camera.project([(2.7, 0, 9.3)])[0]
    for k in range(4):
        r = 58 - 9 * k
        d.fill(ellipse(p[0], p[1] - 8 * k, r, r * 0.36), M.CLOTH, weight=0.8)
    x, y = 205 + rng.normal(0, 12), 905.0
    boat(d, rng, x, y, 560, sail=False)
    d.stroke(
        [(x + 0.052 * 560 - 4, y - 0.3 * 560), (x + 0.05 * 560 - 3, y - 0.8 * 560)],
        weight=0.8,
        pressure=0.75,
        pencil=RED,
        ruled=True,
    )
    rope = camera.project([(-1.65, 0.45, 14.5)])[0]
    bow = np.array([x + 0.5 * 560, y - 0.25 * 560])
    t = np.linspace(0, 1, 20)[:, None]
    line = bow * (1 - t) + rope * t + np.concatenate([0 * t, 50 * t * (1 - t)], 1)
    d.stroke(line, weight=0.9, pressure=0.7, taper=0.1)
    gulls(d, rng, 0.2 * d.width, 0.2 * d.height, 5, 20)
    foot = camera.line((8.9, 0, 12.0), (8.9, 0, 40.0))
    tufts(d, rng, foot, 12, 15, spread=3)
    _tree(d, rng)


def _stall(d: Drawing, rng: Rng, camera: Camera) -> None:
    """A fishmonger's stall on the quay: table, posts, a striped roof of cloth."""
    place = Place(camera, 6.9, 0, 13.2, np.pi / 2)
    for s, c in ((0.0, 2.2), (3.6, 2.2)):
        foot, top = place.line((s, 0, c), (s, 2.5, c))
        d.fill(bar(*foot, *top, 10), M.WOOD, ruled=True)
    box(d, place.moved(0.1, 0, 0.3), 3.4, 0.85, 1.3, M.WOOD)
    for s in np.linspace(0.4, 2.8, 4):
        box(d, place.moved(s, 0.85, 0.45), 0.6, 0.14, 0.9, M.WOOD, weight=0.8)
    for s, c in ((0.0, 0.0), (3.6, 0.0)):
        foot, top = place.line((s, 0, c), (s, 2.1, c))
        d.fill(bar(*foot, *top, 12), M.WOOD, ruled=True)
    roof = d.fill(
        place.polygon([(-0.3, 2.1, -0.4), (3.9, 2.1, -0.4), (3.9, 2.75, 2.4), (-0.3, 2.75, 2.4)]), M.CLOTH, ruled=True
    )
    for s in np.linspace(0.1, 3.6, 8):
        d.stroke(place.line((s, 2.1, -0.4), (s, 2.75, 2.4)), weight=0.6, pressure=0.5, ruled=True, on=roof)
    hem = place.line((-0.3, 2.1, -0.4), (3.9, 2.1, -0.4))
    low = place.line((3.9, 1.85, -0.4), (-0.3, 1.85, -0.4))
    d.fill(np.concatenate([hem, scallop(rng, low, 26, 0.3, closed=False)]), M.CLOTH, weight=0.95)
    side = place.polygon([(3.9, 2.1, -0.4), (3.9, 2.75, 2.4), (3.9, 2.5, 2.4), (3.9, 1.85, -0.4)])
    d.fill(side, M.CLOTH, ruled=True, weight=0.95)


def _tree(d: Drawing, rng: Rng) -> None:
    """A pine's trunk and crown that close the picture on the right."""
    w, h = d.width, d.height
    path = [(w - 60, h + 60), (w - 84, 0.72 * h), (w - 52, 0.46 * h), (w - 92, 0.2 * h), (w - 40, -80)]
    trunk(d, rng, path, [104, 78, 66, 54, 40], weight=1.25)
    for x, y, r in ((w - 60, 30, 170), (w - 250, -10, 140), (w + 10, 190, 120)):
        crown(d, rng, x, y, 1.3 * r, 0.72 * r, clumps=9, leaf=17, weight=1.15)
    tufts(d, rng, [(w - 170, h - 16), (w, h - 6)], 9, 46, spread=8)
