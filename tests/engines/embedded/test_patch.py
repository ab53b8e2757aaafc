"""What a patch looks up is the same from every tile, and what is asked for some places is what a plane holds there."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter
from tests.engines.embedded.built import request

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.spots import Spots

H, W = 360, 500
DRAWN = np.random.default_rng(3)


@pytest.fixture(scope="module")
def scene() -> Scene:
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[200:] = Material.GRASS
    return Scene(request(Conditions(), materials=materials, ink=np.zeros((H, W), np.uint8)))


@pytest.mark.parametrize("radius", [2.0, 4.0, 12.0, 34.0])
def test_a_wide_blur_of_bytes_is_nearly_a_gaussian_and_agrees_between_tiles(scene: Scene, radius: float) -> None:
    plane = np.repeat(np.repeat(DRAWN.integers(0, 256, (H // 20, W // 20), dtype=np.uint8), 20, 0), 20, 1)
    whole, part = Patch(scene, Bounds(0, 0, W, H)), Patch(scene, Bounds(33, 21, 401, 305))
    found = whole.softened(plane, radius).astype(int)
    wanted = np.asarray(Image.fromarray(plane).filter(ImageFilter.GaussianBlur(radius)), int)
    assert np.abs(found - wanted)[60:-60, 60:-60].max() <= 6
    far = min(int(3.4 * radius) + 8, 140)
    inside = part.within(whole)
    there = part.softened(np.ascontiguousarray(plane[inside]), radius)[far:-far, far:-far]
    np.testing.assert_array_equal(there, found[inside][far:-far, far:-far])


def test_a_blur_of_nothing_and_of_a_sliver_is_made(scene: Scene) -> None:
    assert not Patch(scene, Bounds(3, 3, 50, 40)).softened(np.zeros((40, 50), np.uint8), 9.0).any()
    sliver = Patch(scene, Bounds(7, 9, 1, 40))
    assert sliver.softened(np.full((40, 1), 200, np.uint8), 9.0).tolist() == [[200]] * 40


def test_spots_read_what_planes_hold(scene: Scene) -> None:
    patch = Patch(scene, Bounds(41, 30, 200, 260))
    spots = Spots(patch, np.flatnonzero(DRAWN.random(patch.shape) < 0.1))
    plane, canvas = DRAWN.random(patch.shape, np.float32), DRAWN.random((*patch.shape, 3), np.float32)
    np.testing.assert_array_equal(spots.of(plane), plane[spots.rows, spots.columns])
    np.testing.assert_array_equal(spots.paint(canvas), canvas[spots.rows, spots.columns])
    field = DRAWN.random(scene.small.shape, np.float32)
    np.testing.assert_allclose(spots.of_scene(field), spots.of(scene.sample(field, patch.bounds)), atol=1e-5)
    before = canvas.copy()
    spots.lay(canvas, np.ones((len(spots.there), 3), np.float32))
    assert canvas[spots.rows, spots.columns].min() == 1
    assert (canvas != before).any(2).sum() == len(spots.there)
