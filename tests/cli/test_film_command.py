from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genzu.core.credit import Hand
from genzu.core.take import NewTake, Stage
from genzu.store.show import Show
from tests.cli.conftest import Genzu

SCRIPT = "import sys; from genzu.cli.main import run; sys.argv[0] = 'genzu'; run()"


@pytest.fixture
def show(genzu: Genzu, tmp_path: Path, layout: Path) -> Path:
    """Three cuts; a person has painted the second one."""
    folder = tmp_path / "Umi"
    assert genzu("init", folder, "--title", "海").code == 0
    for number in ("001", "002", "003"):
        assert genzu("add", layout, "--show", folder, "--cut", number, "-p", "village", "--layout-by", "鈴木").code == 0
    with Show.open(folder) as opened:
        picture = opened.keep_picture(np.full((360, 640, 3), (90, 140, 200), np.uint8))
        opened.record(NewTake(cut="002", sheet="BG", stage=Stage.RETOUCH, picture=picture, hand=Hand.HUMAN, by="=Sato"))
    return folder


def av_of() -> object:
    return pytest.importorskip("av", reason="films need PyAV: pip install 'genzu[film]'")


def test_a_film(genzu: Genzu, show: Path, tmp_path: Path) -> None:
    av_of()
    ran = genzu("film", tmp_path / "film.mp4", "--show", show, "--size", "320x180", "--length", "0+10", "--no-roll",
                "--cuts", "1-2", "--fps", "23.976")  # fmt: skip
    assert ran.code == 0, ran.err
    assert "0 min 01 s (20 frames, 0+20), 320×180, 23.976 frames a second, H.264" in ran.out
    assert "001 (layout)" in ran.out and "usual time: 001, 002" in ran.out
    assert (tmp_path / "film.mp4").stat().st_size > 1000


def test_what_could_not_be_shown_is_exit_code_1_and_json(genzu: Genzu, show: Path, tmp_path: Path) -> None:
    av_of()
    for picture in (show / ".genzu" / "pictures").rglob("*.png"):
        picture.chmod(0o644)
        picture.write_bytes(b"torn")
    ran = genzu("film", tmp_path / "film.mp4", "--show", show, "--size", "160x90", "--length", "5f", "--json")
    record = json.loads(ran.out)
    assert ran.code == 1 and list(record["missing"]) == ["002"] and record["frames"] == 15 + record["roll_frames"]
    assert record["background_designer"] is None
    assert [cut["stand_in"] for cut in record["cuts"]] == ["layout", None, "layout"]
    ran = genzu("film", tmp_path / "film.mp4", "--show", show, "--size", "160x90", "--length", "5f", "--no-roll")
    assert ran.code == 1 and "cut 002 has no picture" in ran.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["film.avi"], ".mp4"), (["film.mp4", "--prores"], ".mov"), (["film.mp4", "--size", "321x180"], "even"),
        (["film.mp4", "--cuts", "9"], "'9'"), (["film.mp4", "--fps", "0"], "frames per second"),
        (["film.mp4", "--font", "none.ttf"], "font"), (["film.mp4", "--crf", "99"], "--crf"),
        (["film.mp4", "--length", "0"], "1 or more"), (["film.mp4", "--length", "x"], "length"),
    ],
)  # fmt: skip
def test_bad_orders_are_one_sentence_and_leave_nothing(
    words: list[str], told: str, genzu: Genzu, show: Path, tmp_path: Path
) -> None:
    av_of()
    before = sorted(tmp_path.iterdir())
    ran = genzu("film", tmp_path / words[0], *words[1:], "--show", show)
    assert ran.code == 2 and told in ran.err and ran.err.count("\n") == 1, ran.err
    assert sorted(tmp_path.iterdir()) == before


def test_a_killed_film_leaves_nothing_once_the_next_is_made(genzu: Genzu, show: Path, tmp_path: Path) -> None:
    av_of()
    out = tmp_path / "films" / "film.mp4"
    words = ["film", str(out), "--show", str(show), "--size", "640x360", "--no-roll", "--slate"]
    child = subprocess.Popen([sys.executable, "-c", SCRIPT, *words, "--length", "5000f"], stdout=subprocess.DEVNULL)
    for _ in range(3000):
        if out.parent.is_dir() and any(path.stat().st_size for path in out.parent.iterdir()):
            break
        time.sleep(0.02)
    child.kill()
    child.wait()
    assert not out.exists()
    assert genzu(*words, "--length", "5f").code == 0
    assert [path.name for path in out.parent.iterdir()] == ["film.mp4"]
    assert genzu("verify", "--show", show).code == 0


def test_without_pyav_one_sentence(genzu: Genzu, show: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    ran = genzu("film", tmp_path / "film.mp4", "--show", show)
    assert ran.code == 2 and "pip install 'genzu[film]'" in ran.err


def test_credits_as_text_csv_and_json(genzu: Genzu, show: Path, tmp_path: Path) -> None:
    text = genzu("credits", "--show", show)
    assert (
        text.code == 0 and "Background Designer: Human" in text.out and "Layout (レイアウト): 鈴木 (3 cuts)" in text.out
    )
    assert genzu("credits", "--show", show, "--format", "text").out == text.out
    assert json.loads(genzu("credits", "--show", show, "--format", "json").out) == json.loads(
        genzu("credits", "--show", show, "--json").out
    )
    rows = list(csv.reader(io.StringIO(genzu("credits", "--show", show, "--format", "csv").out)))
    assert rows[0] == ["role", "japanese", "name", "cuts", "note"]
    assert ["Background Designer", "", "Human", "1", ""] in rows and ["Layout", "レイアウト", "鈴木", "3", ""] in rows
    assert ["Touch-up", "加筆", "'=Sato", "1", ""] in rows  # no formula for a spreadsheet
    assert ["Cut", "カット", "002", "1", "BG Human"] in rows and [
        "Cut",
        "カット",
        "001",
        "1",
        "not painted yet",
    ] in rows
    assert genzu("credits", "--show", show, "--format", "xml").code == 2


def test_credits_into_a_file(genzu: Genzu, show: Path, tmp_path: Path) -> None:
    ran = genzu("credits", "--show", show, "--format", "csv", "--out", tmp_path / "roll.csv")
    content = (tmp_path / "roll.csv").read_bytes()
    assert ran.code == 0 and str(tmp_path / "roll.csv") in ran.out
    assert content.startswith(b"\xef\xbb\xbfrole,") and "鈴木".encode() in content and b"\r\n" in content


def test_layout_of_the_picture_is_kept(genzu: Genzu, show: Path, tmp_path: Path) -> None:
    """The painted cut fills the picture with its colour."""
    av = av_of()
    genzu(
        "film", tmp_path / "film.mp4", "--show", show, "--size", "320x180", "--length", "3f", "--no-roll", "--cuts", "2"
    )
    with av.open(str(tmp_path / "film.mp4")) as film:  # type: ignore[attr-defined]
        picture = next(film.decode(video=0)).to_image()
    assert isinstance(picture, Image.Image)
    assert np.abs(np.asarray(picture).astype(int) - (90, 140, 200)).max() <= 4
