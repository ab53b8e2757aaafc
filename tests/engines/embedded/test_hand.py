"""Candidates differ as painters differ: palette, the light's side and height, clouds, brush; not where lines lie."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from tests.engines.embedded.built import request, street

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Season, Time, Weather
from genzu.core.take import Stage
from genzu.engines.embedded.engine import EmbeddedEngine
from genzu.engines.embedded.hand import hand_of
from genzu.engines.embedded.materials import cumulus, sky
from genzu.engines.embedded.materials.cumulus import cover_of, has_cumulus
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import oklab_from_srgb8
from genzu.picture.fidelity import measure

SEEDS = (1, 2, 3, 4)
SUMMER = Conditions(season=Season.SUMMER, time=Time.AFTERNOON, weather=Weather.FAIR)
SEEN = (Material.SKY, Material.WALL, Material.ROOF, Material.CLOTH, Material.FOLIAGE)


def park() -> UInt8:
    """The street with a wood at its end."""
    m = street()
    y, x = np.mgrid[0 : m.shape[0], 0 : m.shape[1]]
    m[(np.abs(x - 240) < 90) & (y > 70) & (y <= 112) & (m == Material.SKY)] = Material.FOLIAGE
    return m


@pytest.fixture(scope="module")
def candidates() -> list[UInt8]:
    engine, pictures = EmbeddedEngine(), []
    for seed in SEEDS:
        asked = request(SUMMER, seed=seed, materials=park())
        rough = engine.paint(asked)
        pictures.append(engine.paint(replace(asked, stage=Stage.PAINTING, rough=rough)))
    return pictures


def palette(picture: UInt8) -> Float32:
    """(5, 3) mean OKLab of each material."""
    lab, m = oklab_from_srgb8(picture), park()
    return np.stack([lab[m == material].mean(0) for material in SEEN])


def test_every_two_candidates_have_another_palette(candidates: list[UInt8]) -> None:
    for one, two in combinations(candidates, 2):
        away = np.sqrt(((palette(one) - palette(two)) ** 2).sum(-1))
        assert away.max() > 0.035 and away.mean() > 0.014, np.round(away, 3)


def test_the_light_comes_from_both_sides(candidates: list[UInt8]) -> None:
    m, half = park(), park().shape[1] // 2
    ahead = []
    for picture in candidates:
        value = oklab_from_srgb8(picture)[..., 0]
        walls = m == Material.WALL
        ahead.append(float(value[:, :half][walls[:, :half]].mean() - value[:, half:][walls[:, half:]].mean()))
    assert min(ahead) < -0.03 and max(ahead) > 0.03, ahead


def test_the_lines_stay_where_they_are(candidates: list[UInt8]) -> None:
    lines = request(SUMMER, materials=park()).lines
    scores = [measure(lines, picture) for picture in candidates]
    fidelity = [score.line_fidelity for score in scores]
    assert max(fidelity) - min(fidelity) < 0.10, fidelity
    assert max(score.shift for score in scores) < 0.42  # at 270 rows pencil and shade are equally wide


@pytest.mark.parametrize("first", [0, 1, 77, 2**31 - 9, 2**62])
def test_neighbouring_seeds_are_well_apart(first: int) -> None:
    hands = [hand_of(first + k) for k in range(6)]
    for name, whole in (
        ("warmth", 2.0),
        ("hue", 2.0),
        ("height", 0.4),
        ("chroma", 0.32),
        ("clouds", 1.0),
        ("brush", 0.52),
        ("shade", 2.0),
    ):
        values = sorted(getattr(hand, name) for hand in hands)
        assert values[-1] - values[0] > 0.55 * whole, name
    assert len({hand.side for hand in hands[:4]}) == 2
    for one, two in combinations(hands, 2):
        steps = abs(one.warmth - two.warmth) / 2, abs(one.hue - two.hue) / 2, abs(one.clouds - two.clouds)
        assert max(*steps, float(one.side != two.side)) > 0.12


def test_a_hand_stays_within_its_bounds() -> None:
    for seed in range(400):
        hand = hand_of(seed)
        assert hand.side in (-1, 1) and 0.8 <= hand.height <= 1.2 and 0.76 <= hand.brush <= 1.28
        assert -1 <= hand.warmth <= 1 and -1 <= hand.hue <= 1 and -1 <= hand.shade <= 1 and 0.88 <= hand.chroma <= 1.20


def test_a_large_brush_keeps_the_tiles_together() -> None:
    seed = max(range(1, 40), key=lambda k: hand_of(k).brush)
    asked = request(SUMMER, seed=seed, materials=park())
    rough = EmbeddedEngine(2048).paint(asked)
    painting = replace(asked, stage=Stage.PAINTING, rough=rough)
    whole, cut = EmbeddedEngine(2048).paint(painting), EmbeddedEngine(170).paint(painting)
    assert np.abs(whole.astype(int) - cut).max() <= 1


def test_free_clouds_stay_out_of_a_sky_with_drawn_clouds() -> None:
    drawn = park()
    drawn[10:40, 200:300] = Material.CLOUD
    for weather in Weather:
        conditions = replace(SUMMER, weather=weather)
        assert not has_cumulus(Scene(request(conditions, materials=drawn)))
        broken = weather in (Weather.FAIR, Weather.AFTER_RAIN)
        assert has_cumulus(Scene(request(conditions, materials=park()))) == broken


def test_free_clouds_are_seen_and_leave_sky_between_them() -> None:
    covers = []
    for seed in SEEDS:
        scene = Scene(request(SUMMER, seed=seed, materials=park()))
        patch = Patch(scene, Bounds(0, 0, scene.extent.width, scene.extent.height))
        covers.append(float((cover_of(patch) > 0.5)[park() == Material.SKY].mean()))
    assert min(covers) > 0.004 and max(covers) < 0.6 and max(covers) > 1.5 * min(covers), covers


def test_passes_of_the_sky_do_not_drag_the_free_clouds_along() -> None:
    """A wide pass is 170 units long: it neither blurs a cloud's edge nor carries its light out into the sky."""
    seen = 0
    for seed in SEEDS:
        scene = Scene(request(SUMMER, seed=seed, materials=park()))
        patch = Patch(scene, Bounds(0, 0, scene.extent.width, scene.extent.height))
        mask, cover = patch.mask(Material.SKY), cover_of(patch)
        base = np.full((*patch.shape, 3), (0.55, -0.02, -0.08), np.float32)
        base[..., 0] += np.float32(0.4) * cover
        canvas = base.copy()
        sky.brushwork(patch, base, canvas, mask)
        off = np.abs(canvas - base)[..., 0]
        inside, outside = mask & (cover > 0.95), mask & (cover == 0)
        seen += int(inside.sum())
        assert off[outside].max() < 0.03, f"light of clouds in the sky, seed {seed}"
        if inside.any():
            assert np.quantile(off[inside], 0.9) < 0.05, f"sky over the clouds, seed {seed}"
    assert seen > 200


def test_by_day_a_free_cloud_is_lighter_than_the_sky_behind_it() -> None:
    scene = Scene(request(SUMMER, materials=park()))
    patch = Patch(scene, Bounds(0, 0, scene.extent.width, scene.extent.height))
    behind = np.full((3, 3), 0.5, np.float32) * np.array([0.8, 0.9, 1.0], np.float32)
    behind *= float(patch.script.cloud_shade.mean()) / 0.45
    shade = np.tile(patch.script.cloud_shade.astype(np.float32) * np.float32(0.9), (3, 1))
    assert (cumulus._before(patch, shade, behind).mean(1) > behind.mean(1) * 1.05).all()
    lit = np.tile(patch.script.cloud_lit.astype(np.float32), (3, 1))
    assert np.allclose(cumulus._before(patch, lit, behind), lit)
