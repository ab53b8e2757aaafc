"""Which cuts of a show a farm has to paint: those whose painting, as it is asked for now, is not in the ledger."""

from __future__ import annotations

from genzu.core.cut import Cut
from genzu.core.lexicon import read_prompt
from genzu.core.take import Stage
from genzu.errors import GenzuError
from genzu.steps.asked import cut_as_asked
from genzu.steps.intake import SheetDrawing, take_in
from genzu.steps.making import SheetAtWork
from genzu.store.show import Show


def stale_cuts(show: Show) -> tuple[Cut, ...]:
    """Cuts, as they are asked for, that are not painted so, in the order of the film.

    A layout that cannot be taken in is stale: the task that tries it tells why.
    """
    return tuple(cut for cut in asked_cuts(show) if not _painted(show, cut))


def asked_cuts(show: Show) -> tuple[Cut, ...]:
    """All cuts, as they are asked for."""
    return tuple(cut_as_asked(show, cut.number) for cut in show.cuts())


def _painted(show: Show, cut: Cut) -> bool:
    try:
        taken = take_in(show.file(cut.layout), size=cut.size)
        return all(_sheet_painted(show, cut, taken.source, drawing) for drawing in taken.sheets)
    except GenzuError:
        return False


def _sheet_painted(show: Show, cut: Cut, source: str, drawing: SheetDrawing) -> bool:
    layout = show.latest(cut.number, drawing.name, Stage.LAYOUT)
    if layout is None:
        return False
    work = SheetAtWork(
        show=show, cut=cut, drawing=drawing, source=source, words=read_prompt(cut.prompt, cut.seed), layout_take=layout
    )
    rough = show.take_by_recipe(
        cut.number, drawing.name, Stage.ROUGH, work.recipe(Stage.ROUGH, cut.seed).digest
    )  # fmt: skip
    if rough is None:
        return False
    painting = work.recipe(Stage.PAINTING, cut.seed, rough).digest
    return show.take_by_recipe(cut.number, drawing.name, Stage.PAINTING, painting) is not None
