"""Step 5, by hand: a person's edit comes back, is measured against the painting and recorded with the name."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genzu.core.credit import Contribution, Hand, Role, hand_of
from genzu.core.geometry import Extent
from genzu.core.take import NewTake, Stage, Take
from genzu.errors import BadInput, Misregistered, NotFound, UnreadablePicture, WrongSize
from genzu.exchange.psd_flat import read_flat_psd
from genzu.picture.alignment import Alignment, alignment_of, largest_shift
from genzu.picture.arrays import UInt8, UInt16, extent_of
from genzu.picture.compare import Difference, brushwork_kept, compare
from genzu.picture.files import as_rgb8, probe, read_picture
from genzu.steps.chosen import chosen_take, painting_under, shown_of
from genzu.store.show import Show

MOST_CANDIDATES = 64
"""Newest takes among which the one that was edited is looked for: variants and candidates are many."""
_NO_PERSON = {"", "ai", "human", "genzu", "machine", "computer", "unknown", "anonymous", "人工知能", "無名", "匿名"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Touchup:
    """A touch-up that was taken back."""

    take: Take
    parent: Take
    """The take that was edited."""
    since_parent: Difference
    since_painting: Difference
    """Decides the credit."""
    alignment: Alignment
    notes: tuple[str, ...] = ()
    """What a person should know, in sentences."""


def take_back(
    show: Show,
    cut: str,
    file: Path,
    *,
    by: str,
    sheet: str = "BG",
    role: Role = Role.TOUCH_UP,
    note: str = "",
) -> Touchup:
    """Take an edited PSD, PNG or TIFF back as the next retouch take of a sheet.

    The file is kept byte for byte, its pixels as 8 or 16 bit. Raises :class:`BadInput` (no person named, nothing
    changed, holes in a BG), :class:`NotFound` (nothing painted yet), :class:`WrongSize`, :class:`Misregistered`
    with the measured movement, :class:`UnreadablePicture`. Nothing is recorded then.
    """
    name = _person(by)
    if not role.paints:
        raise BadInput(
            f"a {role.value} does not paint into the picture", where=file, do="name them with 'genzu credit'"
        )
    bases = _bases(show, show.cut(cut).number, sheet)
    _check_size(show, file, bases)
    digest = _digest(file)
    pixels = _pixels(file)
    parent, before = _edited(show, bases, pixels)
    pixels = _same_alpha(file, pixels, before)
    since_parent = compare(before, pixels)
    if since_parent.changed_share == 0:
        raise BadInput(
            f"nothing in it is changed: it shows {parent.stage.value} take {parent.number} of cut {cut} {sheet}",
            where=file,
            do="save the picture in the painting program and give that file",
        )
    lies = alignment_of(as_rgb8(before), as_rgb8(pixels))
    _check_alignment(file, lies, extent_of(pixels))
    painting = painting_under(show, parent)
    since_painting = _since_painting(show, painting, parent, pixels, since_parent)
    kept = brushwork_kept(show.picture(painting.picture), pixels) if painting is not None else 0.0
    new = NewTake(
        cut=cut,
        sheet=sheet,
        stage=Stage.RETOUCH,
        picture=show.keep_picture(pixels),
        hand=_hand(painting, since_painting.changed_share, kept),
        parents=(parent.id,),
        by=name,
        original=_kept(show, file, digest),
        measures={
            **since_parent.to_dict(),
            "since_painting": since_painting.to_dict(),
            "brushwork_kept": round(kept, 4),
            "shift": lies.to_dict(),
            "file": file.name,
            "role": role.value,
        },
        note=note,
    )
    take = show.record(new)
    show.credit(Contribution(name=name, role=role, cut=cut))
    return Touchup(
        take=take, parent=parent, since_parent=since_parent, since_painting=since_painting, alignment=lies,
        notes=(*_notes(lies, take), *_not_shown(show, take)),
    )  # fmt: skip


def _person(by: str) -> str:
    """A name as it is printed; what is no person's name is refused."""
    name = unicodedata.normalize("NFC", by).strip()
    plain = unicodedata.normalize("NFKC", name).casefold().replace(".", "").strip()
    if plain in _NO_PERSON:
        raise BadInput(
            f"{by!r} names no person" if name else "the person who painted is not named",
            where="by",
            do="give the name that the staff roll shall print",
        )
    return name


def _bases(show: Show, cut: str, sheet: str) -> list[Take]:
    """Retouches and paintings that may have been edited, newest first."""
    source = shown_of(show, cut).get(sheet, cut)
    if source != cut:
        raise NotFound(
            f"cut {cut} shows the background of cut {source} (兼用)",
            do=f"give the touch-up to that one: --cut {source}",
        )
    takes = [take for take in show.takes(cut, sheet) if take.stage in (Stage.RETOUCH, Stage.PAINTING, Stage.FINAL)]
    if not takes:
        raise NotFound(f"cut {cut} {sheet} has no painting that could be touched up", do="paint it with 'genzu paint'")
    return takes[::-1][:MOST_CANDIDATES]


def _check_size(show: Show, file: Path, bases: Sequence[Take]) -> None:
    """Before anything is decoded."""
    extent = probe(file).extent
    known = list(dict.fromkeys(extent_of(show.picture(take.picture)) for take in _one_per_size(bases)))
    if extent not in known:
        raise WrongSize(
            f"it is {extent} px, but the picture that was painted is {known[0]} px",
            where=file,
            do="save it at its own size; a resized picture no longer fits its layout",
        )


def _one_per_size(bases: Sequence[Take]) -> list[Take]:
    """The newest take of every size; retouches have the size of what they were made from."""
    sizes: dict[Extent | None, Take] = {}
    for take in bases:
        sizes.setdefault(take.recipe.extent if take.recipe else None, take)
    return list(sizes.values())


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _pixels(file: Path) -> UInt8 | UInt16:
    kind = probe(file).format
    if kind == "JPEG":
        raise UnreadablePicture(
            "a JPEG has lost part of the painting", where=file, do="save the touch-up as PSD, PNG or TIFF"
        )
    pixels = (read_flat_psd if kind == "PSD" else read_picture)(file).pixels
    if pixels.ndim == 2:
        return _three(pixels)
    opaque = pixels.shape[2] == 4 and bool((pixels[..., 3] == np.iinfo(pixels.dtype).max).all())
    return _three(pixels) if opaque else pixels


def _three(pixels: UInt8 | UInt16) -> UInt8 | UInt16:
    """Grey or RGBA to RGB of the same depth."""
    if pixels.dtype == np.uint8:
        return np.ascontiguousarray(_rgb(pixels), np.uint8)
    return np.ascontiguousarray(_rgb(pixels), np.uint16)


def _rgb(pixels: NDArray[Any]) -> NDArray[Any]:
    return np.repeat(pixels[..., None], 3, axis=2) if pixels.ndim == 2 else pixels[..., :3]


def _edited(show: Show, bases: Sequence[Take], pixels: UInt8 | UInt16) -> tuple[Take, NDArray[Any]]:
    """The take that is nearest to the file, judged on every fourth pixel; the newest of equals."""
    best: tuple[float, Take, NDArray[Any]] | None = None
    for take in bases:
        before = show.picture(take.picture)
        if before.shape[:2] != pixels.shape[:2]:
            continue
        share = compare(before[::4, ::4], pixels[::4, ::4]).changed_share
        if best is None or share < best[0]:
            best = share, take, before
        if share == 0:
            break
    if best is None:
        raise WrongSize("no painting of this size is left", where=f"cut {bases[0].cut}")
    return best[1], best[2]


def _same_alpha(file: Path, pixels: UInt8 | UInt16, before: NDArray[Any]) -> UInt8 | UInt16:
    """A BG covers the whole frame and a BOOK keeps its transparency."""
    has, should = pixels.shape[2] == 4, before.ndim == 3 and before.shape[2] == 4
    if has and not should:
        share = 100 * float((pixels[..., 3] < np.iinfo(pixels.dtype).max).mean())
        raise BadInput(
            f"{share:.1f} % of it is see-through, but this sheet covers the whole frame",
            where=file,
            do="show the layers of the painting again and save it",
        )
    if should and not has:
        if before[..., 3].min() == np.iinfo(before.dtype).max:
            return pixels
        raise BadInput(
            "it has no transparency, but this sheet lies over others", where=file,
            do="save it as PSD, or as PNG with transparency",
        )  # fmt: skip
    return pixels


def _check_alignment(file: Path, lies: Alignment, extent: Extent) -> None:
    limit = largest_shift(extent)
    if lies.within(limit):
        return
    dx, dy = round(lies.dx, 2) + 0.0, round(lies.dy, 2) + 0.0  # no "-0.00"
    found = [f"shifted by {dx:+.2f} px across and {dy:+.2f} px down"]
    if abs(lies.scale - 1) * extent.width / 2 > limit:
        found.append(f"zoomed to {100 * lies.scale:.2f} %")
    if abs(lies.degrees) * np.pi / 180 * extent.width / 2 > limit:
        found.append(f"turned by {lies.degrees:+.2f}°")
    raise Misregistered(
        f"it is {', '.join(found)} (up to {lies.worst:.1f} px; {limit:.1f} px are allowed)",
        where=file,
        do="move it back onto the painting, so that it fits the layout and the cels",
    )


def _hand(painting: Take | None, changed: float, kept: float) -> Hand:
    """Whose pixels are in it; those of people who painted into the base of a regional repaint are still there."""
    machine = painting is not None and painting.hand is not Hand.HUMAN
    hand = hand_of(changed, machine_made_base=machine, brushwork_kept=kept)
    return painting.hand if hand is Hand.AI and painting is not None else hand


def _since_painting(
    show: Show, painting: Take | None, parent: Take, pixels: UInt8 | UInt16, since_parent: Difference
) -> Difference:
    if painting is None or painting.id == parent.id or painting.picture == parent.picture:
        return since_parent
    return compare(show.picture(painting.picture), pixels)


def _kept(show: Show, file: Path, digest: str) -> str:
    """Keep the file; the copy must be the bytes that were measured."""
    ref = show.keep_file(file)
    if ref.sha != digest:
        raise BadInput("it was saved again while it was read", where=file, do="give it once more")
    return ref.sha


def _not_shown(show: Show, take: Take) -> tuple[str, ...]:
    """A touch-up of another painting than the picked or approved one does not stand for the sheet by itself."""
    shown = chosen_take(show, take.cut, take.sheet)
    if shown is None or shown.id == take.id:
        return ()
    return (
        f"the sheet still shows {shown.stage.value} take {shown.number} (id {shown.id}), which was chosen before; "
        f"to show this one: genzu pick {take.cut} --sheet {take.sheet} --take {take.id} --by NAME",
    )


def _notes(lies: Alignment, take: Take) -> tuple[str, ...]:
    notes = []
    if not lies.sure:
        notes.append("so much is repainted that its position on the layout could not be measured; check it by eye")
    if take.hand is Hand.AI:
        notes.append("fewer pixels than a brush leaves differ from the painting; the credit stays AI")
    return tuple(notes)
