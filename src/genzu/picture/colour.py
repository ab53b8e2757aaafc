"""Colour arithmetic: sRGB ↔ linear light ↔ OKLab.

sRGB is IEC 61966-2-1; OKLab is B. Ottosson, "A perceptual color space for image processing", 2020.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from genzu.picture.arrays import Float32, UInt8

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
_FROM_LAB = np.linalg.inv(_TO_LAB.astype(np.float64)).astype(np.float32)
_FROM_LMS = np.linalg.inv(_TO_LMS.astype(np.float64)).astype(np.float32)


@cache
def _linear_of_byte() -> Float32:
    value = np.arange(256, dtype=np.float64) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


@cache
def _byte_of_linear() -> UInt8:
    """16-bit linear → sRGB byte; finer than 8 bit needs anywhere but the last dark step."""
    value = np.arange(65536, dtype=np.float64) / 65535
    srgb = np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055)
    return np.round(srgb * 255).astype(np.uint8)


def linear_from_srgb8(picture: UInt8) -> Float32:
    """Linear light 0–1 (float32) of sRGB bytes, any shape."""
    return _linear_of_byte()[picture]


def srgb8_from_linear(light: NDArray[np.float32]) -> UInt8:
    """sRGB bytes of linear light; values outside 0–1 are clipped."""
    return _byte_of_linear()[np.clip(light * 65535 + 0.5, 0, 65535).astype(np.uint16)]


def oklab_from_linear(light: NDArray[np.float32]) -> Float32:
    """OKLab (…, 3) of linear sRGB (…, 3): L 0–1, a and b about ±0.4."""
    lms = np.cbrt(np.maximum(light @ _TO_LMS.T, 0))
    return np.asarray(lms @ _TO_LAB.T, np.float32)


def linear_from_oklab(lab: NDArray[np.float32]) -> Float32:
    """Linear sRGB (…, 3) of OKLab (…, 3); may leave 0–1 when the colour is out of gamut."""
    root = lab @ _FROM_LAB.T
    return np.asarray((root * root * root) @ _FROM_LMS.T, np.float32)


def oklab_from_srgb8(picture: UInt8) -> Float32:
    """OKLab (…, 3) float32 of sRGB bytes (…, 3)."""
    return oklab_from_linear(linear_from_srgb8(picture))


def srgb8_from_oklab(lab: NDArray[np.float32]) -> UInt8:
    """sRGB bytes of OKLab; out-of-gamut colours are clipped per channel."""
    return srgb8_from_linear(linear_from_oklab(lab))


def hex_to_linear(code: str) -> Float32:
    """``#rrggbb`` → (3,) linear light."""
    return linear_from_srgb8(np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], np.uint8))
