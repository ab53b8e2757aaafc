"""What every engine promises. An engine's test derives from ``EngineContract`` and gives the ``engine``:

from tests.engines.contract import EngineContract

class TestMine(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return MyEngine()
"""

from __future__ import annotations

import itertools
import socket
from dataclasses import fields, replace
from typing import NoReturn

import numpy as np
import pytest

from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.core.scene import Conditions, Extra, Place, Season, Time, Weather
from genzu.core.take import Stage
from genzu.engines.base import Engine, PaintRequest
from genzu.engines.run import paint_with
from genzu.errors import EngineFailed
from genzu.picture.arrays import Float32, LineArt, Reading, UInt8

SMALL = Extent(96, 64)
ODD = Extent(333, 187)
AFTERNOON = Conditions(season=Season.SUMMER, time=Time.AFTERNOON, weather=Weather.FAIR)

EVERY = [
    *[("season", word) for word in Season],
    *[("time", word) for word in Time],
    *[("weather", word) for word in Weather],
    *[("extras", word) for word in Extra],
    *[("place", word) for word in (Place.PORT_TOWN, Place.CITY, Place.RUINS)],
]


def drawing(extent: Extent) -> tuple[LineArt, Reading]:
    """A house by the water under hills: eight regions with their outlines, at any size."""
    height, width = extent.shape
    y, x = np.mgrid[0:height, 0:width]
    y, x = (y + 0.5) / height, (x + 0.5) / width
    regions = np.ones((height, width), np.int32)
    shapes: list[tuple[Material, np.ndarray]] = [
        (Material.SKY, np.ones_like(x, bool)),
        (Material.CLOUD, ((x - 0.75) / 0.14) ** 2 + ((y - 0.18) / 0.08) ** 2 < 1),
        (Material.MOUNTAIN, y > 0.36 + 0.08 * np.sin(9 * x)),
        (Material.WATER, y > 0.52),
        (Material.GRASS, y > 0.72 + 0.06 * x),
        (Material.WALL, (abs(x - 0.3) < 0.14) & (abs(y - 0.6) < 0.14)),
        (Material.ROOF, (abs(x - 0.3) < 0.18 * (y - 0.3) / 0.17) & (y > 0.3) & (y < 0.47)),
        (Material.FOLIAGE, ((x - 0.62) / 0.1) ** 2 + ((y - 0.6) / 0.18) ** 2 < 1),
    ]
    materials = np.zeros((height, width), np.uint8)
    for number, (material, inside) in enumerate(shapes, 1):
        regions[inside], materials[inside] = number, material
    contour = np.zeros((height, width), np.uint8)
    contour[1:][regions[1:] != regions[:-1]] = 230
    contour[:, 1:][regions[:, 1:] != regions[:, :-1]] = 230
    none = np.zeros_like(contour)
    depth = np.clip(255 * (1 - (y - 0.4)), 0, 255).astype(np.uint8)[:: max(1, height // 48), :: max(1, width // 48)]
    confidence: Float32 = np.ones(len(shapes) + 1, np.float32)
    reading = Reading(materials=materials, regions=regions, confidence=confidence, depth=depth, horizon=0.5 * height)
    return LineArt(contour=contour, highlight=none.copy(), shadow=none.copy(), cel=none.copy()), reading


def request(
    extent: Extent = SMALL, *, seed: int = 7, conditions: Conditions = AFTERNOON, rough: UInt8 | None = None
) -> PaintRequest:
    """A request for a rough, or for a painting where a rough is given."""
    lines, reading = drawing(extent)
    return PaintRequest(
        stage=Stage.ROUGH if rough is None else Stage.PAINTING,
        lines=lines, reading=reading, conditions=conditions, prompt="", seed=seed, rough=rough,
    )  # fmt: skip


def arrays_of(asked: PaintRequest) -> dict[str, np.ndarray]:
    """Every array of a request."""
    found = {f"lines.{plane.name}": getattr(asked.lines, plane.name) for plane in fields(LineArt)}
    found |= {
        f"reading.{part}": getattr(asked.reading, part) for part in ("materials", "regions", "confidence", "depth")
    }
    return found | ({} if asked.rough is None else {"rough": asked.rough})


def ask(engine: Engine, stage: Stage, extent: Extent = SMALL, **how: object) -> PaintRequest:
    """A request for a stage; a painting gets the engine's own rough, or a plain one."""
    rough_request = request(extent, **how)  # type: ignore[arg-type]
    if stage is Stage.ROUGH:
        return rough_request
    if Stage.ROUGH in engine.capabilities.stages:
        rough = paint_with(engine, rough_request)
    else:
        legend = np.array([material.legend for material in Material], np.uint8)
        rough = legend[rough_request.reading.materials]
    return replace(rough_request, stage=stage, rough=rough)


def offered(engine: Engine) -> list[Stage]:
    return list(engine.capabilities.stages)


def differ(first: UInt8, second: UInt8) -> bool:
    return not np.array_equal(first, second)


def same(engine: Engine, first: UInt8, second: UInt8) -> bool:
    """Equal, or for engines that only promise ``close``: less than two levels apart on average."""
    if engine.capabilities.exactness == "bit-exact":
        return np.array_equal(first, second)
    return float(np.abs(first.astype(int) - second.astype(int)).mean()) < 2


class EngineContract:
    """Derive from it, and give the fixture ``engine``."""

    @pytest.fixture
    def engine(self) -> Engine:
        raise NotImplementedError("an engine's test gives the engine")

    @pytest.fixture(autouse=True)
    def _no_network(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_args: object, **_kinds: object) -> NoReturn:
            raise AssertionError("an engine must not reach for the network")

        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)

    def test_it_says_what_it_is(self, engine: Engine) -> None:
        facts = engine.capabilities
        assert engine.name == engine.name.strip().lower() != ""
        assert engine.version.strip()
        assert facts.size_multiple >= 1
        assert facts.largest_side is None or facts.largest_side >= facts.size_multiple
        assert facts.stages
        assert all(stage.by_machine for stage in facts.stages)

    @pytest.mark.parametrize("extent", [SMALL, ODD, Extent(1, 1), Extent(3, 40), Extent(700, 24)], ids=str)
    def test_the_picture_has_the_size_asked_for(self, engine: Engine, extent: Extent) -> None:
        for stage in offered(engine):
            picture = paint_with(engine, ask(engine, stage, extent))
            assert picture.shape == (*extent.shape, 3)
            assert picture.dtype == np.uint8

    def test_same_request_same_pixels(self, engine: Engine) -> None:
        for stage in offered(engine):
            asked = ask(engine, stage, ODD)
            assert same(engine, paint_with(engine, asked), paint_with(engine, asked))

    def test_another_seed_is_another_hand(self, engine: Engine) -> None:
        for stage in offered(engine):
            asked = ask(engine, stage)
            seeds = (7, 8, 0, 2**63 - 1)
            pictures = [paint_with(engine, replace(asked, seed=seed)) for seed in seeds]
            assert all(differ(a, b) for a, b in itertools.combinations(pictures, 2))

    def test_the_request_is_left_as_it_was(self, engine: Engine) -> None:
        for stage in offered(engine):
            asked = ask(engine, stage)
            before = {name: array.copy() for name, array in arrays_of(asked).items()}
            picture = paint_with(engine, asked)
            for name, array in arrays_of(asked).items():
                assert np.array_equal(array, before[name]), f"{name} was changed"
                assert not np.shares_memory(array, picture), f"the picture lies in the memory of {name}"

    def test_progress_rises_to_the_end(self, engine: Engine) -> None:
        for stage in offered(engine):
            shares: list[float] = []
            asked = ask(engine, stage)
            if engine.capabilities.size_multiple == 1:
                engine.paint(asked, shares.append)  # the engine's own reports, before shared code smooths them
                assert shares, "it never reports"
                assert shares == sorted(shares)
                assert 0 <= shares[0] <= shares[-1] <= 1
                shares.clear()
            paint_with(engine, asked, shares.append)
            assert shares == sorted(set(shares))
            assert shares[-1] == 1.0

    @pytest.mark.parametrize("stage", Stage)
    def test_a_stage_that_is_not_offered_is_refused(self, engine: Engine, stage: Stage) -> None:
        asked = replace(ask(engine, offered(engine)[0]), stage=stage)
        if stage not in engine.capabilities.stages:
            with pytest.raises(EngineFailed, match=engine.name):
                paint_with(engine, asked)

    def test_a_painting_is_more_than_its_rough(self, engine: Engine) -> None:
        if Stage.PAINTING not in engine.capabilities.stages:
            pytest.skip("it does not paint")
        asked = ask(engine, Stage.PAINTING)
        assert asked.rough is not None
        assert differ(paint_with(engine, asked), asked.rough)

    def test_a_painting_follows_its_rough(self, engine: Engine) -> None:
        if Stage.PAINTING not in engine.capabilities.stages:
            pytest.skip("it does not paint")
        asked = ask(engine, Stage.PAINTING)
        dark, light = (
            paint_with(engine, replace(asked, rough=np.full((*SMALL.shape, 3), level, np.uint8))) for level in (40, 215)
        )
        assert light.mean() > dark.mean() + 20

    def test_a_prompt_that_says_nothing_is_painted(self, engine: Engine) -> None:
        for stage in offered(engine):
            assert paint_with(engine, ask(engine, stage, conditions=Conditions())).std() > 1

    @pytest.mark.parametrize(("name", "word"), EVERY, ids=[str(word) for _, word in EVERY])
    def test_every_condition_paints(self, engine: Engine, name: str, word: object) -> None:
        said = replace(AFTERNOON, **{name: (word,) if name == "extras" else word})  # type: ignore[arg-type]
        for stage in offered(engine):
            assert paint_with(engine, ask(engine, stage, conditions=said)).shape == (*SMALL.shape, 3)

    @pytest.mark.parametrize(("name", "words"), [("season", Season), ("time", Time), ("weather", Weather)])
    def test_conditions_decide_the_colours(self, engine: Engine, name: str, words: type) -> None:
        stage = offered(engine)[0]
        pictures = [
            paint_with(engine, ask(engine, stage, conditions=replace(AFTERNOON, **{name: word})))  # type: ignore[arg-type]
            for word in words
        ]
        assert all(differ(a, b) for a, b in itertools.combinations(pictures, 2))
