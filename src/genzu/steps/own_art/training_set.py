"""The training set: a folder of the studio's paintings, each with its licence, its caption and what is odd about it.

A painting that no line of the licence ledger names stops everything; nothing is left out silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path

from genzu.core.geometry import Extent
from genzu.core.own_art import TrainingFile
from genzu.errors import BadInput, NotFound
from genzu.exchange.psd_flat import read_flat_psd
from genzu.picture.arrays import UInt8, extent_of
from genzu.picture.files import as_rgb8, read_picture
from genzu.picture.headers import probe
from genzu.picture.likeness import fingerprint, near_duplicates
from genzu.steps.own_art.captions import Caption, caption_of
from genzu.steps.own_art.licences import Entry, find_ledger, key_of, read_ledger
from genzu.steps.watch import Watch, nobody

_SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".tif", ".tiff", ".psd", ".psb"))
_LAYOUTS = ("_layout", "-layout", "_genzu", "-genzu", "_lines", "_原図", "_レイアウト")
_NAMED_IN_AN_ERROR = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the person says about the set."""

    without_licence: tuple[str, ...] = ()
    """Files that are taken in although no entry names them, each by its name."""
    by: str = ""
    """Who says so."""
    leave_out: tuple[str, ...] = ()
    """Files to leave out: names or patterns (``sketches/*``)."""
    keep_duplicates: bool = False
    drop_words: tuple[str, ...] = ()
    """Words of file names that say nothing of the picture."""
    ledger: Path | None = None
    """The licence ledger, if it does not lie in the folder under a usual name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPicture:
    """One painting of the set."""

    path: Path
    record: TrainingFile
    caption: Caption
    layout: Path | None
    """The layout that lies beside it (``X_layout.png``, ``X_genzu.png``)."""

    @property
    def extent(self) -> Extent:
        """Size of the painting."""
        return Extent(self.record.width, self.record.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnArt:
    """A training set, ready to be learned from."""

    folder: Path
    pictures: tuple[OwnPicture, ...]
    remarks: tuple[str, ...] = ()
    """Sentences for the person: duplicates, small pictures, limited licences, words without English."""

    @property
    def files(self) -> tuple[TrainingFile, ...]:
        """The records of all pictures."""
        return tuple(picture.record for picture in self.pictures)


@dataclass(slots=True)
class _Notes:
    """Remarks in the making."""

    said: list[str] = field(default_factory=list)

    def say(self, sentence: str, files: Sequence[str]) -> None:
        if files:
            self.said.append(f"{sentence}: {_list(files)}.")


def gather(folder: Path, wishes: Wishes, *, least_side: int, watch: Watch = nobody) -> OwnArt:
    """Read the folder and its sub-folders. Paintings whose short side is below ``least_side`` px are left out.

    Raises ``BadInput`` for a painting without a licence entry, ``NotFound`` for an empty folder or a name that is
    not there, ``UnreadablePicture`` and its relatives for a broken file.
    """
    paintings, layouts = _look_through(folder, wishes)
    ledger = wishes.ledger or find_ledger(folder)
    entries = read_ledger(ledger) if ledger else {}
    waived = _waived(paintings, entries, wishes, ledger)
    _refuse_unlicensed([name for name in paintings if name not in entries and name not in waived], folder, ledger)
    notes = _Notes()
    large = _large_enough(paintings, least_side, notes)
    pictures: list[OwnPicture] = []
    prints = []
    see_through = []
    for place, (name, path) in enumerate(large.items()):
        watch(name, place / len(large))
        pixels, seen_through = read_painting(path)
        entry = entries.get(name)
        pictures.append(_own(name, path, pixels, entry, layouts.get(name), wishes))
        prints.append(fingerprint(pixels))
        see_through += [name] if seen_through else []
    pictures = _without_twins(pictures, near_duplicates(prints), wishes, notes)
    if not pictures:
        raise NotFound("no painting is left to learn from", where=folder, do="give more or larger ones")
    notes.say("See-through parts (a BOOK?) are learned as white; leave these out with --leave-out", see_through)
    notes.say("These stand in the licence ledger but not in the folder", sorted(set(entries) - _names(folder)))
    _remark_on(pictures, entries, notes)
    return OwnArt(folder=folder, pictures=tuple(pictures), remarks=tuple(notes.said))


def without_entry(folder: Path, ledger: Path) -> list[tuple[str, str]]:
    """(file, SHA-256) of every painting of the folder that the ledger does not name yet."""
    paintings, _ = _look_through(folder, Wishes())
    entries = read_ledger(ledger) if ledger.exists() else {}
    return [(name, file_sha(path)) for name, path in paintings.items() if name not in entries]


def read_painting(path: Path) -> tuple[UInt8, bool]:
    """(H, W, 3) sRGB uint8 of a PNG, JPEG, TIFF or PSD, see-through parts on white; and whether there are any."""
    header = probe(path)
    picture = read_flat_psd(path) if header.format == "PSD" else read_picture(path)
    pixels = picture.pixels
    full = 255 if pixels.dtype.itemsize == 1 else 65535
    see_through = pixels.ndim == 3 and pixels.shape[2] == 4 and bool((pixels[..., 3] < full).any())
    return as_rgb8(pixels), see_through


def _look_through(folder: Path, wishes: Wishes) -> tuple[dict[str, Path], dict[str, Path]]:
    """Paintings by name below the folder, and layouts by the name of their painting."""
    if not folder.is_dir():
        raise NotFound("there is no such folder", where=folder, do="name the folder with the paintings")
    paintings = {name: path for name, path in _pictures_in(folder) if not _is_left_out(name, wishes.leave_out)}
    stems = {name.rsplit(".", 1)[0]: name for name in paintings}
    layouts: dict[str, Path] = {}
    for name, path in list(paintings.items()):
        stem = name.rsplit(".", 1)[0]
        ending = next((ending for ending in _LAYOUTS if stem.lower().endswith(ending)), None)
        if ending is None:
            continue
        del paintings[name]  # a drawing, not a painting, even where its painting is not here
        if (painted := stems.get(stem[: -len(ending)])) is not None:
            layouts[painted] = path
    if not paintings:
        raise NotFound("there is no painting in it (PNG, JPEG, TIFF, PSD)", where=folder, do="name another folder")
    return paintings, layouts


def _pictures_in(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part.endswith(".run") for part in parts)
        if path.suffix.lower() in _SUFFIXES and path.is_file() and not hidden:
            yield key_of("/".join(parts)), path


def _names(folder: Path) -> set[str]:
    return {name for name, _ in _pictures_in(folder)}


def _is_left_out(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, key_of(one)) or name.startswith(key_of(one).rstrip("/") + "/") for one in patterns)


def _waived(
    paintings: Mapping[str, Path], entries: Mapping[str, Entry], wishes: Wishes, ledger: Path | None
) -> set[str]:
    """Names that the person takes in without an entry; each must be there, and must have none."""
    if wishes.without_licence and not wishes.by.strip():
        raise BadInput("a picture without a licence entry needs somebody who answers for it", do="add --by NAME")
    waived = set()
    for asked in wishes.without_licence:
        name = key_of(asked)
        if name not in paintings:
            raise NotFound(f"there is no painting {asked} in the folder", where="--without-licence",
                           do="give its name below the folder, one file each")  # fmt: skip
        if name in entries:
            raise BadInput(f"{asked} has a licence entry", where=ledger or "--without-licence",
                           do="leave --without-licence out for it")  # fmt: skip
        waived.add(name)
    return waived


def _refuse_unlicensed(names: Sequence[str], folder: Path, ledger: Path | None) -> None:
    if not names:
        return
    where = f"in {ledger.name}" if ledger else "(there is no licences.csv in the folder)"
    raise BadInput(
        f"no licence entry {where} for {_list(names)}", where=folder,
        do="enter file, owner, licence and source, leave it out with --leave-out NAME, "
           "or answer for it with --without-licence NAME --by YOU",
    )  # fmt: skip


def _large_enough(paintings: Mapping[str, Path], least_side: int, notes: _Notes) -> dict[str, Path]:
    extents = {name: probe(path).extent for name, path in paintings.items()}
    small = [f"{name} ({extents[name]})" for name in paintings if min(extents[name].shape) < least_side]
    notes.say(f"Too small to learn from (short side below {least_side} px), left out", small)
    return {name: path for name, path in paintings.items() if min(extents[name].shape) >= least_side}


def _own(name: str, path: Path, pixels: UInt8, entry: Entry | None, layout: Path | None, wishes: Wishes) -> OwnPicture:
    sha = file_sha(path)
    if entry is not None and entry.sha and entry.sha.casefold() != sha:
        raise BadInput(
            "the file is another one than when its licence entry was made (its SHA-256 differs)", where=path,
            do="check whose picture it is now, and correct its line in the licence ledger",
        )  # fmt: skip
    *folders, stem = name.rsplit(".", 1)[0].split("/")
    caption = caption_of(
        stem, folders, sidecar=_sidecar(path), tags=(entry.words if entry else ""), drop=wishes.drop_words
    )
    extent = extent_of(pixels)
    record = TrainingFile(
        file=name, sha=sha, width=extent.width, height=extent.height, owner=entry.owner if entry else "",
        licence=entry.licence if entry else "", source=entry.source if entry else "", caption=caption.text,
        waived_by="" if entry else wishes.by.strip(),
    )  # fmt: skip
    return OwnPicture(path=path, record=record, caption=caption, layout=layout)


def _sidecar(path: Path) -> str:
    text = path.with_suffix(".txt")
    try:
        return " ".join(text.read_text(encoding="utf-8-sig").split()) if text.is_file() else ""
    except UnicodeDecodeError:
        raise BadInput("its letters cannot be read", where=text, do="save it as text in UTF-8") from None


def file_sha(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        digest = sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _without_twins(
    pictures: list[OwnPicture], twins: Sequence[tuple[int, int]], wishes: Wishes, notes: _Notes
) -> list[OwnPicture]:
    told = [f"{pictures[later].record.file} (as {pictures[first].record.file})" for first, later in twins]
    done = "kept" if wishes.keep_duplicates else "left out; keep them with --keep-duplicates"
    notes.say(f"Nearly the same picture twice, {done}", told)
    drop = set() if wishes.keep_duplicates else {later for _, later in twins}
    return [picture for place, picture in enumerate(pictures) if place not in drop]


def _remark_on(pictures: Sequence[OwnPicture], entries: Mapping[str, Entry], notes: _Notes) -> None:
    names = [one.record.file for one in pictures]
    limited = [f"{name} ({entries[name].licence})" for name in names if name in entries and entries[name].limited]
    notes.say("The licence itself names a limit, ask before you use what learned from it", limited)
    waived = [one.record.file for one in pictures if one.record.waived_by]
    notes.say("Taken in without a licence entry, recorded so", waived)
    notes.say("Nothing is known of what it shows, only the trigger word will stand for it",
              [one.record.file for one in pictures if not one.caption.text])  # fmt: skip
    words = dict.fromkeys(word for one in pictures for word in one.caption.untranslated)
    notes.say("Words without English, left out of captions (write an English .txt beside the picture)", list(words))


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED_IN_AN_ERROR])
    more = len(names) - _NAMED_IN_AN_ERROR
    return shown if more <= 0 else f"{shown} and {more} more"
