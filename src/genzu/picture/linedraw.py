"""Lines from a painting: what its layout may have looked like, for pairs of line and painting.

Difference of Gaussians with a soft threshold (XDoG: Winnemöller, Kyprianidis, Olsen, "XDoG: An eXtended
difference-of-Gaussians compendium", 2012), here on the colour itself in OKLab, smoothed along the flow of the edges
as in the flow-based variant of the same paper, and held against the texture around it, so that brushwork and leaves
do not become lines. A line stands on the darker side of an edge. The tone part of XDoG (black areas) is left out.
"""

from __future__ import annotations

import mahotas
import numpy as np
import pyvips
from numpy.typing import NDArray

from genzu.core.geometry import Extent
from genzu.picture.arrays import Bool, Float32, UInt8, extent_of
from genzu.picture.colour import oklab_from_srgb8
from genzu.picture.resize import resize_plane

ROWS = 720
"""Taller paintings are reduced to this height: finer lines no model sees, and grain is gone."""

_WIDER = 1.6
"""The second Gaussian against the first: close to the Laplacian (Marr and Hildreth, as the paper cites)."""
_FAINTEST = 0.006
"""Response (OKLab) from which there is a line at all."""
_STANDS_OUT = 1.5
"""A line must be this many times the mean response around it."""
_SLOPE = 260.0
"""Steepness of the soft threshold (φ of the paper)."""
_FLOW_STEPS = 5
_LEAST_AREA = 24
"""Pixels of a line that is kept, at ``ROWS`` rows."""


def lines_of(painting: UInt8) -> UInt8:
    """Draw the lines of an (H, W, 3) sRGB uint8 painting: (H, W) uint8, 0 = paper, 255 = full strength."""
    full = extent_of(painting)
    small = full if full.height <= ROWS else full.scaled(ROWS / full.height)
    lab = oklab_from_srgb8(_reduced(painting, small))
    sigma = max(0.7, 1.25 * small.height / ROWS)
    tangent, towards = _flow(lab, 3 * sigma)
    response = _along(_darker_side(lab, towards, sigma), tangent)
    floor = np.maximum(_FAINTEST, _STANDS_OUT * _blurred(np.abs(response), 9 * sigma))
    strength = np.clip(np.tanh(_SLOPE * np.maximum(response - floor, 0)), 0, 1)
    strength[~_long_enough(strength > 0.15, strength > 0.6, round(_LEAST_AREA * small.height / ROWS))] = 0
    return resize_plane((strength * 255 + 0.5).astype(np.uint8), full)


def _reduced(painting: UInt8, size: Extent) -> UInt8:
    return np.stack([resize_plane(np.ascontiguousarray(painting[..., c]), size) for c in range(3)], axis=-1)


def _blurred(plane: Float32, sigma: float) -> Float32:
    """Gaussian; beyond the border the last pixel goes on."""
    image = pyvips.Image.new_from_array(np.ascontiguousarray(plane, np.float32))
    blurred: Float32 = image.gaussblur(sigma, precision="float", min_ampl=0.02).numpy()
    return blurred


def _flow(lab: Float32, sigma: float) -> tuple[Float32, Float32]:
    """(2, H, W) unit tangent (dy, dx) of the edges, and (3, H, W) unit colour in which an edge rises.

    From the smoothed structure tensor of all three channels (Di Zenzo 1986); the colour points to the lighter side.
    """
    lab = np.stack([_blurred(lab[..., c], sigma / 3) for c in range(3)], axis=-1)
    dy, dx = (np.asarray(one, np.float32) for one in np.gradient(lab, axis=(0, 1)))
    yy, xx, xy = (_blurred((one * other).sum(-1), sigma) for one, other in ((dy, dy), (dx, dx), (dx, dy)))
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)  # of the steepest rise
    ny, nx = np.sin(angle), np.cos(angle)
    rise: Float32 = np.stack([_blurred(dy[..., c] * ny + dx[..., c] * nx, sigma / 2) for c in range(3)])
    # The angle is known only up to half a turn: smoothing along it may cancel, so the sign is set by the lightness.
    rise = np.where(np.abs(rise).sum(0) > 1e-7, rise, np.moveaxis(dy * ny[..., None] + dx * nx[..., None], -1, 0))
    leading = np.where(np.abs(rise[0]) > 0.25 * np.linalg.norm(rise, axis=0), rise[0], rise[1] + 0.5 * rise[2])
    rise = rise * np.where(leading < 0, -1, 1)
    length = np.maximum(np.linalg.norm(rise, axis=0), 1e-9)
    return np.stack([nx, -ny]).astype(np.float32), (rise / length).astype(np.float32)


def _darker_side(lab: Float32, towards: Float32, sigma: float) -> Float32:
    """(H, W) how much a place lies on the darker side of an edge, or on a dark line: G(kσ) - G(σ) along the rise."""
    response = np.zeros(lab.shape[:2], np.float32)
    for channel in range(3):
        plane = lab[..., channel]
        response += (_blurred(plane, _WIDER * sigma) - _blurred(plane, sigma)) * towards[channel]
    return response


def _along(response: Float32, tangent: Float32) -> Float32:
    """Mean of the response along the edge, both ways, Gaussian weights: broken strokes join, specks fade."""
    height, width = response.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    total, weights = response.copy(), 1.0
    for way in (1.0, -1.0):
        y, x = rows.copy(), columns.copy()
        last = tangent * way
        for step in range(1, _FLOW_STEPS + 1):
            y, x = y + last[0], x + last[1]
            iy = np.clip(np.rint(y), 0, height - 1).astype(np.intp)
            ix = np.clip(np.rint(x), 0, width - 1).astype(np.intp)
            weight = float(np.exp(-0.5 * (step / (_FLOW_STEPS / 2)) ** 2))
            total += weight * response[iy, ix]
            weights += weight
            here = tangent[:, iy, ix]
            last = np.where((here * last).sum(0) < 0, -here, here)  # tangents have no sign: go on, do not turn back
    return total / np.float32(weights)


def _long_enough(faint: Bool, strong: Bool, least: int) -> NDArray[np.bool_]:
    """Connected faint pixels that hold a strong one and are not specks (hysteresis, Canny 1986)."""
    labels, count = mahotas.label(faint, np.ones((3, 3), bool))
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    held = np.bincount(labels[strong], minlength=count + 1) > 0
    keep = held & (sizes >= least)
    keep[0] = False
    kept: NDArray[np.bool_] = keep[labels]
    return kept
