"""Layout sheets as a scanner delivers them, made to measure: the corners of the frame are known exactly."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

BLACK, BLUE, CYAN, RED_BROWN = (40, 40, 40), (80, 130, 165), (120, 190, 215), (165, 90, 70)
Points = list[tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet to draw; lengths in mm, angles in degrees (positive = clockwise)."""

    dpi: float = 110
    width: float = 297
    height: float = 210
    frame_width: float | None = 254
    aspect: float = 16 / 9
    offset: float = 8
    tilt: float = 0
    colour: tuple[int, int, int] = BLUE
    line: float = 0.4
    safe: bool = True
    pegs: bool = True
    notes: bool = True
    drawing: bool = True
    paper: tuple[int, int, int] = (247, 245, 238)
    shading: float = 0.06
    grain: float = 1.5
    seed: int = 0


class Scan:
    """Draws in mm on a turned sheet, at twice the size, and gives the scan."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.rng = np.random.default_rng(sheet.seed)
        self.px = sheet.dpi / 25.4
        self.size = round(sheet.width * self.px), round(sheet.height * self.px)
        self.image = Image.new("RGB", (2 * self.size[0], 2 * self.size[1]), sheet.paper)
        self.pen = ImageDraw.Draw(self.image)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Sheet mm from the sheet's middle to scan px (pixel centres at whole numbers)."""
        turn = np.deg2rad(self.sheet.tilt)
        u, v = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
        return (u + self.sheet.width / 2) * self.px - 0.5, (v + self.sheet.height / 2) * self.px - 0.5

    def stroke(self, points: Points, colour: tuple[int, int, int], width: float) -> None:
        placed = [self.at(*point) for point in points]
        self.pen.line(
            [(2 * x + 0.5, 2 * y + 0.5) for x, y in placed], fill=colour, width=max(1, round(2 * width * self.px))
        )  # fmt: skip

    def rectangle(self, width: float, height: float, middle: float, colour: tuple[int, int, int], line: float) -> None:
        a, b = width / 2, height / 2
        ring = [(-a, middle - b), (a, middle - b), (a, middle + b), (-a, middle + b), (-a, middle - b)]
        for start, end in pairwise(ring):
            self.stroke([start, end], colour, line)

    def wobble(self, start: tuple[float, float], end: tuple[float, float], grey: int = 70, width: float = 0.4) -> None:
        t = np.linspace(0, 1, 24)
        bend = np.cumsum(self.rng.normal(0, 0.12, 24))
        bend -= np.linspace(bend[0], bend[-1], 24)
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = max(1e-6, float(np.hypot(dx, dy)))
        points = [
            (start[0] + dx * s - dy / length * o, start[1] + dy * s + dx / length * o)
            for s, o in zip(t, bend, strict=True)
        ]
        self.stroke(points, (grey, grey, grey + 4), width)

    def landscape(self, left: float, top: float, right: float, bottom: float) -> None:
        """A drawing that runs up to all its edges: ground lines, a road, poles, a house, a hatch."""
        w, h = right - left, bottom - top
        for row in (0.45, 0.52, 0.7):
            self.wobble((left, top + h * row), (right, top + h * (row + 0.02)), grey=int(self.rng.integers(50, 130)))
        for column in np.arange(0.15, 0.95, 0.11):
            self.wobble((left + w * column, top + h * 0.1), (left + w * column, top + h * 0.95))
        self.wobble((left + w * 0.47, top + h * 0.48), (left + w * 0.2, bottom))
        self.wobble((left + w * 0.47, top + h * 0.48), (left + w * 0.7, bottom))
        self.wobble((left + w * 0.62, top), (right, top + h * 0.3))
        a, b, c, d = left + w * 0.6, left + w * 0.9, top + h * 0.3, top + h * 0.65
        for start, end in (((a, c), (b, c)), ((b, c), (b, d)), ((b, d), (a, d)), ((a, d), (a, c))):
            self.wobble(start, end)
        for x in np.arange(left + 2, left + w * 0.3, 1.6):
            self.wobble((x, top + h * 0.85), (x + 1, top + h * 0.9))

    def print_frame(self) -> NDArray[np.float64] | None:
        """Draw everything on the sheet; the true corners, clockwise from the top left, in px."""
        s = self.sheet
        width = s.frame_width or s.width * 0.97
        height = width / s.aspect if s.frame_width else s.height * 0.97
        a, b, middle = width / 2, height / 2, s.offset if s.frame_width else 0
        if s.drawing:
            self.landscape(-a, middle - b, a, middle + b)
        if s.pegs:
            self._pegs()
        if s.frame_width is None:
            return None
        if s.notes:
            self._notes(a, b, middle)
        if s.safe:
            pale = tuple(int(0.5 * (c + p)) for c, p in zip(s.colour, s.paper, strict=True))
            self.rectangle(width * 0.9, height * 0.9, middle, pale, 0.2)
            for start, end in (((-3, middle), (3, middle)), ((0, middle - 3), (0, middle + 3))):
                self.stroke([start, end], s.colour, 0.2)
        self.rectangle(width, height, middle, s.colour, s.line)
        corners = [(-a, middle - b), (a, middle - b), (a, middle + b), (-a, middle + b)]
        return np.array([self.at(*corner) for corner in corners])

    def _pegs(self) -> None:
        y = -self.sheet.height / 2 + 9
        for x in (-68, 68):
            self.stroke([(x - 5, y), (x + 5, y)], (35, 32, 32), 4)
        x, y = self.at(0, y)
        r = 3 * self.px
        self.pen.ellipse((2 * (x - r), 2 * (y - r), 2 * (x + r), 2 * (y + r)), fill=(35, 32, 32))

    def _notes(self, a: float, b: float, middle: float) -> None:
        top = middle - b - 14
        ring = [(-a, top), (-a + 90, top), (-a + 90, top + 10), (-a, top + 10), (-a, top)]
        self.stroke(ring, self.sheet.colour, 0.2)
        for x in np.arange(-a + 4, -a + 60, 4):
            self.wobble((x, top + 2), (x + 2, top + 8), width=0.8)
        for x in np.arange(-a * 0.7, a * 0.7, 5):
            self.wobble((x, middle + b + 5), (x + 3, middle + b + 9))

    def finish(self) -> NDArray[np.uint8]:
        small = np.asarray(self.image.reduce(2), dtype=np.float32)
        rows, columns = np.mgrid[0 : small.shape[0], 0 : small.shape[1]].astype(np.float32)
        light = 1 - self.sheet.shading * (columns / small.shape[1] + 0.5 * (rows / small.shape[0]) ** 2)
        noise = self.rng.normal(0, self.sheet.grain, small.shape[:2])[..., None]
        return np.clip(small * light[..., None] + noise + 0.5, 0, 255).astype(np.uint8)


def scan(sheet: Sheet) -> tuple[NDArray[np.uint8], NDArray[np.float64] | None]:
    """The scan (H, W, 3) and the true corners (4, 2), or ``None`` for a sheet without a frame."""
    work = Scan(sheet)
    corners = work.print_frame()
    return work.finish(), corners
