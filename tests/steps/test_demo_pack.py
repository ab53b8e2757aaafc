from __future__ import annotations

from pathlib import Path

import numpy as np

from genzu.core.geometry import Extent
from genzu.picture.files import read_rgb8, write_png
from genzu.picture.headers import probe
from genzu.steps.demo_pack import at_height, film_pack, six_layouts
from genzu.steps.intake import take_in
from genzu.steps.reading import load_materials


def test_the_six_are_layouts_like_anybodys() -> None:
    with six_layouts() as (folder, plan):
        assert len(plan) == 6
        for entry in plan:
            assert probe(folder / entry["layout"]).mode == "rgb"
            assert load_materials(folder / entry["materials"], Extent(1920, 1080)).shape == (1080, 1920)
        lines = take_in(folder / plan[0]["layout"]).sheets[0].lines
    assert 0.02 < (lines.contour > 128).mean() < 0.2
    assert (lines.shadow > 128).any()  # the blue pencil comes through
    assert not folder.exists()


def test_what_a_person_drew_on_is_not_unpacked_again(tmp_path: Path) -> None:
    with film_pack() as pack:
        pack.unpack("lane.png", tmp_path)
        layout = tmp_path / "layouts" / "lane.png"
        drawn = read_rgb8(layout).copy()
        drawn[500:520, 100:900] = 40
        write_png(layout, drawn)
        pack.unpack("lane.png", tmp_path)
        assert np.array_equal(read_rgb8(layout), drawn)


def test_materials_come_at_the_size_that_is_painted(tmp_path: Path) -> None:
    with film_pack() as pack:
        whole = pack.unpack("fields.png", tmp_path)
        assert whole is not None
        assert probe(whole).extent == Extent(2400, 1080)
        assert pack.unpack("fields.png", tmp_path, height=180) == whole
        assert probe(whole).extent == at_height(Extent(2400, 1080), 180) == Extent(400, 180)
        assert pack.unpack("hill.psd", tmp_path) is None
