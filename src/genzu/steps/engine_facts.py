"""What an engine says about itself and its weights, as it enters the ledger with a take and is read from there."""

from __future__ import annotations

from dataclasses import dataclass

from genzu.core.codec import Plain, digest
from genzu.core.model_facts import ModelFacts, training_sentence
from genzu.core.take import Take
from genzu.core.words.weights import resolved
from genzu.engines.base import CallsModels, Engine, Reports
from genzu.errors import BadRecord

KEY, RUN = "engine", "run"
"""Under these keys in a take's measures: what is said of the engine's weights; what it tells of this one picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """What an engine learned from."""

    sentence: str
    """For the staff roll, without a full stop."""
    learned: bool
    """False only if no part of the engine was trained on sampled data."""
    models: tuple[ModelFacts, ...] = ()
    """Weights that the engine did not bring itself."""


UNSTATED = Training(sentence="what it was trained on is not stated", learned=True)
"""Stands for an engine about which nothing is known; it counts as trained."""


def version_for(engine: Engine, prompt: str, seed: int) -> str:
    """The engine's version, and a hash of the weights that the prompt calls: they decide pixels too."""
    called = _called(engine, prompt, seed)
    if not called:
        return engine.version
    return f"{engine.version}+{digest({'called': [facts.sha256 for facts in called]})[:12]}"


def recorded(engine: Engine, prompt: str, seed: int) -> Plain:
    """For the measures of a take: enough for the staff roll on a machine that does not have these weights."""
    facts, called = engine.capabilities, _called(engine, prompt, seed)
    said: Plain = {}
    if facts.models or called:
        training = "; ".join([facts.training, *([training_sentence(called)] if called else [])])
        models = [model.to_dict() for model in (*facts.models, *called)]
        said[KEY] = {"training": training, "learned": facts.learned, "models": models}
    report = dict(engine.report()) if isinstance(engine, Reports) else {}
    return {**said, RUN: report} if report else said


def _called(engine: Engine, prompt: str, seed: int) -> tuple[ModelFacts, ...]:
    return engine.models_in(resolved(prompt, seed)) if isinstance(engine, CallsModels) else ()


def stated(take: Take) -> Training | None:
    """What was recorded with a take; ``None`` if nothing was, or if it is not readable."""
    record = take.measures.get(KEY)
    try:
        return None if not isinstance(record, dict) else Training(
            sentence=str(record.get("training") or UNSTATED.sentence),
            learned=record.get("learned") is not False,
            models=tuple(ModelFacts.from_dict(item) for item in record.get("models") or ()),
        )  # fmt: skip
    except (BadRecord, TypeError):
        return None


def notes_of(*takes: Take) -> tuple[str, ...]:
    """What the engine had to tell a person about these pictures, each sentence once."""
    runs = (take.measures.get(RUN) for take in takes)
    notes = [note for run in runs if isinstance(run, dict) for note in run.get("notes") or ()]
    return tuple(dict.fromkeys(str(note) for note in notes))
