"""How much a mark weighs in every cell, as learned from marks in the project's own drawings.

A small network (two layers of a few units) turns the evidence for a marked material (:mod:`genzu.picture.evidence`)
into an addition to the logarithm of that material's vote. It was fitted by ``training/hearing.py`` to the true
materials of drawings whose mistakes were marked one after another, on no picture by any person.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from genzu.picture.arrays import Float32
from genzu.picture.evidence import Evidence

_LEAST = np.float32(0.003)
_BAND = 32
"""Rows weighed at once, so that the evidence of a long sheet needs little memory."""


@dataclass(frozen=True)
class Weights:
    """Of the small network; matrices are (out, in)."""

    first: Float32
    first_bias: Float32
    second: Float32
    second_bias: Float32
    last: Float32
    last_bias: Float32
    votes: float
    """Weight of the logarithm of the votes without marks."""
    heard: float
    """Weight of what the reader changes in it when it is shown the marks."""

    def addition(self, evidence: Float32) -> Float32:
        """(…,) what is added to the logarithm of the vote of a marked material."""
        hidden = np.maximum(evidence @ self.first.T + self.first_bias, 0)
        hidden = np.maximum(hidden @ self.second.T + self.second_bias, 0)
        return np.asarray((hidden @ self.last.T + self.last_bias)[..., 0], np.float32)


@cache
def weights() -> Weights:
    """The weights that are shipped."""
    with (resources.files("genzu") / "data" / "hearing.npz").open("rb") as file:
        stored = np.load(file, allow_pickle=False)
        read = {name: np.asarray(stored[name], np.float32) for name in stored.files}
    votes, heard = float(read.pop("votes")), float(read.pop("heard"))
    return Weights(**read, votes=votes, heard=heard)


def weigh(seen: Float32, heard: Float32, evidence: Evidence, by: Weights) -> Float32:
    """(h, w, 17) votes that sum to 1, from the votes before and after the reader was shown the marks."""
    mixed = np.empty_like(seen)
    room, leeway = evidence.room, {kind: evidence.leeway(kind) for kind in evidence.kinds}
    listening = np.max(list(leeway.values()), axis=0) if leeway else np.ones(room.max() + 1, np.float32)
    for top in range(0, seen.shape[0], _BAND):
        rows = slice(top, min(seen.shape[0], top + _BAND))
        before = np.log(seen[rows] + _LEAST)
        told = listening[room[rows]][..., None] * (np.log(heard[rows] + _LEAST) - before)
        logs = by.votes * before + by.heard * told
        for kind in evidence.kinds:
            added = by.addition(evidence.rows(rows, kind))
            logs[..., kind] += np.where(added > 0, leeway[kind][room[rows]] * added, added)
        shares = np.exp(logs - logs.max(axis=2, keepdims=True))
        mixed[rows] = shares / shares.sum(axis=2, keepdims=True)
    return mixed
