"""The places that teach how much a mark weighs, and the fit to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from training.hearing import MOST, Places, collect, fit

from genzu.engines.readers.embedded import EmbeddedReader
from genzu.picture.evidence import NAMES


def _places(count: int = 400) -> Places:
    """Votes for 0 everywhere; marked with 9; right where the first number is high."""
    rng = np.random.default_rng(1)
    evidence = np.zeros((count, MOST, len(NAMES)), np.float16)
    evidence[:, 0, 0] = rng.random(count)
    kinds = np.full((count, MOST), -1, np.int64)
    kinds[:, 0] = 9
    logs = np.full((count, 17), -4, np.float32)
    logs[:, 0] = -0.2
    return Places(evidence=evidence, kinds=kinds, seen=logs, heard=logs, answer=np.where(evidence[:, 0, 0] > 0.5, 9, 0))


def test_the_fit_learns_when_a_mark_weighs() -> None:
    pytest.importorskip("torch")
    from genzu.picture.hearing import Weights

    found = fit(_places())
    by = Weights(**{**found, "votes": float(found["votes"]), "heard": float(found["heard"])})
    high, low = np.zeros((2, len(NAMES)), np.float32)
    high[0] = 0.95
    assert by.addition(high) > 3.8 * by.votes > by.addition(low)


def test_joined_places_are_all_there(tmp_path: Path) -> None:
    one = _places(10)
    np.savez(tmp_path / "places.npz", **vars(Places.joined([one, one])))
    stored = np.load(tmp_path / "places.npz", allow_pickle=False)
    again = Places(**{name: stored[name] for name in stored.files})
    assert again.answer.shape == (20,)
    assert again.evidence.shape == (20, MOST, len(NAMES))


def test_a_drawing_gives_places_with_the_evidence_of_its_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.hearing.MARKS", 2)
    found = collect(5, EmbeddedReader())
    assert found is not None
    assert (found.kinds[:, 0] >= 0).all()
    assert np.isfinite(found.evidence).all()
    assert found.answer.max() < 17
    assert found.evidence[..., 0].max() == pytest.approx(1, abs=1e-3)
