"""``genzu train`` from end to end: a folder of paintings, a tiny base model, a LoRA, its record, the ledger."""

from __future__ import annotations

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genzu.store.show import Show
from tests.cli.conftest import Genzu

NAMES = ("SHOW_c001_harbour_autumn_dusk.png", "SHOW_c002_station_snow.png", "SHOW_c003_street_night.png")
SMALL = ("--resolution", 64, "--bucket-step", 16, "--steps", 4, "--save-every", 2, "--accumulate", 1,
         "--evaluations", 2, "--rank", 4, "--no-sheets", "--rate", 0.02)  # fmt: skip


@pytest.fixture
def art(tmp_path: Path) -> Path:
    """Three paintings of blocks, two of them entered."""
    folder = tmp_path / "art"
    folder.mkdir()
    for seed, name in enumerate(NAMES):
        blocks = np.random.default_rng(seed).integers(0, 256, (6, 10, 3), dtype=np.uint8)
        Image.fromarray(blocks).resize((160, 96), Image.Resampling.NEAREST).save(folder / name)
    lines = ["file,owner,licence,source", *(f"{name},背景室,own work,SHOW" for name in NAMES[:2])]
    (folder / "licences.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A profile whose weights are not there: enough for everything but training."""
    path = tmp_path / "tiny.toml"
    path.write_text('path = "model"\nfamily = "sd15"\ntitle = "Tiny"\n', encoding="utf-8")
    return path


def test_a_picture_without_a_licence_entry_is_refused_by_name(genzu: Genzu, art: Path, profile: Path) -> None:
    ran = genzu("train", "lora", art, "--profile", profile, "-o", art.parent / "s.safetensors", "--by", "Mori")
    assert ran.code == 2
    assert NAMES[2] in ran.err and "--without-licence" in ran.err and NAMES[0] not in ran.err
    assert "Traceback" not in ran.err
    assert sorted(path.name for path in art.parent.iterdir()) == ["art", "tiny.toml"]


def test_a_dry_run_shows_pictures_captions_licences_and_sizes(genzu: Genzu, art: Path, profile: Path) -> None:
    given = ("train", "lora", art, "--profile", profile, "--dry-run", "--trigger", "hrbr", *SMALL,
             "--without-licence", NAMES[2], "--by", "Mori")  # fmt: skip
    ran = genzu(*given)
    assert ran.code == 0
    for part in ("hrbr, harbour, autumn, dusk", "背景室, own work", "NO ENTRY, Mori answers", "seen at 80×48: 3"):
        assert part in ran.out
    told = json.loads(genzu(*given, "--json").out)
    assert [one["file"] for one in told["pictures"]] == list(NAMES)
    assert told["pictures"][2]["waived_by"] == "Mori" and told["buckets"] == {"80×48": 3}
    assert sorted(path.name for path in art.parent.iterdir()) == ["art", "tiny.toml"]


def test_a_dry_run_needs_none_of_the_heavy_libraries(art: Path, profile: Path) -> None:
    program = (
        "import sys; from genzu.cli.main import run\n"
        "for name in ('torch', 'diffusers', 'transformers', 'peft', 'safetensors'): sys.modules[name] = None\n"
        "run()"
    )
    given = ["train", "lora", str(art), "--profile", str(profile), "--leave-out", NAMES[2], "--by", "Mori"]
    looked = subprocess.run([sys.executable, "-c", program, *given, "--dry-run", "--resolution", "64"],
                            capture_output=True, text=True)  # fmt: skip
    assert looked.returncode == 0, looked.stderr
    refused = subprocess.run([sys.executable, "-c", program, *given, "-o", str(art.parent / "s.safetensors"),
                              "--resolution", "64"], capture_output=True, text=True)  # fmt: skip
    assert refused.returncode == 1
    assert "pip install 'genzu[diffusers]'" in refused.stderr and "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("-o", "s.safetensors"), "--by NAME"), (("-o", "s.ckpt", "--by", "Mori"), "end it in .safetensors"),
        (("--by", "Mori"), "-o NAME.safetensors"), (("-o", "s.safetensors", "--by", "M", "--rank", "0"), "rank is 0"),
        (("-o", "s.safetensors", "--by", "M", "--show", "nowhere"), "no show"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_sentence(
    genzu: Genzu, art: Path, profile: Path, given: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(art.parent)
    ran = genzu("train", "lora", art, "--profile", profile, "--leave-out", NAMES[2], *given)
    assert ran.code == 2 and said in ran.err and "Traceback" not in ran.err


def test_entries_are_made_for_a_whole_folder(genzu: Genzu, art: Path, profile: Path) -> None:
    ran = genzu("train", "licences", art, "--owner", "背景室", "--licence", "own work", "--source", "SHOW")
    assert ran.code == 0 and NAMES[2] in ran.out and NAMES[0] not in ran.out
    assert genzu("train", "lora", art, "--profile", profile, "--dry-run", *SMALL).code == 0
    assert "already" in genzu("train", "licences", art, "--owner", "A", "--licence", "own").out


def test_from_paintings_to_a_style_in_the_ledger(genzu: Genzu, art: Path, tmp_path: Path, profile: Path) -> None:
    for library in ("torch", "diffusers", "transformers", "peft", "safetensors"):
        pytest.importorskip(library, reason=f"{library} belongs to the extra genzu[diffusers]")
    from tests.engines.diffusion import tiny

    tiny.save(tiny.sd15(), tmp_path / "model")
    Show.create(tmp_path / "show", "犬と少年").close()
    out = tmp_path / "harbour.safetensors"
    given = ("train", "lora", art, "--profile", profile, "-o", out, "--by", "Mori", "--trigger", "hrbr",
             "--licence", "studio only", "--title", "港の画風", "--without-licence", NAMES[2], "--show",
             tmp_path / "show", *SMALL)  # fmt: skip
    paused = genzu(*given, "--pause-after", 2)
    assert paused.code == 0 and "paused after step 2" in paused.out and not out.exists()
    done = genzu(*given)
    assert done.code == 0, done.err
    record = json.loads((tmp_path / "harbour.training.json").read_text("utf-8"))
    assert record["lora"] == sha256(out.read_bytes()).hexdigest()
    assert {file["file"]: file["sha256"] for file in record["files"]} == {
        name: sha256((art / name).read_bytes()).hexdigest() for name in NAMES
    }
    with Show.open(tmp_path / "show") as show:
        (run,) = show.trainings()
        assert run.to_dict() == record
        assert [file.waived_by for file in run.files] == ["", "", "Mori"]
        assert show.trainings(with_picture=sha256((art / NAMES[1]).read_bytes()).hexdigest()) == (run,)
    stamp = out.stat().st_mtime_ns
    again = genzu(*given)
    assert again.code == 0 and out.stat().st_mtime_ns == stamp
    other = genzu(*given[:-2], "--rate", 0.01)
    assert other.code == 2 and "settings.rate: 0.02 then, 0.01 now" in other.err
    Show.create(tmp_path / "second", "次の作品").close()
    assert genzu("train", "record", out, "--show", tmp_path / "second").code == 0
    with Show.open(tmp_path / "second") as show:
        assert show.training(record["lora"]) == run
    out.write_bytes(out.read_bytes() + b"\0")
    assert genzu("train", "record", out, "--show", tmp_path / "second").code == 2
