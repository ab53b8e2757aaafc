from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("websockets", reason="the ComfyUI engine needs the extra genzu[comfyui]")

from tests.engines.comfyui.samples import BUILTIN, node, plain, profile, write_profile

from genzu.core.take import Stage
from genzu.engines import profiles, registry
from genzu.engines.comfyui.profile import DEFAULT_SERVER, ComfyProfile
from genzu.engines.comfyui.workflow import PLACEHOLDERS
from genzu.engines.profiles import read_profile
from genzu.errors import BadRecord, NotFound

URL = "http://127.0.0.1:1"


def refused(folder: Path, text: str) -> str:
    """The sentence for a profile with plain workflows and these lines; tables must come last in them."""
    path = write_profile(folder, URL)
    head, tables = path.read_text().split("[rough]")
    path.write_text(f"{text}\n{head}[rough]{tables}" if "[" not in text else f"{head}[rough]{tables}\n{text}")
    with pytest.raises((BadRecord, NotFound)) as error:
        ComfyProfile.from_file(read_profile(path))
    assert str(path) in str(error.value)
    return str(error.value)


def test_what_is_not_said_is_usual(tmp_path: Path) -> None:
    read = profile(tmp_path, None)
    assert read.connection.server == DEFAULT_SERVER
    assert (read.connection.timeout, read.connection.patience, read.size_multiple) == (3600, 180, 8)
    assert read.stages[Stage.ROUGH].strength is None, "an own workflow keeps its strength"
    ours = profile(tmp_path, URL, **BUILTIN)
    assert ours.stages[Stage.ROUGH].strength == 0.75
    assert ours.stages[Stage.ROUGH].short_side == 768
    assert ours.stages[Stage.PAINTING].short_side is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("speed = 3", "speed: this field is not known"),
        ('[weights]\ncheckpoint = "a"', "no workflow has a node titled “genzu checkpoint”"),
        ('[weights]\nchekpoint = "a"', "did you mean checkpoint"),
        ("timeout = 0", "timeout: 0.0 is out of range; use 1 to"),
        ("size_multiple = 7.5", "is not of the kind int"),
        ("[painting.set]\nNowhere.steps = 3", "no node titled 'Nowhere'"),
        ("[painting.set]\n\"genzu seed, strength\".steps = 3", "its inputs are seed, strength"),
        ("[painting.set]\nsteps = 3", "a title comes first"),
        ('[[model]]\nname = "x"', "model[0].title"),
        ('[headers]\n"X Y" = "VARIABLE"', "headers.X Y: this is not the name of a header"),
    ],
)  # fmt: skip
def test_slips_are_named(tmp_path: Path, text: str, words: str) -> None:
    assert words in refused(tmp_path, text)


@pytest.mark.parametrize(
    "server",
    [
        "127.0.0.1:8188",
        "ftp://host",
        "http://",
        "http://host:99999",
        "http://host/?a=b",
        "http://[::1",
        "http://ho st",
        "HTTP://host",
        "http://ホスト",
    ],
)
def test_addresses_that_are_none(tmp_path: Path, server: str) -> None:
    with pytest.raises(BadRecord, match="is not the address of a server"):
        profile(tmp_path, server)


def test_no_secret_stands_in_a_profile(tmp_path: Path) -> None:
    with pytest.raises(BadRecord, match="do not belong into a profile") as error:
        profile(tmp_path, "http://anna:s3cret@host:8188")
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize("tile", [{"tile": 256, "overlap": 200}, {"tile": 100}])
def test_tiles_are_wider_than_their_overlaps(tmp_path: Path, tile: dict[str, int]) -> None:
    with pytest.raises(BadRecord, match="tile"):
        profile(tmp_path, URL, painting={"workflow": plain("painting"), **tile})


def test_workflows_stay_in_the_profiles_folder(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    with pytest.raises(BadRecord, match="leaves the profile's folder"):
        profile(inner, URL, rough={"workflow": "../rough.json"})
    with pytest.raises(NotFound, match="cannot be read"):
        profile(inner, URL, rough={"workflow": "nowhere.json"})
    assert profile(inner, URL, rough=None).stages.keys() == {Stage.PAINTING}
    with pytest.raises(BadRecord, match="it has no stage"):
        profile(inner, URL, rough=None, painting=None)


def test_the_staff_roll_hears_whose_weights_they_are(tmp_path: Path) -> None:
    path = write_profile(tmp_path, URL)
    path.write_text(
        'title = "Studio backgrounds"\nauthor = "Studio"\nlicence = "in-house"\ntraining = "own art"\n'
        + path.read_text()
        + '[[model]]\nkind = "control"\ntitle = "Line art"\nlicence = "Apache-2.0"\n'
    )
    read = ComfyProfile.from_file(read_profile(path))
    assert read.training == (
        "model Studio backgrounds by Studio, licence in-house, learned from own art; "
        "control Line art, author not stated, licence Apache-2.0"
    )
    assert [fact.kind for fact in read.facts] == ["model", "control", "workflow", "workflow"]
    assert "not stated" in profile(tmp_path, URL).training


def test_the_registry_makes_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_profile(tmp_path, URL)
    monkeypatch.setenv(profiles.VARIABLE, str(tmp_path))
    engine = registry.engine("comfyui:studio")
    assert engine.name == "comfyui:studio"
    assert engine.capabilities.stages == (Stage.ROUGH, Stage.PAINTING)
    assert engine is registry.engine("comfyui:studio")
    (tmp_path / "painting_workflow.json").unlink()
    write_profile(tmp_path, URL, painting=None)
    changed: Any = registry.engine("comfyui:studio")
    assert changed is not engine
    assert changed.capabilities.stages == (Stage.ROUGH,)


def test_the_guide_shows_profiles_that_are_taken_and_all_titles(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "comfyui.md").read_text("utf-8")
    (tmp_path / "painting.json").write_text(json.dumps(plain("painting") | {
        "9": node("LoadImage", "genzu materials", image=""),
        "10": node("ImageScaleBy", "Upscale", image=["9", 0], upscale_method="area", scale_by=1.0),
        "11": node("ControlNetLoader", "genzu tile control", control_net_name=""),
    }))  # fmt: skip
    (tmp_path / "rough_with_board.json").write_text(json.dumps(plain("rough")))
    shown = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    assert len(shown) == 2
    for text in shown:
        path = tmp_path / "studio.toml"
        path.write_text(text, "utf-8")
        assert ComfyProfile.from_file(read_profile(path)).stages.keys() == {Stage.ROUGH, Stage.PAINTING}
    assert not [word for word in PLACEHOLDERS if f"`genzu {word}`" not in guide]
