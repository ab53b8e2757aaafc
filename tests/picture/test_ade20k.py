from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.picture.ade20k import ADE20K, ade20k_picture


def test_every_material_has_a_class_and_one_class_has_one_colour() -> None:
    assert set(ADE20K) == set(Material)
    colours: dict[str, tuple[int, int, int]] = {}
    for name, colour in ADE20K.values():
        assert colours.setdefault(name, colour) == colour
    assert len(set(colours.values())) == len(colours), "two classes share a colour"


def test_a_picture_shows_each_material_in_its_colour() -> None:
    materials = np.arange(len(Material), dtype=np.uint8)[None].repeat(2, 0)
    picture = ade20k_picture(materials)
    assert picture.shape == (2, len(Material), 3)
    assert picture.dtype == np.uint8
    assert [tuple(int(v) for v in pixel) for pixel in picture[1]] == [ADE20K[m][1] for m in Material]
    # Two anchors of the published palette: sky and tree.
    assert tuple(picture[0, Material.SKY]) == (6, 230, 230)
    assert tuple(picture[0, Material.FOLIAGE]) == (4, 200, 3)
