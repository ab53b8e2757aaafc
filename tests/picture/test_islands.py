"""Islands: what no line parts from its only neighbour joins it; what a line parts, or a person marked, stays."""

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.picture.islands import without_islands

SHAPE = (200, 360)
CLOUD = np.s_[40:100, 60:160]
LOWER = np.s_[88:100, 60:160]


def drawing() -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.uint8], NDArray[np.bool_]]:
    """A cloud with a line all around whose lower half was read as sky."""
    decided = np.full(SHAPE, Material.SKY, np.uint8)
    decided[CLOUD] = Material.CLOUD
    decided[LOWER] = Material.SKY
    ink = np.zeros(SHAPE, np.uint8)
    ink[38:102, 58:162] = 220
    ink[CLOUD] = 0
    votes = np.full((*SHAPE, len(Material)), 0.01, np.float32)
    votes[..., Material.SKY], votes[..., Material.CLOUD] = 0.5, 0.35
    return decided, votes, ink, np.zeros(SHAPE, bool)


def test_the_lower_half_of_a_cloud_joins_its_heads() -> None:
    decided, votes, ink, marked = drawing()
    found = without_islands(decided, votes, ink, marked)
    assert (found[CLOUD] == Material.CLOUD).all()
    assert (found[110:] == Material.SKY).all()
    assert (found[:36] == Material.SKY).all()


def test_what_a_line_parts_stays() -> None:
    decided, votes, ink, marked = drawing()
    ink[86:88, 58:162] = 220
    assert (without_islands(decided, votes, ink, marked)[90:98, 64:156] == Material.SKY).all()


def test_what_is_open_to_a_third_stays() -> None:
    decided, votes, ink, marked = drawing()
    ink[100:102, 60:160] = 0
    decided[100:120, 58:162] = Material.WATER
    assert (without_islands(decided, votes, ink, marked)[90:98, 64:156] == Material.SKY).all()


def test_what_a_person_marked_and_what_is_surely_something_else_stay() -> None:
    decided, votes, ink, marked = drawing()
    marked[94, 100:120] = True
    assert (without_islands(decided, votes, ink, marked)[LOWER] == Material.SKY).all()
    decided, votes, ink, marked = drawing()
    votes[LOWER][..., Material.CLOUD] = 0.05
    assert (without_islands(decided, votes, ink, marked)[90:98, 64:156] == Material.SKY).all()


def test_a_trunk_with_an_open_foot_stays_in_the_meadow() -> None:
    decided, votes, ink, marked = drawing()
    decided[:] = Material.GRASS
    decided[CLOUD] = Material.TRUNK
    votes[..., Material.GRASS] = 0.6
    ink[100:102, 60:160] = 0
    assert (without_islands(decided, votes, ink, marked)[CLOUD] == Material.TRUNK).all()
