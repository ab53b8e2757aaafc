"""Scenes of the film demo: the places of the six kinds from other stands, each a function ``name(rng) -> Drawing``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from training.drawing import Drawing
from training.film import city, fields, forest, harbour, ruins, snow, station

Scene = Callable[[np.random.Generator], Drawing]

SCENES: dict[str, Scene] = {
    f"{module.__name__.rsplit('.', 1)[-1]}.{name}": getattr(module, name)
    for module, names in (
        (harbour, ("sea_wall", "over_roofs", "lane", "by_the_water", "landing", "pan")),
        (station, ("bench", "crossing", "line", "leaves_above")),
        (fields, ("hill_path", "hill", "branch_book")),
        (snow, ("street", "far_fields")),
        (forest, ("stream", "canopy", "steps")),
        (city, ("rooftop", "street", "bank", "sky", "pan")),
        (ruins, ("hall", "far_hill", "arch")),
    )
    for name in names
}
"""By ``place.stand``."""
