"""The staff roll of a film: of the pictures that are in it, and of no others."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from genzu.core.credit import Contribution, Role
from genzu.core.take import Stage
from genzu.picture.roll import Name, RollText, Section
from genzu.steps.engine_facts import Training
from genzu.steps.film_plan import Shot
from genzu.steps.staff_roll import CutCredit, StaffRoll, sheet_credit
from genzu.store.show import Show

COLUMNS = ("role", "japanese", "name", "cuts", "note")


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
        below = (f"{_cuts(bare)} not painted yet",) if bare else ()
        sections.append(Section(role="Background Designer", names=(Name(text=designer, below=below),)))
    machines = tuple(
        Name(text=str(machine), note=_cuts(count), below=(roll.trained(machine).sentence,))
        for machine, count in roll.machines.items()
    )
    sections += [Section(role="AI", names=machines)] if machines else []
    models = tuple(_model(record) for record in roll.to_dict().get("models") or ())
    sections += [Section(role="Models", names=models)] if models else []
    for role in Role:
        names = tuple(Name(text=name, note=_cuts(count)) for name, count in roll.people(role).items())
        sections += [Section(role=role.english, japanese=role.japanese, names=names)] if names else []
    closing = (roll.title, f"Background Designer: {designer}") if designer else (roll.title,)
    return RollText(title=roll.title, sections=tuple(sections), closing=closing)


def credits_csv(roll: StaffRoll) -> str:
    """The staff roll as a table: one line for each engine, model, person in a role, and cut."""
    record = roll.to_dict()
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    designer = record["background_designer"] or "nothing is painted yet"
    painted = sum(1 for cut in record["cuts"] if cut["credit"])
    rows: list[tuple[object, ...]] = [("Background Designer", "", designer, painted, "")]
    rows += [("AI", "", f"{one['name']} {one['version']}", one["cuts"], one["training"]) for one in record["engines"]]
    rows += [("Model", "", name.text, "", "; ".join(name.below)) for name in map(_model, record.get("models") or ())]
    rows += [(Role(one["role"]).english, one["japanese"], one["name"], one["cuts"], "") for one in record["people"]]
    for cut in record["cuts"]:
        sheets = ", ".join(f"{sheet['sheet']} {sheet['credit']}" for sheet in cut["sheets"]) or "not painted yet"
        rows.append(("Cut", "カット", cut["cut"], 1, sheets))
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _credit(show: Show, shot: Shot) -> CutCredit:
    sheets = tuple(
        sheet_credit(show, sheet.take) for sheet in shot.sheets if sheet.take and sheet.stage is not Stage.LAYOUT
    )
    numbers = dict.fromkeys((shot.number, shot.source))
    named = [one for number in numbers for one in show.contributions(number) if not one.role.paints]
    painters = [painter for sheet in sheets for painter in sheet.painters]
    once: dict[tuple[Role, str], Contribution] = {(one.role, one.name): one for one in (*named, *painters)}
    return CutCredit(cut=shot.number, sheets=sheets, people=tuple(once.values()))


def _model(record: Mapping[str, object]) -> Name:
    """A model with its licence, as the ledger has them; what is not stated is said to be so."""

    def said(key: str) -> str:
        return str(record.get(key) or "")

    licence = f"licence {said('licence')}" if said("licence") else "licence not stated"
    by = f"by {said('author')}" if said("author") else "author not stated"
    below = (f"{by}, {licence}", *([said("training")] if said("training") else []))
    return Name(text=said("title"), note=said("kind"), below=below)


def _cell(value: object) -> object:
    """Spreadsheets run what begins like a formula: a quote before it makes it text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def _cuts(count: int) -> str:
    return "1 cut" if count == 1 else f"{count} cuts"
