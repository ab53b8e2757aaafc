"""A part of a painting is painted again, with other words, another seed or another engine; the rest stays bit for bit.

The engine paints the whole request, so that light and perspective are those of the picture; what it painted is mixed
into the base in pixel space, softened inside the mask only. The result is a new take with a recipe of its own, which
names the base's pixels and the mask: the same again is found, not painted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genzu.core.codec import Plain
from genzu.core.credit import TOUCHED_SHARE, Hand
from genzu.core.cut import LARGEST_SEED, Cut
from genzu.core.lexicon import read_prompt
from genzu.core.recipe import Recipe
from genzu.core.take import NewTake, Stage, Take
from genzu.core.words.weights import parse
from genzu.engines import registry
from genzu.engines.base import Progress, no_progress
from genzu.engines.run import paint_with
from genzu.errors import BadInput, NotFound
from genzu.picture.arrays import Bool, UInt8
from genzu.picture.compare import compare
from genzu.picture.feather import mixed
from genzu.picture.fidelity import measure
from genzu.picture.files import as_rgb8, to_uint8, write_png
from genzu.picture.values import value_plan
from genzu.steps.chosen import latest_work, painting_under
from genzu.steps.engine_facts import KEY, RUN, notes_of, recorded
from genzu.steps.inscription import inscription
from genzu.steps.intake import take_in
from genzu.steps.journey import layout_take
from genzu.steps.making import SheetAtWork
from genzu.steps.package import is_registered, shift_of
from genzu.steps.region import Region, Strength, strength
from genzu.steps.rough import paint_rough
from genzu.steps.watch import Watch, nobody
from genzu.store.show import Show


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What shall be different; ``None`` stays as in the base."""

    prompt: str | None = None
    """Put before the base's own prompt: the first word of a kind holds, the others stay. One that has a negative prompt
    of its own stands alone."""
    seed: int | None = None
    engine: str | None = None

    def cut(self, cut: Cut, recipe: Recipe) -> Cut:
        """The cut as it is asked for this time; if nothing else is different, the seed is the next one."""
        prompt = recipe.prompt
        if self.prompt:
            alone = not prompt.strip() or parse(self.prompt).negative
            between = ",\n" if "#" in self.prompt else ", "  # a comment reaches to the end of its line
            prompt = self.prompt if alone else f"{self.prompt}{between}{prompt}"
        seed = self.seed
        if seed is None:
            again = self.engine in (None, recipe.engine) and prompt == recipe.prompt
            seed = (recipe.seed + 1) % LARGEST_SEED if again else recipe.seed
        return replace(cut, prompt=prompt, seed=seed, engine=self.engine or recipe.engine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repainted:
    """What came out."""

    take: Take
    base: Take
    files: dict[str, Path]
    """``painting`` and ``mask``."""
    notes: tuple[str, ...]

    def to_dict(self) -> Plain:
        """For ``--json``."""
        return {
            "cut": self.take.cut, "sheet": self.take.sheet, "take": self.take.id, "number": self.take.number,
            "base": {"take": self.base.id, "stage": self.base.stage.value, "number": self.base.number},
            "files": {kind: str(path) for kind, path in self.files.items()},
            "repainted": self.take.measures["repainted"], "scores": self.take.measures["fidelity"],
            "registered": is_registered(self.take), "credit": self.take.hand.value,
            "recipe": self.take.recipe.to_dict() if self.take.recipe else None, "notes": list(self.notes),
        }  # fmt: skip


def repaint(
    show: Show,
    number: str,
    region: Region,
    change: Change,
    *,
    out: Path,
    sheet: str = "BG",
    take: int | None = None,
    watch: Watch = nobody,
) -> Repainted:
    """Paint part of a take again: of ``take`` (its id), else of the picture that stands for the sheet now.

    Raises :class:`NotFound` if nothing is painted, :class:`BadInput` for a region or take that does not fit, or if the
    cut has got another layout since, and as intake, reading and engines do. Nothing is recorded then but the rough.
    """
    cut = show.cut(number)
    base = _base(show, number, sheet, take)
    ground = painting_under(show, base)
    if ground is None or ground.recipe is None:
        raise BadInput("no machine painted under this take, so that its lines are not known", where=f"take {base.id}",
                       do="name a painting or a touch-up of one")  # fmt: skip
    watch("reading", 0.0)
    work = sheet_at_work(show, change.cut(cut, ground.recipe), ground.recipe, sheet)
    mask = strength(region, work.reading, work.drawing.lines)
    watch("rough", 0.25)
    rough = paint_rough(work, seed=work.cut.seed)
    recipe = replace(
        work.recipe(Stage.PAINTING, work.cut.seed, rough), base=base.picture, mask=show.keep_picture(mask.plane)
    )
    made = make_region(
        work, recipe, base=base, rough=rough, mask=mask,
        progress=lambda share: watch("painting", 0.45 + 0.5 * share),
    )  # fmt: skip
    files = _write(show, made, mask.plane, out)
    watch("done", 1.0)
    return Repainted(take=made, base=base, files=files, notes=_notes(work, made))


def make_region(
    work: SheetAtWork,
    recipe: Recipe,
    *,
    base: Take,
    rough: Take,
    mask: Strength,
    progress: Progress = no_progress,
) -> Take:
    """The take of a recipe with base and mask: found in the ledger, else painted, mixed, measured and recorded."""
    show, cut, sheet = work.show, work.cut.number, work.drawing.name
    found = show.take_by_recipe(cut, sheet, Stage.PAINTING, recipe.digest)
    if found is not None:
        return found
    begin = perf_counter()
    whole, facts = _whole(work, recipe, rough, progress)
    picture = mixed(_colour(show.picture(base.picture)), whole, mask.plane)
    seconds = perf_counter() - begin
    seen = as_rgb8(picture[..., :3])
    return show.record(
        NewTake(
            cut=cut,
            sheet=sheet,
            stage=Stage.PAINTING,
            picture=show.keep_picture(picture),
            hand=_hand(show, base, mask.plane),
            recipe=recipe,
            parents=(base.id, rough.id),
            measures={
                "fidelity": measure(work.drawing.lines, seen, work.reading.alpha).to_dict(),
                "values": value_plan(seen).to_dict(),
                "seconds": round(seconds, 3),
                "materials": show.keep_picture(work.reading.materials),
                **facts,
                "repainted": {**mask.to_dict(), "mask": recipe.mask},
            },
        )
    )


def sheet_at_work(show: Show, cut: Cut, recipe: Recipe, sheet: str) -> SheetAtWork:
    """The sheet as the recipe's own picture was read, ready for another prompt: every region stays as it was."""
    taken = take_in(show.file(cut.layout), size=recipe.extent)
    drawing = next((one for one in taken.sheets if one.name == sheet), None)
    if drawing is None or (taken.source, drawing.lines.extent) != (recipe.layout, recipe.extent):
        raise BadInput(
            "the cut has another layout now than when this picture was painted",
            where=f"cut {cut.number} {sheet}",
            do="paint the cut first, or name a take of this layout with --take",
        )
    return SheetAtWork(
        show=show, cut=cut, drawing=drawing, source=taken.source, words=read_prompt(cut.prompt, cut.seed),
        layout_take=layout_take(show, cut.number, drawing), reader=registry.reader(recipe.reading.split("/")[0]),
        read_under=recipe.read_under or recipe.conditions,
    )  # fmt: skip


def person_s_pixels(show: Show, take: Take) -> Bool:
    """(H, W) True where pixels of persons are: what touch-ups changed and no later repaint covered wholly."""
    pixels = show.picture(take.picture)
    if take.hand is Hand.HUMAN:
        return np.ones(pixels.shape[:2], bool)
    if take.hand is Hand.AI or not take.parents:
        return np.zeros(pixels.shape[:2], bool)
    parent = show.take(take.parents[0])
    before = person_s_pixels(show, parent)
    if take.recipe is not None and take.recipe.mask is not None:
        covered: Bool = show.picture(take.recipe.mask) == 255
        return before & ~covered
    return before | compare(show.picture(parent.picture), pixels).mask


def _hand(show: Show, base: Take, mask: UInt8) -> Hand:
    """Whose pixels are in it: the machine's, and a person's if enough of theirs lie outside the mask."""
    if base.hand is Hand.AI:
        return Hand.AI
    left = person_s_pixels(show, base) & (mask < 255)
    return Hand.AI_AND_HUMAN if float(left.mean()) >= TOUCHED_SHARE else Hand.AI


def _whole(work: SheetAtWork, recipe: Recipe, rough: Take, progress: Progress) -> tuple[UInt8, Plain]:
    """What the engine paints for the whole frame, and what it says of itself: found if a variant has it already."""
    show = work.show
    alone = replace(recipe, base=None, mask=None)
    known = show.take_by_recipe(work.cut.number, work.drawing.name, Stage.PAINTING, alone.digest)
    if known is not None:
        said = {key: known.measures[key] for key in (KEY, RUN) if key in known.measures}
        return np.ascontiguousarray(to_uint8(show.picture(known.picture))[..., :3]), said
    below = np.ascontiguousarray(to_uint8(show.picture(rough.picture))[..., :3])
    whole = paint_with(work.engine, work.request(alone, below), progress)
    return whole, recorded(work.engine, recipe.prompt, recipe.seed)


def _colour(picture: NDArray[Any]) -> NDArray[Any]:
    return np.repeat(picture[..., None], 3, axis=2) if picture.ndim == 2 else picture


def _base(show: Show, number: str, sheet: str, asked: int | None) -> Take:
    if asked is None:
        newest = latest_work(show, number, sheet)
        if newest is None:
            raise NotFound(f"cut {number} {sheet} has no painting yet", do="paint it with 'genzu paint'")
        return newest
    take = show.take(asked)
    if (take.cut, take.sheet) != (number, sheet) or take.stage in (Stage.LAYOUT, Stage.ROUGH):
        raise BadInput(
            f"take {asked} is the {take.stage.value} of cut {take.cut} {take.sheet}",
            do=f"name a painting or a touch-up of cut {number} {sheet}",
        )
    return show.take(take.parents[0]) if take.stage is Stage.FINAL else take


def _write(show: Show, take: Take, mask: UInt8, out: Path) -> dict[str, Path]:
    name = take.cut if take.sheet == "BG" else f"{take.cut}_{take.sheet}"
    stem = f"{name}_painting_t{take.number:02}"
    picture, text = show.picture(take.picture), inscription(show, take).png()
    return {
        "painting": show.export(out / f"{stem}.png", lambda path: write_png(path, picture, text=text)),
        "mask": show.export(out / f"{stem}_mask.png", lambda path: write_png(path, mask)),
    }


def _notes(work: SheetAtWork, take: Take) -> tuple[str, ...]:
    moved = () if is_registered(take) else (f"NOT REGISTERED: it has moved by {shift_of(take):.2f} px",)
    return (*work.notes, *notes_of(take), *moved)
