"""The contract suite over the engine, on plain workflows, with the tests' server and with a real ComfyUI."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("websockets", reason="the ComfyUI engine needs the extra genzu[comfyui]")
pytest.importorskip("aiohttp", reason="the tests' ComfyUI server needs aiohttp (extra genzu[test])")

from tests.engines.comfyui.samples import RealComfy, profile
from tests.engines.comfyui.server import ComfyServer
from tests.engines.contract import EngineContract

from genzu.engines.base import Engine
from genzu.engines.comfyui.engine import ComfyUIEngine
from genzu.engines.comfyui.job import Terms


class TestComfyUI(EngineContract):
    @pytest.fixture
    def engine(self, anyone: ComfyServer | RealComfy, tmp_path: Path, terms: Terms) -> Engine:
        return ComfyUIEngine(profile(tmp_path, anyone.url), terms=terms)

    @pytest.fixture(autouse=True)
    def _no_network(self, anyone: ComfyServer | RealComfy, monkeypatch: pytest.MonkeyPatch) -> None:
        """To its server and nowhere else."""
        connect, look_up = socket.socket.connect, socket.getaddrinfo
        port = urlsplit(anyone.url).port

        def only_there(self: socket.socket, address: Any) -> None:
            assert address == ("127.0.0.1", port), "it reaches for more than its server"
            connect(self, address)

        def only_itself(host: Any, *rest: Any, **kinds: Any) -> Any:
            assert host == "127.0.0.1"
            return look_up(host, *rest, **kinds)

        monkeypatch.setattr(socket.socket, "connect", only_there)
        monkeypatch.setattr(socket, "getaddrinfo", only_itself)
