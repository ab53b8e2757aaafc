"""All kinds of scene, and the place that a prompt would call them."""

from __future__ import annotations

from collections.abc import Callable

from genzu.core.scene import Place
from training.fast import landmarks, nature, plants, posts, things, ways
from training.fast.layers import backdrop, grow, horizon, meadow_ground, near_frame, sea, spots
from training.fast.scenes import fields, leisure, paths, rails, sacred, streets, towns, waters, wilds
from training.fast.sheet import M, Sheet


def medley(d: Sheet) -> None:
    """Any ground with anything on it: what no kind foresees."""
    y = horizon(d)
    backdrop(d, y, ("hills", "woods", "mountains", "town", "nothing", "trees"))
    for _ in range(d.r.choice((1, 2, 3))):
        what = d.r.choice((M.GRASS, M.SOIL, M.ROAD, M.WATER, M.ROCK))
        sea(d, y) if what == M.WATER else meadow_ground(d, y, what)
        if d.p(0.3):
            w = d.u(80, 600)
            nature.path(
                d,
                [(d.w * d.u(0, 1), 1060), (d.w * d.u(0, 1), y + (1000 - y) * 0.5), (d.w * d.u(0, 1), y + 10)],
                (w, w * 0.1),
                d.r.choice((M.SOIL, M.ROAD, M.WATER, M.GRASS)),
            )
        y += (1000 - y) * d.u(0.2, 0.5)
    if d.p(0.15):
        ways.strip(d, d.u(500, 900), d.u(30, 200), d.r.choice((M.ROAD, M.SOIL)))
    elif d.p(0.15):
        ways.trail(d, d.u(300, 600), M.ROAD, M.SOIL)
    y0 = d.u(200, 450)
    for x, row, s in spots(d, y0, d.r.randint(4, 22), far=0.1):
        what = d.r.randrange(9)
        s = max(s, 12)
        if what <= 2:
            grow(d, [(x, row, s)], ("tree", "bush", "rock", "conifer", "rocks", "reeds", "house", "log", "stump"))
        elif what <= 5:
            things.strew(
                d,
                [(x, row, s)],
                (
                    "crate",
                    "pole",
                    "lamp",
                    "sign",
                    "bench",
                    "banner",
                    "vending",
                    "car",
                    "parasol",
                    "fence",
                    "stone lantern",
                    "tent",
                    "boat",
                    "laundry",
                    "mast",
                    "stall",
                ),
            )
        elif what == 6:
            landmarks.tower(d, x, row, s * d.u(1.5, 3), s * d.u(5, 10))
        elif what == 7:
            landmarks.ruin(d, x, row, s * d.u(2, 5), s * d.u(2, 5)) if d.p(0.5) else posts.torii(
                d, x, row, s * 2.5, s * 2.5
            )
        else:
            plants.ivy(d, x, row - s, s * d.u(0.5, 2), s)
    near_frame(d)


Scene = Callable[[Sheet], None]
KINDS: dict[str, tuple[Scene, Place | None]] = {
    "harbour": (waters.harbour, Place.PORT_TOWN),
    "beach": (waters.beach, Place.BEACH),
    "open sea": (waters.open_sea, Place.SEA),
    "station": (rails.station, Place.STATION),
    "platform": (rails.platform, Place.STATION),
    "railway": (rails.railway, Place.RAILWAY),
    "crossing": (rails.crossing, Place.RAILWAY),
    "village": (towns.village, Place.VILLAGE),
    "snow village": (towns.snow_village, Place.VILLAGE),
    "courtyard": (towns.courtyard, Place.VILLAGE),
    "residential": (streets.residential, Place.TOWN),
    "canal": (streets.canal, Place.TOWN),
    "skyline": (towns.skyline, Place.CITY),
    "city street": (streets.city_street, Place.CITY),
    "fireworks": (towns.fireworks, Place.CITY),
    "works": (towns.works, Place.CITY),
    "shopping street": (streets.shopping_street, Place.SHOPPING_STREET),
    "alley": (streets.alley, Place.ALLEY),
    "road": (rails.road, Place.ROAD),
    "rooftop": (towns.rooftop, Place.ROOFTOP),
    "shrine": (sacred.shrine, Place.SHRINE),
    "festival": (sacred.festival, Place.SHRINE),
    "stairs": (sacred.stairs, Place.STAIRS),
    "bridge": (waters.bridge, Place.BRIDGE),
    "river": (waters.river, Place.RIVER),
    "lake": (waters.lake, Place.LAKE),
    "waterfall": (waters.waterfall, Place.WATERFALL),
    "rice field": (fields.rice_field, Place.RICE_FIELD),
    "meadow": (fields.meadow, Place.MEADOW),
    "windmill hills": (fields.windmill_hills, Place.MEADOW),
    "campsite": (fields.campsite, Place.FOREST),
    "forest path": (wilds.forest_path, Place.FOREST),
    "deep forest": (wilds.deep_forest, Place.FOREST),
    "mountain pass": (wilds.mountain_pass, Place.MOUNTAIN),
    "cliffs": (waters.cliffs, Place.CLIFF),
    "ruined town": (fields.ruins, Place.RUINS),
    "park": (leisure.park, Place.PARK),
    "garden": (leisure.garden, Place.GARDEN),
    "school": (leisure.school, Place.SCHOOL),
    "hillside town": (towns.hillside_town, Place.PORT_TOWN),
    "farm": (fields.farm, Place.VILLAGE),
    "terraces": (fields.terraces, Place.RICE_FIELD),
    "castle": (towns.castle, Place.TOWN),
    "tunnel": (rails.tunnel, Place.ROAD),
    "bus stop": (rails.bus_stop, Place.ROAD),
    "fair": (leisure.fair, Place.PARK),
    "roofs": (towns.roofs, Place.TOWN),
    "alps": (wilds.alps, Place.MOUNTAIN),
    "café": (leisure.cafe, Place.TOWN),
    "balcony": (leisure.balcony, Place.TOWN),
    "market": (leisure.market, Place.SHOPPING_STREET),
    "temple": (sacred.temple, Place.SHRINE),
    "field path": (paths.field_path, Place.MEADOW),
    "side road": (paths.side_road, Place.ROAD),
    "village row": (paths.village_row, Place.VILLAGE),
    "bank bridge": (paths.bank_bridge, Place.BRIDGE),
    "stairway": (paths.stairway, Place.STAIRS),
    "gates": (paths.gates, Place.SHRINE),
    "heavens": (fields.heavens, None),
    "medley": (medley, None),
}
