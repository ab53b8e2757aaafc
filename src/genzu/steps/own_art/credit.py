"""Credit for those whose paintings a style (LoRA) learned from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from genzu.core.codec import Plain
from genzu.core.model_facts import ModelFacts
from genzu.core.own_art import Share, TrainingRun, shares
from genzu.store.show import Show


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingCredit:
    """One style, and the owners of the paintings that it learned from."""

    title: str
    trained_by: str
    lora: str
    """SHA-256 of the LoRA file."""
    owners: tuple[Share, ...]
    """The largest share first."""

    @property
    def text(self) -> str:
        """One line for a staff roll."""
        owners = "; ".join(f"{one.owner} ({_paintings(one.count)}, {one.licence})" for one in self.owners)
        return f"{self.title} (trained by {self.trained_by}): {owners}"

    def to_dict(self) -> Plain:
        """Plain values for JSON."""
        owners = [{"owner": one.owner, "licence": one.licence, "paintings": one.count} for one in self.owners]
        return {"title": self.title, "trained_by": self.trained_by, "lora": self.lora, "owners": owners}


def training_credit(run: TrainingRun) -> TrainingCredit:
    """The credit of one training."""
    return TrainingCredit(title=run.title, trained_by=run.author, lora=run.lora, owners=shares(run.files))


def training_credits(show: Show, models: Iterable[ModelFacts]) -> tuple[TrainingCredit, ...]:
    """Credits of those models that the show's ledger knows the training of, each once, in the order of ``models``."""
    shas = dict.fromkeys(facts.sha256 for facts in models if facts.sha256)
    return tuple(training_credit(run) for sha in shas if (run := show.training(sha)) is not None)


def _paintings(count: int) -> str:
    return "1 painting" if count == 1 else f"{count} paintings"
