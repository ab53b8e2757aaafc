"""What ControlNets are shown: pictures on the model's pixels, handed out tile by tile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from genzu.core.geometry import Bounds
from genzu.engines.base import PaintRequest
from genzu.engines.diffusion.families import ControlKind
from genzu.engines.diffusion.fit import Fit
from genzu.engines.diffusion.profile import Control
from genzu.picture.ade20k import ade20k_picture
from genzu.picture.arrays import Float32, UInt8


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One ControlNet at work: what it is shown, how strongly and how long it holds."""

    control: Control
    weight: float
    end: float
    cut: Callable[[Bounds], UInt8]
    """(h, w, 3) sRGB of a rectangle of the model's pixels."""

    @property
    def start(self) -> float:
        """Share of the steps from which it holds."""
        return self.control.start

    def holds(self, step: int, steps: int) -> bool:
        """Whether it holds at ``step`` of ``steps``, by the rule of diffusers' pipelines."""
        return not (step / steps < self.start or (step + 1) / steps > self.end)

    def tile(self, bounds: Bounds) -> Float32:
        """(3, h, w) float32 0–1."""
        return np.asarray(self.cut(bounds), np.float32).transpose(2, 0, 1) / 255

    def raised(self, more: float) -> Shown:
        """Held more strongly, and no less long than to nine tenths of the way."""
        return replace(self, weight=self.weight + more, end=max(self.end, min(0.9, self.end + more)))


def shown(controls: tuple[Control, ...], request: PaintRequest, fit: Fit, start: UInt8) -> tuple[Shown, ...]:
    """What each ControlNet of a stage is shown; ``start`` is the initial picture on the model's pixels."""
    return tuple(
        Shown(control=one, weight=one.weight, end=one.end, cut=_cutter(one.kind, request, fit, start))
        for one in controls
    )


def _cutter(kind: ControlKind, request: PaintRequest, fit: Fit, start: UInt8) -> Callable[[Bounds], UInt8]:
    if kind is ControlKind.LINEART:
        return _grey(fit.strokes(request.lines.contour))
    if kind is ControlKind.SEGMENTATION:
        materials = fit.labels(request.reading.materials)
        return lambda bounds: ade20k_picture(materials[bounds.slices])
    if kind is ControlKind.DEPTH:
        return _grey(255 - fit.depth(request.reading.depth))
    return lambda bounds: start[bounds.slices]


def _grey(plane: UInt8) -> Callable[[Bounds], UInt8]:
    return lambda bounds: np.repeat(plane[bounds.slices][:, :, None], 3, axis=2)
