from __future__ import annotations

from pathlib import Path

import pytest
from judged_shows import HEIGHT, WIDTH, flat, judged_show, touched_up
from PIL import Image

from genzu.core.material import Material
from genzu.errors import BadInput, WrongSize
from genzu.picture.files import write_png
from genzu.steps.compare_takes import compare_sides, side_of_file, side_of_take


def test_two_takes_tell_where_they_differ_and_why(tmp_path: Path) -> None:
    show = judged_show(tmp_path)
    found, path = compare_sides(
        side_of_take(show, show.take(1)), side_of_take(show, show.take(3)), tmp_path / "c.png", show
    )
    assert found.recipe == ("seed 0 → 2",)
    sky, soil = found.materials
    assert (sky.material, soil.material) == (Material.SKY, Material.SOIL)
    assert sky.changed == 1
    assert sky.largest is not None
    assert (sky.largest.y, sky.largest.height) == (0, 30)
    assert (soil.mean, soil.changed, soil.largest) == (0, 0, None)
    assert found.whole.mean == pytest.approx(sky.mean * sky.share, rel=1e-3)
    record = found.to_dict()
    assert (record["a"]["line_fidelity"], record["a"]["take"], record["b"]["take"]) == (0.9, 1, 3)
    with Image.open(path) as sheet:
        assert sheet.width > 2 * 320


def test_a_touch_up_is_explained_by_the_painting_under_it(tmp_path: Path) -> None:
    show = judged_show(tmp_path)
    edited = touched_up(show, show.take(2))
    found, _ = compare_sides(side_of_take(show, show.take(2)), side_of_take(show, edited), tmp_path / "c.png", show)
    assert found.recipe == ()
    assert "佐藤" in found.other.name
    assert found.other.to_dict()["by"] == "佐藤"
    assert "made from the same recipe" in found.lines[0]


def test_two_files(tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", flat(0))
    write_png(tmp_path / "b.png", flat(1))
    sides = side_of_file(tmp_path / "a.png"), side_of_file(tmp_path / "b.png")
    found, path = compare_sides(*sides, tmp_path / "c.png")
    assert path == tmp_path / "c.png"
    assert found.materials == ()
    assert 0 < found.whole.changed < 1
    assert "unknown" in found.lines[0]
    write_png(tmp_path / "small.png", flat(1)[:40])
    with pytest.raises(WrongSize, match=f"A is {WIDTH}×{HEIGHT} px"):
        compare_sides(sides[0], side_of_file(tmp_path / "small.png"), tmp_path / "d.png")
    with pytest.raises(BadInput, match="PNG"):
        compare_sides(*sides, tmp_path / "d.jpg")
    assert not (tmp_path / "d.jpg").exists()
