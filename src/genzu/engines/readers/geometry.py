"""A reader without a network: it judges rooms by shape and position, with the place of the prompt as a hint.

It is the fallback and the yardstick for a trained reader. Each rule gives points to materials; the points of a
room become its votes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.base import ReadRequest
from genzu.engines.readers.features import Flags, Floats, Rooms, horizon_guess, measure_rooms, neighbours
from genzu.picture.arrays import Float32, Int32
from genzu.picture.regions import ANALYSIS_HEIGHT, enlarge, ink_of, reduce_ink, trapped_balls

VOTE_HEIGHT = 270

_STREETS = (
    Place.TOWN, Place.CITY, Place.SHOPPING_STREET, Place.ALLEY, Place.ROAD, Place.ROOFTOP, Place.STATION,
    Place.RAILWAY, Place.SCHOOL, Place.PORT_TOWN, Place.VILLAGE, Place.RUINS,
)  # fmt: skip
_CANYONS = (Place.CITY, Place.SHOPPING_STREET, Place.ALLEY)
_WATERS = (Place.BEACH, Place.SEA, Place.PORT_TOWN, Place.LAKE)
_STREAMS = (Place.RIVER, Place.BRIDGE, Place.WATERFALL)
_WOODS = (Place.SHRINE, Place.STAIRS, Place.FOREST)
_UNDERFOOT = {
    Material.ROAD: (
        Place.PORT_TOWN,
        Place.STATION,
        Place.CITY,
        Place.SHOPPING_STREET,
        Place.ALLEY,
        Place.ROAD,
        Place.ROOFTOP,
        Place.SCHOOL,
    ),
    Material.SOIL: (
        Place.BEACH,
        Place.RAILWAY,
        Place.VILLAGE,
        Place.SHRINE,
        Place.STAIRS,
        Place.FOREST,
        Place.RUINS,
    ),
    Material.WATER: (Place.SEA,),
    Material.GRASS: (
        Place.TOWN,
        Place.BRIDGE,
        Place.RIVER,
        Place.LAKE,
        Place.RICE_FIELD,
        Place.MEADOW,
        Place.MOUNTAIN,
        Place.PARK,
        Place.GARDEN,
    ),
    Material.ROCK: (
        Place.WATERFALL,
        Place.CLIFF,
    ),
}
_GROUND = {place: material for material, places in _UNDERFOOT.items() for place in places}


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the rules see: the place, the horizon, and the measured rooms."""

    place: Place | None
    horizon: float
    rooms: Rooms
    borders: Floats
    """(n + 1, n + 1) share of a room's border that it has with another."""
    sky: Flags

    @property
    def ground(self) -> Material:
        """What lies underfoot at this place."""
        return _GROUND.get(self.place, Material.GRASS) if self.place else Material.GRASS

    def at(self, *places: Place) -> bool:
        """True if the prompt names one of these places."""
        return self.place in places


class GeometryReader:
    """Votes from shapes, positions and the place of the prompt."""

    name = "geometry"
    version = "1"

    def votes(self, request: ReadRequest) -> Float32:
        """(h, w, 17) float32, h ≤ 270, sums to 1."""
        ink = reduce_ink(ink_of(request.lines), ANALYSIS_HEIGHT)
        rooms = trapped_balls(ink)
        place = request.conditions.place
        # In a wood the longest level lines are beams and steps.
        horizon = None if place in _WOODS else horizon_guess(ink, built=place in _STREETS)
        measured = measure_rooms(rooms, ink)
        table = neighbours(rooms).astype(np.float64)
        scene = _Scene(
            place=place, horizon=_default_horizon(place) if horizon is None else horizon, rooms=measured,
            borders=table / np.maximum(table.sum(axis=1, keepdims=True), 1),
            sky=_sky(measured, _default_horizon(place) if horizon is None else horizon),
        )  # fmt: skip
        points = _judge(scene)
        return _lay_out(scene, points, rooms, request.lines.extent.shape)


def _default_horizon(place: Place | None) -> float:
    return 0.5 if place in _WOODS else 0.45


def _sky(rooms: Rooms, horizon: float) -> Flags:
    """Rooms open to the top that lie mostly above the horizon and are broad."""
    broad = (rooms.area > 0.02) & (rooms.width > 0.25)
    sky = rooms.touches_top & broad & (rooms.row < horizon + 0.02)
    if not sky.any() and rooms.touches_top[1:].any():
        sky[int(np.argmax(np.where(rooms.touches_top, rooms.area, 0)))] = True
    sky[0] = False
    return sky


def _judge(scene: _Scene) -> Floats:
    """(n + 1, 17) points."""
    points = np.full((scene.rooms.area.size, len(Material)), 0.02)
    points[scene.sky, Material.SKY] += 3
    _judge_ground(scene, points)
    _judge_far(scene, points)
    _judge_green(scene, points)
    _judge_built(scene, points)
    _judge_small(scene, points)
    return points


def _judge_ground(scene: _Scene, points: Floats) -> None:
    rooms, horizon = scene.rooms, scene.horizon
    below = (rooms.row > horizon) & ~scene.sky
    broad = below & ((rooms.area > 0.012) | (rooms.width > 0.5))
    points[below, scene.ground] += 0.7
    points[broad & rooms.touches_bottom, scene.ground] += 1.2
    points[broad, scene.ground] += 0.5
    wet = broad & (rooms.ripples >= 4) & (rooms.ripples > 0.5 * rooms.tufts)
    points[wet, Material.WATER] += 2.2
    if scene.place in _WATERS:
        points[broad & (rooms.top < horizon + 0.12) & ~rooms.touches_bottom, Material.WATER] += 2.0
        points[broad & (rooms.top < horizon + 0.05), Material.WATER] += 1.0
        points[broad & rooms.touches_bottom & (rooms.top > horizon + 0.02), scene.ground] += 0.8
    if scene.place in _STREAMS:
        middle = (rooms.left > 0.1) & rooms.touches_bottom & ~rooms.touches_side
        points[broad & middle, Material.WATER] += 1.4
    if scene.at(Place.RICE_FIELD):
        field = broad & (rooms.width > 1.8 * rooms.height) & (rooms.bottom < 0.75) & (rooms.fill > 0.55)
        points[field & (rooms.height > 0.03), Material.WATER] += 2.2
    if scene.at(Place.RICE_FIELD, Place.VILLAGE, Place.MEADOW, Place.PARK):
        path = broad & rooms.touches_bottom & ~rooms.touches_side & (rooms.fill < 0.65) & (rooms.height > 0.3)
        points[path, Material.SOIL] += 2.0
    if scene.place in _STREETS:
        strip = below & (rooms.width > 4 * rooms.height) & (rooms.area > 0.03) & (rooms.row > 0.7)
        points[strip, Material.ROAD] += 1.6
    if scene.place in _WOODS:
        step = below & (rooms.width > 3.5 * rooms.height) & (rooms.width > 0.2) & ~rooms.touches_side
        points[step, Material.ROAD] += 2.5


def _judge_far(scene: _Scene, points: Floats) -> None:
    rooms, horizon = scene.rooms, scene.horizon
    above = ~scene.sky & (rooms.bottom < horizon + 0.06)
    points[_clouds(scene), Material.CLOUD] += 4
    if scene.place not in _WOODS:
        afloat = above & (rooms.bottom < horizon - 0.14) & (rooms.row < 0.25) & (rooms.winding > 1.04)
        afloat &= (scene.borders[:, scene.sky].sum(axis=1) > 0.35) & (rooms.fill > 0.55)
        points[afloat, Material.CLOUD] += 4
    wide = above & (rooms.width > 0.3) & (rooms.bottom > horizon - 0.15) & (rooms.area > 0.006)
    if scene.place not in _CANYONS:
        points[wide, Material.MOUNTAIN] += 1.6
        leaking = ~scene.sky & (rooms.width > 0.8) & (rooms.top < horizon - 0.08) & (rooms.row < horizon + 0.1)
        points[leaking, Material.MOUNTAIN] += 0.8
    low = wide & (rooms.height < 0.06)
    points[low, Material.FOLIAGE] += 1.8


def _clouds(scene: _Scene) -> Flags:
    """Groups of rooms with nothing but sky around them, clear of the horizon."""
    rooms = scene.rooms
    open_ = ~scene.sky
    open_[0] = False
    high = open_ & (rooms.bottom < scene.horizon - 0.06)
    # A room is no cloud when it leans on something that is none; that spreads through a group.
    cloud = high.copy()
    for _ in range(30):
        other = open_ & ~cloud
        leaning = cloud & (scene.borders[:, other].sum(axis=1) > 0.08)
        if not leaning.any():
            break
        cloud &= ~leaning
    return cloud


def _judge_green(scene: _Scene, points: Floats) -> None:
    rooms = scene.rooms
    round_ = (rooms.fill > 0.45) & (rooms.fill < 0.86) & ~scene.sky & (rooms.row < scene.horizon + 0.3)
    size = (rooms.area > 0.0012) & (rooms.area < 0.12) & (rooms.width < 2.5 * rooms.height)
    bays = 1.09 if scene.place in (*_STREETS, Place.RICE_FIELD) else 1.06  # a hand wavers on walls, too
    scalloped = round_ & size & (rooms.winding > bays) & (rooms.winding < 1.5) & (rooms.half_width > 0.02)
    gain = 1.2 if scene.place in _CANYONS else 2.4
    points[scalloped, Material.FOLIAGE] += gain
    points[scalloped & (rooms.winding > 1.15), Material.FOLIAGE] += 0.8
    if scene.place in _WOODS:
        above = ~scene.sky & (rooms.row < scene.horizon) & ~(rooms.width > 4 * rooms.height)
        points[above, Material.FOLIAGE] += 1.3
    # Small parts between crowns belong to them.
    crown = points[:, Material.FOLIAGE] > 2
    share = scene.borders[:, crown].sum(axis=1)
    points[:, Material.FOLIAGE] += np.where((share > 0.5) & (rooms.area < 0.02) & ~scene.sky, 2.0 * share, 0)


def _judge_built(scene: _Scene, points: Floats) -> None:
    rooms, horizon = scene.rooms, scene.horizon
    boxy = (rooms.fill > 0.6) & (rooms.winding < 1.1) & ~scene.sky & (rooms.area > 0.002)
    stands = (rooms.bottom > horizon - 0.05) & (rooms.top < horizon + 0.05)
    if scene.place in _CANYONS:
        beside = ~scene.sky & (rooms.top < horizon + 0.1) & (rooms.area > 0.001)
        points[beside & ~rooms.touches_bottom, Material.WALL] += 2.2
        points[beside & rooms.touches_bottom & rooms.touches_side & (rooms.row < horizon + 0.35), Material.WALL] += 1.0
    elif scene.place in _STREETS or scene.at(Place.RICE_FIELD):
        points[boxy & stands & (rooms.area < 0.08) & (rooms.width < 0.5), Material.WALL] += 2.4
        upper = ~scene.sky & (rooms.fill > 0.38) & (rooms.fill < 0.72) & (rooms.winding < 1.1)
        roof = upper & (rooms.bottom < horizon + 0.06) & (rooms.area > 0.002) & (rooms.area < 0.05)
        points[roof & (rooms.width < 0.5), Material.ROOF] += 2.4
    if scene.at(Place.SHOPPING_STREET):
        slim = ~scene.sky & (rooms.height > 0.03) & (rooms.height < 0.18) & (rooms.half_width < 0.035)
        band = slim & (np.abs(rooms.row - horizon) < 0.1) & (rooms.area < 0.02)
        points[band, Material.CLOTH] += 2.6 if np.count_nonzero(band) > 8 else 0
    if scene.at(Place.SHRINE):
        beam = ~scene.sky & (rooms.width > 4 * rooms.height) & (rooms.row < horizon - 0.05) & ~rooms.touches_side
        points[beam & (rooms.height < 0.1), Material.WOOD] += 3.5
        post = ~rooms.touches_top & (rooms.height > 3.5 * rooms.width) & (rooms.width < 0.08)
        points[post & (np.abs(rooms.row - horizon) < 0.25) & ~rooms.touches_side, Material.WOOD] += 3.5


def _judge_small(scene: _Scene, points: Floats) -> None:
    rooms, horizon = scene.rooms, scene.horizon
    tall = (rooms.height > 3 * rooms.width) & (rooms.width < 0.09) & (rooms.height > 0.05) & ~scene.sky
    tall &= (rooms.fill > 0.3) & (rooms.bottom > horizon)
    pole = (
        Material.METAL if scene.place in _CANYONS else Material.WOOD if scene.at(Place.RICE_FIELD) else Material.TRUNK
    )
    points[tall & (rooms.height > 0.3) & (rooms.top < horizon), pole] += 4.5
    points[tall & (rooms.height <= 0.3) & (rooms.top > horizon - 0.1), Material.TRUNK] += 1.6
    box = (rooms.fill > 0.66) & (rooms.winding < 1.15) & (rooms.area < 0.008) & (rooms.height > 0.012) & ~scene.sky
    wall = np.argmax(points, axis=1) == Material.WALL
    within = scene.borders[:, wall & (rooms.area > 0.002)].sum(axis=1) > 0.45
    upright = rooms.height > 1.5 * rooms.width
    low = rooms.row > horizon + 0.03
    points[box & within & ~(upright & low), Material.WINDOW] += 3.2
    points[box & upright & low & (rooms.area < 0.03), Material.WOOD] += 2.8 if scene.place in _STREETS else 0.0
    stone = (rooms.area < 0.008) & (rooms.area > 0.0004) & (rooms.fill > 0.5) & (rooms.row > horizon + 0.04)
    stone &= rooms.width < 2.6 * rooms.height
    if scene.place in (*_STREAMS, *_WOODS, Place.MOUNTAIN, Place.CLIFF, Place.RUINS, Place.GARDEN):
        points[stone, Material.ROCK] += 2.2
    if scene.at(Place.BEACH):
        points[stone & (rooms.fill < 0.75), Material.CLOTH] += 2.0


def _lay_out(scene: _Scene, points: Floats, rooms: Int32, shape: tuple[int, int]) -> Float32:
    """Votes per pixel; in rooms that leak past the horizon, sky ends and ground begins there."""
    height = min(VOTE_HEIGHT, shape[0])
    width = max(1, round(shape[1] * height / shape[0]))
    room = enlarge(rooms, (height, width))
    squared = points**2
    votes = (squared / squared.sum(axis=1, keepdims=True)).astype(np.float32)[room]
    row = ((np.arange(height) + 0.5) / height)[:, None]
    measured = scene.rooms
    leaks = (measured.top < scene.horizon - 0.08) & (measured.bottom > scene.horizon + 0.2) & (measured.area > 0.08)
    leaks &= np.isin(
        np.argmax(points, axis=1),
        (Material.SKY, Material.WATER, Material.GRASS, Material.SOIL, Material.ROAD, Material.MOUNTAIN),
    )
    under = leaks[room] & (row > scene.horizon + 0.01)
    over = leaks[room] & (row < scene.horizon - 0.01)
    wet = scene.place in _WATERS and bool((measured.ripples > 3).any())
    near_water = under & (row < scene.horizon + 0.25) if wet else np.zeros_like(under)
    far = Material.FOLIAGE if scene.place in _WOODS else Material.SKY
    upper = Material.MOUNTAIN if scene.place not in _CANYONS else Material.WALL
    _put(votes, under & ~near_water, scene.ground, 0.75)
    _put(votes, near_water, Material.WATER, 0.75)
    _put(
        votes, over & scene.sky[room] & (row < scene.horizon - 0.01), far if far is Material.SKY else Material.SKY, 0.6
    )
    _put(votes, over & ~scene.sky[room], upper if far is Material.SKY else Material.FOLIAGE, 0.7)
    return votes


def _put(votes: Float32, where: Flags, material: Material, share: float) -> None:
    """Move ``share`` of the votes of some pixels to one material."""
    votes[where] *= 1 - share
    votes[where, material] += share
