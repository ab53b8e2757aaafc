"""Step 3, AI 1: the layout in colour and light."""

from __future__ import annotations

from genzu.core.take import Stage, Take
from genzu.engines.base import Progress
from genzu.steps.making import SheetAtWork, make


def paint_rough(work: SheetAtWork, *, seed: int, progress: Progress | None = None) -> Take:
    """The rough of a sheet for a seed."""
    return make(work, work.recipe(Stage.ROUGH, seed), progress=progress)
