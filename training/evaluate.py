"""How well a reader reads: ``python -m training.evaluate layouts FOLDER --prompts "a=beach, summer"``.

``layouts``: NAME.png with NAME.labels.png, through the real intake and the real reading (regions and votes).
``cache``: pictures of a training cache, the votes alone (use kinds that were held out).
Prints one line per picture, and the mean; ``--pictures DIR`` writes what was seen in the colours of the legend.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.lexicon import read_prompt
from genzu.core.material import Material
from genzu.engines import registry
from genzu.engines.base import MaterialReader, ReadRequest
from genzu.engines.readers.embedded import EmbeddedReader
from genzu.engines.readers.network import NetworkReader
from genzu.picture.arrays import LineArt
from genzu.picture.files import read_index
from genzu.picture.legend import coloured
from genzu.steps.intake import take_in
from genzu.steps.reading import read
from training.dataset import Cache
from training.marks import corrected

Bytes = NDArray[np.uint8]

LONGEST = 1.0
"""Length of a mark in picture heights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One picture."""

    name: str
    accuracy: float
    """Share of the pixels with the right material."""
    iou: float
    """Intersection over union, averaged over the materials that are there."""
    marks: int
    seconds: float

    def row(self) -> list[str]:
        return [self.name, f"{self.accuracy:.3f}", f"{self.iou:.3f}", str(self.marks), f"{self.seconds:.2f}"]


def score(guess: Bytes, answer: Bytes) -> tuple[float, float]:
    """Pixel accuracy and mean IoU over the materials present in the answer."""
    table = np.bincount(answer.ravel().astype(np.int64) * 17 + guess.ravel(), minlength=289).reshape(17, 17)
    right, there = np.diag(table), table.sum(1) > 0
    union = table.sum(0) + table.sum(1) - right
    return float(right.sum() / table.sum()), float((right[there] / union[there]).mean())


def confusion(guess: Bytes, answer: Bytes, worst: int = 5) -> str:
    """The largest mistakes in words, in % of the picture."""
    table = np.bincount(answer.ravel().astype(np.int64) * 17 + guess.ravel(), minlength=289).reshape(17, 17)
    table = table * (1 - np.eye(17, dtype=np.int64))
    found = np.argsort(table, axis=None)[::-1][:worst]
    share = 100 * table.ravel() / answer.size
    return ", ".join(
        f"{Material(k // 17).word}→{Material(k % 17).word} {share[k]:.1f}" for k in found if share[k] > 0.2
    )


def layouts(
    folder: Path, reader: MaterialReader, prompts: dict[str, str], *, marks: int = 0, longest: float = LONGEST,
    see: Callable[[str, LineArt, Bytes, Bytes], None] | None = None,
) -> list[Score]:  # fmt: skip
    """Score every NAME.png that has a NAME.labels.png, after each round of marks (0 … ``marks``).

    A mark is one stroke through the largest mistake, of at most ``longest`` picture heights.
    """
    scores = []
    for labels in sorted(folder.glob("*.labels.png")):
        name = labels.name.removesuffix(".labels.png")
        answer = read_index(labels)
        lines = take_in(folder / f"{name}.png").sheets[0].lines
        conditions = read_prompt(prompts.get(name, "")).conditions
        given = np.full(answer.shape, 255, np.uint8)
        for number in range(marks + 1):
            start = time.monotonic()
            guess = read(lines, conditions=conditions, reader=reader, marks=given if number else None).materials
            seconds = time.monotonic() - start
            accuracy, iou = score(guess, answer)
            scores.append(Score(name=name, accuracy=accuracy, iou=iou, marks=number, seconds=seconds))
            print(
                "  ", name, number, f"{accuracy:.3f} {iou:.3f}", confusion(guess, answer), file=sys.stderr, flush=True
            )
            if see is not None and number in (0, marks):
                see(f"{name}_{number}" if marks else name, lines, guess, answer)
            height = answer.shape[0]
            corrected(guess, answer, given, longest=longest * height, width=height / 216)
    return scores


def cached(folder: Path, reader: MaterialReader, kinds: tuple[str, ...], count: int) -> list[Score]:
    """Score stored training pictures by the votes alone, prompted with their place."""
    cache = Cache(folder)
    numbers = cache.ready(only=kinds)
    scores = []
    for at in numbers[:: max(1, len(numbers) // count)][:count]:
        start = time.monotonic()
        nothing = np.zeros_like(cache.lines[at])
        lines = LineArt(contour=np.array(cache.lines[at]), highlight=nothing, shadow=nothing, cel=nothing)
        votes = reader.votes(ReadRequest(lines=lines, conditions=cache.said(int(at))))
        seconds = time.monotonic() - start
        guess = np.argmax(votes, axis=2).astype(np.uint8)
        answer = np.asarray(Image.fromarray(cache.materials[at]).resize(guess.shape[::-1], Image.Resampling.NEAREST))
        accuracy, iou = score(guess, answer)
        kind = cache.kinds[int(cache.tags[at, 0]) - 1]
        scores.append(Score(name=f"{kind} {at}", accuracy=accuracy, iou=iou, marks=0, seconds=seconds))
    return scores


def by_kind(scores: list[Score]) -> list[Score]:
    """Mean of each kind, worst first."""
    kinds = sorted({s.name.split()[0] for s in scores})
    return sorted((mean_of([s for s in scores if s.name.split()[0] == k], k) for k in kinds), key=lambda s: s.accuracy)


def mean_of(scores: list[Score], name: str = "mean") -> Score:
    """The mean of some pictures."""
    mean = [float(np.mean([getattr(s, field) for s in scores])) for field in ("accuracy", "iou", "seconds")]
    return Score(name=name, accuracy=mean[0], iou=mean[1], marks=scores[0].marks, seconds=mean[2])


def seen(folder: Path) -> Callable[[str, LineArt, Bytes, Bytes], None]:
    """Writes drawing, guess and answer beside each other."""
    folder.mkdir(parents=True, exist_ok=True)

    def write(name: str, lines: LineArt, guess: Bytes, answer: Bytes) -> None:
        width = 640 * answer.shape[1] // answer.shape[0] // 16 * 9
        paper = np.repeat((255 - lines.contour)[..., None], 3, 2)
        panels = [
            Image.fromarray(p).resize((width, 360), Image.Resampling.BOX)
            for p in (paper, coloured(guess), coloured(answer))
        ]
        sheet = Image.new("RGB", (width, 1080) if width > 900 else (3 * width, 360))
        for i, panel in enumerate(panels):
            sheet.paste(panel, (0, 360 * i) if width > 900 else (width * i, 0))
        sheet.save(folder / f"{name}.png")

    return write


def _reader(asked: argparse.Namespace) -> MaterialReader:
    if asked.model and asked.reader == "network":
        return NetworkReader(asked.model, mirrored=not asked.unmirrored)
    if asked.model:
        return EmbeddedReader(asked.model)
    return registry.reader(asked.reader)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("what", choices=("layouts", "cache"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reader", default="embedded")
    parser.add_argument("--model", type=Path, help="an .onnx instead of the one that is shipped")
    parser.add_argument("--unmirrored", action="store_true")
    parser.add_argument("--prompts", nargs="*", default=[], help="NAME=PROMPT")
    parser.add_argument("--marks", type=int, default=0, help="rounds of marks, each where it is most wrong")
    parser.add_argument("--longest", type=float, default=LONGEST, help="length of a mark in picture heights")
    parser.add_argument("--kinds", nargs="*", default=[])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--csv", type=Path)
    asked = parser.parse_args()
    if asked.what == "layouts":
        prompts = dict(pair.split("=", 1) for pair in asked.prompts)
        scores = layouts(asked.folder, _reader(asked), prompts, marks=asked.marks, longest=asked.longest,
                         see=seen(asked.pictures) if asked.pictures else None)  # fmt: skip
        shown = scores + [mean_of([s for s in scores if s.marks == n]) for n in range(asked.marks + 1)]
    else:
        scores = cached(asked.folder, _reader(asked), tuple(asked.kinds), asked.count)
        shown = [*by_kind(scores), mean_of(scores)]
    rows = [["name", "accuracy", "iou", "marks", "seconds"], *[s.row() for s in shown]]
    csv.writer(sys.stdout).writerows(rows)
    if asked.csv:
        with asked.csv.open("w", newline="") as file:
            csv.writer(file).writerows(rows)


if __name__ == "__main__":
    main()
