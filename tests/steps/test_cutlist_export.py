from __future__ import annotations

from pathlib import Path

import pytest
from painted_shows import layout_picture

from genzu.core.camera import CameraPath
from genzu.core.cut import Cut
from genzu.core.transition import Dissolve
from genzu.errors import BadInput
from genzu.picture.files import write_png
from genzu.steps.cutlist import plan_list
from genzu.steps.cutlist_export import cutlist_of, export_list
from genzu.store.show import Show


@pytest.fixture
def show(tmp_path: Path) -> Show:
    write_png(tmp_path / "c001.png", layout_picture())
    opened = Show.create(tmp_path / "show", "犬と少年")
    ref = opened.keep_file(tmp_path / "c001.png")
    opened.add_cut(Cut(number="001", layout=ref, frames=84, place="港町", season="秋", note="=x", prompt="boats"))
    opened.add_cut(
        Cut(
            number="002", layout=ref, frames=48, uses="001", dissolve=Dissolve(frames=12), books=("BOOK1",),
            camera=CameraPath.parse("0,0 > 2,0 ease"), camera_words="PAN", time="夜",
        )
    )  # fmt: skip
    opened.add_cut(Cut(number="003", layout=ref, frames=24, record_in=150))
    return opened


@pytest.mark.parametrize("name", ["list.csv", "film.otio", "film.edl", "sheets/c{cut}.xdts"])
def test_what_goes_out_comes_in_again_without_a_change(show: Show, tmp_path: Path, name: str) -> None:
    if not name.endswith((".csv", ".xdts")):
        pytest.importorskip("opentimelineio", reason="timelines need OpenTimelineIO: pip install 'genzu[timeline]'")
    done = export_list(show, tmp_path / "out" / name)
    assert all(path.is_file() for path in done.files)
    plan = plan_list(show, done.files[0] if len(done.files) == 1 else done.files[0].parent)
    assert plan.errors == ()
    assert (plan.added, plan.changed, plan.unchanged) == ((), (), ("001", "002", "003"))
    show.close()


def test_a_list_that_somebody_changed_is_kept(show: Show, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    export_list(show, path)
    path.write_text("mine", encoding="utf-8")
    (beside,) = export_list(show, path).files
    assert path.read_text(encoding="utf-8") == "mine"
    assert beside != path
    assert beside.read_bytes().startswith(b"\xef\xbb\xbf")


def test_headings_in_japanese(show: Show, tmp_path: Path) -> None:
    export_list(show, tmp_path / "list.csv", japanese=True)
    assert (tmp_path / "list.csv").read_text(encoding="utf-8-sig").startswith("カット,尺,コマ,場所")


def test_what_cannot_be_written_is_refused(show: Show, tmp_path: Path) -> None:
    for name in ("list.txt", "list", "sheet.xdts"):
        with pytest.raises(BadInput):
            export_list(show, tmp_path / name)
    show.add_cut(Cut(number="004", layout=show.cut("001").layout, record_in=10))
    with pytest.raises(BadInput, match="begins"):
        export_list(show, tmp_path / "film.otio")
    assert not list(tmp_path.glob("film*"))
    with Show.create(tmp_path / "empty", "x") as empty, pytest.raises(BadInput, match="no cuts"):
        export_list(empty, tmp_path / "list.csv")


def test_the_list_of_a_show_is_in_the_order_of_the_film(show: Show) -> None:
    found = cutlist_of(show)
    assert found.numbers == ("001", "002", "003")
    assert found.starts() == (0, 84, 150)
    assert found.title == "犬と少年"
