"""The way of a background, on one screen.

    layout → intake → reading → rough (AI 1) → painting (AI 2) → files      here
    files → a person's brush → touch-up → approval → delivery               touchup.py, deliver.py

Every step reads what the one before it left in the show, and leaves its own take there. What was made before is
found by its recipe and not made again, so a run that was killed goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from genzu.core.credit import Hand
from genzu.core.cut import Cut
from genzu.core.lexicon import read_prompt
from genzu.core.take import NewTake, Stage, Take
from genzu.engines.run import warmed
from genzu.picture.drawing import as_picture
from genzu.steps.asked import cut_as_asked
from genzu.steps.intake import SheetDrawing, TakenIn, remember, take_in
from genzu.steps.making import SheetAtWork
from genzu.steps.package import PaintedSheet, write_files
from genzu.steps.painting import paint_painting
from genzu.steps.rough import paint_rough
from genzu.steps.watch import SHARES, Clock, Watch, nobody
from genzu.store.show import Show


def paint_cut(
    show: Show, number: str, out: Path, *, stem: str | None = None, candidates: int = 1, watch: Watch = nobody
) -> tuple[PaintedSheet, ...]:
    """Paint every sheet of a cut, both stages, and write the files that a person works with into ``out``."""
    cut = cut_as_asked(show, number)
    clock = Clock(watch)
    with clock.run("intake"):
        taken = take_in(show.file(cut.layout), size=cut.size)
        remember(show, cut, taken)
    return tuple(_sheets(show, cut, taken, out, stem or number, candidates, watch))


def _sheets(
    show: Show, cut: Cut, taken: TakenIn, out: Path, stem: str, candidates: int, watch: Watch
) -> Iterator[PaintedSheet]:
    number, words = cut.number, read_prompt(cut.prompt, cut.seed)
    count, rest = len(taken.sheets), 1 - SHARES["intake"]
    for index, drawing in enumerate(taken.sheets):
        clock = Clock(watch, start=SHARES["intake"] + rest * index / count, span=1 / count)
        layout = layout_take(show, number, drawing)
        work = SheetAtWork(show=show, cut=cut, drawing=drawing, source=taken.source, words=words, layout_take=layout)
        hands = [cut.seed + k for k in range(candidates)]
        with clock.run("reading"), warmed(work.engine):
            _ = work.reading
        with clock.run("rough"):
            roughs = [
                paint_rough(work, seed=seed, progress=clock.within("rough", n, candidates))
                for n, seed in enumerate(hands)
            ]
        with clock.run("painting"):
            paintings = [
                paint_painting(work, roughs[n], seed=seed, progress=clock.within("painting", n, candidates))
                for n, seed in enumerate(hands)
            ]
        yield write_files(work, taken, roughs, paintings, out=out, stem=stem, clock=clock)


def layout_take(show: Show, number: str, drawing: SheetDrawing) -> Take:
    """Record the cleaned drawing once; it is the root of the sheet's lineage, and a person's work."""
    picture = show.keep_picture(as_picture(drawing.lines))
    known = show.latest(number, drawing.name, Stage.LAYOUT)
    if known is not None and known.picture == picture:
        return known
    return show.record(NewTake(cut=number, sheet=drawing.name, stage=Stage.LAYOUT, picture=picture, hand=Hand.HUMAN))
