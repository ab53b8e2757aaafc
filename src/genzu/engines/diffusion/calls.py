"""LoRAs that a prompt calls by the stem of their file, ``<lora:town:0.5>``, beside those that are always on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from genzu.core.model_facts import ModelFacts
from genzu.core.words.weights import LoraCall, parse
from genzu.engines.diffusion.facts import lora_facts
from genzu.engines.diffusion.pickles import is_pickle, refuse_pickle
from genzu.engines.diffusion.profile import Lora, ModelProfile
from genzu.errors import BadInput, NotFound


def loras_for(profile: ModelProfile, prompt: str, seed: int = 0) -> tuple[Lora, ...]:
    """LoRAs of a picture with their weights: the profile's in its order, then those that the prompt calls.

    A call of one of the profile's own gives it another weight for this picture. Raises :class:`NotFound` for a
    name that is not there, :class:`BadInput` for one that two files have or that is a pickle.
    """
    calls = {call.stem: call for call in parse(prompt, seed).loras}
    always = [replace(one, weight=calls[one.stem].weight) if one.stem in calls else one for one in profile.loras]
    return (*always, *_called(profile, calls))


def models_in(profile: ModelProfile, prompt: str, seed: int = 0) -> tuple[ModelFacts, ...]:
    """What is said of the LoRAs that the prompt calls and the profile does not name; raises as :func:`loras_for`."""
    calls = {call.stem: call for call in parse(prompt, seed).loras}
    return tuple(lora_facts(lora) for lora in _called(profile, calls))


def _called(profile: ModelProfile, calls: dict[str, LoraCall]) -> Iterator[Lora]:
    own = {one.stem for one in profile.loras}
    for call in calls.values():
        if call.stem not in own:
            yield Lora(path=_find(profile, call.stem), weight=call.weight)


def _find(profile: ModelProfile, stem: str) -> Path:
    """The one file of this stem in the profile's folder for LoRAs and the folders below it."""
    files = _files(profile.lora_folder)
    fitting = [path for path in files if path.stem == stem]
    safe = [path for path in fitting if not is_pickle(path)]
    where = f"<lora:{stem}>"
    if len(safe) > 1:
        raise BadInput(f"{safe[0]} and {safe[1]} have the same name", where=where, do="rename one of them")
    if safe:
        return safe[0]
    if fitting:
        refuse_pickle(fitting[0], where)
    known = sorted({path.stem for path in files} | {one.stem for one in profile.loras})
    near = get_close_matches(stem, known, n=1, cutoff=0.5)
    if near:
        do = f"did you mean {near[0]}?"
    elif known:
        do = "use one of " + ", ".join(known[:12])
    else:
        do = f"name a folder of LoRAs as lora_folder in {profile.source}"
    raise NotFound(f"there is no LoRA {stem!r}", where=where, do=do)


def _files(folder: Path | None) -> list[Path]:
    if folder is None:
        return []
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".safetensors" or is_pickle(path))
