"""All kinds of scene, and the place that a prompt would call them."""

from __future__ import annotations

from collections.abc import Callable

from genzu.core.material import Material as M
from genzu.core.scene import Place
from training.fast import buildings as B
from training.fast import nature as N
from training.fast import plants as P
from training.fast import scenes_built as S
from training.fast import scenes_more as O
from training.fast import scenes_wild as W
from training.fast import things as T
from training.fast.layers import backdrop, grow, horizon, meadow_ground, near_frame, sea, spots
from training.fast.sheet import Sheet


def medley(d: Sheet) -> None:
    """Any ground with anything on it: what no kind foresees."""
    y = horizon(d)
    backdrop(d, y, ("hills", "woods", "mountains", "town", "nothing", "trees"))
    for _ in range(d.r.choice((1, 2, 3))):
        what = d.r.choice((M.GRASS, M.SOIL, M.ROAD, M.WATER, M.ROCK))
        sea(d, y) if what == M.WATER else meadow_ground(d, y, what)
        if d.p(0.3):
            w = d.u(80, 600)
            N.path(
                d,
                [(d.w * d.u(0, 1), 1060), (d.w * d.u(0, 1), y + (1000 - y) * 0.5), (d.w * d.u(0, 1), y + 10)],
                (w, w * 0.1),
                d.r.choice((M.SOIL, M.ROAD, M.WATER, M.GRASS)),
            )
        y += (1000 - y) * d.u(0.2, 0.5)
    y0 = d.u(200, 450)
    for x, row, s in spots(d, y0, d.r.randint(4, 22), far=0.1):
        what = d.r.randrange(9)
        s = max(s, 12)
        if what <= 2:
            grow(d, [(x, row, s)], ("tree", "bush", "rock", "conifer", "rocks", "reeds", "house", "log", "stump"))
        elif what <= 5:
            T.strew(
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
                ),
            )
        elif what == 6:
            B.tower(d, x, row, s * d.u(1.5, 3), s * d.u(5, 10))
        elif what == 7:
            B.ruin(d, x, row, s * d.u(2, 5), s * d.u(2, 5)) if d.p(0.5) else T.torii(d, x, row, s * 2.5, s * 2.5)
        else:
            P.ivy(d, x, row - s, s * d.u(0.5, 2), s)
    near_frame(d)


Scene = Callable[[Sheet], None]
KINDS: dict[str, tuple[Scene, Place | None]] = {
    "harbour": (S.harbour, Place.PORT_TOWN), "beach": (W.beach, Place.BEACH), "open sea": (W.open_sea, Place.SEA),
    "station": (S.station, Place.STATION), "platform": (S.platform, Place.STATION),
    "railway": (S.railway, Place.RAILWAY), "crossing": (S.crossing, Place.RAILWAY),
    "village": (S.village, Place.VILLAGE), "snow village": (S.snow_village, Place.VILLAGE),
    "courtyard": (S.courtyard, Place.VILLAGE), "residential": (S.residential, Place.TOWN),
    "canal": (S.canal, Place.TOWN), "skyline": (S.skyline, Place.CITY), "city street": (S.city_street, Place.CITY),
    "fireworks": (S.fireworks, Place.CITY), "works": (S.works, Place.CITY),
    "shopping street": (S.shopping_street, Place.SHOPPING_STREET), "alley": (S.alley, Place.ALLEY),
    "road": (S.road, Place.ROAD), "rooftop": (S.rooftop, Place.ROOFTOP), "shrine": (S.shrine, Place.SHRINE),
    "festival": (S.festival, Place.SHRINE), "stairs": (S.stairs, Place.STAIRS), "bridge": (S.bridge, Place.BRIDGE),
    "river": (W.river, Place.RIVER), "lake": (W.lake, Place.LAKE), "waterfall": (W.waterfall, Place.WATERFALL),
    "rice field": (W.rice_field, Place.RICE_FIELD), "meadow": (W.meadow, Place.MEADOW),
    "windmill hills": (W.windmill_hills, Place.MEADOW), "campsite": (W.campsite, Place.FOREST),
    "forest path": (W.forest_path, Place.FOREST), "deep forest": (W.deep_forest, Place.FOREST),
    "mountain pass": (W.mountain_pass, Place.MOUNTAIN), "cliffs": (W.cliffs, Place.CLIFF),
    "ruins": (S.ruins, Place.RUINS), "park": (S.park, Place.PARK), "garden": (S.garden, Place.GARDEN),
    "school": (S.school, Place.SCHOOL),
    "hillside town": (O.hillside_town, Place.PORT_TOWN),
    "farm": (O.farm, Place.VILLAGE),
    "terraces": (O.terraces, Place.RICE_FIELD),
    "castle": (O.castle, Place.TOWN),
    "tunnel": (O.tunnel, Place.ROAD),
    "bus stop": (O.bus_stop, Place.ROAD),
    "fair": (O.fair, Place.PARK),
    "roofs": (O.roofs, Place.TOWN),
    "alps": (O.alps, Place.MOUNTAIN),
    "café": (O.cafe, Place.TOWN),
    "balcony": (O.balcony, Place.TOWN),
    "market": (O.market, Place.SHOPPING_STREET),
    "temple": (O.temple, Place.SHRINE),
 "heavens": (W.heavens, None), "medley": (medley, None),
}  # fmt: skip
