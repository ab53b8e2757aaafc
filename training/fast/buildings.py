"""What is built: walls with windows, houses of many kinds, towers, shrines; from boxes to elaborate ones."""

from __future__ import annotations

import math

import numpy as np

from training.fast.curves import arc, bumps, curve, hatch, mix, ring
from training.fast.sheet import BARE, FREE, M, Sheet
from training.fast.space import Camera, Spot, Wall, front, upright

WINDOWS = ("box", "box", "cross", "double", "frame", "shutter", "grid", "arch", "bars", "curtain", "sill", "slit")


def window(d: Sheet, wall: Wall, s0: float, t0: float, s1: float, t1: float, way: str | None = None) -> None:
    """A window on a wall."""
    way = way or d.manner("window", WINDOWS, 0.9)
    q = wall.rect(s0, t0, s1, t1)
    wide = abs(q[1][0] - q[0][0])
    if wide < 1.2 * d.fine:
        d.fill(q, M.WINDOW, weight=0.8, skip=(0, 2))
        return
    small = wide < 4 * d.fine
    if way == "arch" and not small:
        m = mix(wall.at(s0, t1), wall.at(s1, t1), 0.5)
        a, b = q[3], q[2]
        lift = abs(q[0][1] - q[3][1]) * 0.25
        d.fill(
            [q[0], q[1], b, mix(b, (m[0], m[1] - lift), 0.6), (m[0], m[1] - lift), mix(a, (m[0], m[1] - lift), 0.6), a],
            M.WINDOW,
        )
        return
    if way == "frame" and not small:
        ds, dt = (s1 - s0) * 0.14, (t1 - t0) * 0.12
        d.fill(wall.rect(s0 - ds, t0 - dt, s1 + ds, t1 + dt), M.WALL if d.p(0.5) else M.WOOD)
    if way == "shutter" and not small:
        ds = (s1 - s0) * 0.5
        for a, b in ((s0 - ds, s0), (s1, s1 + ds)):
            d.fill(wall.rect(a, t0, b, t1), M.WOOD, weight=0.9)
            d.marks([[wall.at(a, t), wall.at(b, t)] for t in (t0 + (t1 - t0) * k for k in (0.25, 0.5, 0.75))])
    d.fill(q, M.WINDOW, weight=0.9)
    if small and way != "cross":
        return
    sm, tm = (s0 + s1) / 2, t0 + (t1 - t0) * d.u(0.4, 0.7)
    if way in ("cross", "grid", "double", "bars"):
        ss = (
            (sm,)
            if way in ("cross", "double")
            else tuple(s0 + (s1 - s0) * k for k in (0.33, 0.67))
            if way == "grid"
            else tuple(np.linspace(s0, s1, 6)[1:-1])
        )
        ts = (tm,) if way == "cross" else tuple(t0 + (t1 - t0) * k for k in (0.33, 0.67)) if way == "grid" else ()
        d.marks(
            [[wall.at(s, t0), wall.at(s, t1)] for s in ss] + [[wall.at(s0, t), wall.at(s1, t)] for t in ts], keep=1.2
        )
    elif way == "curtain":
        d.marks(
            [
                [wall.at(s0 + (s1 - s0) * 0.3, t0), wall.at(s0 + (s1 - s0) * 0.5, t1)],
                [wall.at(s1 - (s1 - s0) * 0.3, t0), wall.at(sm, t1)],
            ]
        )
    elif way == "sill":
        ds = (s1 - s0) * 0.12
        d.fill(wall.rect(s0 - ds, t0 - (t1 - t0) * 0.1, s1 + ds, t0), M.WALL)
    if d.hand.detail and d.p(0.25):
        d.marks(
            [
                [
                    wall.at(s0 + (s1 - s0) * k, t0 + (t1 - t0) * 0.2),
                    wall.at(s0 + (s1 - s0) * (k + 0.3), t0 + (t1 - t0) * 0.8),
                ]
                for k in (0.15, 0.4)
            ]
        )


def door(d: Sheet, wall: Wall, s0: float, s1: float, t1: float, material: int | None = None) -> None:
    """A door; of wood, or a glazed one."""
    material = int(material if material is not None else M.WOOD if d.p(0.8) else M.WINDOW)
    d.fill(wall.rect(s0, 0, s1, t1), material, skip=(0,))
    way = d.manner("door", ("plain", "knob", "panels", "slide", "lattice"))
    if abs(wall.at(s1, 0)[0] - wall.at(s0, 0)[0]) < 5 * d.fine or way == "plain":
        return
    m = (s0 + s1) / 2
    if way == "knob":
        k = wall.at(s0 + (s1 - s0) * 0.82, t1 * 0.45)
        d.marks([ring(*k, d.fine * 0.6, d.fine * 0.6, 6)])
    elif way == "panels":
        w = (s1 - s0) * 0.2
        d.marks(
            [
                [*wall.rect(s0 + w, a * t1, s1 - w, b * t1), wall.at(s0 + w, a * t1)]
                for a, b in ((0.1, 0.45), (0.55, 0.9))
            ]
        )
    else:
        lines = [[wall.at(m, 0), wall.at(m, t1)]]
        if way == "lattice":
            lines += [[wall.at(s0, t1 * k), wall.at(s1, t1 * k)] for k in (0.25, 0.5, 0.75)]
        d.marks(lines, keep=1.2)


def panes(
    d: Sheet, wall: Wall, columns: int, rows: int, *, t0: float = 0.1, t1: float = 0.95, open_: float = 0.0
) -> None:
    """A grid of windows, bands of windows or full glass."""
    way = d.manner("panes", ("grid", "grid", "grid", "strips", "columns", "pairs", "ticks"))
    fill = d.u(0.4, 0.75)
    if way in ("strips", "columns"):
        n = rows if way == "strips" else columns
        for k in range(n):
            a = (k + 0.5 - fill / 2) / n
            b = (k + 0.5 + fill / 2) / n
            box = (0.06, t0 + (t1 - t0) * a, 0.94, t0 + (t1 - t0) * b) if way == "strips" else (a, t0, b, t1)
            d.fill(wall.rect(*box), M.WINDOW, weight=0.8)
            if way == "strips":
                d.marks(
                    [[wall.at(s, box[1]), wall.at(s, box[3])] for s in np.linspace(0.06, 0.94, columns + 1)[1:-1]], 0.6
                )
        return
    for i in range(rows):
        a = t0 + (t1 - t0) * (i + 0.5 - fill / 2) / rows
        b = t0 + (t1 - t0) * (i + 0.5 + fill / 2) / rows
        for j in range(columns):
            if open_ and d.p(open_):
                continue
            s = (j + 0.5) / columns
            half = fill * 0.5 / columns
            if way == "ticks" and wall.width / columns < 5 * d.fine:
                q = wall.rect(s - half, a, s + half, b)
                d.fill(q, M.WINDOW, edge=BARE)
                d.line([q[0], q[2]], 0.9)
            else:
                window(d, wall, s - half, a, s + half, b, "box" if columns * rows > 16 else None)
            if way == "pairs":
                d.marks([[wall.at(s, a), wall.at(s, b)]])


def skin(d: Sheet, wall: Wall) -> None:
    """What a wall is covered with: planks, bricks, stains, timber, nothing."""
    if not d.hand.detail or wall.width < 8 * d.fine:
        return
    way = d.manner("skin", ("none", "none", "planks", "boards", "bricks", "base", "cracks", "timber"), 0.6)
    n = int(np.clip(wall.height / (3 * d.fine), 2, 10))
    if way == "planks":
        d.marks([[wall.at(0, t), wall.at(1, t)] for t in np.linspace(0, 1, n)[1:-1]], 0.6)
    elif way == "boards":
        d.marks(
            [
                [wall.at(s, 0), wall.at(s, 1)]
                for s in np.linspace(0, 1, int(np.clip(wall.width / (3 * d.fine), 3, 12)))[1:-1]
            ],
            0.6,
        )
    elif way == "bricks":
        d.marks([[wall.at(s, t), wall.at(s + 0.08, t)] for s, t in ((d.u(0, 0.9), d.u(0, 1)) for _ in range(12))], 0.6)
    elif way == "base":
        t = d.u(0.1, 0.3)
        d.marks([[wall.at(0, t), wall.at(1, t)]], keep=1.3)
    elif way == "cracks":
        for _ in range(3):
            s, t = d.u(0.1, 0.9), d.u(0.3, 1)
            d.marks([[wall.at(s, t), wall.at(s + d.u(-0.05, 0.05), t - 0.1), wall.at(s + d.u(-0.1, 0.1), t - 0.22)]])
    elif way == "timber":
        for s in (0.02, d.u(0.3, 0.7), 0.98):
            d.rod(wall.at(s, 0), wall.at(s, 1), max(wall.width * 0.03, d.fine), M.WOOD)
    if d.p(d.hand.hatch * 0.6):
        hatch(d, [wall.a, wall.b, wall.c, wall.e] if d.p(0.5) else [wall.a, wall.e, wall.c, wall.b], 2.6 * d.fine)


TILES = ("none", "none", "ribs", "rows", "waves", "few", "hatch")


def tiles(d: Sheet, quad: list[Spot]) -> None:
    """The covering of a roof plane with corners: eave left, eave right, ridge right, ridge left."""
    a, b, c, e = quad
    way = d.manner("tiles", TILES, 0.9)
    wide = math.dist(a, b)
    if way == "none" or not d.hand.detail or wide < 6 * d.fine:
        return
    n = int(np.clip(wide / (2.6 * d.fine), 3, 18))
    if way in ("ribs", "few"):
        d.marks([[mix(a, b, t), mix(e, c, t)] for t in np.linspace(0, 1, n if way == "ribs" else 4)[1:-1]], 0.7)
    elif way == "rows":
        d.marks([[mix(a, e, t), mix(b, c, t)] for t in np.linspace(0, 1, d.r.randint(3, 7))[1:-1]], 0.7)
    elif way == "waves":
        d.marks([bumps(d, [mix(a, e, t), mix(b, c, t)], wide / n, 0.4) for t in (0.05, 0.35, 0.65)], 0.7)
    else:
        hatch(d, quad, 2.4 * d.fine)


def openings(d: Sheet, wall: Wall, floors: int = 1, *, entrance: bool = True) -> None:
    """Windows and a door on a house wall."""
    n = max(1, min(5, round(wall.width / max(wall.height / max(floors, 1) * d.u(0.7, 1.3), 1))))
    place = d.r.randrange(n) if entrance else -1
    for floor in range(floors):
        low, high = floor / floors, (floor + 1) / floors
        for k in range(n):
            if floor == 0 and k == place:
                door(d, wall, (k + 0.28) / n, (k + 0.72) / n, (high - low) * d.u(0.68, 0.8))
            elif d.p(0.85):
                half = d.u(0.18, 0.32) / n
                window(
                    d,
                    wall,
                    (k + 0.5) / n - half,
                    low + (high - low) * d.u(0.3, 0.42),
                    (k + 0.5) / n + half,
                    low + (high - low) * 0.8,
                )


ROOFS = ("triangle", "triangle", "side", "gable", "gable", "side", "hip", "flat", "shed", "mansard")


def cottage(
    d: Sheet, x: float, y: float, w: float, h: float, *, floors: int | None = None, roof: str | None = None
) -> None:
    """A house seen from the front (elevation): wall w × h with its foot at (x, y) on the left, roof on top."""
    roof = roof or d.manner("roof", ROOFS, 0.5)
    floors = floors or (1 if h < 0.7 * w else d.r.randint(1, 2))
    wall = front(x, y, w, h)
    over, rise = w * d.u(0.03, 0.14), d.u(0.25, 0.65) * min(w, 1.6 * h)
    top = y - h
    if d.p(0.25) and roof != "flat":
        chimney(d, x + w * d.u(0.15, 0.8), top - rise * d.u(0.4, 0.7), w * 0.09, rise * 0.6)
    if roof == "gable":
        d.fill([wall.a, wall.b, wall.c, (x + w / 2, top - rise), wall.e], M.WALL, skip=(0,) if d.p(0.4) else ())
        lip = max(rise * d.u(0.1, 0.28), 2 * d.fine)
        peak = (x + w / 2, top - rise - lip)
        drop = over * rise / (w / 2)
        for s in (-1, 1):
            eave = (x + w / 2 + s * (w / 2 + over), top + drop)
            d.fill([(eave[0], eave[1] - lip), peak, (peak[0], peak[1] + lip), eave], M.ROOF)
        if h > 12 * d.fine and d.p(0.4):
            window(d, wall, 0.42, 1.05, 0.58, 1.05 + 0.2 * rise / h)
    else:
        d.fill(wall.corners, M.WALL, skip=(0,) if d.p(0.4) else ())
    skin(d, wall)
    openings(d, wall, floors)
    if roof == "triangle":
        d.fill([(x - over, top), (x + w + over, top), (x + w / 2, top - rise - h * 0.1)], M.ROOF)
        if d.p(0.2):
            tiles(d, [(x, top), (x + w, top), (x + w * 0.6, top - rise * 0.8), (x + w * 0.4, top - rise * 0.8)])
        return
    inset = {"side": d.u(0, 0.08), "hip": 0.28, "mansard": 0.12, "shed": 0.0, "flat": -0.01, "gable": 0.0}[roof] * w
    if roof == "flat":
        d.fill(
            [(x - over, top), (x + w + over, top), (x + w + over, top - h * 0.09), (x - over, top - h * 0.09)], M.ROOF
        )
    elif roof != "gable":
        left = top - rise * (0.25 if roof == "shed" and d.p(0.5) else 1)
        q = [(x - over, top), (x + w + over, top), (x + w + over - inset, top - rise), (x - over + inset, left)]
        d.fill(q, M.ROOF)
        tiles(d, q)
        if roof == "side" and d.p(0.3):
            d.rod(q[3], q[2], rise * 0.1, M.ROOF)


def chimney(d: Sheet, x: float, y: float, w: float, h: float) -> None:
    """A chimney standing with its foot on y."""
    d.fill([(x, y), (x, y - h), (x + w, y - h), (x + w, y)], M.WALL)
    if d.p(0.4):
        d.fill(
            [(x - w * 0.2, y - h), (x + w * 1.2, y - h), (x + w * 1.2, y - h * 1.15), (x - w * 0.2, y - h * 1.15)],
            M.WALL,
        )


def house(d: Sheet, cam: Camera, x: float, z: float, w: float, depth: float, h: float, *, y: float = 0.0,
          roof: str | None = None, floors: int | None = None) -> None:  # fmt: skip
    """A house in space, its front towards us: two walls and the roof are seen."""
    if z < cam.near + 0.3:
        return
    roof = roof or d.manner("house roof", ("gable x", "gable z", "hip", "flat", "gable x", "pyramid"), 0.5)
    floors = floors or max(1, round(h / 2.9))
    x1, z1 = x + w, z + depth
    face = upright(cam, (x, y, z), (x1, y, z), h)
    left = cam.centre + 0.0 < cam.at((x, y, z))[0]
    edge = x if left else x1
    sees = (edge > 0) == left and abs(edge) > 0.02
    side = upright(cam, (edge, y, z), (edge, y, z1), h) if sees else None
    if face is None:
        return
    rise, over = d.u(0.25, 0.5) * min(w, depth), d.u(0.1, 0.6)
    t = y + h
    p = cam.polygon

    def walls() -> None:
        for wall, entrance in ((side, False), (face, True)):
            if wall is None or wall.width < 1.5 * d.fine:
                continue
            d.fill(wall.corners, M.WALL, skip=(0,) if d.p(0.3) else ())
            skin(d, wall)
            if wall.width > 6 * d.fine:
                openings(d, wall, floors, entrance=entrance)

    xs, xe, zs, ze = x - over, x1 + over, z - over, z1 + over
    zm, xm = (z + z1) / 2, (x + x1) / 2
    low = t - 0.25 * over
    if roof == "flat" or (t > cam.eye + 3 and d.p(0.1)):
        walls()
        d.fill(p([(xs, t + 0.3, zs), (xe, t + 0.3, zs), (xe, t, zs), (xs, t, zs)]), M.ROOF)
        if t + 0.3 < cam.eye:
            d.fill(p([(xs, t + 0.3, zs), (xe, t + 0.3, zs), (xe, t + 0.3, ze), (xs, t + 0.3, ze)]), M.ROOF)
        if side is not None:
            d.fill(p([(edge, t + 0.3, zs), (edge, t + 0.3, ze), (edge, t, ze), (edge, t, zs)]), M.ROOF)
        return
    far: list[Spot] = []
    if roof == "gable x":
        if side is not None:
            d.fill(p([(edge, t, z), (edge, t + rise, zm), (edge, t, z1)]), M.WALL)
        if cam.eye > t + rise * 0.6:
            far = p([(xs, low, ze), (xe, low, ze), (xe, t + rise, zm), (xs, t + rise, zm)])
            d.fill(far, M.ROOF)
        walls()
        q = p([(xs, low, zs), (xe, low, zs), (xe, t + rise, zm), (xs, t + rise, zm)])
    elif roof == "gable z":
        flank = xs if left else xe
        d.fill(p([(flank, low, zs), (flank, low, ze), (xm, t + rise, ze), (xm, t + rise, zs)]), M.ROOF)
        d.fill(p([(x, t, z), (x1, t, z), (xm, t + rise * 0.96, z)]), M.WALL)
        walls()
        lip = d.u(0.15, 0.4)
        for a in (xs, xe):
            d.fill(p([(a, low, zs), (xm, t + rise, zs), (xm, t + rise + lip, zs), (a, low + lip, zs)]), M.ROOF)
        if side is not None:
            q = p([(flank, low, zs), (flank, low, ze), (xm, t + rise, ze), (xm, t + rise, zs)])
            d.fill(q, M.ROOF)
            if len(q) == 4:
                tiles(d, q)
        return
    else:
        inset = (w * 0.5 if roof == "pyramid" else min(w * 0.3, rise * 1.1)) + over
        walls()
        if side is not None:
            a, b = (xs, xs + inset) if left else (xe, xe - inset)
            d.fill(p([(a, low, zs), (a, low, ze), (b, t + rise, zm), (b, t + rise, zm)]), M.ROOF)
        q = p([(xs, low, zs), (xe, low, zs), (xe - inset, t + rise, zm), (xs + inset, t + rise, zm)])
    d.fill(q, M.ROOF)
    if len(q) == 4:
        tiles(d, q)
    if d.p(0.15) and q:
        chimney(d, *mix(q[0], q[2], d.u(0.4, 0.6)), cam.scale(z) * 0.5, cam.scale(z) * 1.4)


def block(d: Sheet, cam: Camera, x: float, z: float, w: float, depth: float, h: float, *, y: float = 0.0) -> None:
    """An office block or a block of flats."""
    if z < cam.near + 0.3:
        return
    left = cam.at((x, y, z))[0] > cam.centre
    edge = x if left else x + w
    face = upright(cam, (x, y, z), (x + w, y, z), h)
    if face is None:
        return
    floors = max(2, round(h / d.u(3, 4.5)))
    sees = (edge > 0) == left
    walls = [face]
    if sees:
        side = upright(cam, (edge, y, z), (edge, y, z + depth), h)
        if side is not None and side.width > 1.2 * d.fine:
            walls.insert(0, side)
    if y + h < cam.eye:
        d.fill(
            cam.polygon([(x, y + h, z), (x + w, y + h, z), (x + w, y + h, z + depth), (x, y + h, z + depth)]), M.ROOF
        )
    blank = d.p(0.2)
    for wall in walls:
        d.fill(wall.corners, M.WALL, skip=(0,))
        n = max(1, min(8, int(wall.width / (4 * d.fine))))
        k = max(1, min(floors, 9, int(wall.height / (4.5 * d.fine))))
        if wall.width > 4 * d.fine and not (blank and d.p(0.5)):
            panes(d, wall, n, k)
        elif d.p(d.hand.hatch):
            hatch(d, wall.corners, 2.4 * d.fine)
    if y + h > cam.eye and d.p(0.4):
        crest(d, *mix(face.e, face.c, d.u(0.2, 0.8)), face.width * d.u(0.1, 0.3))


def crest(d: Sheet, x: float, y: float, s: float) -> None:
    """What stands on a roof: an aerial, a tank, a hut, a board."""
    way = d.r.choice(("aerial", "tank", "hut", "board"))
    if way == "aerial":
        d.rod((x, y), (x, y - s * 1.5), d.fine, M.METAL)
        d.marks([[(x - s * 0.3, y - s * k), (x + s * 0.3, y - s * k)] for k in (0.9, 1.2)])
    elif way == "tank":
        d.fill([(x - s / 2, y), (x - s / 2, y - s * 0.7), (x + s / 2, y - s * 0.7), (x + s / 2, y)], M.METAL)
    elif way == "hut":
        d.fill([(x - s / 2, y), (x - s / 2, y - s * 0.5), (x + s / 2, y - s * 0.5), (x + s / 2, y)], M.WALL)
    else:
        for k in (-0.4, 0.4):
            d.rod((x + k * s, y), (x + k * s, y - s * 0.4), d.fine, M.METAL)
        d.fill(
            [(x - s * 0.6, y - s * 0.4), (x - s * 0.6, y - s), (x + s * 0.6, y - s), (x + s * 0.6, y - s * 0.4)],
            M.METAL,
        )


def skyline(
    d: Sheet,
    base: float,
    low: float,
    high: float,
    *,
    x0: float = -30.0,
    x1: float | None = None,
    n: int = 12,
    solid: float = 0.3,
) -> None:
    """A row of blocks far away, in elevation."""
    x1 = d.w + 30 if x1 is None else x1
    x = x0
    while x < x1:
        w = (x1 - x0) / n * d.u(0.5, 1.6)
        h = d.u(low, high)
        wall = front(x, base, w, h)
        top = [wall.a, wall.b, wall.c, wall.e]
        if d.p(0.12):
            top = [wall.a, wall.b, wall.c, (x + w / 2, base - h - w * 0.5), wall.e]
        d.fill(top, M.WALL, skip=(0,))
        if d.p(0.2):
            crest(d, x + w * d.u(0.3, 0.7), base - h, w * 0.35)
        if not d.p(solid) and w > 5 * d.fine:
            panes(d, wall, max(1, min(6, int(w / (5 * d.fine)))), max(1, min(8, int(h / (5.5 * d.fine)))), open_=0.1)
        x += w * d.u(0.75, 1.15)


def hamlet(
    d: Sheet, y: float, n: int, size: float, *, x0: float = 0.0, x1: float | None = None, drop: float = 0.0
) -> None:
    """Small houses side by side on a row, far or middling."""
    x1 = d.w if x1 is None else x1
    spots = sorted((d.u(0, 1) ** 1.0 * drop, d.u(x0, x1)) for _ in range(n))
    for lower, x in spots:
        w = size * d.u(0.7, 1.5)
        cottage(d, x, y + lower, w, w * d.u(0.4, 0.9))


def tower(d: Sheet, x: float, y: float, w: float, h: float, sort: str | None = None) -> None:
    """A lighthouse, a church tower, a clock tower, a windmill, a pagoda, a water tower, a steel mast."""
    sort = sort or d.r.choice(("lighthouse", "church", "clock", "windmill", "pagoda", "mast", "silo"))
    if sort == "lighthouse":
        d.fill([(x - w / 2, y), (x - w * 0.32, y - h), (x + w * 0.32, y - h), (x + w / 2, y)], M.WALL)
        d.marks([[(x - w * (0.5 - 0.18 * t), y - h * t), (x + w * (0.5 - 0.18 * t), y - h * t)] for t in (0.3, 0.6)])
        d.fill(
            [
                (x - w * 0.45, y - h),
                (x - w * 0.45, y - h - w * 0.12),
                (x + w * 0.45, y - h - w * 0.12),
                (x + w * 0.45, y - h),
            ],
            M.METAL,
        )
        d.fill(
            [
                (x - w * 0.25, y - h - w * 0.12),
                (x - w * 0.25, y - h - w * 0.6),
                (x + w * 0.25, y - h - w * 0.6),
                (x + w * 0.25, y - h - w * 0.12),
            ],
            M.GLOW,
        )
        d.fill([(x - w * 0.35, y - h - w * 0.6), (x, y - h - w), (x + w * 0.35, y - h - w * 0.6)], M.ROOF)
        window(d, front(x - w * 0.3, y, w * 0.6, h), 0.35, 0.5, 0.65, 0.58)
    elif sort in ("church", "clock"):
        wall = front(x - w / 2, y, w, h)
        d.fill(wall.corners, M.WALL)
        skin(d, wall)
        s = d.u(0.8, 1.8) * w
        d.fill([(x - w * 0.6, y - h), (x, y - h - s), (x + w * 0.6, y - h)], M.ROOF)
        if sort == "clock":
            d.fill(ring(x, y - h * 0.82, w * 0.32, w * 0.32), M.WALL, edge=FREE)
            d.marks(
                [[(x, y - h * 0.82), (x, y - h * 0.82 - w * 0.22)], [(x, y - h * 0.82), (x + w * 0.15, y - h * 0.82)]],
                keep=1.4,
            )
        for t in (0.3, 0.6):
            window(d, wall, 0.35, t, 0.65, t + 0.12, "arch")
    elif sort == "windmill":
        d.fill([(x - w / 2, y), (x - w * 0.34, y - h), (x + w * 0.34, y - h), (x + w / 2, y)], M.WALL)
        d.fill(
            arc(x, y - h, w * 0.42, w * d.u(0.3, 0.6), 1, 2, 8)
            if d.p(0.5)
            else [(x - w * 0.42, y - h), (x, y - h - w * 0.6), (x + w * 0.42, y - h)],
            M.ROOF,
        )
        openings(d, front(x - w * 0.35, y, w * 0.7, h * 0.8), 2)
        a0, r = d.u(0, 1.5), h * d.u(0.5, 0.8)
        cloth = d.p(0.5)
        for k in range(4):
            a = a0 + k * math.pi / 2
            c, s = math.cos(a), math.sin(a)
            hub = (x, y - h)
            tip = (x + r * c, y - h + r * s)
            b = r * 0.16
            q = [
                (x + 0.2 * r * c, y - h + 0.2 * r * s),
                tip,
                (tip[0] - b * s, tip[1] + b * c),
                (x + 0.2 * r * c - b * s, y - h + 0.2 * r * s + b * c),
            ]
            d.fill(q, M.CLOTH if cloth else M.WOOD)
            d.marks([[mix(q[0], q[1], t), mix(q[3], q[2], t)] for t in (0.25, 0.5, 0.75)])
            d.rod(hub, tip, w * 0.05, M.WOOD)
    elif sort == "pagoda":
        n = d.r.randint(3, 5)
        for k in range(n):
            s, b = w * (1 - 0.12 * k), y - h * k / n
            wall = front(x - s * 0.32, b, s * 0.64, h / n)
            d.fill(wall.corners, M.WALL if d.p(0.3) else M.WOOD)
            window(d, wall, 0.35, 0.1, 0.65, 0.6)
            eaves(d, x, b - h / n * 0.62, s * 0.62, h / n * 0.42)
        d.rod((x, y - h), (x, y - h * 1.25), d.fine, M.METAL)
    elif sort == "silo":
        d.fill([(x - w / 2, y), (x - w / 2, y - h), (x + w / 2, y - h), (x + w / 2, y)], M.METAL)
        d.fill(arc(x, y - h, w / 2, w * 0.35, 1, 2, 8), M.METAL, edge=FREE)
    else:
        for s in (-1, 1):
            d.rod((x + s * w / 2, y), (x + s * w * 0.08, y - h), d.fine * 1.2, M.METAL)
        for k in range(d.r.randint(3, 7)):
            t, v = k / 7, (k + 1) / 7
            d.rod((x - w / 2 * (1 - 0.84 * t), y - h * t), (x + w / 2 * (1 - 0.84 * v), y - h * v), d.fine, M.METAL)


def eaves(d: Sheet, x: float, y: float, half: float, h: float, way: str | None = None) -> None:
    """A curved or straight temple roof whose eaves lie on row y."""
    way = way or d.manner("eaves", ("straight", "curved", "curved", "lifted"))
    top = half * d.u(0.45, 0.75)
    if way == "straight":
        q: list[Spot] | np.ndarray = [(x - half, y), (x + half, y), (x + top, y - h), (x - top, y - h)]
        d.fill(q, M.ROOF)
    else:
        lift = h * (0.12 if way == "curved" else 0.3)
        left = curve([(x - half, y - lift), (x - half * 0.85, y - h * 0.35), (x - top, y - h)], 4)
        right = left[::-1].copy()
        right[:, 0] = 2 * x - right[:, 0]
        low = curve([(x + half, y - lift), (x, y + lift * 0.3), (x - half, y - lift)], 5)
        d.fill(np.concatenate([left, right, low]), M.ROOF, edge=FREE)
    tiles(d, [(x - half, y), (x + half, y), (x + top, y - h), (x - top, y - h)])
    if d.p(0.5):
        d.fill(
            [
                (x - top * 1.03, y - h),
                (x - top * 1.03, y - h * 1.15),
                (x + top * 1.03, y - h * 1.15),
                (x + top * 1.03, y - h),
            ],
            M.ROOF,
        )


def shrine_hall(d: Sheet, x: float, y: float, w: float) -> None:
    """A hall of a shrine or temple: base, wooden front, wide roof."""
    h, base = w * d.u(0.28, 0.42), w * d.u(0.03, 0.1)
    d.fill(
        [(x - w * 0.55, y), (x - w * 0.55, y - base), (x + w * 0.55, y - base), (x + w * 0.55, y)],
        M.ROCK if d.p(0.7) else M.WOOD,
    )
    wall = front(x - w / 2, y - base, w, h)
    d.fill(wall.corners, M.WALL if d.p(0.5) else M.WOOD)
    n = d.r.randint(3, 5)
    for k in range(n):
        s = (k + 0.5) / n
        if k == n // 2:
            door(d, wall, s - 0.4 / n, s + 0.4 / n, 0.75)
        elif d.p(0.6):
            window(d, wall, s - 0.3 / n, 0.3, s + 0.3 / n, 0.75)
    for s in np.linspace(0.0, 1, n + 1):
        d.rod(wall.at(s, 0), wall.at(s, 1), w * 0.025, M.WOOD)
    eaves(d, x, y - base - h * 0.92, w * d.u(0.62, 0.78), w * d.u(0.2, 0.36))
    if d.p(0.4):
        d.fill(
            [(x - w * 0.2, y - base - h * 0.9), (x, y - base - h * 0.9 - w * 0.14), (x + w * 0.2, y - base - h * 0.9)],
            M.ROOF,
        )
    if d.p(0.6):
        steps(d, x, y, w * 0.3, base, 3)


def steps(d: Sheet, x: float, y: float, w: float, h: float, n: int, *, narrow: float = 1.0, shift: float = 0.0) -> None:
    """Steps that go up from (x, y) as a ladder of levels; ``narrow`` is their width at the top as a share."""
    q = [(x - w / 2, y), (x + w / 2, y), (x + shift + w / 2 * narrow, y - h), (x + shift - w / 2 * narrow, y - h)]
    d.fill(q, M.ROAD)
    pace = 0.55 + 0.45 * narrow
    at = np.cumsum(np.linspace(1, pace * narrow, n))
    for t in at[:-1] / at[-1]:
        d.edge(mix(q[0], q[3], t), mix(q[1], q[2], t), 0.8)


def arch_bridge(d: Sheet, x: float, y: float, w: float, h: float, *, arches: int = 1, material: int = M.ROCK) -> None:
    """A bridge in elevation, deck from (x, y) to (x + w, y); its arches are open to what was drawn before."""
    bow = h * d.u(0, 0.35)
    deck = curve([(x, y), (x + w / 2, y - bow), (x + w, y)], 6)
    thick = h * d.u(0.12, 0.25)
    span = w / arches
    low: list[Spot] = [(x + w, y + h)]
    for k in range(arches - 1, -1, -1):
        a, b = x + k * span, x + (k + 1) * span
        r = span * d.u(0.36, 0.46)
        m = (a + b) / 2
        high = min(h - thick, r * 1.2)
        low += (
            [(m + r, y + h)]
            + [(m + r * math.cos(t), y + h - high * math.sin(t)) for t in np.linspace(0, math.pi, 9)]
            + [(m - r, y + h)]
        )
    low.append((x, y + h))
    d.fill(np.concatenate([deck, low]), material)
    if d.p(0.7):
        rail = deck - np.array([0.0, h * 0.16])
        d.line(rail, 0.9)
        for k in range(0, len(deck), 2):
            d.rod(tuple(deck[k]), tuple(rail[k]), d.fine, material if d.p(0.5) else M.METAL)


def ruin(d: Sheet, x: float, y: float, w: float, h: float) -> None:
    """A broken wall, an arch, a gable or a column that still stands."""
    way = d.r.choice(("wall", "wall", "arch", "column", "column", "stump", "gable", "frame"))
    crack = [(x + w * t, y - h * d.u(0.55, 1)) for t in np.linspace(0, 1, d.r.randint(4, 9))]
    if way in ("wall", "frame"):
        wall = front(x, y, w, h)
        d.fill([(x, y), *crack, (x + w, y)], M.WALL)
        for _ in range(d.r.randint(0, 3)):
            s, t = d.u(0.1, 0.7), d.u(0.15, 0.4)
            window(d, wall, s, t, s + 0.16, t + 0.22)
        skin(d, wall)
        if way == "frame":
            for s in (0.2, 0.5, 0.8):
                d.rod((x + s * w, y - h * 0.5), (x + s * w + d.u(-10, 10), y - h * d.u(0.9, 1.2)), d.fine, M.METAL)
    elif way == "arch":
        r = w * 0.3
        m = x + w / 2
        inner = (
            [(m - r, y)]
            + [(m - r * math.cos(t), y - h * 0.45 - r * math.sin(t)) for t in np.linspace(0, math.pi, 9)]
            + [(m + r, y)]
        )
        d.fill([(x + w, y), *crack[::-1], (x, y), *inner], M.WALL)
        d.marks(
            [
                [
                    (m - r * 1.0 * math.cos(t), y - h * 0.45 - r * math.sin(t)),
                    (m - r * 1.3 * math.cos(t), y - h * 0.45 - r * 1.3 * math.sin(t)),
                ]
                for t in np.linspace(0, math.pi, 8)
            ]
        )
    elif way == "column":
        for k in range(d.r.randint(1, 4)):
            cx, s, top = x + k * w * 0.35, w * 0.13, h * d.u(0.3, 1)
            d.fill(
                [
                    (cx - s / 2, y),
                    (cx - s * 0.43, y - top),
                    (cx + s * 0.2, y - top - s * d.u(-0.3, 0.4)),
                    (cx + s * 0.43, y - top + s * 0.2),
                    (cx + s / 2, y),
                ],
                M.WALL,
            )
            d.fill(
                [(cx - s * 0.7, y), (cx - s * 0.7, y - s * 0.3), (cx + s * 0.7, y - s * 0.3), (cx + s * 0.7, y)], M.WALL
            )
            d.marks([[(cx + q * s, y - s * 0.4), (cx + q * s * 0.9, y - top * 0.9)] for q in (-0.2, 0, 0.2)])
    elif way == "gable":
        d.fill(
            [
                (x, y),
                (x, y - h * 0.5),
                (x + w * 0.5, y - h),
                (x + w * 0.7, y - h * 0.72),
                (x + w * 0.66, y - h * 0.5),
                (x + w, y - h * 0.4),
                (x + w, y),
            ],
            M.WALL,
        )
        window(d, front(x, y, w, h), 0.35, 0.3, 0.55, 0.55)
    else:
        d.fill(
            [(x, y), (x + w * 0.05, y - h * 0.3), (x + w * 0.5, y - h * 0.24), (x + w * 0.9, y - h * 0.35), (x + w, y)],
            M.WALL,
        )
    if d.p(0.4):
        for _ in range(d.r.randint(1, 4)):
            q = x + d.u(-0.1, 1.1) * w
            s = w * d.u(0.06, 0.16)
            d.fill(
                [(q - s, y + s * 0.4), (q - s * 0.6, y - s * 0.7), (q + s * 0.5, y - s * 0.8), (q + s, y + s * 0.3)],
                M.ROCK,
            )
