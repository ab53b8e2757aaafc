from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from tests.engines.diffusion.safe_files import LORA, write, write_json, write_model, write_network, write_profile

from genzu.engines.diffusion import hashes
from genzu.engines.diffusion.facts import model_facts
from genzu.engines.diffusion.hashes import sha_of
from genzu.engines.diffusion.profile import ModelProfile
from genzu.engines.diffusion.weights import Part, parts, profile_digest
from genzu.errors import BadInput, NotFound

BIG = np.zeros(400_000, np.float32)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(hashes, "user_cache", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    write_model(tmp_path / "m" / "base")
    write(tmp_path / "m" / "town.safetensors", LORA, {"modelspec.author": "Aya", "modelspec.license": "CC-BY-4.0"})
    write_network(tmp_path / "m" / "lines")
    return write_profile(
        tmp_path / "m", "studio",
        'path = "base"\nlicence = "OpenRAIL"\n[[lora]]\npath = "town.safetensors"\nweight = 0.5\nauthor = "Not Aya"\n'
        'training = "the studio\'s paintings"\n[[control]]\nkind = "lineart"\npath = "lines"',
    )  # fmt: skip


def part_of(folder: Path, variant: str | None = None) -> Part:
    write_profile(folder.parent, "one", f'path = "{folder.name}"' + (f'\nvariant = "{variant}"' if variant else ""))
    return parts(ModelProfile.load(folder.parent / "one.toml"))[0]


def test_a_large_file_is_hashed_once_until_it_changes(tmp_path: Path, cache: Path) -> None:
    path = write(tmp_path / "w.safetensors", {"w": BIG})
    first = sha_of(path)
    (slip,) = (cache / "hashes").iterdir()
    note = json.loads(slip.read_text())
    slip.write_text(json.dumps({**note, "sha256": "f" * 64}))
    assert sha_of(path) == "f" * 64, "the note is used"
    os.utime(path, ns=(1, 1))
    assert sha_of(path) == first, "a file that was touched is hashed anew"
    slip.write_text("{")
    assert sha_of(path) == first
    write(path, {"w": BIG + 1})
    assert sha_of(path) != first


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path, cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    path = write(tmp_path / "w.safetensors", {"w": BIG})
    assert sha_of(path) == sha_of(path)


def test_the_digest_follows_weights_and_settings_and_no_path(profile: Path) -> None:
    first = profile_digest(ModelProfile.load(profile))
    moved = profile.parent.rename(profile.parent.with_name("elsewhere"))
    profile = moved / "studio.toml"
    assert profile_digest(ModelProfile.load(profile)) == first
    text = profile.read_text()
    profile.write_text(text.replace("weight = 0.5", "weight = 0.6"))
    assert profile_digest(ModelProfile.load(profile)) != first
    profile.write_text(text.replace("OpenRAIL", "other"))
    assert profile_digest(ModelProfile.load(profile)) == first
    for changed in ("base/unet/diffusion_pytorch_model.safetensors", "town.safetensors"):
        path = moved / changed
        kept = path.read_bytes()
        path.write_bytes(kept[:-1] + b"\1")
        assert profile_digest(ModelProfile.load(profile)) != first, changed
        path.write_bytes(kept)
    write_json(moved / "base" / "scheduler" / "scheduler_config.json", {"_class_name": "other"})
    assert profile_digest(ModelProfile.load(profile)) != first


def test_facts_come_from_the_header_and_the_profile_fills_in(profile: Path) -> None:
    model, lora, control = model_facts(ModelProfile.load(profile))
    assert (model.kind, model.title, model.licence, model.author) == ("model", "base", "OpenRAIL", None)
    assert (lora.author, lora.licence, lora.training) == ("Aya", "CC-BY-4.0", "the studio's paintings")
    assert lora.weight == 0.5
    assert control.kind == "control lineart"
    assert len({facts.sha256 for facts in (model, lora, control)}) == 3


def test_a_variant_is_taken_where_there_is_one(tmp_path: Path) -> None:
    base = write_model(tmp_path / "base")
    write(base / "unet" / "diffusion_pytorch_model.fp16.safetensors", LORA)
    write(base / "whole-checkpoint.safetensors")

    def named(variant: str | None) -> set[str]:
        part = part_of(base, variant)
        return {part.name_of(path) for path in part.weight_files()}

    others = {"vae/diffusion_pytorch_model.safetensors", "text_encoder/model.safetensors"}
    assert named(None) == {"unet/diffusion_pytorch_model.safetensors", *others}
    assert named("fp16") == {"unet/diffusion_pytorch_model.fp16.safetensors", *others}


def test_a_component_that_has_only_a_pickle_is_refused(tmp_path: Path) -> None:
    base = write_model(tmp_path / "base")
    (base / "vae" / "diffusion_pytorch_model.bin").write_bytes(b"x")
    part_of(base).files()  # beside a .safetensors it is left alone
    (base / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(BadInput, match=r"vae/diffusion_pytorch_model\.bin can run code.*save_pretrained"):
        part_of(base).files()


def test_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound, match=r"no \.safetensors"):
        part_of(tmp_path / "empty").files()
    with pytest.raises(NotFound, match=r"path: .*nowhere is not there"):
        part_of(tmp_path / "nowhere").files()
