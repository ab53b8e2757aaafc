"""What people decide about takes: a pick chooses one, a retake (リテイク) sends one back, an answer closes a retake."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from genzu.core.codec import Plain, without_none
from genzu.core.take import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a retake was closed."""

    take: int | None
    """Id of the take that answers it; ``None``: it was closed by word alone."""
    by: str
    """Who closed it; empty where a machine painted the answer."""
    note: str
    created: str
    """UTC, ISO 8601 with seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retake:
    """A sheet was sent back."""

    id: int
    take: int
    """Id of the take that was sent back."""
    cut: str
    sheet: str
    stage: Stage
    number: int
    """Number of that take within its cut, sheet and stage."""
    reason: str
    """As the person wrote it, in any language."""
    by: str
    note: str = ""
    again: bool = False
    """The cut's order was changed with it, so that a machine's painting answers it, also in place of a touch-up."""
    source: str | None = None
    """Where it came from, for example the id of a tracker's comment; no two retakes have the same."""
    newest: int
    """Highest take id that the sheet had then: what is later was made after it."""
    created: str
    """UTC, ISO 8601 with seconds."""
    answer: Answer | None = None

    @property
    def is_open(self) -> bool:
        """True as long as nothing answers it."""
        return self.answer is None

    def to_dict(self) -> Plain:
        """For ``--json``."""
        record: Plain = {
            "id": self.id, "cut": self.cut, "sheet": self.sheet, "take": self.take, "stage": self.stage.value,
            "number": self.number, "reason": self.reason, "by": self.by, "note": self.note or None,
            "paint_again": self.again, "source": self.source, "created": self.created, "open": self.is_open,
        }  # fmt: skip
        if self.answer is not None:
            record |= {
                "answered": self.answer.created, "answered_by": self.answer.by or None,
                "answered_by_take": self.answer.take, "answer_note": self.answer.note or None,
            }  # fmt: skip
        return without_none(record)


class ChoiceKind(StrEnum):
    """How a take came to stand for its sheet."""

    PICK = "pick"
    APPROVAL = "approval"
    ANSWER = "answer"
    """A take that answers a retake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The newest word about which take stands for a sheet: a pick, an approval, or the answer to a retake."""

    kind: ChoiceKind
    take: int
    by: str
    created: str


LONGEST_REASON = 4000
"""Letters; a tracker's comment fits."""
