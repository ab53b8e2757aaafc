"""Whether a model's folder in diffusers' layout is whole, safe and of the family that its profile says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any

from genzu.engines.diffusion.families import Family

_LIBRARIES = frozenset({"diffusers", "transformers", "stable_diffusion", "flux", "qwenimage"})
"""Where diffusers finds classes by itself; besides, in any folder of its own ``pipelines``."""
_MAY_BE_ABSENT = frozenset({"safety_checker", "feature_extractor", "image_encoder"})
_PIPELINES = {
    Family.SD15: ("StableDiffusion",), Family.SDXL: ("StableDiffusionXL",), Family.FLUX: ("Flux",),
    Family.QWEN_IMAGE: ("QwenImage",),
}  # fmt: skip
_NOT_SD15 = ("StableDiffusionXL", "StableDiffusion3")
_ARCHITECTURES = {
    Family.SD15: ("stable-diffusion-v1", "stable-diffusion-v2"), Family.SDXL: ("stable-diffusion-xl",),
    Family.FLUX: ("flux",), Family.QWEN_IMAGE: ("qwen",),
}  # fmt: skip


def model_faults(folder: Path, family: Family) -> Iterator[str]:
    """What is wrong with a pipeline's folder, one sentence each."""
    try:
        index = _json(folder / "model_index.json")
    except ValueError as error:
        yield f"{folder} is no folder in diffusers' layout: {error}"
        return
    pipeline = index.get("_class_name")
    if not isinstance(pipeline, str):
        yield "model_index.json names a pipeline with code of its own, which is never run"
    elif not _fits(pipeline, family):
        yield f"it is a {pipeline}, and the profile says family = {family.value!r}"
    for name, entry in index.items():
        if not name.startswith("_") and isinstance(entry, list):
            yield from _component_faults(folder, name, entry)


def network_faults(folder: Path) -> Iterator[str]:
    """The same for the folder of one network: a VAE, a ControlNet, an image encoder."""
    try:
        config = _json(folder / "config.json")
    except ValueError as error:
        yield f"{folder} is no folder of a network: {error}"
        return
    yield from _code_faults(config)
    yield from _shard_faults(folder)


def lora_faults(names: tuple[str, ...], is_lora: bool) -> Iterator[str]:
    """A file that is named as a LoRA and holds none."""
    if not is_lora:
        first = names[0] if names else "nothing"
        yield f"it holds no LoRA: its first tensor is {first!r}"


def architecture_fault(architecture: str | None, family: Family) -> str | None:
    """A file whose header says that it belongs to another family."""
    known = _ARCHITECTURES.get(family)
    if architecture is None or known is None or any(word in architecture.lower() for word in known):
        return None
    others = {word for words in _ARCHITECTURES.values() for word in words}
    if not any(word in architecture.lower() for word in others):
        return None
    return f"its header says {architecture!r}, and the profile says family = {family.value!r}"


def _fits(pipeline: str, family: Family) -> bool:
    words = _PIPELINES.get(family)
    if words is None:
        return True
    if family is Family.SD15 and pipeline.startswith(_NOT_SD15):
        return False
    return any(pipeline.startswith(word) or f"{word}Pipeline" in pipeline for word in words)


def _component_faults(folder: Path, name: str, entry: list[Any]) -> Iterator[str]:
    """One line of ``model_index.json``: ``"unet": ["diffusers", "UNet2DConditionModel"]``."""
    if len(entry) != 2 or not (entry == [None, None] or all(isinstance(word, str) for word in entry)):
        yield f"model_index.json: {name} is not [library, class]"
        return
    library = entry[0]
    if library is None:
        return
    # Scripts that only lie beside the weights are never opened; one of the library's name would take its place.
    if not _is_known(library) or (folder / name / f"{library}.py").exists():
        yield f"model_index.json: {name} comes with code of its own ({library}), which is never run"
        return
    inner = folder / name
    if PurePosixPath(name).name != name or not inner.is_dir():
        if name not in _MAY_BE_ABSENT:
            yield f"the folder of {name} is missing"
        return
    try:
        config = _json(inner / "config.json") if (inner / "config.json").is_file() else {}
    except ValueError as error:
        yield f"{name}: {error}"
        return
    yield from (f"{name}: {fault}" for fault in (*_code_faults(config), *_shard_faults(inner)))


def _is_known(library: str) -> bool:
    """The libraries themselves, and the modules of diffusers' pipelines, where it is installed; nothing is imported."""
    if library in _LIBRARIES:
        return True
    spec = find_spec("diffusers") if library.isidentifier() else None
    places = spec.submodule_search_locations if spec else None
    return any((Path(place) / "pipelines" / library).is_dir() for place in places or ())


def _code_faults(config: dict[str, Any]) -> Iterator[str]:
    if config.get("auto_map"):
        yield "its configuration asks for code of its own (auto_map), which is never run"


def _shard_faults(folder: Path) -> Iterator[str]:
    """Weights in several files: every one that the index names is there, and no name leads elsewhere."""
    for path in sorted(folder.glob("*.safetensors.index.json")):
        try:
            shards = set(_json(path)["weight_map"].values())
        except (ValueError, KeyError, AttributeError, TypeError):
            yield f"{path.name} is not the index of a model in several files"
            continue
        for shard in sorted(map(str, shards)):
            if Path(shard).name != shard:
                yield f"{path.name} names a file outside of its folder: {shard}"
            elif not (folder / shard).is_file():
                yield f"{shard} is missing, which {path.name} names"


def _json(path: Path) -> dict[str, Any]:
    """Raises ``ValueError`` with a sentence."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise ValueError(f"{path.name} is not there") from None
    except (ValueError, RecursionError):
        raise ValueError(f"{path.name} is not JSON") from None
    if not isinstance(record, dict):
        raise ValueError(f"{path.name} is not what it should be")
    return record
