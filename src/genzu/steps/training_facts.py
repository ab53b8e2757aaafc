"""What each engine learned from, as it declares it: the staff roll and the licences page print this."""

from __future__ import annotations

from genzu.engines import registry
from genzu.steps.engine_facts import Training


def training_facts() -> dict[str, Training]:
    """By engine name."""
    declared = {name: registry.engine(name).capabilities for name in registry.engine_names()}
    return {name: Training(sentence=facts.training, learned=facts.learned) for name, facts in declared.items()}
