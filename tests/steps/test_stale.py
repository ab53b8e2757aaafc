"""Why a cut is stale: every change is found from the ledger alone and told in words; painting mends it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from build_shows import draw, paint, planned, reasons, small_show
from PIL import Image
from sqlalchemy import text

from genzu.core.credit import Contribution, Hand, Role
from genzu.core.geometry import Extent
from genzu.core.place import Board, Location
from genzu.core.take import NewTake, Stage
from genzu.engines import registry
from genzu.engines.fake import FakeEngine
from genzu.engines.readers.embedded import EmbeddedReader
from genzu.steps import intake, recipes, stale
from genzu.steps.journey import paint_cut
from genzu.store.show import Show


@pytest.fixture(scope="module")
def painted_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three painted cuts; 002 lies at a place."""
    folder = small_show(tmp_path_factory.mktemp("painted"))
    with Show.open(folder) as show:
        show.put_place(Location(name="harbour", words="port town"))
        show.update_cut(replace(show.cut("002"), place="harbour"))
    paint(folder)
    return folder


@pytest.fixture
def painted(painted_once: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    import shutil

    shutil.copytree(painted_once, tmp_path / "show")
    return tmp_path / "show"


def change(folder: Path, number: str = "001", **asked: object) -> None:
    with Show.open(folder) as show:
        kept = {name: show.keep_file(value) if isinstance(value, Path) else value for name, value in asked.items()}
        show.update_cut(replace(show.cut(number), **kept))


def test_what_was_just_painted_is_up_to_date_and_what_never_was_is_not(tmp_path: Path, painted: Path) -> None:
    fresh = small_show(tmp_path / "fresh", 2)
    assert reasons(fresh) == {"001": "never painted", "002": "never painted"}
    assert reasons(painted) == {}
    assert planned(painted).up_to_date == ("001", "002", "003")


def picture(path: Path, value: int) -> Path:
    Image.fromarray(np.full((180, 320), value, np.uint8)).save(path)
    return path


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"prompt": "village, autumn"}, "prompt changed: 'village, summer' → 'village, autumn'"),
        ({"seed": 4}, "seed changed: 0 → 4"),
        ({"engine": "embedded"}, "engine changed: fake → embedded"),
        ({"size": Extent(640, 360)}, "size changed: 320×180 → 640×360"),
    ],
)
def test_a_change_of_the_order_is_told(painted: Path, asked: dict[str, object], why: str) -> None:
    change(painted, **asked)
    assert reasons(painted) == {"001": why}
    change(painted, prompt="village, summer", seed=0, engine="fake", size=None)
    assert reasons(painted) == {}, "what was asked for once and painted need not be painted again"


def test_given_files_are_told_apart(painted: Path, tmp_path: Path) -> None:
    change(painted, board=picture(tmp_path / "board.png", 90))
    assert reasons(painted) == {"001": "board was given"}
    paint(painted)
    change(painted, board=picture(tmp_path / "board.png", 91), materials=picture(tmp_path / "materials.png", 3))
    assert reasons(painted) == {"001": "materials changed; board changed"}
    paint(painted)
    change(painted, board=None, materials=None, marks=picture(tmp_path / "marks.png", 255))
    assert reasons(painted) == {"001": "materials were taken away; marks were given; board was taken away"}


def test_a_place_makes_only_its_own_cuts_stale(painted: Path, tmp_path: Path) -> None:
    with Show.open(painted) as show:
        show.put_place(replace(show.place("harbour"), words="port town, snow"))
    assert reasons(painted) == {"002": "its place's words changed: 'port town' → 'port town, snow'"}
    with Show.open(painted) as show:
        board = Board(file=show.keep_file(picture(tmp_path / "board.png", 90)))
        show.put_place(replace(show.place("harbour"), words="port town", boards=(board,)))
    assert reasons(painted) == {"002": "board was given"}


def test_another_layout_is_told_and_the_same_pixels_in_another_file_are_not_painted(
    painted: Path, tmp_path: Path
) -> None:
    change(painted, layout=draw(tmp_path / "new.png", 40))
    assert reasons(painted) == {"001": "the layout changed"}
    assert paint(painted).results["001"].new_takes == 2
    Image.open(tmp_path / "new.png").save(tmp_path / "again.tif")
    change(painted, layout=tmp_path / "again.tif")
    assert reasons(painted) == {"001": "the layout changed"}, "nobody has looked into this file yet"
    assert paint(painted).results["001"].new_takes == 0
    assert reasons(painted) == {}


@pytest.mark.parametrize(
    ("where", "name", "value", "why"),
    [
        (FakeEngine, "version", "2", "engine fake 1 → 2"),
        (recipes, "READING_VERSION", "999", "the reading is newer"),
        (EmbeddedReader, "version", "3-0123456789ab", "the reading is newer"),
        (intake, "INTAKE_VERSION", "999", "the intake is newer"),
    ],
)
def test_a_newer_program_makes_all_stale(
    painted: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str, value: str, why: str
) -> None:
    for module in (where, *((stale, recipes) if name == "INTAKE_VERSION" else ())):
        monkeypatch.setattr(module, name, value)
    assert reasons(painted) == {"001": why, "002": why, "003": why}


def test_a_lost_picture_is_painted_again_and_is_the_same(painted: Path) -> None:
    with Show.open(painted) as show:
        take = show.latest("001", "BG", Stage.PAINTING)
        assert take is not None
        show._pictures.path(take.picture).unlink()
        assert reasons(painted) == {"001": "painting is missing on disk"}
        paint(painted)
        assert show.has_picture(take.picture) and len(show.takes("001", "BG", Stage.PAINTING)) == 1
    assert reasons(painted) == {}


def test_a_cut_that_was_stopped_after_its_rough_says_so(painted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(painted, seed=8)
    monkeypatch.setattr("genzu.steps.journey.paint_painting", lambda *_, **__: 1 / 0)
    with Show.open(painted) as show, pytest.raises(ZeroDivisionError):
        paint_cut(show, "001", painted / "001")
    monkeypatch.undo()
    assert reasons(painted) == {"001": "seed changed: 0 → 8"}
    done = paint(painted).results["001"]
    assert done.new_takes == 1, "the rough is there already"


def test_another_rough_makes_the_painting_stale(painted: Path) -> None:
    with Show.open(painted) as show:
        rough = show.latest("003", "BG", Stage.ROUGH)
        assert rough is not None
        other = show.keep_picture(np.zeros((180, 320, 3), np.uint8))
        with show._ledger.writing() as connection:  # as an engine that is not bit-exact leaves it after a loss
            connection.execute(text("DROP TRIGGER takes_no_update"))
            connection.execute(text(f"UPDATE takes SET picture = '{other}' WHERE id = {rough.id}"))
    assert reasons(painted) == {"003": "its rough was repainted"}


def test_more_candidates_than_there_are(painted: Path) -> None:
    assert reasons(painted, candidates=3, only={"001"}) == {"001": "2 of 3 candidates are not painted"}
    paint(painted, candidates=3, only={"001"})
    assert reasons(painted, candidates=3, only={"001"}) == reasons(painted, only={"001"}) == {}


def test_files_that_are_gone_are_written_without_painting(painted: Path) -> None:
    (painted / "001" / "001.psd").unlink()
    assert reasons(painted) == {"001": "001.psd is missing"}
    done = paint(painted)
    assert done.results["001"].new_takes == 0 and (painted / "001" / "001.psd").is_file()
    assert set(done.results) == {"001"} and reasons(painted) == {}


def test_files_of_an_older_painting_are_written_again(painted: Path) -> None:
    """As a process that was killed between painting and writing leaves them."""
    change(painted, prompt="village, autumn")
    paint(painted)
    change(painted, prompt="village, summer")
    assert reasons(painted) == {"001": "its files are not written yet"}
    paint(painted)
    assert json.loads((painted / "001" / "001.json").read_text())["prompt"]["text"] == "village, summer"


def test_who_drew_the_layout_enters_the_files_and_who_approved_it_does_not(painted: Path) -> None:
    with Show.open(painted) as show:
        show.credit(Contribution(name="監督", role=Role.ART_DIRECTOR, cut="001"))
        show.credit(Contribution(name="鈴木", role=Role.LAYOUT, cut="002"))
    assert reasons(painted) == {"002": "the names in its files changed"}


def retouch(folder: Path, number: str) -> None:
    with Show.open(folder) as show:
        painting = show.latest(number, "BG", Stage.PAINTING)
        assert painting is not None
        show.record(
            NewTake(
                cut=number, sheet="BG", stage=Stage.RETOUCH, hand=Hand.AI_AND_HUMAN, by="Mika Sato",
                picture=show.keep_picture(np.full((180, 320, 3), 7, np.uint8)), parents=(painting.id,),
            )
        )  # fmt: skip


def test_a_retouch_on_an_older_painting_is_said_loudly_and_stays(painted: Path) -> None:
    retouch(painted, "001")
    (state,) = planned(painted, only={"001"}).states
    assert state.sheets[0].retouch is not None and state.sheets[0].warning == ""
    change(painted, prompt="village, winter")
    for painted_again in (False, True):
        (state,) = planned(painted, only={"001"}).states
        assert state.stale is not painted_again
        assert "on an older painting (retouch 1 by Mika Sato)" in state.sheets[0].warning
        paint(painted)
    with Show.open(painted) as show:
        assert len(show.takes("001", "BG", Stage.RETOUCH)) == 1


def test_what_was_sent_back_says_so_beside_what_changed(painted: Path) -> None:
    with Show.open(painted) as show:
        shown = show.latest("001", "BG", Stage.PAINTING)
        assert shown is not None
        show.retake(shown.id, reason="空が重い", by="新井")
        (state,) = stale.state_of_cuts(show, only="001")
        assert not state.stale and state.sheets[0].sent_back == "“空が重い” by 新井"
    change(painted, seed=1)
    with Show.open(painted) as show:
        (state,) = stale.state_of_cuts(show, only="001")
        assert state.why == "sent back (“空が重い” by 新井); seed changed: 0 → 1"


def test_an_engine_that_is_not_here_is_not_called_newer(painted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(registry._ENGINES, "fake")  # type: ignore[attr-defined]
    registry._plain.cache_clear()
    assert reasons(painted) == {}
    change(painted, engine="diffusers:none")
    assert reasons(painted) == {"001": "its engine diffusers:none is not on this machine"}
    registry._plain.cache_clear()


def test_nothing_is_decoded_or_read(painted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> Callable[..., object]:
        raise AssertionError("a plan decodes nothing")

    for name in ("genzu.steps.intake._take_in", "genzu.picture.files.read_rgb8", "genzu.store.pictures.Pictures.load"):
        monkeypatch.setattr(name, refuse)
    change(painted, prompt="x")
    assert set(reasons(painted)) == {"001"}


def test_files_that_were_written_elsewhere_are_files(painted: Path, tmp_path: Path) -> None:
    change(painted, prompt="village, autumn")
    with Show.open(painted) as show:
        paint_cut(show, "001", tmp_path / "elsewhere", stem="house")
    assert reasons(painted) == {}
    (tmp_path / "elsewhere" / "house.psd").unlink()
    assert reasons(painted) == {"001": "its files are not written yet"}
