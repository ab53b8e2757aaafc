"""The recipe of a sheet, from what is asked for and what is drawn: a pure function, for painting and for comparing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from genzu.core.cut import Cut
from genzu.core.geometry import Extent
from genzu.core.lexicon import PromptReading, read_prompt
from genzu.core.recipe import Recipe
from genzu.core.scene import Conditions
from genzu.core.take import Stage
from genzu.engines.base import Engine, MaterialReader
from genzu.steps.engine_facts import version_for
from genzu.steps.intake import INTAKE_VERSION
from genzu.steps.reading import READING_VERSION


class EngineName(NamedTuple):
    """An engine as recipes name it."""

    name: str
    version: str

    @classmethod
    def of(cls, engine: Engine, prompt: str, seed: int) -> EngineName:
        """With the weights that a prompt calls, if it calls any."""
        return cls(engine.name, version_for(engine, prompt, seed))


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetAsked:
    """A sheet of a cut as it is asked for, and what its layout holds."""

    cut: Cut
    """As :func:`genzu.steps.asked.cut_as_asked` gives it."""
    sheet: str
    extent: Extent
    source: str
    """SHA-256 of the layout's pixels as they came."""
    words: PromptReading
    reading: str
    """As recipes name it; see :func:`reading_name`."""
    read_under: Conditions | None = None
    """Conditions under which the lines are read; ``None``: the picture's own."""

    def recipe(self, stage: Stage, seed: int, engine: EngineName, rough: str | None = None) -> Recipe:
        """Everything that decides the pixels of a take; ``rough`` is the picture that a painting is made from."""
        cut = self.cut
        # The seed chooses between alternatives in a prompt, and a candidate has a seed of its own.
        conditions = self.words.conditions if seed == cut.seed else read_prompt(cut.prompt, seed).conditions
        return Recipe(
            stage=stage,
            engine=engine.name,
            engine_version=engine.version,
            extent=self.extent,
            seed=seed,
            prompt=cut.prompt,
            conditions=conditions,
            layout=self.source,
            reading=self.reading,
            intake=INTAKE_VERSION,
            sheet=self.sheet,
            materials=cut.materials.sha if cut.materials else None,
            marks=cut.marks.sha if cut.marks else None,
            board=cut.board.sha if cut.board else None,
            rough=rough,
            read_under=self._foreign_reading(conditions),
        )

    def _foreign_reading(self, own: Conditions) -> Conditions | None:
        """Nothing if the lines are read under the picture's own conditions, or not by the reader."""
        read_under = self.read_under or self.words.conditions
        return None if read_under == own or self.cut.materials is not None else read_under


def reading_name(reader: MaterialReader) -> str:
    """Name and version of a reader, and of what makes regions of its votes."""
    return f"{reader.name}/{reader.version}/{READING_VERSION}"
