"""The staff roll: who and what made the backgrounds, read from the ledger and from nothing else.

``AI`` stands only where a machine's pixels are in the chosen picture, ``Human`` only where a person's are, and the
person is named. A retouch that was not chosen gives no credit; a machine whose pixels were all painted over neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from genzu.core.codec import Plain
from genzu.core.credit import Contribution, Hand, Role
from genzu.core.model_facts import ModelFacts
from genzu.core.take import Stage, Take
from genzu.steps.chosen import chosen_take, lineage, shown_of
from genzu.steps.engine_facts import UNSTATED, Training, stated
from genzu.steps.own_art.credit import TrainingCredit, training_credits
from genzu.store.show import Show

_T = TypeVar("_T")
_ENGLISH = {
    Role.LAYOUT: "Layout", Role.BOARD: "Art Board", Role.COLOUR_ROUGH: "Colour Rough", Role.TOUCH_UP: "Touch-up",
    Role.ART_DIRECTOR: "Art Director",
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Machine:
    """An engine in one version."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCredit:
    """Whose pixels are in the chosen picture of one sheet."""

    sheet: str
    take: Take
    machines: tuple[Machine, ...]
    """Engines whose pixels are in it; empty if a person painted all of it."""
    painters: tuple[Contribution, ...]
    """Persons whose pixels are in it."""
    stated: Mapping[Machine, Training] = field(default_factory=dict)
    """What the engines said of themselves and their weights when they painted."""

    @property
    def hand(self) -> Hand:
        """What the staff roll says of this sheet."""
        return self.take.hand


@dataclass(frozen=True, slots=True, kw_only=True)
class CutCredit:
    """One cut; without sheets as long as nothing is painted."""

    cut: str
    sheets: tuple[SheetCredit, ...]
    people: tuple[Contribution, ...]
    """Painters of the chosen pictures and everyone else who is named for the cut or the show."""

    @property
    def hand(self) -> Hand | None:
        """Of all its sheets together; ``None`` if nothing is painted."""
        return together(sheet.hand for sheet in self.sheets)

    def to_dict(self) -> Plain:
        """Plain values for JSON."""
        return {
            "cut": self.cut,
            "credit": self.hand.value if self.hand else None,
            "sheets": [
                {
                    "sheet": sheet.sheet,
                    "take": sheet.take.id,
                    "stage": sheet.take.stage.value,
                    "credit": sheet.hand.value,
                    "engines": [str(machine) for machine in sheet.machines],
                }
                for sheet in self.sheets
            ],
            "people": [{"name": one.name, "role": one.role.value} for one in self.people],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRoll:
    """The staff roll of a show, or of one of its cuts."""

    title: str
    cuts: tuple[CutCredit, ...]
    training: Mapping[str, Training] = field(default_factory=dict)
    """By name of the engine."""

    trained_on: tuple[TrainingCredit, ...] = ()
    """Whose paintings the styles in the pictures learned from, as far as the ledger knows their training."""

    @property
    def hand(self) -> Hand | None:
        """Of all cuts together; ``None`` if nothing is painted."""
        return together(hand for cut in self.cuts if (hand := cut.hand))

    @property
    def machines(self) -> dict[Machine, int]:
        """Engines and the number of cuts in which their pixels are."""
        return _counted(sorted({machine for sheet in cut.sheets for machine in sheet.machines}) for cut in self.cuts)

    def people(self, role: Role) -> dict[str, int]:
        """Names in a role and the number of cuts."""
        return _counted(dict.fromkeys(one.name for one in cut.people if one.role is role) for cut in self.cuts)

    def trained(self, machine: Machine) -> Training:
        """What an engine learned from: as the ledger recorded it with a picture, else as it is said now."""
        own = (sheet.stated.get(machine) for cut in self.cuts for sheet in cut.sheets)
        return next(filter(None, own), None) or self.training.get(machine.name, UNSTATED)

    @property
    def models(self) -> tuple[ModelFacts, ...]:
        """Weights of others behind the pictures, each once."""
        found = {facts: None for machine in self.machines for facts in self.trained(machine).models}
        return tuple(found)

    @property
    def learned(self) -> bool:
        """True if pixels of a trained engine are in the pictures."""
        return any(self.trained(machine).learned for machine in self.machines)

    @property
    def text(self) -> str:
        """Plain text in English with the Japanese names of the roles."""
        lines = [self.title, "", f"Background Designer: {self.hand.value if self.hand else 'nothing is painted yet'}"]
        for machine, count in self.machines.items():
            lines.append(f"  AI: {machine} ({_cuts(count)}); {self.trained(machine).sentence}")
        for name, count in self._painters().items():
            lines.append(f"  Human: {name} ({_cuts(count)})")
        for role in Role:
            names = self.people(role)
            if names:
                lines.append(f"{_ENGLISH[role]} ({role.japanese}): " + _names(names))
        lines += [f"Training Art (学習素材): {credit.text}" for credit in self.trained_on]
        lines += ["", *(_cut_line(cut) for cut in self.cuts)]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> Plain:
        """Plain values for JSON."""
        return {
            "title": self.title,
            "background_designer": self.hand.value if self.hand else None,
            "engines": [
                {
                    "name": machine.name, "version": machine.version, "cuts": count,
                    "training": self.trained(machine).sentence, "trained": self.trained(machine).learned,
                }
                for machine, count in self.machines.items()
            ],
            "models": [facts.to_dict() for facts in self.models],
            "training_art": [credit.to_dict() for credit in self.trained_on],
            "people": [
                {"role": role.value, "japanese": role.japanese, "name": name, "cuts": count}
                for role in Role
                for name, count in self.people(role).items()
            ],
            "cuts": [cut.to_dict() for cut in self.cuts],
        }  # fmt: skip

    def _painters(self) -> dict[str, int]:
        return _counted(dict.fromkeys(one.name for sheet in cut.sheets for one in sheet.painters) for cut in self.cuts)


def staff_roll(show: Show, *, cut: str | None = None, training: Mapping[str, Training] | None = None) -> StaffRoll:
    """Read the staff roll of the show, or of one cut, from the ledger.

    ``training`` says by engine name what each engine learned from; an engine that it does not name is reported
    as not stated. Raises ``NotFound`` for a cut that is not there.
    """
    numbers = [show.cut(cut).number] if cut is not None else [one.number for one in show.cuts()]
    roll = StaffRoll(
        title=show.title if cut is None else f"{show.title}, cut {cut}",
        cuts=tuple(cut_credit(show, number) for number in numbers),
        training=dict(training or {}),
    )
    return replace(roll, trained_on=training_credits(show, roll.models))


def cut_credit(show: Show, cut: str, *, only: Take | None = None) -> CutCredit:
    """The credit of one cut; of one take of it if ``only`` is given.

    A shared background (兼用) brings the names of those who made it into every cut that shows it.
    """
    shown = {} if only else shown_of(show, cut)
    takes = [only] if only else [take for sheet, of in shown.items() if (take := chosen_take(show, of, sheet))]
    sheets = tuple(sheet_credit(show, take) for take in takes)
    cuts = dict.fromkeys((cut, *shown.values()))
    named = [one for number in cuts for one in show.contributions(number) if not one.role.paints]
    painters = [painter for sheet in sheets for painter in sheet.painters]
    return CutCredit(cut=cut, sheets=sheets, people=tuple(_once([*named, *painters])))


def sheet_credit(show: Show, take: Take) -> SheetCredit:
    """Whose pixels are in a take: the engines of its machine stages, the persons of its retouches."""
    line = lineage(show, take)
    machines = {
        Machine(one.recipe.engine, one.recipe.engine_version): stated(one)
        for one in reversed(line)
        if one.recipe is not None and take.hand is not Hand.HUMAN
    }
    painters = [
        Contribution(name=one.by, role=_role_of(one), cut=one.cut)
        for one in reversed(line)
        if one.stage is Stage.RETOUCH and one.by and take.hand is not Hand.AI
    ]
    return SheetCredit(
        sheet=take.sheet, take=take, machines=tuple(machines), painters=tuple(_once(painters)),
        stated={machine: facts for machine, facts in machines.items() if facts is not None},
    )  # fmt: skip


def together(hands: Iterable[Hand]) -> Hand | None:
    """The credit of several pictures as one; ``None`` if there are none."""
    found = set(hands)
    if not found:
        return None
    return found.pop() if len(found) == 1 else Hand.AI_AND_HUMAN


def _role_of(take: Take) -> Role:
    """The role in which a retouch was given back."""
    word = take.measures.get("role")
    return Role(word) if word in set(Role) else Role.TOUCH_UP


def _once(people: Iterable[Contribution]) -> list[Contribution]:
    return list({(one.role, one.name): one for one in people}.values())


def _counted(cuts: Iterable[Iterable[_T]]) -> dict[_T, int]:
    counts: dict[_T, int] = {}
    for names in cuts:
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    return counts


def _cuts(count: int) -> str:
    return "1 cut" if count == 1 else f"{count} cuts"


def _names(names: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({_cuts(count)})" for name, count in names.items())


def _cut_line(cut: CutCredit) -> str:
    if not cut.sheets:
        return f"{cut.cut}: not painted yet"
    return f"{cut.cut}: " + ", ".join(f"{sheet.sheet} {sheet.hand.value}" for sheet in cut.sheets)
