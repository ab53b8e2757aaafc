from __future__ import annotations

from typing import Any

import pytest

from genzu.core.foreign import comfy_graph, invoke_record

GRAPH: dict[str, Any] = {
    "3": {"class_type": "KSampler", "inputs": {
        "seed": 5, "steps": 20, "cfg": 7.0, "sampler_name": "euler", "scheduler": "normal", "denoise": 0.6,
        "model": ["4", 0], "positive": ["10", 0], "negative": ["7", 0], "latent_image": ["5", 0],
    }},
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "studio.safetensors"}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "port town, 秋", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "people", "clip": ["4", 1]}},
    "10": {"class_type": "ControlNetApply", "inputs": {"conditioning": ["6", 0], "strength": 1.0}},
}  # fmt: skip


def test_a_graph_of_comfyui() -> None:
    said = comfy_graph(GRAPH)
    assert ("Prompt", "port town, 秋") in said and ("Negative prompt", "people") in said
    assert ("Seed", "5") in said and ("Model", "studio.safetensors") in said and ("Sampler", "euler") in said
    assert ("Prompt", "people") not in said


def test_a_ring_ends() -> None:
    ring = {str(k): {"class_type": "x", "inputs": {"positive": [str((k + 1) % 9), 0], "text": "t"}} for k in range(9)}
    assert comfy_graph(ring) == (("Prompt", "t"),)


@pytest.mark.parametrize("record", [None, [], "x", {}, {"3": 5}, {"3": {"inputs": []}}, {"nodes": [], "links": []}])
def test_what_is_no_graph_says_nothing(record: object) -> None:
    assert comfy_graph(record) == ()


def test_invokeai() -> None:
    said = invoke_record(
        {"positive_prompt": "a shrine", "negative_prompt": "", "seed": 3, "steps": 30, "model": {"name": "own"}}
    )
    assert said == (("Prompt", "a shrine"), ("Seed", "3"), ("Steps", "30"), ("Model", "own"))
    older = invoke_record({"model": "stable", "image": {"prompt": "a shrine", "seed": 3, "steps": 30}})
    assert ("Prompt", "a shrine") in older and ("Model", "stable") in older
    assert invoke_record([1]) == ()
