"""Which shot of Kitsu is which cut, and what differs between the two."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from genzu.core.cut import Cut
from genzu.core.cutlist import tidy
from genzu.core.findings import Finding, Spot, error, warning
from genzu.core.naming import Template
from genzu.core.numbers import number_in, same_number
from genzu.errors import BadInput
from genzu.exchange.kitsu.records import Production, Shot
from genzu.steps.kitsu_marks import short

CUT_KEY = "genzu_cut"
"""Free field of a shot that holds its cut's number: a shot that is renamed stays linked, on every machine."""
SHOW_KEY = "genzu_show"
"""Another one that holds the show's title: several shows can lie in one production."""
FIELDS = ("frames", "note", "place", "season", "time", "weather")
"""What cuts and shots both say; the last four stand in free fields of these names."""
FREE_FIELDS = FIELDS[2:]

Base = Mapping[str, str]
"""Field to a short digest of what both sides said when they agreed last."""


class Newer(StrEnum):
    """Who changed it since both agreed."""

    HERE = "here"
    THERE = "there"
    BOTH = "both"
    UNKNOWN = "unknown"
    """They never agreed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that is not the same here and in Kitsu."""

    name: str
    here: str | int | None
    there: str | int | None
    newer: Newer

    @property
    def sentence(self) -> str:
        """For a person."""
        return f"{self.name} {_shown(self.here)} here, {_shown(self.there)} in Kitsu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Shots and cuts held together."""

    shots: Mapping[str, Shot] = field(default_factory=dict)
    """By number of the cut."""
    others: tuple[tuple[str, Shot], ...] = ()
    """Shots that no cut has yet, and the number that their name gives."""
    canceled: frozenset[str] = frozenset()
    """Cuts whose only shot is canceled."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How the shots of a show are told from others."""

    shots: Template = field(default_factory=lambda: Template("{cut}"))
    sequence: str = ""
    """Only shots of this sequence are found by name; empty: of any."""
    episode: str = ""
    """Only shots of this episode are the show's; empty: of any."""

    def __post_init__(self) -> None:
        if "cut" not in self.shots.fields:
            raise BadInput(
                "it does not say {cut}, so that all shots would have one name", where=repr(self.shots.text),
                do="write c{cut:03} for example",
            )  # fmt: skip


def link(cuts: Sequence[Cut], production: Production, naming: Naming, title: str) -> Links:
    """Link by what Genzu left in a shot for the show of this title; else by the number in its name."""
    numbers = {same_number(cut.number): cut.number for cut in cuts}
    found: dict[str, list[Shot]] = {}
    unnamed: list[tuple[str, Shot]] = []
    canceled: dict[str, Shot] = {}
    findings: list[Finding] = []
    for shot in production.shots:
        if naming.episode and shot.episode != naming.episode:
            continue
        number = numbers.get(same_number(mark)) if (mark := _mark(shot, title)) else None
        if shot.canceled:
            gone = number or numbers.get(same_number(_number(shot.name, naming.shots)))
            canceled |= {gone: shot} if gone else {}
        elif number is not None:
            found.setdefault(number, []).append(shot)
        elif not naming.sequence or shot.sequence == naming.sequence:
            unnamed.append((_number(shot.name, naming.shots), shot))
    others = []
    linked = set(found)
    for asked, shot in unnamed:
        number = numbers.get(same_number(asked))
        owner = shot.data.get(SHOW_KEY)
        if isinstance(owner, str) and owner not in ("", title):
            if number is not None and number not in linked:
                findings.append(_foreign(number, shot, owner))
        elif number is None:
            others.append((asked, shot))
        elif number not in linked:  # one that Genzu left its mark in is surer than a name
            found.setdefault(number, []).append(shot)
    findings += [
        warning(f"cut {number} is canceled in Kitsu and left alone", Spot(file=shot.where))
        for number, shot in canceled.items()
        if number not in found
    ]
    return Links(
        canceled=frozenset(canceled) - set(found),
        shots={number: shots[0] for number, shots in found.items() if len(shots) == 1},
        others=tuple(others),
        findings=(*findings, *_doubles(found)),
    )


def _mark(shot: Shot, title: str) -> str:
    """The cut's number that this show left in a shot."""
    left, owner = shot.data.get(CUT_KEY), shot.data.get(SHOW_KEY)
    return left if isinstance(left, str) and owner in (None, "", title) else ""


def _foreign(number: str, shot: Shot, owner: str) -> Finding:
    said = (
        f"this shot is a cut of the show {owner!r}, and cut {number} has its name; name an own --sequence or --episode"
    )
    return error(said, Spot(file=shot.where))


def _doubles(found: Mapping[str, Sequence[Shot]]) -> Iterable[Finding]:
    for number, shots in found.items():
        if len(shots) > 1:
            names = " and ".join(shot.where for shot in shots[:3])
            yield error(f"{names} could both be cut {number}; name the sequence with --sequence, or rename one")


def _number(name: str, template: Template) -> str:
    said = template.read(name)
    return said["cut"] if said and said.get("cut") else number_in(name)


def differences(cut: Cut, shot: Shot, base: Base | None, *, with_frames: bool = True) -> tuple[Difference, ...]:
    """What differs, and who changed it since both agreed (``base``; ``None``: they never did).

    ``with_frames`` is False where the two count at other rates.
    """
    here, there = fields_of_cut(cut), fields_of_shot(shot)
    if not with_frames:
        here.pop("frames"), there.pop("frames", None)
    found = []
    for name, own in here.items():
        other = there.get(name)
        if (own or None) == (other or None):
            continue
        found.append(Difference(name=name, here=own, there=other, newer=_newer(name, own, other, base, name in there)))
    return tuple(found)


def _newer(name: str, own: object, other: object, base: Base | None, held: bool) -> Newer:
    if not held:  # Kitsu has no such field: nobody took it away
        return Newer.HERE
    if name == "frames" and not other:  # nobody means to take a length away
        return Newer.HERE
    if base is not None and name in base:
        if base[name] == _digest(other):
            return Newer.HERE
        return Newer.THERE if base[name] == _digest(own) else Newer.BOTH
    if not other:
        return Newer.HERE
    return Newer.THERE if not own else Newer.UNKNOWN


def agreed(cut: Cut, shot: Shot, base: Base | None) -> str:
    """What both sides say now, for the ledger; where they still differ, what they said when they agreed last."""
    here, there = fields_of_cut(cut), fields_of_shot(shot)
    same = {name: _digest(own) for name, own in here.items() if (own or None) == (there.get(name) or None)}
    return json.dumps({**(base or {}), **same}, sort_keys=True)


def base_name(cut: str) -> str:
    """Name of the setting that holds it."""
    return f"kitsu base {cut}"


def base_of(text: str | None) -> Base | None:
    """Read it back; what is damaged counts as never agreed."""
    try:
        found = json.loads(text) if text else None
    except ValueError:
        return None
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else None


def fields_of_cut(cut: Cut) -> dict[str, str | int | None]:
    """What a cut says."""
    return {name: getattr(cut, name) for name in FIELDS}


def fields_of_shot(shot: Shot) -> dict[str, str | int | None]:
    """What a shot says; a free field that it does not have is not in it."""
    said: dict[str, str | int | None] = {"frames": shot.frames, "note": tidy(shot.description)}
    if shot.place:
        said["place"] = tidy(shot.place)
    for name in FREE_FIELDS:
        value = shot.data.get(name)
        if isinstance(value, str):
            said[name] = tidy(value) or said.get(name, "")
    return said


def _digest(value: object) -> str:
    return short(str(value or ""))[:8]


def _shown(value: object) -> str:
    text = " ".join(str(value or "–").split())
    return text if len(text) <= 40 else text[:39] + "…"
