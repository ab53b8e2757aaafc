"""Kinds of scene: one file a kind, one function ``scene(rng, vary) -> Drawing`` in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import numpy as np

from training.drawing import Drawing

KINDS = ("port_town", "autumn_station", "snow_village", "forest", "city_fireworks", "ruins")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vary:
    """How a scene may differ from the plain one; all lengths in units of the frame."""

    width: float = 1920.0
    height: float = 1080.0
    detail: float = 1.0
    """Small marks (leaves, tiles, tufts): 1 for a layout, less for small training pictures."""
    density: float = 1.0
    """How many things stand in the scene."""
    depart: float = 0.0
    """0 = the composition as designed with small liberties, 1 = camera and masses anywhere sensible."""


Scene = Callable[[np.random.Generator, Vary], Drawing]


def scene(kind: str) -> Scene:
    """The function that draws a kind of scene."""
    found: Scene = import_module(f"training.scenes.{kind}").scene
    return found


def draw(kind: str, seed: int, vary: Vary | None = None) -> Drawing:
    """A drawing of a kind, the same for the same seed."""
    rng = np.random.default_rng([KINDS.index(kind) if kind in KINDS else 99, seed])
    return scene(kind)(rng, vary or Vary())
