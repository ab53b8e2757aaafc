from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from psd_tools import PSDImage
from tests.cli.conftest import draw_layout, draw_materials

from genzu.core.cut import Cut
from genzu.core.geometry import Extent
from genzu.core.scene import Conditions, Season, Time
from genzu.core.take import Stage
from genzu.core.variation import Variation
from genzu.engines.base import PaintRequest
from genzu.engines.fake import FakeEngine
from genzu.errors import CannotWrite, EngineFailed
from genzu.picture.fidelity import measure
from genzu.picture.files import read_rgb8
from genzu.steps import making
from genzu.steps.chosen import chosen_take
from genzu.steps.intake import take_in
from genzu.steps.variant_records import FARTHEST
from genzu.steps.variants import paint_variants, plan
from genzu.store.show import Show

SMALL = Extent(320, 180)
WINTER_NIGHTS = Variation.parse(seasons="summer,winter", times="noon,night")


@dataclass
class Seen:
    """What the steps asked for."""

    readings: list[Conditions]
    requests: list[PaintRequest]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    seen = Seen([], [])
    read, paint = making.read, making.paint_with

    def reading(lines: object, **options: object) -> object:
        seen.readings.append(options["conditions"])
        return read(lines, **options)

    def painting(engine: object, request: PaintRequest, progress: object) -> object:
        seen.requests.append(request)
        return paint(engine, request, progress)

    monkeypatch.setattr(making, "read", reading)
    monkeypatch.setattr(making, "paint_with", painting)
    return seen


@pytest.fixture
def show(tmp_path: Path) -> Iterator[Show]:
    draw_layout().save(tmp_path / "house.png")
    with Show.create(tmp_path / "show", "Umi") as show:
        layout = show.keep_file(tmp_path / "house.png")
        show.add_cut(Cut(number="1", layout=layout, prompt="village, summer, noon", engine="fake", size=SMALL))
        yield show


def test_one_reading_for_all(show: Show, tmp_path: Path, seen: Seen) -> None:
    (sheet,) = paint_variants(show, "1", WINTER_NIGHTS, tmp_path / "out")
    assert len(seen.readings) == 1
    assert len({id(request.reading) for request in seen.requests}) == 1
    assert len({id(request.lines) for request in seen.requests}) == 1
    assert len(seen.requests) == 2 * 4, "the base is one of the four"
    takes = show.takes("1", "BG", Stage.PAINTING)
    assert len({take.measures["materials"] for take in takes}) == 1
    assert len({take.picture for take in takes}) == 4
    assert {take.recipe.seed for take in takes if take.recipe} == {0}
    assert [one.label for one in sheet.variants] == ["summer, noon", "summer, night", "winter, noon", "winter, night"]
    assert [one.is_base for one in sheet.variants] == [True, False, False, False]


def test_the_recipes_say_under_what_the_lines_were_read(show: Show, tmp_path: Path) -> None:
    (sheet,) = paint_variants(show, "1", WINTER_NIGHTS, tmp_path / "out")
    base = sheet.base.painting
    assert base and base.recipe and base.recipe.read_under is None
    for one in sheet.variants:
        assert one.painting and one.painting.recipe
        recipe = one.painting.recipe
        assert (recipe.conditions.season, recipe.conditions.time) == (one.filled.season, one.filled.time)
        if not one.is_base:
            assert recipe.read_under == base.recipe.conditions
            assert recipe.prompt.endswith(base.recipe.prompt)


def test_a_materials_picture_needs_no_such_word(show: Show, tmp_path: Path) -> None:
    draw_materials(*SMALL.shape[::-1]).save(tmp_path / "m.png")
    cut = show.cut("1")
    show.add_cut(
        Cut(number="2", layout=cut.layout, prompt=cut.prompt, engine="fake", size=SMALL,
            materials=show.keep_file(tmp_path / "m.png"))
    )  # fmt: skip
    (sheet,) = paint_variants(show, "2", Variation.parse(seasons="winter"), tmp_path / "out")
    assert all(one.painting and one.painting.recipe and not one.painting.recipe.read_under for one in sheet.painted)


def test_the_difference_is_that_of_the_pictures(show: Show, tmp_path: Path) -> None:
    (sheet,) = paint_variants(show, "1", Variation.parse(times="all"), tmp_path / "out")
    lines = take_in(tmp_path / "house.png", size=SMALL).sheets[0].lines
    first = measure(lines, read_rgb8(sheet.base.files["painting"])).line_fidelity
    for one in sheet.variants:
        own = measure(lines, read_rgb8(one.files["painting"])).line_fidelity
        gap = one.difference(sheet.base)
        assert gap == pytest.approx(own - first, abs=2e-4)
        assert (one in sheet.farther) == (abs(gap) > FARTHEST)
        assert sheet.to_dict()["variants"][sheet.variants.index(one)]["keeps_the_lines"] is (abs(gap) <= FARTHEST)


def test_a_variant_that_loses_the_lines_is_named(show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paint = FakeEngine.paint

    def blurred(self: FakeEngine, request: PaintRequest, progress: object) -> np.ndarray:
        picture = paint(self, request)
        return np.full_like(picture, 90) if request.conditions.time is Time.NIGHT else picture

    monkeypatch.setattr(FakeEngine, "paint", blurred)
    (sheet,) = paint_variants(show, "1", WINTER_NIGHTS, tmp_path / "out")
    assert {one.label for one in sheet.farther} >= {"summer, night", "winter, night"}
    assert any("winter, night (-" in said for said in sheet.warnings)
    assert sheet.to_dict()["farther"]["winter, night"] < -FARTHEST


def test_a_variant_that_fails_does_not_stop_the_others(
    show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint = FakeEngine.paint

    def fails_in_winter(self: FakeEngine, request: PaintRequest, progress: object) -> np.ndarray:
        if request.conditions.season is Season.WINTER and request.conditions.time is Time.NOON:
            raise EngineFailed("the snow is too deep")
        return paint(self, request)

    monkeypatch.setattr(FakeEngine, "paint", fails_in_winter)
    (sheet,) = paint_variants(show, "1", WINTER_NIGHTS, tmp_path / "out")
    assert [one.label for one in sheet.failed] == ["winter, noon"]
    assert sheet.to_dict()["failed"] == {"winter, noon": "the snow is too deep."}
    assert len(list((tmp_path / "out").glob("*_painting.png"))) == 3
    assert sheet.files["contact"].is_file() and sheet.files["json"].is_file()


def test_a_full_disk_stops_all(show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_show: Show, path: Path, _write: object) -> Path:
        raise CannotWrite("cannot be written (no space left on device)", where=path)

    monkeypatch.setattr(Show, "export", full)
    with pytest.raises(CannotWrite):
        paint_variants(show, "1", WINTER_NIGHTS, tmp_path / "out")


def test_run_again_it_paints_nothing_again(show: Show, tmp_path: Path, seen: Seen) -> None:
    first = paint_variants(show, "1", WINTER_NIGHTS, tmp_path / "out")
    painted = len(seen.requests)
    again = paint_variants(show, "1", WINTER_NIGHTS, tmp_path / "out")
    assert len(seen.requests) == painted
    assert [one.painting for one in again[0].variants] == [one.painting for one in first[0].variants]
    assert not list((tmp_path / "out").glob("*_new*"))


def test_a_variant_counts_for_the_cut_only_when_approved(show: Show, tmp_path: Path) -> None:
    (sheet,) = paint_variants(show, "1", Variation.parse(seasons="winter", times="night"), tmp_path / "out")
    assert chosen_take(show, "1", "BG") == sheet.base.painting
    winter = sheet.variants[0].painting
    assert winter is not None
    show.approve(winter.id, "Kenji Arai")
    assert chosen_take(show, "1", "BG") == winter


def test_the_shares_rise_to_the_end(show: Show, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    paint_variants(show, "1", WINTER_NIGHTS, tmp_path / "out", watch=lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares) and shares[-1] == 1.0 and shares[0] < 0.01
    assert any("winter, night: painting" in what for what, _ in told)


def test_every_sheet_of_a_psd(tmp_path: Path) -> None:
    file = PSDImage.new("RGB", (640, 360))
    leaf = Image.new("RGBA", (640, 360), (0, 0, 0, 0))
    ImageDraw.Draw(leaf).ellipse((40, 60, 300, 300), outline=(50, 50, 50, 255), fill=(255, 255, 255, 255), width=2)
    for name, image in (("BG", draw_layout().convert("RGBA")), ("BOOK1", leaf)):
        group = file.create_group(name=name)
        file.create_pixel_layer(image, name="layer").move_to_group(group)
    file.save(str(tmp_path / "house.psd"))
    with Show.create(tmp_path / "show", "Umi") as show:
        layout = show.keep_file(tmp_path / "house.psd")
        show.add_cut(Cut(number="1", layout=layout, prompt="village, noon", engine="fake", size=SMALL))
        sheets = paint_variants(show, "1", Variation.parse(times="night"), tmp_path / "out", stem="house")
    assert [sheet.sheet for sheet in sheets] == ["BG", "BOOK1"]
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"house_summer_night_painting.png", "house_BOOK1_summer_night_painting.png", "house_BOOK1_variants.jpg"} <= (
        names
    )
    with Image.open(tmp_path / "out" / "house_BOOK1_summer_night_painting.png") as book:
        assert book.mode == "RGBA"


def test_the_base_is_one_of_them_or_apart() -> None:
    base, asked = plan("river, dusk, autumn", Variation.parse(seasons="autumn,winter"))
    assert base is asked[0] and base.name == "autumn_dusk" and base.prompt == "river, dusk, autumn"
    base, asked = plan("river, dusk, autumn", Variation.parse(seasons="winter"))
    assert base not in asked and base.name == ""
    base, asked = plan("river", Variation())
    assert asked == (base,)
