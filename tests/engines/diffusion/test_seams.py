from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs genzu[diffusers]")
pytest.importorskip("diffusers", reason="needs genzu[diffusers]")

from tests.engines.diffusion import tiny
from tests.engines.diffusion.test_denoise import a_pass, waves

from genzu.engines.diffusion.latents import Codec
from genzu.engines.diffusion.memory import Room
from genzu.engines.diffusion.passes import Runner
from genzu.engines.diffusion.studio import Studio
from genzu.engines.diffusion.tiles import spans
from genzu.picture.arrays import Float32, UInt8

WIDTH, HEIGHT, TILE = 512, 192, 128


def flat_sky() -> UInt8:
    """Paler towards the horizon, as skies are; level from left to right."""
    down = np.linspace(0, 1, HEIGHT)[:, None, None]
    return np.broadcast_to((90, 150, 215) + down * np.array((60, 40, 15)), (HEIGHT, WIDTH, 3)).astype(np.uint8)


def edges(overlap: int) -> list[int]:
    """Columns of pixels before which a tile begins or after which one ends."""
    found = spans(WIDTH // 8, TILE // 8, overlap // 8)
    return sorted(({8 * one.start for one in found} | {8 * one.stop for one in found}) - {0, WIDTH})


def steps(picture: Float32, columns: Iterable[int]) -> Float32:
    """By how much the mean colour of a column differs from that of the column before it, in levels."""
    mean = picture.mean(axis=0)
    return np.array([np.abs(mean[x] - mean[x - 1]).max() for x in columns if 0 < x < WIDTH])


@pytest.fixture(scope="module")
def calm(models: Path) -> Path:
    """A model that keeps flat things flat, whose VAE and UNet both shift with what else is in the tile."""
    return tiny.save(tiny.sd15(unet=tiny.calm_unet(k=3.5), vae=tiny.vae(k=2.0)), models / "calm")


@pytest.mark.parametrize("overlap", [32, 48])
def test_no_seam_in_a_flat_sky(overlap: int, calm: Path, profile: Callable[..., Any]) -> None:
    made = profile(
        path="calm", scheduler="DDIM",
        painting={"steps": 10, "strength": 0.4, "tile": TILE, "overlap": overlap, "guidance": 1.0},
    )  # fmt: skip
    runner = Runner(Studio(made))
    asked = a_pass(made, start=flat_sky(), strength=0.4)
    tiled = runner.run(asked, Room(TILE, TILE), lambda _share: None).astype(np.float32)
    seams = edges(overlap)
    inside = [x for x in range(8, WIDTH, 8) if x not in seams]
    assert steps(tiled, seams).max() <= steps(tiled, inside).max() + 1

    # The grain is the noise's own; laid over the picture that was painted in one piece, only seams are left.
    whole = runner.run(asked, Room(WIDTH, WIDTH), lambda _share: None).astype(np.float32)
    assert steps(tiled - whole, seams).max() <= steps(tiled - whole, inside).max() + 1
    assert steps(tiled - whole, range(1, WIDTH)).max() <= 1.5


def test_tiles_that_do_not_overlap_leave_seams(calm: Path, profile: Callable[..., Any]) -> None:
    """Without the overlap the same measure finds them: it can see what it is for."""
    made = profile(
        path="calm", scheduler="DDIM",
        painting={"steps": 10, "strength": 0.4, "tile": TILE, "overlap": 0, "guidance": 1.0},
    )  # fmt: skip
    runner = Runner(Studio(made))
    asked = a_pass(made, start=flat_sky(), strength=0.4)
    tiled = runner.run(asked, Room(TILE, TILE), lambda _share: None).astype(np.float32)
    whole = runner.run(asked, Room(WIDTH, WIDTH), lambda _share: None).astype(np.float32)
    assert steps(tiled - whole, edges(0)).max() > 1.5


def test_the_vae_alone_leaves_no_seam(calm: Path, profile: Callable[..., Any]) -> None:
    studio = Studio(profile(path="calm"))
    sky = np.concatenate([flat_sky()[:, : WIDTH // 2], waves(HEIGHT, WIDTH // 2)], axis=1)  # tiles that differ much
    codec = Codec(studio.pipeline.vae, 8, studio.device, 48)
    back = codec.decode(codec.encode(sky, Room(TILE, TILE)), Room(TILE, TILE), lambda _share: None)
    assert back.shape == sky.shape
    flat = back[:, : WIDTH // 2 - 16].astype(np.float32)
    found = [x for x in range(1, WIDTH // 2 - 16) if np.abs(flat[:, x].mean(0) - flat[:, x - 1].mean(0)).max() > 1]
    assert not found
    assert np.abs(back.astype(int) - sky.astype(int)).mean() < 14


def test_any_size_comes_back_whole(calm: Path, profile: Callable[..., Any]) -> None:
    studio = Studio(profile(path="calm"))
    codec = Codec(studio.pipeline.vae, 8, studio.device, 16)
    for height, width in ((8, 8), (64, 136), (200, 72), (328, 24)):
        plain = np.full((height, width, 3), 140, np.uint8)
        back = codec.decode(codec.encode(plain, Room(64, 64)), Room(64, 64), lambda _share: None)
        assert back.shape == plain.shape
        assert np.abs(back.astype(int) - 140).max() <= 2
