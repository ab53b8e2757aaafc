from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("torch", reason="needs genzu[diffusers]")
pytest.importorskip("diffusers", reason="needs genzu[diffusers]")

from tests.engines.contract import EngineContract

from genzu.engines.base import CallsModels, Engine, Reports
from genzu.engines.diffusion.engine import DiffusersEngine


class TestDiffusersEngine(EngineContract):
    made: dict[str, DiffusersEngine] = {}  # noqa: RUF012 - one for the whole class: loading takes most of the time

    @pytest.fixture
    def engine(self, profile: Callable[..., Any]) -> Engine:
        if not self.made:
            control = [{"kind": "lineart", "path": "sd15-control"}, {"kind": "segmentation", "path": "sd15-control"}]
            quick = {"steps": 3, "guidance": 1.0, "tile": 192, "overlap": 32}
            made = profile(stem="contract", control=control, rough=quick, painting=quick)
            self.made["sd15"] = DiffusersEngine(made)
        return self.made["sd15"]

    def test_it_reports_and_calls_models(self, engine: Engine) -> None:
        assert isinstance(engine, Reports)
        assert isinstance(engine, CallsModels)
