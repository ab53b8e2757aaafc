"""Takes: immutable versions of one stage of one sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from genzu.core.credit import Hand

if TYPE_CHECKING:
    from genzu.core.recipe import Recipe


class Stage(StrEnum):
    """The stages of a background, in order."""

    LAYOUT = "layout"
    ROUGH = "rough"
    PAINTING = "painting"
    RETOUCH = "retouch"
    FINAL = "final"

    @property
    def by_machine(self) -> bool:
        """True if an engine makes it."""
        return self in (Stage.ROUGH, Stage.PAINTING)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTake:
    """What the ledger is told about a take that was just made."""

    cut: str
    sheet: str
    stage: Stage
    picture: str
    """SHA-256 of the pixels."""
    hand: Hand
    recipe: Recipe | None = None
    """Given exactly when an engine made it."""
    parents: tuple[int, ...] = ()
    """Ids of the takes that it was made from."""
    by: str = ""
    """The person who made or brought it; empty for a machine."""
    original: str | None = None
    """SHA-256 of the bytes of the file as the person gave it."""
    measures: Mapping[str, Any] = field(default_factory=dict)
    """Scores, timings, shares: plain JSON values."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take(NewTake):
    """A recorded take."""

    id: int
    number: int
    """1, 2, 3 … within its cut, sheet and stage."""
    created: str
    """UTC, ISO 8601 with seconds."""
