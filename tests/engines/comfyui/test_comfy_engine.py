"""The engine against a server that speaks the real protocol: what it sends, what it makes of what comes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("websockets", reason="the ComfyUI engine needs the extra genzu[comfyui]")
pytest.importorskip("aiohttp", reason="the tests' ComfyUI server needs aiohttp (extra genzu[test])")

from tests.engines.comfyui.samples import BUILTIN, node, plain, profile
from tests.engines.comfyui.server import ComfyServer
from tests.engines.contract import ODD, SMALL, ask, request

from genzu.core.geometry import Extent
from genzu.core.take import Stage
from genzu.engines.comfyui.engine import ComfyUIEngine
from genzu.engines.comfyui.follow import Preview
from genzu.engines.comfyui.job import Terms
from genzu.engines.run import paint_with
from genzu.errors import BadInput, EngineFailed
from genzu.picture.arrays import UInt8

FLAT = np.full((*SMALL.shape, 3), (90, 140, 200), np.uint8)


def painting(extent: Extent = SMALL, rough: UInt8 | None = None, **how: Any) -> Any:
    return request(extent, rough=FLAT if rough is None else rough, **how)


@pytest.fixture
def build(server: ComfyServer, tmp_path: Path, terms: Terms) -> Any:
    """An engine on the server; tables of the profile as given."""

    def made(previews: Any = None, **tables: Any) -> ComfyUIEngine:
        url = tables.pop("server", server.url)
        return ComfyUIEngine(profile(tmp_path, url, **tables), previews=previews, terms=terms)

    return made


def test_our_own_workflows_paint_both_stages_with_progress_and_previews(build: Any, server: ComfyServer) -> None:
    previews: list[Preview] = []
    engine = build(previews.append, **BUILTIN)
    for stage in Stage.ROUGH, Stage.PAINTING:
        previews.clear()
        shares: list[float] = []
        picture = paint_with(engine, ask(engine, stage, ODD), shares.append)
        assert picture.shape == (*ODD.shape, 3)
        assert len([share for share in shares if 0.3 < share < 0.9]) >= 3, "the sampler's steps are not told"
        steps = previews[-6:]
        assert [preview.format for preview in steps] == ["jpeg"] * 6
        assert all(preview.image.startswith(b"\xff\xd8") for preview in steps)
        assert {preview.node for preview in steps} == {"genzu seed, strength"}
    sent = [one["prompt"] for one in server.prompts]
    rough, painted = sent[0], sent[-1]
    assert rough["9"]["class_type"] == painted["9"]["class_type"] == "ControlNetApplyAdvanced"
    assert (rough["12"]["inputs"]["denoise"], painted["12"]["inputs"]["denoise"]) == (0.75, 0.4)
    assert rough["12"]["inputs"]["steps"] == 6
    assert rough["8"]["inputs"]["control_net_name"] == "seg.safetensors"


def test_control_networks_that_are_not_named_are_left_out(build: Any, server: ComfyServer) -> None:
    weights = {"checkpoint": "sd15.safetensors", "lines_control": "line.safetensors"}
    engine = build(**{**BUILTIN, "weights": weights})
    paint_with(engine, ask(engine, Stage.ROUGH))
    sent = server.prompts[-1]["prompt"]
    assert [n["inputs"]["control_net_name"] for n in sent.values() if n["class_type"] == "ControlNetLoader"] == [
        "line.safetensors"
    ]
    assert sent["12"]["inputs"]["positive"] == ["6", 0]
    assert sent["12"]["inputs"]["negative"] == ["6", 1]


def test_the_same_pictures_are_uploaded_once(build: Any, server: ComfyServer) -> None:
    engine = build()
    first = paint_with(engine, painting())
    before = list(server.uploads)
    second = paint_with(engine, painting(seed=8))
    assert len(before) == 2, "lines and rough"
    assert server.uploads == before
    assert not np.array_equal(first, second)


def test_what_is_said_reaches_the_text_nodes(build: Any, server: ComfyServer) -> None:
    graph = plain("rough") | {"9": node("PrimitiveString", "genzu negative", value="")}
    engine = build(rough={"workflow": graph}, prompt={"prefix": "anime background", "negative": "text"})
    paint_with(engine, replace(request(), prompt="港町、夏 [sea] {quay|quay}\nNegative prompt: boats"))
    said = server.prompts[-1]["prompt"]
    assert (
        said["5"]["inputs"]["value"] == "anime background, port town, summer (sea:0.9091) quay, afternoon, fair weather"
    )
    assert said["9"]["inputs"]["value"] == "text, boats"
    with pytest.raises(BadInput, match="Load LoRA"):
        paint_with(engine, replace(request(), prompt="dusk <lora:studio:0.5>"))


def test_a_large_picture_in_pieces_has_no_seam(build: Any, server: ComfyServer) -> None:
    extent = Extent(1000, 300)
    still = {"workflow": plain("painting"), "strength": 0.0}
    y, x = np.mgrid[0:300, 0:1000]
    slope = np.stack([x * 255 / 1000, y * 255 / 300, 200 + 0 * x], axis=2).astype(np.uint8)
    whole = paint_with(build(painting=still), painting(extent, slope))
    server.prompts.clear()
    engine = build(painting={**still, "tile": 256, "overlap": 64})
    pieces = paint_with(engine, painting(extent, slope))
    assert np.abs(whole.astype(int) - pieces.astype(int)).max() <= 1
    assert engine.report()["jobs"] == len(server.prompts) == 10


def test_pieces_have_noise_of_their_own(build: Any, server: ComfyServer) -> None:
    engine = build(painting={"workflow": plain("painting"), "tile": 256, "overlap": 64})
    paint_with(engine, painting(Extent(448, 64), np.full((64, 448, 3), 128, np.uint8)))
    seeds = [one["prompt"]["6"]["inputs"]["seed"] for one in server.prompts]
    assert seeds[0] == 7
    assert len(set(seeds)) == len(seeds) == 2


def test_a_picture_is_sent_smaller_and_comes_back_in_its_own_size(build: Any, server: ComfyServer) -> None:
    graph = plain("rough") | {"8": node("ImageScale", "genzu size", image=["4", 0], upscale_method="area", width=1,
                                        height=1, crop="disabled")}  # fmt: skip
    graph["6"]["inputs"]["image"] = ["8", 0]
    engine = build(rough={"workflow": graph, "short_side": 64, "strength": 0.0})
    asked = request(Extent(400, 200))
    picture = paint_with(engine, asked)
    assert picture.shape == (200, 400, 3)
    assert server.prompts[-1]["prompt"]["8"]["inputs"]["width"] == 128
    # Registered: the lines that were drawn in lie where they were drawn.
    dark = picture.astype(int).sum(axis=2)
    line = asked.lines.contour > 0
    assert dark[line].mean() < dark[~line].mean() - 40


@pytest.mark.parametrize(("width", "height"), [(2, 1), (0, 0)])
def test_only_a_whole_proportion_comes_back(build: Any, width: int, height: int) -> None:
    """Twice as large is taken and brought back; another proportion would lie beside its layout."""
    graph = plain("painting")
    wide = SMALL.width * 2 + (8 if height else 0)
    graph["8"] = node("ImageScale", None, image=["4", 0], upscale_method="area", width=wide, height=SMALL.height * 2,
                      crop="disabled")  # fmt: skip
    graph["7"]["inputs"]["images"] = ["8", 0]
    engine = build(painting={"workflow": graph})
    if not height:
        assert paint_with(engine, painting()).shape == (*SMALL.shape, 3)
        return
    with pytest.raises(EngineFailed, match=r"200×128 px back where 96×64 px were sent.*keep the size"):
        paint_with(engine, painting())


def test_a_board_is_shown_where_there_is_one(build: Any, server: ComfyServer) -> None:
    boarded = plain("rough")
    boarded["8"] = node("LoadImage", "genzu board", image="")
    boarded["9"] = node("ImageBlend", None, image1=["4", 0], image2=["8", 0], blend_factor=0.5, blend_mode="normal")
    boarded["6"]["inputs"]["image"] = ["9", 0]
    board = np.full((20, 30, 3), (250, 10, 10), np.uint8)
    only = build(rough={"workflow": boarded})
    assert only.capabilities.reads_board
    with pytest.raises(BadInput, match=r"wants a board.*with_board"):
        paint_with(only, request())
    both = build(rough={"workflow": plain("rough"), "with_board": boarded})
    cold = paint_with(both, request())
    red = paint_with(both, replace(request(), board=board))
    assert red[..., 0].mean() > cold[..., 0].mean() + 20
    assert both.report()["workflow"] == "rough_with_board.json"


def test_the_version_changes_with_what_decides_pixels_only(build: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_version = build().version
    retitled = plain("rough")
    retitled["2"]["_meta"]["title"] = "Another name"
    assert build(rough={"workflow": retitled}).version == plain_version
    assert build(timeout=10, token="SOME_TOKEN").version == plain_version
    other = plain("rough")
    other["4"]["inputs"]["blend_factor"] = 0.6
    changed = {
        build(rough={"workflow": other}).version,
        build(rough={"workflow": plain("rough"), "strength": 0.3}).version,
        build(prompt={"prefix": "anime"}).version,
        build(size_multiple=16).version,
    }
    assert len(changed) == 4
    assert plain_version not in changed


def test_the_server_is_named_in_the_report(build: Any, server: ComfyServer) -> None:
    engine = build()
    paint_with(engine, painting(ODD, np.random.default_rng(1).integers(0, 255, (*ODD.shape, 3), np.uint8)))
    report = engine.report()
    assert report.pop("drift") <= 0.5
    assert report.pop("graph") == server.prompts[-1]["prompt"], "what was sent goes into the file's metadata"
    assert report == {
        "workflow": "painting_workflow.json", "jobs": 1, "queued_again": 0, "comfyui": "0.0.test", "tries": 1,
        "registered": True,
    }  # fmt: skip


def test_a_picture_off_its_layout_is_painted_again_with_more_control(build: Any, server: ComfyServer) -> None:
    tables = {**BUILTIN, "registration": {"tries": 2, "control_step": 0.2, "strength_step": 0.3}}
    asked = painting(ODD, np.random.default_rng(1).integers(0, 255, (*ODD.shape, 3), np.uint8))
    engine = build(**tables)
    paint_with(engine, asked)
    sent = [one["prompt"] for one in server.prompts]
    assert [one["12"]["inputs"]["denoise"] for one in sent] == [0.4, 0.1, 0.05][: len(sent)]
    assert [one["6"]["inputs"]["strength"] for one in sent] == [0.5, 0.7, 0.9][: len(sent)]
    assert engine.report()["tries"] == len(sent)
    # A picture that is shifted in any case: the best is kept, and a person is told.
    graph = plain("painting")
    graph["3"] = node("LoadImage", "genzu rough", image="")
    graph["8"] = node("LoadImage", "genzu materials", image="")
    graph["4"]["inputs"] |= {"image1": ["8", 0], "image2": ["8", 0]}
    server.prompts.clear()
    engine = build(painting={"workflow": graph}, registration={"tries": 2})
    paint_with(engine, asked)
    report = engine.report()
    assert (report["tries"], report["jobs"], report["registered"]) == (3, 3, False)
    assert "look at it closely" in report["notes"][0]
    assert [one["prompt"]["6"]["inputs"]["strength"] for one in server.prompts] == [0.05, 0.05, 0.05]


def test_what_cannot_yield_is_painted_once(build: Any, server: ComfyServer) -> None:
    graph = plain("painting")
    graph["6"]["_meta"]["title"] = "genzu seed"
    engine = build(painting={"workflow": graph}, registration={"tries": 2, "limit": 0.001})
    paint_with(engine, painting())
    assert not engine.report()["registered"], "nothing lies that well on a flat rough"
    assert len(server.prompts) == 1
