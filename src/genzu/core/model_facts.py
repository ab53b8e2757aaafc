"""What is said about the weights that a picture was made with: for the ledger, the staff roll and the licences page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from genzu.core.codec import Fields, Plain, without_none

NOT_STATED = "what it was trained on is not stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """One model, LoRA, ControlNet or reference network, as its header or its profile states it."""

    kind: str
    """``model``, ``vae``, ``lora``, ``control``, ``reference``, ``workflow`` …"""
    title: str
    author: str | None = None
    licence: str | None = None
    origin: str | None = None
    """Where it comes from: an address, a contract, a person."""
    training: str | None = None
    """What it learned from, as stated."""
    sha256: str | None = None
    """Of the weight file; of the list of files and their hashes for a folder."""
    weight: float | None = None

    @property
    def sentence(self) -> str:
        """``TITLE by AUTHOR, LICENCE``; what is not stated is said to be so."""
        by = f" by {self.author}" if self.author else ", author not stated"
        licence = f"licence {self.licence}" if self.licence else "licence not stated"
        return f"{self.kind} {self.title}{by}, {licence}"

    def to_dict(self) -> Plain:
        """Plain values; what is absent is left out."""
        return without_none(
            {
                "kind": self.kind, "title": self.title, "author": self.author, "licence": self.licence,
                "origin": self.origin, "training": self.training, "sha256": self.sha256, "weight": self.weight,
            }
        )  # fmt: skip

    @classmethod
    def from_dict(cls, record: object, path: str = "model") -> ModelFacts:
        """Validate and rebuild."""
        fields = Fields(record, path)
        facts = cls(
            kind=fields.take("kind", str),
            title=fields.take("title", str),
            author=fields.take("author", str, None),
            licence=fields.take("licence", str, None),
            origin=fields.take("origin", str, None),
            training=fields.take("training", str, None),
            sha256=fields.take("sha256", str, None),
            weight=fields.take("weight", float, None),
        )
        fields.nothing_else()
        return facts


def training_sentence(models: Iterable[ModelFacts]) -> str:
    """For the staff roll, after the engine's name, without a full stop: who made the weights, and from what."""
    said = []
    for facts in models:
        learned = f"learned from {facts.training}" if facts.training else NOT_STATED
        said.append(f"{facts.sentence}, {learned}" if facts.kind in ("model", "lora") else facts.sentence)
    return "; ".join(said) or f"its weights are not named; {NOT_STATED}"
