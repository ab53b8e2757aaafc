"""The history of a sheet as people tell it: what was painted, what was said about it, by whom, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genzu.core.codec import Plain, without_none
from genzu.core.recipe_words import recipe_differences
from genzu.core.take import Stage, Take
from genzu.store.records import Event
from genzu.store.show import Show

_ORDER = ("prompt", "seed", "engine", "width", "height", "place", "season", "time", "weather", "uses", "note")
_FILES = ("layout", "materials", "marks", "board")
_DECISIONS = {
    "take picked": "picked", "take approved": "approved", "retake asked": "sent back", "retake answered": "answered",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened to a sheet, or (with an empty sheet) to its cut."""

    created: str
    who: str
    """A person, an engine, or the account of the machine."""
    what: str
    """``painting``, ``retouch`` … for a take; else ``picked, approved, sent back, answered, ordered``."""
    sheet: str
    words: str
    """In a sentence's words: what is new in the recipe, the reason, what was changed."""
    take: Take | None = None

    def to_dict(self) -> Plain:
        """For ``--json``."""
        take = self.take
        return without_none(
            {
                "created": self.created, "who": self.who, "what": self.what, "sheet": self.sheet or None,
                "words": self.words or None, "take": take.id if take else None,
                "stage": take.stage.value if take else None, "number": take.number if take else None,
                "measures": measured(take) or None if take else None,
            }
        )  # fmt: skip


def history_of(show: Show, cut: str, sheet: str | None = None) -> tuple[Moment, ...]:
    """Everything that happened to a cut's sheets (or to one of them), in order. :class:`NotFound` for no such cut."""
    number = show.cut(cut).number
    teller = _Teller({take.id: take for take in show.takes(number)})
    moments = [moment for event in show.history(number) if (moment := teller.moment(event)) is not None]
    return tuple(one for one in moments if sheet is None or one.sheet in ("", sheet))


def measured(take: Take | None) -> Plain:
    """The figures of a take that people ask for."""
    if take is None:
        return {}
    fidelity, changed = take.measures.get("fidelity"), take.measures.get("changed_share")
    found: dict[str, Any] = {}
    if isinstance(fidelity, Mapping):
        found |= {"line_fidelity": fidelity.get("line_fidelity"), "shift": fidelity.get("shift")}
    if changed is not None:
        found["changed_share"] = changed
    if (seconds := take.measures.get("seconds")) is not None:
        found["seconds"] = seconds
    return found


class _Teller:
    """Reads the events of a cut one after the other, and remembers what came before."""

    def __init__(self, takes: Mapping[int, Take]) -> None:
        self._takes = takes
        self._last: dict[tuple[str, Stage], Take] = {}

    def moment(self, event: Event) -> Moment | None:
        """What an event tells of a sheet; ``None`` if nothing."""
        if event.what == "take recorded":
            return self._recorded(event)
        if event.what in _DECISIONS:
            return self._decided(event)
        if event.what in ("cut added", "cut changed"):
            return _ordered(event)
        return None

    def _recorded(self, event: Event) -> Moment | None:
        take = self._takes.get(event.detail.get("take", 0))
        if take is None:
            return None
        before = self._last.get((take.sheet, take.stage))
        self._last[take.sheet, take.stage] = take
        return Moment(
            created=take.created, who=self._maker(take, event), what=take.stage.value, sheet=take.sheet,
            words="; ".join(part for part in (self._new_in(take, before), take.note) if part), take=take,
        )  # fmt: skip

    def _maker(self, take: Take, event: Event) -> str:
        if take.by:
            return take.by
        return f"engine {take.recipe.engine}" if take.recipe is not None else event.who

    def _new_in(self, take: Take, before: Take | None) -> str:
        """Of a machine's take: what is other than in the one before it; of a person's: what it was made upon."""
        if take.recipe is not None and before is not None and before.recipe is not None:
            return ", ".join(recipe_differences(before.recipe, take.recipe))
        if take.recipe is not None:
            return f"“{take.recipe.prompt}”, seed {take.recipe.seed}"
        parent = self._takes.get(take.parents[0]) if take.parents else None
        return f"of {parent.stage.value} {parent.number}" if parent is not None else ""

    def _decided(self, event: Event) -> Moment:
        detail = event.detail
        take = self._takes.get(detail.get("take") or 0)
        words = str(detail.get("reason") or detail.get("note") or "")
        if event.what == "retake asked" and detail.get("paint_again"):
            words += "; ordered anew"
        who = event.who
        if event.what == "retake answered":
            words = "; ".join(part for part in (f"retake {detail.get('retake')}", words) if part)
            if take is not None and take.recipe is not None and not detail.get("note"):
                who = self._maker(take, event)  # nobody said so: the painting itself is the answer
        return Moment(
            created=event.created, who=who, what=_DECISIONS[event.what], sheet=str(detail.get("sheet", "")),
            words=words, take=take,
        )  # fmt: skip


def _ordered(event: Event) -> Moment:
    detail = event.detail
    if event.what == "cut added":
        words = f"“{detail.get('prompt', '')}”, seed {detail.get('seed', 0)}, layout {_name(detail.get('layout'))}"
    else:
        words = ", ".join(_changes(detail.get("before", {}), detail.get("after", {}))) or "its place in the film"
    return Moment(created=event.created, who=event.who, what="ordered", sheet="", words=words)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    said = [
        f"{name} {_shown(before.get(name))} → {_shown(after.get(name))}"
        for name in _ORDER
        if before.get(name) != after.get(name)
    ]
    return said + [
        f"{name} {_name(before.get(name))} → {_name(after.get(name))}"
        for name in _FILES
        if before.get(name) != after.get(name)
    ]


def _shown(value: object) -> str:
    return "–" if value is None or value == "" else f"“{value}”" if isinstance(value, str) else str(value)


def _name(ref: object) -> str:
    return str(ref.get("name", "?")) if isinstance(ref, Mapping) else "–"
