"""What grows, each in several ways of drawing, from a sign to a likeness."""

from __future__ import annotations

import math

import numpy as np

from training.fast.conifers import conifer as conifer
from training.fast.crowns import balls
from training.fast.crowns import crown as crown
from training.fast.crowns import inside as inside
from training.fast.curves import arc, band, bumps, curve, mix, puffs, ring
from training.fast.sheet import BARE, FREE, M, Path, Sheet


def trunk(d: Sheet, x: float, y: float, w: float, h: float, lean: float = 0.0) -> None:
    """A trunk from its foot up."""
    if w < 1.6 * d.fine:
        d.rod((x, y), (x + lean, y - h), w, M.TRUNK)
        return
    way = d.manner("trunk", ("lines", "lines", "flare", "bent", "forked"))
    if way == "lines":
        q = [(x - w / 2, y), (x + lean - w * 0.4, y - h), (x + lean + w * 0.4, y - h), (x + w / 2, y)]
        d.fill(q, M.TRUNK, skip=(1,) if d.p(0.6) else (1, 3))
    else:
        bend = d.u(-0.7, 0.7) * w if way != "flare" else 0.0
        path = curve([(x, y), (x + bend + lean * 0.4, y - h * 0.5), (x + lean, y - h)], 4)
        b = band(path, w * (1.0 if way != "flare" else 1.5), w * 0.65)
        d.fill(b, M.TRUNK, edge=BARE)
        n = len(path)
        d.line(b[:n])
        d.line(b[n:])
        if way == "forked":
            d.rod((x + lean, y - h * 0.8), (x + lean + d.u(-1, 1) * h * 0.4, y - h * 1.2), w * 0.5, M.TRUNK)
    if d.hand.detail and w > 4 * d.fine:
        d.marks([[(x + s * w, y - h * a), (x + s * w + d.u(-0.1, 0.1) * w, y - h * (a + d.u(0.08, 0.3)))]
                 for s, a in ((d.u(-0.32, 0.32), d.u(0.05, 0.7)) for _ in range(d.r.randint(2, 7)))])  # fmt: skip


def tree(d: Sheet, x: float, y: float, h: float) -> None:
    """A broad-leaved tree with its foot at (x, y)."""
    form = d.manner("tree form", ("ball", "ball", "oval", "wide", "tall", "umbrella", "pine", "egg"), 0.55)
    rx = h * {"ball": 0.3, "oval": 0.24, "wide": 0.45, "tall": 0.16, "umbrella": 0.42, "pine": 0.38, "egg": 0.27}[form]
    rx *= d.u(0.85, 1.25)
    ry = h * {"ball": 0.3, "oval": 0.36, "wide": 0.28, "tall": 0.42, "umbrella": 0.18, "pine": 0.3, "egg": 0.33}[form]
    lean = d.u(-0.06, 0.06) * h
    clear = h - 2 * ry
    _stem(d, x, y, h * d.u(0.05, 0.13), max(clear, 0.12 * h) + ry * d.u(0.2, 0.9), lean, max(clear, 0.0))
    if form == "pine":
        pads(d, x + lean, y - h + ry * 0.6, rx, h * 0.5)
        return
    if d.p(0.25) and clear > 0.2 * h:
        for s in (-1, 1):
            d.rod((x + lean * 0.6, y - clear * 0.7), (x + lean + s * rx * 0.6, y - h + ry * 1.3), h * 0.03, M.TRUNK)
    crown(d, x + lean, y - h + ry, rx, ry)


def _stem(d: Sheet, x: float, y: float, w: float, h: float, lean: float, clear: float) -> None:
    """What carries a crown: a trunk, two loose lines, one line, a branching one, or hardly anything."""
    way = d.manner("stem", ("trunk", "one", "trunk", "loose", "trunk", "fork", "stub", "trunk"), 0.85)
    if way == "one":
        d.rod((x, y), (x + lean, y - h), min(0.4 * w, 1.6 * d.fine), M.TRUNK)
    elif way in ("loose", "stub") and w > 1.6 * d.fine:
        h = min(h, clear + 0.3 * w) if way == "stub" else h
        a, b = w * d.u(0.5, 0.8), w * d.u(0.3, 0.5)
        q = [(x - a, y), (x + lean - b, y - h), (x + lean + b, y - h), (x + a, y)]
        d.fill(q, M.TRUNK, edge=BARE)
        d.line([(q[0][0] + d.u(-0.2, 0.1) * w, y + d.u(-0.2, 0.2) * w), mix(q[0], q[1], d.u(0.8, 1.0))])
        d.line([mix(q[3], q[2], d.u(0, 0.12)), mix(q[3], q[2], d.u(0.8, 1.0))])
    elif way == "fork":
        k = d.u(0.45, 0.65)
        at = (x + lean * k, y - h * k)
        d.rod((x, y), at, w, M.TRUNK, end=0.8 * w)
        for s in (-1, 1):
            d.rod(at, (x + lean + s * h * d.u(0.12, 0.3), y - h), 0.6 * w, M.TRUNK, end=0.4 * w)
    else:
        trunk(d, x, y, w, h, lean)


def pads(d: Sheet, x: float, y: float, rx: float, h: float) -> None:
    """The flat layers of a garden pine."""
    k = d.r.randint(3, 5)
    way = d.manner("pad", ("ring", "scallop", "few"))
    for i in range(k):
        t = i / (k - 1)
        side = d.u(-0.5, 0.5) * (0.4 + t)
        crown(
            d, x + side * rx, y + h * (t - 0.2) * 0.8, rx * d.u(0.4, 0.65) * (0.6 + 0.4 * t), h * d.u(0.09, 0.14), way
        )


def bare_tree(d: Sheet, x: float, y: float, h: float) -> None:
    """A leafless tree."""
    w = h * d.u(0.05, 0.1)
    tips = [(x, y, x + d.u(-0.08, 0.08) * h, y - h * 0.45, w)]
    for _ in range(2 + (h > 25 * d.fine)):
        later = []
        for ax, ay, bx, by, s in tips:
            d.rod((ax, ay), (bx, by), s, M.TRUNK, end=s * 0.65)
            way = math.atan2(by - ay, bx - ax)
            n = 0.62 * math.dist((ax, ay), (bx, by))
            turns = (way + d.u(-0.9, -0.25), way + d.u(0.25, 0.9))
            later += [(bx, by, bx + n * math.cos(a), by + n * math.sin(a), s * 0.55) for a in turns]
        tips = later
    for ax, ay, bx, by, _ in tips:
        d.line([(ax, ay), (bx, by)], 0.7, 0.8)


def palm(d: Sheet, x: float, y: float, h: float) -> None:
    """A palm tree."""
    lean = d.u(-0.25, 0.25) * h
    top = (x + lean, y - h * 0.8)
    b = band(curve([(x, y), (x + lean * 0.3, y - h * 0.45), top], 4), h * 0.07, h * 0.045)
    d.fill(b, M.TRUNK, edge=FREE)
    for a in np.linspace(-0.25, 1.25, d.r.randint(5, 8)) * math.pi:
        r = h * d.u(0.25, 0.38)
        tip = (top[0] + r * math.cos(a), top[1] - r * 0.5 * math.sin(a) + 0.1 * h)
        mid = (top[0] + 0.6 * r * math.cos(a), top[1] - r * 0.55 * math.sin(a) - 0.06 * h)
        leaf = band(curve([top, mid, tip], 3), h * 0.03, 1)
        leaf[2:-2] += (leaf[2:-2] - leaf.mean(0)) * 0.1
        d.fill(leaf, M.FOLIAGE, edge=FREE)


def bamboo(d: Sheet, x: float, y: float, h: float) -> None:
    """A stem of bamboo with some leaves."""
    lean, w = d.u(-0.08, 0.08) * h, max(h * 0.022, d.fine * 1.5)
    d.rod((x, y), (x + lean, y - h), w, M.TRUNK)
    d.marks(
        [
            [mix((x - w / 2, y), (x + lean - w / 2, y - h), t), mix((x + w / 2, y), (x + lean + w / 2, y - h), t)]
            for t in np.linspace(0.1, 0.9, 6)
        ]
    )
    for _ in range(d.r.randint(1, 4)):
        t = d.u(0.55, 1)
        crown(
            d,
            x + lean * t + d.u(-0.1, 0.1) * h,
            y - h * t,
            h * d.u(0.05, 0.12),
            h * d.u(0.03, 0.07),
            d.manner("bamboo leaves", ("teeth", "scallop", "leafy")),
        )


def bush(d: Sheet, x: float, y: float, w: float, h: float | None = None) -> None:
    """A bush that stands on y."""
    h = h or w * d.u(0.45, 0.8)
    way = d.manner("bush", ("bumps", "bumps", "dome", "leaf", "pile"))
    if way == "dome" and d.hand.detail < 0.3:  # nothing would tell it from a stone
        way = "bumps"
    base = [(x - w / 2, y), (x - w * 0.4, y - h * 0.75), (x, y - h), (x + w * 0.4, y - h * 0.7), (x + w / 2, y)]
    if way == "pile" and w > 9 * d.fine:
        for _ in range(3):
            crown(d, x + d.u(-0.3, 0.3) * w, y - h * d.u(0.4, 0.6), w * 0.25, h * 0.4, "scallop")
        return
    if way == "dome":
        line = arc(x, y, w / 2, h, 1, 2)
    else:
        line = bumps(d, base, max(w / d.r.randint(4, 9), 2.5 * d.fine), 0.5, "leaf" if way == "leaf" else "round")
    d.fill(line, M.FOLIAGE, edge=BARE)
    d.line(line)
    if d.p(0.3):
        d.edge((x - w / 2, y), (x + w / 2, y), 0.8)
    inside(d, x, y - h * 0.45, w * 0.4, h * 0.4)


def hedge(d: Sheet, a: tuple[float, float], b: tuple[float, float], h: float, h1: float | None = None) -> None:
    """A hedge between two points of the ground."""
    h1 = h if h1 is None else h1
    top = [(a[0], a[1] - h), (b[0], b[1] - h1)]
    way = d.manner("hedge", ("box", "bumps", "bumps", "leaf"))
    line = (
        np.array(top)
        if way == "box"
        else bumps(d, top, max(0.5 * h, 3 * d.fine), 0.4, "leaf" if way == "leaf" else "round")
    )
    d.fill(np.concatenate([line, [b, a]]), M.FOLIAGE, edge=BARE)
    d.line(line)
    d.edge(a, b)
    if way == "box":
        d.edge(a, top[0])
        d.edge(b, top[1])
    for _ in range(d.r.randint(1, 5)):
        q = mix(mix(a, b, d.u(0.1, 0.9)), mix(*top, d.u(0.1, 0.9)), 0.5)
        inside(d, *q, h * 0.6, h * 0.3)


def woods(d: Sheet, line: Path, below: float, size: float, drawn: bool = True) -> None:
    """A wood seen from afar: bumps, points or a soft skyline over a slope."""
    way = d.manner("woods", ("bumps", "bumps", "balls", "big", "cedar", "mixed", "rows"))
    size = max(size, 3 * d.fine)
    if way == "balls" and drawn:
        p = np.asarray(line, float)
        d.shape(p, below, M.FOLIAGE, drawn=False)
        deep = min(below, float(p[:, 1].max()) + size * d.u(2, 4))
        balls(d, p, deep, size * d.u(1.2, 2.0), d.r.choice((1, 1, 2)))
        return
    if way == "plain":
        edge = np.asarray(line, float)
    elif way == "cedar":
        edge = bumps(d, line, size * 0.7, d.u(0.6, 1.4), "tooth")
    elif way == "mixed":
        edge = bumps(d, bumps(d, line, size * 2.2, 0.4), size * 0.8, 0.4, d.r.choice(("round", "tooth", "leaf")))
    else:
        edge = bumps(d, line, size * (2.2 if way == "big" else 1.0), d.u(0.3, 0.7))
    d.shape(edge, below, M.FOLIAGE, drawn=drawn)
    if way == "rows":
        for k in (1, 2):
            inner = bumps(d, np.asarray(line, float) + np.array([0.0, size * k]), size, 0.5)
            d.marks([inner[i : i + 9] for i in range(0, len(inner) - 8, 8)], keep=0.7)
    elif d.hand.detail and d.p(0.5):
        d.marks(
            [
                arc(x, y + size * d.u(0.5, 2), size * 0.4, size * 0.35, 1, 2, 5)
                for x, y in edge[:: max(1, len(edge) // 14)]
            ]
        )


TUFTS = ("vee", "three", "blades", "stroke", "fan")


def tuft(d: Sheet, x: float, y: float, s: float) -> list[Path]:
    """A tuft of grass as strokes."""
    way = d.manner("tuft", TUFTS)
    if way == "vee":
        return [[(x - s * 0.4, y - s), (x, y), (x + s * 0.4, y - s)]]
    if way == "stroke":
        return [[(x, y), (x + d.u(-0.4, 0.4) * s, y - s)]]
    if way == "three":
        return [
            [(x - s * 0.6, y - s * 0.7), (x - s * 0.1, y), (x, y - s), (x + s * 0.1, y), (x + s * 0.6, y - s * 0.7)]
        ]
    n = 3 if way == "blades" else 5
    return [
        [(x + i * s * 0.1, y), (x + i * s * 0.25, y - s * 0.6), (x + i * s * d.u(0.3, 0.6), y - s * d.u(0.8, 1.2))]
        for i in range(-(n // 2), n // 2 + 1)
    ]


def grass(d: Sheet, x0: float, x1: float, y0: float, y1: float, n: int) -> None:
    """Tufts, ticks or flowers strewn over a ground that lies from y0 (far) to y1 (near)."""
    if not d.hand.detail:
        return
    where = d.manner("grass where", ("all", "all", "edge", "all", "none", "all", "all", "edge", "all", "all"), 1.0)
    if where == "none":
        return
    if where == "edge":  # only along the lower edge of the picture
        y0, n = max(y0, y1 - 0.16 * (y1 - y0)), max(n // 2, 5)
    way = d.manner("grass", ("tufts", "tufts", "ticks", "flowers", "waves", "groups"))
    lines: list[Path] = []
    for _ in range(n):
        t = d.r.random() ** 0.8
        x, y = d.u(x0, x1), y0 + (y1 - y0) * t
        s = d.fine * (1.2 + 5 * t)
        if way == "ticks":
            lines.append([(x, y), (x + d.u(-0.2, 0.3) * s, y - s * 0.8)])
        elif way == "waves":
            lines.append(bumps(d, [(x, y), (x + s * 3, y)], s, 0.3))
        elif way == "flowers" and d.p(0.6):
            lines += [[(x, y), (x, y - s)], ring(x, y - s, s * 0.4, s * 0.4, 6)]
        elif way == "groups":
            for _ in range(3):
                lines += tuft(d, x + d.u(-3, 3) * s, y + d.u(-0.3, 0.3) * s, s)
        else:
            lines += tuft(d, x, y, s)
    d.marks(lines, keep=0.9)


def reeds(d: Sheet, x: float, y: float, w: float, h: float) -> None:
    """Reeds or high grass: an area of blades with a ragged top."""
    n = int(np.clip(w / (2.2 * d.fine), 4, 26))
    low = d.u(0.1, 0.5) * h
    top = [(x - w / 2, y - low), (x - w * 0.2, y - h * 0.75), (x + w * 0.25, y - h * 0.8), (x + w / 2, y - low)]
    line = np.concatenate([[(x - w / 2, y)], bumps(d, top, w / n, d.u(1, 2.2), "tooth"), [(x + w / 2, y)]])
    d.fill(line, M.GRASS, edge=BARE)
    if d.p(0.7):
        d.line(line)
    d.marks(
        [[(a, y), (a + d.u(-0.15, 0.15) * h, y - h * d.u(0.6, 1.15))] for a in np.linspace(x - w / 2, x + w / 2, n)]
    )


def ivy(d: Sheet, x: float, y: float, w: float, h: float) -> None:
    """Leaves that hang over a wall or climb on it."""
    d.fill(
        puffs(d, x, y + h / 2, w / 2, h / 2, d.r.randint(8, 16), 0.5, d.r.choice(("round", "leaf")), rough=0.25),
        M.FOLIAGE,
        edge=FREE,
    )
    inside(d, x, y + h / 2, w * 0.4, h * 0.4)


def bough(d: Sheet, side: int) -> None:
    """Leaves or a branch that come into the frame from the upper left (−1) or right (1) corner."""
    x = d.w * (0.5 + 0.5 * side)
    reach, drop = d.u(0.15, 0.5) * d.w, d.u(60, 360)
    if d.p(0.6):
        end = (x - side * reach, d.u(20, drop))
        d.fill(
            band(
                curve([(x + side * 30, d.u(-20, 160)), (x - side * reach * 0.5, d.u(10, 150)), end], 4), d.u(15, 45), 5
            ),
            M.TRUNK,
            edge=FREE,
        )
    for _ in range(d.r.randint(2, 6)):
        t = d.r.random()
        crown(d, x - side * reach * t, d.u(-0.2, 1) * drop * (1 - 0.5 * t), d.u(50, 150), d.u(35, 90))


def foreground(d: Sheet) -> None:
    """Something that grows right before the camera: bushes, grass or leaves along the lower edge or in a corner."""
    way = d.r.choice(("grass", "bush", "corner", "reeds"))
    if way == "grass":
        line = bumps(
            d,
            [(-20, d.u(900, 990)), (d.w * d.u(0.3, 0.7), d.u(930, 1000)), (d.w + 20, d.u(880, 990))],
            d.u(14, 40),
            d.u(0.8, 2.5),
            "tooth",
        )
        d.shape(line, 1100, M.GRASS)
    elif way == "reeds":
        for _ in range(d.r.randint(2, 6)):
            reeds(d, d.u(0, d.w), 1020, d.u(80, 300), d.u(80, 220))
    else:
        xs = (
            (0.0, d.w)
            if way == "corner" and d.p(0.4)
            else (d.r.choice((0.0, d.w)),)
            if way == "corner"
            else tuple(d.u(0, d.w) for _ in range(d.r.randint(2, 6)))
        )
        for x in xs:
            bush(d, x, 1030, d.u(200, 520), d.u(80, 300))


def logs(d: Sheet, x: float, y: float, w: float) -> None:
    """A fallen trunk."""
    h, lift = w * d.u(0.12, 0.2), d.u(-0.15, 0.15) * w
    d.fill([(x, y - h), (x + w, y - h + lift), (x + w, y + lift), (x, y)], M.TRUNK)
    d.fill(ring(x, y - h / 2, h * 0.3, h / 2, 12), M.TRUNK, edge=FREE)
    d.marks([ring(x, y - h / 2, h * 0.15, h * 0.25, 10)])


def stump(d: Sheet, x: float, y: float, w: float) -> None:
    """A stump."""
    h = w * d.u(0.5, 0.9)
    d.fill([(x - w * 0.6, y), (x - w * 0.5, y - h), (x + w * 0.5, y - h), (x + w * 0.6, y)], M.TRUNK)
    d.fill(ring(x, y - h, w / 2, w * 0.16, 12), M.TRUNK, edge=FREE)
