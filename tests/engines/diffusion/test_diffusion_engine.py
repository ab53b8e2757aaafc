from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs genzu[diffusers]")
pytest.importorskip("diffusers", reason="needs genzu[diffusers]")

import torch
from tests.engines.contract import request
from tests.engines.diffusion import tiny
from tests.engines.diffusion.test_denoise import far

from genzu.core.geometry import Extent
from genzu.core.take import Stage
from genzu.engines.base import PaintRequest
from genzu.engines.diffusion.engine import DiffusersEngine
from genzu.engines.diffusion.passes import Pass
from genzu.engines.run import paint_with
from genzu.errors import EngineFailed, NotFound
from genzu.picture.arrays import UInt8
from genzu.picture.registration import shift_between

LAYOUT = Extent(480, 272)


@pytest.fixture(scope="module")
def drawn() -> tuple[PaintRequest, PaintRequest]:
    """A request for a rough and one for a painting of the same layout."""
    from genzu.engines.embedded.engine import EmbeddedEngine

    asked = request(LAYOUT)
    return asked, replace(asked, stage=Stage.PAINTING, rough=EmbeddedEngine().paint(asked))


def moved(picture: UInt8, pixels: int) -> UInt8:
    return np.roll(picture, pixels, axis=1)


class Drifting:
    """In place of the model: gives its start back, moved by what is asked for at each try."""

    def __init__(self, engine: DiffusersEngine, pixels: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[Pass] = []
        self._pixels = pixels
        monkeypatch.setattr(engine._runner, "run", self)

    def __call__(self, asked: Pass, room: object, report: Callable[[float], None]) -> UInt8:
        self.seen.append(asked)
        report(1.0)
        return moved(asked.start, self._pixels[len(self.seen) - 1])


CONTROL = [{"kind": "lineart", "path": "sd15-control", "weight": 0.7, "start": 0.0, "end": 0.5}]


def test_a_picture_that_drifts_is_painted_again(
    profile: Callable[..., Any], drawn: tuple[PaintRequest, PaintRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"limit": 2.0, "tries": 4, "control_step": 0.2, "strength_step": 0.15}
    engine = DiffusersEngine(profile(registration=limits, control=CONTROL, painting={"strength": 0.5}))
    drifting = Drifting(engine, [8, 3, 0, 0, 0], monkeypatch)
    picture = paint_with(engine, drawn[1])
    assert len(drifting.seen) == 3, "the third lies on its layout: no more tries"
    assert [round(one.strength, 3) for one in drifting.seen] == [0.5, 0.35, 0.2]
    assert [round(one.controls[0].weight, 3) for one in drifting.seen] == [0.7, 0.9, 1.1]
    assert [round(one.controls[0].end, 3) for one in drifting.seen] == [0.5, 0.7, 0.9]
    assert drawn[1].rough is not None
    assert far(picture, drawn[1].rough) == 0
    told = engine.report()
    assert (told["tries"], told["registered"], told["strength"]) == (3, True, 0.2)
    assert (told["steps"], told["cfg_scale"]) == (engine.profile.painting.steps, engine.profile.painting.guidance)
    assert "notes" not in told


def test_the_best_is_kept_and_flagged(
    profile: Callable[..., Any], drawn: tuple[PaintRequest, PaintRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = DiffusersEngine(profile(registration={"limit": 1.0, "tries": 2}, painting={"strength": 0.5}))
    Drifting(engine, [9, 4, -12], monkeypatch)
    picture = paint_with(engine, drawn[1])
    assert drawn[1].rough is not None
    assert far(picture, moved(drawn[1].rough, 4)) == 0
    told = engine.report()
    assert (told["tries"], told["registered"], told["strength"]) == (3, False, 0.4)
    assert 15 < told["drift"] < 17, "4 px of 272 rows are about 16 at 1080"
    assert "lies off its layout" in told["notes"][0]
    assert "+4.0" in told["notes"][0]


@pytest.mark.parametrize("extent", [Extent(480, 272), Extent(471, 263), Extent(640, 150)], ids=str)
def test_nothing_moves_on_the_way_to_the_model_and_back(
    extent: Extent, profile: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = DiffusersEngine(profile(rough={"size": 160}))
    drifting = Drifting(engine, [0, 0], monkeypatch)
    picture = paint_with(engine, request(extent))
    assert drifting.seen[0].start.shape[0] < extent.height
    shift = shift_between(engine._embedded.paint(request(extent)), picture)
    assert shift.length < 0.12
    assert abs(shift.zoom - 1) < 0.002
    assert engine.report()["registered"]


def test_what_a_prompt_says_reaches_the_model(models: Path, profile: Callable[..., Any]) -> None:
    (models / "loras").mkdir(exist_ok=True)
    tiny.lora(tiny.sd15(), models / "loras" / "harbour.safetensors")
    engine = DiffusersEngine(profile(lora_folder="loras", stem="prompts", prompt={"negative": "lowres"}))
    asked = request()
    prompts = [
        "", "port town", "(port town:4)", "port town, autumn", "port town\nNegative prompt: blurry",
        "port town <lora:harbour:0.8>", "port town <lora:harbour:0.4>",
    ]  # fmt: skip
    pictures = [paint_with(engine, replace(asked, prompt=prompt)) for prompt in prompts]
    assert all(far(a, b) > 0 for i, a in enumerate(pictures) for b in pictures[:i])
    again = paint_with(engine, replace(asked, prompt="港町"))
    assert far(again, pictures[1]) == 0, "港町 is read as port town"
    assert engine.report().get("notes") is None or "Not translated" not in str(engine.report()["notes"])
    [facts] = engine.models_in("<lora:harbour:0.8>")
    assert facts.kind == "lora"
    assert facts.sha256
    for call in ("<lora:harbor:1>", "<lora:../loras/harbour:1>", "<lora:.hidden:1>"):
        with pytest.raises(NotFound, match="harbour"):
            paint_with(engine, replace(asked, prompt=call))


def test_another_weight_file_is_another_version(models: Path, profile: Callable[..., Any]) -> None:
    tiny.lora(tiny.sd15(), models / "version.safetensors", seed=21)
    table = [{"path": "version.safetensors", "weight": 0.5}]
    first = DiffusersEngine(profile(lora=table)).version
    assert DiffusersEngine(profile(lora=table)).version == first
    assert DiffusersEngine(profile(lora=table, stem="other-name")).version == first
    tiny.lora(tiny.sd15(), models / "version.safetensors", seed=22)
    assert DiffusersEngine(profile(lora=table)).version != first
    assert DiffusersEngine(profile(lora=table, painting={"strength": 0.3})).version != first


def full_above(engine: DiffusersEngine, side: int, monkeypatch: pytest.MonkeyPatch, error: Exception) -> list[int]:
    """The UNet has no room for tiles wider than ``side`` px; returns the widths that it was asked for."""
    network = engine.studio.denoiser
    forward = network.forward
    asked: list[int] = []

    def narrow(*given: Any, **named: Any) -> Any:
        sample = named.get("sample", given[0] if given else None)
        asked.append(8 * max(sample.shape[-2:]))
        if asked[-1] > side:
            raise error
        return forward(*given, **named)

    monkeypatch.setattr(network, "forward", narrow)
    return asked


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        MemoryError(),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: not enough memory: you tried to allocate"
        ),
    ],
    ids=["device", "python", "cpu"],
)
def test_out_of_memory_halves_the_tiles_and_goes_on(
    error: Exception, profile: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = request(Extent(128, 96), rough=np.full((96, 128, 3), 120, np.uint8))
    small = DiffusersEngine(profile(painting={"tile": 64, "overlap": 16, "strength": 1.0}))
    wanted = paint_with(small, asked)
    engine = DiffusersEngine(profile(painting={"tile": 256, "overlap": 16, "strength": 1.0}))
    seen = full_above(engine, 64, monkeypatch, error)
    picture = paint_with(engine, asked)
    assert seen[:2] == [128, 64]
    assert set(seen[2:]) == {64}, "the smaller tile stays for the rest of the picture"
    assert engine.report()["tile"] == 64
    assert "Memory ran out: painted in tiles of 64 px." in engine.report()["notes"]
    # Only the VAE worked with other tiles.
    assert np.abs(picture.astype(int) - wanted.astype(int)).mean() < 3


def test_at_the_smallest_tile_it_says_so(profile: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    engine = DiffusersEngine(profile(painting={"tile": 256, "overlap": 16}))
    full_above(engine, 0, monkeypatch, MemoryError())
    before = engine.studio.denoiser.forward
    with pytest.raises(EngineFailed, match="tiles of 64 px") as caught:
        paint_with(engine, request(Extent(128, 96), rough=np.full((96, 128, 3), 120, np.uint8)))
    assert "\n" not in str(caught.value)
    assert engine.studio.denoiser.forward is before


def test_another_error_is_not_taken_for_it(profile: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    engine = DiffusersEngine(profile(painting={"tile": 256, "overlap": 16}))
    seen = full_above(engine, 0, monkeypatch, RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
    with pytest.raises(EngineFailed, match="cannot be multiplied"):
        paint_with(engine, request(Extent(128, 96), rough=np.full((96, 128, 3), 120, np.uint8)))
    assert len(seen) == 1


def test_a_long_seed_counts_whole(profile: Callable[..., Any]) -> None:
    engine = DiffusersEngine(profile())
    pictures = [paint_with(engine, request(seed=seed)) for seed in (5, 5 + 2**40, 5 + 2**62)]
    assert all(far(a, b) > 0 for i, a in enumerate(pictures) for b in pictures[:i])
