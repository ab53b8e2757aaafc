"""Cut lists from files of every kind, from a folder of layouts, and the layouts that belong to them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from genzu.core.cutlist import CutList, CutListEntry, ReadList
from genzu.core.findings import Finding, Spot, error, warning
from genzu.core.naming import Template
from genzu.core.numbers import in_order, number_in, same_number
from genzu.core.timing import FILM, FrameRate
from genzu.errors import BadInput, NotFound
from genzu.exchange.cutlist_csv import read_cutlist_csv
from genzu.exchange.timeline_edl import read_edl
from genzu.exchange.timeline_otio import read_otio
from genzu.exchange.xdts import merged, read_xdts

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".psd", ".psb")
TABLES = (".csv", ".tsv", ".txt")
MOST_FILES = 50_000
_UNSAID = ("thumbs.db", "desktop.ini")
_FROM_NAMES = ("place", "season", "time", "weather")


def read_list(path: Path, *, fps: FrameRate | None, usual: FrameRate = FILM, template: Template | None) -> ReadList:
    """Read a list of any kind; ``usual`` is the frame rate for files that do not say theirs.

    Raises ``NotFound``, ``BadInput``; whatever can be told of single cuts is a finding.
    """
    if path.is_dir():
        return read_folder(path, fps=fps or usual, template=template)
    kind = path.suffix.lower()
    if kind in TABLES:
        return read_cutlist_csv(path, fps or usual)
    if kind == ".otio":
        return read_otio(path, fps)
    if kind == ".edl":
        return read_edl(path, fps or (usual if usual != FILM else None))
    if kind == ".xdts":
        return read_xdts(path, fps or usual)
    if not path.exists():
        raise NotFound("this file is not there", where=path, do="check its name")
    do = "save it as CSV (UTF-8)" if kind in (".xlsx", ".xls", ".ods", ".numbers") else "give a list or a folder"
    raise BadInput(f"a {kind or 'file without suffix'} is no cut list: .csv .otio .edl .xdts are", where=path, do=do)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """What the name of a layout's file says."""

    path: str
    number: str
    sheet: str = "BG"
    take: int = 0
    said: tuple[tuple[str, str], ...] = ()

    @property
    def is_ground(self) -> bool:
        """True for the background itself, whose file is the layout of the cut."""
        return self.sheet in ("BG", "LO", "LAYOUT")


def read_folder(folder: Path, *, fps: FrameRate, template: Template | None) -> ReadList:
    """A list made of the names of files: layouts, and time sheets (XDTS) beside them."""
    findings, sheets = list[Finding](), dict[str, CutListEntry]()
    named: dict[str, list[_Named]] = {}
    for path in _files(folder):
        inside = path.relative_to(folder).as_posix()
        if path.suffix.lower() == ".xdts":
            try:
                found = read_xdts(path, fps)
            except BadInput as broken:
                findings.append(error(broken.sentence, Spot(file=inside)))
                continue
            findings += found.findings
            sheets[same_number(found.cutlist.entries[0].number)] = found.cutlist.entries[0]
        elif (one := _read_name(path, inside, template)) is not None:
            named.setdefault(same_number(one.number), []).append(one)
        elif path.name.lower() not in _UNSAID:
            is_picture = template is not None and path.suffix.lower() in PICTURES
            what = f"is not named like {template.text}" if template and is_picture else "is no picture"
            findings.append(warning(f"this file {what} and is left out", Spot(file=inside)))
    entries = {key: entry for key, files in named.items() for entry in _entry(files, findings)}
    for key, sheet in sheets.items():
        entries[key] = merged(entries[key], sheet) if key in entries else sheet
    ordered = sorted(entries.values(), key=lambda entry: in_order(entry.number))
    return ReadList(CutList(entries=tuple(ordered), fps=fps), tuple(findings))


def _files(folder: Path) -> Iterator[Path]:
    """Files in a folder and below, hidden ones left out, in the order of their names."""
    found = []
    for path in folder.rglob("*"):
        if any(part.startswith(".") for part in path.relative_to(folder).parts) or not path.is_file():
            continue
        found.append(path)
        if len(found) > MOST_FILES:
            raise BadInput(f"more than {MOST_FILES} files are no folder of layouts", where=folder)
    yield from sorted(found)


def _read_name(path: Path, inside: str, template: Template | None) -> _Named | None:
    if path.suffix.lower() not in PICTURES:
        return None
    stem = unicodedata.normalize("NFC", path.stem)
    if template is None:
        return _Named(path=inside, number=number_in(stem))
    said = template.read(stem)
    if said is None or not said.get("cut"):
        return None
    return _Named(
        path=inside, number=said["cut"], sheet=said.get("sheet", "BG").upper(), take=int(said.get("take", 0)),
        said=tuple((name, said[name]) for name in _FROM_NAMES if name in said),
    )  # fmt: skip


def _entry(files: list[_Named], findings: list[Finding]) -> Iterator[CutListEntry]:
    """One cut of all files that name it: its newest BG is the layout."""
    grounds = [one for one in files if one.is_ground]
    alone = "in a file of its own is not taken: put it into the PSD of the layout as a group"
    findings += [warning(f"sheet {one.sheet} {alone}", Spot(file=one.path)) for one in files if not one.is_ground]
    newest = [one for one in grounds if one.take == max(ground.take for ground in grounds)]
    if not newest:
        return
    first = newest[0]
    both = f"this and {first.path} are both the layout of cut {first.number}"
    findings += [error(both, Spot(file=other.path)) for other in newest[1:]]
    yield CutListEntry(
        number=first.number, layout=first.path, spot=Spot(file=first.path), **dict(first.said),  # type: ignore[arg-type]
        held=frozenset({"layout", *(name for name, _ in first.said)}),
    )  # fmt: skip


class Layouts:
    """The pictures in a folder of layouts, by path, name and number; nothing outside of it can be found."""

    def __init__(self, folder: Path, template: Template | None) -> None:
        self.folder, self._template = folder, template

    @cached_property
    def _index(self) -> tuple[dict[str, list[Path]], dict[str, list[Path]]]:
        """By name and by number; the folder is looked through when the first layout is asked for."""
        by_name: dict[str, list[Path]] = {}
        by_number: dict[str, list[Path]] = {}
        for path in _files(self.folder):
            if path.suffix.lower() not in PICTURES:
                continue
            inside = path.relative_to(self.folder).as_posix()
            for name in {inside, path.name, str(PurePosixPath(inside).with_suffix("")), path.stem}:
                by_name.setdefault(_key(name), []).append(path)
            named = _read_name(path, inside, self._template)
            if named is not None and named.is_ground:
                by_number.setdefault(same_number(named.number), []).append(path)
        return by_name, by_number

    def named(self, name: str) -> tuple[Path, ...]:
        """Files of this path, or of this name in whatever folder; more than one if the name is not enough."""
        found = self._index[0].get(_key(name), [])
        exact = [path for path in found if _key(path.relative_to(self.folder).as_posix()) == _key(name)]
        return tuple(exact or found)

    def of_cut(self, number: str) -> tuple[Path, ...]:
        """Files whose name is the number of the cut."""
        return tuple(self._index[1].get(same_number(number), ()))


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
