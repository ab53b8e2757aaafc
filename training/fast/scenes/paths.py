"""Roads seen from the side, rows of plain houses, ways to the horizon, bridges from the bank, stairs, gates."""

from __future__ import annotations

import numpy as np

from training.fast import buildings as built
from training.fast import crossings, landmarks, nature, plants, posts, things, vehicles, ways
from training.fast.layers import any_tree, backdrop, grow, horizon, land, meadow_ground, near_frame, spots
from training.fast.sheet import BARE, M, Sheet


def field_path(d: Sheet) -> None:
    """A way between two plain lines through meadow, fields or a wood."""
    y = horizon(d, 220, 600)
    backdrop(d, y, ("mountains", "hills", "woods", "trees", "nothing", "town"))
    meadow_ground(d, y, M.GRASS, d.r.choice((0, 8, 26)))
    what = d.r.choice(("meadow", "meadow", "fields", "wood", "houses"))
    if what == "fields":
        ways.paddies(d, y, mixed=d.r.choice((0.0, d.u(0.2, 0.6))))
    for _ in range(d.r.choice((1, 1, 1, 1, 2))):
        ways.trail(d, y + d.u(0, 30), M.SOIL, M.SOIL, M.SOIL, M.ROAD)
    if d.p(0.2):
        ways.strip(d, d.u(y + 60, 900), d.u(20, 130), M.SOIL if d.p(0.6) else M.ROAD)
    if what == "wood":
        grow(d, spots(d, y, d.r.randint(5, 14), far=0.05, near=0.7, clear=0.3), ("tree", "conifer", "tree", "bush"))
    elif what == "houses":
        grow(d, spots(d, y, d.r.randint(3, 7), far=0.05, near=0.5, clear=0.3), ("house", "house", "tree", "bush"))
    else:
        grow(d, spots(d, y, d.r.randint(0, 5), near=0.6, clear=0.25), ("tree", "bush", "rock", "house"))
    things.strew(d, spots(d, y, d.r.randint(0, 3), far=0.15), ("pole", "sign", "fence", "pole", "mast"))
    if d.p(0.2):
        ways.rail_before(d)
    near_frame(d)


def side_road(d: Sheet) -> None:
    """A road across the whole picture, ground before and behind it, what lines it, a rail in front."""
    y = horizon(d, 260, 520)
    backdrop(d, y, ("mountains", "hills", "woods", "trees", "town", "nothing"))
    ground = land(d, M.GRASS, M.GRASS, M.SOIL)
    meadow_ground(d, y, ground, 10)
    foot = y + d.u(30, 220)
    lined = d.r.choice(("houses", "houses", "town", "fence", "trees", "open"))
    _lining(d, foot, lined)
    row, deep = foot + d.u(4, 110), d.u(60, 330)
    if lined in ("houses", "town") and d.p(0.4):
        row = foot
    ways.strip(d, row, deep, M.ROAD if d.p(0.8) else M.SOIL)
    low = row + deep
    if d.p(0.3):
        vehicles.car(d, d.u(0.1, 0.9) * d.w, row + deep * d.u(0.4, 0.9), d.u(0.6, 1.6) * max(deep, 120))
    things.strew(
        d,
        [(d.u(0, d.w), row + d.u(-6, 6), d.u(60, 110)) for _ in range(d.r.randint(0, 5))],
        ("pole", "lamp", "sign", "pole", "vending", "mast", "bench"),
    )
    if low < 880 and d.p(0.25 if d.hand.detail > 0.2 else 0.04):  # a canal or a river runs along it
        bank = d.u(20, 120)
        nature.ground(d, low, d.r.choice((M.ROCK, M.ROCK, M.WALL, M.GRASS)))
        nature.ground(d, low + bank, M.WATER)
        nature.ripples(d, 0, d.w, low + bank + 10, 1000, 14)
        if d.p(0.6):
            posts.fence(d, (-40, low), (d.w + 40, low), d.u(40, 120), sort=d.r.choice(ways.RAILS))
        if d.p(0.3):
            vehicles.boat(d, d.u(0.1, 0.9) * d.w, d.u(low + bank + 30, 1000), d.u(120, 360))
    elif low < 960:
        nature.ground(d, low + d.u(0, 12), ground if d.p(0.7) else M.GRASS)
        plants.grass(d, 0, d.w, low + 20, 1000, d.r.choice((0, 8, 20)))
        grow(
            d,
            [(d.u(0, d.w), d.u(low + 20, 1030), d.u(40, 110)) for _ in range(d.r.randint(0, 4))],
            ("bush", "rock", "reeds", "bush"),
        )
        if d.p(0.3):
            posts.fence(d, (-40, low + 8), (d.w + 40, low + 8), d.u(40, 130), sort=d.r.choice(ways.RAILS))
    if d.p(0.45):
        ways.rail_before(d)
    near_frame(d, 0.2)


def _lining(d: Sheet, foot: float, what: str) -> None:
    """What stands along the far side of a road."""
    x = d.u(-200, 60)
    while x < d.w and what != "open":
        w = d.u(130, 420)
        if what == "trees" or d.p(0.2):
            any_tree(d, x + w / 2, foot - d.u(0, 30), d.u(120, 420))
            w *= 0.6
        elif what == "houses":
            built.cottage(d, x, foot - d.u(0, 30), w, w * d.u(0.35, 0.8))
            w *= d.u(1.0, 1.8)
        elif what == "town":
            h = w * d.u(0.6, 1.8)
            built.cottage(d, x, foot, w, h, floors=max(1, round(h / 130)), roof=d.r.choice(("flat", "flat", None)))
        else:
            sort = d.r.choice(("boards", "wall", "wall", "pickets", "one rail"))
            posts.fence(d, (x, foot), (x + w * 2, foot), d.u(60, 180), sort=sort)
            w *= 2
        x += w
    for _ in range(d.r.choice((0, 0, 2, 4))):  # trees and bushes before the fronts
        px, h = d.u(0, d.w), d.u(80, 300)
        d.r.choice((plants.conifer, any_tree, plants.tree))(d, px, foot + d.u(0, 20), h)
    if d.p(0.3):
        plants.hedge(d, (d.u(-50, 500), foot + 4), (d.u(600, d.w + 50), foot + 4), d.u(30, 100))


def village_row(d: Sheet) -> None:
    """As in a long pan: rows of plain houses at several depths on a meadow, trees between, hills behind."""
    y = horizon(d, 280, 560)
    nature.sky(d, y)
    for _ in range(d.r.choice((1, 1, 2))):
        nature.mountains(d, y, d.u(60, 420), y + 60)
    if d.p(0.35):
        plants.woods(d, nature.slope(d, y - d.u(0, 30), 30), y + 60, d.u(15, 50))
    rows = d.r.randint(1, 4)
    ground = land(d, M.GRASS, M.GRASS, M.SOIL)
    nature.ground(d, y + 10, ground, line=nature.slope(d, y + 10, d.u(0, 30)))
    for k in range(rows):
        t = (k + d.u(0.2, 0.8)) / rows
        row, size = y + 14 + (780 - y) * t**1.4, 55 + 260 * t**1.2
        if k and d.p(0.35):  # a fold of the ground
            d.shape(ways.wavy(d, row - size * 0.5, d.u(0, 12)), 1500, ground, drawn=d.p(0.8))
        x = d.u(-size, size)
        while x < d.w:
            w = size * d.u(0.7, 1.5)
            if d.p(0.68):
                built.cottage(d, x, row + d.u(0, 0.12) * size, w, w * d.u(0.35, 0.75))
                for _ in range(d.r.choice((0, 0, 1, 2))):
                    grow(d, [(x + d.u(-0.2, 1.2) * w, row + size * d.u(0.1, 0.2), size / d.u(5, 9))],
                         ("tree", "bush", "conifer", "bush"))  # fmt: skip
            else:
                any_tree(d, x + w / 2, row + d.u(0, 0.1) * size, size * d.u(0.8, 1.8))
            x += w * d.u(0.9, 2.4)
    front = d.r.choice(("strip", "trail", "fence", "tufts", "none", "paddies"))
    if front == "strip":
        ways.strip(d, d.u(820, 930), d.u(40, 160), M.ROAD if d.p(0.7) else M.SOIL)
    elif front == "trail":
        ways.trail(d, d.u(780, 860), M.SOIL, M.ROAD)
    elif front == "paddies":
        ways.paddies(d, d.u(700, 800))
    elif front == "tufts":
        plants.grass(d, 0, d.w, 820, 1000, 24)
    if front == "fence" or d.p(0.15):
        ways.rail_before(d)
    things.strew(d, spots(d, y, d.r.randint(0, 4), far=0.3), ("pole", "pole", "laundry", "fence", "mast", "lamp"))
    near_frame(d, 0.15)


def bank_bridge(d: Sheet) -> None:
    """A bridge from the side: the river is seen behind it, in its arch and down to the lower edge."""
    y = horizon(d, 240, 480)
    backdrop(d, y, ("mountains", "woods", "hills", "trees", "town"))
    ground = land(d, M.GRASS, M.GRASS, M.SOIL)
    meadow_ground(d, y, ground, 10)
    x, wide = d.u(0.3, 0.7) * d.w, d.u(0.45, 1.3) * d.w
    crossings.river_below(d, y + d.u(0, 30), x, wide, ground)
    grow(d, spots(d, y, d.r.randint(0, 6), near=0.15), ("tree", "bush", "house", "conifer"))
    deck = d.u(y + 50, y + 280)
    t = min(1.0, (deck + 60 - y) / (1070 - y))
    span = max(wide * t**0.8 * d.u(1.1, 1.7), 300.0)
    h = d.u(0.15, 0.4) * min(span, 700)
    material = d.r.choice((M.ROCK, M.ROCK, M.ROAD, M.WOOD, M.WOOD, M.METAL, M.WALL))
    middle = x + d.u(-0.05, 0.05) * d.w
    if d.p(0.5):  # the road goes on over both banks
        thick = h * d.u(0.15, 0.4)
        for x0, x1 in ((-60.0, middle - span / 2), (middle + span / 2, d.w + 60)):
            if x1 > x0:
                line = ways.wavy(d, deck, d.u(0, 6), x0, x1)
                d.fill(np.concatenate([line, line[::-1] + np.array([0.0, thick])]), M.ROAD, edge=BARE)
                d.line(line)
                d.line(line + np.array([0.0, thick]))
    crossings.side_bridge(d, middle - span / 2, deck, span, h, material=material)
    grow(
        d,
        [(d.u(0, d.w), d.u(deck + h, 1020), d.u(50, 120)) for _ in range(d.r.randint(0, 4))],
        ("reeds", "rock", "rocks", "bush"),
    )
    if d.p(0.15):
        ways.rail_before(d)
    near_frame(d, 0.25)


def stairway(d: Sheet) -> None:
    """Stairs seen from below; what they lead to shows over their top."""
    y = d.u(200, 560)
    nature.sky(d, y)
    what = d.r.choice(("sky", "hills", "woods", "houses", "torii", "gate"))
    if what == "hills":
        nature.mountains(d, y, d.u(60, 420), 1500)
    elif what == "woods":
        plants.woods(d, nature.slope(d, y - d.u(40, 160), 40), 1100, d.u(30, 90))
    elif what == "houses":
        nature.ground(d, y - d.u(0, 40), M.GRASS)
        built.hamlet(d, y + 10, d.r.randint(2, 6), d.u(120, 300))
    crossings.stairway(d, y)
    if what == "torii":
        posts.torii(d, d.w * d.u(0.4, 0.6), d.u(350, 650), d.u(200, 460), d.u(200, 420))
    things.strew(d, spots(d, y, d.r.randint(0, 4), far=0.2, clear=0.3), ("lamp", "pole", "stone lantern", "sign"))
    grow(d, spots(d, y, d.r.randint(0, 4), far=0.2, clear=0.4), ("tree", "bush", "tree"))
    near_frame(d, 0.3)


def gates(d: Sheet) -> None:
    """Torii seen from the front one behind the other, a path below, things seen through them."""
    y = horizon(d, 320, 560)
    backdrop(d, y, ("woods", "mountains", "hills", "trees", "nothing"))
    # Under the trees of a shrine the ground is bare earth as often as grass.
    meadow_ground(d, y, land(d, d.r.choice((M.GRASS, M.SOIL)), M.GRASS, M.SOIL), 12)
    vx, x0, half = d.w * d.u(0.35, 0.65), d.w * d.u(0.2, 0.8), d.u(120, 420) * d.r.choice((1.0, 1.0, 1.7))
    stuff = d.r.choice((M.ROAD, M.SOIL, M.ROAD))
    if d.p(0.75):
        d.fill([(x0 - half, 1060), (x0 + half, 1060), (vx + 3, y + 4), (vx - 3, y + 4)], stuff, skip=(0, 2))
    if d.p(0.35):
        landmarks.shrine_hall(d, vx, y + 14, d.u(60, 160))
    n, near = d.r.choice((1, 2, 3, 3, 5, 8)), d.u(0.35, 1.0)
    for k in range(n - 1, -1, -1):
        t = near / (1 + k * d.u(0.5, 1.1))
        w = (half * 2.2 if n < 5 else half * 1.7) * t
        x, row = vx + (x0 - vx) * t, y + (1060 - y) * t
        if d.p(0.35):
            side = d.r.choice((-1, 1))
            posts.stone_lantern(d, x + side * w * d.u(0.7, 1.1), row - 4, w * d.u(0.3, 0.5))
        if d.p(0.25):
            grow(d, [(x + d.r.choice((-1, 1)) * w * d.u(0.8, 1.6), row - 6, w * 0.2)], ("tree", "conifer", "bush"))
        posts.torii(d, x, row, w, w * d.u(0.8, 1.15))
    things.strew(d, spots(d, y, d.r.randint(0, 4), far=0.2, clear=0.3), ("stone lantern", "banner", "lamp", "fence"))
    near_frame(d, 0.25)
