"""What is said about the weights of a profile: from the files' own headers, else from the profile."""

from __future__ import annotations

from contextlib import suppress

from genzu.core.model_facts import ModelFacts
from genzu.core.model_facts import training_sentence as training_sentence  # asked for beside the facts
from genzu.engines.diffusion.headers import Header, read_header
from genzu.engines.diffusion.profile import Lora, ModelProfile, Rights
from genzu.engines.diffusion.weights import Part, part_sha, parts
from genzu.errors import BadInput


def model_facts(profile: ModelProfile) -> tuple[ModelFacts, ...]:
    """One for every part of the profile, the model first; each file is hashed once per machine.

    Raises ``NotFound`` or ``BadInput`` if a file is missing or cannot be used.
    """
    return tuple(part_facts(part) for part in parts(profile))


def lora_facts(lora: Lora) -> ModelFacts:
    """Of a LoRA that a prompt called by name."""
    return part_facts(
        Part(kind="lora", where="prompt", path=lora.path, variant=None, rights=lora.rights, weight=lora.weight)
    )


def part_facts(part: Part, *, header: Header | None = None) -> ModelFacts:
    """What a file's header states holds; the profile fills in what it leaves out."""
    if header is None and part.path.is_file():
        with suppress(BadInput):  # a file that cannot be read is told about where it is loaded
            header = read_header(part.path)
    stated = _stated(header)
    own = part.rights
    return ModelFacts(
        kind=part.kind,
        title=stated.title or own.title or part.path.stem,
        author=stated.author or own.author,
        licence=stated.licence or own.licence,
        origin=own.origin or stated.origin,
        training=own.training or stated.training,
        sha256=part_sha(part),
        weight=part.weight,
    )


def _stated(header: Header | None) -> Rights:
    if header is None:
        return Rights()
    return Rights(
        title=header.title,
        author=header.spec("author"),
        licence=header.spec("license") or header.spec("licence"),
        origin=header.metadata.get("genzu.origin") or None,
        training=header.metadata.get("genzu.training") or None,
    )
