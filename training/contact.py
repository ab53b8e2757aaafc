"""Contact sheets: several seeds of a kind side by side (``python -m training.contact KIND -o FILE``).

``python -m training.contact --source --seed 0 --count 48 FILE`` shows what training sees: ink beside materials.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from genzu.core.material import Material
from training.hand import Hand
from training.paper import Paper, draw_on
from training.render import render
from training.scenes import KINDS, Vary, draw
from training.source import sample


def coloured(materials: np.ndarray) -> np.ndarray:
    """Materials in their legend colours."""
    return np.array([m.legend for m in Material], np.uint8)[materials]


def sheet(kinds: list[str], seeds: list[int], size: tuple[int, int], vary: Vary, *, someone: bool) -> Image.Image:
    """A row per kind, a column per seed; drawing above its materials when there is only one kind."""
    rows = []
    for kind in kinds:
        tops, lows = [], []
        for seed in seeds:
            hand = Hand.someone(np.random.default_rng([7, seed])) if someone else Hand(seed=seed)
            inked = render(draw(kind, seed, vary), hand, size=size)
            tops.append(draw_on(inked, hand, Paper(seed=seed)))
            lows.append(coloured(inked.materials))
        rows.append(np.concatenate(tops, 1))
        rows.append(np.concatenate(lows, 1))
    return Image.fromarray(np.concatenate(rows))


def source_sheet(first: int, count: int, size: tuple[int, int], kind: str | None = None) -> Image.Image:
    """Training pairs, three to a row: ink on white beside its materials, with kind and seed."""
    cells = []
    for seed in range(first, first + count):
        pair = sample(seed, size, kind)
        ink = np.repeat(255 - pair.ink[..., None], 3, 2)
        cell = Image.fromarray(np.concatenate([ink, coloured(pair.materials)], 1))
        ImageDraw.Draw(cell).text((3, 2), f"{pair.kind} {seed}", fill=(255, 0, 0))
        cells.append(np.asarray(cell))
    while len(cells) % 3:
        cells.append(np.zeros_like(cells[0]))
    return Image.fromarray(np.concatenate([np.concatenate(cells[i : i + 3], 1) for i in range(0, len(cells), 3)]))


def main() -> None:
    """Write a contact sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=list(KINDS))
    parser.add_argument("-o", "--out", type=Path, default=Path("contact.png"))
    parser.add_argument("--seeds", default="1-6", help="first-last")
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--depart", type=float, default=0.0)
    parser.add_argument("--detail", type=float, default=1.0)
    parser.add_argument("--someone", action="store_true", help="a random hand for each seed")
    parser.add_argument("--source", action="store_true", help="training pairs; the only other word is the file")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=48)
    parser.add_argument("--kind", help="only this kind of training scene")
    given = parser.parse_args()
    if given.source:
        out = Path(given.kinds[0]) if given.kinds != list(KINDS) and given.kinds else given.out
        width = min(given.width, 320)
        source_sheet(given.seed, given.count, (width, round(width * 9 / 16)), given.kind).save(out)
        return
    first, _, last = given.seeds.partition("-")
    seeds = list(range(int(first), int(last or first) + 1))
    vary = Vary(depart=given.depart, detail=given.detail)
    size = (given.width, round(given.width * 9 / 16))
    sheet(given.kinds, seeds, size, vary, someone=given.someone).save(given.out)


if __name__ == "__main__":
    main()
