from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engines.comfyui.samples import RealComfy
    from tests.engines.comfyui.server import ComfyServer

    from genzu.engines.comfyui.job import Terms


def needed() -> None:
    pytest.importorskip("websockets", reason="the ComfyUI engine needs the extra genzu[comfyui]")
    pytest.importorskip("aiohttp", reason="the tests' ComfyUI server needs aiohttp (extra genzu[test])")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ComfyServer]:
    """The tests' own server."""
    needed()
    from tests.engines.comfyui.server import ComfyServer

    with ComfyServer(tmp_path / "comfy") as server:
        yield server


@pytest.fixture(scope="module", params=["ours", "real"])
def anyone(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ComfyServer | RealComfy]:
    """The tests' own server, and the real one where a checkout is given."""
    needed()
    from tests.engines.comfyui.samples import CHECKOUT, RealComfy
    from tests.engines.comfyui.server import ComfyServer

    folder = tmp_path_factory.mktemp("comfy")
    if request.param == "ours":
        with ComfyServer(folder) as server:
            yield server
        return
    if not os.environ.get(CHECKOUT):
        pytest.skip(f"the real ComfyUI is not here: set {CHECKOUT} to a checkout")
    real = RealComfy(folder)
    real.start()
    yield real
    real.stop()


@pytest.fixture
def terms() -> Terms:
    """Short waits: the server stands beside us."""
    needed()
    from genzu.engines.comfyui.job import Terms

    return Terms(timeout=60, patience=20, quiet=1.0, deaf=0.05)
