from __future__ import annotations

import numpy as np
import pytest

from genzu.core.material import Material
from genzu.picture.snap import connected
from genzu.picture.space import FAR_MOUNTAIN, SKY, depth_map, horizon_row


def world(height: int = 270, width: int = 480, horizon: int = 110) -> np.ndarray:
    picture = np.full((height, width), Material.SKY, np.uint8)
    picture[horizon:] = Material.GRASS
    return picture


def ink(picture: np.ndarray) -> np.ndarray:
    return np.zeros(picture.shape, np.uint8)


def depths(picture: np.ndarray, horizon: float) -> np.ndarray:
    return depth_map(picture, connected(picture), horizon)


@pytest.mark.parametrize("row", [60, 110, 180])
def test_the_horizon_is_where_water_or_ground_ends_level(row: int) -> None:
    picture = world(horizon=row)
    assert horizon_row(picture, ink(picture)) == pytest.approx(row, abs=2)
    picture[row:200] = Material.WATER
    assert horizon_row(picture, ink(picture)) == pytest.approx(row, abs=2)


def test_a_crown_before_the_horizon_does_not_move_it() -> None:
    picture = world()
    picture[60:160, 100:220] = Material.FOLIAGE
    assert horizon_row(picture, ink(picture)) == pytest.approx(110, abs=2)


def test_receding_lines_of_a_street_meet_on_the_horizon() -> None:
    picture = np.full((540, 960), Material.WALL, np.uint8)
    y, x = np.mgrid[:540, :960]
    picture[(y - 230) > 0.5 * np.abs(x - 480)] = Material.ROAD
    picture[(230 - y) > 0.5 * np.abs(x - 480)] = Material.SKY
    lines = np.zeros(picture.shape, np.uint8)
    for slope in (0.3, 0.5, 0.8):
        for sign in (1, -1):
            away = np.abs((y - 230) - sign * slope * np.abs(x - 480)) / np.hypot(1, slope)
            lines[(away < 1.2) & (np.abs(x - 480) > 40)] = 220
    assert horizon_row(picture, lines) == pytest.approx(230, abs=8)


def test_without_ground_the_horizon_is_still_a_row() -> None:
    assert horizon_row(np.zeros((100, 160), np.uint8), np.zeros((100, 160), np.uint8)) == pytest.approx(60, abs=2)


def test_ground_recedes_and_sky_is_without_end() -> None:
    depth = depths(world(), 110)
    assert depth.shape == (270, 480)
    assert (depth[:110] == SKY).all()
    column = depth[112:, 200].astype(int)
    assert (np.diff(column) <= 0).all()
    assert column[-1] < 5
    assert column[0] > 180


def test_a_tree_stands_where_its_trunk_ends() -> None:
    picture = world()
    picture[40:130, 90:190] = Material.FOLIAGE
    picture[130:220, 132:148] = Material.TRUNK
    depth = depths(picture, 110)
    foot = int(depth[219, 100])
    assert abs(int(depth[60, 140]) - foot) <= 6
    assert abs(int(depth[180, 140]) - foot) <= 6


def test_a_trunk_does_not_pull_the_wood_behind_it() -> None:
    picture = world()
    picture[10:140] = Material.FOLIAGE
    picture[0:260, 200:220] = Material.TRUNK
    depth = depths(picture, 110)
    assert depth[50, 60] > depth[50, 210] + 40


def test_a_wall_recedes_with_its_foot() -> None:
    picture = world()
    y, x = np.mgrid[:270, :480]
    picture[(x < 200) & (y > 20) & (y < 250 - 0.6 * x)] = Material.WALL
    depth = depths(picture, 110)
    assert depth[60, 10] + 30 < depth[60, 190]


def test_what_stands_before_a_foot_makes_no_notch_in_the_wall_above() -> None:
    picture = world()
    picture[60:220, 100:400] = Material.WALL
    picture[150:230, 240:252] = Material.FOLIAGE  # a bush before the foot
    picture[150, 240:252] = Material.SOIL  # and a sill above it on which the wall seems to stand
    depth = depths(picture, 110).astype(int)
    assert np.ptp(depth[80, 105:395]) <= 2


def test_far_things_keep_their_order() -> None:
    picture = world()
    picture[60:110] = Material.MOUNTAIN
    picture[95:110] = Material.FOLIAGE
    picture[20:40, 100:300] = Material.CLOUD
    depth = depths(picture, 110)
    assert depth[80, 50] == FAR_MOUNTAIN
    assert int(depth[100, 50]) < FAR_MOUNTAIN < int(depth[30, 200]) < SKY


def test_large_pictures_are_mapped_at_reduced_size() -> None:
    assert depths(world(1300, 700, 500), 500).shape[0] <= 540


@pytest.mark.parametrize("horizon", [-400.0, 0.0, 269.0, 500.0])
def test_any_horizon_gives_a_map(horizon: float) -> None:
    assert depths(world(), horizon).dtype == np.uint8


def test_boughs_from_above_are_near_and_crowns_behind_a_wall_stand_just_behind_it() -> None:
    materials = np.full((360, 640), Material.SKY, np.uint8)
    materials[200:] = Material.GRASS
    materials[:60, 400:] = Material.FOLIAGE  # hangs in from the upper edge
    materials[120:180, 60:160] = Material.FOLIAGE  # looks over the wall
    materials[160:260, 40:200] = Material.WALL
    materials[150:196, 300:600] = Material.FOLIAGE  # distant woods
    regions = connected(materials)
    depth = depth_map(materials, regions, 196.0)

    def at(y: int, x: int) -> int:
        return int(depth[y * depth.shape[0] // 360, x * depth.shape[1] // 640])

    assert at(30, 500) < 100 < at(170, 450)
    assert at(140, 100) < at(170, 450) - 50
    assert abs(at(140, 100) - at(200, 100)) <= 16


def test_a_cluster_enclosed_by_the_leaves_of_a_tree_stands_with_it_and_a_far_wood_does_not() -> None:
    materials = np.full((360, 640), Material.SKY, np.uint8)
    materials[200:] = Material.GRASS
    materials[60:200, 200:420] = Material.FOLIAGE
    materials[190:300, 290:330] = Material.TRUNK
    materials[160:199, 0:205] = Material.FOLIAGE
    regions = connected(materials)
    cluster, wood = int(regions.max()) + 1, int(regions.max()) + 2
    regions[100:130, 260:340] = cluster
    regions[160:199, 0:200] = wood
    depth = depth_map(materials, regions, 196.0)
    step = 360 / depth.shape[0]
    tree, inside, behind = (int(depth[int(y / step), int(x / step)]) for y, x in ((80, 300), (115, 300), (180, 60)))
    assert inside == tree < 150
    assert behind > tree + 50
