"""A model profile: which weights paint, and how. Pure records; nothing heavy is imported and no weight is opened.

Sizes are px, strengths and ranges shares 0–1. Paths are absolute after loading; relative ones start from the folder
of the TOML file and may not leave it. ``docs/models.md`` shows profiles for the usual models.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from genzu.core.codec import Plain, without_none
from genzu.core.model_facts import ModelFacts
from genzu.core.samplers import Sampler
from genzu.core.take import Stage
from genzu.engines.diffusion.families import DEFAULTS, Family, Offload, Precision, StageSettings
from genzu.engines.diffusion.profile_parts import (
    Control,
    Lora,
    PromptSettings,
    Reader,
    Reference,
    Rights,
    control_of,
    device_of,
    lora_of,
    prompt_of,
    reference_of,
    rights_of,
    sampler_of,
    stage_of,
)
from genzu.engines.profiles import ProfileFile, Registration, read_profile, registration_of
from genzu.errors import BadInput, BadRecord

__all__ = ["Control", "Lora", "ModelProfile", "PromptSettings", "Reference", "Rights"]


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

    @property
    def needs_gpu(self) -> bool:
        """False if the profile itself asks for the CPU."""
        return not self.device.startswith("cpu")

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

    @property
    def facts(self) -> tuple[ModelFacts, ...]:
        """What is said of its weights; each file is hashed once per machine. Raises if one cannot be read."""
        from genzu.engines.diffusion.facts import model_facts

        return model_facts(self)

    @property
    def digest(self) -> str:
        """SHA-256 over everything that decides pixels, weights and all."""
        from genzu.engines.diffusion.weights import profile_digest

        return profile_digest(self)

    def check(self) -> None:
        """Raise for the first part that is not there or not safe."""
        from genzu.engines.diffusion.weights import parts

        for part in parts(self):
            part.files()

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
        read = Reader(record, "", source.parent)
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
            device=device_of(read.fields),
            sampler=sampler_of(read.fields, family, usual.sampler),
            lora_folder=read.path_or_none("lora_folder"),
            loras=read.each("lora", lora_of),
            controls=read.each("control", lambda item: control_of(item, family)),
            reference=read.part("reference", reference_of),
            rough=read.part("rough", lambda part: stage_of(part, usual.rough)) or usual.rough,
            painting=read.part("painting", lambda part: stage_of(part, usual.painting)) or usual.painting,
            registration=read.part("registration", lambda part: registration_of(part.fields)) or Registration(),
            prompt=read.part("prompt", prompt_of) or PromptSettings(),
            rights=rights_of(read.fields),
        )
        read.fields.nothing_else()
        _check(profile)
        return profile


def _check(profile: ModelProfile) -> None:
    """What only shows when the parts are seen together."""
    if profile.single_file and profile.config is None:
        raise BadRecord(
            "a single file needs the folder of its configurations, because nothing is downloaded", where="config",
            do="give the folder with model_index.json and the config.json of each part",
        )  # fmt: skip
    for index, control in enumerate(profile.controls):
        if control.path.suffix.lower() == ".safetensors" and control.config is None:
            raise BadRecord(
                "a single file needs the folder of its configuration, because nothing is downloaded",
                where=f"control[{index}].config", do="give the folder with its config.json",
            )  # fmt: skip
    stems = [one.stem for one in profile.loras]
    for index, stem in enumerate(stems):
        if stem in stems[:index]:
            raise BadRecord(f"there is already a LoRA called {stem!r}", where=f"lora[{index}].path", do="rename one")


def _plain(record: object) -> Plain:
    return {name: getattr(record, name) for name in record.__slots__}  # type: ignore[attr-defined]
