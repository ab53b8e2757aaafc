from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core.codec import Fields
from genzu.core.geometry import Bounds, Extent, tiles
from genzu.errors import BadInput, BadRecord

SIDE = st.integers(1, 300)
EXTENT = st.builds(Extent, SIDE, SIDE)
BOUNDS = st.builds(Bounds, st.integers(-50, 50), st.integers(-50, 50), st.integers(0, 60), st.integers(0, 60))


@pytest.mark.parametrize("text", ["1920x1080", " 1920 X 1080 ", "1920×1080", "１９２０x１０８０"])
def test_sizes_are_read_as_people_write_them(text: str) -> None:
    assert Extent.parse(text) == Extent(1920, 1080)


@pytest.mark.parametrize("text", ["", "1920", "1920*1080", "-1x5", "1e3x5", "1920x1080x3", "0x5", "9999999x1"])
def test_what_is_not_a_size_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="size"):
        Extent.parse(text)


@given(EXTENT)
def test_an_extent_reads_what_it_writes(extent: Extent) -> None:
    assert Extent.parse(str(extent)) == extent
    assert extent.shape == (extent.height, extent.width)
    assert extent.pixels == extent.width * extent.height


@given(EXTENT, st.floats(0, 10))
def test_scaling_never_loses_the_last_pixel(extent: Extent, factor: float) -> None:
    scaled = extent.scaled(factor)
    assert min(scaled.shape) >= 1
    assert scaled.width <= max(1, extent.width * factor + 0.5)


@given(EXTENT, SIDE)
def test_tiles_cover_every_pixel_once(extent: Extent, side: int) -> None:
    cut = list(tiles(extent, side))
    assert sum(tile.width * tile.height for tile in cut) == extent.pixels
    assert all(not tile.empty and tile.clipped(extent) == tile and max(tile.width, tile.height) <= side for tile in cut)
    assert len({(tile.x, tile.y) for tile in cut}) == len(cut)


@given(BOUNDS, BOUNDS)
def test_the_part_in_both_lies_in_both(first: Bounds, second: Bounds) -> None:
    both = first.intersect(second)
    inside = {(x, y) for x in range(first.x, first.right) for y in range(first.y, first.bottom)} & {
        (x, y) for x in range(second.x, second.right) for y in range(second.y, second.bottom)
    }
    assert len(inside) == both.width * both.height
    assert both.empty == (not inside)


@given(BOUNDS, st.integers(0, 20))
def test_growing_and_shrinking_again_changes_nothing(bounds: Bounds, margin: int) -> None:
    assert bounds.grown(margin).grown(-margin) == bounds


def test_slices_are_rows_then_columns() -> None:
    assert Bounds(3, 5, 10, 20).slices == (slice(5, 25), slice(3, 13))


@pytest.mark.parametrize(
    ("record", "where"),
    [({"width": 5}, "cut.height"), ({"height": 5}, "cut.width"), ({"width": 0, "height": 5}, "cut.width"),
     ({"width": 5, "height": -1}, "cut.height"), ({"width": "5", "height": 5}, "cut.width")],
)  # fmt: skip
def test_half_a_size_in_a_record_is_refused(record: dict[str, object], where: str) -> None:
    with pytest.raises(BadRecord) as caught:
        Extent.from_fields(Fields(record, "cut"))
    assert caught.value.where == where


def test_an_absent_size_is_none() -> None:
    assert Extent.from_fields(Fields({})) is None
