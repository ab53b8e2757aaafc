"""Shrines, temples, their stairs and their festivals."""

from __future__ import annotations

from training.fast import buildings as built
from training.fast import landmarks, nature, plants, posts, thickets, things
from training.fast.curves import blob, mix
from training.fast.layers import any_tree, grow, horizon, joints, land, meadow_ground, near_frame, spots
from training.fast.scenes.rails import poles_along
from training.fast.sheet import M, Path, Sheet


def stone(d: Sheet, p: tuple[float, float], s: float) -> Path:
    """A stone's outline as a mark."""
    return blob(d, p[0], p[1], s, s * 0.6, 0.15, 12)


def stairs(d: Sheet) -> None:
    foot, top = d.u(800, 1000), d.u(180, 480)
    nature.sky(d, top)
    x, w, narrow = d.u(0.3, 0.7) * d.w, d.u(250, 900), d.u(0.25, 0.95)
    shift = d.u(-0.15, 0.15) * d.w
    what = d.r.choice(("shrine", "torii", "sky", "house", "trees", "sea"))
    bank = land(d, d.r.choice((M.GRASS, M.SOIL)), M.GRASS, M.ROCK, M.ROCK, M.WALL, M.FOLIAGE, M.SOIL)
    plants.woods(d, nature.slope(d, top - d.u(-20, 130), 60), 1500, d.u(25, 110)) if d.p(0.7) else None
    if what == "shrine":
        landmarks.shrine_hall(d, x + shift, top + 8, d.u(200, 520))
    elif what == "house":
        built.cottage(d, x + shift - 150, top + 8, d.u(200, 400), d.u(100, 200))
    elif what == "trees":
        for _ in range(4):
            any_tree(d, x + shift + d.u(-300, 300), top + 10, d.u(120, 300))
    elif what == "sea":
        nature.ground(d, top - d.u(20, 100), M.WATER)
    left = [
        (x - w / 2 - 10, foot),
        (x + shift - w / 2 * narrow, top),
        (x + shift - w / 2 * narrow - d.u(0, 300), top - d.u(0, 60)),
        (-60, d.u(top - 100, foot - 200)),
        (-60, 1100),
        (x - w / 2 - 10, 1100),
    ]
    right = [
        (x + w / 2 + 10, foot),
        (x + shift + w / 2 * narrow, top),
        (x + shift + w / 2 * narrow + d.u(0, 300), top - d.u(0, 60)),
        (d.w + 60, d.u(top - 100, foot - 200)),
        (d.w + 60, 1100),
        (x + w / 2 + 10, 1100),
    ]
    for side in (left, right):
        d.fill(side, bank, skip=(3, 4, 5))
        if bank == M.ROCK:
            d.marks([stone(d, mix(side[0], side[3], d.u(0.1, 0.8)), d.u(20, 70)) for _ in range(9)])
        elif bank == M.GRASS:
            plants.grass(d, min(p[0] for p in side), max(p[0] for p in side), top + 80, 1000, 14)
    nature.ground(d, foot, d.r.choice((M.ROAD, M.SOIL, M.GRASS))) if foot < 980 else None
    landmarks.steps(d, x, foot, w, foot - top, d.r.randint(6, 26), narrow=narrow, shift=shift)
    rail = d.p(0.5)
    for side in (-1, 1):
        a, b = (x + side * w / 2, foot), (x + shift + side * w / 2 * narrow, top)
        if rail:
            posts.fence(d, a, b, 0.16 * w, 0.16 * w * narrow, d.r.choice(("rail", "posts", "wall")))
        for _ in range(d.r.randint(0, 4)):
            p = mix(a, b, t := d.r.random())
            s = 90 * (1 - t * (1 - narrow))
            if d.p(0.35):
                posts.stone_lantern(d, p[0] + side * d.u(20, 60), p[1], s * 1.5)
            else:
                grow(d, [(p[0] + side * d.u(40, 260), p[1], s)], ("tree", "bush", "conifer", "rock"))
    if d.p(0.45):
        if d.p(0.4):
            for which in (0, 1):
                edge = x + shift * 0.6 + (-0.5 if which == 0 else 0.5) * w * (0.4 + 0.6 * narrow)
                reach = d.w - edge if which else edge
                if reach > 80:
                    thickets.flank(d, which, top + (foot - top) * d.u(0.1, 0.5), reach * d.u(0.6, 0.95), lean=1.0)
        else:
            wood(d, x, foot, top, w * 0.5)
    if what == "torii" or d.p(0.35):
        t = d.r.choice((0.0, 0.5, 1.0))
        p = mix((x, foot), (x + shift, top), t)
        ww = w * (1 - t * (1 - narrow)) * d.u(0.9, 1.25)
        posts.torii(d, p[0], p[1], ww, ww * d.u(0.8, 1.2))
    grow(
        d,
        [(d.u(0, d.w), foot + d.u(0, 60), d.u(50, 120)) for _ in range(d.r.choice((0, 1, 2)))],
        ("bush", "rock", "reeds"),
    ) if foot < 940 else None
    near_frame(d, 0.35)


def wood(d: Sheet, x: float, foot: float, top: float, clear: float) -> None:
    """Trees on both sides of a stair, in masses or one by one, the upper ones first."""
    masses = d.p(0.4)
    for t in sorted((d.r.random() for _ in range(d.r.randint(3, 12))), reverse=True):
        side = d.r.choice((-1, 1))
        row = foot + (top - foot) * t
        s = 1 - 0.6 * t
        px = x + side * (clear * s + d.u(40, 0.4 * d.w))
        if masses:
            plants.crown(d, px, row - d.u(40, 160), d.u(90, 260) * s, d.u(70, 190) * s)
        else:
            any_tree(d, px, row, d.u(280, 760) * s)


def shrine(d: Sheet) -> None:
    y = d.u(420, 700)
    nature.sky(d, y - 150)
    for _ in range(d.r.choice((0, 1, 1))):
        plants.woods(d, nature.slope(d, y - d.u(60, 320), 70), y + 40, d.u(25, 110))
    for _ in range(d.r.randint(0, 6)):
        any_tree(d, d.u(0, d.w), y + d.u(-10, 20), d.u(200, 620))
    meadow_ground(d, y, land(d, M.SOIL, M.SOIL, M.GRASS))
    x = d.u(0.3, 0.7) * d.w
    hall = y + d.u(5, 80)
    if d.p(0.8):
        w = d.u(300, 900)
        landmarks.shrine_hall(d, x, hall, w)
        landmarks.steps(d, x, hall + d.u(10, 40), w * 0.3, 20, 3) if d.p(0.3) else None
    if d.p(0.75):
        nature.path(
            d,
            [(x + d.u(-120, 120), 1060), (x + d.u(-40, 40), (hall + 1000) / 2), (x, hall + 8)],
            (d.u(250, 700), d.u(60, 130)),
            d.r.choice((M.ROAD, M.ROAD, M.SOIL)),
        )
        joints(d, y, x, 8)
    elif d.p(0.5):
        nature.stepping(d, [(x + d.u(-120, 120), 1060), (x + d.u(-90, 90), (hall + 1000) / 2), (x, hall + 8)], 30, 200)
    if d.p(0.25):
        thickets.flanks(d, y + 20, 0.1, 0.3)
    row = hall + 40
    while row < 1000 and d.p(0.8):
        s = (row - y + 120) * 0.5
        for side in (-1, 1):
            px = x + side * s * d.u(1.0, 1.3)
            what = d.r.choice(("lantern", "lantern", "tree", "banner", "fence", "rock", "bush", "none"))
            if what == "lantern":
                posts.stone_lantern(d, px, row, s * d.u(0.5, 0.9))
            elif what == "banner":
                posts.banner(d, px, row, s * d.u(0.8, 1.3))
            elif what == "fence":
                posts.fence(d, (px, row), (px + side * s * 2, row), s * 0.3)
            elif what != "none":
                grow(d, [(px + side * 60, row, s * 0.3)], (what,))
        row += d.u(60, 180)
    for _ in range(d.r.choice((0, 1, 1, 1, 3))):
        row = d.u(hall + 60, 1010)
        w = (row - y + 90) * d.u(0.9, 1.6)
        posts.torii(d, x + d.u(-30, 30), row, w, w * d.u(0.8, 1.15))
    if d.p(0.25):
        posts.lanterns(
            d,
            (d.u(0, 0.3) * d.w, d.u(200, 450)),
            (d.u(0.7, 1) * d.w, d.u(200, 450)),
            d.r.randint(4, 10),
            d.u(15, 35),
            d.u(10, 80),
        )
    near_frame(d, 0.35)


def festival(d: Sheet) -> None:
    y = horizon(d, 380, 560)
    nature.sky(d, y, night=True)
    plants.woods(d, nature.slope(d, y - d.u(20, 200), 60), y + 40, d.u(20, 90)) if d.p(0.8) else None
    nature.ground(d, y, d.r.choice((M.SOIL, M.ROAD, M.GRASS)))
    nature.soil(d, 0, d.w, y + 20, 1000, 12)
    if d.p(0.4):
        landmarks.shrine_hall(d, d.u(0.35, 0.65) * d.w, y + 20, d.u(150, 400))
    elif d.p(0.5):
        w = d.u(200, 450)
        posts.torii(d, d.w * d.u(0.4, 0.6), y + 50, w, w)
    for x, row, s in spots(d, y, d.r.randint(2, 8), far=0.1, near=0.75, clear=0.3):
        w, h = max(60, s * d.u(2.4, 4)), max(60, s * d.u(2.2, 3))
        m = x - w / 2
        for k in (0.04, 0.96):
            d.rod((m + k * w, row), (m + k * w, row - h * 0.8), w * 0.03, d.r.choice((M.WOOD, M.METAL)))
        d.box(m, row, w, h * 0.35, d.r.choice((M.WOOD, M.CLOTH)))
        things.awning(
            d, [(m, row - h), (m + w, row - h), (m + w * 1.05, row - h * 0.72), (m - w * 0.05, row - h * 0.72)]
        )
        if d.p(0.4):
            for k in (0.2, 0.5, 0.8):
                posts.lantern(d, m + k * w, row - h * 0.7, w * 0.06)
        if d.p(0.3):
            d.fill([(m, row - h), (m + w / 2, row - h * 1.25), (m + w, row - h)], M.CLOTH)
    for _ in range(d.r.randint(1, 4)):
        posts.lanterns(
            d,
            (d.u(-0.1, 0.3) * d.w, d.u(60, 420)),
            (d.u(0.7, 1.1) * d.w, d.u(60, 420)),
            d.r.randint(4, 14),
            d.u(14, 45),
            d.u(10, 100),
        )
    things.strew(d, spots(d, y, d.r.randint(0, 5), clear=0.4), ("banner", "stone lantern", "lamp", "crate"))
    grow(d, spots(d, y, d.r.randint(0, 4), clear=0.6), ("tree", "bush", "conifer"))
    near_frame(d)


def temple(d: Sheet) -> None:
    y = d.u(450, 680)
    nature.sky(d, y - 150)
    if d.p(0.6):
        nature.mountains(d, y, d.u(80, 280))
    plants.woods(d, nature.slope(d, y - d.u(40, 200), 60), y + 40, d.u(25, 90)) if d.p(0.8) else None
    nature.ground(d, y, land(d, M.SOIL, M.GRASS, M.ROAD))
    if d.p(0.7):
        landmarks.tower(d, d.u(0.1, 0.9) * d.w, y + d.u(0, 30), d.u(160, 300), d.u(300, 560), "pagoda")
    if d.p(0.8):
        landmarks.shrine_hall(d, d.u(0.2, 0.8) * d.w, y + d.u(10, 80), d.u(250, 700))
    if d.p(0.5):
        posts.fence(
            d,
            (-30, y + d.u(60, 120)),
            (d.w * d.u(0.3, 1), y + d.u(60, 120)),
            d.u(60, 120),
            sort=d.r.choice(("wall", "posts", "boards")),
        )
    if d.p(0.4):
        x, w = d.u(0.3, 0.7) * d.w, d.u(240, 420)
        foot = y + d.u(100, 260)
        for s in (-1, 1):
            d.rod((x + s * w * 0.4, foot), (x + s * w * 0.4, foot - w * 0.6), w * 0.06, M.WOOD)
        landmarks.eaves(d, x, foot - w * 0.58, w * 0.65, w * 0.25)
    w = d.u(150, 600)
    nature.path(
        d,
        [(d.w * d.u(0.3, 0.7), 1060), (d.w * d.u(0.35, 0.65), y + (1000 - y) * 0.4), (d.w * d.u(0.4, 0.6), y + 60)],
        (w, w * 0.2),
        M.ROAD,
    )
    if d.p(0.3):
        poles_along(d, y, d.w * 0.5)
    for x, row, s in spots(d, y, d.r.randint(3, 9), far=0.1, clear=0.3):
        s = max(s, 25)
        if d.p(0.35):
            posts.stone_lantern(d, x, row, s * d.u(1, 1.8))
        elif d.p(0.2):
            posts.banner(d, x, row, s * 2)
        elif d.p(0.2):
            any_tree(d, x, row, s * d.u(4, 7))
        else:
            grow(d, [(x, row, s)], ("tree", "bush", "rock", "conifer"))
    near_frame(d, 0.3)
