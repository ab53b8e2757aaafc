"""Step 4, AI 2: the rough painted over."""

from __future__ import annotations

from genzu.core.take import Stage, Take
from genzu.engines.base import Progress
from genzu.steps.making import SheetAtWork, make


def paint_painting(work: SheetAtWork, rough: Take, *, seed: int, progress: Progress | None = None) -> Take:
    """The painting of a sheet over a rough."""
    return make(work, work.recipe(Stage.PAINTING, seed, rough), rough=rough, progress=progress)
