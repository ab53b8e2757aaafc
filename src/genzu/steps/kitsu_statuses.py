"""Statuses of Kitsu: what one says of a background, and which one is set."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from genzu.core.findings import Finding, error
from genzu.errors import UnknownWord
from genzu.exchange.kitsu.records import Meaning, Production, Status

_APPROVING = ("done", "approved", "apv")
_SENDING_BACK = ("retake", "rtk")


class Standing(StrEnum):
    """Where a background stands."""

    STALE = "stale"
    """Painted, but asked for otherwise since."""
    PAINTED = "painted"
    RETAKE = "retake"
    APPROVED = "approved"


USUAL = {
    Standing.STALE: ("wip", Meaning.WORKING), Standing.PAINTED: ("wfa", Meaning.FEEDBACK),
    Standing.RETAKE: ("retake", Meaning.RETAKE), Standing.APPROVED: ("done", Meaning.DONE),
}  # fmt: skip
"""Short name of the status, and what it must mean where a studio calls it otherwise."""


def standing_of(status: Status, chosen: Mapping[Standing, str] | None = None) -> Standing | None:
    """What a status says of a background; ``None``: nothing. ``chosen``: short names that the studio gave."""
    for standing, name in (chosen or {}).items():
        if status.short.casefold() == name.casefold():
            return standing
    name = status.short.casefold()
    if status.meaning is Meaning.RETAKE or name in _SENDING_BACK:
        return Standing.RETAKE
    return Standing.APPROVED if status.meaning is Meaning.DONE or name in _APPROVING else None


def statuses_for(
    production: Production, chosen: Mapping[Standing, str], findings: list[Finding]
) -> dict[Standing, Status]:
    """The status of each standing: the one that was named, else the usual one, else the first that means it."""
    by_short = {one.short.casefold(): one for one in production.statuses}
    found = {}
    for standing, (usual, meaning) in USUAL.items():
        asked = chosen.get(standing)
        status = by_short.get((asked or usual).casefold())
        if status is None and asked is None:
            status = next((one for one in production.statuses if one.meaning is meaning), None)
        if status is None:
            known = ", ".join(one.short for one in production.statuses) or "none"
            findings.append(
                error(f"Kitsu has no status {asked or usual!r} for {standing.value}; name one: --status "
                      f"{standing.value}=SHORT (there are: {known})")
            )  # fmt: skip
        else:
            found[standing] = status
    return found


def read_statuses(texts: list[str]) -> dict[Standing, str]:
    """``painted=wfa`` … as the command line says it; :class:`UnknownWord` for what is no standing."""
    found = {}
    for text in texts:
        word, sign, short = text.partition("=")
        if not sign or not short.strip() or word.strip() not in set(Standing):
            known = ", ".join(Standing)
            raise UnknownWord(f"{text!r} names no status", where="--status", do=f"write painted=wfa (for {known})")
        found[Standing(word.strip())] = short.strip()
    return found
