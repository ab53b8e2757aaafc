"""``genzu paint`` end to end, on a small layout, with the real engine."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genzu.core.material import Material
from tests.cli.conftest import Genzu, draw_layout, pixels

PROMPT = "village, summer, morning"


@pytest.fixture
def painted(genzu: Genzu, layout: Path, materials: Path, tmp_path: Path) -> Path:
    out = tmp_path / "out"
    ran = genzu("paint", layout, "-p", PROMPT, "-o", out, "--materials", materials, "--layout-by", "Mika Sato")
    assert ran.code == 0, ran.err
    return out


def test_it_writes_the_files_that_are_promised(painted: Path) -> None:
    names = {path.name for path in painted.iterdir() if not path.name.startswith(".")}
    assert names == {
        "house_rough.png", "house_painting.png", "house_materials.png", "house_reading.jpg", "house.psd", "house.json"
    }  # fmt: skip
    for name in ("house_rough.png", "house_painting.png"):
        assert pixels(painted / name).shape == (360, 640, 3)
    labels = Image.open(painted / "house_materials.png")
    assert labels.mode == "L" and labels.size == (640, 360)
    assert set(np.unique(np.asarray(labels))) <= {int(m) for m in Material}


def test_the_json_tells_recipe_scores_and_credit(painted: Path) -> None:
    record = json.loads((painted / "house.json").read_text(encoding="utf-8"))
    assert record["prompt"]["text"] == PROMPT and record["prompt"]["not_understood"] == []
    assert record["recipes"]["painting"][0]["rough"] == record["pixels_sha256"]["rough"][0]
    for stage in ("rough", "painting"):
        score = record["scores"][stage]
        assert score["line_fidelity"] > score["chance"] + 0.2
        assert score["shift"] <= 0.35
        assert abs(sum(record["values"][stage]["shares"]) - 1) < 0.01
    assert record["registered"] is True
    assert record["credit"] == {
        "background_designer": "AI",
        "people": [{"name": "Mika Sato", "role": "layout"}],
    }


def test_same_recipe_same_pixels_and_another_seed_another_hand(
    genzu: Genzu, layout: Path, materials: Path, painted: Path, tmp_path: Path
) -> None:
    again, other = tmp_path / "again", tmp_path / "other"
    base = ["paint", layout, "-p", PROMPT, "--materials", materials]
    assert genzu(*base, "-o", again).code == 0
    assert genzu(*base, "-o", other, "--seed", 9).code == 0
    for name in ("house_rough.png", "house_painting.png", "house_materials.png"):
        assert np.array_equal(pixels(painted / name), pixels(again / name))
    first, second = pixels(painted / "house_painting.png"), pixels(other / "house_painting.png")
    assert np.abs(first.astype(int) - second).mean() > 1


def test_a_second_run_paints_nothing_again(genzu: Genzu, layout: Path, materials: Path, painted: Path) -> None:
    before = json.loads((painted / "house.json").read_text(encoding="utf-8"))
    ran = genzu("paint", layout, "-p", PROMPT, "-o", painted, "--materials", materials)
    after = json.loads((painted / "house.json").read_text(encoding="utf-8"))
    assert ran.code == 0
    assert after["pixels_sha256"] == before["pixels_sha256"]
    assert after["timings"]["engine"] == before["timings"]["engine"]
    assert not list(painted.glob("*_new*"))


def test_a_file_that_a_person_changed_is_kept(genzu: Genzu, layout: Path, materials: Path, painted: Path) -> None:
    theirs = pixels(painted / "house_painting.png").copy()
    theirs[:100] = (10, 200, 30)
    Image.fromarray(theirs).save(painted / "house_painting.png")
    ran = genzu("paint", layout, "-p", PROMPT, "-o", painted, "--materials", materials, "--seed", 3)
    assert ran.code == 0
    assert np.array_equal(pixels(painted / "house_painting.png"), theirs)
    assert len(list(painted.glob("house_painting_new*.png"))) == 1


def test_candidates_and_contact_sheet(genzu: Genzu, layout: Path, materials: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = genzu("paint", layout, "-p", PROMPT, "-o", out, "--materials", materials, "--candidates", 3, "--json")
    assert ran.code == 0, ran.err
    files = json.loads(ran.out)["sheets"][0]["files"]
    assert {"painting", "painting_2", "painting_3", "contact"} <= set(files)
    seen = [pixels(Path(files[kind])).tobytes() for kind in ("painting", "painting_2", "painting_3")]
    assert len(set(seen)) == 3
    assert Image.open(files["contact"]).width > 1200


def test_words_that_are_not_understood_are_told(genzu: Genzu, layout: Path, tmp_path: Path) -> None:
    ran = genzu("paint", layout, "-p", "village, melancholic, 秋", "-o", tmp_path / "out", "--engine", "fake")
    assert ran.code == 0 and "melancholic" in ran.out
    record = json.loads((tmp_path / "out" / "house.json").read_text(encoding="utf-8"))
    assert record["prompt"]["not_understood"] == ["melancholic"]
    assert record["recipes"]["rough"][0]["conditions"]["season"] == "autumn"


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "I;16"])
def test_every_kind_of_layout(genzu: Genzu, tmp_path: Path, suffix: str, mode: str) -> None:
    if suffix == ".jpg" and mode in ("RGBA", "I;16"):
        pytest.skip("JPEG has neither alpha nor 16 bit")
    picture = draw_layout()
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
    else:
        picture = picture.convert(mode)
    path = tmp_path / f"house{suffix}"
    picture.save(path)
    ran = genzu("paint", path, "-p", PROMPT, "-o", tmp_path / "out", "--engine", "fake")
    assert ran.code == 0, ran.err
    assert pixels(tmp_path / "out" / "house_painting.png").shape == (360, 640, 3)


def test_another_size(genzu: Genzu, layout: Path, tmp_path: Path) -> None:
    ran = genzu("paint", layout, "-p", PROMPT, "-o", tmp_path / "out", "--engine", "fake", "--size", "960x540")
    assert ran.code == 0, ran.err
    assert pixels(tmp_path / "out" / "house_painting.png").shape == (540, 960, 3)


def test_the_board_lends_its_colours(
    genzu: Genzu, layout: Path, materials: Path, painted: Path, tmp_path: Path
) -> None:
    board = tmp_path / "board.png"
    rng = np.random.default_rng(1)
    Image.fromarray((rng.normal((190, 120, 60), 25, (90, 160, 3))).clip(0, 255).astype(np.uint8)).save(board)
    out = tmp_path / "boarded"
    assert genzu("paint", layout, "-p", PROMPT, "-o", out, "--materials", materials, "--board", board).code == 0
    goal = pixels(board).reshape(-1, 3).mean(0)

    def gap(picture: Path) -> float:
        return float(np.linalg.norm(pixels(picture).reshape(-1, 3).mean(0) - goal))

    assert gap(out / "house_painting.png") < 0.6 * gap(painted / "house_painting.png")
