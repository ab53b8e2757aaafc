from __future__ import annotations

import re
from pathlib import Path

import pytest

from genzu.core.take import Stage
from genzu.engines.diffusion.families import ControlKind
from genzu.engines.diffusion.profile import ModelProfile
from genzu.engines.profiles import read_profile

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "profiles"
PROFILES = [path for path in sorted(FOLDER.glob("*.toml")) if read_profile(path).engine == "diffusers"]


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_a_ready_profile_loads_and_states_whose_it_is(path: Path) -> None:
    profile = ModelProfile.load(path)
    assert profile.rights.title and profile.rights.author and profile.rights.licence and profile.rights.origin
    for control in profile.controls:
        assert control.rights.licence or path.stem == "studio-lora", control.path
    held = any(control.kind is ControlKind.LINEART for control in profile.controls_of(Stage.ROUGH))
    assert held or profile.rough.strength <= 0.5, "what holds the lines?"
    assert profile.painting.strength < profile.rough.strength


def test_the_page_names_every_profile_and_every_key() -> None:
    page = (FOLDER.parent / "models.md").read_text(encoding="utf-8")
    assert {path.stem for path in PROFILES} <= set(re.findall(r"\(profiles/([\w.-]+)\.toml\)", page))
    keys = {key for path in PROFILES for key in re.findall(r"^(\w+) =", path.read_text(encoding="utf-8"), re.MULTILINE)}
    assert not {key for key in keys if f"`{key}`" not in page}
