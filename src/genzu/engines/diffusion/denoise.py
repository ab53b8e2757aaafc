"""The denoiser of a pipeline, run tile by tile inside the pipeline's own loop.

The pipelines of diffusers call ``unet`` or ``transformer`` once a step with the latents of the whole canvas. While
:class:`Denoiser` is installed, that call runs the network on overlapping tiles and joins what they say
(MultiDiffusion, arXiv 2302.08113, smooth weights). ControlNets run inside the tile, so nothing but the latents is as
large as the canvas. With a single tile the numbers are those of diffusers' own ControlNet pipelines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from genzu.core.geometry import Bounds
from genzu.engines.diffusion.grids import Call, Grid
from genzu.engines.diffusion.memory import Room
from genzu.engines.diffusion.nets import Held
from genzu.engines.diffusion.tiles import Plan


class Denoiser:
    """Stands in for the ``forward`` of a network while a picture is made."""

    def __init__(
        self, module: Any, grid: Grid, room: Room, overlap: int, held: tuple[Held, ...],
        report: Callable[[float], None],
    ) -> None:  # fmt: skip
        """``overlap`` in px; ``report`` hears the share done, 0–1."""
        self._module, self._grid, self._room, self._overlap = module, grid, room, overlap
        self._held, self._report = held, report
        self._forward: Callable[..., Any] = module.forward
        self.step, self.steps = 0, 1

    @contextmanager
    def installed(self, steps: int) -> Iterator[None]:
        """The network runs by tiles until this ends, however it ends; the pipeline will take about ``steps``."""
        own = "forward" in vars(self._module)  # a hook of accelerate
        self._forward = self._module.forward
        self._module.forward = self
        self.step, self.steps = 0, max(1, steps)
        try:
            yield
        finally:
            if own:
                self._module.forward = self._forward
            else:
                del self._module.forward

    def after_step(self, pipeline: Any, step: int, _time: Any, _tensors: dict[str, Any]) -> dict[str, Any]:
        """``callback_on_step_end`` of the pipelines: the step decides which ControlNets hold."""
        self.steps = max(1, pipeline.num_timesteps)
        self.step = min(step + 1, self.steps)
        self._report(self.step / self.steps)
        return {}

    def __call__(self, *given: Any, **named: Any) -> tuple[Any]:
        """One step of the network on the whole canvas; pipelines ask for a tuple."""
        call = self._grid.read(given, named)
        return (self._room.run(lambda side: self._tiles(call, side)),)

    def _tiles(self, call: Call, side: int) -> Any:
        unit = self._grid.unit
        plan = Plan(call.extent, max(1, side // unit), self._overlap // unit)
        if len(plan) == 1:
            return self._grid.whole(self._tile(call, Bounds(0, 0, call.extent.width, call.extent.height)))
        total: Any = None
        weights = torch.zeros(call.extent.shape, device=call.picture.device)
        for number, tile in enumerate(plan, 1):
            said = self._tile(call, tile.bounds)
            if total is None:
                total = torch.zeros((*said.shape[:2], *call.extent.shape), device=said.device)
            weight = torch.from_numpy(tile.weights()).to(said.device)
            rows, columns = tile.bounds.slices
            total[..., rows, columns] += said.float() * weight
            weights[rows, columns] += weight
            self._report(min(1.0, (self.step + number / len(plan)) / self.steps))
        return self._grid.whole((total / weights).to(call.picture.dtype))

    def _tile(self, call: Call, bounds: Bounds) -> Any:
        tile = self._grid.tile(call, bounds)
        unit = self._grid.unit
        pixels = Bounds(*(unit * side for side in (bounds.x, bounds.y, bounds.width, bounds.height)))
        more: dict[str, Any] = {}
        for held in self._held:
            if held.shown.weight and held.shown.holds(self.step, self.steps):
                more = _added(more, held.residuals(tile.named, pixels))
        return self._grid.spread(self._forward(**{**tile.named, **more})[0], tile)


def _added(some: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Residuals of several ControlNets, summed."""
    summed = dict(more)
    for name, value in some.items():
        if name not in summed:
            summed[name] = value
        elif isinstance(value, bool):
            continue
        elif isinstance(value, (list, tuple)):
            summed[name] = [one + other for one, other in zip(value, summed[name], strict=True)]
        else:
            summed[name] = value + summed[name]
    return summed
