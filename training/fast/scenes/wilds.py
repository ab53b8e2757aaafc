"""Woods and mountains."""

from __future__ import annotations

import numpy as np

from training.fast import buildings as built
from training.fast import nature, plants, posts, thickets
from training.fast.curves import bumps, curve, ridge
from training.fast.layers import any_tree, grow, horizon, land, meadow_ground, near_frame, sea, spots, stones
from training.fast.sheet import BARE, M, Sheet


def forest_path(d: Sheet) -> None:
    y = horizon(d, 380, 600)
    nature.sky(d, y, room=0.3)
    if d.p(0.85):
        plants.woods(d, nature.slope(d, y - d.u(60, 400), 60), y + 60, d.u(30, 120))
    nature.ground(d, y, land(d, M.GRASS, M.GRASS, M.SOIL), line=nature.slope(d, y, 30))
    plants.grass(d, 0, d.w, y + 20, 1000, 20)
    w, way = d.u(250, 900), d.r.choice((M.SOIL, M.SOIL, M.SOIL, M.ROAD, M.WATER))
    nature.path(
        d,
        [(d.w * d.u(0.3, 0.7), 1060), (d.w * d.u(0.35, 0.65), y + (1000 - y) * 0.4), (d.w * d.u(0.4, 0.6), y + 6)],
        (w, d.u(15, 80)),
        way,
    )
    massed = d.p(0.3)
    if massed:
        thickets.flanks(d, y + 10, 0.15, 0.44)
    trees = d.r.choice((0, 2, 4)) if massed else d.r.randint(5, 16)
    for x, row, s in spots(d, y, trees, near=1.0, clear=d.u(0.1, 0.45)):
        s = max(s, 14)
        if d.p(0.72):
            big = s > 60
            if big and d.p(0.75):
                plants.trunk(d, x, row, s * d.u(0.3, 0.8), row + 60, d.u(-0.3, 0.3) * s)
                if d.p(0.5):
                    plants.tuft(d, x, row, 20)
            else:
                any_tree(d, x, row, s * d.u(4, 9))
        else:
            grow(d, [(x, row, s)], ("bush", "rock", "bush", "stump", "log", "rocks"))
    for _ in range(0 if massed else d.r.choice((0, 2, 5, 8))):
        x = d.u(-0.05, 1.05) * d.w
        plants.crown(d, x, d.u(-80, 120 + 200 * abs(x / d.w - 0.5)), d.u(120, 320), d.u(60, 170))
    near_frame(d, 0.4)


def deep_forest(d: Sheet) -> None:
    y = d.u(420, 800)
    fill = d.p(0.75)
    if fill:
        d.fill([(-60, -60), (d.w + 60, -60), (d.w + 60, y + 40), (-60, y + 40)], M.FOLIAGE, edge=BARE)
        d.marks(
            [
                bumps(d, [(d.u(0, d.w), b := d.u(0, y)), (d.u(0, d.w), b + d.u(-60, 60))], d.u(20, 60), 0.4)
                for _ in range(5)
            ]
        )
    else:
        nature.sky(d, y, room=0.3)
        if d.p(0.5):
            thickets.balls(d, nature.slope(d, y - d.u(150, 400), 60), y + 40, d.u(60, 160), d.r.choice((1, 2, 3)))
    for k in range(3):
        h = y - 40 + 25 * k
        for _ in range(d.r.randint(1, 7)):
            s = d.u(8, 22) * (1 + 2.2 * k)
            x = d.u(0, d.w)
            sort = d.manner("deep", ("trunk", "trunk", "trunk", "bamboo", "conifer"), 0.9)
            if sort == "trunk":
                plants.trunk(d, x, h + 40 + 40 * k, s, 1200, d.u(-0.5, 0.5) * s)
            elif sort == "bamboo":
                plants.bamboo(d, x, h + 30 + 40 * k, 900)
            else:
                plants.conifer(d, x, h + 40 + 30 * k, d.u(300, 900))
        if k == 0:
            nature.ground(
                d,
                y,
                land(d, M.GRASS, M.SOIL, M.GRASS),
                line=ridge(d, -50, d.w + 50, y + 30, d.u(10, 90), d.u(1, 4), 0.4),
            )
            plants.grass(d, 0, d.w, y + 30, 1000, 24)
            if d.p(0.3):
                nature.path(
                    d,
                    [(d.w * d.u(0, 1), 1060), (d.w * d.u(0.3, 0.7), y + 200), (d.w * d.u(0.2, 0.8), y + 60)],
                    (d.u(100, 500), 30),
                    d.r.choice((M.WATER, M.SOIL)),
                )
    grow(
        d,
        [(x, row, 20 + s) for x, row, s in spots(d, y, d.r.randint(2, 12), far=0.15)],
        ("bush", "rock", "log", "stump", "bush", "rocks", "reeds"),
    )
    for _ in range(d.r.choice((0, 0, 3, 6))):
        plants.crown(d, d.u(0, d.w), d.u(-60, 100), d.u(120, 360), d.u(60, 190))
    if d.p(0.12):
        posts.torii(d, d.u(0.3, 0.7) * d.w, y + 120, d.u(120, 300), d.u(150, 330))
    near_frame(d, 0.5)


def mountain_pass(d: Sheet) -> None:
    y = horizon(d, 350, 620)
    nature.sky(d, y)
    for _ in range(d.r.choice((1, 2, 3))):
        nature.mountains(d, y + d.u(0, 60), d.u(150, 620), y + 200)
    for side in d.r.sample((0, 1), d.r.choice((1, 2))):
        x1 = d.u(0.25, 0.6) * d.w
        line = curve(
            [
                (side * d.w + (60 if side else -60), y - d.u(50, 350)),
                (abs(side * d.w - x1 * 0.5), y - d.u(-40, 120)),
                (abs(side * d.w - x1), y + d.u(40, 160)),
            ],
            7,
        )
        material = d.r.choice((M.GRASS, M.ROCK, M.FOLIAGE, M.MOUNTAIN))
        flank = (
            line
            if material in (M.GRASS, M.ROCK)
            else bumps(d, line if not side else line[::-1], d.u(20, 60), 0.5, d.r.choice(("round", "tooth")))
        )
        d.fill(np.concatenate([flank, [(flank[-1, 0], 1500), (flank[0, 0], 1500)]]), material, edge=BARE)
        d.line(flank)
        grow(
            d,
            [(float(a), float(b) + d.u(5, 60), d.u(8, 26)) for a, b in line[2:-2:4]],
            ("conifer", "rock", "bush", "conifer"),
        )
    line = nature.slope(d, y + d.u(60, 200), 60)
    what = land(d, M.GRASS, M.ROCK, M.SOIL, M.GRASS)
    nature.ground(d, 0, what, line=line)
    low = float(line[:, 1].mean())
    if what == M.GRASS:
        plants.grass(d, 0, d.w, low + 30, 1000, 14)
    elif what == M.ROCK:
        stones(d, low + 20)
    w = d.u(80, 460)
    nature.path(
        d,
        [(d.w * d.u(0.1, 0.9), 1060), (d.w * d.u(0.2, 0.8), low + (1000 - low) * 0.5), (d.w * d.u(0.3, 0.7), low + 15)],
        (w, w * 0.12),
        d.r.choice((M.SOIL, M.ROAD, M.SOIL)),
    )
    grow(d, spots(d, low - 80, d.r.randint(2, 12), far=0.15), ("rock", "rocks", "conifer", "bush", "rock", "tree"))
    if d.p(0.25):
        x, row, _ = spots(d, low - 60, 1, far=0.2, near=0.4)[0]
        built.cottage(d, x, row, d.u(90, 260), d.u(50, 120))
    if d.p(0.3):
        posts.fence(
            d,
            (d.u(0, 0.4) * d.w, 900),
            (d.u(0.5, 1) * d.w, low + 60),
            d.u(60, 130),
            d.u(15, 40),
            d.r.choice(("guard", "posts", "rail")),
        )
    near_frame(d)


def alps(d: Sheet) -> None:
    """Mountains fill the picture."""
    y = d.u(560, 900)
    nature.sky(d, d.u(150, 420))
    for k in range(d.r.randint(1, 4)):
        nature.mountains(d, y + 40 * k, d.u(250, 760) * (1 - 0.16 * k), 1500)
    if d.p(0.6):
        plants.woods(d, nature.slope(d, y + d.u(-60, 60), 90), 1500, d.u(15, 60))
    for _ in range(d.r.choice((0, 0, 1, 2))):
        nature.cloud(d, d.u(0, 1) * d.w, y - d.u(40, 300), d.u(200, 900), "flat" if d.p(0.5) else None)
    front_ = d.r.choice(("meadow", "lake", "snow", "rocks", "valley"))
    low = y + d.u(40, 140)
    if front_ == "lake":
        sea(d, low)
    elif front_ == "rocks":
        nature.ground(d, 0, M.GRASS, line=nature.slope(d, low, 60))
        grow(d, spots(d, low - 60, d.r.randint(4, 12), far=0.1), ("rock", "rocks", "rocks", "bush"))
    else:
        meadow_ground(d, low, M.GRASS, 14)
        grow(d, spots(d, low - 60, d.r.randint(0, 8), far=0.1), ("conifer", "conifer", "house", "rock", "tree"))
    near_frame(d)
