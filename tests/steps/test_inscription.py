from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from painted_shows import materials, paint, painted_show, recipe, town
from PIL import Image

from genzu.core.credit import Hand
from genzu.core.infotext import Infotext
from genzu.core.passport import Passport
from genzu.core.take import NewTake, Stage
from genzu.picture.files import write_png
from genzu.picture.metadata import read_words
from genzu.steps.deliver import deliver
from genzu.steps.inscription import digital_source_type, infotext, inscription
from genzu.steps.touchup import take_back
from genzu.store.show import Show

GRAPH = {"3": {"class_type": "KSampler", "inputs": {"seed": 5, "text": "港町"}}}


@pytest.fixture
def show(tmp_path: Path) -> Iterator[Show]:
    with painted_show(tmp_path) as opened:
        yield opened


def diffusion_take(show: Show, **measures: object) -> int:
    """A painting as an engine with weights records it."""
    return show.record(
        NewTake(
            cut="012", sheet="BG", stage=Stage.PAINTING, picture=show.keep_picture(town(5)), hand=Hand.AI,
            recipe=replace(recipe(Stage.PAINTING, seed=5, sheet="BG"), engine="diffusers:studio", engine_version="9"),
            measures={"materials": show.keep_picture(materials()), **measures},
        )
    ).id  # fmt: skip


def retouched(show: Show, folder: Path) -> None:
    picture = town()
    picture[200:260, 100:300] = (240, 60, 30)
    write_png(folder / "edit.png", picture)
    take_back(show, "012", folder / "edit.png", by="山田")


def test_an_engine_without_steps_claims_none(show: Show) -> None:
    said = inscription(show, show.takes("012", "BG", Stage.PAINTING)[0], learned=True)
    info = Infotext.parse(said.parameters)
    assert info.prompt == "town, autumn"
    assert [key for key, _ in info.settings] == ["Seed", "Size", "Model", "Version"]
    assert dict(info.settings)["Model"] == "genzu-embedded-1"
    assert said.graph == "" and "prompt" not in said.png()


def test_what_a_diffusion_engine_knows_is_said_as_a1111_says_it(show: Show) -> None:
    known = {
        "run": {"prompt": "(roof:1.3), town", "negative_prompt": "people", "steps": 20, "cfg_scale": 7.0,
                       "sampler": "DPM++ 2M", "schedule": "Karras", "strength": 0.4},
        "engine": {"training": "x", "learned": True, "models": [
            {"kind": "model", "title": "studio-xl", "sha256": "ab" * 32},
            {"kind": "lora", "title": "ink", "sha256": "cd" * 32, "weight": 0.5},
        ]},
        "workflow": GRAPH,
    }  # fmt: skip
    said = inscription(show, show.take(diffusion_take(show, **known)))
    info = Infotext.parse(said.parameters)
    assert (info.prompt, info.negative) == ("(roof:1.3), town", "people")
    assert info.settings[:9] == (
        ("Steps", "20"), ("Sampler", "DPM++ 2M"), ("Schedule type", "Karras"), ("CFG scale", "7.0"), ("Seed", "5"),
        ("Size", "640x360"), ("Model hash", "abababab" "ab"), ("Model", "studio-xl"),
        ("Lora hashes", "ink: cdcdcdcdcdcd"),
    )  # fmt: skip
    assert dict(info.settings)["Denoising strength"] == "0.4"
    assert json.loads(said.png()["prompt"]) == GRAPH and said.png()["prompt"].isascii()


@pytest.mark.parametrize(
    "nonsense",
    [
        {"run": 5},
        {"engine": "x"},
        {"engine": {"models": [5]}},
        {"workflow": "graph"},
        {"run": {"graph": 7, "steps": []}},
    ],
)
def test_measures_of_another_kind_are_no_reason_to_fail(show: Show, nonsense: dict[str, object]) -> None:
    said = inscription(show, show.take(diffusion_take(show, **nonsense)))
    assert "Seed: 5" in said.parameters and said.graph == ""


def test_who_made_it(show: Show, tmp_path: Path) -> None:
    machine = inscription(show, show.takes("012", "BG", Stage.PAINTING)[0], learned=True)
    assert machine.xmp.creators == ("鈴木",) and machine.xmp.contributors == ("Director",)
    assert machine.xmp.digital_source == digital_source_type(Hand.AI, learned=True)
    retouched(show, tmp_path)
    person = inscription(show, show.takes("012", "BG", Stage.RETOUCH)[0], learned=True)
    assert person.xmp.creators == ("鈴木", "山田") and person.xmp.credit == "AI (+ Human)"
    assert person.xmp.digital_source.endswith("/compositeWithTrainedAlgorithmicMedia")
    assert person.parameters == machine.parameters, "the machine's part is still the machine's"


def test_a_picture_without_a_machine_s_pixels_names_no_machine(show: Show) -> None:
    painting = show.takes("012", "BG", Stage.PAINTING)[0]
    take = show.record(
        NewTake(cut="012", sheet="BG", stage=Stage.RETOUCH, picture=show.keep_picture(255 - town()), hand=Hand.HUMAN,
                by="山田", parents=(painting.id,))
    )  # fmt: skip
    said = inscription(show, take)
    assert said.parameters == "" and said.xmp.system == "" and said.xmp.prompt == ""
    assert said.xmp.digital_source.endswith("/digitalCreation")


def test_the_passport_tells_the_lineage(show: Show, tmp_path: Path) -> None:
    retouched(show, tmp_path)
    final = deliver(show, "012", out=tmp_path / "out")
    for kind in ("png", "tiff", "psd"):
        words = read_words(final.files[kind])
        text = words.text.get("genzu") or (words.xmp.passport if words.xmp else "")
        assert text.isascii()
        passport = Passport.from_dict(json.loads(text))
        assert [one.stage for one in passport.made] == [
            Stage.FINAL, Stage.RETOUCH, Stage.PAINTING, Stage.ROUGH,
        ]  # fmt: skip
        assert passport.made[1].by == "山田" and ("鈴木", "layout") in passport.people
        assert passport.painting == passport.made[2] and passport.source.endswith(
            "/compositeWithTrainedAlgorithmicMedia"
        )
        assert words.parameters.startswith("town, autumn\nSeed: 0")


def test_the_delivered_pixels_are_what_they_were(show: Show, tmp_path: Path) -> None:
    done = deliver(show, "012", out=tmp_path / "out")
    with Image.open(done.files["png"]) as image:
        assert np.array_equal(np.asarray(image), town())


def test_a_file_that_the_cut_has_got_since_is_not_named(show: Show, tmp_path: Path) -> None:
    write_png(tmp_path / "board.png", town(9))
    cut = show.cut("012")
    show.update_cut(replace(cut, board=show.keep_file(tmp_path / "board.png")))
    passport = Passport.from_dict(json.loads(inscription(show, paint(show, "012", seed=3)).passport))
    assert "board" not in passport.files


@pytest.mark.parametrize(
    ("asked", "prompt", "negative"),
    [
        ("(roof:1.3), {sea|sea} # Suzuki\nNegative prompt: people, (fog:1.2)", "(roof:1.3), sea", "people, (fog:1.2)"),
        ("town, negative prompt: fog", "town", "fog"),
        ("Negative prompt: fog", "", "fog"),
        ("港町、秋", "港町、秋", ""),
    ],
)
def test_signs_of_the_prompt_as_a1111_has_them(show: Show, asked: str, prompt: str, negative: str) -> None:
    take = show.takes("012", "BG", Stage.PAINTING)[0]
    assert take.recipe is not None
    info = Infotext.parse(infotext(replace(take, recipe=replace(take.recipe, prompt=asked))).text)
    assert (info.prompt, info.negative) == (prompt, negative)


def test_settings_of_a_recipe_alone(show: Show) -> None:
    take = show.takes("012", "BG", Stage.PAINTING)[0]
    assert take.recipe is not None
    empty = replace(take, recipe=replace(take.recipe, prompt=""))
    assert infotext(empty).text == f"Seed: 0, Size: 640x360, Model: genzu-embedded-1, {_version()}"


def _version() -> str:
    from genzu import __version__

    return f"Version: Genzu {__version__}"
