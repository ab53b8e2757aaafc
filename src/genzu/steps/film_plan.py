"""What a film shows and when: the cuts in order, each with its picture as far as it is, its length and its move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from genzu.core.camera import CameraPath
from genzu.core.cut import Cut, FileRef
from genzu.core.numbers import in_order, same_number
from genzu.core.take import Stage, Take
from genzu.errors import BadInput, NotFound
from genzu.steps.asked import background_of
from genzu.steps.camera_words import pulls_in
from genzu.steps.chosen import approved_now, chosen_take, shown_of
from genzu.store.show import Show

_LONGEST_GAP = 24 * 600
"""Frames of black between two cuts; more is a time of another kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSheet:
    """One sheet in the film: a take, or (where none was recorded) the layout as it was given."""

    name: str
    stage: Stage
    take: Take | None = None
    layout: FileRef | None = None
    approved: bool = False
    sent_back: bool = False
    """True while a retake of it waits."""

    @property
    def words(self) -> str:
        """``BG painting 2, approved``."""
        number = f" {self.take.number}" if self.take else ""
        said = ", approved" if self.approved else ", sent back" if self.sent_back else ""
        return f"{self.name} {self.stage.value}{number}{said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A cut in the film. Times are frames from the start of the film."""

    number: str
    place: str
    start: int
    frames: int
    length_known: bool
    sheets: tuple[ShownSheet, ...]
    """BG first, then the BOOKs from the back to the front."""
    source: str
    """The cut whose sheets these are: another one for a shared background (兼用)."""
    camera: CameraPath | None
    camera_words: str
    pulls: dict[str, float | CameraPath]
    fade: int = 0
    """Frames of the dissolve into it."""
    before: int = 0
    """How many of them lie before its start."""
    after: int = 0
    """Frames for which it goes on under the next dissolve."""
    remarks: tuple[str, ...] = ()

    @property
    def first(self) -> int:
        """First frame in which it is seen."""
        return self.start - self.before

    @property
    def end(self) -> int:
        """First frame of the next cut."""
        return self.start + self.frames

    @property
    def seen(self) -> int:
        """For how many frames it is seen, under dissolves too; its move takes so long."""
        return self.before + self.frames + self.after

    @property
    def stand_in(self) -> str:
        """What stands in for a painting (``rough`` or ``layout``); empty if none is needed."""
        stages = {sheet.stage for sheet in self.sheets}
        return next((stage.value for stage in (Stage.LAYOUT, Stage.ROUGH) if stage in stages), "")

    @property
    def shown(self) -> str:
        """What is seen, for the slate and the report."""
        return "; ".join(sheet.words for sheet in self.sheets) or "nothing"

    def fade_share(self, frame: int) -> float:
        """How far the dissolve into it is at a frame of the film: 0 to 1."""
        return min(1.0, max(0.0, (frame - self.first + 1) / (self.fade + 1))) if self.fade else 1.0


def plan_shots(show: Show, *, cuts: str = "", usual: int) -> tuple[Shot, ...]:
    """All cuts of the film in order, or those that ``cuts`` names (``001-010, 015``).

    ``usual`` is the length in frames where none is known. Raises ``NotFound`` for cuts that are not there,
    ``BadInput`` if the show has none.
    """
    there = show.cuts()
    if not there:
        raise BadInput("this show has no cuts yet", where=show.folder, do="import a cut list, or add a cut")
    chosen = selected(there, cuts) if cuts.strip() else there
    whole = len(chosen) == len(there)
    start, zero = 0, int(show.setting("record_start") or 0)
    shots: list[Shot] = []
    for cut in chosen:
        shot = _shot(show, cut, start, usual)
        if whole and cut.record_in is not None:
            shot = _at_record(shot, cut.record_in - zero)
            zero = cut.record_in - shot.start
        follows = bool(shots) and _is_next(there, shots[-1].number, cut.number) and shots[-1].end == shot.start
        shot = _dissolve(shot, cut, shots, follows=follows)
        shots.append(shot)
        start = shot.end
    return tuple(shots)


def selected(there: Sequence[Cut], cuts: str) -> tuple[Cut, ...]:
    """The cuts that a text names: numbers and ranges in the order of the film, parted by commas."""
    keys = [same_number(cut.number) for cut in there]
    wanted: set[int] = set()
    for part in (one.strip() for one in cuts.replace("、", ",").split(",")):
        if part:
            wanted.update(_range(keys, part))
    return tuple(there[index] for index in sorted(wanted))


def shown_sheets(show: Show, cut: Cut) -> tuple[str, tuple[ShownSheet, ...]]:
    """The cut whose sheets are shown, and the sheets: BG first, then the BOOKs in the order of their numbers."""
    source, names = background_of(show, cut.number), shown_of(show, cut.number)
    sheets = [_sheet(show, number, name) for name, number in names.items()]
    found = sorted((one for one in sheets if one), key=lambda one: (one.name != "BG", in_order(one.name)))
    if not any(one.name == "BG" for one in found):
        found.insert(0, ShownSheet(name="BG", stage=Stage.LAYOUT, layout=show.cut(source).layout))
    return source, tuple(found)


def _sheet(show: Show, cut: str, name: str) -> ShownSheet | None:
    """The take that stands for the sheet (picked, approved, touched up, painted), else the rough, else the drawing."""
    take = chosen_take(show, cut, name) or show.latest(cut, name, Stage.ROUGH) or show.latest(cut, name, Stage.LAYOUT)
    if take is None:
        return None
    approved = approved_now(show, cut, name)
    return ShownSheet(
        name=name, stage=take.stage, take=take, approved=approved is not None and approved.id == take.id,
        sent_back=bool(show.retakes(cut, name, open_only=True)),
    )  # fmt: skip


def _shot(show: Show, cut: Cut, start: int, usual: int) -> Shot:
    source, sheets = shown_sheets(show, cut)
    return Shot(
        number=cut.number, place=cut.place, start=start, frames=cut.frames or usual,
        length_known=cut.frames is not None, sheets=sheets, source=source, camera=cut.camera,
        camera_words=cut.camera_words, pulls=pulls_in(cut.note),
    )  # fmt: skip


def _at_record(shot: Shot, record_in: int) -> Shot:
    """A cut that the list places on the film: black before it, if it does not follow directly."""
    if shot.start <= record_in <= shot.start + _LONGEST_GAP:
        return replace(shot, start=record_in)
    early = shot.start - record_in
    remark = (
        f"the list begins it {early} frames before the cut before it ends; it follows that one"
        if early > 0
        else f"the list begins it {-early} frames after the cut before it; no film is black for so long, it follows"
    )
    return replace(shot, remarks=(*shot.remarks, remark))


def _dissolve(shot: Shot, cut: Cut, shots: list[Shot], *, follows: bool) -> Shot:
    """Enter a dissolve here and in the cut before; dissolves do not run into each other."""
    if cut.dissolve is None or (shots and not follows):
        return shot
    before = min(cut.dissolve.before, shots[-1].frames - max(0, shots[-1].fade - shots[-1].before) if shots else 0)
    after = min(cut.dissolve.frames - cut.dissolve.before, shot.frames)
    if before + after < 1:
        return shot
    if shots:
        shots[-1] = replace(shots[-1], after=after)
        short = before + after < cut.dissolve.frames
        if short:
            remark = f"a dissolve of {cut.dissolve.frames} frames has no room; it lasts {before + after}"
            shot = replace(shot, remarks=(*shot.remarks, remark))
    return replace(shot, fade=before + after, before=before)


def _is_next(there: Sequence[Cut], one: str, other: str) -> bool:
    numbers = [cut.number for cut in there]
    return numbers.index(other) == numbers.index(one) + 1


def _range(keys: list[str], part: str) -> range:
    single = same_number(part)
    if single in keys:
        return range(keys.index(single), keys.index(single) + 1)
    for at, sign in enumerate(part):
        if sign in "-–〜~":
            first, last = same_number(part[:at]), same_number(part[at + 1 :])
            if first in keys and last in keys:
                ends = keys.index(first), keys.index(last)
                return range(min(ends), max(ends) + 1)
    raise NotFound(f"there is no cut {part!r} in this show", where="--cuts", do="write 001-010 or 001,004,007")
