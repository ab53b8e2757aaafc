"""All profiles of this machine with what stands behind them: for ``genzu models`` and the licences page."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from genzu.core.codec import Plain, without_none
from genzu.core.model_facts import ModelFacts
from genzu.engines import profiles, registry
from genzu.engines.diffusion.check import CheckedPart, check, whole
from genzu.engines.diffusion.profile import ModelProfile
from genzu.engines.diffusion.weights import profile_digest
from genzu.errors import GenzuError
from genzu.steps.watch import Watch, nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One profile, looked at."""

    name: str
    """``diffusers:studio``."""
    path: Path
    family: str = ""
    """Of a diffusers profile; for a ComfyUI profile the address of its server."""
    title: str = ""
    digest: str | None = None
    """Enters recipes; ``None`` if a part is missing."""
    parts: tuple[CheckedPart, ...] = ()
    """With their files; empty for ComfyUI, whose weights lie on its server."""
    facts: tuple[ModelFacts, ...] = ()
    faults: tuple[str, ...] = field(default=())
    """Of the profile itself."""

    @property
    def all_faults(self) -> tuple[str, ...]:
        """Of the profile and of its parts, each with the field of the profile."""
        of_parts = (
            f"{part.part.where}: {fault.removeprefix(f'{part.part.place}: ')}"
            for part in self.parts
            for fault in part.faults
        )
        return (*self.faults, *of_parts)

    def to_dict(self) -> Plain:
        """Plain values for JSON."""
        parts = [part.to_dict() for part in self.parts] or [facts.to_dict() for facts in self.facts]
        return without_none(
            {
                "name": self.name, "profile": str(self.path), "family": self.family or None,
                "title": self.title or None, "digest": self.digest, "parts": parts, "faults": list(self.all_faults),
            }
        )  # fmt: skip


def listed_models(watch: Watch = nobody) -> tuple[Listed, ...]:
    """Every profile that a name can reach, in order of names; a broken one carries its fault."""
    paths = profiles.profile_paths()
    found = []
    for index, path in enumerate(paths):
        watch(path.stem, index / len(paths))
        try:
            found.append(look_at(profiles.read_profile(path)))
        except GenzuError as error:
            found.append(Listed(name=path.stem, path=path, faults=(error.sentence,)))
    return tuple(found)


def look_at(file: profiles.ProfileFile, watch: Watch = nobody) -> Listed:
    """One profile with all its parts. Raises ``BadRecord`` if the profile itself cannot be understood."""
    profile = registry.understood(file)
    if not isinstance(profile, ModelProfile):
        return _on_a_server(file, profile)
    parts = tuple(check(profile, watch))
    facts = tuple(part.facts for part in parts if part.facts is not None)
    return Listed(
        name=file.full_name,
        path=file.path,
        family=profile.family.value,
        title=profile.title,
        digest=_digest(profile) if len(facts) == len(parts) else None,
        parts=parts,
        facts=facts,
        faults=whole(profile),
    )


def _on_a_server(file: profiles.ProfileFile, profile: registry.Profile) -> Listed:
    """A ComfyUI profile: what it says itself. The server is not asked."""
    try:
        profile.check()
        faults: tuple[str, ...] = ()
    except GenzuError as error:
        faults = (error.sentence,)
    facts = tuple(profile.facts)
    return Listed(name=file.full_name, path=file.path, digest=profile.digest, facts=facts, faults=faults)


def _digest(profile: ModelProfile) -> str | None:
    try:
        return profile_digest(profile)
    except GenzuError:
        return None
