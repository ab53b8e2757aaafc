"""What Kitsu holds, as plain records: no gazu and no network in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Meaning(StrEnum):
    """What a status means to Kitsu itself, whatever a studio calls it."""

    OPEN = "open"
    WORKING = "working"
    FEEDBACK = "feedback"
    """Somebody is asked to look at it."""
    RETAKE = "retake"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A status that a task can have."""

    id: str
    name: str
    short: str
    """Its short name: ``wfa``, ``retake``, ``done``."""
    meaning: Meaning = Meaning.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A picture of a revision."""

    id: str
    name: str
    """Name of the file that was uploaded, without suffix; empty while nothing was."""
    revision: int
    position: int = 1
    """1 for the revision's own picture, 2 … for those beside it."""
    ready: bool = True
    """False if its file is broken or lost; one that is still being processed is ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment on a task. Each has a status, which the task then has."""

    id: str
    text: str
    status: Status
    author: str
    """Full name."""
    leads: bool = True
    """False for an artist, whose comments under a status that stands already are no verdicts."""
    by_bot: bool = False
    created: str = ""
    """UTC, ISO 8601 with seconds and ``Z``."""
    previews: tuple[Preview, ...] = ()
    checklist: tuple[tuple[str, bool], ...] = ()
    """Each point and whether it is ticked."""
    files: tuple[str, ...] = ()
    """Names of files that are attached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The background of one shot."""

    id: str
    status: Status
    comments: tuple[Comment, ...] = ()
    """Oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A shot."""

    id: str
    name: str
    sequence: str
    """Name of its sequence."""
    episode: str = ""
    """Name of its episode, in a series."""
    frames: int | None = None
    description: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    """Its free fields, such as ``frame_in`` and what the studio added."""
    place: str = ""
    """Name of the one environment that is cast in it; empty where none, or several, are."""
    canceled: bool = False
    picture: str = ""
    """Id of the preview that stands for it in lists; empty while none does."""
    task: Task | None = None

    @property
    def where(self) -> str:
        """For a person: ``SQ01 / 001``."""
        return " / ".join(part for part in (self.episode, self.sequence, self.name) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A sequence of shots."""

    id: str
    name: str
    episode: str = ""
    """Name of the episode, in a series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A production."""

    id: str
    name: str
    fps: str = ""
    is_series: bool = False
    one_picture: bool = False
    """True if a revision can have but one picture there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """All of a production that concerns backgrounds."""

    project: Project
    statuses: tuple[Status, ...]
    sequences: tuple[Sequence, ...] = ()
    episodes: Mapping[str, str] = field(default_factory=dict)
    """Id by name."""
    shots: tuple[Shot, ...] = ()
    task_type: str | None = None
    """Id of the task type of backgrounds; ``None`` if Kitsu has none of the name."""
    in_project: bool = True
    """False if the production does not use that task type yet."""
