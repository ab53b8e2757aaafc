"""The staff roll of a film: of the pictures that are in it, and of no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from genzu.core.credit import Contribution, Role
from genzu.core.take import Stage
from genzu.picture.roll import Name, RollText, Section
from genzu.steps.credit_forms import counted_cuts, model_line
from genzu.steps.engine_facts import Training
from genzu.steps.film_plan import Shot
from genzu.steps.staff_roll import CutCredit, StaffRoll, sheet_credit
from genzu.store.show import Show


def film_credits(show: Show, shots: Iterable[Shot], training: Mapping[str, Training]) -> StaffRoll:
    """Who and what made the pictures of these shots.

    A cut of a shared background has the names of the cut that it was painted for; where a rough stands in, its
    engine is named; a layout that stands in is a drawing, not yet a background.
    """
    return StaffRoll(title=show.title, cuts=tuple(_credit(show, shot) for shot in shots), training=dict(training))


def roll_text(roll: StaffRoll) -> RollText:
    """The words of the roll on the screen: nothing that :attr:`StaffRoll.text` does not say too."""
    painted = [cut for cut in roll.cuts if cut.sheets]
    designer = roll.hand.value if roll.hand else ""
    sections = []
    if designer:
        bare = len(roll.cuts) - len(painted)
        below = (f"{counted_cuts(bare)} not painted yet",) if bare else ()
        sections.append(Section(role="Background Designer", names=(Name(text=designer, below=below),)))
    machines = tuple(
        Name(text=str(machine), note=counted_cuts(count), below=(roll.trained(machine).sentence,))
        for machine, count in roll.machines.items()
    )
    sections += [Section(role="AI", names=machines)] if machines else []
    models = tuple(model_line(record) for record in roll.to_dict().get("models") or ())
    sections += [Section(role="Models", names=models)] if models else []
    for role in Role:
        names = tuple(Name(text=name, note=counted_cuts(count)) for name, count in roll.people(role).items())
        sections += [Section(role=role.english, japanese=role.japanese, names=names)] if names else []
    closing = (roll.title, f"Background Designer: {designer}") if designer else (roll.title,)
    return RollText(title=roll.title, sections=tuple(sections), closing=closing)


def _credit(show: Show, shot: Shot) -> CutCredit:
    sheets = tuple(
        sheet_credit(show, sheet.take) for sheet in shot.sheets if sheet.take and sheet.stage is not Stage.LAYOUT
    )
    numbers = dict.fromkeys((shot.number, shot.source))
    named = [one for number in numbers for one in show.contributions(number) if not one.role.paints]
    painters = [painter for sheet in sheets for painter in sheet.painters]
    once: dict[tuple[Role, str], Contribution] = {(one.role, one.name): one for one in (*named, *painters)}
    return CutCredit(cut=shot.number, sheets=sheets, people=tuple(once.values()))
