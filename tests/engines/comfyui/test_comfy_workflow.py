from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from tests.engines.comfyui.samples import BUILTIN, node, plain

from genzu.core.geometry import Extent
from genzu.core.take import Stage
from genzu.engines.comfyui.fill import Values, fill
from genzu.engines.comfyui.workflow import builtin, checked, load
from genzu.errors import BadRecord, NotFound

WEIGHTS = {key.replace("_", " "): value for key, value in BUILTIN["weights"].items()}


def changed(**nodes: Any) -> dict[str, Any]:
    """The plain rough workflow with nodes replaced (``None`` takes one out)."""
    graph = plain("rough") | {key.removeprefix("n"): value for key, value in nodes.items()}
    return {key: value for key, value in graph.items() if value is not None}


def sentence(graph: object, stage: Stage = Stage.ROUGH) -> str:
    with pytest.raises(BadRecord) as refused:
        checked(graph, "studio.json", stage)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def values(**how: Any) -> Values:
    usual: dict[str, Any] = {
        "prompt": "dusk", "negative": "people", "seed": 5, "extent": Extent(64, 48), "weights": {}, "settings": {},
        "pictures": {"lines": "genzu/l.png", "rough": "genzu/r.png"},
    }  # fmt: skip
    return Values(**usual | how)


def test_the_editors_own_format_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "studio.json"
    path.write_text(json.dumps({"last_node_id": 9, "nodes": [{"id": 1}], "links": [], "version": 0.4}))
    with pytest.raises(BadRecord, match=r"as the editor saves it.*Export \(API\)"):
        load(path, Stage.ROUGH)


def test_missing_titles_are_listed_with_those_found() -> None:
    said = sentence(changed(n1=node("LoadImage", "Layout", image="x.png"), n6=node("ImageAddNoise", None, seed=1)))
    assert "needs a node titled “genzu lines”, “genzu seed”" in said
    assert "“Layout”" in said
    assert "“ImageAddNoise”" in said, "a node without a title is listed by its class"
    assert "“genzu rough”" in sentence(changed(n3=node("LoadImage", "Rough", image="x")), Stage.PAINTING)


@pytest.mark.parametrize(
    ("graph", "words"),
    [
        ([], "not a workflow in API format"),
        ({}, "not a workflow in API format"),
        ({"1": 5}, "has no class_type"),
        ({"1": {"class_type": "LoadImage"}}, "has no inputs"),
        (changed(n2=node("ImageInvert", image=["99", 0])), "'image' comes from node 99, which is not in the file"),
        (changed(n1=node("LoadImage", "genzu line", image="x")), "did you mean “genzu lines”"),
        (changed(n5=node("PrimitiveString", "genzu prompt", value=["1", 0])), "no input text or"),
        (changed(n8=node("SaveImage", "Genzu Output", images=["6", 0])), "more than one node titled “genzu output”"),
        (changed(n8=node("EmptyLatentImage", "genzu size", width=64)), "no input width or height"),
    ],
)
def test_what_no_server_could_take(graph: object, words: str) -> None:
    assert words in sentence(graph)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"1": {"class_type": "A", "inputs": {"x": NaN}}}', "\x00"])
def test_files_that_are_no_json(tmp_path: Path, text: str) -> None:
    path = tmp_path / "studio.json"
    path.write_text(text)
    with pytest.raises(BadRecord):
        load(path, Stage.ROUGH)
    with pytest.raises(NotFound):
        load(tmp_path / "nowhere.json", Stage.ROUGH)


def test_filling_sets_placeholders_and_nothing_else() -> None:
    graph = changed(n6=node("KSampler", " Genzu  seed , strength", seed=["9", 0], noise_seed=1, denoise=0.9, steps=20),
                    n9=node("PrimitiveInt", "A number", value=3))  # fmt: skip
    workflow = checked(graph, "studio.json", Stage.ROUGH)
    before = deepcopy(graph)
    filled = fill(workflow, values(strength=0.3, settings={"a NUMBER": {"value": 8}}))
    assert graph == before, "the workflow itself is left as it was"
    assert filled["6"]["inputs"] == {"seed": ["9", 0], "noise_seed": 5, "denoise": 0.3, "steps": 20}
    assert filled["1"]["inputs"]["image"] == "genzu/l.png"
    assert filled["5"]["inputs"]["value"] == "dusk"
    assert filled["9"]["inputs"]["value"] == 8
    assert {key for key in filled if filled[key] != before[key]} == {"1", "3", "5", "6", "9"}
    assert fill(workflow, values())["6"]["inputs"]["denoise"] == 0.9, "no strength in the profile: the workflow's own"


def test_both_texts_of_sdxl_are_set() -> None:
    graph = changed(n5=node("CLIPTextEncodeSDXL", "genzu prompt", text_g="", text_l="", width=1024, height=1024))
    filled = fill(checked(graph, "x", Stage.ROUGH), values())
    assert filled["5"]["inputs"] == {"text_g": "dusk", "text_l": "dusk", "width": 1024, "height": 1024}


def test_the_digest_is_of_what_is_computed() -> None:
    def sha(graph: dict[str, Any]) -> str:
        return checked(graph, "x", Stage.ROUGH).sha

    assert sha(changed(n2=node("ImageInvert", "Otherwise", image=["1", 0]))) == sha(plain("rough"))
    assert sha(changed(n2=node("ImageInvert", None, image=["3", 0]))) != sha(plain("rough"))
    moved = changed(n6=node("ImageAddNoise", "genzu seed", image=["4", 0], seed=0, strength=0.05))
    assert sha(moved) != sha(plain("rough")), "a placeholder less is another workflow"


@pytest.mark.parametrize("stage", [Stage.ROUGH, Stage.PAINTING])
def test_our_own_workflows_are_whole(stage: Stage) -> None:
    workflow = builtin(stage, WEIGHTS, "x")
    assert {"lines", "rough", "prompt", "negative", "seed", "strength", "checkpoint", "output"} <= workflow.words
    filled = fill(workflow, values(pictures=dict.fromkeys(("lines", "materials", "rough"), "x.png"), weights=WEIGHTS))
    assert not [n for n in filled.values() if "" in n["inputs"].values()], "a value was not filled in"


def test_our_own_workflows_without_control_networks() -> None:
    least = builtin(Stage.PAINTING, {"checkpoint": "a"}, "x")
    assert {one.kind for one in least.nodes.values()} == {
        "CheckpointLoaderSimple", "CLIPTextEncode", "LoadImage", "VAEEncode", "KSampler", "VAEDecode", "PreviewImage",
    }  # fmt: skip
    sampler = least.marked("seed")[0]
    assert [least.nodes[sampler.links[key]].title for key in ("positive", "negative")] == [
        "genzu prompt", "genzu negative",
    ]  # fmt: skip
    tiled = builtin(Stage.PAINTING, {"checkpoint": "a", "tile control": "t"}, "x")
    assert "lines" not in tiled.words
    assert tiled.nodes[tiled.marked("seed")[0].links["positive"]].title == "genzu control: tile"
    with pytest.raises(BadRecord, match="lines_control"):
        builtin(Stage.ROUGH, {"checkpoint": "a"}, "x")
