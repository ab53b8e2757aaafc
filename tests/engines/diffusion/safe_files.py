"""Safetensors files and folders in diffusers' layout, written byte by byte: no library is needed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

LORA = {"unet.down.0.attn.to_q.lora_A.weight": np.ones((2, 4), np.float16)}
NET = {"conv.weight": np.ones((4, 3), np.float32), "conv.bias": np.zeros(4, np.float32)}
_TYPES = {"float32": "F32", "float16": "F16", "int64": "I64"}


def packed(tensors: Mapping[str, np.ndarray], metadata: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a file."""
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    reached = 0
    for name, tensor in tensors.items():
        header[name] = {
            "dtype": _TYPES[tensor.dtype.name],
            "shape": list(tensor.shape),
            "data_offsets": [reached, reached + tensor.nbytes],
        }
        reached += tensor.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(tensor.tobytes() for tensor in tensors.values())


def write(path: Path, tensors: Mapping[str, np.ndarray] = NET, metadata: Mapping[str, str] | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed(tensors, metadata))
    return path


def write_json(path: Path, record: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record), encoding="utf-8")


def write_model(folder: Path, pipeline: str = "StableDiffusionPipeline") -> Path:
    """A folder as ``save_pretrained`` lays it out, with weights that mean nothing."""
    components = {
        "unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"],
        "text_encoder": ["transformers", "CLIPTextModel"], "tokenizer": ["transformers", "CLIPTokenizer"],
        "scheduler": ["diffusers", "DDIMScheduler"], "safety_checker": [None, None],
    }  # fmt: skip
    write_json(folder / "model_index.json", {"_class_name": pipeline, "_diffusers_version": "0.42.1", **components})
    for name in ("unet", "vae"):
        write_json(folder / name / "config.json", {"_class_name": components[name][1]})
        write(folder / name / "diffusion_pytorch_model.safetensors")
    write_json(folder / "text_encoder" / "config.json", {"architectures": ["CLIPTextModel"]})
    write(folder / "text_encoder" / "model.safetensors")
    write_json(folder / "tokenizer" / "vocab.json", {"a": 0})
    write_json(folder / "scheduler" / "scheduler_config.json", {"_class_name": "DDIMScheduler"})
    return folder


def write_network(folder: Path, kind: str = "ControlNetModel") -> Path:
    write_json(folder / "config.json", {"_class_name": kind})
    write(folder / "diffusion_pytorch_model.safetensors")
    return folder


def write_profile(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path
