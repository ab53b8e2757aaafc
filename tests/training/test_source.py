from __future__ import annotations

from collections import Counter

import mahotas
import numpy as np
import pytest
from training.fast.hands import someone
from training.fast.kinds import KINDS
from training.source import ELABORATE, sample

from genzu.core.material import Material
from genzu.core.scene import Place

SMALL = (160, 90)


def _borders(materials: np.ndarray) -> np.ndarray:
    edge = np.zeros(materials.shape, bool)
    edge[:, :-1] |= materials[:, :-1] != materials[:, 1:]
    edge[:-1] |= materials[:-1] != materials[1:]
    return edge


@pytest.fixture(scope="module")
def many() -> list:
    """Three drawings of every kind."""
    return [sample(seed, SMALL, kind) for kind in KINDS for seed in (1, 2, 3)]


@pytest.mark.parametrize("seed", [0, 7, 2**40 + 3])
def test_a_number_is_a_drawing(seed: int) -> None:
    a, b = sample(seed, SMALL), sample(seed, SMALL)
    assert np.array_equal(a.ink, b.ink)
    assert np.array_equal(a.materials, b.materials)
    assert (a.kind, a.place, a.conditions) == (b.kind, b.place, b.conditions)
    named = sample(seed, SMALL, a.kind)
    assert np.array_equal(a.ink, named.ink)


def test_other_numbers_are_other_drawings(many: list) -> None:
    for a, b in zip(many[::3], many[1::3], strict=True):
        assert a.kind == b.kind
        assert (a.materials != b.materials).mean() > 0.02
    assert len({pair.ink.tobytes() for pair in many}) == len(many)


@pytest.mark.parametrize("size", [(320, 180), (180, 180), (240, 180), (480, 135), (64, 64)])
def test_any_form_of_picture(size: tuple[int, int]) -> None:
    for seed in range(4):
        pair = sample(seed, size)
        assert pair.ink.shape == pair.materials.shape == size[::-1]
        assert pair.ink.dtype == pair.materials.dtype == np.uint8
        assert pair.materials.max() <= max(Material)


def test_there_are_many_kinds_and_most_places() -> None:
    assert len(KINDS) >= 25
    assert {place for _, place in KINDS.values()} >= set(Place)
    assert not set(ELABORATE) & set(KINDS)


def test_every_material_is_drawn_in_many_kinds(many: list) -> None:
    kinds: dict[int, set[str]] = {int(material): set() for material in Material}
    for pair in many:
        for material in np.flatnonzero(np.bincount(pair.materials.ravel()) >= 6):
            kinds[int(material)].add(pair.kind)
    assert {Material(material).word: len(names) for material, names in kinds.items() if len(names) < 12} == {}


def test_materials_of_a_kind_are_what_it_is_about(many: list) -> None:
    about = {"harbour": Material.WATER, "village": Material.ROOF, "deep forest": Material.TRUNK, "road": Material.ROAD,
             "shrine": Material.WOOD, "cliffs": Material.ROCK, "alps": Material.MOUNTAIN, "beach": Material.SOIL,
             "city street": Material.WINDOW, "heavens": Material.SKY, "rice field": Material.GRASS}  # fmt: skip
    seen = Counter(
        pair.kind for pair in many if pair.kind in about and (pair.materials == about[pair.kind]).mean() > 0.01
    )
    assert {kind: seen[kind] for kind in about if seen[kind] < 2} == {}


def test_most_borders_are_drawn_and_some_are_not(many: list) -> None:
    shares = []
    for pair in many:
        near = mahotas.distance(pair.ink < 40) <= 4  # squared distance
        shares.append(float(near[_borders(pair.materials)].mean()))
    assert np.median(shares) > 0.85
    assert np.percentile(shares, 10) > 0.5
    assert min(shares) < 0.97


def test_ink_is_that_of_a_drawing(many: list) -> None:
    cover = np.array([(pair.ink > 60).mean() for pair in many])
    assert np.median(cover) < 0.3
    assert (cover > 0.004).mean() > 0.97
    assert (cover < 0.75).mean() > 0.97


def test_hands_differ_widely() -> None:
    import random

    hands = [someone(random.Random(seed)) for seed in range(200)]
    widths = [hand.width for hand in hands]
    assert min(widths) < 1.3 < 6 < max(widths) <= 8
    assert 0.1 < np.mean([hand.detail == 0 for hand in hands]) < 0.4
    assert any(hand.sketch for hand in hands)
    assert any(not hand.sketch for hand in hands)
    assert any(hand.ghost > 0.3 for hand in hands)


def test_elaborate_drawings_are_among_them() -> None:
    pair = sample(5, SMALL, "ruined town")
    assert pair.place is Place.RUINS
    elaborate = sample(5, SMALL, "port_town")
    assert elaborate.kind == "port_town"
    assert (elaborate.materials == Material.WATER).mean() > 0.02
