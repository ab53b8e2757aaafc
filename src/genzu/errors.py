"""Every error that Genzu raises on purpose.

GenzuError
├── BadInput            what the user gave cannot be used                    exit code 2
│   ├── UnreadablePicture   broken, empty, of a kind that is not taken
│   ├── PictureTooLarge     refused from its header, before it is decoded
│   ├── NoDrawing           nothing drawn: blank, all black, too small
│   ├── WrongSize           two pictures that must match do not
│   ├── Misregistered       a picture comes back shifted or scaled
│   ├── UnknownWord         a season, time, material, engine … that is not known
│   ├── BadRecord           a stored or imported record is not valid; carries the path to the field
│   └── NotFound            a show, cut, sheet, take or file is not there
├── Refused             it would overwrite or lose what a person did         exit code 2
├── CannotWrite         full disk, no permission, a file in the way          exit code 2
│   └── Unreachable         a database server or a store of pictures is away
├── EngineFailed        an engine could not paint                            exit code 1
│   └── OutOfMemory         there was not enough memory for it
├── FarmFailed          other machines are not there, or cannot paint this   exit code 2
├── TrackerFailed       the production tracker does not answer as it should  exit code 2
└── LedgerBroken        the show's ledger or pictures do not agree           exit code 2

Every error says *what* is wrong, *where*, and *what to do*; foreign errors are translated once, at the edge.
"""

from __future__ import annotations

from pathlib import Path


class GenzuError(Exception):
    """Root of the tree: one clear sentence made of what, where and what to do."""

    exit_code = 2

    def __init__(self, what: str, *, where: str | Path | None = None, do: str | None = None) -> None:
        self.what, self.where, self.do = what, None if where is None else str(where), do
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """``WHERE: WHAT; DO.`` on one line, for a person to read."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        text = f"{head}; {self.do}" if self.do else head
        return " ".join(text.split()).rstrip(".") + "."

    def __reduce__(self) -> tuple[object, ...]:
        """Keep what, where and do when the error crosses from a worker process."""
        return _rebuild, (type(self), self.what, self.where, self.do)


def _rebuild(kind: type[GenzuError], what: str, where: str | None, do: str | None) -> GenzuError:
    return kind(what, where=where, do=do)


class BadInput(GenzuError):
    """What the user gave cannot be used."""


class UnreadablePicture(BadInput):
    """A picture file that is broken, empty, or of a kind that is not taken."""


class PictureTooLarge(BadInput):
    """A picture whose header promises more pixels than are taken; it is never decoded."""


class NoDrawing(BadInput):
    """A picture on which nothing is drawn."""


class WrongSize(BadInput):
    """Two pictures that must have the same size do not."""


class Misregistered(BadInput):
    """A picture that is shifted or scaled against the one it must lie on."""


class UnknownWord(BadInput):
    """A season, time, weather, material, role or engine that is not known."""


class BadRecord(BadInput):
    """A stored or imported record is not valid; ``where`` is the path to the field."""


class NotFound(BadInput):
    """A show, cut, sheet, take or file that is not there."""


class Refused(GenzuError):
    """It would overwrite or lose what a person did."""


class CannotWrite(GenzuError):
    """The file system does not take what must be written."""


class Unreachable(CannotWrite):
    """A database server, or a store of pictures, does not answer: all that needs it must wait."""


class EngineFailed(GenzuError):
    """An engine could not paint."""

    exit_code = 1


class OutOfMemory(EngineFailed):
    """There was not enough memory to paint."""


class FarmFailed(GenzuError):
    """The other machines that should paint cannot be reached, or do not fit this show."""


class TrackerFailed(GenzuError):
    """The production tracker does not answer, or refuses."""


class LedgerBroken(GenzuError):
    """The show's ledger and its pictures do not agree."""
