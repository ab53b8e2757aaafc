"""The value plan of a picture: whether it reads as dark, middle and light masses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.picture.arrays import UInt8
from genzu.picture.colour import oklab_from_srgb8

_ROWS = 90
"""Masses are what is left when the picture is small."""
_BINS = 64
_LEAST_GAP, _LEAST_SHARE = 0.11, 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuePlan:
    """Three value groups, dark, middle and light."""

    shares: tuple[float, float, float]
    """Shares of the picture's area; they sum to 1."""
    means: tuple[float, float, float]
    """Mean OKLab lightness of each, 0–1, rising."""
    separation: float
    """0–1: share of the variance of lightness that lies between the groups (Otsu's criterion)."""

    @property
    def gap(self) -> float:
        """The smaller of the two steps between neighbouring groups, in OKLab lightness."""
        return min(self.means[1] - self.means[0], self.means[2] - self.means[1])

    @property
    def clear(self) -> bool:
        """True if each group is a mass and stands apart from its neighbour."""
        return self.gap >= _LEAST_GAP and min(self.shares) >= _LEAST_SHARE

    def to_dict(self) -> dict[str, object]:
        """For the JSON beside a painting."""
        return {
            "shares": [round(share, 3) for share in self.shares],
            "lightness": [round(mean, 3) for mean in self.means],
            "gap": round(self.gap, 3),
            "separation": round(self.separation, 3),
            "clear": self.clear,
        }


def value_plan(picture: UInt8) -> ValuePlan:
    """Value plan of (h, w, 3) sRGB: the two thresholds that part its lightness best (N. Otsu, 1979, three classes)."""
    height, width = picture.shape[:2]
    rows = min(_ROWS, height)
    small = Image.fromarray(picture).resize((max(1, round(width * rows / height)), rows), Image.Resampling.BOX)
    lightness = oklab_from_srgb8(np.asarray(small, np.uint8))[..., 0].ravel().astype(np.float64)
    counts, edges = np.histogram(lightness, bins=_BINS, range=(0, 1))
    low, high = _thresholds(counts / counts.sum(), (edges[1:] + edges[:-1]) / 2)
    group = np.digitize(lightness, [edges[low], edges[high]])
    shares = np.bincount(group, minlength=3) / len(group)
    middle = float(lightness.mean())
    sums = np.bincount(group, lightness, minlength=3)
    means = np.where(shares > 0, sums / np.maximum(shares * len(group), 1e-9), middle)
    total = float(lightness.var())
    between = float((shares * (means - middle) ** 2).sum())
    return ValuePlan(
        shares=(float(shares[0]), float(shares[1]), float(shares[2])),
        means=(float(means[0]), float(means[1]), float(means[2])),
        separation=between / total if total > 1e-9 else 0.0,
    )


def _thresholds(share: NDArray[np.float64], value: NDArray[np.float64]) -> tuple[int, int]:
    """First bins of the middle and of the light group."""
    weight = np.concatenate([[0.0], np.cumsum(share)])
    moment = np.concatenate([[0.0], np.cumsum(share * value)])

    def score(first: NDArray[np.intp], last: NDArray[np.intp]) -> NDArray[np.float64]:
        mass = weight[last] - weight[first]
        return np.asarray((moment[last] - moment[first]) ** 2 / np.maximum(mass, 1e-9))

    low, high = np.triu_indices(len(share) - 1, 1)
    low, high = low + 1, high + 1
    best = score(np.zeros_like(low), low) + score(low, high) + score(high, np.full_like(high, len(share)))
    at = int(np.argmax(best))
    return int(low[at]), int(high[at])
