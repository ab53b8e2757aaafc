"""Houses and blocks: in elevation or in space, alone, in rows, far away."""

from __future__ import annotations

from training.fast.curves import hatch, mix
from training.fast.sheet import M, Sheet
from training.fast.space import Camera, Spot, Wall, front, upright
from training.fast.walls import openings, panes, skin, tiles, window

ROOFS = (
    "triangle", "triangle", "side", "turned", "gable", "gable", "side", "turned", "hip", "flat", "shed", "mansard",
)  # fmt: skip


def cottage(
    d: Sheet, x: float, y: float, w: float, h: float, *, floors: int | None = None, roof: str | None = None
) -> None:
    """A house seen from the front (elevation): wall w × h with its foot at (x, y) on the left, roof on top."""
    roof = roof or d.manner("roof", ROOFS, 0.5)
    if roof == "turned":
        turned(d, x, y, w, h, floors=floors)
        return
    floors = floors or (1 if h < 0.7 * w else d.r.randint(1, 2))
    wall, bare = front(x, y, w, h), d.p(0.45)
    over, rise = w * d.u(0.03, 0.14), d.u(0.25, 0.65) * min(w, 1.6 * h)
    top = y - h
    if d.p(0.25) and roof != "flat":
        chimney(d, x + w * d.u(0.15, 0.8), top - rise * d.u(0.4, 0.7), w * 0.09, rise * 0.6)
    if roof == "gable":
        d.fill([wall.a, wall.b, wall.c, (x + w / 2, top - rise), wall.e], M.WALL, skip=(0,) if bare else ())
        lip = max(rise * d.u(0.1, 0.28), 2 * d.fine)
        peak = (x + w / 2, top - rise - lip)
        drop = over * rise / (w / 2)
        for s in (-1, 1):
            eave = (x + w / 2 + s * (w / 2 + over), top + drop)
            d.fill([(eave[0], eave[1] - lip), peak, (peak[0], peak[1] + lip), eave], M.ROOF)
        if h > 12 * d.fine and d.p(0.4):
            window(d, wall, 0.42, 1.05, 0.58, 1.05 + 0.2 * rise / h)
    else:
        d.fill(wall.corners, M.WALL, skip=(0,) if bare else ())
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
        if d.p(0.4):  # the thickness of the roof
            k = max(h * d.u(0.03, 0.08), 1.5 * d.fine)
            d.box(q[0][0], top + k, q[1][0] - q[0][0], k, M.ROOF)


def turned(d: Sheet, x: float, y: float, w: float, h: float, *, floors: int | None = None) -> None:
    """A plain house seen three-quarter: a gable wall, a long wall, one plane of the roof as a parallelogram."""
    s = d.manner("turned", (1, -1), 0.6)
    floors = floors or (1 if h < 0.75 * w else d.r.randint(1, 2))
    share, slant = d.u(0.28, 0.55), d.u(-0.02, 0.2) * h
    gw, rise = w * share, w * share * d.u(0.3, 0.75)
    a = x if s > 0 else x + w
    m, b = a + s * gw, a + s * w  # from the gable's outer corner to the near corner and along the long wall
    near, far, lift = y, y - slant * d.u(0.6, 1.3), slant * d.u(0.2, 1.0)
    gable = [(a, near - lift * 0.4), (m, near), (m, near - h), (a + s * gw * 0.5, near - h - rise),
             (a, near - h - lift * 0.2)]  # fmt: skip
    foot = d.p(0.5)
    side = [(m, near), (b, far), (b, far - h + slant * 0.5), (m, near - h)]
    d.fill(side, M.WALL, skip=(0,) if foot else ())
    d.fill(gable, M.WALL, skip=(0,) if foot else ())
    for q, door in ((side, True), (gable[:3] + gable[4:], d.p(0.3))):
        p = q if q[0][0] < q[1][0] else [q[1], q[0], q[3], q[2]]
        wall = Wall(p[0], p[1], p[2], p[3])
        if wall.width > 4 * d.fine:
            skin(d, wall)
            openings(d, wall, floors, entrance=door)
    over, out = gw * d.u(0.04, 0.16), w * d.u(0.02, 0.07)
    drop = over * rise / (gw / 2)
    ridge = (a + s * (gw * 0.5 - out), near - h - rise)
    eave = (m + s * (over - out), near - h + drop)
    back = (b + s * out, far - h + slant * 0.5 + drop)
    end = (ridge[0] + back[0] - eave[0], ridge[1] + (back[1] - eave[1]) * d.u(0.3, 1.0))
    lip = max(h * d.u(0.04, 0.12), 1.6 * d.fine)
    d.fill([eave, back, end, ridge], M.ROOF)
    tiles(d, [eave, back, end, ridge])
    other = (a - s * (over + out), near - h + drop - lift * 0.2)
    d.fill([other, ridge, (ridge[0], ridge[1] + lip), (other[0], other[1] + lip)], M.ROOF)
    if d.p(0.7):  # the thickness of the roof along its edges
        d.fill([ridge, eave, (eave[0], eave[1] + lip), (ridge[0], ridge[1] + lip)], M.ROOF)
        d.fill([eave, back, (back[0], back[1] + lip * 0.8), (eave[0], eave[1] + lip)], M.ROOF)
    if d.p(0.15):
        chimney(d, *mix(ridge, end, d.u(0.3, 0.8)), w * 0.07, rise * 0.5)


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

    bare = d.p(0.35)

    def walls() -> None:
        for wall, entrance in ((side, False), (face, True)):
            if wall is None or wall.width < 1.5 * d.fine:
                continue
            d.fill(wall.corners, M.WALL, skip=(0,) if bare else ())
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
