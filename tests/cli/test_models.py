from __future__ import annotations

import json
from pathlib import Path

import pytest

from genzu.cli.info_commands import _required
from genzu.engines import profiles, registry
from tests.cli.conftest import Genzu
from tests.engines.diffusion.safe_files import LORA, write, write_model, write_profile

LORA_SAYS = {"modelspec.title": "Harbour towns", "modelspec.author": "Aya", "modelspec.license": "CC-BY-4.0"}
TEXT = """
title = "Studio model"
author = "The studio"
licence = "in house"
origin = "the archive"
training = "the studio's own backgrounds"
family = "sd15"
path = "base"
lora_folder = "loras"
[[lora]]
path = "always.safetensors"
weight = 0.7
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile with its weights, painted by an engine that needs no torch."""
    folder = tmp_path / "models"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv(profiles.VARIABLE, str(folder))
    entry = registry._Entry("tests.engines.profiled", "ProfiledEngine", "diffusers")
    family = registry._FAMILIES["diffusers"]._replace(engine=entry)
    monkeypatch.setattr(registry, "_FAMILIES", {**registry._FAMILIES, "diffusers": family})
    write_model(folder / "base")
    write(folder / "always.safetensors", LORA, {"modelspec.author": "Ken"})
    write(folder / "loras" / "town.safetensors", LORA, LORA_SAYS)
    write_profile(folder, "studio", TEXT)
    return folder


def test_no_models_is_no_error(genzu: Genzu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(profiles.VARIABLE, str(tmp_path / "none"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    ran = genzu("models")
    assert ran.code == 0
    assert str(tmp_path / "none") in ran.out and "embedded" in ran.out
    assert json.loads(genzu("models", "--json").out)["models"] == []


def test_the_list_names_makers_licences_sizes_and_hashes(genzu: Genzu, folder: Path) -> None:
    write_profile(folder, "broken", 'path = "x"\nfamly = "sdxl"')
    ran = genzu("models")
    assert ran.code == 0
    for words in ("diffusers:studio  sd15  Studio model", "by The studio, licence in house", "by Ken", "weight 0.7",
                  "sha256", "famly: this field is not known; did you mean family?"):  # fmt: skip
        assert words in ran.out, words
    broken, studio = json.loads(genzu("models", "--json").out)["models"]
    assert broken["faults"]
    assert [part["kind"] for part in studio["parts"]] == ["model", "lora"]
    assert studio["parts"][1]["header"] == {"modelspec.author": "Ken"}
    assert len(studio["digest"]) == len(studio["parts"][0]["sha256"]) == 64
    assert not studio["faults"]


def test_check_tells_all_and_fails_for_what_cannot_be_used(genzu: Genzu, folder: Path) -> None:
    for name in ("studio", "diffusers:studio", str(folder / "studio.toml")):
        ran = genzu("models", "check", name)
        assert ran.code == 0 and "can be used" in ran.out, ran.err
    path = folder / "base" / "vae" / "diffusion_pytorch_model.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    ran = genzu("models", "check", "studio")
    assert ran.code == 2
    assert ran.err.count("\n") == 1 and "copy or download it again" in ran.err
    ran = genzu("models", "check", "studio", "--json")
    assert ran.code == 2 and json.loads(ran.out)["faults"]
    assert genzu("models", "check", "studoi").code == 2


def test_whose_weights_painted_stands_in_ledger_roll_and_licences(
    genzu: Genzu, folder: Path, layout: Path, materials: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ran = genzu(
        "paint", layout, "-p", "town, (autumn:1.3), <lora:town:0.5>, xyzzy", "-o", out, "--materials", materials,
        "--engine", "diffusers:studio", "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    (sheet,) = json.loads(ran.out)["sheets"]
    assert "diffusers:studio looked twice." in sheet["notes"]
    assert not any("Not understood" in note for note in sheet["notes"]), "an engine with a text model reads it all"
    (recipe,) = json.loads((out / f"{layout.stem}.json").read_text())["recipes"]["painting"]
    assert recipe["engine"] == "diffusers:studio"
    assert "+" in recipe["engine_version"], "a LoRA that was called decides pixels"
    assert recipe["conditions"]["season"] == "autumn"

    (folder / "studio.toml").unlink()  # another machine, another year
    roll = genzu("credits", "--show", out).out
    for words in ("diffusers:studio", "by The studio, licence in house, learned from the studio's own backgrounds",
                  "lora Harbour towns by Aya, licence CC-BY-4.0", "by Ken"):  # fmt: skip
        assert words in roll, words
    record = json.loads(genzu("credits", "--show", out, "--json").out)
    assert {facts["title"] for facts in record["models"]} == {"Studio model", "always", "Harbour towns"}
    licences = genzu("licences", "--show", out).out
    assert "Harbour towns by Aya, licence CC-BY-4.0" in licences and "(the archive)" in licences


def test_a_lora_that_changed_is_another_recipe(
    genzu: Genzu, folder: Path, layout: Path, materials: Path, tmp_path: Path
) -> None:
    def version() -> str:
        out = tmp_path / "out"
        words = ("paint", layout, "-p", "<lora:town:0.5>", "-o", out, "--materials", materials)
        assert genzu(*words, "--engine", "diffusers:studio").code == 0
        return str(json.loads((out / f"{layout.stem}.json").read_text())["recipes"]["painting"][0]["engine_version"])

    first = version()
    assert version() == first
    write(folder / "loras" / "town.safetensors", LORA, {"modelspec.author": "Somebody else"})
    assert version() != first


def test_an_unknown_lora_or_profile_is_one_sentence(genzu: Genzu, folder: Path, layout: Path, tmp_path: Path) -> None:
    for prompt, engine, said in (
        ("<lora:twon:1>", "diffusers:studio", "did you mean town"),
        ("town", "diffusers:stdio", "did you mean studio"),
        ("town", "diffusers", "use one of diffusers:studio"),
    ):
        ran = genzu("paint", layout, "-p", prompt, "-o", tmp_path / "out", "--engine", engine)
        assert ran.code == 2 and said in ran.err, ran.err


def test_weights_that_are_missing_are_told_before_anything_is_written(
    genzu: Genzu, folder: Path, layout: Path, tmp_path: Path
) -> None:
    (folder / "always.safetensors").unlink()
    ran = genzu("paint", layout, "-p", "town", "-o", tmp_path / "out", "--engine", "diffusers:studio")
    assert ran.code == 2
    assert f"{folder / 'studio.toml'}: lora[0].path: {folder / 'always.safetensors'} is not there" in ran.err
    assert not (tmp_path / "out").exists()


def test_candidates_choose_their_own_alternatives(genzu: Genzu, layout: Path, materials: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = genzu(
        "paint", layout, "-p", "town, {spring|summer|autumn|winter}", "-o", out, "--materials", materials,
        "--engine", "fake", "--candidates", 4,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    recipes = json.loads((out / f"{layout.stem}.json").read_text())["recipes"]
    seasons = [recipe["conditions"]["season"] for recipe in recipes["painting"]]
    assert len(set(seasons)) > 1
    assert [recipe["conditions"]["season"] for recipe in recipes["rough"]] == seasons


def test_the_embedded_engines_tell_what_they_did_not_use(
    genzu: Genzu, layout: Path, materials: Path, tmp_path: Path
) -> None:
    ran = genzu(
        "paint", layout, "-p", "town, (roof:1.3)\nNegative prompt: people", "-o", tmp_path / "out",
        "--materials", materials, "--engine", "fake",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert "not used: (roof:1.3), Negative prompt: people" in ran.out


def test_all_cuts_are_painted_in_one_process_that_loads_the_weights_once(
    genzu: Genzu, folder: Path, layout: Path, materials: Path, tmp_path: Path
) -> None:
    show = tmp_path / "show"
    assert genzu("init", show).code == 0
    for cut in ("001", "002"):
        ran = genzu("add", layout, "--cut", cut, "-p", "town", "--materials", materials, "--engine", "diffusers:studio",
                    "--show", show)  # fmt: skip
        assert ran.code == 0, ran.err
    # Another process would not have the engine that stands in for diffusers here.
    ran = genzu("paint", "--all", "--show", show)
    assert ran.code == 0, ran.out + ran.err


def test_libraries_of_an_extra_are_told_apart_from_the_cores() -> None:
    assert "torch" in _required("training")
    assert "numpy" in _required()
    assert not {"torch", "pytest", "diffusers"} & set(_required())
