"""Perspective of a layout: a level camera with a shifting lens, so that verticals stay vertical."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from training.drawing import Points

Solid = NDArray[np.float64]
"""(N, 3) points in metres: x to the right, y up, z away."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Looks along +z from ``eye`` metres above the ground (y = 0)."""

    eye: float = 1.6
    focal: float = 1300.0
    """Picture units; 1300 is a 24 mm lens on a 36 mm film, 2000 a normal one."""
    centre: float = 960.0
    """Column of the principal vanishing point."""
    horizon: float = 540.0
    near: float = 0.6

    def project(self, points: ArrayLike) -> Points:
        """Picture points of solid points that lie in front of the near plane."""
        p = np.atleast_2d(np.asarray(points, float))
        z = np.maximum(p[:, 2], self.near)
        return np.stack(
            [self.centre + self.focal * p[:, 0] / z, self.horizon - self.focal * (p[:, 1] - self.eye) / z], 1
        )

    def polygon(self, points: ArrayLike) -> Points:
        """Picture polygon, cut at the near plane (Sutherland–Hodgman); may be empty."""
        p = np.asarray(points, float)
        inside = p[:, 2] >= self.near
        if inside.all():
            return self.project(p)
        kept: list[Solid] = []
        for a, b, a_in, b_in in zip(p, np.roll(p, -1, 0), inside, np.roll(inside, -1), strict=True):
            if a_in:
                kept.append(a)
            if a_in != b_in:
                kept.append(a + (b - a) * ((self.near - a[2]) / (b[2] - a[2])))
        return self.project(np.array(kept)) if len(kept) >= 3 else np.zeros((0, 2))

    def line(self, a: ArrayLike, b: ArrayLike) -> Points:
        """Picture segment, cut at the near plane; empty if behind."""
        p, q = np.asarray(a, float), np.asarray(b, float)
        if p[2] < self.near and q[2] < self.near:
            return np.zeros((0, 2))
        if p[2] < self.near:
            p = p + (q - p) * ((self.near - p[2]) / (q[2] - p[2]))
        elif q[2] < self.near:
            q = q + (p - q) * ((self.near - q[2]) / (p[2] - q[2]))
        return self.project([p, q])

    def scale(self, z: float) -> float:
        """Picture units per metre at depth z."""
        return self.focal / max(z, self.near)

    def ground(self, x: float, y: float, height: float = 0.0) -> Solid:
        """The point of the plane y = height that is seen at picture point (x, y); y below the horizon."""
        z = self.focal * (self.eye - height) / max(y - self.horizon, 1e-3)
        return np.array([(x - self.centre) * z / self.focal, height, z])

    def vanishing(self, yaw: float) -> float:
        """Column where level lines in the direction ``yaw`` (radians from +z towards +x) meet."""
        return self.centre + self.focal * math.tan(yaw)


@dataclass(frozen=True, slots=True)
class Place:
    """A turned corner in the scene: a runs along the front, b up, c away from the viewer."""

    camera: Camera
    x: float
    y: float
    z: float
    yaw: float = 0.0
    """Radians; turns the front towards the right (clockwise seen from above is negative)."""

    def solid(self, points: ArrayLike) -> Solid:
        """Scene points of local points (a, b, c)."""
        p = np.atleast_2d(np.asarray(points, float))
        cos, sin = math.cos(self.yaw), math.sin(self.yaw)
        return np.stack(
            [
                self.x + p[:, 0] * cos + p[:, 2] * sin,
                self.y + p[:, 1],
                self.z - p[:, 0] * sin + p[:, 2] * cos,
            ],
            1,
        )

    def polygon(self, points: ArrayLike) -> Points:
        """Picture polygon of local points."""
        return self.camera.polygon(self.solid(points))

    def line(self, a: ArrayLike, b: ArrayLike) -> Points:
        """Picture segment between two local points."""
        p = self.solid([a, b])
        return self.camera.line(p[0], p[1])

    def viewer(self) -> Solid:
        """The camera in local coordinates: decides which faces are seen."""
        cos, sin = math.cos(self.yaw), math.sin(self.yaw)
        dx, dz = -self.x, -self.z
        return np.array([dx * cos - dz * sin, self.camera.eye - self.y, dx * sin + dz * cos])

    def moved(self, a: float, b: float, c: float, turn: float = 0.0) -> Place:
        """A corner inside this one."""
        p = self.solid([(a, b, c)])[0]
        return Place(self.camera, float(p[0]), float(p[1]), float(p[2]), self.yaw + turn)


@dataclass(frozen=True, slots=True)
class Face:
    """A flat rectangle of a building, drawn on in metres: s along, t up."""

    place: Place
    origin: tuple[float, float, float]
    along: tuple[float, float, float]
    up: tuple[float, float, float]

    def local(self, s: float, t: float) -> Solid:
        """Local point at (s, t)."""
        return np.asarray(self.origin) + s * np.asarray(self.along) + t * np.asarray(self.up)

    def rect(self, s0: float, t0: float, s1: float, t1: float) -> Points:
        """Picture polygon of a rectangle on the face: bottom, right, top, left edge."""
        return self.place.polygon([self.local(s0, t0), self.local(s1, t0), self.local(s1, t1), self.local(s0, t1)])

    def polygon(self, points: ArrayLike) -> Points:
        """Picture polygon of (s, t) points."""
        return self.place.polygon([self.local(s, t) for s, t in np.asarray(points, float)])

    def line(self, s0: float, t0: float, s1: float, t1: float) -> Points:
        """Picture segment on the face."""
        return self.place.line(self.local(s0, t0), self.local(s1, t1))
