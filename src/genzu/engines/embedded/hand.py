"""The painter's hand: what one candidate does differently from another, read off its seed.

Candidates of a sheet have seeds that follow each other. Independent random numbers would often give two alike, so
each leaning walks along its own additive recurrence, with the square roots of primes as steps (R. D. Richtmyer, "The
evaluation of definite integrals, and a quasi-Monte-Carlo method", 1951), which keeps any few neighbours apart.
"""

from __future__ import annotations

from dataclasses import dataclass

_WHOLE = 1 << 32
_STEPS = tuple(round(_WHOLE * (prime**0.5 % 1)) | 1 for prime in (2, 3, 5, 7, 11, 13, 17))
_GOLDEN = 2654435769  # 2^32 / golden ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Leanings of one seed; all are small against what the conditions decide."""

    side: float
    """−1: the light comes from the left, 1: from the right."""
    height: float
    """0.8–1.2: factor on the light's height."""
    warmth: float
    """−1 cool … 1 warm."""
    chroma: float
    """0.88–1.20: factor on the chroma of local colours."""
    hue: float
    """−1…1: which way the greens, roofs and cloths lean."""
    clouds: float
    """0 nearly none – 1 many."""
    brush: float
    """0.76–1.28: factor on the size of strokes."""
    shade: float
    """−1: shade leans towards green and teal, 1: towards violet; it is deeper, too, the farther from 0."""


def hand_of(seed: int) -> Hand:
    """The hand of a seed."""
    warmth, hue, height, clouds, brush, chroma, shade = (_walk(seed, step) for step in _STEPS)
    return Hand(
        side=1.0 if _walk(seed, _GOLDEN) < 0.5 else -1.0,
        height=0.80 + 0.40 * height,
        warmth=2 * warmth - 1,
        chroma=0.88 + 0.32 * chroma,
        hue=2 * hue - 1,
        clouds=clouds,
        brush=0.76 + 0.52 * brush,
        shade=2 * shade - 1,
    )


def _walk(seed: int, step: int) -> float:
    """0–1: place of a seed on one sequence; integers, so that large seeds lose nothing."""
    return ((seed * step + _WHOLE // 2) % _WHOLE) / _WHOLE
