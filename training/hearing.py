"""How much a mark weighs: collects marked drawings, and fits the small network of ``genzu.picture.hearing`` to them.

``python -m training.hearing collect FILE.npz --count 45 --seed 91`` draws scenes (none of the kinds held out), lets the
network read them, and puts five marks into each where it is most wrong, one after the other. After each mark the
evidence for every marked material is kept in some thousand places. ``python -m training.hearing fit FILE.npz … -o
src/genzu/data/hearing.npz`` needs torch; 300 steps, half a minute.
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
from genzu.picture.evidence import NAMES, Evidence, Unmarked
from genzu.picture.regions import ANALYSIS_HEIGHT, borders, ink_of, reduce_ink, trapped_balls
from genzu.picture.spread import ways_of
from genzu.picture.strips import as_one, cut_out, find_strips
from genzu.picture.votes import before_marks, decide
from training.fast.kinds import KINDS
from training.marks import NO_MARK, corrected
from training.source import sample

HELD_OUT = ("canal", "campsite", "crossing", "lake")
SIZE = (800, 450)
MARKS = 5
PLACES = 4000
"""Places kept of a picture after each mark."""
MOST = 5
"""Most materials that five marks can name."""
_UNITS, _STEPS, _BATCH, _RATE, _DECAY = 16, 300, 1536, 4e-3, 1e-2

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Places:
    """Some places of marked drawings: one row each."""

    evidence: Floats
    """(n, MOST, len(NAMES))."""
    kinds: NDArray[np.int64]
    """(n, MOST) the material that each evidence speaks for, -1 = none."""
    seen: Floats
    """(n, 17) logarithm of the votes before anything was marked."""
    heard: Floats
    """(n, 17) the same of the votes of a reader that was shown the marks."""
    answer: NDArray[np.int64]

    @staticmethod
    def joined(parts: list[Places]) -> Places:
        return Places(**{n: np.concatenate([getattr(p, n) for p in parts]) for n in Places.__dataclass_fields__})


def collect(seed: int, reader: EmbeddedReader) -> Places | None:
    """Draw one scene, mark it, and keep what was known in some places; ``None`` if nothing was wrong."""
    rng = np.random.default_rng(seed)
    kinds = [kind for kind in KINDS if kind not in HELD_OUT]
    drawn = sample(seed, SIZE, kinds[int(rng.integers(len(kinds)))])
    nothing = np.zeros_like(drawn.ink)
    lines = LineArt(contour=drawn.ink, highlight=nothing, shadow=nothing, cel=nothing)
    said = drawn.conditions if rng.random() < 0.6 else Conditions()
    ink = ink_of(lines)
    small = reduce_ink(ink, ANALYSIS_HEIGHT)
    strips = find_strips(small)
    rooms = cut_out(trapped_balls(small), strips)
    votes = as_one(reader.votes(ReadRequest(lines=lines, conditions=said)), strips)
    shape = votes.shape[:2]
    answer = np.asarray(Image.fromarray(drawn.materials).resize(shape[::-1], Image.Resampling.NEAREST))
    before = before_marks(votes, rooms, ink)
    guess = decide(votes, rooms, ink, None)
    marks = np.full(shape, NO_MARK, np.uint8)
    # Persons differ: long strokes and short ones, thin pens and thick ones.
    longest, width = float(rng.choice([1, 1, 0.5, 0.2])) * shape[0], float(rng.choice([1, 1, 2, 4])) * shape[0] / 216
    found = []
    for _ in range(MARKS):
        unclear = borders(answer) | borders(guess)
        if not corrected(guess, answer, marks, longest=longest, width=width):
            break
        large = np.asarray(Image.fromarray(marks).resize((ink.shape[1], ink.shape[0]), Image.Resampling.NEAREST))
        heard = as_one(reader.votes(ReadRequest(lines=lines, conditions=said, marks=large)), strips)
        found.append(_kept(before, marks, heard, np.where(unclear, -1, answer.astype(np.int64)), rng))
        guess = decide(votes, rooms, ink, marks, heard)
    return Places.joined(found) if found else None


def _kept(
    before: Unmarked, marks: Floats, heard: Floats, answer: NDArray[np.int64], rng: np.random.Generator
) -> Places:
    ways = ways_of(marks, before.seen, before.room, before.ink)
    evidence = Evidence(before, ways, heard)
    places = np.flatnonzero(answer.ravel() >= 0)
    places = rng.choice(places, min(PLACES, places.size), replace=False)
    numbers = np.zeros((places.size, MOST, len(NAMES)), np.float16)
    kinds = np.full((places.size, MOST), -1, np.int64)
    for at, kind in enumerate(evidence.kinds):
        numbers[:, at] = evidence.rows(slice(0, answer.shape[0]), kind).reshape(-1, len(NAMES))[places]
        kinds[:, at] = kind
    seen, told = (np.log(v.reshape(-1, len(Material))[places] + 0.003) for v in (before.seen, heard))
    return Places(evidence=numbers, kinds=kinds, seen=seen, heard=told, answer=answer.ravel()[places])


def fit(places: Places, seed: int = 0) -> dict[str, Floats]:
    """Weights for ``genzu.picture.hearing.Weights``, by cross entropy against the true materials."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    net = nn.Sequential(
        nn.Linear(len(NAMES), _UNITS), nn.ReLU(), nn.Linear(_UNITS, _UNITS // 2), nn.ReLU(), nn.Linear(_UNITS // 2, 1)
    )
    nn.init.zeros_(net[4].weight)
    votes, heard = nn.Parameter(torch.tensor(1.0)), nn.Parameter(torch.tensor(0.05))
    best = torch.optim.AdamW([*net.parameters(), votes, heard], _RATE, weight_decay=_DECAY)
    for step in range(_STEPS):
        best.param_groups[0]["lr"] = _RATE * min(1.0, (_STEPS - step) / (0.6 * _STEPS))
        at = torch.randint(0, len(places.answer), (_BATCH,)).numpy()
        seen, told = (torch.from_numpy(np.asarray(v[at], np.float32)) for v in (places.seen, places.heard))
        kinds = torch.from_numpy(places.kinds[at])
        added = net(torch.from_numpy(places.evidence[at].astype(np.float32)))[..., 0] * (kinds >= 0)
        logs = (votes * seen + heard * (told - seen)).scatter_add(1, kinds.clamp(min=0), added)
        loss = nn.functional.cross_entropy(logs, torch.from_numpy(places.answer[at]))
        best.zero_grad()
        loss.backward()
        best.step()
    names = (("first", 0), ("second", 2), ("last", 4))
    found = {name: net[at].weight.detach().numpy() for name, at in names}
    found |= {f"{name}_bias": net[at].bias.detach().numpy() for name, at in names}
    return found | {"votes": votes.detach().numpy(), "heard": heard.detach().numpy()}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("what", choices=("collect", "fit"))
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--count", type=int, default=45)
    parser.add_argument("--seed", type=int, default=91)
    parser.add_argument("-o", "--out", type=Path)
    asked = parser.parse_args()
    if asked.what == "collect":
        reader, parts = EmbeddedReader(), []
        for number in range(asked.count):
            part = collect(asked.seed * 1_000_003 + number, reader)
            parts += [part] if part is not None else []
            print(f"{number + 1} of {asked.count}", file=sys.stderr, flush=True)
        np.savez(asked.files[0], **vars(Places.joined(parts)))
    else:
        stored = [np.load(file, allow_pickle=False) for file in asked.files]
        found = fit(Places.joined([Places(**{name: part[name] for name in part.files}) for part in stored]))
        np.savez(asked.out, **{name: np.asarray(value, np.float32) for name, value in found.items()})


if __name__ == "__main__":
    main()
