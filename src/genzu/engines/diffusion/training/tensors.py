"""Safetensors files with the same bytes for the same content: the header is written in order, the file at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch

from genzu.core.atomic import replacing
from genzu.engines.diffusion.headers import read_header
from genzu.errors import BadInput

_NAMES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.uint8: "U8", torch.int64: "I64"}


def pack(tensors: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Entries of the header, by name, and the tensors' bytes behind each other."""
    entries: dict[str, Any] = {}
    parts: list[bytes] = []
    reached = 0
    for name in sorted(tensors):
        tensor = tensors[name].detach().to("cpu").contiguous()
        data = tensor.reshape(-1).view(torch.uint8).numpy().tobytes()
        entries[name] = {
            "dtype": _NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [reached, reached + len(data)],
        }  # fmt: skip
        parts.append(data)
        reached += len(data)
    return entries, b"".join(parts)


def write_tensors(path: Path, tensors: Mapping[str, Any], texts: Mapping[str, str]) -> None:
    """Write a safetensors file whole or not at all. ``texts`` become ``__metadata__``; raises ``CannotWrite``."""
    entries, data = pack(tensors)
    _write(path, entries, data, texts)


def write_with_hash(path: Path, tensors: Mapping[str, Any], texts: Mapping[str, str]) -> None:
    """As :func:`write_tensors`; ``modelspec.hash_sha256`` of the tensors' bytes is added to the texts."""
    entries, data = pack(tensors)
    _write(path, entries, data, {**texts, "modelspec.hash_sha256": f"0x{sha256(data).hexdigest()}"})


def _write(path: Path, entries: Mapping[str, Any], data: bytes, texts: Mapping[str, str]) -> None:
    header = {"__metadata__": dict(sorted(texts.items())), **entries}
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # tensors begin at a multiple of 8, as the format recommends
    with replacing(path) as scratch, scratch.open("wb") as file:
        file.write(len(text).to_bytes(8, "little"))
        file.write(text)
        file.write(data)


def read_tensors(path: Path) -> tuple[dict[str, Any], Mapping[str, str]]:
    """Tensors on the CPU and texts; raises ``NotFound`` or ``BadInput`` for what is no whole safetensors file."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    header = read_header(path)
    try:
        return load_file(str(path)), header.metadata
    except SafetensorError as error:
        raise BadInput(f"it cannot be read ({error})", where=path, do="delete it; it is made again") from None
