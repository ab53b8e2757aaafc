"""What a LoRA file says about itself: the SAI model spec 1.0.0, kohya's notes that other programs show, and the set."""

from __future__ import annotations

import json
from dataclasses import dataclass

from genzu import __version__
from genzu.core.geometry import Extent
from genzu.core.own_art import TrainingFile, set_digest, shares

_LONGEST = 400
"""Owners that the sentence names before it points to the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the person says about the LoRA."""

    title: str
    author: str
    licence: str
    trigger: str
    usage: str = ""
    created: str = ""
    """UTC, ISO 8601: when the training began, so that a resumed training writes the same file."""


def learned_from(files: tuple[TrainingFile, ...]) -> str:
    """For the staff roll, after "learned from": every owner with licence and number of pictures."""
    named = [f"{one.owner} ({one.count}, {one.licence})" for one in shares(files)]
    more = len(named) - _LONGEST
    owners = "; ".join(named[:_LONGEST]) + (f"; and {more} more owners" if more > 0 else "")
    return f"{len(files)} painting{'s' if len(files) != 1 else ''} of {owners}"


def header(
    card: Card, *, architecture: str, prediction: str, base: str, resolution: Extent, rank: int, alpha: float,
    steps: int, files: tuple[TrainingFile, ...],
) -> dict[str, str]:  # fmt: skip
    """Texts for ``__metadata__``; empty ones are left out."""
    texts = {
        "modelspec.sai_model_spec": "1.0.0",
        "modelspec.architecture": architecture,
        "modelspec.implementation": "diffusers",
        "modelspec.title": card.title,
        "modelspec.author": card.author,
        "modelspec.license": card.licence,
        "modelspec.date": card.created,
        "modelspec.resolution": f"{resolution.width}x{resolution.height}",
        "modelspec.prediction_type": prediction,
        "modelspec.trigger_phrase": card.trigger,
        "modelspec.usage_hint": card.usage,
        "modelspec.description": f"Learned from {learned_from(files)}.",
        "ss_network_dim": str(rank),
        "ss_network_alpha": f"{alpha:g}",
        "ss_sd_model_name": base,
        "ss_num_train_images": str(len(files)),
        "ss_output_name": card.title,
        "genzu.version": __version__,
        "genzu.steps": str(steps),
        "genzu.training": learned_from(files),
        "genzu.training_set": set_digest(files),
        "genzu.owners": json.dumps(
            [{"owner": one.owner, "licence": one.licence, "files": one.count} for one in shares(files)],
            ensure_ascii=False,
        ),
    }
    return {key: text for key, text in texts.items() if text}
