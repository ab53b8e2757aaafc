"""Ink → a sheet of paper: tooth, tone, smudges, coloured pencils."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from training.hand import Hand
from training.render import Inked, Plane

_PENCIL = np.array([(54.0, 52.0, 56.0), (206.0, 60.0, 52.0), (84.0, 160.0, 214.0)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A sheet; values are 0–255 sRGB."""

    seed: int = 0
    tone: tuple[int, int, int] = (250, 247, 239)
    shading: float = 2.5
    """How much darker the darkest corner is."""
    levels: int = 11
    """Steps of tone that are kept: a drawing needs few, and few make small files."""


def grain(shape: tuple[int, int], rng: np.random.Generator, size: float = 1.0) -> Plane:
    """The paper's tooth, about 0–1, with a mean of 0.5."""
    noise = Image.fromarray((rng.random(shape, np.float32) * 255).astype(np.uint8))
    soft = np.asarray(noise.filter(ImageFilter.GaussianBlur(0.75 * size)), np.float32) / 255
    return np.clip(0.5 + (soft - 0.5) * (1.6 + 0.8 * size), 0, 1).astype(np.float32)


def draw_on(inked: Inked, hand: Hand, paper: Paper) -> NDArray[np.uint8]:
    """The sheet as it looks: (H, W, 3) uint8."""
    shape = inked.graphite.shape
    rng = np.random.default_rng([paper.seed, 2])
    tooth = grain(shape, rng, max(0.5, shape[0] / 1080))
    steps = paper.levels - 1
    bite = [_bite(plane, tooth, hand.tooth) for plane in (inked.graphite, inked.red, inked.blue)]
    if hand.smudge:
        bite[0] = np.maximum(bite[0], hand.smudge * _rubbed(inked.graphite))
    light = np.round((1 - bite[0]) * steps) / steps
    sheet = np.asarray(paper.tone, np.float32) - _shade(shape, paper, rng)[..., None]
    sheet = _PENCIL[0] + (sheet - _PENCIL[0]) * light[..., None]
    for colour, ink in zip(_PENCIL[1:], bite[1:], strict=True):
        ink = np.round(ink * 8) / 8
        sheet = sheet * (1 - ink[..., None] * (1 - colour / 255))
    return np.clip(np.round(sheet), 0, 255).astype(np.uint8)


def _bite(ink: Plane, tooth: Plane, strength: float) -> Plane:
    """Light strokes touch only the hills of the paper."""
    ink = ink**0.8
    held = ink * (1 + 0.6 * strength) - strength * 0.62 * tooth * (1.1 - ink)
    return np.where(ink > 0, np.clip(held, 0, 1), 0).astype(np.float32)


def _rubbed(ink: Plane) -> Plane:
    small = Image.fromarray((ink * 255).astype(np.uint8)).reduce(6)
    soft = small.filter(ImageFilter.GaussianBlur(5)).resize(ink.shape[::-1], Image.Resampling.BILINEAR)
    return np.minimum(1, np.asarray(soft, np.float32) / 90)


def _shade(shape: tuple[int, int], paper: Paper, rng: np.random.Generator) -> Plane:
    """Slow unevenness of the scan, in whole steps."""
    height, width = shape
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    ax, ay = rng.uniform(-1, 1, 2)
    slope = 0.5 + 0.35 * (ax * (x - 0.5) + ay * (y - 0.5)) + 0.3 * ((x - 0.5) ** 2 + (y - 0.5) ** 2)
    return np.floor(paper.shading * np.clip(slope, 0, 1)).astype(np.float32)
