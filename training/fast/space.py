"""A level camera, and boxes that stand before it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from training.fast.sheet import Sheet

Spot = tuple[float, float]
Solid = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Camera:
    """x to the right, y up, z away, in metres; ``focal`` and rows in units of the frame."""

    eye: float
    focal: float
    centre: float
    horizon: float
    near: float = 0.5

    def at(self, p: Solid) -> Spot:
        """Where a point is seen."""
        z = p[2] if p[2] > self.near else self.near
        return self.centre + self.focal * p[0] / z, self.horizon - self.focal * (p[1] - self.eye) / z

    def polygon(self, points: list[Solid]) -> list[Spot]:
        """A polygon, cut at the near plane."""
        near = self.near
        kept: list[Solid] = []
        for i, a in enumerate(points):
            b = points[(i + 1) % len(points)]
            if a[2] >= near:
                kept.append(a)
            if (a[2] >= near) != (b[2] >= near):
                t = (near - a[2]) / (b[2] - a[2])
                kept.append((a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, near))
        return [self.at(p) for p in kept] if len(kept) >= 3 else []

    def scale(self, z: float) -> float:
        """Units per metre at depth z."""
        return self.focal / max(z, self.near)

    def row(self, z: float, y: float = 0.0) -> float:
        """Row of a level at depth z."""
        return self.horizon + self.focal * (self.eye - y) / max(z, self.near)


def camera(d: Sheet, low: float = 1.2, high: float = 2.2, *, horizon: tuple[float, float] = (0.35, 0.65)) -> Camera:
    """Any sensible camera."""
    eye = d.u(low, high)
    return Camera(eye, d.u(650, 1900), d.w * (0.5 + 0.38 * d.u(-1, 1) * d.r.random()), d.h * d.u(*horizon))


@dataclass(frozen=True, slots=True)
class Wall:
    """An upright rectangle in the scene or in the picture plane: (s, t) in 0–1 along and up → a point seen."""

    a: Spot
    b: Spot
    c: Spot
    e: Spot
    """Corners: low left, low right, high right, high left."""
    depth: tuple[float, float] = (1.0, 1.0)
    """Distances of its two ends, for even spacing in perspective."""

    def at(self, s: float, t: float) -> Spot:
        """The point at share s of the length and t of the height."""
        z0, z1 = self.depth
        if z0 != z1:
            s = s * z1 / (z0 + s * (z1 - z0))
        x0, y0 = self.a[0] + (self.b[0] - self.a[0]) * s, self.a[1] + (self.b[1] - self.a[1]) * s
        x1, y1 = self.e[0] + (self.c[0] - self.e[0]) * s, self.e[1] + (self.c[1] - self.e[1]) * s
        return x0 + (x1 - x0) * t, y0 + (y1 - y0) * t

    def rect(self, s0: float, t0: float, s1: float, t1: float) -> list[Spot]:
        """A rectangle on it."""
        return [self.at(s0, t0), self.at(s1, t0), self.at(s1, t1), self.at(s0, t1)]

    @property
    def corners(self) -> list[Spot]:
        """Low left, low right, high right, high left."""
        return [self.a, self.b, self.c, self.e]

    @property
    def width(self) -> float:
        """Its width on the page."""
        return abs(self.b[0] - self.a[0])

    @property
    def height(self) -> float:
        """Its larger height on the page."""
        return max(abs(self.a[1] - self.e[1]), abs(self.b[1] - self.c[1]))


def front(x: float, y: float, w: float, h: float) -> Wall:
    """A wall that faces us: low left corner (x, y)."""
    return Wall((x, y), (x + w, y), (x + w, y - h), (x, y - h))


def upright(cam: Camera, p: Solid, q: Solid, h: float) -> Wall | None:
    """A wall over the ground line p–q (clipped at the near plane)."""
    if p[2] < cam.near and q[2] < cam.near:
        return None
    if p[2] < cam.near or q[2] < cam.near:
        t = (cam.near - p[2]) / (q[2] - p[2])
        cut = (p[0] + (q[0] - p[0]) * t, p[1], cam.near)
        p, q = (cut, q) if p[2] < cam.near else (p, cut)
    return Wall(cam.at(p), cam.at(q), cam.at((q[0], q[1] + h, q[2])), cam.at((p[0], p[1] + h, p[2])), (p[2], q[2]))


def turn(x: float, z: float, yaw: float) -> tuple[float, float]:
    """A vector on the ground, turned."""
    c, s = math.cos(yaw), math.sin(yaw)
    return x * c + z * s, -x * s + z * c
