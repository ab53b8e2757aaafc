from __future__ import annotations

import numpy as np
import pytest

from genzu.picture.colour import linear_from_srgb8
from genzu.picture.layers import dissolved, drawing_over, over


def test_the_middle_of_a_dissolve_has_half_the_light_of_each() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.integers(0, 256, (2, 40, 60, 3), np.uint8)
    mixed = linear_from_srgb8(dissolved(one, other, 0.5))
    wanted = (linear_from_srgb8(one) + linear_from_srgb8(other)) / 2
    assert np.abs(mixed - wanted).max() < 0.006
    assert dissolved(np.zeros_like(one), np.full_like(one, 255), 0.5)[0, 0].tolist() == [188] * 3


@pytest.mark.parametrize(("share", "value"), [(0.0, 10), (1.0, 240)])
def test_its_ends_are_the_pictures(share: float, value: int) -> None:
    one, other = np.full((4, 4, 3), 10, np.uint8), np.full((4, 4, 3), 240, np.uint8)
    assert (dissolved(one, other, share) == value).all()


def test_over() -> None:
    under = np.full((2, 3, 3), 100, np.uint8)
    sheet = np.zeros((2, 3, 4), np.uint8)
    sheet[0, 0] = (200, 0, 0, 255)
    sheet[0, 1] = (200, 200, 200, 128)
    result = over(under, sheet)
    assert result[0, 0].tolist() == [200, 0, 0] and result[0, 1].tolist() == [150] * 3 and (result[1] == 100).all()
    assert (under == 100).all()


def test_a_drawing_loses_its_paper_and_no_stroke() -> None:
    drawing = np.full((2, 2, 3), 255, np.uint8)
    drawing[0, 0], drawing[0, 1] = (52, 52, 56), (222, 74, 66)
    sheet = drawing_over(drawing)
    assert sheet[1, 1, 3] == 0
    assert np.abs(over(np.full((2, 2, 3), 255, np.uint8), sheet).astype(int) - drawing).max() <= 1
