"""What is found in a list that somebody brought: one sentence each, with the place where to look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from genzu.core.codec import Plain, without_none


class Severity(StrEnum):
    """An error stops the import; a warning is told."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where something stands: a row of a table, a clip of a track, or a file."""

    row: int | None = None
    """Counted from 1, as a spreadsheet does."""
    track: str = ""
    clip: int | None = None
    """Counted from 1 within its track."""
    file: str = ""

    def __str__(self) -> str:
        parts = [
            self.file,
            f"track {self.track}" if self.track else "",
            f"clip {self.clip}" if self.clip is not None else "",
            f"row {self.row}" if self.row is not None else "",
        ]
        return ", ".join(part for part in parts if part)


NOWHERE = Spot()
"""For what concerns the list as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that somebody should know."""

    severity: Severity
    sentence: str
    spot: Spot = NOWHERE
    column: str = ""
    """Letter and heading of the column, or the name of the field."""

    @property
    def where(self) -> str:
        """``row 12, column E 場所``."""
        spot = str(self.spot)
        if not self.column:
            return spot
        field = f"column {self.column}" if self.spot.row is not None else self.column
        return f"{spot}, {field}" if spot else field

    @property
    def is_error(self) -> bool:
        """True if it stops the import."""
        return self.severity is Severity.ERROR

    def to_dict(self) -> Plain:
        """For ``--json``."""
        return without_none(
            {
                "severity": self.severity.value, "sentence": self.sentence, "row": self.spot.row,
                "column": self.column or None, "track": self.spot.track or None, "clip": self.spot.clip,
                "file": self.spot.file or None,
            }
        )  # fmt: skip


def error(sentence: str, spot: Spot = NOWHERE, column: str = "") -> Finding:
    """A finding that stops the import."""
    return Finding(severity=Severity.ERROR, sentence=one_sentence(sentence), spot=spot, column=column)


def warning(sentence: str, spot: Spot = NOWHERE, column: str = "") -> Finding:
    """A finding that is told."""
    return Finding(severity=Severity.WARNING, sentence=one_sentence(sentence), spot=spot, column=column)


def one_sentence(text: str) -> str:
    """On one line, with a full stop at the end."""
    return " ".join(text.split()).rstrip(".") + "."


def errors_of(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that stop the import."""
    return tuple(finding for finding in findings if finding.is_error)


def few(numbers: Sequence[str]) -> str:
    """The first of many, for a sentence."""
    return ", ".join(numbers[:6]) + (" …" if len(numbers) > 6 else "")
