"""The parts that need no server: pieces, pictures, messages, progress, sentences."""

from __future__ import annotations

import json
import struct
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("websockets", reason="the ComfyUI engine needs the extra genzu[comfyui]")

from tests.engines.contract import request

from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.core.scene import Conditions, Place, Season, Time
from genzu.core.take import Stage
from genzu.engines.comfyui import plain_words
from genzu.engines.comfyui.follow import Follower
from genzu.engines.comfyui.listen import Said, Shown, understand
from genzu.engines.comfyui.pictures import decoded, encoded, shown_picture
from genzu.engines.comfyui.pieces import Canvas, cut, seed_of
from genzu.engines.comfyui.profile import NEGATIVE, Words
from genzu.engines.comfyui.prompt import Spoken, spoken
from genzu.engines.comfyui.workflow import builtin
from genzu.errors import EngineFailed
from genzu.picture.ade20k import ADE20K

WEIGHTS = dict.fromkeys(("checkpoint", "lines control", "materials control", "tile control"), "x")


@given(
    width=st.integers(1, 300), height=st.integers(1, 100), tile=st.integers(32, 120), overlap=st.integers(2, 6),
    scale=st.integers(1, 2),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_pieces_cover_the_canvas_and_one_picture_comes_of_them(
    width: int, height: int, tile: int, overlap: int, scale: int
) -> None:
    extent, tile, overlap = Extent(width * 8, height * 8), tile * 8, overlap * 8
    pieces = cut(extent, tile, overlap, 8)
    covered = np.zeros(extent.shape, bool)
    for piece in pieces:
        covered[piece.slices] = True
        assert max(piece.width, piece.height) <= tile
        assert piece.x % 8 == piece.y % 8 == piece.width % 8 == piece.height % 8 == 0
        assert piece.right <= extent.width
        assert piece.bottom <= extent.height
    assert covered.all()
    assert len({(piece.width, piece.height) for piece in pieces}) == 1
    columns = sorted({(piece.x, piece.right) for piece in pieces})
    assert all(first[1] - second[0] >= overlap for first, second in pairwise(columns))
    if extent.pixels * scale > 400_000:
        return
    y, x = np.mgrid[0 : extent.height * scale, 0 : extent.width * scale]
    whole = np.stack([x % 256, y % 256, (x + y) % 256], axis=2).astype(np.uint8)
    canvas = Canvas(extent, pieces)
    for number, piece in enumerate(pieces):
        part = whole[piece.y * scale : piece.bottom * scale, piece.x * scale : piece.right * scale]
        assert canvas.add(number, part)
    assert np.abs(canvas.picture.astype(int) - whole).max() <= 1


def test_pieces_that_differ_are_blended_without_a_step() -> None:
    extent = Extent(800, 400)
    pieces = cut(extent, 256, 64, 8)
    canvas = Canvas(extent, pieces)
    levels = np.random.default_rng(1).integers(80, 120, len(pieces))
    for number, piece in enumerate(pieces):
        canvas.add(number, np.full((piece.height, piece.width, 3), levels[number], np.uint8))
    flat = canvas.picture.astype(int)
    assert max(np.abs(np.diff(flat, axis=0)).max(), np.abs(np.diff(flat, axis=1)).max()) <= 2
    assert not canvas.add(1, np.zeros((pieces[1].height * 2, pieces[1].width * 2, 3), np.uint8))


def test_seeds_of_pieces() -> None:
    seeds = {seed_of(seed, number) for seed in (0, 1, 7) for number in range(20)}
    assert len(seeds) == 60
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_what_the_server_is_shown() -> None:
    asked = request(Extent(400, 200))
    half = Extent(200, 100)
    lines = shown_picture("lines", asked, None, half)
    assert lines is not None
    assert lines.shape == (100, 200)
    # A line of one pixel is still nearly full; the paper is black.
    assert np.quantile(lines[lines > 60], 0.5) > 150
    assert (lines == 0).mean() > 0.5
    materials = shown_picture("materials", asked, None, half)
    assert materials is not None
    assert {tuple(map(int, pixel)) for pixel in materials.reshape(-1, 3)} <= {colour for _, colour in ADE20K.values()}
    assert tuple(materials[2, 2]) == ADE20K[Material.SKY][1]
    depth = shown_picture("depth", asked, None, half)
    assert depth is not None
    assert depth[-1].mean() > depth[0].mean() + 50, "near is white"
    assert shown_picture("rough", asked, None, half) is None
    assert shown_picture("board", asked, None, half) is None


def test_names_are_of_the_content() -> None:
    first = np.zeros((5, 7, 3), np.uint8)
    second = first.copy()
    second[0, 0, 0] = 1
    assert encoded(first) == encoded(first.copy())
    assert encoded(first)[0] != encoded(second)[0]
    assert np.array_equal(decoded(encoded(second)[1], "x.png", Extent(7, 5), "here"), second)
    assert decoded(encoded(second)[1], "x.png", Extent(14, 10), "here").shape == (5, 7, 3)
    with pytest.raises(EngineFailed, match="another proportion"):
        decoded(encoded(second)[1], "x.png", Extent(14, 11), "here")
    for data in (b"", b"<html>", encoded(second)[1][:60]):
        with pytest.raises(EngineFailed, match="cannot be read"):
            decoded(data, "x.png", Extent(7, 5), "here")


def test_binary_messages() -> None:
    assert understand(struct.pack(">II", 1, 1) + b"jpg") == Shown(b"jpg", "jpeg")
    assert understand(struct.pack(">II", 1, 2) + b"png") == Shown(b"png", "png")
    facts = json.dumps({"node_id": "12", "prompt_id": "j", "image_type": "image/png"}).encode()
    assert understand(struct.pack(">II", 4, len(facts)) + facts + b"p") == Shown(b"p", "png", "12", "j")
    for odd in (b"", b"\0\0\0\1", struct.pack(">II", 3, 4) + b"node", struct.pack(">II", 4, 10**9) + b"{}"):
        assert understand(odd) is None


@settings(deadline=None)
@given(st.one_of(st.binary(), st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
def test_no_message_upsets_us(message: Any) -> None:
    assert isinstance(understand(message), Said | Shown | None)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["node", "nodes", "value", "max", "state", "12", "errors", "error", "type", "extra_info",
                         "input_config", "message", "details", "node_errors", "node_id"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None)
@given(st.sampled_from(["progress", "progress_state", "executing", "executed", "execution_cached", "status"]), _JSON)
def test_the_share_never_falls(kind: str, data: Any) -> None:
    shares: list[float] = []
    nodes = builtin(Stage.ROUGH, WEIGHTS, "x").nodes
    follower = Follower("j", nodes, "14", shares.append)
    for said in (
        Said("execution_cached", {"prompt_id": "j", "nodes": ["1", "2"]}),
        Said("executing", {"prompt_id": "j", "node": "12"}),
        Said("progress", {"prompt_id": "j", "node": "12", "value": 7, "max": 28}),
        Said(kind, data if isinstance(data, dict) else {}),
        Said("progress", {"prompt_id": "other", "node": "12", "value": 28, "max": 28}),
        Said("progress", {"prompt_id": "j", "node": "12", "value": 14, "max": 28}),
    ):
        follower.hear(said)
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] <= 1


def test_a_sampler_counts_by_its_steps() -> None:
    shares: list[float] = []
    follower = Follower("j", builtin(Stage.ROUGH, WEIGHTS, "x").nodes, "14", shares.append)
    follower.hear(Said("progress", {"node": "12", "value": 14, "max": 28}))  # an older server names no job
    assert 0.3 < shares[-1] < 0.4
    follower.hear(Said("executing", {"node": "13", "prompt_id": "j"}))
    assert follower.hear(Said("executing", {"node": None, "prompt_id": "j"}))


@settings(deadline=None)
@given(_JSON)
def test_whatever_the_server_says_becomes_a_sentence(record: Any) -> None:
    nodes = builtin(Stage.ROUGH, WEIGHTS, "x").nodes
    for what, do in (
        plain_words.refusal(record, nodes, lambda _kind, _key: []),
        plain_words.failure([["execution_error", record], record], nodes),
    ):
        assert what
        assert do


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("", "autumn, dusk, fair weather"),
        ("Autumn station (roof:1.3), sea", "Autumn station (roof:1.3), sea, dusk, fair weather"),
        (r"a sign \(closed\), (dusk)", r"a sign \(closed\), (dusk:1.1), autumn, fair weather"),
        ("sea # not approved", "sea, autumn, dusk, fair weather"),
        ("old (town:1.2)and ((sea))", "old (town:1.2)and (sea:1.21), autumn, dusk, fair weather"),
    ],
)
def test_words_for_the_encoder(prompt: str, said: str) -> None:
    told = Conditions(season=Season.AUTUMN, time=Time.DUSK)
    assert spoken(Words(), prompt, 0, told) == Spoken(said, NEGATIVE)
    around = Words(prefix="anime,", suffix="wide", negative="")
    assert spoken(around, prompt, 0, told) == Spoken(f"anime, {said}, wide", "")


def test_japanese_is_put_into_english() -> None:
    told = Conditions(place=Place.PORT_TOWN, season=Season.AUTUMN, time=Time.DUSK)
    said = spoken(Words(negative=""), "港町、(秋:1.3)、夕方、ぷるぷる\nNegative prompt: 車", 0, told)
    assert said.prompt.startswith("port town, (autumn:1.3), dusk, ")
    assert said.prompt.endswith("fair weather")
    assert said.negative == "car"
    assert said.notes == ("Not translated: ぷるぷる.",)


def test_the_package_carries_its_workflows() -> None:
    import genzu

    folder = Path(genzu.__file__).parent / "data" / "comfyui"
    assert sorted(path.name for path in folder.iterdir()) == ["painting.json", "rough.json"]
