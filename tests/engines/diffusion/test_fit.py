from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.contract import request

from genzu.core.geometry import Bounds, Extent
from genzu.core.material import Material
from genzu.core.take import Stage
from genzu.engines.diffusion.controls import shown
from genzu.engines.diffusion.families import ControlKind
from genzu.engines.diffusion.fit import Fit, resized, strongest
from genzu.engines.diffusion.profile import Control
from genzu.engines.diffusion.tiles import Plan, spans
from genzu.picture.ade20k import ADE20K, ade20k_picture

sides = st.integers(1, 3000)


@given(sides, sides, st.sampled_from([64, 512, 1024]), st.sampled_from([8, 16, 64]))
def test_what_the_model_sees_has_sides_that_it_can_take(width: int, height: int, side: int, multiple: int) -> None:
    canvas = Extent(width, height)
    whole = Fit.whole(canvas, side, multiple).model
    assert whole.width % multiple == whole.height % multiple == 0
    assert min(whole.shape) >= multiple
    assert min(whole.shape) >= 0.6 * side - multiple
    if max(canvas.shape) < 2 * min(canvas.shape):
        assert 0.7 * side**2 < whole.pixels < 1.4 * side**2
    full = Fit.full(canvas, side, multiple)
    assert full.model.width % multiple == full.model.height % multiple == 0
    if not full.scaled:
        assert 0 <= full.model.width - width < multiple
        assert 0 <= full.model.height - height < multiple


@given(st.integers(1, 400), st.integers(1, 200), st.integers(0, 99))
def test_spans_cover_and_weights_join_without_a_jump(length: int, side: int, overlap: int) -> None:
    overlap = min(overlap, side // 2)
    found = spans(length, side, overlap)
    total, covered = np.zeros(length), np.zeros(length, int)
    for span in found:
        assert 0 <= span.start < span.stop <= length
        total[span.start : span.stop] += span.weights()
        covered[span.start : span.stop] += 1
    assert covered.min() >= 1
    assert total.min() > 0
    for one, other in pairwise(found):
        assert one.stop - other.start >= overlap
    for span in found:  # the share of a tile begins near 0 where another ends, and rises by equal steps
        share = span.weights() / total[span.start : span.stop]
        if overlap >= 4 and side >= 16:
            assert np.abs(np.diff(share)).max() <= 2.5 / overlap if share.size > 1 else True


def test_a_plan_counts_what_it_gives() -> None:
    plan = Plan(Extent(200, 90), 64, 16)
    assert len(plan) == len(list(plan)) == 4 * 2
    assert len(Plan(Extent(64, 64), 64, 16)) == 1


@pytest.mark.parametrize("factor", [2, 3, 4.4, 7.5])
@pytest.mark.parametrize("angle", [0, 17, 45, 90])
def test_a_line_of_one_pixel_is_never_lost(factor: float, angle: float) -> None:
    size = Extent(400, 300)
    y, x = np.mgrid[0:300, 0:400]
    away = (x - 200) * np.sin(np.radians(angle)) - (y - 150) * np.cos(np.radians(angle))
    plane = np.where(np.abs(away) < 0.5, 255, 0).astype(np.uint8)
    small = strongest(plane, size.scaled(1 / factor))
    across = small.max(axis=1) if angle == 90 else small.max(axis=0)
    assert across.min() == 255 or angle not in (0, 17, 90), "a gap in the line"
    assert small.max() == 255
    assert np.count_nonzero(small) <= 2.5 * np.count_nonzero(plane) / factor
    rows, columns = np.nonzero(small)
    off = ((columns + 0.5) * factor - 200.5) * np.sin(np.radians(angle)) - (
        (rows + 0.5) * 300 / small.shape[0] - 150.5
    ) * np.cos(np.radians(angle))
    assert abs(off.mean()) < 0.5 * factor + 0.5, "it does not move"


def test_scaling_keeps_the_middle_of_things() -> None:
    y, x = np.mgrid[0:270, 0:480]
    spot = np.exp(-(((x - 300.5) / 12) ** 2 + ((y - 90.5) / 12) ** 2))
    plane = np.repeat((255 * spot).astype(np.uint8)[:, :, None], 3, axis=2)
    fit = Fit.whole(Extent(480, 270), 160, 8)
    small = fit.to_model(plane)[..., 0].astype(float)
    rows, columns = np.mgrid[0 : small.shape[0], 0 : small.shape[1]]
    assert (columns * small).sum() / small.sum() + 0.5 == pytest.approx(301 * small.shape[1] / 480, abs=0.05)
    assert (rows * small).sum() / small.sum() + 0.5 == pytest.approx(91 * small.shape[0] / 270, abs=0.05)
    assert np.array_equal(resized(plane, Extent(480, 270)), plane)


def test_materials_have_the_colours_of_ade20k() -> None:
    assert set(ADE20K) == set(Material)
    picture = ade20k_picture(np.arange(len(Material), dtype=np.uint8)[None])
    assert tuple(picture[0, Material.SKY]) == (6, 230, 230)
    assert tuple(picture[0, Material.WATER]) == (61, 230, 250)
    names = {name for name, _ in ADE20K.values()}
    assert len({colour for _, colour in ADE20K.values()}) == len(names), "one colour a class"


def test_controls_show_lines_materials_depth_and_the_picture() -> None:
    asked = request(Extent(160, 96))
    fit = Fit.whole(asked.extent, 64, 8)
    start = np.full((*fit.model.shape, 3), 77, np.uint8)

    def control(kind: ControlKind) -> Control:
        from pathlib import Path

        return Control(
            kind=kind, path=Path("x"), config=None, weight=0.5, start=0.1, end=0.6, stages=(Stage.ROUGH,)
        )  # fmt: skip

    whole = Bounds(0, 0, fit.model.width, fit.model.height)
    lines, materials, depth, tile = (one.tile(whole) for one in shown(
        tuple(control(kind) for kind in (
            ControlKind.LINEART, ControlKind.SEGMENTATION, ControlKind.DEPTH, ControlKind.TILE,
        )), asked, fit, start,
    ))  # fmt: skip
    for plane in (lines, materials, depth, tile):
        assert plane.shape == (3, *fit.model.shape)
        assert plane.dtype == np.float32
        assert 0 <= plane.min() <= plane.max() <= 1
    assert lines.max() > 0.85, "white on black, as strong as it was drawn"
    assert np.median(lines) == 0
    assert np.allclose(tile, 77 / 255)
    assert depth[0, -1].mean() > depth[0, 0].mean() + 0.3, "near is white"
    assert tuple((materials[:, 0, 0] * 255).round().astype(int)) == (6, 230, 230)
    part = Bounds(8, 16, 24, 16)
    one = shown((control(ControlKind.SEGMENTATION),), asked, fit, start)[0]
    assert np.array_equal(one.tile(part), materials[:, 16:32, 8:32])
    more = one.raised(0.4)
    assert (round(more.weight, 3), more.end) == (0.9, 0.9)
