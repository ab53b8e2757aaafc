from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.cli.conftest import draw_layout, draw_materials

from genzu.core.credit import Hand
from genzu.core.cut import Cut
from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.core.take import NewTake, Stage, Take
from genzu.core.variation import Variation
from genzu.errors import BadInput, NotFound
from genzu.picture.files import read_picture, write_png
from genzu.steps import repaint as steps
from genzu.steps.chosen import latest_work
from genzu.steps.deliver import deliver
from genzu.steps.journey import paint_cut
from genzu.steps.region import Region
from genzu.steps.repaint import Change, Repainted, person_s_pixels, repaint
from genzu.steps.staff_roll import staff_roll
from genzu.steps.touchup import take_back
from genzu.steps.variants import paint_variants
from genzu.store.show import Show

SMALL = Extent(320, 180)
ROOF = Region(materials=(Material.ROOF,))
AUTUMN = Change(prompt="autumn")


def begin(folder: Path, engine: str) -> Show:
    draw_layout().save(folder / "house.png")
    draw_materials(320, 180).save(folder / "materials.png")
    show = Show.create(folder / "show", "Umi")
    show.add_cut(
        Cut(
            number="1", layout=show.keep_file(folder / "house.png"), prompt="village, summer, noon", engine=engine,
            size=SMALL, materials=show.keep_file(folder / "materials.png"),
        )
    )  # fmt: skip
    paint_cut(show, "1", folder / "out")
    return show


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    begin(folder, "fake").close()
    return folder


@pytest.fixture
def show(tmp_path: Path, kept: Path) -> Iterator[Show]:
    shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    with Show.open(tmp_path / "show") as show:
        yield show


def again(
    show: Show, folder: Path, region: Region = ROOF, change: Change = AUTUMN, take: int | None = None
) -> Repainted:
    return repaint(show, "1", region, change, out=folder / "out", take=take)


def outside_is_the_base(show: Show, done: Repainted) -> None:
    mask = show.picture(done.take.measures["repainted"]["mask"])
    base, new = show.picture(done.base.picture), show.picture(done.take.picture)
    assert np.array_equal(new[mask == 0], base[mask == 0]) and new.dtype == base.dtype
    assert (new[mask == 255] != base[mask == 255]).any()
    assert 0 < (mask > 0).mean() < 0.5


@pytest.mark.parametrize("engine", ["fake", "embedded"])
def test_outside_stays_bit_for_bit_and_inside_is_the_new_picture(tmp_path: Path, engine: str) -> None:
    with begin(tmp_path, engine) as show:
        done = again(show, tmp_path)
        outside_is_the_base(show, done)
        assert np.array_equal(read_picture(done.files["painting"]).pixels, show.picture(done.take.picture))
        mask = show.picture(done.take.measures["repainted"]["mask"])
        whole = repaint(
            show, "1", replace(ROOF, materials=tuple(Material(m) for m in np.unique(show.picture(
                done.take.measures["materials"])))), AUTUMN, out=tmp_path / "out", take=done.base.id,
        )  # fmt: skip
        autumn = show.picture(whole.take.picture)
        assert np.array_equal(show.picture(done.take.picture)[mask == 255], autumn[mask == 255])


def test_the_recipe_names_base_and_mask_and_is_found_again(
    show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = again(show, tmp_path)
    recipe = one.take.recipe
    assert recipe is not None
    assert recipe.base == one.base.picture and recipe.prompt == "autumn, village, summer, noon"
    assert recipe.mask == one.take.measures["repainted"]["mask"] and one.take.parents[0] == one.base.id
    assert show.take(one.take.parents[1]).stage is Stage.ROUGH
    monkeypatch.setattr(steps, "paint_with", None)  # it must not be painted a second time
    before = one.files["painting"].read_bytes()
    two = again(show, tmp_path, take=one.base.id)
    assert two.take == one.take and two.files == one.files and two.files["painting"].read_bytes() == before
    assert not show.verify()


def test_a_variant_that_is_there_is_not_painted_again(
    show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint_variants(show, "1", Variation.parse(seasons="autumn"), tmp_path / "out")
    monkeypatch.setattr(steps, "paint_with", None)
    outside_is_the_base(show, again(show, tmp_path))


def test_another_seed_if_nothing_else_is_asked_for(show: Show, tmp_path: Path) -> None:
    done = again(show, tmp_path, change=Change())
    assert done.take.recipe is not None and done.take.recipe.seed == 1
    outside_is_the_base(show, done)


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        ("autumn", "autumn, village"), ("", "village"), ("dusk # later", "dusk # later,\nvillage"),
        ("dusk\nNegative prompt: fog", "dusk\nNegative prompt: fog"),
    ],
)  # fmt: skip
def test_new_words_come_first(show: Show, asked: str, whole: str) -> None:
    recipe = show.takes("1", "BG", Stage.PAINTING)[0].recipe
    assert recipe is not None
    assert Change(prompt=asked).cut(show.cut("1"), replace(recipe, prompt="village")).prompt == whole
    assert Change(prompt=asked).cut(show.cut("1"), replace(recipe, prompt="")).prompt == asked


def test_another_engine_paints_a_part(show: Show, tmp_path: Path) -> None:
    done = again(show, tmp_path, change=Change(engine="embedded"))
    outside_is_the_base(show, done)
    roll = staff_roll(show, cut="1")
    assert {machine.name for machine in roll.machines} == {"fake", "embedded"}


def test_it_stands_for_the_cut_and_the_next_one_builds_on_it(show: Show, tmp_path: Path) -> None:
    first = again(show, tmp_path)
    assert latest_work(show, "1", "BG") == first.take
    second = again(show, tmp_path, Region(points=((10, 10),)), Change(prompt="dusk"))
    assert second.base == first.take and latest_work(show, "1", "BG") == second.take
    assert second.take.recipe is not None
    assert second.take.recipe.prompt == "dusk, autumn, village, summer, noon"
    paint_cut(show, "1", tmp_path / "out")
    assert latest_work(show, "1", "BG") == second.take, "painting again finds what is there"
    other = again(show, tmp_path, change=Change(seed=9), take=first.base.id)
    assert latest_work(show, "1", "BG") == other.take, "of two repaints of one picture the newer holds"
    assert deliver(show, "1", out=tmp_path / "final", formats=("png",)).take.picture == other.take.picture


def touch_up(show: Show, folder: Path, rows: slice, *, depth: int = 8, by: str = "山田") -> Take:
    newest = latest_work(show, "1", "BG")
    assert newest is not None
    picture = show.picture(newest.picture).copy()
    picture[rows, 20:120] = (250, 40, 20)
    write_png(folder / "edit.png", picture.astype(np.uint16) * 257 + 3 if depth == 16 else picture)
    return take_back(show, "1", folder / "edit.png", by=by).take


def test_people_stay_credited_where_their_pixels_stay(show: Show, tmp_path: Path) -> None:
    touched = touch_up(show, tmp_path, slice(140, 170))
    done = again(show, tmp_path)
    assert done.base == touched and done.take.hand is Hand.AI_AND_HUMAN
    assert latest_work(show, "1", "BG") == done.take
    outside_is_the_base(show, done)
    roll = staff_roll(show, cut="1").text
    assert "Background Designer: AI (+ Human)" in roll and "Human: 山田" in roll
    assert person_s_pixels(show, done.take)[150, 60] and not person_s_pixels(show, done.take)[5, 5]
    later = touch_up(show, tmp_path, slice(0, 1), by="鈴木")  # one row: less than a brush leaves
    assert later.hand is Hand.AI_AND_HUMAN, "what 山田 painted is still there"


def test_people_whose_pixels_are_gone_are_not(show: Show, tmp_path: Path) -> None:
    touch_up(show, tmp_path, slice(140, 170))
    white = np.zeros(SMALL.shape, np.uint8)
    white[120:] = 255
    Image.fromarray(white).save(tmp_path / "mask.png")
    done = again(show, tmp_path, Region(mask=tmp_path / "mask.png"))
    assert done.take.hand is Hand.AI and "Human:" not in staff_roll(show, cut="1").text


def test_sixteen_bit_of_a_touch_up_stay(show: Show, tmp_path: Path) -> None:
    touch_up(show, tmp_path, slice(140, 170), depth=16)
    done = again(show, tmp_path)
    assert show.picture(done.take.picture).dtype == np.uint16
    outside_is_the_base(show, done)
    assert read_picture(done.files["painting"]).pixels.dtype == np.uint16


def test_a_repaint_of_the_final_builds_on_what_was_delivered(show: Show, tmp_path: Path) -> None:
    final = deliver(show, "1", out=tmp_path / "final", formats=("png",)).take
    done = again(show, tmp_path, take=final.id)
    assert done.base.id == final.parents[0]


def test_what_cannot_be_leaves_nothing(show: Show, tmp_path: Path) -> None:
    count = len(show.takes())
    with pytest.raises(BadInput, match="no water"):
        again(show, tmp_path, Region(materials=(Material.WATER,)))
    rough = show.takes("1", "BG", Stage.ROUGH)[0]
    with pytest.raises(BadInput, match="is the rough of cut 1"):
        again(show, tmp_path, take=rough.id)
    with pytest.raises(NotFound):
        again(show, tmp_path, take=999)
    with pytest.raises(NotFound, match="no painting yet"):
        repaint(show, "1", ROOF, AUTUMN, out=tmp_path / "out", sheet="BOOK9")
    by_hand = show.record(
        NewTake(cut="1", sheet="BG", stage=Stage.RETOUCH, hand=Hand.HUMAN, by="x", picture=rough.picture)
    )
    with pytest.raises(BadInput, match="no machine painted"):
        again(show, tmp_path, take=by_hand.id)
    assert len(show.takes()) == count + 1


def test_another_layout_is_named(show: Show, tmp_path: Path) -> None:
    page = draw_layout()
    page.paste((70, 70, 72), (20, 20, 90, 24))
    page.save(tmp_path / "other.png")
    show.update_cut(replace(show.cut("1"), layout=show.keep_file(tmp_path / "other.png")))
    with pytest.raises(BadInput, match="another layout now"):
        again(show, tmp_path)
