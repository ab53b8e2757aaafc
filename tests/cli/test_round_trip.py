"""One cut from layout to delivery, as a studio would do it: paint, touch up, approve, deliver, credit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Genzu, pixels


@pytest.fixture
def show(genzu: Genzu, layout: Path, materials: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "myfilm"
    assert genzu("init", folder, "--title", "My film").code == 0
    added = genzu(
        "add", layout, "--cut", "014", "-p", "村、夏、朝", "--materials", materials,
        "--layout-by", "Mika Sato", "--board-by", "Ren Ito", "--show", folder,
    )  # fmt: skip
    assert added.code == 0, added.err
    painted = genzu("paint", "--all", "--show", folder, "--workers", 1)
    assert painted.code == 0, painted.out + painted.err
    return folder


def touched(show: Path, tmp_path: Path) -> Path:
    picture = pixels(show / "014" / "014_painting.png").copy()
    picture[40:80, 60:200] = (250, 240, 230)
    path = tmp_path / "014_edited.png"
    Image.fromarray(picture).save(path)
    return path


def test_the_whole_way(genzu: Genzu, show: Path, tmp_path: Path) -> None:
    file = touched(show, tmp_path)
    back = genzu("retouch", file, "--by", "Aya Mori", "--show", show, "--json")
    assert back.code == 0, back.err
    take = json.loads(back.out)["take"]
    share = 40 * 140 / (640 * 360)
    assert take["by"] == "Aya Mori" and take["hand"] == "AI (+ Human)"
    assert abs(take["measures"]["changed_share"] - share) < 0.35 * share
    assert genzu("approve", "--by", "Kenji Arai", "--show", show).code == 0
    out = tmp_path / "delivery"
    delivered = genzu("deliver", "-o", out, "--show", show, "--json")
    assert delivered.code == 0, delivered.err
    names = {path.name for path in out.iterdir()}
    assert any(name.endswith(".psd") for name in names) and any(name.endswith(".tif") for name in names)
    flat = next(path for path in out.iterdir() if path.suffix == ".png")
    assert np.array_equal(pixels(flat)[..., :3], pixels(file))
    assert flat.stem.endswith("014_BG_t01")
    roll = genzu("credits", "--show", show).out
    for name in ("Mika Sato", "Ren Ito", "Aya Mori", "Kenji Arai"):
        assert name in roll
    assert "Background Designer: AI (+ Human)" in roll
    assert genzu("verify", "--show", show).code == 0


def test_untouched_pictures_are_credited_to_the_machine_alone(genzu: Genzu, show: Path, tmp_path: Path) -> None:
    assert genzu("deliver", "-o", tmp_path / "delivery", "--show", show).code == 0
    roll = genzu("credits", "--show", show).out
    assert "Background Designer: AI" in roll and "Human" not in roll


@pytest.mark.parametrize(
    ("name", "spoil", "says"),
    [
        ("resized", lambda a: np.asarray(Image.fromarray(a).resize((600, 338))), "600×338"),
        ("shifted", lambda a: np.roll(a, 3, axis=1), "shift"),
        ("unchanged", lambda a: a, "changed"),
    ],
)
def test_what_does_not_lie_on_the_layout_is_refused(
    genzu: Genzu, show: Path, tmp_path: Path, name: str, spoil: object, says: str
) -> None:
    picture = pixels(show / "014" / "014_painting.png")
    path = tmp_path / f"{name}.png"
    Image.fromarray(np.ascontiguousarray(spoil(picture))).save(path)  # type: ignore[operator]
    ran = genzu("retouch", path, "--by", "Aya Mori", "--show", show)
    assert ran.code == 2 and says in ran.err, ran
    status = json.loads(genzu("status", "--show", show, "--json").out)
    assert status["cuts"][0]["takes"]["retouch"] == 0


def test_a_touch_up_is_never_overwritten(genzu: Genzu, show: Path, tmp_path: Path) -> None:
    file = touched(show, tmp_path)
    assert genzu("retouch", file, "--by", "Aya Mori", "--show", show).code == 0
    second = pixels(file).copy()
    second[200:240, 300:380] = (20, 30, 60)
    Image.fromarray(second).save(file)
    assert genzu("retouch", file, "--by", "Jun Abe", "--show", show).code == 0
    status = json.loads(genzu("status", "--show", show, "--json").out)
    assert status["cuts"][0]["takes"]["retouch"] == 2


def test_a_name_is_needed(genzu: Genzu, show: Path, tmp_path: Path) -> None:
    for name in ("", "  ", "AI"):
        ran = genzu("retouch", touched(show, tmp_path), "--by", name, "--show", show)
        assert ran.code == 2, ran


def test_one_bad_layout_does_not_stop_the_others(genzu: Genzu, show: Path, layout: Path) -> None:
    assert genzu("add", layout, "--cut", "015", "-p", "meadow", "--engine", "fake", "--show", show).code == 0
    kept = next((show / ".genzu" / "files").rglob("*.png"))
    kept.chmod(0o644)
    kept.write_bytes(b"")
    ran = genzu("paint", "--all", "--show", show, "--workers", 1)
    assert ran.code == 1
    assert "cut 015: FAILED" in ran.out and "1 cut up to date" in ran.out


@pytest.mark.parametrize(
    "words",
    [
        ("approve", "--by", "X", "--cut", "999"),
        ("deliver", "-o", "x", "--cut", "999"),
        ("deliver", "-o", "x", "--template", "{nonsense}"),
        ("deliver", "-o", "x", "--template", "../{cut}"),
        ("deliver", "-o", "x", "--formats", "gif"),
        ("credit", "Aya", "--role", "wizard"),
        ("init", "."),
        ("status", "--show", "nowhere"),
    ],
)
def test_wrong_usage(genzu: Genzu, show: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(show)
    ran = genzu(*words)
    assert ran.code == 2, ran
    assert len(ran.err.strip().splitlines()) == 1 and "Traceback" not in ran.err
    assert not (show / "x").exists() or not any((show / "x").iterdir())
