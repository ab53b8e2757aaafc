"""An engine that is made from a profile and paints as the fake one does: for tests of what surrounds such engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genzu.core.model_facts import ModelFacts, training_sentence
from genzu.core.take import Stage
from genzu.engines.base import Capabilities, PaintRequest, Progress, no_progress
from genzu.engines.diffusion.calls import models_in
from genzu.engines.diffusion.facts import model_facts
from genzu.engines.diffusion.profile import ModelProfile
from genzu.engines.fake import FakeEngine
from genzu.picture.arrays import UInt8


class ProfiledEngine:
    def __init__(self, profile: ModelProfile) -> None:
        self.profile, self.name, self._fake = profile, profile.full_name, FakeEngine()
        self._painted = 0

    @property
    def version(self) -> str:
        return f"1-{self.profile.digest[:8]}"

    @property
    def capabilities(self) -> Capabilities:
        models = model_facts(self.profile)
        return Capabilities(
            stages=(Stage.ROUGH, Stage.PAINTING), reads_text=True, training=training_sentence(models), models=models
        )

    def models_in(self, prompt: str) -> tuple[ModelFacts, ...]:
        return models_in(self.profile, prompt)

    def report(self) -> Mapping[str, Any]:
        return {"tries": self._painted, "notes": [f"{self.name} looked twice."]}

    def paint(self, request: PaintRequest, progress: Progress = no_progress) -> UInt8:
        self._painted += 1
        return self._fake.paint(request, progress)
