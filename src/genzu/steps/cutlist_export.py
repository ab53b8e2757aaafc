"""The show's cuts as a list for other programs, and what that program's format cannot hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from genzu.core.cut import Cut
from genzu.core.cutlist import CutList, CutListEntry, tidy
from genzu.core.cutlist_check import Known, check
from genzu.core.findings import Finding, errors_of
from genzu.core.naming import Template, path_in
from genzu.core.timing import FILM, FrameRate
from genzu.errors import BadInput
from genzu.exchange.cutlist_csv import write_cutlist_csv
from genzu.exchange.timeline_edl import write_edl
from genzu.exchange.timeline_otio import write_otio
from genzu.exchange.xdts import losses_of, write_xdts
from genzu.store.show import Show

_Write = Callable[[Path], tuple[Finding, ...]]
KINDS = (".csv", ".otio", ".edl", ".xdts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Files that were written, and what is not in them."""

    files: tuple[Path, ...]
    findings: tuple[Finding, ...]


def cutlist_of(show: Show) -> CutList:
    """The show's cuts as a list, in the order of the film."""
    fps = FrameRate.parse(show.setting("fps") or str(FILM))
    return CutList(
        entries=tuple(_entry(cut) for cut in show.cuts()), fps=fps, title=tidy(show.title).replace("\n", " "),
        record_start=int(show.setting("record_start") or 0),
    )  # fmt: skip


def export_list(show: Show, path: Path, *, japanese: bool = False) -> Exported:
    """Write ``.csv``, ``.otio``, ``.edl``, or ``.xdts`` (one file per cut: ``sheets/c{cut}.xdts``).

    A file that a person changed since Genzu wrote it is kept, and the new one is written beside it. Raises
    ``BadInput`` for another kind of file, and for a film whose cuts overlap.
    """
    kind, cutlist = path.suffix.lower(), cutlist_of(show)
    if kind not in KINDS:
        raise BadInput(f"{path.name!r} is no kind of cut list", do="end the name in " + " ".join(KINDS))
    if not cutlist.entries:
        raise BadInput("this show has no cuts", where=show.folder, do="import a list or add a cut first")
    if kind == ".csv":
        return _one(show, path, lambda scratch: write_cutlist_csv(scratch, cutlist, japanese=japanese))
    if kind == ".xdts":
        return _sheets(show, path, cutlist)
    faults = errors_of(check(cutlist, Known(cuts=cutlist.numbers, any_place=True)))
    if faults:
        raise BadInput(faults[0].sentence, where=show.folder, do="correct the cut list and import it again")
    return _one(show, path, lambda scratch: (write_otio if kind == ".otio" else write_edl)(scratch, cutlist))


def _one(show: Show, path: Path, write: _Write) -> Exported:
    findings: list[Finding] = []
    written = show.export(path, lambda scratch: findings.extend(write(scratch)))
    return Exported(files=(written,), findings=tuple(findings))


def _sheets(show: Show, path: Path, cutlist: CutList) -> Exported:
    """One time sheet per cut that has a length."""
    template = Template(path.stem)
    if len(cutlist.entries) > 1 and "cut" not in template.fields:
        raise BadInput(
            "a time sheet holds one cut", where=path.name, do="write {cut} in the name: sheets/c{cut}.xdts"
        )  # fmt: skip
    named = {"show": cutlist.title}
    targets = {
        entry.number: path_in(path.parent, template.render({**named, "cut": entry.number}), path.suffix)
        for entry in cutlist.entries
    }
    if len({str(target).casefold() for target in targets.values()}) < len(targets):
        raise BadInput("two cuts would have the same file", where=path.name, do="write {cut} without a width")
    files = [
        show.export(targets[entry.number], lambda scratch, one=entry: write_xdts(scratch, one))  # type: ignore[misc]
        for entry in cutlist.entries
        if entry.frames
    ]
    return Exported(files=tuple(files), findings=losses_of(cutlist))


def _entry(cut: Cut) -> CutListEntry:
    return CutListEntry(
        number=cut.number, frames=cut.frames, place=cut.place, season=cut.season, time=cut.time, weather=cut.weather,
        prompt=tidy(cut.prompt), layout=tidy(cut.layout.name), uses=cut.uses, books=cut.books, cels=cut.cels,
        camera=cut.camera, camera_words=cut.camera_words, dissolve=cut.dissolve, record_in=cut.record_in, note=cut.note,
    )  # fmt: skip
