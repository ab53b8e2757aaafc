"""How the parts of a drawing agree: collects read drawings, and fits the network of ``genzu.picture.consensus``.

``python -m training.consensus collect FILE.npz --count 400 --seed 51`` draws scenes (none of the kinds held out), lets
the reader read them, marks them where they are most wrong, lets it read again, and keeps the parts of each
state with the true material of every part. ``python -m training.consensus fit FILE.npz … -o
src/genzu/data/consensus.npz`` needs torch.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.material import Material
from genzu.core.scene import Conditions
from genzu.engines.base import ReadRequest
from genzu.engines.readers.embedded import EmbeddedReader
from genzu.picture.arrays import LineArt
from genzu.picture.parts import NUMBERS, RELATIONS, Parts, parts_of
from genzu.picture.regions import ANALYSIS_HEIGHT, ink_of, reduce_ink, trapped_balls
from genzu.picture.strips import as_one, cut_out, find_strips
from genzu.picture.votes import considered
from training.fast.kinds import KINDS
from training.hearing import HELD_OUT
from training.marks import NO_MARK, corrected
from training.source import ELABORATE, sample

SIZES = ((960, 540), (1066, 600), (800, 450))
ROUNDS = (0, 2, 3)
"""Most marks that are set in each reading: none at first."""
_ELABORATE = 0.1
"""Share of drawings by the generator of the demo."""

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Graph:
    """The parts of a drawing in one state."""

    numbers: Floats
    relations: Floats
    mixed: Floats
    answer: Floats
    """(n, 17) share of each material in the part."""
    size: Floats


def collect(seed: int, reader: EmbeddedReader, kinds: tuple[str, ...] | None = None) -> list[Graph]:
    """Draw one scene and read it, without marks and with some."""
    rng = np.random.default_rng(seed)
    pool = kinds or tuple(kind for kind in KINDS if kind not in HELD_OUT)
    if kinds is None and rng.random() < _ELABORATE:
        pool = tuple(ELABORATE)
    size = SIZES[int(rng.integers(len(SIZES)))]
    drawn = sample(seed, size, pool[int(rng.integers(len(pool)))])
    nothing = np.zeros_like(drawn.ink)
    lines = LineArt(contour=drawn.ink, highlight=nothing, shadow=nothing, cel=nothing)
    said = drawn.conditions if rng.random() < 0.75 else Conditions()
    ink = ink_of(lines)
    small = reduce_ink(ink, ANALYSIS_HEIGHT)
    strips = find_strips(small)
    rooms = cut_out(trapped_balls(small), strips)
    votes = as_one(reader.votes(ReadRequest(lines=lines, conditions=said)), strips)
    answer = np.asarray(Image.fromarray(drawn.materials).resize(votes.shape[1::-1], Image.Resampling.NEAREST))
    marks = np.full(answer.shape, NO_MARK, np.uint8)
    # Persons differ: long strokes and short ones, thin pens and thick ones.
    longest, width = float(rng.choice([1, 1, 0.5, 0.2])) * answer.shape[0], float(rng.choice([1, 1, 2, 4]))
    found: list[Graph] = []
    guess = None
    for most in ROUNDS:
        large = heard = None
        if guess is not None:
            for _ in range(int(rng.integers(1, most + 1))):
                corrected(guess, answer, marks, longest=longest, width=width * answer.shape[0] / 216)
            large = np.asarray(Image.fromarray(marks).resize(ink.shape[::-1], Image.Resampling.NEAREST))
            heard = as_one(reader.votes(ReadRequest(lines=lines, conditions=said, marks=large)), strips)
        read = considered(votes, rooms, ink, large, heard)
        guess = read.decided
        found.append(_graph(parts_of(read), answer))
    return found


def _graph(parts: Parts, answer: NDArray[np.uint8]) -> Graph:
    count, kinds = len(parts.size), len(Material)
    table = np.bincount(parts.label.ravel().astype(np.int64) * kinds + answer.ravel(), minlength=(count + 1) * kinds)
    share = table.reshape(-1, kinds)[1:] / np.maximum(table.reshape(-1, kinds)[1:].sum(axis=1, keepdims=True), 1)
    half = np.float16
    return Graph(numbers=parts.numbers.astype(half), relations=parts.relations.astype(half), mixed=parts.mixed,
                 answer=share.astype(half), size=parts.size)  # fmt: skip


def write(path: Path, graphs: list[Graph]) -> None:
    """All graphs behind each other; ``counts`` says where one ends."""
    np.savez(
        path, counts=np.array([len(g.size) for g in graphs]),
        relations=np.concatenate([g.relations.reshape(-1, RELATIONS) for g in graphs]),
        **{name: np.concatenate([getattr(g, name) for g in graphs]) for name in ("numbers", "mixed", "answer", "size")},
    )  # fmt: skip


def load(path: Path) -> list[Graph]:
    """What :func:`write` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        counts = stored["counts"]
        whole = {name: stored[name] for name in ("numbers", "mixed", "answer", "size", "relations")}
    ends, squares = np.cumsum(counts), np.cumsum(counts**2)
    return [
        Graph(
            **{name: whole[name][end - count : end] for name in ("numbers", "mixed", "answer", "size")},
            relations=whole["relations"][square - count**2 : square].reshape(count, count, RELATIONS),
        )
        for count, end, square in zip(counts, ends, squares, strict=True)
    ]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("what", choices=("collect",))
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=51)
    parser.add_argument("--kinds", nargs="*")
    asked = parser.parse_args()
    reader, graphs = EmbeddedReader(), []
    for number in range(asked.count):
        graphs += collect(asked.seed * 1_000_003 + number, reader, tuple(asked.kinds) if asked.kinds else None)
        if number % 20 == 19 or number + 1 == asked.count:
            write(asked.files[0].with_suffix(".part.npz"), graphs)
            asked.files[0].with_suffix(".part.npz").replace(asked.files[0])
            print(f"{number + 1} of {asked.count}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
