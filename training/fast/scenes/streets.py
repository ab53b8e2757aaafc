"""Streets in perspective: shops, houses, offices, a back alley, a canal."""

from __future__ import annotations

import itertools

from training.fast import buildings as built
from training.fast import crossings, landmarks, nature, plants, posts, things, vehicles, walls
from training.fast.curves import mix, ring
from training.fast.layers import any_tree, backdrop, joints, near_frame
from training.fast.scenes.rails import poles_along
from training.fast.sheet import BARE, M, Sheet
from training.fast.space import Camera, Wall, camera, front, upright


def street_floor(d: Sheet, cam: Camera, half: float, *, kind: int = M.ROAD, pavements: bool = True) -> None:
    """The ground of a street along z, with kerbs or gutters and joints."""
    nature.ground(
        d, cam.horizon, d.r.choice((M.ROAD, M.ROAD, M.SOIL, M.GRASS)) if kind == M.ROAD and not pavements else kind
    )
    far = 80.0
    if not pavements:
        q = cam.polygon([(-half, 0, 0.5), (half, 0, 0.5), (half, 0, far), (-half, 0, far)])
        d.fill(q, M.ROAD, edge=BARE)
    for x in (-half, half) if d.p(0.75) else ():
        d.edge(cam.at((x, 0, 1.0)), cam.at((x, 0, far)))
        if d.p(0.5):
            d.edge(cam.at((x * 1.06, 0, 1.0)), cam.at((x * 1.06, 0, far)), 0.7)
    way = d.manner("street marks", ("none", "none", "centre", "dashes", "crossing", "joints"))
    if way == "centre":
        d.marks([[cam.at((0, 0, 1.2)), cam.at((0, 0, far))]], keep=1.3)
    elif way == "dashes":
        for z in (3, 5, 8, 13, 21):
            d.marks([cam.polygon([(-0.08, 0, z), (0.08, 0, z), (0.08, 0, z * 1.25), (-0.08, 0, z * 1.25)])], keep=1.3)
    elif way == "crossing":
        z = d.u(3, 9)
        for k in range(6):
            a = -half + 2 * half * (k + 0.2) / 6
            d.fill(
                cam.polygon([(a, 0, z), (a + half * 0.2, 0, z), (a + half * 0.2, 0, z * 1.4), (a, 0, z * 1.4)]), M.ROAD
            )
    elif way == "joints":
        joints(d, cam.horizon, cam.centre, 8)


def far_end(d: Sheet, cam: Camera, half: float) -> None:
    """What closes a street in the distance: a hill, trees, a house across, a wall; or the sky meets the road."""
    way = d.r.choice(("gap", "gap", "hill", "trees", "house", "wall", "blocks", "crest"))
    z = d.u(25, 60)
    (x0, row), (x1, _), s = cam.at((-half * 2, 0, z)), cam.at((half * 2, 0, z)), cam.scale(z)
    if way == "hill":
        nature.mountains(d, cam.horizon + 2, d.u(40, 220))
    elif way == "trees":
        for _ in range(d.r.randint(2, 5)):
            any_tree(d, d.u(x0, x1), row, s * d.u(4, 10))
    elif way == "house":
        w = half * d.u(1.2, 3.5)
        built.house(d, cam, d.u(-0.5, 0.5) * half - w / 2, z, w, 8, d.u(2.8, 7))
    elif way == "wall":
        d.box(x0, row, x1 - x0, s * d.u(1, 3), d.r.choice((M.WALL, M.WALL, M.ROCK)))
        if d.p(0.5):
            any_tree(d, (x0 + x1) / 2, row - s * 2, s * 5)
    elif way == "blocks":
        for k in (-1.5, 0.2, 1.0):
            h = s * d.u(4, 14)
            d.fill(front(cam.centre + k * half * s, row, half * s * d.u(0.8, 1.6), h).corners, M.WALL)
    elif way == "crest":  # the road goes over a rise: nothing behind but sky
        q = cam.polygon([(-half, 0, 14), (half, 0, 14), (half, 0.35 * cam.eye, 30), (-half, 0.35 * cam.eye, 30)])
        d.fill(q, M.ROAD, skip=(0,))


def overhead(d: Sheet, cam: Camera, half: float) -> None:
    """Poles along a street, wires along and across it: strips of sky between roofs and wires."""
    side, h = d.r.choice((-1, 1)), d.u(5.5, 9)
    before: list[tuple[float, float]] | None = None
    for z in (32.0, 20.0, 12.0, 7.0, 4.0)[d.r.randint(0, 2) :]:
        now = posts.pole(d, *cam.at((side * half * 0.95, 0, z)), cam.scale(z) * h)
        if before is not None:
            posts.wires(d, before, now, 12.0)
        before = now
    if before is not None:
        posts.wires(d, before, [(x + side * d.u(100, 500), y - d.u(100, 500)) for x, y in before], 20)
    for _ in range(d.r.randint(0, 5)):
        z, y = d.u(3, 15), d.u(4, 7)
        posts.wires(d, [cam.at((-half, y, z))], [cam.at((half, y + d.u(-1.5, 1.5), z * d.u(0.8, 1.5)))], d.u(0, 30))


def shop_wall(d: Sheet, wall: Wall, cam: Camera, side: int, x: float, z0: float, z1: float, h: float) -> None:
    """A shop front along a street: door, glass, board above, awning that stands out, windows upstairs."""
    floors = max(1, round(h / 3))
    ground = min(1.0, 2.9 / h)
    glass = d.u(0.1, 0.5)
    walls.door(d, wall, 0.06, glass * 0.9, ground * 0.72, None)
    if d.p(0.2):
        walls.shutter(d, wall.rect(d.u(0.05, glass), 0, 0.94, ground * 0.75))
    elif d.p(0.75):
        q = wall.rect(glass, ground * d.u(0.1, 0.3), 0.94, ground * 0.72)
        d.fill(q, M.WINDOW)
        d.marks([[mix(q[0], q[1], t), mix(q[3], q[2], t)] for t in (0.33, 0.67)])
    out = x - side * d.u(0.6, 1.8)
    y = 2.9 * d.u(0.8, 1.0)
    what = d.r.choice(("awning", "awning", "awning", "board", "noren", "eave", "none"))
    if what == "awning":
        low = y - d.u(0.3, 0.9)
        things.awning(d, [cam.at((x, y, z1)), cam.at((x, y, z0)), cam.at((out, low, z0)), cam.at((out, low, z1))])
        d.fill([cam.at((x, y, z0)), cam.at((out, low, z0)), cam.at((x, low, z0))], M.CLOTH) if d.p(0.5) else None
    elif what == "board":
        d.fill(wall.rect(0.04, ground * 0.8, 0.96, ground * 1.02), M.WOOD)
    elif what == "noren":
        d.fill(wall.rect(0.05, ground * 0.5, glass, ground * 0.75), M.CLOTH)
    elif what == "eave":
        d.fill([cam.at((x, y, z1)), cam.at((x, y, z0)), cam.at((out, y - 0.3, z0)), cam.at((out, y - 0.3, z1))], M.ROOF)
    if d.p(0.35):
        t = y + d.u(0.4, 1.2)
        q = [cam.at((x, t, z0)), cam.at((out, t, z0)), cam.at((out, t + d.u(0.6, 2.5), z0))]
        q.append((q[0][0], q[2][1]))
        d.fill(q, d.r.choice((M.WOOD, M.WOOD, M.METAL, M.CLOTH)))
    for _ in range(d.r.choice((0, 0, 0, 1, 2))):  # upright signs that stand out from the wall
        t, k, z = y + d.u(-0.4, 1.5), side * d.u(0.35, 0.8), d.u(z0, z1)
        tall = d.u(0.8, 3.5)
        q = [cam.at((x - k, t, z)), cam.at((x, t, z)), cam.at((x, t + tall, z)), cam.at((x - k, t + tall, z))]
        d.fill(q, d.r.choice((M.METAL, M.METAL, M.METAL, M.WOOD)))
        if d.p(0.4):
            posts.scrawl(d, (q[0][0] + q[1][0]) / 2, q[2][1], abs(q[0][0] - q[1][0]) * 0.6, q[1][1] - q[2][1])
    if floors > 1 and d.p(0.85):
        n = max(1, min(4, int(wall.width / (8 * d.fine))))
        for f in range(1, min(floors, 5)):
            for k in range(n):
                s = (k + 0.5) / n
                walls.window(d, wall, s - 0.28 / n, (f + 0.3) / floors, s + 0.28 / n, (f + 0.8) / floors)


def row_of_houses(
    d: Sheet, cam: Camera, side: int, half: float, *, shops: float, high: tuple[float, float], far: float = 45.0
) -> None:
    """Houses along one side of a street, the farthest first."""
    cuts = [d.u(-1, 1.5)]
    while cuts[-1] < far:
        cuts.append(cuts[-1] + d.u(3.5, 10))
    x, blind = side * half, d.manner("blind walls", (0.35, 0.1, 0.6, 0.1, 0.0), 1.0)
    for z0, z1 in reversed(list(itertools.pairwise(cuts))):
        if d.p(0.08):
            any_tree(d, *cam.at((x + side, 0, max(z0, 1.2))), cam.scale(max(z0, 1.2)) * d.u(3, 6))
            continue
        h = d.u(*high) * (d.u(1.3, 2.2) if d.p(0.1) else 1.0)
        wall = upright(cam, (x, 0, max(z0, 0.6)), (x, 0, z1), h)
        if wall is None or z1 < 0.8:
            continue
        a, b = max(z0, 0.6), z1
        if d.p(0.55) and h < 9:
            rise, over = d.u(0.6, 2.2), d.u(0.2, 0.8)
            way = d.manner("street roof", ("eaves", "gables"))
            if way == "eaves":
                q = [
                    cam.at((x - side * over, h - 0.2, a)),
                    cam.at((x - side * over, h - 0.2, b)),
                    cam.at((x + side * 3, h + rise, b)),
                    cam.at((x + side * 3, h + rise, a)),
                ]
                d.fill(q, M.ROOF)
                walls.tiles(d, q)
                d.fill(
                    [
                        cam.at((x, 0, a)),
                        cam.at((x, h, a)),
                        cam.at((x + side * 3, h + rise, a)),
                        cam.at((x + side * 6, h, a)),
                        cam.at((x + side * 6, 0, a)),
                    ],
                    M.WALL,
                )
            else:
                m = (a + b) / 2
                d.fill([cam.at((x, h, a)), cam.at((x, h + rise, m)), cam.at((x, h, b))], M.WALL)
                d.fill(
                    [
                        cam.at((x, h, a)),
                        cam.at((x, h + rise, m)),
                        cam.at((x + side * 5, h + rise, m)),
                        cam.at((x + side * 5, h, a)),
                    ],
                    M.ROOF,
                )
                d.fill(
                    [cam.at((x, 0, a)), cam.at((x, h, a)), cam.at((x + side * 6, h, a)), cam.at((x + side * 6, 0, a))],
                    M.WALL,
                )
        else:
            d.fill(
                [cam.at((x, 0, a)), cam.at((x, h, a)), cam.at((x + side * 7, h, a)), cam.at((x + side * 7, 0, a))],
                M.WALL,
            )
            if d.p(0.3):
                q = [
                    cam.at((x - side * 0.2, h, a)),
                    cam.at((x - side * 0.2, h, b)),
                    cam.at((x - side * 0.2, h + 0.5, b)),
                    cam.at((x - side * 0.2, h + 0.5, a)),
                ]
                d.fill(q, M.ROOF)
        d.fill(wall.corners, M.WALL, skip=(0,) if d.p(0.4) else ())
        walls.skin(d, wall)
        if wall.width < 3 * d.fine or d.p(blind):
            continue
        if d.p(shops):
            shop_wall(d, wall, cam, side, x, a, b, h)
        else:
            floors = max(1, round(h / 3))
            if h > 8:
                walls.panes(d, wall, max(1, min(5, int(wall.width / (5 * d.fine)))), min(7, floors))
            else:
                walls.openings(d, wall, floors)


def shopping_street(d: Sheet) -> None:
    cam = camera(d, 1.3, 2.4, horizon=(0.4, 0.68))
    nature.sky(d, cam.horizon, night=d.p(0.2))
    if d.p(0.4):
        backdrop(d, cam.horizon, ("mountains", "town", "hills", "woods"))
    half = d.u(2, 5)
    street_floor(d, cam, half)
    far_end(d, cam, half)
    order = [-1, 1]
    d.r.shuffle(order)
    shops = d.u(0.5, 1)
    for side in order:
        if d.p(0.93):
            row_of_houses(d, cam, side, half * d.u(0.9, 1.2), shops=shops, high=(3, d.u(4, 9)))
    street_things(
        d,
        cam,
        half,
        ("crate", "banner", "sign", "vending", "lamp", "bench", "pole", "parasol", "stall"),
        d.r.randint(0, 9),
    )
    if d.p(0.3):
        overhead(d, cam, half)
    for _ in range(d.r.choice((0, 0, 1, 3))):
        z, y = d.u(3, 14), d.u(3, 4.5)
        posts.lanterns(
            d, cam.at((-half, y, z)), cam.at((half, y, z)), d.r.randint(3, 8), cam.scale(z) * 0.22, cam.scale(z) * 0.4
        )
    if d.p(0.2):
        z = d.u(4, 12)
        a, b = cam.at((-half, 5, z)), cam.at((half, 4, z))
        for x in (-half, half):
            d.rod(cam.at((x, 0, z)), cam.at((x, 5, z)), cam.scale(z) * 0.15, M.METAL)
        d.fill([a, (b[0], a[1]), b, (a[0], b[1])], d.r.choice((M.METAL, M.WOOD, M.CLOTH)))
    near_frame(d, 0.12)


def street_things(d: Sheet, cam: Camera, half: float, choice: tuple[str, ...], n: int) -> None:
    """Things along both kerbs."""
    places = []
    for _ in range(n):
        z = 1.5 + 22 * d.r.random() ** 1.5
        p = cam.at((half * d.r.choice((-0.85, 0.85)), 0, z))
        places.append((p[0], p[1], cam.scale(z)))
    things.strew(d, places, choice)


def residential(d: Sheet) -> None:
    cam = camera(d, 1.3, 3.5, horizon=(0.35, 0.65))
    backdrop(d, cam.horizon, ("woods", "town", "hills", "mountains", "nothing"))
    half = d.u(1.8, 4)
    street_floor(d, cam, half, kind=M.ROAD if d.p(0.6) else M.SOIL, pavements=d.p(0.5))
    if d.p(0.6):
        far_end(d, cam, half)
    for z in sorted((d.u(3, 40) for _ in range(d.r.randint(5, 12))), reverse=True):
        side = d.r.choice((-1, 1))
        what = d.r.choice(("house", "house", "house", "fence", "hedge", "tree", "pole", "wall"))
        x = side * half * d.u(1.1, 1.5)
        z1 = z + d.u(4, 9)
        if what == "house":
            w = d.u(5, 9)
            built.house(d, cam, x if side > 0 else x - w, z, w, d.u(4, 9), d.u(2.6, 6.2))
        elif what in ("fence", "wall"):
            a, b = cam.at((x, 0, z)), cam.at((x, 0, z1))
            h = d.u(0.9, 1.9)
            posts.fence(d, a, b, h * cam.scale(z), h * cam.scale(z1), "wall" if what == "wall" else None)
        elif what == "hedge":
            h = d.u(0.8, 2)
            plants.hedge(d, cam.at((x, 0, z)), cam.at((x, 0, z1)), h * cam.scale(z), h * cam.scale(z1))
        elif what == "tree":
            any_tree(d, *cam.at((x, 0, z)), cam.scale(z) * d.u(3, 8))
        else:
            posts.pole(d, *cam.at((side * half, 0, z)), cam.scale(z) * d.u(6, 9))
    if d.p(0.35):
        overhead(d, cam, half)
    elif d.p(0.35):
        poles_along(d, cam.horizon, cam.centre)
    street_things(d, cam, half, ("sign", "lamp", "pole", "vending", "car", "crate", "banner"), d.r.randint(0, 4))
    near_frame(d)


def city_street(d: Sheet) -> None:
    cam = camera(d, 1.4, 7.0, horizon=(0.45, 0.75))
    nature.sky(d, cam.horizon, night=d.p(0.3))
    if d.p(0.5):
        built.skyline(d, cam.horizon + 4, 60, 300, n=d.r.randint(8, 20))
    half = d.u(4, 10)
    street_floor(d, cam, half)
    if d.p(0.5):
        far_end(d, cam, half)
    order = [-1, 1]
    d.r.shuffle(order)
    for side in order:
        row_of_houses(d, cam, side, half * d.u(1.1, 1.5), shops=0.25, high=(9, d.u(14, 45)), far=70)
    street_things(d, cam, half, ("lamp", "sign", "car", "lamp", "car", "bench", "vending"), d.r.randint(0, 8))
    for z in sorted((d.u(4, 25) for _ in range(d.r.choice((0, 3, 6)))), reverse=True):
        any_tree(d, *cam.at((half * d.r.choice((-1.0, 1.0)), 0, z)), cam.scale(z) * d.u(4, 7))
    if d.p(0.2):
        overhead(d, cam, half)
    near_frame(d, 0.1)


def alley(d: Sheet) -> None:
    cam = camera(d, 1.2, 2.0, horizon=(0.4, 0.65))
    nature.sky(d, cam.horizon, night=d.p(0.3), room=0.4)
    if d.p(0.5):
        built.hamlet(d, cam.horizon + 6, 3, 60, x0=cam.centre - 150, x1=cam.centre + 150)
    half = d.u(0.9, 2.0)
    street_floor(d, cam, half)
    far_end(d, cam, half)
    for side in (-1, 1):
        row_of_houses(d, cam, side, half, shops=0.3, high=(3.5, d.u(5, 9)), far=30)
    for _ in range(d.r.randint(1, 6)):
        side, z, y = d.r.choice((-1, 1)), d.u(1.8, 9), d.u(0.2, 3.5)
        x, s = side * half, cam.scale(z)
        p = cam.at((x, y, z))
        what = d.r.choice(("pipe", "unit", "lamp", "ladder", "board"))
        if what == "pipe":
            d.rod(cam.at((x, 0, z)), cam.at((x, 5, z)), 0.09 * s, M.METAL)
        elif what == "unit":
            d.box(p[0] - (0.5 * s if side > 0 else 0), p[1], 0.5 * s, 0.45 * s, M.METAL)
            d.marks([ring(p[0] - side * 0.25 * s, p[1] - 0.22 * s, 0.14 * s, 0.14 * s, 12)])
        elif what == "lamp":
            posts.lamp_head(d, p[0] - side * 0.2 * s, p[1], 0.16 * s)
        elif what == "ladder":
            for k in (0.0, 0.4):
                d.rod(cam.at((x, 0.5, z + k)), cam.at((x, 4.5, z + k)), d.fine, M.METAL)
        else:
            d.box(
                p[0] - (0.6 * s if side > 0 else 0),
                p[1],
                0.6 * s,
                d.u(0.4, 1.2) * s,
                d.r.choice((M.WOOD, M.WOOD, M.METAL)),
            )
    street_things(d, cam, half, ("crate", "crate", "vending", "banner", "sign"), d.r.randint(1, 6))
    for _ in range(d.r.choice((0, 1, 2))):
        z, y = d.u(2.5, 8), d.u(2.5, 4)
        (
            things.laundry(d, cam.at((-half, y, z)), cam.at((half, y + d.u(-0.5, 0.5), z)), cam.scale(z) * 0.7)
            if d.p(0.5)
            else posts.lanterns(
                d, cam.at((-half, y, z)), cam.at((half, y, z)), 4, cam.scale(z) * 0.2, cam.scale(z) * 0.2
            )
        )
    posts.wires(d, [cam.at((-half, 5, 3)), cam.at((-half, 6, 4))], [cam.at((half, 4.5, 6)), cam.at((half, 5.5, 9))], 40)


def canal(d: Sheet) -> None:
    cam = camera(d, 2.0, 5.0, horizon=(0.3, 0.55))
    nature.sky(d, cam.horizon)
    backdrop(d, cam.horizon, ("town", "woods", "hills")) if d.p(0.5) else None
    nature.ground(d, cam.horizon, M.ROAD)
    half = d.u(2, 5)
    for side in (-1, 1):
        row_of_houses(d, cam, side, half + d.u(1.5, 4), shops=0.3, high=(3, d.u(4, 9)))
    low = -d.u(0.8, 2)
    d.fill(cam.polygon([(-half, 0, 0.6), (half, 0, 0.6), (half, 0, 70), (-half, 0, 70)]), M.WATER, edge=BARE)
    for x in (-half, half):
        d.fill(
            cam.polygon([(x, 0, 0.6), (x, 0, 70), (x * 0.995, low, 70), (x * 0.995, low, 0.6)]),
            d.r.choice((M.ROCK, M.ROCK, M.WALL)),
        )
    nature.ripples(d, cam.centre - 300, cam.centre + 300, cam.row(20, low), 1000, 16)
    for z in sorted((d.u(3, 16) for _ in range(d.r.randint(0, 4))), reverse=True):
        p = cam.at((d.u(-0.7, 0.7) * half, low, z))
        vehicles.boat(d, p[0], p[1], cam.scale(z) * d.u(2, 4))
    if d.p(0.6):
        z = d.u(5, 16)
        a, b = cam.at((-half * 1.1, 0.1, z)), cam.at((half * 1.1, 0.1, z))
        if d.p(0.5):
            stuff = d.r.choice((M.ROCK, M.ROCK, M.WOOD, M.ROAD))
            crossings.side_bridge(d, a[0], a[1], b[0] - a[0], cam.scale(z) * (0.1 - low), material=stuff)
        else:
            landmarks.arch_bridge(
                d,
                a[0],
                a[1],
                b[0] - a[0],
                cam.scale(z) * (0.1 - low),
                arches=1,
                material=d.r.choice((M.ROCK, M.WOOD, M.WALL)),
            )
    if d.p(0.6):
        for side in (-1, 1):
            posts.fence(
                d,
                cam.at((side * half, 0, 1.5)),
                cam.at((side * half, 0, 30)),
                cam.scale(1.5) * 0.9,
                cam.scale(30) * 0.9,
            )
    street_things(d, cam, half + 1.2, ("lamp", "crate", "sign", "bench", "banner"), d.r.randint(0, 5))
    for z in sorted((d.u(3, 20) for _ in range(d.r.randint(0, 4))), reverse=True):
        any_tree(d, *cam.at((d.r.choice((-1, 1)) * (half + 0.8), 0, z)), cam.scale(z) * d.u(3, 6))
    near_frame(d, 0.15)
