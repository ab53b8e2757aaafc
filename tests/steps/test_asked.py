from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from painted_shows import layout_picture, town

from genzu.core.cut import Cut
from genzu.core.geometry import Extent
from genzu.core.place import Board, Location
from genzu.core.scene import Place, Season, Side, Time
from genzu.core.take import Stage
from genzu.errors import NotFound
from genzu.picture.files import write_png
from genzu.steps.asked import background_of, cut_as_asked
from genzu.steps.chosen import latest_work
from genzu.steps.journey import paint_cut
from genzu.steps.places import keep_palette
from genzu.store.show import Show


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """Three cuts, painted by the fake engine: two at one place, one that names none."""
    write_png(tmp_path / "layout.png", layout_picture())
    write_png(tmp_path / "board.png", town())
    opened = Show.create(tmp_path / "show", "Umi")
    common = Cut(number="1", layout=opened.keep_file(tmp_path / "layout.png"), engine="fake", size=Extent(320, 180))
    opened.add_cut(replace(common, number="1", place="ハルの町", time="夕方"))
    opened.add_cut(replace(common, number="2", place="ハルの 町", season="winter", prompt="boats"))
    opened.add_cut(replace(common, number="3", prompt="village, summer"))
    board = Board(file=opened.keep_file(tmp_path / "board.png"))
    opened.put_place(Location(name="ハルの町", words="port town, autumn", boards=(board,)))
    return opened


def test_cuts_of_a_place_are_painted_with_its_words_and_its_board(show: Show, tmp_path: Path) -> None:
    (board,) = show.place("ハルの町").boards
    for number, season in (("1", Season.AUTUMN), ("2", Season.WINTER)):
        paint_cut(show, number, tmp_path / "out")
        (painting,) = show.takes(number, "BG", Stage.PAINTING)
        assert painting.recipe is not None
        assert painting.recipe.board == board.file.sha
        assert (painting.recipe.conditions.place, painting.recipe.conditions.season) == (Place.PORT_TOWN, season)
    assert show.takes("1", "BG", Stage.ROUGH)[0].recipe.conditions.time is Time.DUSK  # type: ignore[union-attr]


def test_a_change_of_the_place_makes_its_cuts_stale_and_no_other(show: Show, tmp_path: Path) -> None:
    for number in ("1", "2", "3"):
        paint_cut(show, number, tmp_path / "out")
    show.put_place(replace(show.place("ハルの町"), words="station, autumn"))
    for number in ("1", "2", "3"):
        paint_cut(show, number, tmp_path / "out")
    assert [len(show.takes(number, "BG", Stage.PAINTING)) for number in ("1", "2", "3")] == [2, 2, 1]
    newest = show.takes("1", "BG", Stage.PAINTING)[-1]
    assert latest_work(show, "1", "BG") == newest


def test_a_cut_that_names_no_place_is_as_the_ledger_has_it(show: Show) -> None:
    assert cut_as_asked(show, "3") == show.cut("3")
    with pytest.raises(NotFound):
        cut_as_asked(show, "404")


def test_a_cut_that_shares_a_background_shows_the_very_same_pixels(show: Show, tmp_path: Path) -> None:
    show.update_cut(replace(show.cut("3"), uses="2", seed=9, time="night"))
    for number in ("2", "3"):
        paint_cut(show, number, tmp_path / "out")
    pictures = [show.takes(number, "BG", Stage.PAINTING)[0].picture for number in ("2", "3")]
    assert pictures[0] == pictures[1]
    assert (background_of(show, "3"), background_of(show, "1")) == ("2", "1")
    assert latest_work(show, "3", "BG") is not None


def test_sharing_that_leads_nowhere_ends(show: Show) -> None:
    show.update_cut(replace(show.cut("1"), uses="404"))
    show.update_cut(replace(show.cut("2"), uses="3"))
    show.update_cut(replace(show.cut("3"), uses="2"))
    assert background_of(show, "1") == "1"
    assert background_of(show, "2") in ("2", "3")
    assert cut_as_asked(show, "2").number == "2"


def test_a_place_that_the_show_does_not_have_gives_only_its_name(show: Show) -> None:
    show.update_cut(replace(show.cut("3"), prompt="", place="無人駅"))
    asked = cut_as_asked(show, "3")
    assert (asked.prompt, asked.board) == ("無人駅", None)


def test_palette_and_light_of_a_place_reach_the_recipes_of_its_cuts(show: Show, tmp_path: Path) -> None:
    paint_cut(show, "1", tmp_path / "out")
    colours = ("#2a2040", "#e09050")
    kept = keep_palette(show, colours)
    assert kept is not None
    assert keep_palette(show, colours) == kept
    assert keep_palette(show, ()) is None
    place = show.place("ハルの町")
    show.put_place(replace(place, boards=(), palette=colours, palette_board=kept, light="左"))
    paint_cut(show, "1", tmp_path / "out")
    recipe = show.takes("1", "BG", Stage.PAINTING)[-1].recipe
    assert recipe is not None
    assert (recipe.board, recipe.conditions.light) == (kept.sha, Side.LEFT)
