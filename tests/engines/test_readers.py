"""What every material reader of the list must keep."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engines.test_network_reader import house, request

from genzu.core.material import Material
from genzu.engines import registry
from genzu.engines.readers.embedded import EmbeddedReader
from genzu.engines.readers.geometry import GeometryReader
from genzu.engines.readers.network import NetworkReader, resize_votes

SHAPES = [(216, 384), (400, 240), (120, 1100), (60, 60)]


@pytest.mark.parametrize("name", registry.reader_names())
@pytest.mark.parametrize("shape", SHAPES)
def test_votes_are_shares_everywhere_and_the_same_every_time(name: str, shape: tuple[int, int]) -> None:
    reader = registry.reader(name)
    votes = reader.votes(request(house(*shape)))
    assert votes.dtype == np.float32
    assert votes.shape[2] == len(Material)
    assert (votes >= 0).all()
    assert np.allclose(votes.sum(axis=2), 1, atol=1e-4)
    assert np.array_equal(votes, reader.votes(request(house(*shape))))


@pytest.mark.parametrize("name", registry.reader_names())
def test_an_empty_sheet_is_read_too(name: str) -> None:
    votes = registry.reader(name).votes(request(np.zeros((200, 300), np.uint8)))
    assert np.isfinite(votes).all()


def test_the_default_reader_weighs_the_network_with_the_rules() -> None:
    asked = request(house())
    network, rules = NetworkReader().votes(asked), GeometryReader().votes(asked)
    alone, both, firm = (EmbeddedReader(weight=weight).votes(asked) for weight in (0, 0.15, 3))
    assert np.allclose(alone, network, atol=1e-5)
    said = np.argmax(resize_votes(rules, network.shape[:2]), axis=2)

    def agreement(votes: np.ndarray) -> float:
        return float((np.argmax(votes, axis=2) == said).mean())

    assert agreement(alone) <= agreement(both) <= agreement(firm)
    assert agreement(firm) > agreement(alone)


def test_a_reader_s_version_tells_its_weights_and_its_mix() -> None:
    assert EmbeddedReader().version != EmbeddedReader(weight=0.5).version
    assert NetworkReader().version in EmbeddedReader().version
