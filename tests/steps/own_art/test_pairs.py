from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from own_paintings import make_folder, painted
from PIL import Image

from genzu.picture.files import read_index, read_rgb8
from genzu.picture.linedraw import lines_of
from genzu.steps.own_art.pairs import pairs_of, write_pairs
from genzu.steps.own_art.training_set import Wishes, gather


def test_every_painting_has_its_lines_under_the_same_name(tmp_path: Path) -> None:
    art = gather(make_folder(tmp_path / "art"), Wishes(), least_side=32)
    pairs = pairs_of(art.pictures, 64, 16)
    examples, remarks = write_pairs(tmp_path / "pairs", pairs, "hrbr")
    assert remarks == [] and len(examples) == 4
    for example, pair in zip(examples, pairs, strict=True):
        painting, lines = example.pixels(), example.lines()
        assert painting.shape == (*pair.view.bucket.shape, 3) and lines.shape == pair.view.bucket.shape
        assert example.caption.startswith("hrbr, ") and example.original == pair.picture.extent
    listed = [json.loads(line) for line in (tmp_path / "pairs" / "metadata.jsonl").read_text("utf-8").splitlines()]
    assert [one["text"] for one in listed] == [example.caption for example in examples]
    assert {one["owner"] for one in listed} == {"Studio Aoi"}
    for one in listed:
        assert (tmp_path / "pairs" / one["file_name"]).exists()
        assert (tmp_path / "pairs" / one["conditioning_image"]).exists()


def test_written_once_and_again_only_for_another_painting(tmp_path: Path) -> None:
    make_folder(tmp_path / "art")
    first = pairs_of(gather(tmp_path / "art", Wishes(), least_side=32).pictures, 64, 16)
    write_pairs(tmp_path / "pairs", first, "")
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "pairs").rglob("*.png")}
    painted(42).save(tmp_path / "art" / "c004_meadow.jpg")
    second = pairs_of(gather(tmp_path / "art", Wishes(), least_side=32).pictures, 64, 16)
    write_pairs(tmp_path / "pairs", second, "")
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in stamps.items())
    assert len(list((tmp_path / "pairs").rglob("*.png"))) == len(stamps) + 2
    assert [a.key == b.key for a, b in zip(first, second, strict=True)].count(False) == 1


def test_a_layout_that_lies_on_its_painting_gives_the_lines(tmp_path: Path) -> None:
    make_folder(tmp_path, ("c001_sea.png", "c002_street.png"), size=(640, 360))
    for name in ("c001_sea", "c002_street"):
        drawn = 255 - lines_of(read_rgb8(tmp_path / f"{name}.png"))
        if name == "c002_street":
            drawn = np.ascontiguousarray(drawn[::-1, ::-1])  # the layout of another cut
        drawn[100:104, 40:90] = 0  # a stroke that only the layout has
        Image.fromarray(drawn).save(tmp_path / f"{name}_layout.png")
    pairs = pairs_of(gather(tmp_path, Wishes(), least_side=32).pictures, 512, 64)
    examples, remarks = write_pairs(tmp_path / "pairs", pairs, "")
    (remark,) = remarks
    assert "c002_street_layout.png does not lie on its painting" in remark
    spots = []
    for example, pair in zip(examples, pairs, strict=True):
        scale, left, top = pair.view.scale, pair.view.left, pair.view.top
        row, column = round((102 - top) * scale), round((65 - left) * scale)
        spots.append(int(example.lines()[row - 2 : row + 3, column].max()))
    assert spots[0] > 128 > spots[1]
    assert read_index(tmp_path / "pairs" / "lines" / f"{pairs[0].key[:20]}.png").max() > 200


def test_a_very_wide_sheet_is_seen_through_windows(tmp_path: Path) -> None:
    make_folder(tmp_path, ("c001_town.png",), size=(1200, 180))
    pairs = pairs_of(gather(tmp_path, Wishes(), least_side=32).pictures, 64, 16)
    assert [pair.number for pair in pairs] == [1, 2, 3, 4]
    assert len({pair.key for pair in pairs}) == 4
    assert pairs[0].view.left < 40 and pairs[-1].view.left + pairs[-1].view.width > 1160
