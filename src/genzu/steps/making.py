"""What the two machine stages share: a sheet at work, and one take made from a recipe, or found again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from time import perf_counter

import numpy as np

from genzu.core.credit import Hand
from genzu.core.cut import Cut
from genzu.core.lexicon import PromptReading, read_prompt
from genzu.core.recipe import Recipe
from genzu.core.scene import Conditions
from genzu.core.take import NewTake, Stage, Take
from genzu.engines import registry
from genzu.engines.base import Engine, MaterialReader, PaintRequest, Progress
from genzu.engines.run import paint_with
from genzu.errors import LedgerBroken
from genzu.picture.arrays import Reading, UInt8
from genzu.picture.fidelity import measure
from genzu.picture.files import read_rgb8
from genzu.picture.values import value_plan
from genzu.steps.engine_facts import recorded
from genzu.steps.intake import SheetDrawing
from genzu.steps.reading import load_marks, load_materials, read
from genzu.steps.recipes import EngineName, SheetAsked, reading_name
from genzu.store.show import Show


@dataclass(kw_only=True)
class SheetAtWork:
    """One sheet of a cut on its way; what costs time is computed when first asked for."""

    show: Show
    cut: Cut
    drawing: SheetDrawing
    source: str
    """SHA-256 of the layout's pixels as they came."""
    words: PromptReading
    layout_take: Take
    reader: MaterialReader = field(default_factory=lambda: registry.reader(registry.reader_names()[0]))
    read_under: Conditions | None = None
    """Conditions under which the lines are read; ``None``: the picture's own."""
    variant: bool = False
    """True under another prompt than the cut's own: its takes answer no retake."""

    @cached_property
    def engine(self) -> Engine:
        """The engine that the cut asks for."""
        return registry.engine(self.cut.engine)

    @cached_property
    def reading(self) -> Reading:
        """Regions, materials and space of this sheet."""
        extent, show, cut = self.drawing.lines.extent, self.show, self.cut
        return read(
            self.drawing.lines,
            conditions=self.read_under or self.words.conditions,
            reader=self.reader,
            materials=load_materials(show.file(cut.materials), extent) if cut.materials else None,
            marks=load_marks(show.file(cut.marks), extent) if cut.marks else None,
            alpha=self.drawing.alpha,
        )

    @cached_property
    def board(self) -> UInt8 | None:
        """The board's picture."""
        return read_rgb8(self.show.file(self.cut.board)) if self.cut.board else None

    def under(self, prompt: str) -> SheetAtWork:
        """The same sheet under another prompt: the drawing is not read again, so that every region stays as it is."""
        other = replace(
            self,
            cut=replace(self.cut, prompt=prompt),
            words=read_prompt(prompt, self.cut.seed),
            read_under=self.read_under or self.words.conditions,
            variant=True,
        )
        vars(other).update(reading=self.reading, board=self.board)  # what the cached properties would compute again
        return other

    def recipe(self, stage: Stage, seed: int, rough: Take | None = None) -> Recipe:
        """Everything that decides the pixels of a take of this sheet."""
        asked = SheetAsked(
            cut=self.cut, sheet=self.drawing.name, extent=self.drawing.lines.extent, source=self.source,
            words=self.words, reading=reading_name(self.reader), read_under=self.read_under,
        )  # fmt: skip
        engine = EngineName.of(self.engine, self.cut.prompt, seed)
        return asked.recipe(stage, seed, engine, rough.picture if rough else None)

    def let_go(self) -> None:
        """Keep of the reading only what its files show: of a long sheet the regions alone are a quarter of a GB."""
        vars(self)["reading"] = replace(self.reading, regions=np.zeros((0, 0), np.int32))

    @property
    def unknown(self) -> tuple[str, ...]:
        """Words of the prompt that nobody understands: none, if the engine reads text itself."""
        return () if self.engine.capabilities.reads_text else self.words.unknown

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should be told about the prompt, given what the engine understands."""
        return self.words.notes_for_text_models if self.engine.capabilities.reads_text else self.words.notes

    def request(self, recipe: Recipe, rough: UInt8 | None) -> PaintRequest:
        """The engine's request for a recipe; nothing that is not in the recipe enters it."""
        return PaintRequest(
            stage=recipe.stage,
            lines=self.drawing.lines,
            reading=self.reading,
            conditions=recipe.conditions,
            prompt=recipe.prompt,
            seed=recipe.seed,
            board=self.board,
            rough=rough,
        )


def make(work: SheetAtWork, recipe: Recipe, *, rough: Take | None = None, progress: Progress | None = None) -> Take:
    """The take of a recipe: found in the ledger if it was made before, else painted, measured and recorded.

    If its picture is lost it is painted again. Raises ``LedgerBroken`` if that gives other pixels than the ledger has.
    """
    show, cut, sheet = work.show, work.cut.number, work.drawing.name
    found = show.take_by_recipe(cut, sheet, recipe.stage, recipe.digest)
    if found is not None and show.has_picture(found.picture):
        return found
    begin = perf_counter()
    picture = _painted(work, recipe, rough, progress)
    seconds = perf_counter() - begin
    kept = show.keep_picture(_with_alpha(picture, work.reading.alpha))
    if found is not None:
        return _as_before(found, kept)
    score = measure(work.drawing.lines, picture, work.reading.alpha)
    return show.record(
        NewTake(
            cut=cut,
            sheet=sheet,
            stage=recipe.stage,
            picture=kept,
            hand=Hand.AI,
            recipe=recipe,
            parents=(rough.id if rough else work.layout_take.id,),
            measures={
                "fidelity": score.to_dict(),
                "values": value_plan(picture).to_dict(),
                "seconds": round(seconds, 3),
                "materials": show.keep_picture(work.reading.materials),
                **recorded(work.engine, recipe.prompt, recipe.seed),
            },
        ),
        answers=recipe.seed == work.cut.seed and not work.variant,
    )


def _painted(work: SheetAtWork, recipe: Recipe, rough: Take | None, progress: Progress | None) -> UInt8:
    """What the engine makes of it; the rough is let go before the painting is measured and packed."""
    request = work.request(recipe, _rgb(work.show.picture(rough.picture)) if rough else None)
    report: Callable[[float], None] = progress or (lambda _share: None)
    return paint_with(work.engine, request, report)


def _as_before(found: Take, picture: str) -> Take:
    """A take whose picture was lost and painted again."""
    if picture != found.picture:
        raise LedgerBroken(
            f"the picture of {found.stage.value} take {found.number} is lost, and its recipe gives other pixels here",
            where=f"cut {found.cut} {found.sheet}", do="bring it back from a backup, or give the cut another seed",
        )  # fmt: skip
    return found


def _with_alpha(picture: UInt8, alpha: UInt8 | None) -> UInt8:
    return picture if alpha is None else np.dstack([picture, alpha])


def _rgb(picture: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> UInt8:
    return np.ascontiguousarray(picture[..., :3], np.uint8)
