from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from training.dataset import Cache, example, prompted, retraced, scribbled, shares

from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.core.scene import Conditions, Extra, Place
from training import openings

SIZE = Extent(128, 96)


def fields(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Ground under sky, with a wall somewhere."""
    rng = np.random.default_rng(seed)
    materials = np.zeros((SIZE.height, SIZE.width), np.uint8)
    materials[50:] = Material.GRASS
    left = int(rng.integers(10, 80))
    materials[30:70, left : left + 30] = Material.WALL
    lines = np.zeros_like(materials)
    lines[1:][np.diff(materials.astype(int), axis=0) != 0] = 200
    lines[:, 1:][np.diff(materials.astype(int), axis=1) != 0] = 200
    return lines, materials


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    cache = Cache(tmp_path / "cache", write=10, size=SIZE)
    for at in range(6):
        seen = Conditions(place=Place.MEADOW, extras=(Extra.LYING_SNOW,)) if at % 2 else Conditions()
        cache.put(at, *fields(at), "field" if at % 2 else "town", seen)
    return Cache(tmp_path / "cache")


def test_what_is_put_in_comes_out_by_kind(cache: Cache) -> None:
    assert cache.ready().tolist() == [0, 1, 2, 3, 4, 5]
    assert cache.ready(without=("town",)).tolist() == cache.ready(only=("field",)).tolist() == [1, 3, 5]
    assert cache.said(1) == Conditions(place=Place.MEADOW, extras=(Extra.LYING_SNOW,))
    assert cache.said(0) == Conditions()
    assert np.array_equal(cache.lines[4], fields(4)[0])


def test_an_example_is_the_same_for_the_same_seed_and_varies_with_it(cache: Cache) -> None:
    size = Extent(96, 64)
    one, same, other = (example(cache, 1, size, np.random.default_rng(s)) for s in (3, 3, 4))
    for name in ("lines", "distance", "position", "marks", "conditions", "answer"):
        assert np.array_equal(getattr(one, name), getattr(same, name))
    assert not np.array_equal(one.lines, other.lines)
    assert one.lines.shape == (1, 64, 96)
    assert one.answer.shape == (32, 48)
    assert one.marks.shape == (len(Material) + 1, 16, 24)


@pytest.mark.parametrize("seed", range(12))
def test_lines_and_answer_stay_together_when_reframed(cache: Cache, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Far from every line the answer has no border, as long as none is left out on purpose."""
    monkeypatch.setattr(openings, "_SHARE", 0.0)
    shown = example(cache, 3, Extent(128, 96), np.random.default_rng(seed))
    border = np.zeros(shown.answer.shape, bool)
    border[1:] |= np.diff(shown.answer, axis=0) != 0
    border[:, 1:] |= np.diff(shown.answer, axis=1) != 0
    plain = example(cache, 3, Extent(128, 96), np.random.default_rng(seed), plain=True)
    assert set(np.unique(shown.answer)) <= set(np.unique(plain.answer))
    inked = shown.lines[0] > 0.2
    near = inked.copy()
    for step in range(-4, 5):
        for axis in (0, 1):
            near |= np.roll(inked, step, axis)
    rows, columns = np.nonzero(border)
    rubbed_out = 0.7  # the pencil may be rubbed out in places
    assert not len(rows) or near[2 * rows, 2 * columns].mean() > rubbed_out


def test_marks_say_the_truth_and_may_be_on_rare_things() -> None:
    answer = np.zeros((60, 90), np.uint8)
    answer[40:, :] = Material.ROAD
    answer[20:23, 30:32] = Material.GLOW
    found = set()
    for seed in range(30):
        marks = scribbled(answer, 3, np.random.default_rng(seed))
        drawn = marks != 255
        assert drawn.any()
        assert (marks[drawn] == answer[drawn]).all()
        found |= set(np.unique(marks[drawn]))
    assert found == {0, Material.ROAD, Material.GLOW}


def test_prompts_are_dropped_and_vary() -> None:
    rng = np.random.default_rng(0)
    places = [prompted(Conditions(place=Place.SHRINE), rng).place for _ in range(300)]
    assert 0.15 < places.count(None) / 300 < 0.4
    assert 0.5 < places.count(Place.SHRINE) / 300 < 0.8


def test_retracing_keeps_the_drawing_s_range_and_size() -> None:
    lines = fields(0)[0]
    drawn = [retraced(lines, np.random.default_rng(s)) for s in range(20)]  # some change little
    assert all(d.shape == lines.shape and d.dtype == np.uint8 for d in drawn)
    assert len({d.tobytes() for d in drawn}) > 15


def test_shares_count_pixels(cache: Cache) -> None:
    share = shares(cache, cache.ready())
    assert share.sum() == pytest.approx(1)
    assert share[Material.WALL] > 0.05
    assert share[Material.WATER] == 0
