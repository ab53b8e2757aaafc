"""Fields, meadows, farms, ruins, and mostly sky."""

from __future__ import annotations

import numpy as np

from training.fast import buildings as built
from training.fast import landmarks, nature, plants, posts, things, walls, ways
from training.fast.curves import curve, mix, ridge
from training.fast.layers import any_tree, backdrop, grow, horizon, land, meadow_ground, near_frame, sea, spots
from training.fast.scenes.rails import poles_along
from training.fast.sheet import BARE, M, Sheet
from training.fast.space import front


def rice_field(d: Sheet) -> None:
    y = horizon(d, 200, 480)
    backdrop(d, y, ("mountains", "woods", "hills", "woods", "trees"))
    if d.p(0.62):
        dikes(d, y)
    else:
        strips(d, y)
    bystanders(d, y)
    near_frame(d)


def dikes(d: Sheet, y: float) -> None:
    """Paddies under water between dikes of grass, the usual look of a rice field in a layout."""
    nature.ground(d, y, land(d, M.GRASS, M.GRASS, M.SOIL))
    if d.p(0.5):
        built.hamlet(d, y + 8, d.r.randint(1, 6), d.u(30, 120), drop=30)
    if d.p(0.4):
        grow(d, spots(d, y, d.r.randint(1, 5), near=0.1), ("tree", "bush", "conifer", "house"))
    ways.paddies(d, y + d.u(0, 20), mixed=d.r.choice((0.0, 0.0, 0.0, d.u(0.1, 0.5))))
    if d.p(0.45):
        ways.trail(d, y, M.SOIL, M.SOIL, M.ROAD, M.GRASS)
    elif d.p(0.3):
        ways.strip(d, d.u(y + 120, 950), d.u(30, 160), d.r.choice((M.ROAD, M.SOIL)))
    if d.p(0.3):
        plants.grass(d, 0, d.w, d.u(700, 900), 1000, 20)
    if d.p(0.15):
        ways.rail_before(d)


def strips(d: Sheet, y: float) -> None:
    """Rice in long strips with banks between them; green, now and then flooded."""
    marks = d.manner("crop", ("ticks", "rows", "rows", "vees", "none"))
    flooded = d.p(0.8 if marks == "none" or not d.hand.detail else 0.2)  # what is not marked is taken for water
    crop = M.WATER if flooded else M.GRASS
    nature.ground(d, y, crop)
    vx = d.u(-0.2, 1.2) * d.w
    rows, banks = d.r.randint(2, 6), d.r.choice((M.GRASS, M.GRASS, M.SOIL)) if flooded else M.SOIL
    at = np.sort(d.np.uniform(0.0, 1, rows)) ** 1.5
    if d.p(0.45):
        built.hamlet(d, y + 8, d.r.randint(1, 5), d.u(30, 110), drop=20)
    if marks in ("ticks", "vees"):
        plants.grass(d, 0, d.w, y + 20, 1000, 50)
    elif marks == "rows":
        n = d.r.randint(8, 24)
        d.marks(
            [[(vx + (k - n / 2) * 14, y + 14), (vx + (k - n / 2) * d.w * 0.16, 1000)] for k in range(n + 1)], keep=1.2
        )
    if flooded:
        nature.ripples(d, 0, d.w, y + 20, 1000, 12)
    thick = d.u(0.006, 0.03)
    for t in at:
        row = y + 6 + (1000 - y) * t
        w = max(thick * (row - y) * 2, d.fine * 1.2)
        tilt = d.u(-0.04, 0.04) * d.w * t
        d.rod((-40, row - tilt), (d.w + 40, row + tilt), w, banks)
    for _ in range(d.r.randint(1, 5)):
        x = d.u(-0.6, 1.6) * d.w
        w = d.u(15, 120)
        d.fill(
            [(vx + (x - vx) * 0.02, y + 6), (x - w, 1040), (x + w, 1040), (vx + (x - vx) * 0.02 + 2, y + 6)],
            banks,
            skip=(1, 3),
        )
    if d.p(0.25):
        ways.trail(d, y, M.ROAD, M.SOIL)
    elif d.p(0.35):
        wide = d.u(120, 420)
        nature.path(
            d,
            [(d.w * d.u(0.2, 0.8), 1050), (mix((vx, 0), (d.w / 2, 0), 0.5)[0], y + (1000 - y) * 0.4), (vx, y + 4)],
            (wide, 6),
            d.r.choice((M.ROAD, M.SOIL)),
        )
    if d.p(0.3):
        poles_along(d, y, vx)


def bystanders(d: Sheet, y: float) -> None:
    """What stands about in fields."""
    for px, row, s in spots(d, y, d.r.randint(0, 6), near=0.6):
        what = d.r.choice(("pole", "hut", "tree", "scarecrow", "bush", "jizo"))
        if what == "pole":
            posts.pole(d, px, row, max(60, s * 5))
        elif what == "hut":
            built.cottage(d, px, row, max(40, s * 3.5), max(24, s * 2))
        elif what == "tree":
            any_tree(d, px, row, max(50, s * 4))
        elif what == "bush":
            plants.bush(d, px, row, max(20, s))
        elif what == "scarecrow":
            d.rod((px, row), (px, row - s * 1.5), d.fine, M.WOOD)
            d.rod((px - s * 0.6, row - s * 1.1), (px + s * 0.6, row - s * 1.1), d.fine, M.WOOD)
            d.fill(
                [
                    (px - s * 0.4, row - s * 1.15),
                    (px + s * 0.4, row - s * 1.15),
                    (px + s * 0.3, row - s * 0.5),
                    (px - s * 0.3, row - s * 0.5),
                ],
                M.CLOTH,
            )
        else:
            posts.stone_lantern(d, px, row, max(24, s))
    if d.p(0.2):
        poles_along(d, y, d.u(0, 1) * d.w)


def meadow(d: Sheet) -> None:
    y = horizon(d, 350, 720)
    backdrop(d, y, ("mountains", "hills", "woods", "nothing", "trees"))
    for k in range(d.r.choice((1, 2, 3))):
        row = y + (1000 - y) * (0.3 * k)
        meadow_ground(d, row, M.GRASS, 22)
        grow(
            d,
            [(x, r, max(s, 8)) for x, r, s in spots(d, row - 20, d.r.randint(0, 4), near=0.3)],
            ("tree", "bush", "rock", "bush", "house"),
        )
    way = d.r.choice(("trail", "path", "strip", "none", "none"))
    if way == "trail":
        ways.trail(d, y, M.SOIL, M.SOIL, M.ROAD)
    elif way == "strip":
        ways.strip(d, d.u(y + 60, 930), d.u(25, 140), d.r.choice((M.SOIL, M.ROAD)))
    elif way == "path":
        w = d.u(60, 380)
        nature.path(
            d,
            [
                (d.w * d.u(0.2, 0.8), 1060),
                (d.w * d.u(0.2, 0.8), y + (1000 - y) * 0.45),
                (d.w * d.u(0.3, 0.7), y + (1000 - y) * d.u(0.02, 0.2)),
            ],
            (w, w * 0.1),
            d.r.choice((M.SOIL, M.SOIL, M.ROAD)),
        )
    if d.p(0.12):
        ways.rail_before(d)
    if d.p(0.4):
        posts.fence(
            d, (d.u(-50, 300), y + d.u(60, 200)), (d.u(0.5, 1.05) * d.w, y + d.u(40, 260)), d.u(20, 90), d.u(20, 90)
        )
    if d.p(0.25):
        x, row, _ = spots(d, y, 1, far=0.2, near=0.5)[0]
        any_tree(d, x, row, d.u(300, 650))
    near_frame(d)


def windmill_hills(d: Sheet) -> None:
    y = horizon(d, 400, 650)
    backdrop(d, y, ("hills", "nothing", "mountains", "woods"))
    for k in range(d.r.randint(2, 4)):
        line = ridge(d, -50, d.w + 50, y + 60 + 110 * k, d.u(50, 200), d.u(0.7, 2), 0.0)
        nature.ground(d, 0, M.GRASS, line=line)
        for _ in range(d.r.choice((0, 1, 1, 2))):
            x = d.u(0.05, 0.95) * d.w
            h = d.u(70, 160) * (1 + k * 0.6)
            row = float(np.interp(x, line[:, 0], line[:, 1])) + 6
            what = d.r.choice(("windmill", "windmill", "tree", "house", "turbine", "silo"))
            if what == "tree":
                any_tree(d, x, row, h)
            elif what == "house":
                built.cottage(d, x, row, h * 0.8, h * 0.4)
            elif what == "turbine":
                d.rod((x, row), (x, row - h * 1.5), h * 0.06, M.METAL, end=h * 0.03)
                a0 = d.u(0, 2)
                for i in range(3):
                    a = a0 + i * 2.094
                    d.rod(
                        (x, row - h * 1.5),
                        (x + h * 0.7 * np.cos(a), row - h * 1.5 + h * 0.7 * np.sin(a)),
                        h * 0.05,
                        M.METAL,
                        end=2,
                    )
            else:
                landmarks.tower(d, x, row, h * 0.4, h, what)
        plants.grass(d, 0, d.w, float(line[:, 1].max()), min(1000, y + 220 + 110 * k), 10)
    if d.p(0.3):
        ways.trail(d, y + d.u(100, 200), M.SOIL)
    elif d.p(0.4):
        nature.path(
            d,
            [(d.w * d.u(0.2, 0.8), 1060), (d.w * d.u(0.3, 0.7), 800), (d.w * d.u(0.3, 0.7), y + 160)],
            (d.u(80, 300), 14),
            M.SOIL,
        )
    if d.p(0.5):
        plants.grass(d, 0, d.w, 850, 1000, 40)
    near_frame(d)


def farm(d: Sheet) -> None:
    y = horizon(d, 280, 520)
    backdrop(d, y, ("mountains", "woods", "hills", "nothing"))
    meadow_ground(d, y, M.GRASS)
    grow(d, spots(d, y, d.r.randint(0, 6), near=0.2), ("tree", "conifer", "bush", "tree"))
    x, w, foot = d.u(0, 0.6) * d.w, d.u(200, 480), y + d.u(40, 160)
    h = w * d.u(0.35, 0.6)
    wall = front(x, foot, w, h)
    side = M.WOOD if d.p(0.5) else M.WALL
    d.fill(
        [
            wall.a,
            wall.b,
            wall.c,
            (x + w * 0.8, foot - h * 1.5),
            (x + w / 2, foot - h * 1.75),
            (x + w * 0.2, foot - h * 1.5),
            wall.e,
        ],
        side,
    )
    if side == M.WOOD:
        d.marks([[wall.at(s, 0), wall.at(s, 1.2)] for s in np.linspace(0.08, 0.92, 9)])
    k = h * 0.12
    for s in (-1, 1):
        m = x + w / 2
        d.fill(
            [
                (m, foot - h * 1.75 - k),
                (m + s * w * 0.32, foot - h * 1.5 - k),
                (m + s * w * 0.55, foot - h),
                (m + s * w * 0.5, foot - h),
                (m + s * w * 0.29, foot - h * 1.5 + k * 0.4),
                (m, foot - h * 1.75 + k * 0.4),
            ],
            M.ROOF,
        )
    walls.door(d, wall, 0.33, 0.67, 0.7, M.WOOD)
    if d.p(0.7):
        walls.window(d, wall, 0.42, 1.1, 0.58, 1.35)
    if d.p(0.6):
        landmarks.tower(d, x + w * d.r.choice((-0.2, 1.2)), foot, w * 0.2, h * d.u(1.5, 2.4), "silo")
    if d.p(0.6):
        built.cottage(d, d.r.choice((0.02, 0.7)) * d.w, foot + d.u(20, 90), d.u(160, 320), d.u(70, 140))
    field = foot + d.u(60, 140)
    vx = d.u(0, 1) * d.w
    if d.p(0.2):
        ways.paddies(d, field - d.u(0, 60))
    elif d.p(0.65):
        q = [
            (d.u(0, 0.4) * d.w, field),
            (d.u(0.6, 1) * d.w, field),
            (d.u(1, 1.4) * d.w, 1060),
            (d.u(-0.4, 0.1) * d.w, 1060),
        ]
        d.fill(q, M.SOIL, skip=(2,))
        way = d.r.choice(("furrows", "plants", "rows"))
        n = d.r.randint(5, 12)
        for i in range(n):
            a, b = mix(q[0], q[1], (i + 0.5) / n), mix(q[3], q[2], (i + 0.5) / n)
            if way == "furrows":
                d.line([a, b], 0.8)
            elif way == "rows":
                d.rod(a, b, 8, M.GRASS, end=d.u(30, 60))
            else:
                for t in np.linspace(0.03, 1, 9) ** 1.5:
                    p = mix(a, b, float(t))
                    plants.crown(d, p[0], p[1], 8 + 34 * t, 6 + 24 * t)
    if d.p(0.3):
        ways.trail(d, foot + d.u(0, 60), M.SOIL, M.SOIL, M.ROAD)
    elif d.p(0.45):
        ww = d.u(80, 300)
        nature.path(
            d,
            [(d.w * d.u(0, 1), 1060), (mix((vx, 0), (x + w / 2, 0), 0.5)[0], field + 60), (x + w / 2, foot + 4)],
            (ww, w * 0.2),
            M.SOIL,
        )
    if d.p(0.6):
        posts.fence(d, (-20, d.u(field, 960)), (d.w * d.u(0.3, 1.05), d.u(field, 960)), d.u(40, 130), d.u(40, 130))
    things.strew(d, spots(d, y, d.r.randint(0, 4), far=0.35), ("crate", "sign", "car", "laundry", "pole"))
    grow(d, spots(d, y, d.r.randint(0, 5), far=0.5), ("bush", "tree", "rock", "stump"))
    near_frame(d)


def terraces(d: Sheet) -> None:
    y = horizon(d, 200, 420)
    backdrop(d, y, ("mountains", "mountains", "woods", "hills"))
    flooded = d.p(0.5 if d.hand.detail else 0.9)
    crop = M.WATER if flooded else M.GRASS
    nature.ground(d, y, M.GRASS, line=nature.slope(d, y, 60))
    bank = d.r.choice((M.SOIL, M.GRASS, M.ROCK)) if flooded else d.r.choice((M.SOIL, M.SOIL, M.ROCK))
    n = d.r.randint(4, 11)
    slant = d.u(-160, 160)
    bow = d.u(-90, 90)
    for k in range(n):
        t = ((k + 0.5) / n) ** 1.35
        row = y + 20 + (1000 - y) * t
        s = 0.4 + 1.2 * t
        line = curve(
            [
                (-60, row + slant * s + d.u(-14, 14)),
                (d.w * d.u(0.2, 0.45), row + bow * s),
                (d.w * d.u(0.55, 0.8), row - bow * s * 0.6),
                (d.w + 60, row - slant * s),
            ],
            6,
        )
        d.shape(line, 1500, crop)
        thick = d.u(6, 16) + 26 * t
        d.fill(np.concatenate([line, line[::-1] + np.array([0.0, thick])]), bank, edge=BARE)
        d.line(line + np.array([0.0, thick]))
        d.line(line)
        if flooded:
            nature.ripples(d, 0, d.w, row + thick, row + thick + 30 * s, 4)
        else:
            plants.grass(d, 0, d.w, row + thick + 10, row + thick + 50 * s, 8)
        for _ in range(d.r.choice((0, 0, 1, 2))):
            x = d.u(0, d.w)
            at = float(np.interp(x, line[:, 0], line[:, 1]))
            if d.p(0.25):
                built.cottage(d, x, at + 4, 60 + 120 * t, 30 + 60 * t)
            else:
                grow(d, [(x, at + 4, 14 + 40 * t)], ("tree", "bush", "rock", "bush"))
    if d.p(0.2):
        ways.trail(d, y + 20, M.SOIL, M.ROAD)
    elif d.p(0.3):
        w = d.u(60, 200)
        nature.path(
            d,
            [(d.w * d.u(0.1, 0.9), 1060), (d.w * d.u(0.2, 0.8), y + (1000 - y) * 0.5), (d.w * d.u(0.2, 0.8), y + 30)],
            (w, 8),
            d.r.choice((M.SOIL, M.ROAD)),
        )
    near_frame(d)


def campsite(d: Sheet) -> None:
    y = horizon(d, 350, 550)
    backdrop(d, y, ("mountains", "woods", "woods", "trees"), night=d.p(0.3))
    meadow_ground(d, y, land(d, M.GRASS, M.SOIL))
    if d.p(0.3):
        ways.trail(d, y, M.SOIL)
    elif d.p(0.35):
        nature.path(
            d,
            [(d.w * d.u(-0.2, 1.2), 900), (d.w * d.u(0.2, 0.8), y + 120), (d.w * d.u(0, 1), y + 20)],
            (d.u(200, 500), 40),
            M.WATER,
        )
    grow(d, spots(d, y, d.r.randint(2, 9), near=0.35), ("conifer", "tree", "bush", "tree"))
    things.strew(
        d,
        spots(d, y, d.r.randint(2, 6), far=0.2, near=0.8),
        ("tent", "tent", "tent", "crate", "bench", "sign", "parasol", "laundry", "lamp"),
    )
    if d.p(0.6):
        x, row, s = spots(d, y, 1, far=0.35, near=0.8)[0]
        things.campfire(d, x, row, s * d.u(0.4, 0.9))
    grow(d, spots(d, y, d.r.randint(0, 5), far=0.5, near=1), ("rock", "log", "stump", "bush", "rocks"))
    near_frame(d, 0.35)


def ruins(d: Sheet) -> None:
    y = horizon(d, 300, 580)
    backdrop(d, y, ("mountains", "woods", "hills", "nothing", "town"))
    meadow_ground(d, y, land(d, M.GRASS, M.SOIL, M.GRASS))
    if d.p(0.5):
        w = d.u(150, 700)
        nature.path(
            d,
            [(d.w * d.u(0.2, 0.8), 1060), (d.w * d.u(0.3, 0.7), y + (1000 - y) * 0.4), (d.w * d.u(0.3, 0.7), y + 15)],
            (w, w * 0.1),
            d.r.choice((M.ROAD, M.ROAD, M.WATER, M.SOIL)),
        )
    for x, row, s in spots(d, y, d.r.randint(3, 9), far=0.02, near=0.7):
        s = max(s, 18)
        what = d.r.choice(("ruin", "ruin", "ruin", "tree", "rocks", "block"))
        if what == "ruin":
            w = s * d.u(2.5, 7)
            landmarks.ruin(d, x - w / 2, row, w, s * d.u(2, 6))
            if d.p(0.5):
                plants.ivy(d, x + d.u(-0.4, 0.4) * w, row - s * d.u(1, 3), w * d.u(0.15, 0.4), s * d.u(0.8, 2))
        elif what == "block":
            d.box(x, row, s * d.u(0.5, 2), s * d.u(0.3, 1), d.r.choice((M.ROCK, M.WALL)))
        else:
            grow(d, [(x, row, s)], (what,))
    grow(d, spots(d, y, d.r.randint(3, 12), far=0.3), ("rock", "rocks", "bush", "rock", "reeds", "log"))
    plants.grass(d, 0, d.w, y + 60, 1000, 24)
    near_frame(d, 0.35)


def heavens(d: Sheet) -> None:
    """Mostly sky, as for a shot that looks up."""
    y = d.u(720, 1150)
    for _ in range(d.r.randint(1, 7)):
        nature.cloud(d, d.u(0, d.w), d.u(0.05, 0.9) * y, d.u(150, 1100))
    nature.sky(d, y, night=d.p(0.3), room=0.5)
    way = d.r.choice(("hills", "trees", "town", "sea", "meadow", "wires", "none"))
    if way == "hills":
        nature.mountains(d, y, d.u(50, 200), 1500)
    elif way == "trees":
        plants.woods(d, nature.slope(d, y, 60), 1500, d.u(20, 120))
    elif way == "town":
        built.skyline(d, y + 150, 100, 350, n=d.r.randint(4, 14))
    elif way == "sea":
        sea(d, y)
    elif way == "meadow":
        meadow_ground(d, y, M.GRASS)
        grow(d, spots(d, y, 3), ("tree", "bush"))
    elif way == "wires":
        a, b = (
            posts.pole(d, d.u(0, 0.4) * d.w, 1050, d.u(500, 950)),
            posts.pole(d, d.u(0.6, 1) * d.w, 1050, d.u(400, 950)),
        )
        posts.wires(d, a, b, 60)
    near_frame(d)
