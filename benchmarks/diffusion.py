"""What Genzu adds to diffusers: time beside a bare pipeline with the same calls, and memory over the canvas.

python -m benchmarks.diffusion                     a tiny UNet: quick, every overhead shows large
python -m benchmarks.diffusion --true-size         random weights of the size of Stable Diffusion 1.5 (4.3 GB as fp32)
python -m benchmarks.diffusion --memory            peak memory for 1024×576, 1920×1080 and 7680×1080, one process each
python -m benchmarks.diffusion --embedded          the embedded engine's rough and painting on the same canvases

Both sides run in one process, in turns, on the same pipeline object; told are the quickest of each, because a busy
machine only ever adds. Nothing is downloaded: the models are made here.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderKL, ControlNetModel, StableDiffusionControlNetImg2ImgPipeline, UNet2DConditionModel
from tests.engines.contract import request
from tests.engines.diffusion import tiny
from transformers import CLIPTextConfig, CLIPTextModel

from genzu.core.geometry import Extent
from genzu.engines.diffusion.engine import DiffusersEngine
from genzu.engines.diffusion.memory import Room
from genzu.engines.diffusion.profile import ModelProfile
from genzu.engines.run import paint_with

ROOT = Path(__file__).resolve().parent.parent
CANVASES = ("1024x576", "1920x1080", "7680x1080")
STEPS = 3


def true_size() -> tuple[Any, Any]:
    """A pipeline and a ControlNet of the published sizes of Stable Diffusion 1.5, with random weights."""
    tokenizer = tiny.clip_tokenizer()
    unet = UNet2DConditionModel(
        sample_size=64, in_channels=4, out_channels=4, layers_per_block=2, block_out_channels=(320, 640, 1280, 1280),
        cross_attention_dim=768, attention_head_dim=8,
    )  # fmt: skip
    vae = AutoencoderKL(
        block_out_channels=[128, 256, 512, 512], down_block_types=["DownEncoderBlock2D"] * 4, layers_per_block=2,
        up_block_types=["UpDecoderBlock2D"] * 4, latent_channels=4, sample_size=512, scaling_factor=0.18215,
    )  # fmt: skip
    config = CLIPTextConfig(
        vocab_size=49408, hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12,
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
    )  # fmt: skip
    text = CLIPTextModel(config)
    return tiny.sd15(unet=unet, vae=vae, text_encoder=text, tokenizer=tokenizer), ControlNetModel.from_unet(unet)


def prepare(folder: Path, big: bool, controlled: bool, steps: int, tile: int, guidance: float) -> ModelProfile:
    """Save a model once, and write a profile for it; a painting takes ``steps`` steps."""
    name = "true" if big else "tiny"
    if not (folder / name).exists():
        pipeline, control = true_size() if big else (tiny.sd15(), None)
        control = control or tiny.controlnet(pipeline.unet)
        control.save_pretrained(folder / f"{name}-control")
        tiny.save(pipeline, folder / name)
    stage = {"steps": steps, "strength": 1.0, "size": tile, "tile": tile, "overlap": tile // 6, "guidance": guidance}
    controls = [{"kind": "lineart", "path": f"{name}-control", "end": 1.0}] if controlled else []
    text = tiny.profile_text(
        path=name, family="sd15", scheduler="DDIM", painting=stage, control=controls, registration={"tries": 0}
    )
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return ModelProfile.load(folder / f"{name}.toml")


def bare(engine: DiffusersEngine, picture: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """The same calls through diffusers alone: VAE, the pipeline's loop with text already encoded, VAE."""
    studio, profile = engine.studio, engine.profile
    settings = profile.painting
    pipeline, more = studio.pipeline, {}
    if profile.controls:
        net = studio.control(profile.controls[0])
        pipeline = StableDiffusionControlNetImg2ImgPipeline.from_pipe(studio.pipeline, controlnet=net)
        pipeline.set_progress_bar_config(disable=True)
        more = {"control_image": torch.from_numpy(lines)[None, None].repeat(1, 3, 1, 1).float() / 255}
    with torch.inference_mode():
        pixels = torch.from_numpy(picture.transpose(2, 0, 1).copy())[None].float() / 127.5 - 1
        latents = pipeline.vae.encode(pixels).latent_dist.mode() * pipeline.vae.config.scaling_factor
        asked, _ = engine._first(request(Extent(picture.shape[1], picture.shape[0]), rough=picture), picture)
        text = engine._runner.encodings.of(asked.spoken, guided=settings.guidance > 1)
        said = pipeline(
            **text, **more, image=latents, strength=1.0, num_inference_steps=settings.steps,
            guidance_scale=settings.guidance, generator=torch.Generator().manual_seed(7), output_type="np",
        ).images[0]  # fmt: skip
    return np.clip(said * 255 + 0.5, 0, 255).astype(np.uint8)


def quickest(turns: int, *works: Callable[[], Any]) -> list[tuple[float, float]]:
    """(wall, CPU) seconds of each, the least of several turns; each is run once before."""
    for work in works:
        work()
    found = [(float("inf"), float("inf"))] * len(works)
    for _ in range(turns):
        for number, work in enumerate(works):
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            taken = time.perf_counter() - wall, time.process_time() - cpu
            found[number] = (min(found[number][0], taken[0]), min(found[number][1], taken[1]))
    return found


def overhead(folder: Path, big: bool, turns: int) -> None:
    """Bare diffusers, Genzu's pass through the pipeline, and a whole painting with its checks, at one size."""
    side = 512 if big else 256
    print(f"{'model':<10} {'control':<8} {'':<22} {'wall':>9} {'CPU':>9} {'a step':>9}  over bare: wall, CPU")
    for controlled in (False, True):
        profile = prepare(folder, big, controlled, STEPS, side, 7.0)
        engine = DiffusersEngine(profile)
        asked = request(Extent(side, side), rough=tiny_picture(side))
        first, _fit = engine._first(asked, asked.rough)
        room = Room(side, side)
        sides = {
            "bare diffusers": lambda e=engine, a=asked: bare(e, a.rough, a.lines.contour),
            "Genzu, same calls": lambda e=engine, f=first, r=room: e._runner.run(f, r, lambda _share: None),
            "Genzu, with checks": lambda e=engine, a=asked: paint_with(e, a),
        }
        base: tuple[float, float] | None = None
        for name, (wall, cpu) in zip(sides, quickest(turns, *sides.values()), strict=True):
            base = base or (wall, cpu)
            ratio = " ".join(f"{100 * (one / other - 1):+6.1f} %" for one, other in zip((wall, cpu), base, strict=True))
            label = "SD 1.5" if big else "tiny"
            print(f"{label:<10} {controlled!s:<8} {name:<22} {wall:7.2f} s {cpu:7.2f} s {wall / STEPS:7.2f} s  {ratio}",
                  flush=True)  # fmt: skip


def tiny_picture(side: int) -> np.ndarray:
    """Something to paint from."""
    y, x = np.mgrid[0:side, 0:side] / 40
    return np.clip(127 + 90 * np.stack([np.sin(x), np.cos(y), np.sin(x + y)], axis=-1), 0, 255).astype(np.uint8)


def memory_of(folder: Path, big: bool, canvas: Extent) -> dict[str, float]:
    """Peak of this process before and after one painting of one step, in MiB."""
    tile = 512 if big else 256
    engine = DiffusersEngine(prepare(folder, big, True, 1, tile, 1.0))
    small = np.full((tile, tile, 3), 127, np.uint8)
    engine._runner.run(
        engine._first(request(Extent(tile, tile), rough=small), small)[0], Room(tile, tile), print_nothing
    )
    asked = request(canvas, rough=np.full((*canvas.shape, 3), 127, np.uint8))
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew (Linux)
    before = status("VmRSS")
    begin = time.perf_counter()
    first, _fit = engine._first(asked, asked.rough)
    engine._runner.run(first, engine._room(first), print_nothing)
    seconds = time.perf_counter() - begin
    return {"before": before, "peak": status("VmHWM"), "seconds": seconds}


def status(field: str) -> float:
    """Of this process, in MiB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith(field + ":"))


def print_nothing(_share: float) -> None:
    """Nobody watches."""


def memory(folder: Path, big: bool, canvases: list[str]) -> None:
    """One process per canvas; what a picture of its size takes (8 bit, RGB) stands beside it."""
    print(f"{'model':<8} {'canvas':>10} {'loaded':>10} {'peak':>10} {'more':>8} {'the picture':>12} {'one step':>10}")
    prepare(folder, big, True, 1, 512 if big else 256, 1.0)
    for size in canvases:
        command = [
            sys.executable,
            "-m",
            "benchmarks.diffusion",
            "--one",
            size,
            "--folder",
            str(folder),
            *(["--true-size"] if big else []),
        ]
        run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
        found = json.loads(run.stdout.splitlines()[-1])
        own = Extent.parse(size).pixels * 3 / 2**20
        print(
            f"{'SD 1.5' if big else 'tiny':<8} {size:>10} {found['before']:6.0f} MiB {found['peak']:6.0f} MiB"
            f" {found['peak'] - found['before']:+7.0f} {own:8.0f} MiB {found['seconds']:8.1f} s", flush=True,
        )  # fmt: skip


def embedded(canvases: list[str]) -> None:
    """Wall seconds of the embedded engine."""
    from genzu.engines.embedded.engine import EmbeddedEngine

    for size in canvases:
        asked = request(Extent.parse(size))
        begin = time.perf_counter()
        rough = paint_with(EmbeddedEngine(), asked)
        middle = time.perf_counter()
        paint_with(EmbeddedEngine(), request(Extent.parse(size), rough=rough))
        end = time.perf_counter()
        print(
            f"embedded {size:>10}  rough {middle - begin:6.1f} s  painting {end - middle:6.1f} s",
            flush=True,
        )


def main() -> None:
    """Print what was asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--true-size", action="store_true")
    options.add_argument("--memory", action="store_true")
    options.add_argument("--embedded", action="store_true")
    options.add_argument("--canvas", action="append", metavar="WxH")
    options.add_argument("--turns", type=int, default=3)
    options.add_argument("--folder", help="where the models are kept; else they are made anew")
    options.add_argument("--one", metavar="WxH", help=argparse.SUPPRESS)
    asked = options.parse_args()
    canvases = asked.canvas or list(CANVASES)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(asked.folder or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if asked.one:
            print(json.dumps(memory_of(folder, asked.true_size, Extent.parse(asked.one))))
        elif asked.memory:
            memory(folder, asked.true_size, canvases)
        elif asked.embedded:
            embedded(canvases)
        else:
            overhead(folder, asked.true_size, asked.turns)


if __name__ == "__main__":
    main()
