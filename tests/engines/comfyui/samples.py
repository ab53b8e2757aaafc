"""Workflows and profiles for the tests, and a real ComfyUI as a process where a checkout is given."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from genzu.engines.comfyui.profile import ComfyProfile
from genzu.engines.profiles import read_profile

Graph = dict[str, Any]
CHECKOUT, PYTHON = "GENZU_COMFYUI", "GENZU_COMFYUI_PYTHON"


def node(kind: str, title: str | None = None, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs} | ({} if title is None else {"_meta": {"title": title}})


def plain(stage: str) -> Graph:
    """A workflow of ComfyUI's core nodes that needs no weights: rough times lines, and noise by the seed."""
    output = node("PreviewImage", "genzu output", images=["6", 0])
    if stage == "painting":
        output = node("SaveImage", "genzu output", images=["6", 0], filename_prefix="genzu")
    return {
        "1": node("LoadImage", "genzu lines", image="example.png"),
        "2": node("ImageInvert", "Black on white", image=["1", 0]),
        "3": node("LoadImage", "genzu rough", image="example.png"),
        "4": node(
            "ImageBlend", "Draw the lines in", image1=["3", 0], image2=["2", 0], blend_factor=0.5, blend_mode="multiply"
        ),
        "5": node("PrimitiveString", "genzu prompt", value=""),
        "6": node("ImageAddNoise", "genzu seed, strength", image=["4", 0], seed=0, strength=0.05),
        "7": output,
    }


def write_profile(folder: Path, server: str | None, **tables: Any) -> Path:
    """``studio.toml`` with both stages of plain workflows, or with the tables given; graphs become files."""
    stages = {"rough": plain("rough"), "painting": plain("painting")}
    record: dict[str, Any] = {"engine": "comfyui", "server": server, **{k: {"workflow": v} for k, v in stages.items()}}
    # One try: the pictures of the tests are flat or noise, in which no layout can be found.
    record |= {"registration": {"tries": 0}} | tables
    lines, later = [], []
    for key, value in record.items():
        if value is None:
            continue
        if not isinstance(value, dict):
            lines.append(f"{key} = {json.dumps(value)}")
            continue
        later.append(f"[{key}]")
        for name, inner in value.items():
            if isinstance(inner, dict) and name in ("workflow", "with_board"):
                (folder / f"{key}_{name}.json").write_text(json.dumps(inner))
                inner = f"{key}_{name}.json"
            later += _entry(name, inner, key)
    path = folder / "studio.toml"
    path.write_text("\n".join([*lines, *later]) + "\n")
    return path


def _entry(name: str, value: Any, table: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{json.dumps(name)} = {json.dumps(value)}"]
    return [f"{json.dumps(name)}.{json.dumps(title)}.{key} = {json.dumps(one)}"
            for title, inputs in value.items() for key, one in inputs.items()]  # fmt: skip


def profile(folder: Path, server: str | None, **tables: Any) -> ComfyProfile:
    return ComfyProfile.from_file(read_profile(write_profile(folder, server, **tables)))


BUILTIN: dict[str, Any] = {
    "weights": {
        "checkpoint": "sd15.safetensors",
        "lines_control": "line.safetensors",
        "materials_control": "seg.safetensors",
        "tile_control": "tile.safetensors",
    },
    "rough": {"set": {"genzu seed, strength": {"steps": 6}}},
    "painting": {"set": {"genzu seed, strength": {"steps": 6}}},
}
"""Tables of a profile with our own workflows, in few steps."""


class RealComfy:
    """``main.py`` of the checkout in ``GENZU_COMFYUI``, run with ``GENZU_COMFYUI_PYTHON`` (else this Python)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "front").mkdir()
        (folder / "front" / "index.html").write_text("<html></html>")
        (folder / "base").mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [
            os.environ.get(PYTHON, sys.executable), "main.py", "--cpu",
            "--listen", "127.0.0.1", "--port", str(self.port),
            "--base-directory", str(self.folder / "base"), "--front-end-root", str(self.folder / "front"),
            "--database-url", "sqlite:///:memory:", "--disable-all-custom-nodes", "--disable-api-nodes",
            "--preview-method", "auto",
        ]  # fmt: skip
        log = (self.folder / "log.txt").open("ab")
        self._process = subprocess.Popen(command, cwd=os.environ[CHECKOUT], stdout=log, stderr=log)
        for _ in range(1800):
            try:
                urlopen(f"{self.url}/queue", timeout=5).close()
            except OSError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.3)
            else:
                return
        self.stop()
        raise AssertionError(f"ComfyUI did not start: {(self.folder / 'log.txt').read_text()[-2000:]}")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(30)

    def restart(self) -> None:
        self.stop()
        self.start()
