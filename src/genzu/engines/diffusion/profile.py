"""A model profile: which weights paint, and how. Pure records; nothing heavy is imported and no weight is opened.

Sizes are px, strengths and ranges shares 0–1. Paths are absolute after loading; relative ones start from the folder
of the TOML file and may not leave it. ``docs/models.md`` shows profiles for the usual models.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genzu.core.codec import Fields, Plain, without_none
from genzu.core.samplers import Sampler
from genzu.core.take import Stage
from genzu.engines.diffusion.families import (
    DEFAULTS,
    OTHER_CONTROLS,
    ControlKind,
    Family,
    Offload,
    Precision,
    StageSettings,
)
from genzu.engines.diffusion.pickles import refuse_pickle
from genzu.engines.profiles import ProfileFile, read_profile
from genzu.errors import BadInput, BadRecord, UnknownWord

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
class Registration:
    """What happens when a picture drifts from its layout."""

    limit: float = 0.5
    """Largest mean shift in px at 1080p."""
    tries: int = 2
    """How often it is painted again with more control and less strength, 0–10."""
    control_step: float = 0.15
    """Added to every control weight at each try."""
    strength_step: float = 0.1
    """Taken from the strength at each try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSettings:
    """Words around every prompt."""

    prefix: str = ""
    suffix: str = ""
    negative: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelProfile:
    """Everything about one model that decides pixels, and what is said about it."""

    name: str
    """Name of the TOML file without its ending; ``diffusers:NAME`` asks for it."""
    source: Path
    """The TOML file."""
    family: Family
    path: Path
    """Folder in diffusers' layout, or a single ``.safetensors``."""
    config: Path | None
    """Folder with the configurations of a single file: nothing is downloaded."""
    variant: str | None
    """Middle part of the names of the weight files, ``fp16`` in ``model.fp16.safetensors``."""
    vae: Path | None
    vae_config: Path | None
    precision: Precision
    offload: Offload
    device: str
    """``auto``, ``cpu``, ``cuda``, ``cuda:1``, ``mps``, ``xpu``."""
    sampler: Sampler | None
    """``None``: the scheduler that the model comes with."""
    lora_folder: Path | None
    """Where ``<lora:stem:weight>`` looks, beside the files of ``[[lora]]``."""
    loras: tuple[Lora, ...]
    controls: tuple[Control, ...]
    reference: Reference | None
    rough: StageSettings
    painting: StageSettings
    registration: Registration
    prompt: PromptSettings
    rights: Rights

    @property
    def full_name(self) -> str:
        """Name of the engine that paints with it."""
        return f"diffusers:{self.name}"

    @property
    def title(self) -> str:
        """As the staff roll prints it."""
        return self.rights.title or self.name

    @property
    def single_file(self) -> bool:
        """True if the model is one ``.safetensors``."""
        return self.path.suffix.lower() == ".safetensors"

    def stage(self, stage: Stage) -> StageSettings:
        """Settings of a machine stage."""
        return self.rough if stage is Stage.ROUGH else self.painting

    def controls_of(self, stage: Stage) -> tuple[Control, ...]:
        """ControlNets that hold in a stage, in the order of the profile."""
        return tuple(control for control in self.controls if stage in control.stages)

    def precision_on(self, device: str) -> Precision:
        """The number format on a device, ``AUTO`` decided."""
        if self.precision is not Precision.AUTO:
            return self.precision
        return Precision.FP32 if device.startswith("cpu") else DEFAULTS[self.family].half

    def settings(self) -> Plain:
        """All that decides pixels besides the weights themselves: no path, no device, no name."""
        return without_none(
            {
                "family": self.family.value, "variant": self.variant, "precision": self.precision.value,
                "sampler": None if self.sampler is None else str(self.sampler),
                "loras": [one.weight for one in self.loras],
                "controls": [
                    [c.kind.value, c.weight, c.start, c.end, [s.value for s in c.stages], c.mode] for c in self.controls
                ],
                "reference": None if self.reference is None else self.reference.weight,
                "rough": _plain(self.rough), "painting": _plain(self.painting),
                "registration": _plain(self.registration), "prompt": _plain(self.prompt),
            }
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> ModelProfile:
        """Read a TOML file; raises ``NotFound`` or ``BadRecord`` with the path to the field."""
        return cls.from_file(read_profile(path))

    @classmethod
    def from_file(cls, file: ProfileFile) -> ModelProfile:
        """Understand a file that was found by :mod:`genzu.engines.profiles`."""
        try:
            return cls.from_dict(file.record, source=file.path)
        except BadInput as error:
            raise type(error)(error.what, where=f"{file.path}: {error.where}", do=error.do) from None

    @classmethod
    def from_dict(cls, record: object, *, source: Path) -> ModelProfile:
        """Validate; ``source`` is the (possibly future) TOML file: it gives the name and the folder."""
        read = _Reader(record, "", source.parent)
        family = read.fields.word("family", Family) or Family.AUTO
        usual = DEFAULTS[family]
        profile = cls(
            name=source.stem,
            source=source,
            family=family,
            path=read.path("path"),
            config=read.path_or_none("config"),
            variant=read.fields.take("variant", str, None),
            vae=read.path_or_none("vae"),
            vae_config=read.path_or_none("vae_config"),
            precision=read.fields.word("precision", Precision) or Precision.AUTO,
            offload=read.fields.word("offload", Offload) or Offload.NONE,
            device=_device(read.fields),
            sampler=_sampler(read.fields, family, usual.sampler),
            lora_folder=read.path_or_none("lora_folder"),
            loras=read.each("lora", _lora),
            controls=read.each("control", lambda item: _control(item, family)),
            reference=read.part("reference", _reference),
            rough=read.part("rough", lambda part: _stage(part, usual.rough)) or usual.rough,
            painting=read.part("painting", lambda part: _stage(part, usual.painting)) or usual.painting,
            registration=read.part("registration", _registration) or Registration(),
            prompt=read.part("prompt", _prompt) or PromptSettings(),
            rights=_rights(read.fields),
        )
        read.fields.nothing_else()
        _check(profile)
        return profile


class _Reader:
    """Fields of one table, and the folder that its paths start from."""

    def __init__(self, record: object, where: str, folder: Path) -> None:
        self.fields, self.folder = Fields(record, where), folder

    def part(self, key: str, read: Any) -> Any:
        """A table inside this one, understood by ``read``; ``None`` if it is absent."""
        record = self.fields.take(key, dict, None)
        return None if record is None else _whole(_Reader(record, self.fields.where(key), self.folder), read)

    def each(self, key: str, read: Any) -> tuple[Any, ...]:
        """An array of tables."""
        return self.fields.each(key, lambda item, where: _whole(_Reader(item, where, self.folder), read))

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


def _whole(part: _Reader, read: Any) -> Any:
    """Understand a table and refuse what is left over."""
    made = read(part)
    part.fields.nothing_else()
    return made


def _rights(fields: Fields) -> Rights:
    def text(key: str) -> str | None:
        return fields.take(key, str, None)

    return Rights(
        title=text("title"), author=text("author"), licence=text("licence"), origin=text("origin"),
        training=text("training"),
    )  # fmt: skip


def _device(fields: Fields) -> str:
    device = fields.take("device", str, "auto") or "auto"
    if not _DEVICE.fullmatch(device):
        raise BadRecord(f"{device!r} is not known", where=fields.where("device"), do="use auto, cpu, cuda, cuda:1, mps")
    return device


def _sampler(fields: Fields, family: Family, usual: Sampler | None) -> Sampler | None:
    text = fields.take("scheduler", str, None)
    if text is None:
        return usual
    try:
        sampler = Sampler.parse(text)
        sampler.diffusers(flow=family.flow)
    except UnknownWord as error:
        raise BadRecord(error.what, where=fields.where("scheduler"), do=error.do) from None
    return sampler


def _lora(read: _Reader) -> Lora:
    return Lora(path=read.path("path"), weight=read.fields.within("weight", 1.0, -4, 4), rights=_rights(read.fields))


def _control(read: _Reader, family: Family) -> Control:
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
        rights=_rights(fields),
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


def _reference(read: _Reader) -> Reference:
    return Reference(
        path=read.path("path"),
        encoder=read.path("encoder"),
        weight=read.fields.within("weight", 0.5, 0, 2),
        picture=read.path_or_none("picture"),
        rights=_rights(read.fields),
    )


def _stage(read: _Reader, usual: StageSettings) -> StageSettings:
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


def _registration(read: _Reader) -> Registration:
    usual, fields = Registration(), read.fields
    return Registration(
        limit=fields.within("limit", usual.limit, 0, 100),
        tries=fields.count("tries", usual.tries, 0, 10),
        control_step=fields.within("control_step", usual.control_step, 0, 2),
        strength_step=fields.within("strength_step", usual.strength_step, 0, 1),
    )


def _prompt(read: _Reader) -> PromptSettings:
    def text(key: str) -> str:
        return read.fields.take(key, str, "") or ""

    return PromptSettings(prefix=text("prefix"), suffix=text("suffix"), negative=text("negative"))


def _check(profile: ModelProfile) -> None:
    """What only shows when the parts are seen together."""
    if profile.single_file and profile.config is None:
        raise BadRecord(
            "a single file needs the folder of its configurations, because nothing is downloaded", where="config",
            do="give the folder with model_index.json and the config.json of each part",
        )  # fmt: skip
    stems = [one.stem for one in profile.loras]
    for index, stem in enumerate(stems):
        if stem in stems[:index]:
            raise BadRecord(f"there is already a LoRA called {stem!r}", where=f"lora[{index}].path", do="rename one")


def _plain(record: object) -> Plain:
    return {name: getattr(record, name) for name in record.__slots__}  # type: ignore[attr-defined]
