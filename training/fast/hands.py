"""Habits of a person who draws for training: far wider than any one studio's."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from genzu.core.material import Material

M = Material


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Lengths in px of a picture with 1080 rows unless said otherwise; shares are 0–1."""

    width: float = 3.0
    strength: float = 0.9
    wobble: float = 2.0
    """How far a free stroke strays; ruled ones stray a third of it."""
    astray: float = 0.0
    """How far a whole stroke lies beside its place."""
    warp: float = 4.0
    """Slow bending that shapes and strokes share."""
    overshoot: float = 8.0
    """How far ruled strokes run past their corners; negative: how far they stop short."""
    play: float = 0.3
    """Share of the pressure that comes and goes."""
    gap: float = 0.03
    """Share of every stroke that is missing."""
    double: float = 0.1
    """Share of strokes that are drawn twice."""
    sketch: float = 0.0
    """Offset of the short pulls that a sketched stroke is made of; 0 = strokes are drawn in one pull."""
    ghost: float = 0.0
    """Strength of hidden lines (see-through drawing)."""
    detail: float = 0.7
    """Share of the marks inside shapes that is drawn; 0 = outlines only."""
    omit: float = 0.1
    """Chance that a border between grounds is not drawn."""
    hatch: float = 0.2
    """Chance that a shadow side is hatched."""
    simple: float = 0.5
    """0 = elaborate forms, 1 = signs for things (a crown is one ring)."""
    notes: float = 0.2
    """How much is scribbled that is no part of the scene."""
    tones: dict[int, int] = field(default_factory=dict)
    """Materials that are rubbed or filled in grey, with the ink (0–255) of it."""


_DARKENED = (M.WINDOW, M.WINDOW, M.WINDOW, M.ROOF, M.ROOF, M.FOLIAGE, M.TRUNK, M.WOOD, M.ROAD, M.WATER, M.MOUNTAIN,
             M.METAL, M.ROCK, M.WALL)  # fmt: skip


def someone(r: random.Random) -> Hand:
    """A random person: from ruled and clean to a nervous scribble, from signs to a finished drawing."""
    u = r.uniform
    nervous = r.betavariate(1.2, 2.6)
    tones: dict[int, int] = {}
    if r.random() < 0.3:
        for _ in range(r.randint(1, 4)):
            material = r.choice(_DARKENED)
            deep = material in (M.WINDOW, M.ROOF) and r.random() < 0.4
            tones[int(material)] = r.randint(70, 210) if deep else r.randint(8, 45)
    return Hand(
        width=2 ** u(0.0, 3.0) if r.random() < 0.8 else u(2, 4.5),
        strength=u(0.45, 1.0) ** 0.7,
        wobble=u(0.2, 2.0) + 7.0 * nervous**1.5,
        astray=r.choice((0.0, 0.0, u(0, 3), u(0, 8) * nervous)),
        warp=u(0.0, 9.0) if r.random() < 0.8 else u(8, 24),
        overshoot=r.choice((0.0, u(-14, 0), u(0, 12), u(0, 45) * (0.3 + nervous))),
        play=u(0.0, 0.75),
        gap=r.choice((0.0, 0.0, 0.0, 0.0, u(0, 0.04), u(0, 0.04), u(0.03, 0.1), u(0.05, 0.25))),
        double=r.choice((0.0, u(0, 0.2), u(0.1, 0.8))),
        sketch=r.choice((0.0, 0.0, 0.0, u(1, 5), u(2, 9) * (0.4 + nervous))),
        ghost=r.choice((0.0, 0.0, 0.0, 0.0, 0.0, 0.0, u(0.08, 0.35), u(0.08, 0.35), u(0.3, 1.0))),
        detail=r.choice((0.0, u(0.0, 0.35), u(0.25, 0.8), u(0.5, 1.0), 1.0)),
        omit=r.choice((0.0, u(0, 0.25), u(0.15, 0.6))),
        hatch=r.choice((0.0, 0.0, u(0.1, 0.4), u(0.3, 0.9))),
        simple=r.choice((1.0, u(0.6, 1.0), u(0.2, 0.9), u(0, 0.4))),
        notes=r.choice((0.0, 0.0, u(0, 0.5), u(0.3, 1.0))),
        tones=tones,
    )
