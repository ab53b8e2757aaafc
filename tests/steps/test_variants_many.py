from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from tests.cli.conftest import draw_layout, draw_materials

from genzu.core.cut import Cut
from genzu.core.variation import Variation
from genzu.errors import CannotWrite
from genzu.steps import variants_many
from genzu.steps.chosen import chosen_take
from genzu.steps.variants_many import VariantOrder, paint_many_variants
from genzu.store.show import Show

NIGHTS = Variation.parse(seasons=None, times="noon,night", weathers=None)


@pytest.fixture
def show(tmp_path: Path) -> Show:
    draw_layout(320, 180).save(tmp_path / "layout.png")
    draw_materials(320, 180).save(tmp_path / "materials.png")
    Image.new("RGB", (320, 180), "white").save(tmp_path / "blank.png")
    made = Show.create(tmp_path / "show", "海")
    materials = made.keep_file(tmp_path / "materials.png")
    for number, file in (("001", "layout.png"), ("002", "blank.png"), ("003", "layout.png")):
        layout = made.keep_file(tmp_path / file)
        made.add_cut(Cut(number=number, layout=layout, prompt="村、昼", engine="fake", materials=materials))
    return made


def test_each_cut_has_a_row_and_one_that_fails_stops_nobody(show: Show, tmp_path: Path) -> None:
    made = paint_many_variants(show, ["001", "002", "003"], NIGHTS, tmp_path / "out", workers=1)
    assert [cut.number for cut in made.cuts if cut.failed] == ["002"]
    assert list(made.to_dict()["failed"]) == ["002"]
    assert [page.name for page in made.pages] == ["variants.jpg"]
    with Image.open(made.pages[0]) as page:
        assert page.height > 2 * 180
    assert (tmp_path / "out" / "003" / "003_variants.jpg").is_file()
    base = made.cuts[0].sheets[0].base.painting
    assert base is not None
    assert chosen_take(show, "001", "BG") == base
    night = next(one.painting for one in made.cuts[0].sheets[0].variants if not one.is_base)
    assert night is not None
    show.pick(night.id, "監督")
    assert chosen_take(show, "001", "BG") == night


def test_a_full_disk_stops_all(show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise CannotWrite("the disk is full")

    monkeypatch.setattr(variants_many, "paint_variants", full)
    with pytest.raises(CannotWrite):
        variants_many.paint_order(VariantOrder(show=show.folder, number="001", variation=NIGHTS, out=tmp_path))
