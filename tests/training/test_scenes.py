from __future__ import annotations

import numpy as np
import pytest
from training.hand import Hand
from training.paper import Paper, draw_on
from training.render import render
from training.scenes import KINDS, Vary, draw

from genzu.core.material import Material

SMALL = (320, 180)
LIGHT = Vary(detail=0.25)


def _borders(materials: np.ndarray) -> np.ndarray:
    """Pixels whose right or lower neighbour is another material."""
    edge = np.zeros(materials.shape, bool)
    edge[:, :-1] |= materials[:, :-1] != materials[:, 1:]
    edge[:-1] |= materials[:-1] != materials[1:]
    return edge


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_draws_the_same_scene(kind: str) -> None:
    first, second = draw(kind, 5, LIGHT), draw(kind, 5, LIGHT)
    assert first.materials == second.materials
    assert all(np.array_equal(a, b) for a, b in zip(first.shapes, second.shapes, strict=True))
    hand = Hand(seed=3)
    a, b = render(first, hand, size=SMALL), render(second, hand, size=SMALL)
    assert np.array_equal(a.graphite, b.graphite)
    assert np.array_equal(draw_on(a, hand, Paper(seed=1)), draw_on(b, hand, Paper(seed=1)))


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_draws_another_scene(kind: str) -> None:
    hand = Hand(seed=3)
    a = render(draw(kind, 1, LIGHT), hand, size=SMALL)
    b = render(draw(kind, 2, LIGHT), hand, size=SMALL)
    assert (a.materials != b.materials).mean() > 0.02


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [1, 2])
def test_any_departure_gives_a_labelled_drawing(kind: str, seed: int) -> None:
    hand = Hand.someone(np.random.default_rng(seed))
    inked = render(draw(kind, seed, Vary(detail=0.25, depart=1.0)), hand, size=SMALL)
    assert inked.materials.shape == (180, 320)
    assert inked.materials.max() <= max(Material)
    assert len(np.unique(inked.materials)) >= 5
    assert np.isfinite(inked.graphite).all()
    assert 0.01 < (inked.graphite > 0.2).mean() < 0.8


def test_a_hand_moves_shapes_and_strokes_together() -> None:
    drawing = draw("port_town", 2, LIGHT)
    straight = render(drawing, Hand(seed=1, warp=0.0), size=(640, 360))
    bent = render(drawing, Hand(seed=1, warp=9.0), size=(640, 360))
    moved = straight.materials != bent.materials
    assert moved.mean() > 0.005
    for inked in (straight, bent):
        ink = inked.graphite > 0.12
        near = ink.copy()
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                near |= np.roll(ink, (dy, dx), (0, 1))
        assert near[_borders(inked.materials)].mean() > 0.85


def test_framing_keeps_materials_and_mirrors_them() -> None:
    drawing = draw("ruins", 1, LIGHT)
    hand = Hand(seed=1, warp=0.0)
    plain = render(drawing, hand, size=SMALL).materials
    mirrored = render(drawing.framed(mirror=True), hand, size=SMALL).materials
    assert (plain[:, ::-1] == mirrored).mean() > 0.95


def test_lines_hidden_behind_a_shape_do_not_show() -> None:
    from training.drawing import Drawing

    d = Drawing()
    d.fill([(100, 100), (900, 100), (900, 900), (100, 900)], Material.WALL, ruled=True)
    d.stroke([(200, 500), (800, 500)], weight=2, pressure=1)
    d.fill([(300, 300), (1500, 300), (1500, 800), (300, 800)], Material.ROCK, outline=False)
    inked = render(d, Hand(seed=1, ghost=0.0, wobble=0, ruled_wobble=0, warp=0, gap=0, double=0), size=(960, 540))
    assert inked.graphite[245:255, 110:140].max() > 0.5
    assert inked.graphite[200:300, 170:380].max() == 0.0
