"""Whether the picture that stands for a cut is still what the cut asks for, in words for a comment."""

from __future__ import annotations

from genzu.core.take import Stage
from genzu.steps.asked import background_of, cut_as_asked
from genzu.steps.chosen import sheets_of
from genzu.steps.kitsu_says import take_to_show
from genzu.store.show import Show


def why_stale(show: Show, number: str) -> str:
    """Why the cut will be painted anew; empty if it need not, or if people chose or painted what stands for it."""
    source = background_of(show, number)
    asked = cut_as_asked(show, source)
    choices = show.choices(source)
    reasons: dict[str, None] = {}
    for sheet in sheets_of(show, source):
        take = take_to_show(show, source, sheet)
        if take is None or take.stage is not Stage.PAINTING or take.recipe is None or take.recipe.base is not None:
            continue
        choice = choices.get((source, sheet))
        if choice is not None and choice.take == take.id:
            continue
        differs = {
            "other words": asked.prompt != take.recipe.prompt,
            "another seed": asked.seed != take.recipe.seed,
            "another engine": asked.engine.split(":")[0] != take.recipe.engine.split(":")[0],
        }
        reasons |= {reason: None for reason, is_so in differs.items() if is_so}
    return ", ".join(reasons)
