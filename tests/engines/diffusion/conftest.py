"""Tiny models on the disk, saved once a session; made only for tests that ask for them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``sd15``, ``sdxl``, ``flux`` and, for the first two, ``sd15-control``, ``sdxl-control``."""
    from tests.engines.diffusion import tiny

    folder = tmp_path_factory.mktemp("models")
    for name in ("sd15", "sdxl", "flux"):
        pipeline = getattr(tiny, name)()
        tiny.save(pipeline, folder / name)
        if name != "flux":
            tiny.controlnet(pipeline.unet).save_pretrained(folder / f"{name}-control")
    return folder


@pytest.fixture
def profile(models: Path) -> Callable[..., Any]:
    """Writes a profile beside the models and reads it: small, quick, one try; tables overrule what it says."""
    from tests.engines.diffusion import tiny

    from genzu.engines.diffusion.profile import ModelProfile

    def make(name: str = "sd15", stem: str = "studio", **tables: Any) -> ModelProfile:
        quick = {"steps": 2, "size": 64, "tile": 64, "overlap": 16}
        said = {
            "path": name, "family": name, "rough": quick, "painting": quick, "registration": {"tries": 0},
        }  # fmt: skip
        for key, value in tables.items():
            said[key] = {**said[key], **value} if isinstance(said.get(key), dict) else value
        path = models / f"{stem}.toml"
        path.write_text(tiny.profile_text(**said), encoding="utf-8")
        return ModelProfile.load(path)

    return make
