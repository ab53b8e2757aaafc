from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from genzu.core.material import Material
from genzu.picture.clouds import with_last_heads
from genzu.picture.regions import reduce_ink, trapped_balls
from genzu.picture.snap import snap

H, W = 540, 960


def _given() -> np.ndarray:
    """A cloud as a materials picture has it: half an oval from column 300 to 660 over row 200."""
    given = Image.new("L", (W, H), int(Material.SKY))
    pen = ImageDraw.Draw(given)
    pen.pieslice((300, 110, 660, 290), 180, 360, fill=int(Material.CLOUD))
    pen.rectangle((0, 400, W, H), fill=int(Material.GRASS))
    return np.asarray(given)


def _drawn(*, heads: bool = True, wires: bool = False) -> np.ndarray:
    """Its heads; the last ones stand over columns 265 and 695, and the foot is drawn as far as that."""
    ink = Image.new("L", (W, H), 0)
    pen = ImageDraw.Draw(ink)
    for left, right, top in ((330, 480, 90), (450, 620, 95)):
        pen.arc((left, top, right, 300), 180, 360, fill=220, width=3)
    pen.line((270 if heads else 320, 200, 690 if heads else 640, 200), fill=220, width=3)
    if heads:
        for left, right in ((262, 340), (620, 698)):
            pen.arc((left, 150, right, 230), 180, 360, fill=220, width=3)
    if wires:
        pen.line((0, 140, W, 160), fill=220, width=3)
        pen.line((0, 185, W, 170), fill=220, width=3)
    return np.asarray(ink)


def _small(ink: np.ndarray) -> np.ndarray:
    return reduce_ink(ink, 600)


def test_heads_that_the_oval_leaves_out_are_cloud() -> None:
    given = _given()
    found, sure = with_last_heads(given, _small(_drawn()))
    assert sure is not None and sure.any()
    added = found != given
    for left, right in ((272, 296), (664, 688)):  # under both arcs, down to the foot
        assert added[165:195, left:right].mean() > 0.9
    assert not added[:140].any() and not added[210:].any() and not added[:, :250].any() and not added[:, 710:].any()
    assert (found[given != Material.SKY] == given[given != Material.SKY]).all()


def test_the_same_is_found_at_both_ends() -> None:
    given, ink = _given(), _drawn()
    one, _ = with_last_heads(given, _small(ink))
    other, _ = with_last_heads(given[:, ::-1].copy(), _small(ink[:, ::-1].copy()))
    assert (one != other[:, ::-1]).mean() < 2e-4


def test_their_border_lies_on_the_line() -> None:
    given, ink = _given(), _drawn()
    found, sure = with_last_heads(given, _small(ink))
    snapped, _regions = snap(found, ink, trapped_balls(_small(ink)), sure)
    crest = np.argmax(snapped[:, 285:320] == Material.CLOUD, axis=0)
    columns = np.arange(285, 320)
    drawn = 190 - 40 * np.sqrt(1 - ((columns - 301) / 39) ** 2)
    assert np.abs(crest - drawn).max() <= 4


@pytest.mark.parametrize("ink", [_drawn(heads=False), _drawn(heads=False, wires=True), np.zeros((H, W), np.uint8)])
def test_without_such_heads_the_picture_itself_comes_back(ink: np.ndarray) -> None:
    given = _given()
    found, sure = with_last_heads(given, _small(ink))
    assert found is given and sure is None


def test_a_picture_without_clouds_comes_back() -> None:
    given = np.full((40, 60), Material.GRASS, np.uint8)
    assert with_last_heads(given, np.full((40, 60), 255, np.uint8))[0] is given


@pytest.mark.parametrize(
    "place", [(slice(0, 300), slice(0, 3)), (slice(0, 300), slice(W - 3, W)), (slice(0, H), slice(0, W))]
)
def test_a_slip_of_a_cloud_at_the_edge_of_the_picture_is_looked_at_only_where_it_is(place: tuple[slice, slice]) -> None:
    given = np.full((H, W), Material.SKY, np.uint8)
    given[place] = Material.CLOUD
    ink = np.zeros((H, W), np.uint8)
    ink[:, W // 2 : W // 2 + 40] = np.arange(H, dtype=np.uint8)[:, None] % 7 * 30
    assert with_last_heads(given, _small(ink))[0] is given


def test_a_picture_of_a_few_pixels_is_taken() -> None:
    for shape in ((1, 1), (1, 9), (3, 2), (4, 4)):
        given = np.full(shape, Material.CLOUD, np.uint8)
        assert with_last_heads(given, np.full(shape, 255, np.uint8))[0] is given
