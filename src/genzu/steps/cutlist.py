"""A cut list comes into a show: held against what is there, told in full, then entered as a whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from genzu.core.codec import Plain
from genzu.core.cut import Cut, FileRef
from genzu.core.cutlist import CutList, CutListEntry, ReadList, tidy
from genzu.core.cutlist_check import Known, check
from genzu.core.findings import Finding, error, errors_of, warning
from genzu.core.naming import Template
from genzu.core.numbers import same_number
from genzu.core.place import Location, place_key
from genzu.core.timing import FILM, FrameRate
from genzu.errors import BadInput, Refused
from genzu.picture.headers import probe
from genzu.steps.cutlist_files import Layouts, read_list
from genzu.store.cuts import ListChanges
from genzu.store.scratch import sha_of_file
from genzu.store.show import Show

_TAKEN = ("frames", "place", "season", "time", "weather", "books", "cels", "camera", "camera_words", "dissolve", "note")
_TOLD = (*_TAKEN, "prompt", "layout", "uses", "order", "record_in")
_LONGEST_CHAIN = 50
"""Cuts that show one another's background; more is a mistake."""
_NO_LAYOUT = FileRef(sha="0" * 64, name="")
"""Stands in a cut whose layout is missing, which is an error: such a plan is never entered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutChange:
    """What the list makes of one cut."""

    before: Cut | None
    after: Cut
    layout: Path | None = None
    """The file of the layout, if it is new to the cut."""

    @property
    def fields(self) -> dict[str, tuple[str, str]]:
        """What differs: as it was, and as it will be."""
        then = {name: _shown(getattr(self.before, name, None)) for name in _TOLD}
        now = {name: _shown(getattr(self.after, name)) for name in _TOLD}
        return {name: (then[name], now[name]) for name in _TOLD if then[name] != now[name]}

    def to_dict(self) -> Plain:
        """For ``--json``."""
        return {"cut": self.after.number, "fields": {name: list(pair) for name, pair in self.fields.items()}}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlan:
    """Everything that an import would do; nothing is done yet."""

    source: Path
    cutlist: CutList
    findings: tuple[Finding, ...]
    added: tuple[CutChange, ...] = ()
    changed: tuple[CutChange, ...] = ()
    unchanged: tuple[str, ...] = ()
    not_in_list: tuple[str, ...] = ()
    """Cuts of the show that the list does not name: told, never deleted."""
    places: tuple[Location, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What stops the import."""
        return errors_of(self.findings)

    def to_dict(self) -> Plain:
        """For ``--json``."""
        return {
            "file": str(self.source),
            "fps": str(self.cutlist.fps),
            "cuts": len(self.cutlist.entries),
            "added": [one.after.number for one in self.added],
            "changed": [one.to_dict() for one in self.changed],
            "unchanged": list(self.unchanged),
            "not_in_list": list(self.not_in_list),
            "new_places": [place.name for place in self.places],
            "findings": [finding.to_dict() for finding in self.findings],
        }


def plan_list(
    show: Show,
    path: Path,
    *,
    fps: FrameRate | None = None,
    layouts: Path | None = None,
    template: Template | None = None,
    new_places: bool = False,
) -> ListPlan:
    """Read a list and hold it against the show; nothing is written.

    ``layouts`` is the folder of the layouts (default: the folder of the list). Raises ``BadInput`` where nothing can
    be read at all; everything else is in ``findings``.
    """
    found = read_list(path, fps=fps, usual=fps_of(show), template=template)
    if layouts is not None and not layouts.is_dir():
        raise BadInput("this is no folder of layouts", where=layouts, do="name the folder that holds the layouts")
    folder = Layouts(layouts or (path if path.is_dir() else path.parent), template)
    return plan_found(show, found, path, folder, asked=layouts is not None, new_places=new_places)


def fps_of(show: Show) -> FrameRate:
    """Frames a second of the show; 24 as long as nobody has said."""
    return FrameRate.parse(show.setting("fps") or str(FILM))


def plan_found(
    show: Show, found: ReadList, source: Path, layouts: Layouts, *, asked: bool, new_places: bool,
    in_film: bool = True,
) -> ListPlan:  # fmt: skip
    """Hold a list that was read against the show; nothing is written.

    ``asked``: a layout that has a cut's number in its name is taken for a cut that has one too. ``in_film``: the list
    has the order of the film; if not, cuts keep their places in it.
    """
    cutlist, there = found.cutlist.without_times(), show.cuts()
    places = {place_key(place.name): place.name for place in show.places()}
    known = Known(places=tuple(places.values()), cuts=tuple(cut.number for cut in there), any_place=new_places)
    work = _Work(cutlist, {same_number(cut.number): cut for cut in there}, layouts, asked, in_film=in_film)
    work.findings += [*found.findings, *check(cutlist, known)]
    own_fps = fps_of(show)
    if show.setting("fps") is not None and cutlist.fps != own_fps:
        work.findings.append(error(f"the list runs at {cutlist.fps} frames a second, the show at {own_fps}"))
    changes = [one for entry in cutlist.entries if (one := work.change(entry)) is not None]
    named = {same_number(number) for number in cutlist.numbers}
    return ListPlan(
        source=source,
        cutlist=cutlist,
        findings=tuple(sorted((*work.findings, *work.renamed()), key=_by_place)),
        added=tuple(one for one in changes if one.before is None),
        changed=tuple(one for one in changes if one.before is not None and one.fields),
        unchanged=tuple(one.after.number for one in changes if one.before is not None and not one.fields),
        not_in_list=tuple(cut.number for cut in there if same_number(cut.number) not in named),
        places=_new_places(cutlist, places) if new_places else (),
        settings=_settings(show, cutlist),
    )


def enter_list(show: Show, plan: ListPlan) -> None:
    """Enter a plan: all of it, or (on any error, or if the process ends) nothing.

    Raises what :func:`changes_of` raises, and ``Refused`` if the show changed since the plan was made.
    """
    show.enter_list(changes_of(show, plan))


def changes_of(show: Show, plan: ListPlan) -> ListChanges:
    """What a plan brings into the ledger. Layouts are copied into the show; a copy that no cut names does no harm.

    Raises ``BadInput`` if the plan has errors, ``Refused`` if a layout changed since it was made.
    """
    if plan.errors:
        count = len(plan.errors)
        raise BadInput(
            f"{count} error{'s' if count > 1 else ''} in this list, so nothing was imported", where=plan.source,
            do="correct what is named and import it again",
        )  # fmt: skip
    changes = (*plan.added, *plan.changed)
    for one in changes:
        if one.layout is not None and show.keep_file(one.layout).sha != one.after.layout.sha:
            raise Refused("this layout changed while the list was read", where=one.layout, do="import the list again")
    return ListChanges(
        cuts=tuple((one.before, one.after) for one in changes),
        places=plan.places,
        settings=plan.settings,
        told={"file": plan.source.name, "added": len(plan.added), "changed": len(plan.changed)},
    )


class _Work:
    """Holds entries against the show's cuts; what is wrong is noted, and the next entry comes."""

    def __init__(
        self, cutlist: CutList, there: dict[str, Cut], layouts: Layouts, asked: bool, *, in_film: bool
    ) -> None:
        self._list, self._there, self._layouts, self._asked = cutlist, there, layouts, asked
        self._in_film = in_film
        self._entries = {same_number(entry.number): entry for entry in reversed(cutlist.entries)}
        self._ordered = not cutlist.in_number_order
        self._renamed: list[tuple[str, str]] = []
        self._seen: set[str] = set()
        self.findings: list[Finding] = []

    def change(self, entry: CutListEntry) -> CutChange | None:
        """What becomes of the cut; ``None`` for one that stands in the list twice."""
        key = same_number(entry.number)
        if key in self._seen:
            return None
        self._seen.add(key)
        before = self._there.get(key)
        if before is not None and before.number != entry.number:
            self._renamed.append((entry.number, before.number))
        path, ref = self._layout(entry, before, set())
        own = before or Cut(number=entry.number, layout=ref or _NO_LAYOUT)
        said: dict[str, Any] = {name: getattr(entry, name) for name in _TAKEN if name in entry.held}
        if said.get("frames") is not None and said["frames"] < 1:
            said["frames"] = own.frames  # an error that was told already
        if "uses" in entry.held:
            said["uses"] = self._number(entry.uses) if entry.uses else ""
        if "prompt" in entry.held and tidy(own.prompt) != entry.prompt:
            said["prompt"] = entry.prompt
        if "record_in" in entry.held:
            said["record_in"] = entry.record_in
        order = (len(self._seen) if self._ordered else None) if self._in_film else own.order
        after = replace(own, layout=ref or own.layout, order=order, **said)
        is_new = before is None or after.layout != before.layout
        return CutChange(before=before, after=after, layout=path if is_new else None)

    def renamed(self) -> tuple[Finding, ...]:
        """Spreadsheets drop zeros at the front: told once for all."""
        if not self._renamed:
            return ()
        written, own = self._renamed[0]
        return (
            warning(f"{len(self._renamed)} cuts are the show's own under another spelling: {written} is cut {own}"),
        )

    def _number(self, asked: str) -> str:
        """The number as the show, else the list, spells it."""
        key = same_number(asked)
        if key in self._there:
            return self._there[key].number
        return self._entries[key].number if key in self._entries else asked

    def _layout(self, entry: CutListEntry, before: Cut | None, seen: set[str]) -> tuple[Path | None, FileRef | None]:
        """The file of the layout and what it will be in the show; a shared background has that of the other cut."""
        column = self._list.columns.get("layout", "layout")
        found = self._found(entry, before)
        if len(found) == 1:
            return self._looked_at(found[0], entry, before, column)
        if len(found) > 1:
            names = " and ".join(path.relative_to(self._layouts.folder).as_posix() for path in found[:3])
            self._tell(f"{names} could all be the layout of cut {entry.number}; name one", entry, column)
            return None, before.layout if before else None
        if entry.layout and not (before and _file_name(entry.layout) == before.layout.name):
            self._tell(f"the layout {entry.layout!r} is not in {self._layouts.folder}", entry, column)
            return None, before.layout if before else None
        if before is not None:
            return None, before.layout
        shared = self._shared(entry, seen)
        if shared is None:
            self._tell(
                f"cut {entry.number} has no layout: no picture in {self._layouts.folder} has its number", entry, column
            )
            return None, None
        return shared

    def _found(self, entry: CutListEntry, before: Cut | None) -> tuple[Path, ...]:
        """By name; else by number, which for a cut that has a layout counts only if a folder was named."""
        if entry.layout:
            found = self._layouts.named(entry.layout)
            same = before is not None and _file_name(entry.layout) == before.layout.name
            return () if same and not self._asked and len(found) != 1 else found
        return self._layouts.of_cut(entry.number) if before is None or self._asked else ()

    def _shared(self, entry: CutListEntry, seen: set[str]) -> tuple[Path | None, FileRef | None] | None:
        key = same_number(entry.uses)
        if not entry.uses or key in seen or len(seen) > _LONGEST_CHAIN:
            return None
        if key in self._entries:
            return self._layout(self._entries[key], self._there.get(key), {*seen, key})
        return (None, self._there[key].layout) if key in self._there else None

    def _looked_at(
        self, path: Path, entry: CutListEntry, before: Cut | None, column: str
    ) -> tuple[Path | None, FileRef | None]:
        try:
            probe(path)
            sha = sha_of_file(path)
        except BadInput as broken:
            self._tell(broken.sentence, entry, column)
            return None, before.layout if before else None
        except OSError as broken:
            reason = (broken.strerror or "unknown reason").lower()
            self._tell(f"the layout {path.name!r} cannot be read ({reason})", entry, column)
            return None, before.layout if before else None
        if before is not None and before.layout.sha == sha:
            return path, before.layout
        return path, FileRef(sha=sha, name=path.name)

    def _tell(self, sentence: str, entry: CutListEntry, column: str) -> None:
        finding = error(sentence, entry.spot, column)
        if finding not in self.findings:
            self.findings.append(finding)


def _by_place(finding: Finding) -> tuple[str, int, int]:
    return finding.spot.file, finding.spot.row or 0, finding.spot.clip or 0


def _file_name(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _new_places(cutlist: CutList, known: dict[str, str]) -> tuple[Location, ...]:
    new = {
        place_key(one.place): one.place for one in cutlist.entries if one.place and place_key(one.place) not in known
    }
    return tuple(Location(name=name) for name in new.values())


def _settings(show: Show, cutlist: CutList) -> dict[str, str]:
    """What the list says of the film as a whole and the show does not know yet."""
    said = {"fps": str(cutlist.fps)} if any(one.frames for one in cutlist.entries) else {}
    if any("record_in" in one.held for one in cutlist.entries):
        said["record_start"] = str(cutlist.record_start)
    usual = {"record_start": "0"}
    return {name: value for name, value in said.items() if (show.setting(name) or usual.get(name)) != value}


def _shown(value: object) -> str:
    """A value for a person: what is not there is empty."""
    if isinstance(value, FileRef):
        return f"{value.name} ({value.sha[:8]})"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
