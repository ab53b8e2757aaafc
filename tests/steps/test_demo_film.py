from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from genzu.cli import demo_commands
from genzu.cli.main import app
from genzu.core.geometry import Extent
from genzu.core.lexicon import read_prompt
from genzu.core.scene import Season
from genzu.errors import BadInput
from genzu.exchange.psd_read import read_psd
from genzu.picture.headers import probe
from genzu.steps import demo_film
from genzu.steps.cutlist import plan_list
from genzu.steps.cutlist_files import read_list
from genzu.steps.demo_cuts import painted
from genzu.steps.demo_film import make_film_demo
from genzu.steps.demo_pack import FilmPack, film_pack
from genzu.steps.film_plan import plan_shots
from genzu.steps.film_shot import load_shot
from genzu.store.show import Show

FEW = ("001", "008", "048")
"""A still layout, one with a BOOK, and a shared background."""
SMALL = Extent(320, 180)


@pytest.fixture(scope="module")
def pack() -> Iterator[FilmPack]:
    with film_pack() as found:
        yield found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("av")
    folder = tmp_path_factory.mktemp("film")
    first = make_film_demo(folder, only=FEW, size=SMALL, engine="fake", workers=1)
    assert [result.number for result in first.results if result.sheets and not result.error] == ["008", "001"]
    assert first.film == folder / "film.mp4"
    return folder


def test_the_list_is_a_film_of_48_cuts_three_minutes_and_four_seasons(pack: FilmPack) -> None:
    read = read_list(pack.cutlist, fps=None, template=None)
    entries = read.cutlist.entries
    assert not read.findings
    assert [one.number for one in entries] == [f"{n:03}" for n in range(1, 49)]
    assert sum(one.frames or 0 for one in entries) == 4320
    assert {one.season for one in entries if one.season} == {season.value for season in Season}
    assert all(48 <= (one.frames or 0) <= 192 for one in entries)
    own = [one for one in entries if not one.uses]
    assert 30 <= len(own) < len(entries)  # shared backgrounds are painted once
    assert all(one.layout and one.season and one.time and one.weather for one in own)
    assert not any(one.layout or one.season for one in entries if one.uses)
    assert any(one.books for one in own)
    assert sum(one.dissolve is not None for one in entries) >= 4


def test_every_word_of_every_cut_is_understood(pack: FilmPack) -> None:
    words = {place["name"]: place["words"] for place in pack.facts["places"]}
    for one in read_list(pack.cutlist, fps=None, template=None).cutlist.entries:
        asked = ", ".join(part for part in (one.season, one.time, one.weather, one.prompt, words[one.place]) if part)
        assert not read_prompt(asked).unknown, (one.number, asked)


def test_the_list_is_imported_without_a_word(made: Path) -> None:
    with Show.open(made) as show:
        plan = plan_list(show, made / "cuts.csv", layouts=made / "layouts")
        assert not plan.findings
        assert not plan.changed
        assert len(plan.unchanged) == 48
        shots = plan_shots(show, usual=72)
        assert not any(shot.remarks for shot in shots)
        for shot in shots:
            if shot.source in FEW:  # painted here
                loaded = load_shot(show, shot, SMALL)
                assert not loaded.remarks, (shot.number, loaded.remarks)


def test_layouts_lie_there_as_a_person_would_hand_them_over(made: Path) -> None:
    for name in ("lane.png", "005_city_fireworks.png"):
        assert probe(made / "layouts" / name).extent == Extent(1920, 1080)
        assert probe(made / "materials" / name).extent == SMALL  # of the size that is painted
    assert [sheet.name for sheet in read_psd(made / "layouts" / "hill.psd").sheets] == ["BG", "BOOK1"]
    assert probe(made / "layouts" / "bay.png").extent.width > 2500


def test_a_second_run_paints_nothing_and_keeps_the_film(made: Path) -> None:
    before = (made / "film.mp4").stat().st_mtime_ns
    again = make_film_demo(made, only=FEW, size=SMALL, engine="fake", workers=1)
    assert again.results == ()
    assert (made / "film.mp4").stat().st_mtime_ns == before


def test_what_is_asked_for_otherwise_is_painted_again(made: Path) -> None:
    with Show.open(made) as show:
        assert painted(show, "001")
        assert not painted(show, "002")
        cut = show.cut("008")
        show.update_cut(replace(cut, size=None))
        assert not painted(show, "008")
        show.update_cut(replace(cut, season="winter"))
        assert not painted(show, "008")
        show.update_cut(cut)
        assert painted(show, "008")
    (made / "001" / "001.json").unlink()  # as a process leaves it that is killed before the end of a cut
    with Show.open(made) as show:
        assert not painted(show, "001")
    again = make_film_demo(made, only=FEW, size=SMALL, engine="fake", workers=1)
    assert [result.number for result in again.results] == ["001"]


def test_the_table_and_the_page_tell_cut_by_cut(made: Path) -> None:
    make_film_demo(made, only=FEW, size=SMALL, engine="fake", workers=1)
    table = json.loads((made / "demo.json").read_text(encoding="utf-8"))
    assert [row["cut"] for row in table["cuts"]] == list(FEW)
    assert table["cuts"][2]["background_of"] == "001"
    assert table["cuts"][2]["seconds"] == 0
    assert table["cuts"][0]["seconds"] > 0
    assert set(table["cuts"][0]["scores"]) == {"rough", "painting"}
    assert table["film"] == "film.mp4"
    page = (made / "index.html").read_text(encoding="utf-8")
    assert '<video src="film.mp4"' in page
    assert "Background Designer" in page
    assert str(made) not in page
    for number in FEW:
        assert f"Cut {number}" in page
    for kind in ("layout", "rough", "painting"):
        assert (made / "small" / f"008_{kind}.jpg").is_file()
    assert (made / "small" / "048_seen.jpg").is_file()


def test_without_pyav_everything_but_the_film_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise BadInput("films are written by PyAV, which is not installed", do="pip install 'genzu[film]'")

    monkeypatch.setattr(demo_film, "load_pyav", missing)
    done = make_film_demo(tmp_path, only=("001",), size=SMALL, engine="fake", workers=1)
    assert done.film is None
    assert "pip install 'genzu[film]'" in done.no_film
    assert not done.failed
    assert "genzu[film]" in done.page.read_text(encoding="utf-8")


def test_another_show_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    Show.create(tmp_path, "Somebody's film").close()
    with pytest.raises(BadInput, match="another show"):
        make_film_demo(tmp_path, only=("001",), size=SMALL, engine="fake", workers=1)


def test_the_command_tells_cut_by_cut(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = partial(make_film_demo, only=FEW, size=SMALL, engine="fake")
    monkeypatch.setattr(demo_commands, "make_film_demo", small)
    told = CliRunner().invoke(app, ["demo", str(made), "--film", "--workers", "1"])
    assert told.exit_code == 0, told.output
    lines = told.output.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == list(FEW)
    assert "that of cut 001" in lines[3]
    assert "3 cuts on 2 painted backgrounds; 0 painted now" in told.output
    assert f"Film: {made / 'film.mp4'}" in told.output
    record = json.loads(CliRunner().invoke(app, ["demo", str(made), "--film", "--json"]).stdout)
    assert [row["cut"] for row in record["cuts"]] == list(FEW)
    assert record["failed"] == {}
