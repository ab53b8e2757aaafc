from __future__ import annotations

from itertools import combinations
from math import dist

import pytest

from genzu.core.material import FAMILIES, Material
from genzu.errors import UnknownWord

ORDER = ["sky", "cloud", "mountain", "foliage", "trunk", "grass", "soil", "road", "rock", "water"]
ORDER += ["wall", "roof", "window", "wood", "metal", "cloth", "glow"]


def test_the_order_is_that_of_materials_pictures_in_the_world() -> None:
    assert [material.word for material in sorted(Material)][: len(ORDER)] == ORDER
    assert [int(material) for material in Material] == list(range(len(Material)))


@pytest.mark.parametrize("material", Material)
def test_every_material_is_found_by_both_names(material: Material) -> None:
    assert Material.named(material.word.upper()) is material
    assert Material.named(f" {material.japanese} ") is material


def test_an_unknown_material_is_answered_with_the_list() -> None:
    with pytest.raises(UnknownWord, match="sky, cloud, mountain"):
        Material.named("cheese")


def test_legend_colours_are_told_apart_without_doubt() -> None:
    assert all(dist(a.legend, b.legend) >= 50 for a, b in combinations(Material, 2))
    assert all(0 <= value <= 255 for material in Material for value in material.legend)


def test_every_material_belongs_to_one_family() -> None:
    grouped = [material for family in FAMILIES for material in family.materials]
    assert sorted(grouped) == sorted(Material)
    assert all(family.name.isascii() and family.japanese for family in FAMILIES)
