from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.picture.arrays import UInt8
from genzu.picture.values import value_plan


def bands(*greys: tuple[int, float]) -> UInt8:
    """Horizontal bands of (grey, share of the height)."""
    rows = [np.full((round(share * 200), 120, 3), grey, np.uint8) for grey, share in greys]
    return np.concatenate(rows)


def test_three_masses_are_found_with_their_shares() -> None:
    plan = value_plan(bands((230, 0.2), (120, 0.5), (30, 0.3)))
    assert plan.shares == pytest.approx((0.3, 0.5, 0.2), abs=0.02)
    assert plan.means[0] < 0.3 < plan.means[1] < 0.7 < plan.means[2]
    assert plan.clear and plan.separation > 0.98


def test_an_even_grey_is_no_plan() -> None:
    noise = np.random.default_rng(1).normal(128, 4, (200, 120, 1)).clip(0, 255) * np.ones(3)
    assert not value_plan(noise.astype(np.uint8)).clear


def test_two_masses_are_no_three() -> None:
    assert not value_plan(bands((220, 0.5), (40, 0.5))).clear


def test_a_sliver_is_no_mass() -> None:
    assert not value_plan(bands((230, 0.02), (120, 0.5), (30, 0.48))).clear


def test_its_record_is_plain() -> None:
    record = value_plan(bands((230, 0.2), (120, 0.5), (30, 0.3))).to_dict()
    assert set(record) == {"shares", "lightness", "gap", "separation", "clear"} and record["clear"] is True


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 40))
def test_any_picture_has_a_plan(seed: int, height: int, width: int) -> None:
    plan = value_plan(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8))
    assert sum(plan.shares) == pytest.approx(1) and 0 <= plan.separation <= 1 + 1e-9
    assert (plan.means[0] <= plan.means[1] + 1e-9 and plan.means[1] <= plan.means[2] + 1e-9) or min(plan.shares) == 0
