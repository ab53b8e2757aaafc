"""How a comment in Kitsu says which takes it shows.

The last lines of a comment that Genzu writes are marks for Genzu itself, on whatever machine it runs: what was
published is known from Kitsu alone, also where another machine, or a push that was stopped, did it. The names of the
picture files say it a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from genzu.core.take import Take
from genzu.exchange.kitsu.records import Comment, Preview, Task

_TAKE = re.compile(r"genzu take (layout|rough|painting|retouch|final)/([0-9]{1,6})/([0-9a-f]{16})/([^\n/\\]{1,64})")
_SAID = re.compile(r"genzu said ([0-9a-f]{16})")
_FILE = re.compile(r".+_([0-9a-f]{16})")


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A take, as a comment names it."""

    sheet: str
    stage: str
    number: int
    picture: str
    """The first 16 digits of the SHA-256 of its pixels."""

    @classmethod
    def of(cls, take: Take) -> Mark:
        """The mark of a take."""
        return cls(take.sheet, take.stage.value, take.number, take.picture[:16])

    def __str__(self) -> str:
        return f"genzu take {self.stage}/{self.number}/{self.picture}/{self.sheet}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A revision that Genzu published, or began to."""

    comment: Comment
    marks: tuple[Mark, ...]

    @property
    def key(self) -> str:
        """Equal for the same pictures."""
        return key_of(self.marks)

    @property
    def missing(self) -> tuple[Mark, ...]:
        """Pictures that have not arrived: the push was stopped."""
        there = arrived(self.comment)
        return tuple(mark for mark in self.marks if mark not in there)

    @property
    def empty(self) -> Preview | None:
        """Room for a picture that nothing was put into."""
        return next((one for one in self.comment.previews if not one.name), None)

    @property
    def revision(self) -> int | None:
        """As Kitsu counts."""
        return self.comment.previews[0].revision if self.comment.previews else None


def key_of(marks: Iterable[Mark]) -> str:
    """Equal for the same pictures of the same sheets: a final of a take shows nothing new."""
    return short("|".join(f"{mark.sheet}/{mark.picture}" for mark in sorted(marks)))


def short(text: str) -> str:
    """16 digits that stand for a text."""
    return sha256(text.encode()).hexdigest()[:16]


def said_line(what: str) -> str:
    """The mark of a word that has no picture."""
    return f"genzu said {short(what)}"


def file_name(cut: str, take: Take) -> str:
    """Name of a picture's file without suffix; it tells which picture it is."""
    sheet = re.sub(r"[^0-9A-Za-z-]+", "-", take.sheet)
    return f"{cut}_{sheet}_{take.stage.value}{take.number:02}_{take.picture[:16]}"


def digest_in(preview: Preview) -> str:
    """The picture that a preview holds, by its name; empty for one of another origin, or one that is broken."""
    found = _FILE.fullmatch(preview.name)
    return found[1] if found and preview.ready else ""


def is_ours(comment: Comment) -> bool:
    """True if Genzu wrote it: whoever the account is, its last line is a mark."""
    last = _lines(comment)[-1:]
    return bool(last) and bool(_TAKE.fullmatch(last[0]) or _SAID.fullmatch(last[0]))


def marks_in(comment: Comment) -> tuple[Mark, ...]:
    """The takes that it publishes."""
    if not is_ours(comment):
        return ()
    found = (_TAKE.fullmatch(line) for line in _lines(comment))
    return tuple(Mark(one[4], one[1], int(one[2]), one[3]) for one in found if one)


def arrived(comment: Comment) -> tuple[Mark, ...]:
    """The takes whose pictures are there to be seen."""
    there = {digest for one in comment.previews if (digest := digest_in(one))}
    return tuple(mark for mark in marks_in(comment) if mark.picture in there)


def published(task: Task | None) -> tuple[Published, ...]:
    """What Genzu published in a task, oldest first."""
    comments = task.comments if task else ()
    return tuple(Published(comment=one, marks=marks) for one in comments if (marks := marks_in(one)))


def was_said(task: Task | None, what: str) -> bool:
    """True if Genzu said it in a task already."""
    line = said_line(what)
    return any(is_ours(one) and line in _lines(one) for one in (task.comments if task else ()))


def harmless(text: str) -> str:
    """Free text without what Kitsu acts on: ``#all`` copies a comment to other tasks, ``@name`` calls people."""
    return text.replace("#", "＃").replace("@", "＠")


def _lines(comment: Comment) -> list[str]:
    return [line.strip() for line in comment.text.strip().splitlines() if line.strip()]
