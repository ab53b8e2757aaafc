from __future__ import annotations

import numpy as np

from genzu.core.geometry import Bounds
from genzu.engines.embedded.noise import fractal_noise, hash_unit, mix_seed, noise_at, value_noise


def test_hash_is_even_and_repeats() -> None:
    ix, iy = np.arange(200, dtype=np.int64)[None, :], np.arange(200, dtype=np.int64)[:, None]
    values = hash_unit(ix, iy, 7)
    assert values.shape == (200, 200) and values.min() >= 0 and values.max() < 1
    assert np.abs(np.histogram(values, 10, (0, 1))[0] / values.size - 0.1).max() < 0.01
    assert np.array_equal(values, hash_unit(ix, iy, 7))
    assert not np.array_equal(values, hash_unit(ix, iy, 8))


def test_mix_seed_minds_the_order() -> None:
    assert mix_seed(1, 2) != mix_seed(2, 1)
    assert 0 <= mix_seed(-5, 1 << 70) < 1 << 64


def test_noise_belongs_to_the_world_not_to_the_tile() -> None:
    whole = fractal_noise(Bounds(0, 0, 160, 120), (23.0, 31.0), 5)
    part = fractal_noise(Bounds(50, 40, 70, 60), (23.0, 31.0), 5)
    assert np.abs(whole[40:100, 50:120] - part).max() < 1e-3


def test_noise_is_smooth_and_centred() -> None:
    field = value_noise(Bounds(0, 0, 400, 400), (40.0, 40.0), 3)
    assert abs(field.mean()) < 0.15 and field.std() > 0.2
    assert np.abs(np.diff(field, axis=1)).max() < 0.2


def test_noise_at_any_place_is_continuous_and_bounded() -> None:
    u = np.linspace(-300, 300, 20001, dtype=np.float32)
    line = noise_at(u, np.float32(3.3) * np.ones_like(u), 11)
    assert np.abs(line).max() <= 1.3 and line.std() > 0.15
    assert np.abs(np.diff(line)).max() < 0.2
    assert not np.allclose(line, noise_at(u, np.float32(3.3) * np.ones_like(u), 12))
