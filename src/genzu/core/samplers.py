"""Samplers by the names that four programs give them: A1111, ComfyUI, InvokeAI and diffusers.

The pairing with diffusers is that of its own documentation (*Schedulers*, table "A1111/k-diffusion"); InvokeAI's is
that of its scheduler map. For two methods diffusers documents only a near relative: ``DPM++ 2S a`` and ``DPM++ SDE``
become ``DPMSolverSinglestepScheduler``, which adds no noise on the way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from genzu.errors import UnknownWord


class Schedule(StrEnum):
    """How the noise levels are spaced; the values are ComfyUI's."""

    NORMAL = "normal"
    KARRAS = "karras"
    EXPONENTIAL = "exponential"
    BETA = "beta"
    SGM_UNIFORM = "sgm_uniform"
    SIMPLE = "simple"

    @property
    def a1111(self) -> str:
        """As ``Schedule type:`` in the line of parameters."""
        return {"normal": "Automatic", "sgm_uniform": "SGM Uniform"}.get(self.value, self.value.capitalize())


class _Names(NamedTuple):
    """One method: its names, and the class of diffusers with what makes it this method."""

    comfy: str
    a1111: str
    invoke: str
    diffusers: str
    options: Mapping[str, Any] = {}
    sigmas: bool = True
    """Whether the class takes ``use_karras_sigmas`` and its like."""
    spaced: bool = True
    """Whether it takes ``timestep_spacing``."""
    flow: str | None = None
    """The class for models that are trained by flow matching (Flux, Qwen-Image), if there is one."""


_METHODS = (
    _Names("euler", "Euler", "euler", "EulerDiscreteScheduler", flow="FlowMatchEulerDiscreteScheduler"),
    _Names("euler_ancestral", "Euler a", "euler_a", "EulerAncestralDiscreteScheduler", sigmas=False),
    _Names("dpmpp_2m", "DPM++ 2M", "dpmpp_2m", "DPMSolverMultistepScheduler"),
    _Names(
        "dpmpp_2m_sde", "DPM++ 2M SDE", "dpmpp_2m_sde", "DPMSolverMultistepScheduler",
        {"algorithm_type": "sde-dpmsolver++"},
    ),
    _Names("dpmpp_2s_ancestral", "DPM++ 2S a", "dpmpp_2s", "DPMSolverSinglestepScheduler", spaced=False),
    _Names("dpmpp_sde", "DPM++ SDE", "dpmpp_sde", "DPMSolverSinglestepScheduler", spaced=False),
    _Names("dpm_2", "DPM2", "kdpm_2", "KDPM2DiscreteScheduler"),
    _Names("dpm_2_ancestral", "DPM2 a", "kdpm_2_a", "KDPM2AncestralDiscreteScheduler"),
    _Names("heun", "Heun", "heun", "HeunDiscreteScheduler", flow="FlowMatchHeunDiscreteScheduler"),
    _Names("lms", "LMS", "lms", "LMSDiscreteScheduler"),
    _Names("ddim", "DDIM", "ddim", "DDIMScheduler", sigmas=False),
    _Names("ddpm", "DDPM", "ddpm", "DDPMScheduler", sigmas=False),
    _Names("uni_pc", "UniPC", "unipc", "UniPCMultistepScheduler"),
    _Names("deis", "DEIS", "deis", "DEISMultistepScheduler"),
    _Names("lcm", "LCM", "lcm", "LCMScheduler", sigmas=False, flow="FlowMatchLCMScheduler"),
    _Names("pndm", "PLMS", "pndm", "PNDMScheduler", sigmas=False),  # ComfyUI has no such sampler
)  # fmt: skip
_SIGMAS: Mapping[Schedule, Mapping[str, Any]] = {
    Schedule.KARRAS: {"use_karras_sigmas": True},
    Schedule.EXPONENTIAL: {"use_exponential_sigmas": True},
    Schedule.BETA: {"use_beta_sigmas": True},
}
_SPACED: Mapping[Schedule, Mapping[str, Any]] = {
    Schedule.SGM_UNIFORM: {"timestep_spacing": "trailing"},
    Schedule.SIMPLE: {"timestep_spacing": "trailing"},
    Schedule.EXPONENTIAL: {"timestep_spacing": "linspace"},
    Schedule.BETA: {"timestep_spacing": "linspace"},
}
_TRAILING = (Schedule.SGM_UNIFORM, Schedule.SIMPLE)
_FLOW_WITHOUT_SIGMAS = frozenset({"FlowMatchHeunDiscreteScheduler"})
_ENDINGS = {"k": Schedule.KARRAS, "automatic": Schedule.NORMAL, **{s.value.replace("_", ""): s for s in Schedule}}


@dataclass(frozen=True, slots=True)
class Sampler:
    """A method and the spacing of its noise levels."""

    comfy: str
    """ComfyUI's ``sampler_name``; also the name by which Genzu keeps it."""
    schedule: Schedule = Schedule.NORMAL

    @classmethod
    def parse(cls, text: str) -> Sampler:
        """Any of the four programs' names, with or without the spacing: ``DPM++ 2M Karras``, ``dpmpp_2m_k``.

        Raises :class:`UnknownWord` for another name, and for a spacing that the method does not offer.
        """
        folded = _fold(text)
        found = _by_name().get(folded)
        if found is not None:
            return cls(found)
        for ending in sorted(_ENDINGS, key=len, reverse=True):
            method = _by_name().get(folded.removesuffix(ending)) if folded.endswith(ending) else None
            if method is not None:
                return cls(method, _ENDINGS[ending])
        near = get_close_matches(folded, _by_name(), n=1)
        known = ", ".join(names.a1111 for names in _METHODS)
        hint = f"did you mean {_names(_by_name()[near[0]]).a1111}? " if near else ""
        raise UnknownWord(f"{text!r} is not a scheduler", do=f"{hint}Use one of {known}, each also with Karras")

    def __post_init__(self) -> None:
        names = _names(self.comfy)
        if (self.schedule in _SIGMAS and not names.sigmas) or (self.schedule in _TRAILING and not names.spaced):
            raise self._no_such_spacing()

    def __str__(self) -> str:
        return self.a1111 if self.schedule is Schedule.NORMAL else f"{self.a1111} {self.schedule.a1111}"

    @property
    def a1111(self) -> str:
        """As ``Sampler:`` in the line of parameters; the spacing stands apart, as ``Schedule type:``."""
        return _names(self.comfy).a1111

    @property
    def invoke(self) -> str:
        """InvokeAI's name, ``_k`` for Karras."""
        return _names(self.comfy).invoke + ("_k" if self.schedule is Schedule.KARRAS else "")

    def diffusers(self, *, flow: bool = False) -> tuple[str, dict[str, Any]]:
        """Name of diffusers' class and the options for its ``from_config``; ``flow`` for models of flow matching.

        Raises :class:`UnknownWord` if the method is not offered for flow matching.
        """
        names = _names(self.comfy)
        if flow and names.flow is None:
            offered = ", ".join(one.a1111 for one in _METHODS if one.flow)
            raise UnknownWord(f"{self} does not work with a model of flow matching", do=f"use one of {offered}")
        if flow and names.flow:
            if self.schedule in _SIGMAS and names.flow in _FLOW_WITHOUT_SIGMAS:
                raise self._no_such_spacing()
            return names.flow, dict(_SIGMAS.get(self.schedule, {}))
        spacing = _SPACED.get(self.schedule) if names.spaced else None
        return names.diffusers, {**names.options, **_SIGMAS.get(self.schedule, {}), **(spacing or {})}

    def _no_such_spacing(self) -> UnknownWord:
        word = self.schedule.a1111
        return UnknownWord(f"{self.a1111} has no {word} spacing", do=f"leave the word {word} out")


def _names(comfy: str) -> _Names:
    return next(names for names in _METHODS if names.comfy == comfy)


def _fold(text: str) -> str:
    """Case, blanks, ``_`` and ``-`` aside; ``++`` is ``pp``."""
    return re.sub(r"[\s_-]+", "", text.lower().replace("++", "pp"))


@cache
def _by_name() -> dict[str, str]:
    """Folded name of any program → ComfyUI's name. What comes first in the table keeps a name that two share."""
    found: dict[str, str] = {}
    for names in _METHODS:
        for name in (names.comfy, names.a1111, names.invoke, names.flow or ""):
            found.setdefault(_fold(name), names.comfy)
        if not names.options:
            found.setdefault(_fold(names.diffusers), names.comfy)
            found.setdefault(_fold(names.diffusers.removesuffix("Scheduler")), names.comfy)
    found.pop("", None)
    return found
