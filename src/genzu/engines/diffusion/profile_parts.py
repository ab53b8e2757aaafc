"""The tables of a model profile: their records, and how they are read from TOML."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from genzu.core.codec import Fields
from genzu.core.samplers import Sampler
from genzu.core.take import Stage
from genzu.engines.diffusion.families import DEFAULTS, OTHER_CONTROLS, ControlKind, Family, StageSettings
from genzu.engines.diffusion.pickles import refuse_pickle
from genzu.errors import BadRecord, UnknownWord

_T = TypeVar("_T")
_DEVICE = re.compile(r"auto|cpu|mps|(cuda|xpu)(:[0-9]{1,2})?")
_STAGES = {stage.value: stage for stage in Stage if stage.by_machine}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What the profile says of a weight file where the file's own header does not."""

    title: str | None = None
    author: str | None = None
    licence: str | None = None
    origin: str | None = None
    training: str | None = None
    """What it learned from, as the end of a sentence: ``it learned from …``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lora:
    """A LoRA that is always on; others are called by ``<lora:stem:weight>`` in the prompt."""

    path: Path
    weight: float
    """−4 … 4."""
    rights: Rights = Rights()

    @property
    def stem(self) -> str:
        """Name by which a prompt calls it."""
        return self.path.stem


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A ControlNet: a folder in diffusers' layout, or a single ``.safetensors`` with ``config``."""

    kind: ControlKind
    path: Path
    config: Path | None
    weight: float
    """0–4."""
    start: float
    """Share of the steps, 0–1, from which it holds …"""
    end: float
    """… and until which."""
    stages: tuple[Stage, ...]
    mode: int | None = None
    """Number of the mode of a union ControlNet."""
    rights: Rights = Rights()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An IP-Adapter: the board, or a picture of its own, steers colour and mood."""

    path: Path
    encoder: Path
    """Folder of the image encoder (CLIP vision) in transformers' layout."""
    weight: float
    """0–2."""
    picture: Path | None
    """Used where a cut has no board."""
    rights: Rights = Rights()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSettings:
    """Words around every prompt."""

    prefix: str = ""
    suffix: str = ""
    negative: str = ""


class Reader:
    """Fields of one table, and the folder that its paths start from."""

    def __init__(self, record: object, where: str, folder: Path) -> None:
        self.fields, self.folder = Fields(record, where), folder

    def part(self, key: str, read: Callable[[Reader], _T]) -> _T | None:
        """A table inside this one, understood by ``read``; ``None`` if it is absent."""
        record = self.fields.take(key, dict, None)
        return None if record is None else _whole(Reader(record, self.fields.where(key), self.folder), read)

    def each(self, key: str, read: Callable[[Reader], _T]) -> tuple[_T, ...]:
        """An array of tables."""
        return self.fields.each(key, lambda item, where: _whole(Reader(item, where, self.folder), read))

    def path(self, key: str) -> Path:
        """A path that must be given."""
        return self._inside(key, self.fields.take(key, str))

    def path_or_none(self, key: str) -> Path | None:
        """A path, or ``None``."""
        text = self.fields.take(key, str, None)
        return None if text is None else self._inside(key, text)

    def _inside(self, key: str, text: str) -> Path:
        """Absolute. Links are not followed for the check: a studio may link a model from another disk."""
        where = self.fields.where(key)
        if not text.strip() or "\0" in text:
            raise BadRecord(f"{text!r} is not a path", where=where)
        given = Path(text).expanduser()
        path = Path(os.path.normpath(given if given.is_absolute() else self.folder.absolute() / given))
        folder = Path(os.path.normpath(self.folder.absolute()))
        if not given.is_absolute() and not path.is_relative_to(folder):
            raise BadRecord(f"{text!r} leaves the profile's folder", where=where, do="give the whole path")
        refuse_pickle(path, where)
        return path


def _whole(part: Reader, read: Callable[[Reader], _T]) -> _T:
    """Understand a table and refuse what is left over."""
    made = read(part)
    part.fields.nothing_else()
    return made


def rights_of(fields: Fields) -> Rights:
    """Title, author, licence, origin and training, as far as they are given."""

    def text(key: str) -> str | None:
        return fields.take(key, str, None)

    return Rights(
        title=text("title"), author=text("author"), licence=text("licence"), origin=text("origin"),
        training=text("training"),
    )  # fmt: skip


def device_of(fields: Fields) -> str:
    """Where the model works."""
    device = fields.take("device", str, "auto") or "auto"
    if not _DEVICE.fullmatch(device):
        raise BadRecord(f"{device!r} is not known", where=fields.where("device"), do="use auto, cpu, cuda, cuda:1, mps")
    return device


def sampler_of(fields: Fields, family: Family, usual: Sampler | None) -> Sampler | None:
    """The scheduler by any program's name; one that the family cannot use is refused."""
    text = fields.take("scheduler", str, None)
    if text is None:
        return usual
    try:
        sampler = Sampler.parse(text)
        sampler.diffusers(flow=family.flow)
    except UnknownWord as error:
        raise BadRecord(error.what, where=fields.where("scheduler"), do=error.do) from None
    return sampler


def lora_of(read: Reader) -> Lora:
    """A table of ``[[lora]]``."""
    return Lora(path=read.path("path"), weight=read.fields.within("weight", 1.0, -4, 4), rights=rights_of(read.fields))


def control_of(read: Reader, family: Family) -> Control:
    """A table of ``[[control]]``; what it does not say is usual for its kind and family."""
    fields = read.fields
    kind = fields.word("kind", ControlKind)
    if kind is None:
        raise BadRecord("this field is missing", where=fields.where("kind"), do="use one of " + ", ".join(ControlKind))
    usual = OTHER_CONTROLS.get(kind) or DEFAULTS[family].lineart
    start, end = fields.within("start", usual.start, 0, 1), fields.within("end", usual.end, 0, 1)
    if start >= end:
        raise BadRecord(f"it begins at {start:g} and ends at {end:g}", where=fields.where("end"), do="end it later")
    return Control(
        kind=kind,
        path=read.path("path"),
        config=read.path_or_none("config"),
        weight=fields.within("weight", usual.weight, 0, 4),
        start=start,
        end=end,
        stages=_stages(fields, kind),
        mode=None if fields.take("mode", int, None) is None else fields.count("mode", 0, 0, 63),
        rights=rights_of(fields),
    )


def _stages(fields: Fields, kind: ControlKind) -> tuple[Stage, ...]:
    def stage(item: object, where: str) -> Stage:
        if not isinstance(item, str) or item not in _STAGES:
            raise BadRecord(f"{item!r} is not known", where=where, do="use one of " + ", ".join(_STAGES))
        return _STAGES[item]

    usual = {
        ControlKind.LINEART: (Stage.ROUGH, Stage.PAINTING), ControlKind.TILE: (Stage.PAINTING,),
    }.get(kind, (Stage.ROUGH,))  # fmt: skip
    return tuple(dict.fromkeys(fields.each("stages", stage))) or usual


def reference_of(read: Reader) -> Reference:
    """The table ``[reference]``."""
    return Reference(
        path=read.path("path"),
        encoder=read.path("encoder"),
        weight=read.fields.within("weight", 0.5, 0, 2),
        picture=read.path_or_none("picture"),
        rights=rights_of(read.fields),
    )


def stage_of(read: Reader, usual: StageSettings) -> StageSettings:
    """The table ``[rough]`` or ``[painting]``."""
    fields = read.fields
    tile = fields.count("tile", usual.tile, 64, 8192)
    overlap = fields.count("overlap", min(usual.overlap, tile // 4), 0, 4096)
    if overlap * 2 >= tile:
        raise BadRecord(
            f"{overlap} px are half of a tile of {tile} px or more", where=fields.where("overlap"), do="take less"
        )
    return StageSettings(
        steps=fields.count("steps", usual.steps, 1, 200),
        guidance=fields.within("guidance", usual.guidance, 0, 50),
        strength=fields.within("strength", usual.strength, 0, 1),
        size=fields.count("size", usual.size, 64, 8192),
        tile=tile,
        overlap=overlap,
    )


def prompt_of(read: Reader) -> PromptSettings:
    """The table ``[prompt]``."""

    def text(key: str) -> str:
        return read.fields.take(key, str, "") or ""

    return PromptSettings(prefix=text("prefix"), suffix=text("suffix"), negative=text("negative"))
