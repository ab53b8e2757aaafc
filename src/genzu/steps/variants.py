"""One layout in many conditions: taken in and read once, then painted under each season, time and weather.

Drawing, regions, materials and seed are the same in all; only the words differ. The picture under the prompt's own
conditions is the base. Every variant's line fidelity is held against the base's: one that keeps more or fewer of the
lines is named, not hidden.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from genzu.core.lexicon import read_prompt
from genzu.core.take import Take
from genzu.core.variation import Variant, Variation
from genzu.engines.run import warmed
from genzu.errors import CannotWrite, GenzuError
from genzu.picture.doubt import doubts
from genzu.picture.files import to_uint8, write_png
from genzu.steps.asked import cut_as_asked
from genzu.steps.inscription import inscription
from genzu.steps.intake import TakenIn, take_in
from genzu.steps.journey import layout_take
from genzu.steps.making import SheetAtWork
from genzu.steps.package import look_first
from genzu.steps.painting import paint_painting
from genzu.steps.rough import paint_rough
from genzu.steps.variant_files import write_overview
from genzu.steps.variant_records import VariantResult, VariantSheet
from genzu.steps.watch import Clock, Watch, nobody, part_of
from genzu.store.show import Show

_OPENING = {"intake": 0.3, "reading": 0.7}
_PAINTING = {"rough": 0.3, "painting": 0.55, "files": 0.15}


def paint_variants(
    show: Show, number: str, variation: Variation, out: Path, *, stem: str | None = None, watch: Watch = nobody
) -> tuple[VariantSheet, ...]:
    """Paint every sheet of a cut in all conditions that are asked for; pictures and overview go into ``out``.

    A variant that cannot be painted carries its error and does not stop the others; a disk that takes no more files
    does (``CannotWrite``). Raises as intake and reading do. What was painted before is found by its recipe.
    """
    cut = cut_as_asked(show, number)
    # Intake and reading take about as long as one variant.
    opening = 1 / (2 + len(variation.variants))
    clock = Clock(part_of(watch, "layout", 0, opening), shares=_OPENING)
    with clock.run("intake"):
        taken = take_in(show.file(cut.layout), size=cut.size)
    span = (1 - opening) / len(taken.sheets)
    sheets = []
    for index, drawing in enumerate(taken.sheets):
        work = SheetAtWork(
            show=show, cut=cut, drawing=drawing, source=taken.source, words=read_prompt(cut.prompt, cut.seed),
            layout_take=layout_take(show, number, drawing),
        )  # fmt: skip
        with clock.run("reading"), warmed(work.engine):
            _ = work.reading
        name = stem or number
        name = name if drawing.name == "BG" else f"{name}_{drawing.name}"
        made = _sheet(work, taken, variation, out, name, part_of(watch, drawing.name, opening + span * index, span))
        sheets.append(write_overview(work, made, variation, out, name, clock.seconds))
    watch("done", 1.0)
    return tuple(sheets)


def plan(prompt: str, variation: Variation, seed: int = 0) -> tuple[VariantResult, tuple[VariantResult, ...]]:
    """The base, and the variants as they are asked for; one with the base's conditions *is* the base."""
    own = read_prompt(prompt, seed).conditions.filled()
    base = VariantResult(
        variant=Variant(), label=Variant().label(own), name="", filled=own, prompt=prompt, is_base=True
    )
    asked = []
    for variant in variation.variants:
        text = variant.prompt(prompt)
        filled = read_prompt(text, seed).conditions.filled()
        named = replace(base, variant=variant, label=variant.label(filled), name=variant.name(filled))
        if filled == own:
            base = named
            asked.append(named)
        else:
            asked.append(replace(named, filled=filled, prompt=text, is_base=False))
    return base, tuple(asked)


def _sheet(work: SheetAtWork, taken: TakenIn, variation: Variation, out: Path, stem: str, watch: Watch) -> VariantSheet:
    """All variants of one sheet, the base first: the others are held against it."""
    base, asked = plan(work.cut.prompt, variation, work.cut.seed)
    order = [base, *(one for one in asked if not one.is_base)]
    made: dict[str, VariantResult] = {}
    for index, one in enumerate(order):
        told = part_of(watch, one.label, index / len(order), 1 / len(order))
        made[one.prompt] = _painted(work, one, out, stem, Clock(told, shares=_PAINTING))
    unsure = doubts(work.reading)
    return VariantSheet(
        cut=work.cut.number,
        sheet=work.drawing.name,
        base=made[base.prompt],
        variants=tuple(made[one.prompt] for one in asked),
        notes=(*taken.remarks, *work.notes, *(() if work.cut.materials else look_first(unsure))),
        unsure=unsure,
    )


def _painted(work: SheetAtWork, one: VariantResult, out: Path, stem: str, clock: Clock) -> VariantResult:
    """Both stages and their files; a failure is a result, not an end."""
    seed, files = work.cut.seed, dict[str, Path]()
    stem = f"{stem}_{one.name}" if one.name else stem
    try:
        lit = work if one.is_base else work.under(one.prompt)
        with clock.run("rough"):
            rough = paint_rough(lit, seed=seed)
        with clock.run("painting"):
            painting = paint_painting(lit, rough, seed=seed)
        with clock.run("files"):
            for take in (rough, painting):
                files[take.stage.value] = _exported(work.show, take, out / f"{stem}_{take.stage.value}.png")
    except CannotWrite:
        raise
    except GenzuError as error:
        return replace(one, error=error)
    return replace(one, rough=rough, painting=painting, files=files, seconds=clock.seconds)


def _exported(show: Show, take: Take, path: Path) -> Path:
    picture, text = to_uint8(show.picture(take.picture)), inscription(show, take).png()
    return show.export(path, lambda scratch: write_png(scratch, picture, text=text))
