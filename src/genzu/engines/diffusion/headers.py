"""The header of a ``.safetensors`` file: what tensors it holds and what is said about it, without reading a weight.

The format (safetensors' own documentation): 8 bytes, the length N of the header as a little-endian number; N bytes of
JSON with a name, type, shape and byte range for every tensor and free texts under ``__metadata__``; then the tensors,
without holes. What a header may say about its maker is the *SAI model spec* (``modelspec.*``) and the notes of
kohya's trainer (``ss_*``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

from genzu.core.codec import Plain, without_none
from genzu.engines.diffusion.pickles import CONVERT, refuse_pickle
from genzu.errors import BadInput, NotFound

_LARGEST = 100_000_000
"""Bytes of JSON that the reference reader takes."""
_BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
    "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "I64": 64, "U64": 64, "F64": 64,
    "C64": 64, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
}  # fmt: skip
_TOLD = ("modelspec.", "genzu.")
_COPY = "it was not copied whole: copy or download it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands at the beginning of one file."""

    path: Path
    size: int
    """Bytes of the file."""
    tensors: int
    parameters: int
    types: tuple[str, ...]
    """Number formats as the file spells them: ``F16``, ``BF16`` …"""
    names: tuple[str, ...] = field(repr=False)
    metadata: Mapping[str, str] = field(repr=False)

    def spec(self, key: str) -> str | None:
        """A text of the SAI model spec, ``None`` if it is absent or empty."""
        return self.metadata.get(f"modelspec.{key}", "").strip() or None

    @property
    def title(self) -> str | None:
        """As the header states it."""
        return self.spec("title") or self.metadata.get("ss_output_name") or None

    @property
    def is_lora(self) -> bool:
        """True if the tensors are those of a LoRA in any of the usual spellings."""
        return any(
            ".lora_" in name or ".lora." in name or name.startswith(("lora_", "lycoris_")) for name in self.names[:64]
        )

    def said(self) -> Plain:
        """Everything that the header says about title, author, licence, training: for ``--json`` and for reading."""
        notes = ("ss_base_model_version", "ss_sd_model_name", "ss_network_dim", "ss_network_alpha", "ss_num_epochs",
                 "ss_num_train_images", "ss_training_started_at", "ss_output_name")  # fmt: skip
        keys = [key for key in sorted(self.metadata) if key.startswith(_TOLD) and "thumbnail" not in key]
        return without_none({key: self.metadata.get(key) or None for key in (*keys, *notes)})


def read_header(path: Path) -> Header:
    """Read and check a header; the tensors themselves are not read.

    Raises :class:`NotFound` if there is no such file, :class:`BadInput` if it is no safetensors file, or is shorter
    or longer than its header says.
    """
    refuse_pickle(path, path)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            length = int.from_bytes(start, "little")
            _check_start(path, start, length, size)
            text = file.read(length)
    except OSError as error:
        raise NotFound(
            f"it cannot be read ({(error.strerror or 'unknown').lower()})", where=path, do="check the path"
        ) from error
    return _understood(path, size, 8 + length, text)


def _check_start(path: Path, start: bytes, length: int, size: int) -> None:
    if start[:2] in (b"PK", b"\x80\x02", b"\x80\x04"):
        raise BadInput(
            "it is called .safetensors, but it is a pickle, which can run code when it is opened", where=path,
            do=CONVERT,
        )  # fmt: skip
    if start.startswith(b"version "):
        raise BadInput(
            "it is only the pointer of a file in Git LFS", where=path, do="fetch the file itself with 'git lfs pull'"
        )
    if len(start) < 8 or not 2 <= length <= _LARGEST:
        raise BadInput("it is not a safetensors file", where=path, do="name the right file, or " + CONVERT)
    if 8 + length > size:
        raise BadInput(f"it ends within its header, after {size} bytes", where=path, do=_COPY)


def _understood(path: Path, size: int, begin: int, text: bytes) -> Header:
    try:
        record = json.loads(text.decode("utf-8"))
        metadata = record.pop("__metadata__", None) or {}
        ranges = sorted(_range(entry) for entry in record.values())
        header = Header(
            path=path,
            size=size,
            tensors=len(record),
            parameters=sum(prod(entry["shape"]) for entry in record.values()),
            types=tuple(sorted({str(entry["dtype"]) for entry in record.values()})),
            names=tuple(record),
            metadata={str(key): str(value) for key, value in metadata.items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadInput("its header is not that of a safetensors file", where=path, do=_COPY) from error
    reached = 0
    for first, last in ranges:
        if first != reached:
            raise BadInput("its header leaves a hole between two tensors", where=path, do=_COPY)
        reached = last
    if begin + reached != size:
        short = "shorter" if begin + reached > size else "longer"
        raise BadInput(
            f"it has {size} bytes, {short} than the {begin + reached} that its header says", where=path, do=_COPY
        )
    return header


def _range(entry: Mapping[str, Any]) -> tuple[int, int]:
    """First byte and the byte after the last; the number of bytes must fit shape and type."""
    first, last = entry["data_offsets"]
    bits = _BITS.get(entry["dtype"])
    if not (isinstance(first, int) and isinstance(last, int)) or any(not isinstance(n, int) for n in entry["shape"]):
        raise ValueError("not numbers")
    if bits is not None and (last - first) * 8 != prod(entry["shape"]) * bits:
        raise ValueError("the bytes do not fit the shape")
    return first, last
