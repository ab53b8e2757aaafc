"""``genzu variants``: names, one reading, words, failures, and a run that was killed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genzu.core.scene import Time
from genzu.engines.base import PaintRequest
from genzu.engines.fake import FakeEngine
from genzu.errors import EngineFailed
from tests.cli.conftest import Genzu, draw_materials, pixels

SCRIPT = "import sys; from genzu.cli.main import run; sys.argv[0] = 'genzu'; run()"
SMALL = ("--size", "320x180", "--engine", "fake")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def test_the_files_that_are_promised(genzu: Genzu, layout: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = genzu(
        "variants",
        layout,
        "-p",
        "village, summer, noon",
        "--seasons",
        "all",
        "--times",
        "夕方、night",
        "-o",
        out,
        *SMALL,
    )
    assert ran.code == 0, ran.err
    asked = {f"house_{season}_{at}" for season in ("spring", "summer", "autumn", "winter") for at in ("dusk", "night")}
    pictures = {f"{name}_{stage}.png" for name in {*asked, "house"} for stage in ("rough", "painting")}
    assert names(out) == {*pictures, "house_variants.jpg", "house_variants.json"}
    record = json.loads((out / "house_variants.json").read_text(encoding="utf-8"))
    assert len(record["variants"]) == 8 and record["base"]["label"] == "summer, noon"
    assert len({one["materials_sha256"] for one in [*record["variants"], record["base"]]}) == 1
    for one in record["variants"]:
        for stage in ("rough", "painting"):
            own, base = (kind["scores"][stage]["line_fidelity"] for kind in (one, record["base"]))
            assert one["difference"][stage] == pytest.approx(own - base, abs=1e-4)
            assert pixels(Path(one["files"][stage])).shape == (180, 320, 3)
        assert one["keeps_the_lines"] is (abs(one["difference"]["painting"]) <= record["farthest_allowed"])
        assert one["keeps_the_lines"] is not (one["label"] in record["farther"])
        assert one["label"] in ran.out
    for label in record["farther"]:
        assert any(label in note for note in record["notes"]) and "away from the base" in ran.out
    assert Image.open(out / "house_variants.jpg").width > 600


def test_the_weather_is_in_the_name_where_it_is_asked_for(genzu: Genzu, layout: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = genzu("variants", layout, "-p", "village, winter, 夜", "--weathers", "snow,雨上がり", "-o", out, *SMALL)
    assert ran.code == 0, ran.err
    assert {"house_winter_night_snow_painting.png", "house_winter_night_after-rain_rough.png"} <= names(out)


def test_nothing_varied_is_said(genzu: Genzu, layout: Path, tmp_path: Path) -> None:
    ran = genzu("variants", layout, "-p", "village, autumn, melancholic", "-o", tmp_path / "out", *SMALL)
    assert ran.code == 0 and "nothing was varied" in ran.out and "melancholic" in ran.out
    assert "house_autumn_afternoon_painting.png" in names(tmp_path / "out")


def test_the_same_picture_as_paint_and_json(genzu: Genzu, layout: Path, materials: Path, tmp_path: Path) -> None:
    """With a materials picture the reading hangs on no word: a variant is what ``paint`` makes of its prompt."""
    words = ("-p", "village, summer, noon", "--materials", materials, "--engine", "fake", "--seed", 5)
    ran = genzu("variants", layout, *words, "--seasons", "winter", "-o", tmp_path / "a", "--json")
    assert ran.code == 0, ran.err
    one = json.loads(ran.out)["sheets"][0]["variants"][0]
    alone = (*words[:1], "winter, village, summer, noon", *words[2:])
    assert genzu("paint", layout, *alone, "-o", tmp_path / "b").code == 0
    assert np.array_equal(pixels(Path(one["files"]["painting"])), pixels(tmp_path / "b" / "house_painting.png"))


def test_a_failing_variant_is_named(
    genzu: Genzu, layout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint = FakeEngine.paint

    def no_nights(self: FakeEngine, request: PaintRequest, progress: object) -> np.ndarray:
        if request.conditions.time is Time.NIGHT:
            raise EngineFailed("it is too dark")
        return paint(self, request)

    monkeypatch.setattr(FakeEngine, "paint", no_nights)
    out = tmp_path / "out"
    ran = genzu("variants", layout, "-p", "village, noon", "--times", "dusk,night,dawn", "-o", out, *SMALL)
    assert ran.code == 1 and "summer, night: FAILED: it is too dark." in ran.out
    assert "house_summer_dawn_painting.png" in names(out) and "house_summer_night_painting.png" not in names(out)
    assert json.loads((out / "house_variants.json").read_text("utf-8"))["failed"] == {
        "summer, night": "it is too dark."
    }


@pytest.mark.parametrize(
    ("words", "names_it"),
    [
        (["--seasons", "spring,monsoon"], "monsoon"),
        (["--times", "いつか"], "いつか"),
        (["--weathers", "dusk"], "dusk"),
        (["--seasons", ","], "no season"),
        (["--size", "big"], "big"),
        (["--seed", "-1"], "-1"),
        (["--engine", "magic"], "magic"),
        (["--materials", "nowhere.png"], "nowhere.png"),
    ],
)
def test_bad_words(words: list[str], names_it: str, genzu: Genzu, layout: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = genzu("variants", layout, "-p", "village", "-o", out, *words)
    assert ran.code == 2 and ran.out == "" and names_it in ran.err
    assert len(ran.err.strip().splitlines()) == 1 and "Traceback" not in ran.err
    assert not out.exists()


def test_bad_input(genzu: Genzu, layout: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.png"
    draw_materials(320, 180).save(wrong)
    cut = layout.with_name("half.png")
    cut.write_bytes(layout.read_bytes()[:900])
    for words, said in (
        ([tmp_path / "missing.png"], "missing.png"),
        ([cut], "half.png"),
        ([layout, "--materials", wrong], "320×180"),
        (["012", "--show", tmp_path], "no show"),
        (["012", "-p", "village"], "012"),
        ([tmp_path], "folder"),
    ):
        ran = genzu("variants", *words, "--seasons", "all", "-o", tmp_path / "out")
        assert ran.code == 2 and said in ran.err and len(ran.err.strip().splitlines()) == 1, ran.err
        assert not (tmp_path / "out").exists()
    ran = genzu("variants", layout, "--seasons", "all")
    assert ran.code == 2 and "-o" in ran.err


def test_a_cut_of_a_show(
    genzu: Genzu, layout: Path, materials: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = tmp_path / "film"
    assert genzu("init", show).code == 0
    assert genzu(
        "add", layout, "--cut", "014", "-p", "village, summer, noon", "--engine", "fake", "--materials", materials,
        "--show", show,
    ).code == 0  # fmt: skip
    ran = genzu("variants", "014", "--seasons", "winter", "--times", "night", "--show", show, "--json")
    assert ran.code == 0, ran.err
    one = json.loads(ran.out)["sheets"][0]["variants"][0]
    assert "014_winter_night_painting.png" in names(show / "014")
    edited = pixels(Path(one["files"]["painting"])).copy()
    edited[40:80, 60:200] = (250, 240, 230)
    Image.fromarray(edited).save(tmp_path / "mine.png")
    back = genzu("retouch", tmp_path / "mine.png", "--by", "Aya Mori", "--cut", "014", "--show", show, "--json")
    assert back.code == 0, back.err
    assert genzu("variants", "99", "--seasons", "all", "--show", show).code == 2
    monkeypatch.chdir(show)  # where the folder 014 has the cut's own name
    assert genzu("variants", "014", "--seasons", "winter").code == 0
    assert "014_winter_noon_painting.png" in names(show / "014")


@pytest.mark.parametrize("share", [0.35, 0.7, 0.9])
def test_a_killed_run_goes_on(share: float, genzu: Genzu, layout: Path, materials: Path, tmp_path: Path) -> None:
    words = [layout, "-p", "village, noon", "--seasons", "all", "--materials", materials, "--engine", "fake"]
    command = [sys.executable, "-c", SCRIPT, "variants", *map(str, words), "-o"]
    begin = time.perf_counter()
    subprocess.run([*command, str(tmp_path / "whole")], check=True, capture_output=True)
    took = time.perf_counter() - begin

    out = tmp_path / "killed"
    child = subprocess.Popen([*command, str(out)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(took * share)
    child.kill()
    child.wait()
    for path in out.glob("house*") if out.exists() else ():
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        else:
            Image.open(path).load()

    assert genzu("variants", *words, "-o", out).code == 0
    assert names(out) == names(tmp_path / "whole") and not list(out.glob(".*.part*"))
    for path in out.glob("*.png"):
        assert np.array_equal(pixels(path), pixels(tmp_path / "whole" / path.name))
    assert genzu("verify", "--show", out).code == 0
