"""Stems of drawn tufts: each steep pencil stroke as one curved line, and tapered blades laid along such lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genzu.picture.arrays import Bool, Float32

_ENDS = 2
"""Rows at an end of a stroke whose mean is its end: a pencil's first pixel is nobody's intention."""
_BENT = 0.14
"""Share of its length that a blade is bent at most."""
SOFT = 0.35
"""Px that a blade's edge is soft to each side."""
_SHEATH = 0.3
"""Share of its width that a blade has where it leaves the ground."""
_AIRY = 0.85
"""Share of its opacity that the point of a blade has not."""


@dataclass(frozen=True, slots=True)
class Blades:
    """Blades in painting order; all arrays have length n, places in px inside the canvas.

    A blade is a parabola through ``foot`` (0), ``middle`` (0.5) and ``tip`` (1), seen from ``root`` to ``end``.
    """

    foot: Float32
    """(n, 2) x and y."""
    middle: Float32
    """(n,) x half-way."""
    tip: Float32
    """(n, 2) x and y."""
    root: Float32
    """Where it is lost in the ground: less than 0."""
    end: Float32
    """Where it ends in a point: 1 or more."""
    half: Float32
    """(n, 2) how far it reaches to the left and to the right of that line where it is broadest."""
    soft: Float32
    """(n, 2) px that its left and its right edge are soft to each side."""
    low: Float32
    """(n, 3) colour at the root."""
    high: Float32
    """(n, 3) colour at its end."""
    opacity: Float32


def followed(stroke: Bool) -> list[Float32]:
    """Each steep line in one component's (h, w) mask, as (5,): x and y of its foot, x half-way, x and y of its tip.

    Runs of a row go on in the runs below that they touch. Where two lines meet (a pencil's V) they share the run, where
    one parts the other begins.
    """
    edges = np.diff(np.pad(stroke.view(np.int8), ((0, 0), (1, 1))), axis=1)
    begun, ended = np.nonzero(edges > 0), np.nonzero(edges < 0)
    lines: list[list[tuple[int, float]]] = []
    above: list[tuple[int, float, float]] = []
    now: list[tuple[int, float, float]] = []
    row = -1
    for at, left, right in zip(begun[0].tolist(), begun[1].tolist(), ended[1].tolist(), strict=True):
        if at != row:
            above, now, row = (now if at == row + 1 else []), [], at
        free = {number for number, _left, _right in now}
        touched = [line for line in above if line[1] < right + 1 and line[2] > left - 1 and line[0] not in free]
        if not touched:
            touched = [(len(lines), left, right)]
            lines.append([])
        share = (right - left) / len(touched)
        for place, (number, _left, _right) in enumerate(touched):
            begin = left + place * share
            lines[number].append((at, begin + share / 2))
            now.append((number, begin, begin + share))
    return [_ends(np.array(line)) for line in lines if len(line) > _ENDS]


def _ends(line: NDArray[np.float64]) -> Float32:
    """From (n, 2) rows and middles, from top to bottom."""
    tip, foot = line[:_ENDS].mean(0), line[-_ENDS:].mean(0)
    third = len(line) // 3
    middle = line[third : len(line) - third].mean(0)
    straight = tip[1] + (foot[1] - tip[1]) * (middle[0] - tip[0]) / max(foot[0] - tip[0], 1)
    tall = line[-1, 0] - line[0, 0] + 1
    bend = float(np.clip(middle[1] - straight, -_BENT * tall, _BENT * tall))
    lean = (foot[1] - tip[1]) / max(foot[0] - tip[0], 1)
    top, bottom = line[0, 0], line[-1, 0] + 1
    x_tip, x_foot = tip[1] + lean * (top - tip[0]), foot[1] + lean * (bottom - foot[0])
    return np.array([x_foot, bottom, (x_tip + x_foot) / 2 + bend, x_tip, top], np.float32)


def lay_blades(canvas: Float32, blades: Blades) -> None:
    """Blend them onto the (h, w, 3) ``canvas`` one after the other, in place: a narrow foot, a point, no outline."""
    height, width = canvas.shape[:2]
    planes = canvas.transpose(2, 0, 1)
    tall = blades.tip[:, 1] - blades.foot[:, 1]
    first = np.maximum(np.floor(blades.foot[:, 1] + tall * blades.end).astype(np.int64), 0)
    last = np.minimum(np.ceil(blades.foot[:, 1] + tall * blades.root).astype(np.int64) + 1, height)
    # Row by row of all blades at once; what is left for each is its few pixels.
    count = np.maximum(last - first, 0)
    stop = np.cumsum(count)
    of = np.repeat(np.arange(len(count)), count)
    t = (np.arange(len(of)) - (stop - count - first)[of]).astype(np.float32)
    t = (t + np.float32(0.5) - blades.foot[of, 1]) / tall[of]
    # x(t) = foot + b·t + a·t²
    a = (2 * (blades.foot[:, 0] + blades.tip[:, 0] - 2 * blades.middle))[of]
    b = (blades.tip[:, 0] - blades.foot[:, 0])[of] - a
    spine = blades.foot[of, 0] + t * (b + a * t)
    root, end = blades.root[of], blades.end[of]
    grown = np.minimum(np.maximum((t - root) / (end - root), 0), 1)
    firm = np.float32(0.5) / blades.soft[of]
    steep = firm / np.sqrt(1 + ((b + 2 * a * t) / tall[of]) ** 2)[:, None]
    # It swells out of its sheath, and is a point at last.
    swell = np.minimum(np.float32(_SHEATH) + grown * np.float32(2.2), 1) * (1 - grown**2) ** np.float32(0.8)
    body = (blades.half * np.float32(1.12))[of] * swell[:, None] * firm + np.float32(0.5)
    # Below the stroke it is lost in the ground, above it in the light.
    beyond = np.minimum(np.maximum((t - 1) / (end - 1 + np.float32(1e-3)), 0), 1)
    seen = blades.opacity[of] * np.minimum(np.maximum(1 - t / root, 0), 1) * (1 - np.float32(_AIRY) * beyond)
    low = blades.low[of]
    colour = np.ascontiguousarray((low + (blades.high[of] - low) * grown[:, None]).T)[:, :, None]
    reach = blades.half + blades.soft + 2
    columns = np.arange(width, dtype=np.float32) + np.float32(0.5)
    for k in np.flatnonzero(count).tolist():
        rows = slice(stop[k] - count[k], stop[k])
        own = spine[rows]
        left, right = max(int(own.min() - reach[k, 0]), 0), min(int(own.max() + reach[k, 1] + 1), width)
        if left >= right:
            continue
        across = columns[left:right] - own[:, None]
        alpha = across * steep[rows, :1]
        alpha += body[rows, :1]
        across *= -steep[rows, 1:]
        across += body[rows, 1:]
        np.minimum(alpha, across, out=alpha)
        np.minimum(np.maximum(alpha, 0, out=alpha), 1, out=alpha)
        alpha *= seen[rows, None]
        view = planes[:, first[k] : last[k], left:right]
        view += (colour[:, rows] - view) * alpha
