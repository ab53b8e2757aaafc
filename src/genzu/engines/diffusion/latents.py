"""Pictures to latents and back, tile by tile: nothing of the canvas's size is ever on the device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from genzu.core.geometry import Extent
from genzu.engines.diffusion.fit import unit
from genzu.engines.diffusion.memory import Room
from genzu.engines.diffusion.tiles import Plan, Span, Tile, spans
from genzu.picture.arrays import Float32, UInt8, extent_of


class Codec:
    """The VAE of a pipeline, with the constants by which its family scales latents."""

    def __init__(self, vae: Any, factor: int, device: Any, overlap: int) -> None:
        """``factor`` px along the side of a latent; ``overlap`` px that tiles share."""
        self.vae, self.factor, self._device = vae, factor, device
        self._overlap = max(factor, overlap // factor * factor)

    def encode(self, picture: UInt8, room: Room) -> Any:
        """(1, channels, h, w) float32 on the CPU of an (H, W, 3) picture; the mean of what the VAE says, no draw."""
        return room.run(lambda side: self._encode(picture, side))

    def _encode(self, picture: UInt8, side: int) -> Any:
        full = extent_of(picture)
        cells = Extent(full.width // self.factor, full.height // self.factor)
        plan = Plan(cells, max(1, side // self.factor), self._overlap // self.factor)
        total: Any = None
        weights = torch.zeros(cells.shape)
        for tile in plan:
            rows, columns = tile.bounds.slices
            part = picture[_pixels(rows, self.factor), _pixels(columns, self.factor)]
            said = self.encode_tile(torch.from_numpy(unit(part).transpose(2, 0, 1)[None])).float().cpu()
            if total is None:
                total = torch.zeros((*said.shape[:2], *cells.shape))
            weight = torch.from_numpy(tile.weights())
            total[..., rows, columns] += said * weight
            weights[rows, columns] += weight
        return total / weights

    def encode_tile(self, pixels: Any) -> Any:
        """(1, channels, h, w) of (1, 3, H, W) in −1 … 1, scaled as the denoiser expects it."""
        with torch.inference_mode():
            given = pixels.to(self._device, self.vae.dtype)
            given = given[:, :, None] if self._moving else given
            said = self.vae.encode(given)
            latents = said.latents if hasattr(said, "latents") else said.latent_dist.mode()
            return self._scaled(latents[:, :, 0] if self._moving else latents).clone()

    def decode(self, latents: Any, room: Room, report: Callable[[float], None]) -> UInt8:
        """(H, W, 3) sRGB of (1, channels, h, w), joined band by band over the overlaps."""
        return room.run(lambda side: self._decode(latents, side, report))

    def _decode(self, latents: Any, side: int, report: Callable[[float], None]) -> UInt8:
        height, width = (cells * self.factor for cells in latents.shape[-2:])
        picture = np.empty((height, width, 3), np.uint8)
        cells, overlap = max(1, side // self.factor), self._overlap // self.factor
        rows = spans(latents.shape[-2], cells, min(overlap, cells // 2))
        carried = np.zeros((0, width, 4), np.float32)
        for number, down in enumerate(rows):
            band = self._band(latents, down, cells, min(overlap, cells // 2))
            band[: carried.shape[0]] += carried
            done = rows[number + 1].start * self.factor if number + 1 < len(rows) else height
            top = down.start * self.factor
            for begin in range(top, done, 64):
                piece = band[begin - top : min(begin + 64, done) - top]
                shades = (piece[..., :3] / piece[..., 3:] + 1) * 127.5 + 0.5
                picture[begin : begin + piece.shape[0]] = np.clip(shades, 0, 255)
            carried = band[done - top :].copy()
            report((number + 1) / len(rows))
        return picture

    def _band(self, latents: Any, down: Span, cells: int, overlap: int) -> Float32:
        """(rows, W, 4) float32: the weighted sum of one row of tiles, and the sum of the weights."""
        factor = self.factor
        band = np.zeros(((down.stop - down.start) * factor, latents.shape[-1] * factor, 4), np.float32)
        for across in spans(latents.shape[-1], cells, overlap):
            said = self.decode_tile(latents[..., down.start : down.stop, across.start : across.stop])
            weight = Tile(_pixel_span(across, factor), _pixel_span(down, factor)).weights()[:, :, None]
            columns = slice(across.start * factor, across.stop * factor)
            band[:, columns, :3] += said * weight
            band[:, columns, 3:] += weight
        return band

    def decode_tile(self, latents: Any) -> Float32:
        """(H, W, 3) float32, nominally −1 … 1, of (1, channels, h, w)."""
        with torch.inference_mode():
            given = self._unscaled(latents.to(self._device, torch.float32)).to(self.vae.dtype)
            said = self.vae.decode(given[:, :, None] if self._moving else given, return_dict=False)[0]
            said = said[:, :, 0] if self._moving else said
            return np.asarray(said[0].float().cpu().numpy().transpose(1, 2, 0))

    @property
    def _moving(self) -> bool:
        """True for the VAEs of films (Qwen-Image's), whose pictures have one frame."""
        return hasattr(self.vae.config, "temperal_downsample")

    def _scaled(self, latents: Any) -> Any:
        mean, spread = self._statistics(latents)
        scale, shift = self._constants()
        return (latents - shift - mean) * scale / spread

    def _unscaled(self, latents: Any) -> Any:
        mean, spread = self._statistics(latents)
        scale, shift = self._constants()
        return latents * spread / scale + mean + shift

    def _constants(self) -> tuple[float, float]:
        """Scale and shift of the VAE's configuration; films' VAEs have statistics instead."""
        config = self.vae.config
        scale = 1.0 if self._moving else getattr(config, "scaling_factor", None) or 1.0
        return float(scale), float(getattr(config, "shift_factor", None) or 0.0)

    def _statistics(self, latents: Any) -> tuple[Any, Any]:
        """Mean and spread of each channel, where the VAE states them; else 0 and 1."""
        found = (getattr(self.vae.config, f"latents_{name}", None) for name in ("mean", "std"))
        mean, spread = (
            torch.full((1,), usual) if stated is None else torch.tensor(stated)
            for stated, usual in zip(found, (0.0, 1.0), strict=True)
        )
        return tuple(part.to(latents.device, latents.dtype).view(1, -1, 1, 1) for part in (mean, spread))


def _pixels(cells: slice, factor: int) -> slice:
    return slice(cells.start * factor, cells.stop * factor)


def _pixel_span(span: Span, factor: int) -> Span:
    return Span(*(factor * value for value in (span.start, span.stop, span.fall_in, span.fall_out)))
