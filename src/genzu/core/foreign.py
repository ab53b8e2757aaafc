"""What the metadata of other programs says: ComfyUI graphs (API form) and InvokeAI records, in plain pairs.

A graph is data, never run: nodes are looked through for the few inputs that a person would ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Pairs = tuple[tuple[str, str], ...]

MOST_NODES = 20_000
_SETTINGS = {
    "seed": "Seed", "noise_seed": "Seed", "steps": "Steps", "cfg": "CFG scale", "sampler_name": "Sampler",
    "scheduler": "Schedule", "denoise": "Denoising strength", "ckpt_name": "Model", "unet_name": "Model",
    "lora_name": "LoRA", "control_net_name": "ControlNet", "vae_name": "VAE", "strength_model": "LoRA weight",
}  # fmt: skip
_INVOKE = {
    "positive_prompt": "Prompt", "negative_prompt": "Negative prompt", "seed": "Seed", "steps": "Steps",
    "cfg_scale": "CFG scale", "scheduler": "Sampler", "strength": "Denoising strength", "width": "Width",
    "height": "Height", "app_version": "InvokeAI", "generation_mode": "Mode",
}  # fmt: skip


def comfy_graph(graph: object) -> Pairs:
    """The prompts and settings of a ComfyUI graph in API form (``{"3": {"class_type": …, "inputs": …}}``).

    Prompts are told apart by the sampler input that they lead to. Empty if it is no such graph.
    """
    nodes = dict(_nodes(graph))
    prompts: dict[str, dict[str, None]] = {"Prompt": {}, "Negative prompt": {}}
    for node in nodes.values():
        for socket, label in (("positive", "Prompt"), ("negative", "Negative prompt")):
            for text in _texts(nodes, node["inputs"].get(socket), set()):
                prompts[label][text] = None
    if not any(prompts.values()):
        prompts["Prompt"] = {text: None for node in nodes.values() for text in _own_texts(node)}
    said = [(label, text) for label, texts in prompts.items() for text in texts]
    for node in nodes.values():
        for key, label in _SETTINGS.items():
            value = node["inputs"].get(key)
            if isinstance(value, str | int | float) and (label, str(value)) not in said:
                said.append((label, str(value)))
    return tuple(said)


def invoke_record(record: object) -> Pairs:
    """The prompts and settings of InvokeAI's ``invokeai_metadata`` (or the older ``sd-metadata``)."""
    if not isinstance(record, Mapping):
        return ()
    if isinstance(record.get("image"), Mapping):
        record = {**record["image"], **{key: value for key, value in record.items() if key != "image"}}
    said = [(label, str(record[key])) for key, label in _INVOKE.items() if _plain(record.get(key))]
    model = record.get("model")
    name = model.get("name", model.get("model_name")) if isinstance(model, Mapping) else model
    if _plain(name):
        said.append(("Model", str(name)))
    if "positive_prompt" not in record and _plain(record.get("prompt")):
        said.insert(0, ("Prompt", str(record["prompt"])))
    return tuple(said)


def _plain(value: object) -> bool:
    return isinstance(value, str | int | float) and value != ""


def _nodes(graph: object) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(graph, Mapping):
        return
    for count, (name, node) in enumerate(graph.items()):
        if count >= MOST_NODES:
            return
        if isinstance(node, Mapping) and isinstance(node.get("inputs"), Mapping):
            yield str(name), {"inputs": node["inputs"], "class_type": str(node.get("class_type", ""))}


def _texts(nodes: Mapping[str, Mapping[str, Any]], link: object, seen: set[str]) -> Iterator[str]:
    """Every text that leads into a link; each node is visited once, so that a ring ends."""
    waiting = [link]
    while waiting:
        one = waiting.pop()
        if not (isinstance(one, list) and len(one) == 2 and isinstance(one[0], str | int)):
            continue
        name = str(one[0])
        if name in seen or name not in nodes:
            continue
        seen.add(name)
        yield from _own_texts(nodes[name])
        waiting += nodes[name]["inputs"].values()


def _own_texts(node: Mapping[str, Any]) -> Iterator[str]:
    for key in ("text", "text_g", "text_l", "t5xxl", "clip_l", "prompt", "string", "value"):
        value = node["inputs"].get(key)
        if isinstance(value, str) and value.strip():
            yield value.strip()
