from __future__ import annotations

import json
import shutil
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genzu.picture.files import write_png
from tests.cli.conftest import Genzu, pixels


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def painted(genzu: Genzu, layout: Path, tmp_path: Path, kept: Path) -> Path:
    """``genzu paint`` with everything that a person may say about it; painted once, a copy for every test."""
    if not (kept / "out").exists():
        ran = genzu("paint", layout, "-p", "村、秋", "-o", kept / "out", "--engine", "fake", "--size", "320x180",
                    "--layout-by", "鈴木")  # fmt: skip
        assert ran.code == 0, ran.err
    shutil.copytree(kept / "out", tmp_path / "out")
    return tmp_path / "out"


def test_in_plain_words(genzu: Genzu, painted: Path) -> None:
    said = genzu("recipe", painted / "house_painting.png")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0].endswith("house_painting.png: PNG, 320×180 px")
    assert lines[1] == "  Genzu 0.1.0: show “out”, cut house BG, painting take 1 (AI, fake 1, seed 0)"
    assert "  its pixels are those of this take" in lines
    assert "  prompt: 村、秋" in lines and "  understood: place village, season autumn" in lines
    assert "  people: 鈴木 (layout)" in lines
    assert any(line.startswith("  layout file: house.png, SHA-256 ") for line in lines)
    assert "  source: trainedAlgorithmicMedia: made by a machine that was trained on data" in lines
    for name in ("house_rough.png", "house.psd", "house.json"):
        assert "cut house BG" in genzu("recipe", painted / name).out


def test_for_programs(genzu: Genzu, painted: Path) -> None:
    said = json.loads(genzu("recipe", painted / "house_painting.png", "--json").out)
    assert said["pixels"] == "same" and said["genzu"]["made"][0]["recipe"]["prompt"] == "村、秋"
    assert said["parameters"]["prompt"] == "村、秋" and said["creators"] == ["鈴木"]


def test_painted_again(genzu: Genzu, painted: Path, layout: Path, tmp_path: Path) -> None:
    file = painted / "house_painting.png"
    ran = genzu("recipe", file, "--repaint", "-o", tmp_path / "again")
    assert ran.code == 0 and "identical, bit for bit" in ran.out, ran
    assert np.array_equal(pixels(tmp_path / "again" / "house_painting_again.png"), pixels(file))
    moved = tmp_path / "elsewhere.png"
    moved.write_bytes(file.read_bytes())
    alone = genzu("recipe", moved, "--repaint", "-o", tmp_path / "b")
    assert alone.code == 2 and "house.png is needed" in alone.err
    done = genzu("recipe", moved, "--repaint", "-o", tmp_path / "b", "--layout", layout, "--json")
    assert done.code == 0 and json.loads(done.out)["identical"] is True
    assert genzu("recipe", moved, "--repaint", "-o", tmp_path / "c", "--show", painted).code == 0


def test_what_is_not_identical_ends_with_1(
    genzu: Genzu, painted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from genzu.engines.fake import FakeEngine

    paint = FakeEngine.paint
    monkeypatch.setattr(FakeEngine, "paint", lambda self, request, progress: 255 - paint(self, request, progress))
    ran = genzu("recipe", painted / "house_painting.png", "--repaint", "-o", tmp_path / "again")
    assert ran.code == 1 and "NOT identical" in ran.out and "% of the pixels are not the same" in ran.out


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_hostile_files_are_one_sentence(genzu: Genzu, painted: Path, tmp_path: Path) -> None:
    whole = (painted / "house_painting.png").read_bytes()
    bad = tmp_path / "bad.png"
    packer = zlib.compressobj(9, wbits=-15)
    megabyte = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    ruined = bytearray(whole)
    ruined[whole.index(b"tEXtgenzu") + 20] ^= 1
    files = {
        "bomb": whole[:33] + chunk(b"zTXt", b"prompt\0\0\x78\xda" + megabyte * 4096) + whole[33:],
        "promise": whole[:33] + struct.pack(">I", 0x7FFFFFFF) + b"zTXt" + whole[33:],
        "cut": whole[: len(whole) // 2],
        "checksum": bytes(ruined),
        "deep": whole[:33] + chunk(b"tEXt", b"genzu\0" + b"[" * 100_000) + whole[33:],
        "prompt": whole[:33] + chunk(b"tEXt", b"prompt\0" + b'{"a":' * 100_000) + whole[33:],
        "empty": b"",
        "text": b"no picture",
    }
    for name, content in files.items():
        bad.write_bytes(content)
        for more in ((), ("--json",), ("--repaint", "-o", tmp_path / "x")):
            ran = genzu("recipe", bad, *more)
            assert ran.code == 2, (name, ran)
            assert ran.err.startswith("genzu: ") and ran.err.count("\n") == 1 and "fault in Genzu" not in ran.err
    assert not (tmp_path / "x").exists()


def test_words_from_a_file_do_nothing_to_the_terminal(genzu: Genzu, tmp_path: Path) -> None:
    text = "a\x1b[2J\x07town\u202e\nSteps: 20, Seed: 5, Note: \x1b]0;title\x07"
    write_png(tmp_path / "a.png", np.zeros((9, 9, 3), np.uint8), text={"parameters": text})
    said = genzu("recipe", tmp_path / "a.png")
    assert said.code == 0 and "town" in said.out
    assert not any(ord(sign) < 32 and sign != "\n" for sign in said.out) and "\u202e" not in said.out


def test_wrong_use(genzu: Genzu, painted: Path, layout: Path, tmp_path: Path) -> None:
    file = painted / "house_painting.png"
    assert "add -o DIR" in genzu("recipe", file, "--repaint").err
    assert "add --repaint" in genzu("recipe", file, "-o", tmp_path / "x").err
    assert "nothing in it says how it was made" in genzu("recipe", layout).err
    assert genzu("recipe", tmp_path / "none.png").code == 2
    assert genzu("recipe", tmp_path / "none.json").code == 2
    assert genzu("recipe", tmp_path).code == 2


def test_a_part_painted_again(genzu: Genzu, painted: Path, tmp_path: Path) -> None:
    mask = np.zeros((180, 320), np.uint8)
    mask[20:100, 60:200] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    ran = genzu("repaint", "--show", painted, "--mask", tmp_path / "mask.png", "-p", "winter", "-o", tmp_path / "r",
                "--json")  # fmt: skip
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)
    before, after = pixels(painted / "house_painting.png"), pixels(Path(said["files"]["painting"]))
    assert np.array_equal(after[mask == 0], before[mask == 0]) and (after[60, 130] != before[60, 130]).any()
    assert said["recipe"]["prompt"] == "winter, 村、秋" and said["base"]["take"]
    text = genzu("repaint", "-s", painted, "--region", "5,170", "--seed", "4", "-o", tmp_path / "r")
    assert text.code == 0 and "outside it is painting take 2 bit for bit" in text.out
    assert "part of " in genzu("recipe", said["files"]["painting"]).out
    again = genzu("recipe", said["files"]["painting"], "--show", painted, "--repaint", "-o", tmp_path / "again")
    assert again.code == 0 and "identical" in again.out, again
    approved = genzu("approve", "-s", painted, "--by", "監督", "--take", said["take"])
    assert approved.code == 0 and "painting take 2 approved" in approved.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "what shall be repainted is not said"), (("--material", "cheese"), "not a material"),
        (("--region", "a,b"), "not a point"), (("--region", "999,1"), "outside the picture"),
        (("--material", "metal"), "there is no metal"), (("--region", "5,5", "--seed", "-1"), "out of range"),
        (("--region", "5,5", "--engine", "x"), "not an engine"), (("--region", "5,5", "--take", "1"), "is the layout"),
        (("--mask", "none.png"), "no such file"), (("--region", "5,5", "--feather", "nan"), "not possible"),
        (("--region", "5,5", "--cut", "7"), "no such cut"),
    ],
)  # fmt: skip
def test_wrong_use_of_repaint(genzu: Genzu, painted: Path, words: tuple[str, ...], says: str) -> None:
    ran = genzu("repaint", "--show", painted, *words)
    assert ran.code == 2 and says in ran.err and ran.err.count("\n") == 1, ran
