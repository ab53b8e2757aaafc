"""The diffusers engine: Hugging Face pipelines with the studio's own weights, held to the layout.

*rough*: from the embedded engine's rough, with the cleaned lines and the materials as controls. *painting*: from the
rough at lower strength, in overlapping tiles. Each is laid over what it was made from; one that drifted is painted
again with more control and less strength, and the best is kept and flagged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from math import sqrt
from threading import Lock
from typing import Any

from genzu.core.model_facts import ModelFacts
from genzu.core.samplers import Sampler
from genzu.core.take import Stage
from genzu.engines.base import Capabilities, PaintRequest, Progress, no_progress
from genzu.engines.diffusion.calls import models_in
from genzu.engines.diffusion.controls import shown
from genzu.engines.diffusion.facts import model_facts, training_sentence
from genzu.engines.diffusion.fit import Fit
from genzu.engines.diffusion.memory import REMEDY, Room, free, out_of_memory
from genzu.engines.diffusion.passes import Pass, Runner
from genzu.engines.diffusion.profile import ModelProfile
from genzu.engines.diffusion.studio import Studio
from genzu.engines.diffusion.weights import profile_digest
from genzu.engines.diffusion.words import spoken
from genzu.engines.drift import Drift, drift_of
from genzu.engines.embedded.engine import EmbeddedEngine
from genzu.errors import EngineFailed, GenzuError
from genzu.picture.arrays import UInt8, extent_of
from genzu.picture.files import read_rgb8

VERSION = "1"
"""Changes whenever the same weights and settings would give other pixels."""
_BEFORE = 0.05
"""Share of the progress for the initial picture of a rough."""


class DiffusersEngine:
    """Paints both stages with the models of one profile."""

    def __init__(self, profile: ModelProfile) -> None:
        """Nothing is loaded before the first picture."""
        self.profile = profile
        self.studio = Studio(profile)
        self._runner = Runner(self.studio)
        self._embedded = EmbeddedEngine()
        self._report: dict[str, Any] = {}
        self._lock = Lock()

    @property
    def name(self) -> str:
        """``diffusers:PROFILE``."""
        return self.profile.full_name

    @cached_property
    def version(self) -> str:
        """Of this code, the embedded engine's below it, and a hash over weights and settings."""
        return f"{VERSION}.{self._embedded.version}-{profile_digest(self.profile)[:16]}"

    @cached_property
    def capabilities(self) -> Capabilities:
        """Any size; the staff roll's words come from the weights' own headers and the profile."""
        models = model_facts(self.profile)
        from_picture = self.studio.kind.from_picture
        return Capabilities(
            stages=(Stage.ROUGH, Stage.PAINTING) if from_picture else (Stage.ROUGH,),
            needs_gpu=self.profile.needs_gpu, exactness="close", reads_text=True, reads_board=True, learned=True,
            training=training_sentence(models), models=models,
        )  # fmt: skip

    def models_in(self, prompt: str) -> tuple[ModelFacts, ...]:
        """LoRAs that the prompt calls by name; raises ``NotFound`` for one that is not there."""
        return models_in(self.profile, prompt)

    def report(self) -> Mapping[str, Any]:
        """Of the last picture: tries, drift, strength, side of the tiles, and notes for a person."""
        return dict(self._report)

    def paint(self, request: PaintRequest, progress: Progress = no_progress) -> UInt8:
        """(H, W, 3) sRGB uint8 of the request's size; one picture at a time."""
        with self._lock:
            self._report = {}
            try:
                return self._paint(request, progress)
            except Exception as error:
                if isinstance(error, GenzuError) or not out_of_memory(error):
                    raise
                free()
                raise EngineFailed(f"memory ran out ({_first_line(error)})", where=self.name, do=REMEDY) from error

    def _paint(self, request: PaintRequest, progress: Progress) -> UInt8:
        if request.stage is Stage.ROUGH:
            start = self._embedded.paint(replace(request, rough=None), lambda share: progress(_BEFORE * share))
            return self._best(request, start, lambda share: progress(_BEFORE + (1 - _BEFORE) * share))
        if request.rough is None:
            raise EngineFailed("the painting needs a rough", do="paint the rough first")
        return self._best(request, request.rough, progress)

    def _best(self, request: PaintRequest, start: UInt8, progress: Progress) -> UInt8:
        """Paint, and again while the picture lies off its layout, at most as often as the profile says."""
        asked, fit = self._first(request, start)
        limits = self.profile.registration
        best: tuple[Drift, UInt8, Pass] | None = None
        notes: list[str] = list(asked.spoken.notes)
        if asked.spoken.weighted and not self.studio.kind.weighs:
            notes.append("This kind of model does not weigh words: the weights in the prompt had no effect.")
        tries = limits.tries + 1
        for number in range(tries):
            room = self._room(asked)
            picture = fit.to_canvas(self._runner.run(asked, room, _part(progress, number, tries)))
            drift = drift_of(request.lines, start, picture)
            if best is None or drift.amount < best[0].amount:
                best = (drift, picture, asked)
            if room.halvings:
                notes.append(f"Memory ran out: painted in tiles of {room.side} px.")
            if drift.amount <= limits.limit:
                break
            asked = replace(
                asked, strength=max(0.0, asked.strength - limits.strength_step),
                controls=tuple(one.raised(limits.control_step) for one in asked.controls),
            )  # fmt: skip
        assert best is not None
        drift, picture, kept = best
        if drift.amount > limits.limit:
            notes.append(f"It lies off its layout ({drift.sentence}) after {number + 1} tries: look at it closely.")
        self._report = {
            "tries": number + 1, "drift": round(drift.amount, 3), "registered": drift.amount <= limits.limit,
            "strength": round(kept.strength, 4), "controls": [round(one.weight, 4) for one in kept.controls],
            "size": str(fit.model), "tile": room.side,
            **_settings(kept, self.profile.sampler), **({"notes": list(dict.fromkeys(notes))} if notes else {}),
        }  # fmt: skip
        progress(1.0)
        return picture

    def _first(self, request: PaintRequest, start: UInt8) -> tuple[Pass, Fit]:
        """The first try, as the profile says."""
        profile, stage = self.profile, request.stage
        settings = profile.stage(stage)
        lay = Fit.whole if stage is Stage.ROUGH else Fit.full
        fit = lay(request.extent, settings.size, self._runner.multiple)
        laid = fit.to_model(start)
        asked = Pass(
            stage=stage, start=laid, settings=settings, strength=settings.strength, seed=request.seed,
            spoken=spoken(profile, request.prompt, request.conditions, request.seed),
            controls=shown(profile.controls_of(stage), request, fit, laid), reference=self._reference(request.board),
        )  # fmt: skip
        return asked, fit

    def _reference(self, board: UInt8 | None) -> UInt8 | None:
        """The board, or the profile's own picture, for the reference network if there is one."""
        reference = self.profile.reference
        if reference is None or board is not None:
            return board if reference is not None else None
        return None if reference.picture is None else read_rgb8(reference.picture)

    @staticmethod
    def _room(asked: Pass) -> Room:
        """In one piece if its area is about what the model sees at once, else in tiles."""
        settings, size = asked.settings, extent_of(asked.start)
        whole = sqrt(size.pixels) <= settings.size * 1.05 and max(size.shape) <= 2 * settings.size
        longest = max(size.shape)
        return Room(longest if whole else min(settings.tile, longest), settings.tile)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:100]


def _settings(asked: Pass, sampler: Sampler | None) -> dict[str, Any]:
    """What others' files say of a picture, too; the scheduler only if the profile chose one."""
    chosen = {} if sampler is None else {"sampler": sampler.a1111, "schedule": sampler.schedule.a1111}
    negative = asked.spoken.negative_text
    told = {"steps": asked.settings.steps, "cfg_scale": asked.settings.guidance, **chosen}
    return {**told, **({"negative_prompt": negative} if negative else {})}


def _part(progress: Progress, number: int, tries: int) -> Callable[[float], None]:
    """Shares of one try among several; most pictures need one, so it counts for most."""
    begin, rest = 1 - 0.25**number, 0.25**number
    length = rest if number + 1 == tries else rest * 0.75
    return lambda share: progress(begin + length * share)
