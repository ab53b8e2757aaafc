from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.picture.gaps import closed_under_hills


def land(gap: int) -> np.ndarray:
    picture = np.full((500, 300), Material.SKY, np.uint8)
    picture[100:200, 40:260] = Material.MOUNTAIN
    picture[200 + gap :] = Material.GRASS
    return picture


def test_a_thin_gap_under_a_hill_becomes_the_hill_and_the_sky_beside_it_stays() -> None:
    before = land(8)
    kept = before.copy()
    closed = closed_under_hills(before)
    assert (closed[200:208, 40:260] == Material.MOUNTAIN).all()
    assert (closed[:, :40] == before[:, :40]).all() and (closed[:200] == before[:200]).all()
    assert np.array_equal(before, kept), "what was given is not changed"


def test_mist_and_gaps_under_other_things_stay() -> None:
    assert closed_under_hills(mist := land(30)) is mist
    cloud = land(8)
    cloud[cloud == Material.MOUNTAIN] = Material.ROOF
    assert closed_under_hills(cloud) is cloud


def test_sky_between_two_hills_stays() -> None:
    picture = land(8)
    picture[208:300] = Material.MOUNTAIN
    assert (closed_under_hills(picture)[200:208] == Material.SKY).all()


def test_a_picture_of_sky_alone_comes_back() -> None:
    sky = np.full((40, 40), Material.SKY, np.uint8)
    assert closed_under_hills(sky) is sky


def test_a_wide_sheet_is_closed_all_along() -> None:
    wide = np.tile(land(8), (1, 5))
    assert np.array_equal(closed_under_hills(wide), np.tile(closed_under_hills(land(8)), (1, 5)))
