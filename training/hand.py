"""Whose hand draws: the habits of a pencil, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Habits of one person with one pencil; lengths in units of a 1920×1080 frame."""

    seed: int = 0
    width: float = 2.7
    """Width of a stroke of weight 1 at full pressure."""
    strength: float = 0.9
    """Darkness of a stroke at full pressure, 0–1."""
    wobble: float = 1.0
    """How far a free stroke strays from its path."""
    ruled_wobble: float = 0.45
    """How far a ruled stroke strays."""
    warp: float = 2.0
    """Slow bending of the whole drawing, which shapes and strokes share."""
    overshoot: float = 9.0
    """How far ruled strokes run past their corners, at most."""
    pressure_play: float = 0.35
    """Share of the pressure that comes and goes along a stroke."""
    gap: float = 0.05
    """Share of the stroke length where the pencil hardly touches."""
    double: float = 0.16
    """Share of strokes that are drawn twice."""
    ghost: float = 0.05
    """Share of the ink that is left of hidden lines (see-through drawing)."""
    tooth: float = 0.45
    """How much the paper's tooth breaks up light strokes, 0–1."""
    smudge: float = 0.03
    """Share of the graphite that is rubbed into the paper around lines."""

    @classmethod
    def someone(cls, rng: np.random.Generator) -> Hand:
        """A random person: from a clean ruled line to a nervous sketch, 1–8 units wide."""
        u = rng.uniform
        nervous = float(rng.beta(1.3, 2.5))
        return cls(
            seed=int(rng.integers(2**31)),
            width=float(np.exp(u(np.log(1.2), np.log(7.5)))),
            strength=float(u(0.5, 1.0)),
            wobble=0.3 + 3.0 * nervous,
            ruled_wobble=float(u(0.0, 0.5)) + 1.8 * nervous,
            warp=float(u(0.0, 7.0)),
            overshoot=float(u(0.0, 30.0)) * nervous,
            pressure_play=float(u(0.05, 0.6)),
            gap=float(u(0.0, 0.22)),
            double=float(u(0.0, 0.8)) * nervous,
            ghost=float(rng.choice([0.0, 0.0, u(0.02, 0.3)])),
            tooth=float(u(0.0, 0.9)),
            smudge=float(u(0.0, 0.1)),
        )
