"""A layout as vectors: filled shapes in painter's order, and the pencil strokes that belong to them.

Units are those of a 1920×1080 frame (x to the right, y down), whatever size is rendered later. A stroke lies on
the shape that was filled last (or on the one named by ``on``): shapes filled later hide it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genzu.core.material import Material

Points = NDArray[np.float64]
"""(N, 2) picture points."""

GRAPHITE, RED, BLUE = 0, 1, 2
"""Pencils: contour, edge of a highlight, edge of a shadow."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One pull of the pencil."""

    points: Points
    order: int
    """Index of the shape that it lies on; hidden by shapes with a higher index."""
    weight: float = 1.0
    """Width as a multiple of the hand's own."""
    pressure: float = 0.8
    """0–1."""
    ruled: bool = False
    """Drawn along an edge: steadier, and running past its end."""
    taper: float = 0.35
    """0 = blunt ends, 1 = ends that lift off like a grass blade."""
    pencil: int = GRAPHITE
    inside: bool = False
    """Seen only where its own shape is seen."""
    through: bool = False
    """Construction: seen through everything."""


@dataclass(slots=True)
class Drawing:
    """A scene that is being drawn; starts as an empty sky."""

    width: float = 1920.0
    height: float = 1080.0
    detail: float = 1.0
    """Share of the small marks that is drawn; below 1 leaves and windows also get larger and fewer."""
    shapes: list[Points] = field(default_factory=list)
    materials: list[int] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    horizon: float = 540.0

    def __post_init__(self) -> None:
        m = 200.0
        w, h = self.width, self.height
        self.shapes.append(np.array([(-m, -m), (w + m, -m), (w + m, h + m), (-m, h + m)]))
        self.materials.append(int(Material.SKY))

    @property
    def top(self) -> int:
        """Index of the shape that was filled last."""
        return len(self.shapes) - 1

    def fill(
        self,
        points: ArrayLike,
        material: Material,
        *,
        weight: float = 1.0,
        pressure: float = 0.8,
        ruled: bool = False,
        outline: bool = True,
        skip: tuple[int, ...] = (),
    ) -> int:
        """Cover a polygon with a material and draw its outline; returns the shape's index.

        ``ruled`` draws edge by edge (edge i runs from point i to point i + 1; ``skip`` leaves edges out),
        otherwise in one round pull.
        """
        polygon = np.asarray(points, float)
        if len(polygon) < 3:
            return self.top
        self.shapes.append(polygon)
        self.materials.append(int(material))
        if not outline:
            return self.top
        if not ruled:
            start = len(polygon) // 3
            loop = np.concatenate([polygon[start:], polygon[: start + 1]])
            self.stroke(loop, weight=weight, pressure=pressure, taper=0.2)
            return self.top
        for i in range(len(polygon)):
            if i not in skip:
                edge = polygon[[i, (i + 1) % len(polygon)]]
                self.stroke(edge, weight=weight, pressure=pressure, ruled=True)
        return self.top

    def stroke(
        self,
        points: ArrayLike,
        *,
        weight: float = 0.7,
        pressure: float = 0.55,
        ruled: bool = False,
        taper: float = 0.35,
        pencil: int = GRAPHITE,
        inside: bool = False,
        on: int | None = None,
    ) -> None:
        """Draw a polyline on the last shape, or on the shape ``on``."""
        line = np.asarray(points, float)
        if len(line) >= 2:
            order = self.top if on is None else on
            self.strokes.append(Stroke(line, order, weight, pressure, ruled, taper, pencil, inside))

    def construct(self, points: ArrayLike, *, pressure: float = 0.13) -> None:
        """Draw a faint construction line, seen through everything."""
        line = np.asarray(points, float)
        self.strokes.append(Stroke(line, 0, 0.6, pressure, True, 0.3, GRAPHITE, False, True))

    def framed(self, *, mirror: bool = False, zoom: float = 1.0, pan: tuple[float, float] = (0, 0)) -> Drawing:
        """The same scene mirrored, and zoomed about the frame's centre (zoom ≥ 1), then moved."""
        scale = np.array([-zoom if mirror else zoom, zoom])
        centre = np.array([self.width / 2, self.height / 2])
        move = centre + np.asarray(pan, float)

        def place(points: Points) -> Points:
            return (points - centre) * scale + move

        framed = Drawing(
            self.width, self.height, self.detail, horizon=float(place(np.array([[0, self.horizon]]))[0, 1])
        )
        framed.shapes += [place(s) for s in self.shapes[1:]]
        framed.materials += self.materials[1:]
        for s in self.strokes:
            line = place(s.points)
            framed.strokes.append(
                Stroke(line, s.order, s.weight, s.pressure, s.ruled, s.taper, s.pencil, s.inside, s.through)
            )
        return framed
