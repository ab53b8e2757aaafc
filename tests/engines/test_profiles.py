from __future__ import annotations

import os
from pathlib import Path

import pytest

from genzu.engines import profiles, registry
from genzu.errors import BadRecord, EngineFailed, NotFound, UnknownWord

COMFY = 'engine = "comfyui"\n'


def put(folder: Path, name: str, text: str = 'path = "m"') -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder / f"{name}.toml"


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path, Path]:
    """Two of the variable and the user's own."""
    first, second, own = tmp_path / "first", tmp_path / "second", tmp_path / "home" / "genzu" / "models"
    monkeypatch.setenv(profiles.VARIABLE, os.pathsep.join(map(str, (first, second, tmp_path / "not there"))))
    monkeypatch.setattr(profiles, "user_config", lambda: tmp_path / "home" / "genzu")
    return first, second, own


def test_the_first_folder_that_has_the_name_wins(folders: tuple[Path, Path, Path]) -> None:
    first, second, own = folders
    put(own, "studio", 'path = "own"')
    assert profiles.find_profile("diffusers", "studio").record == {"path": "own"}
    put(second, "studio", 'path = "second"')
    assert profiles.find_profile("diffusers", "studio").record == {"path": "second"}
    put(first, "studio", 'path = "first"')
    found = profiles.find_profile("diffusers", "studio")
    assert (found.record, found.folder, found.full_name) == ({"path": "first"}, first.resolve(), "diffusers:studio")
    assert [path.parent for path in profiles.profile_paths()] == [first]


def test_a_path_names_a_profile_too(tmp_path: Path, folders: tuple[Path, Path, Path]) -> None:
    path = put(tmp_path / "anywhere", "mine")
    assert profiles.find_profile("diffusers", str(path)).full_name == "diffusers:mine"


def test_names_by_engine(folders: tuple[Path, Path, Path]) -> None:
    put(folders[0], "studio")
    put(folders[0], "server", COMFY)
    put(folders[1], "broken", "path = ")
    put(folders[1], "no good name!")
    assert profiles.names("diffusers") == ("diffusers:studio",)
    assert profiles.names("comfyui") == ("comfyui:server",)
    assert registry.profiled_names() == ("diffusers:studio", "comfyui:server")


def test_errors_say_what_there_is_and_where_it_was_looked_for(folders: tuple[Path, Path, Path]) -> None:
    with pytest.raises(NotFound, match=r"none was found: put NAME\.toml") as caught:
        registry.engine("diffusers")
    assert all(str(folder) in caught.value.sentence for folder in folders)
    put(folders[0], "studio")
    put(folders[0], "server", COMFY)
    with pytest.raises(NotFound, match="use one of diffusers:studio "):
        registry.engine("diffusers")
    with pytest.raises(NotFound, match="no profile 'studoi'; did you mean studio"):
        registry.engine("diffusers:studoi")
    with pytest.raises(UnknownWord, match="for comfyui, not for diffusers; ask for comfyui:server"):
        registry.engine("diffusers:server")
    with pytest.raises(UnknownWord, match="fake, diffusers:PROFILE, comfyui:PROFILE"):
        registry.engine("difusers:studio")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"path = ", "not TOML"),
        (b"\xff\xfe", "UTF-8"),
        (b'engine = "a1111"', "use one of diffusers, comfyui"),
        (b"x = 1\n" * 200_000, "small text"),
        (b"a = " + b"[" * 20_000, "not TOML"),
    ],
)
def test_a_broken_profile_is_named(folders: tuple[Path, Path, Path], data: bytes, said: str) -> None:
    path = put(folders[0], "studio")
    path.write_bytes(data)
    with pytest.raises(BadRecord, match=said) as caught:
        registry.engine("diffusers:studio")
    assert str(path) in caught.value.sentence


def test_a_profile_that_was_edited_makes_another_engine(
    folders: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = registry._Entry("tests.engines.profiled", "ProfiledEngine", "diffusers")
    families = {**registry._FAMILIES, "diffusers": registry._FAMILIES["diffusers"]._replace(engine=entry)}
    monkeypatch.setattr(registry, "_FAMILIES", families)
    put(folders[0], "studio")
    made = registry.engine("diffusers:studio")
    assert made is registry.engine("diffusers:studio")
    assert made.name == "diffusers:studio"
    put(folders[0], "studio", 'path = "other"')
    assert registry.engine("diffusers:studio") is not made


def test_a_missing_library_is_told_with_the_command_that_brings_it(
    folders: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = registry._Entry("genzu_not_installed.engine", "Engine", "diffusers")
    families = {**registry._FAMILIES, "diffusers": registry._FAMILIES["diffusers"]._replace(engine=entry)}
    monkeypatch.setattr(registry, "_FAMILIES", families)
    put(folders[0], "studio")
    with pytest.raises(EngineFailed, match=r"engine diffusers:studio.*pip install 'genzu\[diffusers\]'"):
        registry.engine("diffusers:studio")


@pytest.mark.parametrize("function", [profiles.user_config, profiles.user_cache])
def test_the_users_folders_can_be_moved(function: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if os.name == "nt" or os.uname().sysname == "Darwin":
        pytest.skip("the XDG variables are those of Linux")
    for variable in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    assert function() == tmp_path / "genzu"  # type: ignore[operator]
