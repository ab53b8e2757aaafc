"""What came out for the variants of a sheet, and how far each keeps to the base."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from genzu.core.codec import Plain
from genzu.core.scene import FilledConditions
from genzu.core.take import Stage, Take
from genzu.core.variation import Variant
from genzu.errors import GenzuError
from genzu.picture.doubt import Doubt
from genzu.steps.package import is_registered, scores_of

FARTHEST = 0.02
"""Difference of line fidelity to the base beyond which a variant is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantResult:
    """One variant: what it is, and once it is painted its takes and files, or the error."""

    variant: Variant
    label: str
    """``winter, night``."""
    name: str
    """Its part of the files' names; empty for a base that is not among the variants."""
    filled: FilledConditions
    prompt: str
    is_base: bool
    rough: Take | None = None
    painting: Take | None = None
    files: dict[str, Path] = field(default_factory=dict)
    """By kind: rough, painting."""
    seconds: dict[str, float] = field(default_factory=dict)
    error: GenzuError | None = None

    def fidelity(self, stage: Stage) -> float | None:
        """Line fidelity of the rough or the painting; ``None`` if it was not painted."""
        take = self.rough if stage is Stage.ROUGH else self.painting
        return None if take is None else float(take.measures["fidelity"]["line_fidelity"])

    def difference(self, base: VariantResult, stage: Stage = Stage.PAINTING) -> float | None:
        """Line fidelity minus that of the base; ``None`` if one of them was not painted."""
        own, first = self.fidelity(stage), base.fidelity(stage)
        return None if own is None or first is None else round(own - first, 4)

    @property
    def registered(self) -> bool:
        """False if one of its pictures has moved against the layout."""
        return all(is_registered(take) for take in (self.rough, self.painting) if take is not None)

    def to_dict(self, base: VariantResult) -> Plain:
        """Conditions, files and scores, with the differences to the base."""
        known: Plain = {
            "label": self.label,
            "season": self.filled.season.value,
            "time": self.filled.time.value,
            "weather": self.filled.weather.value,
            "prompt": self.prompt,
            "base": self.is_base,
            "files": {kind: str(path) for kind, path in self.files.items()},
        }
        if self.error is not None or self.rough is None or self.painting is None:
            return {**known, "failed": self.error.sentence if self.error else "not painted"}
        both = (self.rough, self.painting)
        gap = self.difference(base)
        return {
            **known,
            "scores": scores_of(*both),
            "difference": {take.stage.value: self.difference(base, take.stage) for take in both},
            "keeps_the_lines": None if gap is None else abs(gap) <= FARTHEST,
            "registered": self.registered,
            "takes": {take.stage.value: take.id for take in both},
            "pixels_sha256": {take.stage.value: take.picture for take in both},
            "materials_sha256": self.painting.measures["materials"],
            "recipes": {take.stage.value: take.recipe.to_dict() for take in both if take.recipe},
            "seconds": {take.stage.value: take.measures["seconds"] for take in both},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantSheet:
    """All variants of one sheet of a cut."""

    cut: str
    sheet: str
    base: VariantResult
    variants: tuple[VariantResult, ...]
    """As they were asked for; the base is among them if its conditions are."""
    notes: tuple[str, ...]
    """What a person should know of layout and prompt, one sentence each."""
    unsure: tuple[Doubt, ...]
    files: dict[str, Path] = field(default_factory=dict)
    """``contact`` and ``json``."""

    @property
    def painted(self) -> tuple[VariantResult, ...]:
        """The variants, and the base behind them if it is not one of them."""
        return self.variants if any(one.is_base for one in self.variants) else (*self.variants, self.base)

    @property
    def failed(self) -> tuple[VariantResult, ...]:
        """What could not be painted."""
        return tuple(one for one in self.painted if one.error is not None)

    @property
    def farther(self) -> tuple[VariantResult, ...]:
        """Variants whose line fidelity differs from the base's by more than ``FARTHEST``."""
        return tuple(one for one in self.variants if abs(one.difference(self.base) or 0.0) > FARTHEST)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the scores say that a person must know, one sentence each."""
        said = []
        if self.farther:
            named = "; ".join(f"{one.label} ({one.difference(self.base):+.3f})" for one in self.farther)
            said.append(f"line fidelity more than {FARTHEST} away from the base take: {named}")
        if self.base.error is not None:
            said.append("the base take failed, so that no variant could be held against it")
        moved = [one.label for one in self.painted if not one.registered]
        if moved:
            said.append("NOT REGISTERED, moved against the layout: " + "; ".join(moved))
        if len(self.painted) == 1:
            said.append("nothing was varied: add --seasons all, --times dusk,night or --weathers clear,rain")
        return tuple(said)

    def to_dict(self) -> Plain:
        """For the JSON file and ``--json``."""
        return {
            "cut": self.cut,
            "sheet": self.sheet,
            "files": {kind: str(path) for kind, path in self.files.items()},
            "farthest_allowed": FARTHEST,
            "base": self.base.to_dict(self.base),
            "variants": [one.to_dict(self.base) for one in self.variants],
            "farther": {one.label: one.difference(self.base) for one in self.farther},
            "failed": {one.label: one.error.sentence for one in self.failed if one.error},
            "notes": [*self.notes, *self.warnings],
        }
