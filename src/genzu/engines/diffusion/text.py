"""Text encodings with weights on words, kept between pictures.

Weights work as in ComfyUI: each token's encoding is moved away from that of the empty prompt, or towards it. Prompts
longer than CLIP's 75 tokens are encoded in pieces of 75 and laid end to end, as A1111 and others do. Without weights
and within 75 tokens the numbers are those of diffusers' own ``encode_prompt``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import torch

from genzu.core.words.weights import Chunk
from genzu.engines.diffusion.kinds import Kind
from genzu.engines.diffusion.studio import Studio
from genzu.engines.diffusion.words import Spoken

KEPT = 64
"""Encodings that are kept at most; one of SDXL has about 1 MB."""
_PIECE = 75


class Encodings:
    """What the pipelines are given in place of a prompt."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._known: OrderedDict[object, dict[str, Any]] = OrderedDict()
        self.made = 0
        """How many were computed."""

    def of(self, spoken: Spoken, *, guided: bool) -> dict[str, Any]:
        """Named arguments for a pipeline's call; ``guided`` if the unwanted is encoded too."""
        key = (spoken.chunks, spoken.negative, self._studio.loras, guided)
        if key in self._known:
            self._known.move_to_end(key)
            return dict(self._known[key])
        with torch.inference_mode():
            made = self._encode(spoken, guided=guided)
        self.made += 1
        self._known[key] = made
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return dict(made)

    def _encode(self, spoken: Spoken, *, guided: bool) -> dict[str, Any]:
        pipeline, kind = self._studio.pipeline, self._studio.kind
        if kind.weighs:
            return _clip(pipeline, kind, spoken, guided=guided)
        device = pipeline._execution_device
        if kind is Kind.FLUX:
            embeds, pooled, _ = pipeline.encode_prompt(
                prompt=spoken.text, prompt_2=None, device=device, max_sequence_length=_t5_length(pipeline)
            )
            return {"prompt_embeds": embeds, "pooled_prompt_embeds": pooled}
        if kind is Kind.QWEN:
            return _qwen(pipeline, spoken, device, guided=guided)
        return {"prompt": spoken.text, **({"negative_prompt": spoken.negative_text} if guided else {})}


def _t5_length(pipeline: Any) -> int:
    """Flux's T5 reads 512 tokens, or what its tokenizer says if that is less."""
    return min(512, int(pipeline.tokenizer_2.model_max_length))


def _qwen(pipeline: Any, spoken: Spoken, device: Any, *, guided: bool) -> dict[str, Any]:
    embeds, mask = pipeline.encode_prompt(prompt=spoken.text, device=device)
    found = {"prompt_embeds": embeds, "prompt_embeds_mask": mask}
    if guided:
        embeds, mask = pipeline.encode_prompt(prompt=spoken.negative_text or " ", device=device)
        found |= {"negative_prompt_embeds": embeds, "negative_prompt_embeds_mask": mask}
    return found


def _clip(pipeline: Any, kind: Kind, spoken: Spoken, *, guided: bool) -> dict[str, Any]:
    """Both CLIP encoders of SDXL side by side, or the one of Stable Diffusion."""
    pairs = [(pipeline.tokenizer, pipeline.text_encoder)]
    if kind is Kind.SDXL:
        pairs.append((pipeline.tokenizer_2, pipeline.text_encoder_2))
    pairs = [(tokenizer, encoder) for tokenizer, encoder in pairs if encoder is not None]
    device = pipeline._execution_device
    sides: list[list[Any]] = [[], []]
    pooled: list[Any] = [None, None]
    zero = kind is Kind.SDXL and not spoken.negative_text.strip() and pipeline.config.force_zeros_for_empty_prompt
    for tokenizer, encoder in pairs:
        both = [_pieces(tokenizer, chunks) for chunks in (spoken.chunks, spoken.negative)]
        longest = max(len(pieces) for pieces in both) if guided else len(both[0])
        for side in range(2 if guided else 1):
            pieces = both[side] + [_Piece([], [])] * (longest - len(both[side]))
            encoded, summary = _encoded(tokenizer, encoder, pieces, device, last=kind is Kind.SD)
            sides[side].append(encoded)
            pooled[side] = summary
    found = {"prompt_embeds": torch.cat(sides[0], dim=-1)}
    if kind is Kind.SDXL:
        found["pooled_prompt_embeds"] = pooled[0]
    if guided:
        unwanted = torch.cat(sides[1], dim=-1)
        found["negative_prompt_embeds"] = torch.zeros_like(unwanted) if zero else unwanted
        if kind is Kind.SDXL:
            found["negative_pooled_prompt_embeds"] = torch.zeros_like(pooled[1]) if zero else pooled[1]
    return found


class _Piece:
    """At most 75 tokens with their weights."""

    def __init__(self, ids: list[int], weights: list[float]) -> None:
        self.ids, self.weights = ids, weights


def _pieces(tokenizer: Any, chunks: Sequence[Chunk]) -> list[_Piece]:
    """At least one piece, also for no words."""
    ids: list[int] = []
    weights: list[float] = []
    for chunk in chunks:
        found = tokenizer(chunk.text, add_special_tokens=False, truncation=False, verbose=False).input_ids
        ids += found
        weights += [chunk.weight] * len(found)
    starts = range(0, max(1, len(ids)), _PIECE)
    return [_Piece(ids[start : start + _PIECE], weights[start : start + _PIECE]) for start in starts]


def _encoded(tokenizer: Any, encoder: Any, pieces: list[_Piece], device: Any, *, last: bool) -> tuple[Any, Any]:
    """(1, 77·n, width) and, of an encoder with a projection, (1, width) of the first piece."""
    rows = [*pieces, _Piece([], [])] if any(w != 1 for piece in pieces for w in piece.weights) else pieces
    begin, end, pad = tokenizer.bos_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id
    ids = [[begin, *row.ids, end, *[pad] * (_PIECE - len(row.ids))] for row in rows]
    said = encoder(torch.tensor(ids, device=device), output_hidden_states=not last)
    encoded = said[0] if last else said.hidden_states[-2]
    summary = None if last else said[0][:1]
    if rows is not pieces:
        empty = encoded[-1:]
        weights = [[1.0, *row.weights, *[1.0] * (_PIECE + 1 - len(row.ids))] for row in pieces]
        factor = torch.tensor(weights, device=encoded.device, dtype=torch.float32)[:, :, None]
        moved = (empty + (encoded[:-1] - empty).float() * factor).to(encoded.dtype)
        encoded = torch.where(factor == 1, encoded[:-1], moved)
    return encoded.reshape(1, -1, encoded.shape[-1]), summary
