"""Step 6: the chosen picture leaves the show, with its layers, its names and the truth about where it comes from."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path

import numpy as np

from genzu import __version__
from genzu.core.codec import Plain, without_none
from genzu.core.cut import FileRef
from genzu.core.naming import DEFAULT_TEMPLATE, Template, path_in, plain_word
from genzu.core.take import NewTake, Stage, Take
from genzu.errors import BadInput, GenzuError, NotFound, UnknownWord
from genzu.exchange.psd_flat import read_flat_psd
from genzu.exchange.psd_write import write_psd
from genzu.picture.arrays import LineArt, UInt8, extent_of
from genzu.picture.compare import Pixels, compare
from genzu.picture.files import SRGB_ICC, as_rgb8, to_uint8, to_uint16, write_png, write_tiff
from genzu.steps.chosen import approved_now, chosen_take, lineage, painting_under, shown_of
from genzu.steps.engine_facts import Training
from genzu.steps.inscription import digital_source_type, inscription
from genzu.steps.intake import take_in
from genzu.steps.staff_roll import StaffRoll, cut_credit
from genzu.store.show import Show

__all__ = ["DEFAULT_FORMATS", "DEFAULT_TEMPLATE", "Delivery", "deliver", "digital_source_type"]

DEFAULT_FORMATS = ("psd", "png", "tiff")
"""Layered PSD (8 bit), flat PNG (depth of the picture) and flat TIFF (16 bit)."""
_SUFFIXES = {"psd": ".psd", "png": ".png", "tiff": ".tif"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What was delivered."""

    take: Take
    """The final take."""
    files: dict[str, Path]
    """By kind: psd, png, tiff, staff, json; where they really are."""
    lines: tuple[str, ...]
    """The staff roll of this picture."""
    own_psd: bool
    """True if the PSD is the person's own file, byte for byte."""
    notes: tuple[str, ...] = ()
    """What a person should know: that the sheet was sent back and nothing answers it yet."""

    def to_dict(self) -> Plain:
        """For ``--json``."""
        return {
            "cut": self.take.cut,
            "sheet": self.take.sheet,
            "take": self.take.number,
            "credit": self.take.hand.value,
            "files": {kind: str(path) for kind, path in self.files.items()},
            "own_psd": self.own_psd,
            "staff_roll": list(self.lines),
            "notes": list(self.notes),
        }


def deliver(
    show: Show,
    cut: str,
    *,
    out: Path,
    template: str = DEFAULT_TEMPLATE,
    formats: Sequence[str] = DEFAULT_FORMATS,
    sheet: str = "BG",
    training: Mapping[str, Training] | None = None,
) -> Delivery:
    """Deliver the take that stands for a sheet: approved, picked, or the latest work on it.

    The choice is recorded as a final take; delivering the same take again is the same final. Files go to ``out``
    under ``template``; one that a person changed there is kept, and the new one is put beside it. Raises
    :class:`NotFound` if nothing is painted, :class:`BadInput` for a template that does not tell pictures apart,
    :class:`UnknownWord` for a format, ``CannotWrite``.
    """
    named, kinds = _checked(show, show.cut(cut).number, template, formats)
    # A shared background (兼用) is delivered as it stands where it is painted, under the name of the cut that shows it.
    owner = shown_of(show, cut).get(sheet, cut)
    chosen = chosen_take(show, owner, sheet)
    if chosen is None:
        raise NotFound(f"cut {cut} {sheet} has no painting to deliver", do="paint it with 'genzu paint'")
    named.render({**_values(show, chosen), "cut": cut})  # a name that cannot be is refused before anything is recorded
    final = _final(show, chosen)
    roll = StaffRoll(
        title=f"{show.title}, cut {cut} {sheet}",
        cuts=(replace(cut_credit(show, owner, only=final), cut=cut),),
        training=dict(training or {}),
    )
    work = _Work(show=show, final=final, roll=roll)
    name = named.render({**_values(show, final), "cut": cut})
    writers: dict[str, Callable[[Path], None]] = {"psd": work.psd, "png": work.png, "tiff": work.tiff}
    files = {kind: show.export(path_in(out, name, _SUFFIXES[kind]), writers[kind]) for kind in kinds}
    files["staff"] = show.export(path_in(out, name, "_staff.txt"), work.staff)
    files["json"] = show.export(path_in(out, name, ".json"), lambda path: work.sidecar(path, files))
    own = "psd" in kinds and work.own_psd is not None
    notes = tuple(
        f"this sheet was sent back by {one.by} and is not answered yet: {one.reason}"
        for one in show.retakes(cut, sheet, open_only=True)
    )
    return Delivery(take=final, files=files, lines=tuple(roll.text.splitlines()), own_psd=own, notes=notes)


def working_psd(show: Show, take: Take, out: Path) -> Path:
    """The layered PSD of a take to paint upon, as ``paint`` writes it for a cut's own painting; nothing is recorded.

    Raises :class:`BadInput` for a picture that goes back to no painting, ``CannotWrite``.
    """
    roll = StaffRoll(title=show.title, cuts=(cut_credit(show, take.cut, only=take),))
    name = take.cut if take.sheet == "BG" else f"{take.cut}_{take.sheet}"
    file = out / f"{name}_{take.stage.value}_t{take.number:02}.psd"
    return show.export(file, _Work(show=show, final=take, roll=roll).psd)


def _checked(show: Show, cut: str, template: str, formats: Sequence[str]) -> tuple[Template, tuple[str, ...]]:
    named = Template(template)
    needed = ["cut"] + ["sheet"] * (len(shown_of(show, cut)) > 1)
    missing = [field for field in needed if field not in named.fields]
    if missing:
        raise BadInput(
            f"it does not say {{{missing[0]}}}, so that pictures would get the same name",
            where=repr(template),
            do="add it, for example " + repr(DEFAULT_TEMPLATE),
        )
    kinds = tuple(dict.fromkeys({"tif": "tiff", "tiff16": "tiff"}.get(word, word) for word in formats))
    for kind in kinds:
        if kind not in _SUFFIXES:
            raise UnknownWord(f"{kind!r} is not a format of a delivery", do="use " + ", ".join(_SUFFIXES))
    return named, kinds


def _final(show: Show, chosen: Take) -> Take:
    """The final take of a choice; recorded once."""
    if chosen.stage is Stage.FINAL:
        return chosen
    for take in show.takes(chosen.cut, chosen.sheet, Stage.FINAL):
        if take.parents == (chosen.id,):
            return take
    approved = approved_now(show, chosen.cut, chosen.sheet)
    return show.record(
        NewTake(
            cut=chosen.cut, sheet=chosen.sheet, stage=Stage.FINAL, picture=chosen.picture, hand=chosen.hand,
            parents=(chosen.id,), by=chosen.by, original=chosen.original,
            measures={"approved": approved is not None and approved.id == chosen.id},
        )
    )  # fmt: skip


def _values(show: Show, final: Take) -> dict[str, str | int]:
    """What the naming template may ask for; what the prompt did not say has no value."""
    painting = painting_under(show, final)
    said = painting.recipe if painting else None
    words = said.conditions if said else None
    return {
        "show": plain_word(show.title), "cut": final.cut, "sheet": plain_word(final.sheet), "stage": final.stage.value,
        "take": final.number, "engine": said.engine if said else "",
        "season": (words and words.season) or "", "time": (words and words.time) or "",
        "weather": (words and words.weather) or "", "place": (words and words.place) or "",
    }  # fmt: skip


@dataclass
class _Work:
    """Writes the files of one delivery."""

    show: Show
    final: Take
    roll: StaffRoll

    def __post_init__(self) -> None:
        self.line = lineage(self.show, self.final)
        self.picture: Pixels = self.show.picture(self.final.picture)
        self.own_psd = self._own_psd()
        title = f"{self.show.title} {self.final.cut} {self.final.sheet} t{self.final.number:02}"
        self.said = inscription(self.show, self.final, title=title, learned=self.roll.learned)

    def psd(self, path: Path) -> None:
        """The person's own PSD if it shows this picture, with all its layers; else one that we build."""
        if self.own_psd is not None:
            shutil.copyfile(self.own_psd, path)
            return
        painting = painting_under(self.show, self.final)
        if painting is None:
            raise BadInput("this picture goes back to no painting, so it has no layers", do="deliver png and tiff only")
        base, top = to_uint8(self.show.picture(painting.picture)), to_uint8(self.picture)
        write_psd(
            path,
            extent=extent_of(base),
            painting=_rgb(base),
            rough=self._rough(painting),
            lines=self._lines(painting),
            materials=to_uint8(self.show.picture(painting.measures["materials"])),
            alpha=np.ascontiguousarray(top[..., 3]) if top.shape[2] == 4 else None,
            icc=SRGB_ICC,
            title=self.said.xmp.title,
            retouch=None if self.final.picture == painting.picture else _rgb(top),
            xmp=self.said.packet,
        )

    def png(self, path: Path) -> None:
        """Flat, at the depth of the picture, with who and what made it in text chunks."""
        write_png(path, self.picture, text=self.said.png(comment=self.roll.text.strip()))

    def tiff(self, path: Path) -> None:
        """Flat, 16 bit, with the same words in XMP."""
        write_tiff(path, to_uint16(self.picture), xmp=self.said.packet)

    def staff(self, path: Path) -> None:
        """The staff roll of this picture."""
        path.write_text(self.roll.text, encoding="utf-8")

    def sidecar(self, path: Path, files: Mapping[str, Path]) -> None:
        """Provenance: every take that this picture was made from, and the files that it was delivered as."""
        record = {
            "genzu": __version__,
            "show": self.show.title,
            "cut": self.final.cut,
            "sheet": self.final.sheet,
            "take": self.final.number,
            "credit": self.final.hand.value,
            "digital_source_type": self.said.xmp.digital_source,
            "staff_roll": self.roll.to_dict(),
            "made_from": [_take_record(take) for take in self.line],
            "own_psd": "psd" in files and self.own_psd is not None,
            "files": {kind: {"name": file.name, "sha256": _digest(file)} for kind, file in files.items()},
        }
        path.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def _own_psd(self) -> Path | None:
        """The PSD that a person gave back, if what it shows is the picture of this take."""
        name = next((str(take.measures["file"]) for take in self.line if "file" in take.measures), "")
        if self.final.original is None or not name.lower().endswith(".psd"):
            return None
        kept = self.show.file(FileRef(sha=self.final.original, name=name))
        try:
            shown = read_flat_psd(kept).pixels
        except GenzuError:
            return None
        if shown.shape[:2] != self.picture.shape[:2] or compare(self.picture, shown).changed_share > 0:
            return None
        return kept

    def _lines(self, painting: Take) -> LineArt:
        """The drawing split by pencil; as one pencil if the cut has another layout by now."""
        cut, recipe = self.show.cut(self.final.cut), painting.recipe
        taken = take_in(self.show.file(cut.layout), size=recipe.extent if cut.size and recipe else None)
        drawing = next((one for one in taken.sheets if one.name == self.final.sheet), None)
        if drawing is not None and recipe and (taken.source, drawing.lines.extent) == (recipe.layout, recipe.extent):
            return drawing.lines
        layout = next((take for take in self.line if take.stage is Stage.LAYOUT), None)
        height, width = self.picture.shape[:2]
        empty = np.zeros((height, width), np.uint8)
        drawn = empty if layout is None else 255 - as_rgb8(self.show.picture(layout.picture)).min(axis=2)
        return LineArt(contour=drawn, highlight=empty, shadow=empty, cel=empty)

    def _rough(self, painting: Take) -> UInt8 | None:
        takes = (self.show.take(parent) for parent in painting.parents)
        rough = next((take for take in takes if take.stage is Stage.ROUGH), None)
        return _rgb(to_uint8(self.show.picture(rough.picture))) if rough else None


def _rgb(picture: UInt8) -> UInt8:
    return np.ascontiguousarray(picture[..., :3]) if picture.ndim == 3 else as_rgb8(picture)


def _take_record(take: Take) -> Plain:
    return without_none(
        {
            "id": take.id, "stage": take.stage.value, "number": take.number, "created": take.created,
            "hand": take.hand.value, "by": take.by or None, "parents": list(take.parents),
            "pixels_sha256": take.picture, "file_sha256": take.original, "note": take.note or None,
            "recipe": take.recipe.to_dict() if take.recipe else None, "measures": dict(take.measures),
        }
    )  # fmt: skip


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
