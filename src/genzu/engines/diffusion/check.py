"""``genzu models check``: every file behind a profile is there, whole, safe, and what the profile takes it for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from genzu.core.codec import Plain, without_none
from genzu.core.model_facts import ModelFacts
from genzu.engines.diffusion.facts import part_facts
from genzu.engines.diffusion.folder import architecture_fault, lora_faults, model_faults, network_faults
from genzu.engines.diffusion.headers import Header, read_header
from genzu.engines.diffusion.profile import ModelProfile
from genzu.engines.diffusion.weights import Part, parts
from genzu.errors import GenzuError


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPart:
    """One part of a profile, looked at."""

    part: Part
    files: tuple[Path, ...]
    headers: tuple[Header, ...]
    facts: ModelFacts | None
    """``None`` if it cannot be read."""
    faults: tuple[str, ...]
    """What keeps it from being used, one sentence each."""

    @property
    def bytes(self) -> int:
        """Of its weights."""
        return sum(header.size for header in self.headers)

    @property
    def parameters(self) -> int:
        """Numbers in its weights."""
        return sum(header.parameters for header in self.headers)

    @property
    def types(self) -> tuple[str, ...]:
        """Number formats of its weights."""
        return tuple(sorted({name for header in self.headers for name in header.types}))

    @property
    def said(self) -> Plain:
        """What the header of a single file says."""
        return self.headers[0].said() if len(self.headers) == 1 else {}

    def to_dict(self) -> Plain:
        """Plain values for JSON."""
        facts = self.facts.to_dict() if self.facts else {"kind": self.part.kind, "title": self.part.path.name}
        return without_none(
            {
                **facts, "path": str(self.part.path), "files": len(self.files), "bytes": self.bytes,
                "parameters": self.parameters, "types": list(self.types), "header": self.said or None,
                "faults": list(self.faults),
            }
        )  # fmt: skip


def check(profile: ModelProfile, told: Callable[[str, float], None] = lambda _what, _share: None) -> list[CheckedPart]:
    """Look at every part; never raises for what is wrong with a part. ``told`` hears the part and the share done."""
    found = parts(profile)
    checked = []
    for index, part in enumerate(found):
        told(part.kind, index / len(found))
        checked.append(_checked(part, profile))
    return checked


def whole(profile: ModelProfile) -> tuple[str, ...]:
    """Faults of the profile itself: folders of configurations and the reference picture that it names."""
    named = {
        "config": profile.config, "vae_config": profile.vae_config, "lora_folder": profile.lora_folder,
        **{f"control[{i}].config": control.config for i, control in enumerate(profile.controls)},
    }  # fmt: skip
    missing = [f"{key}: {path} is not there" for key, path in named.items() if path is not None and not path.is_dir()]
    picture = profile.reference.picture if profile.reference else None
    if picture is not None and not picture.is_file():
        missing.append(f"reference.picture: {picture} is not there")
    if profile.config is not None and profile.config.is_dir() and profile.single_file:
        missing += [f"config: {fault}" for fault in model_faults(profile.config, profile.family)]
    return tuple(missing)


def _checked(part: Part, profile: ModelProfile) -> CheckedPart:
    """One fault does not hide the others, except where nothing can be read at all."""
    faults: list[str] = []
    headers: list[Header] = []
    try:
        files = part.files()
        weights = part.weight_files()
    except GenzuError as error:
        return CheckedPart(part=part, files=(), headers=(), facts=None, faults=(error.sentence,))
    for path in weights:
        try:
            headers.append(read_header(path))
        except GenzuError as error:
            faults.append(error.sentence)
    faults += _faults(part, profile, headers)
    facts = None
    try:
        facts = part_facts(part, header=headers[0] if headers and part.path.is_file() else None)
    except GenzuError as error:
        faults.append(error.sentence)
    return CheckedPart(
        part=part, files=files, headers=tuple(headers), facts=facts, faults=tuple(dict.fromkeys(faults))
    )  # fmt: skip


def _faults(part: Part, profile: ModelProfile, headers: list[Header]) -> Iterator[str]:
    if part.path.is_dir():
        yield from model_faults(part.path, profile.family) if part.kind == "model" else network_faults(part.path)
    for header in headers:
        if part.kind == "lora":
            yield from lora_faults(header.names, header.is_lora)
        fault = architecture_fault(header.spec("architecture"), profile.family)
        if fault is not None:
            yield f"{part.name_of(header.path)}: {fault}"
