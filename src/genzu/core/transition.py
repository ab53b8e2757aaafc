"""How a cut follows the one before it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from genzu.core.codec import Fields, Plain
from genzu.core.timing import FrameRate, length
from genzu.errors import BadInput, BadRecord

_LONGEST = 100_000
_CUTS = ("", "cut", "c", "カット", "-", "なし", "none")
_DISSOLVE = re.compile(
    r"(?:dissolve|diss?\.?|cross[ -]?dissolve|o\.?l\.?|overlap|d|オーバーラップ|ディゾルブ|クロスディゾルブ)"
    r"\s*[:(]?\s*(?P<length>[0-9][^,()]*?)\s*\)?\s*(?:,\s*(?P<before>\d{1,6}) before)?",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissolve:
    """The cut before goes on under the first frames of this one and fades away.

    A cut without one follows hard. The lengths of the cuts stay what they are: nothing is taken from them.
    """

    frames: int
    """How long it lasts, at least 1."""
    before: int = 0
    """How many of its frames lie before the cut point; 0: it begins with this cut, as in an EDL."""

    def __post_init__(self) -> None:
        if not 1 <= self.frames <= _LONGEST:
            raise BadRecord(f"a dissolve of {self.frames} frames is not possible", where="dissolve.frames")
        if not 0 <= self.before <= self.frames:
            raise BadRecord(f"{self.before} of its {self.frames} frames lie before the cut", where="dissolve.before")

    @classmethod
    def parse(cls, text: str, fps: FrameRate) -> Dissolve | None:
        """Read ``dissolve 12``, ``O.L 1+00``, ``ディゾルブ 12コマ``; ``None`` for a hard cut.

        Raises ``BadInput`` for anything else.
        """
        plain = unicodedata.normalize("NFKC", text).strip()
        if plain.lower() in _CUTS:
            return None
        found = _DISSOLVE.fullmatch(plain)
        if found is None:
            raise BadInput(f"{text!r} is no transition that is known", do="write 'cut' or 'dissolve 12'")
        try:
            return cls(frames=length(found["length"], fps, unit="frames"), before=int(found["before"] or 0))
        except BadRecord as error:
            raise BadInput(error.what, do="write 'dissolve 12'") from None

    def __str__(self) -> str:
        return f"dissolve {self.frames}" + (f", {self.before} before" if self.before else "")

    def to_dict(self) -> Plain:
        """Plain values for JSON."""
        return {"frames": self.frames, **({"before": self.before} if self.before else {})}

    @classmethod
    def from_dict(cls, record: object, path: str = "dissolve") -> Dissolve:
        """Validate and rebuild."""
        fields = Fields(record, path)
        frames, before = fields.take("frames", int), fields.take("before", int, None)
        fields.nothing_else()
        try:
            return cls(frames=frames, before=before or 0)
        except BadRecord as error:
            raise BadRecord(error.what, where=path, do=error.do) from None
