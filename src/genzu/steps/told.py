"""What a file says about how its picture was made: Genzu's own passport, and the words of other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from genzu.core.codec import Fields, Plain, without_none
from genzu.core.credit import Hand
from genzu.core.cut import FileRef
from genzu.core.foreign import Pairs, comfy_graph, invoke_record
from genzu.core.infotext import Infotext
from genzu.core.json_text import LARGEST, parse_json
from genzu.core.passport import Made, Passport, check_sha, checked_recipe
from genzu.core.take import Stage
from genzu.errors import BadInput, BadRecord, NotFound
from genzu.exchange.psd_flat import read_flat_psd
from genzu.picture.files import pixels_digest, read_picture, to_uint8
from genzu.picture.metadata import FileWords, read_words
from genzu.picture.xmp import Xmp
from genzu.steps.inscription import PASSPORT_KEY

Pixels = Literal["same", "changed", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything that one file says."""

    file: Path
    kind: str
    """``PNG, 1920×1080 px``, ``JSON``."""
    passport: Passport | None = None
    pixels: Pixels = "unknown"
    """Whether the pixels in the file are still those that the passport names; unknown for a JPEG and for JSON."""
    infotext: Infotext | None = None
    """A1111 parameters."""
    others: tuple[tuple[str, Pairs], ...] = ()
    """What ComfyUI's graph or InvokeAI's record says, by the program's name."""
    xmp: Xmp | None = None

    def to_dict(self) -> Plain:
        """For ``--json``; the passport as it is stored."""
        info = self.infotext
        return without_none(
            {
                "file": str(self.file), "kind": self.kind, "pixels": self.pixels,
                "genzu": self.passport.to_dict() if self.passport else None,
                "parameters": None if info is None else {
                    "prompt": info.prompt, "negative_prompt": info.negative,
                    "settings": [list(pair) for pair in info.settings],
                },
                "others": {name: [list(pair) for pair in pairs] for name, pairs in self.others} or None,
                "digital_source_type": (self.xmp.digital_source or None) if self.xmp else None,
                "creators": list(self.xmp.creators) if self.xmp and self.xmp.creators else None,
            }
        )  # fmt: skip


def read_told(file: Path) -> Told:
    """Read what a PNG, JPEG, TIFF, PSD or JSON file says.

    Raises :class:`NotFound` if it says nothing, :class:`BadRecord` for a passport or JSON that is not valid, and as
    :func:`read_words` does. Paths in a file are never followed.
    """
    if file.suffix.lower() == ".json":
        return _of_json(file)
    words = read_words(file)
    told = _of_words(file, words)
    if told.passport is None and told.infotext is None and not told.others and not _says_source(told.xmp):
        raise NotFound("nothing in it says how it was made", where=file, do="ask who sent it for the original file")
    return told


def _says_source(xmp: Xmp | None) -> bool:
    return xmp is not None and bool(xmp.digital_source or xmp.prompt or xmp.system)


def _of_words(file: Path, words: FileWords) -> Told:
    own = words.text.get(PASSPORT_KEY) or (words.xmp.passport if words.xmp else "")
    passport = (
        Passport.from_dict(parse_json(own, f"{file}: {PASSPORT_KEY}"), f"{file}: {PASSPORT_KEY}") if own else None
    )
    extent = words.header.extent
    return Told(
        file=file,
        kind=f"{words.header.format}, {extent} px",
        passport=passport,
        pixels=_compared(file, words.header.format, passport) if passport else "unknown",
        infotext=Infotext.parse(words.parameters) if words.parameters else None,
        others=_others(words.text),
        xmp=words.xmp,
    )


def _others(text: Mapping[str, str]) -> tuple[tuple[str, Pairs], ...]:
    """Records of other programs; one that is no JSON is no record of theirs."""
    found = []
    for key, program, read in (
        ("prompt", "ComfyUI", comfy_graph), ("invokeai_metadata", "InvokeAI", invoke_record),
        ("sd-metadata", "InvokeAI", invoke_record),
    ):  # fmt: skip
        if key in text:
            pairs = read(parse_json(text[key], key))
            if pairs:
                found.append((program, pairs))
    if "Dream" in text:
        found.append(("InvokeAI", (("Command", text["Dream"]),)))
    return tuple(found)


def _compared(file: Path, kind: str, passport: Passport) -> Pixels:
    """A TIFF of 8-bit pixels is written with 16, a PSD lies on white: what can be told apart is told apart."""
    if kind == "JPEG":
        return "unknown"
    pixels = (read_flat_psd if kind == "PSD" else read_picture)(file).pixels
    return "same" if passport.take.pixels in _digests(pixels) else "changed"


def _digests(pixels: NDArray[Any]) -> set[str]:
    forms = [pixels]
    if pixels.dtype == np.uint16:
        forms.append(to_uint8(pixels))
    opaque = pixels.ndim == 3 and pixels.shape[2] == 4
    forms += [np.ascontiguousarray(form[..., :3]) for form in forms] if opaque else []
    return {pixels_digest(form) for form in forms}


def _of_json(file: Path) -> Told:
    """The JSON that stands beside a painting or a delivery, a passport alone, or a graph of ComfyUI."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise NotFound("there is no such file", where=file, do="check the name and the folder") from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise BadInput(f"it cannot be read ({reason})", where=file, do="give a readable file") from None
    record = parse_json(raw.decode("utf-8-sig", "replace"), str(file))
    passport = _from_record(record, str(file))
    graph = comfy_graph(record) if passport is None else ()
    others = (("ComfyUI", graph),) if graph else ()
    if passport is None and not others and (pairs := invoke_record(record)):
        others = (("InvokeAI", pairs),)
    if passport is None and not others:
        raise NotFound("nothing in it says how a picture was made", where=file, do="give the JSON beside a painting")
    return Told(file=file, kind="JSON", passport=passport, others=others)


def _from_record(record: object, where: str) -> Passport | None:
    """The passport of one of our JSON files; of a sheet of variants, that of its base."""
    if not isinstance(record, Mapping):
        return None
    if "genzu_passport" in record:
        return Passport.from_dict(record, where)
    if not isinstance(record.get("genzu"), str):
        return None
    if isinstance(record.get("made_from"), list):
        return _of_delivery(record, where)
    if isinstance(record.get("base"), Mapping):
        base = record["base"]
        return _of_painting(
            {**record, "recipes": base.get("recipes"), "pixels_sha256": base.get("pixels_sha256")}, where
        )
    return _of_painting(record, where) if "recipes" in record else None


def _of_painting(record: Mapping[str, Any], where: str) -> Passport:
    """``<stem>.json`` of ``genzu paint``: the first painting and its rough."""
    made = []
    for stage in (Stage.PAINTING, Stage.ROUGH):
        recipes, pixels = (_first(record.get(key), stage) for key in ("recipes", "pixels_sha256"))
        if isinstance(recipes, Mapping):
            made.append(
                Made(
                    stage=stage, number=1, pixels=check_sha(str(pixels), f"{where}.pixels_sha256.{stage.value}"),
                    hand=Hand.AI, recipe=checked_recipe(recipes, f"{where}.recipes.{stage.value}"),
                )
            )  # fmt: skip
    if not made:
        raise BadRecord("it holds no recipe", where=where, do="give the JSON that 'genzu paint' wrote")
    files = {}
    layout = record.get("layout")
    if isinstance(layout, Mapping):
        fields = Fields(layout, f"{where}.layout")
        sha = check_sha(fields.take("sha256", str), fields.where("sha256"))
        files["layout"] = FileRef(sha=sha, name=fields.take("file", str))
    return Passport(
        program=str(record["genzu"]), show="", cut=str(record.get("cut", "")), sheet=str(record.get("sheet", "BG")),
        made=tuple(made), files=files,
    )  # fmt: skip


def _first(record: object, stage: Stage) -> object:
    found = record.get(stage.value) if isinstance(record, Mapping) else None
    return (found[0] if found else None) if isinstance(found, list) else found


def _of_delivery(record: Mapping[str, Any], where: str) -> Passport:
    """The JSON beside a delivery: every take that the final was made from."""
    made = []
    for index, item in enumerate(record["made_from"][:1000]):
        fields = Fields(item, f"{where}.made_from[{index}]")
        made.append(
            Made.from_dict(
                without_none(
                    {
                        "stage": fields.take("stage", str), "number": fields.take("number", int),
                        "pixels": fields.take("pixels_sha256", str), "hand": fields.take("hand", str),
                        "by": fields.take("by", str, None), "recipe": fields.take("recipe", dict, None),
                    }
                ),
                fields.where("")[:-1],
            )
        )  # fmt: skip
    if not made:
        raise BadRecord("it names no take", where=f"{where}.made_from")
    return Passport(
        program=str(record["genzu"]), show=str(record.get("show", "")), cut=str(record.get("cut", "")),
        sheet=str(record.get("sheet", "BG")), made=tuple(made), source=str(record.get("digital_source_type", "")),
    )  # fmt: skip
