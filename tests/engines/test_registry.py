from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from genzu.engines import registry
from genzu.engines.base import Capabilities
from genzu.errors import EngineFailed, UnknownWord


@pytest.mark.parametrize("name", registry.engine_names())
def test_every_engine_of_the_list_exists_under_its_name(name: str) -> None:
    assert registry.engine(name).name == name
    assert registry.engine(name) is registry.engine(name)


@pytest.mark.parametrize("name", registry.reader_names())
def test_every_reader_of_the_list_exists_under_its_name(name: str) -> None:
    assert registry.reader(name).name == name


def test_the_default_engine_comes_first() -> None:
    assert registry.engine_names()[0] == registry.reader_names()[0] == "embedded"


def test_nothing_heavy_is_imported_with_the_list() -> None:
    asked = "import sys, genzu.engines.registry as r; r.engine_names(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "genzu.engines.registry" in loaded
    assert not {"numpy", "onnxruntime", "genzu.engines.fake", "genzu.engines.embedded.engine"} & set(loaded)


@pytest.mark.parametrize(("name", "near"), [("embeded", "did you mean embedded"), ("", "use one of"), ("zzz", "fake")])
def test_an_unknown_engine_is_answered_with_the_list(name: str, near: str) -> None:
    with pytest.raises(UnknownWord, match=near):
        registry.engine(name)


def test_an_unknown_reader_is_answered_with_the_list() -> None:
    with pytest.raises(UnknownWord, match="did you mean geometry"):
        registry.reader("geometri")


def test_an_engine_that_lacks_a_library_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = registry._Entry("genzu_not_installed.engine", "Engine", "diffusers")
    monkeypatch.setattr(registry, "_ENGINES", {**registry._ENGINES, "heavy": entry})
    with pytest.raises(EngineFailed, match=r"pip install 'genzu\[diffusers\]'"):
        registry.engine("heavy")


def test_what_needs_a_gpu_is_known_without_weights_or_even_a_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENZU_MODELS", str(tmp_path))
    weights = 'family = "sdxl"\npath = "weights"\n'
    (tmp_path / "studio.toml").write_text(weights)
    (tmp_path / "laptop.toml").write_text(weights + 'device = "cpu"\n')
    assert registry.needs_gpu("diffusers:studio") and registry.needs_gpu("diffusers:nowhere")
    assert not registry.needs_gpu("diffusers:laptop")
    assert not registry.needs_gpu("comfyui:nowhere"), "its server has one"
    assert not any(map(registry.needs_gpu, (*registry.engine_names(), "unknown")))


def test_an_engine_of_the_list_that_needs_a_gpu_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.engine("fake").__class__, "capabilities", Capabilities(stages=(), needs_gpu=True))
    assert registry.needs_gpu("fake")
