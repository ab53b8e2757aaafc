"""How much nearer a board brings rough and painting to its palette: a table over layouts and boards.

python benchmarks/boards.py LAYOUTS BOARDS [--boards 10] [--rows 540]

LAYOUTS holds NAME.png with NAME.labels.png; BOARDS is a folder of paintings, of which every so many is taken. Distances
are sliced Wasserstein distances in OKLab (``genzu.picture.palette``); 1.00 would be a board that changes nothing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from genzu.core.geometry import Extent
from genzu.core.scene import Conditions, Season, Time, Weather
from genzu.core.take import Stage
from genzu.engines import registry
from genzu.engines.base import PaintRequest
from genzu.engines.run import paint_with
from genzu.picture.arrays import UInt8
from genzu.picture.files import read_rgb8
from genzu.picture.palette import palette_distance
from genzu.steps.intake import take_in
from genzu.steps.reading import read

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.FAIR)
GROUPS = ("overall", "dark", "middle", "light")


def painted(request: PaintRequest) -> tuple[UInt8, UInt8]:
    """Rough and painting."""
    engine = registry.engine("embedded")
    rough = paint_with(engine, request)
    last = {name: getattr(request, name) for name in ("lines", "reading", "conditions", "prompt", "seed", "board")}
    return rough, paint_with(engine, PaintRequest(stage=Stage.PAINTING, rough=rough, **last))


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("layouts", type=Path)
    options.add_argument("boards_from", type=Path)
    options.add_argument("--boards", type=int, default=10)
    options.add_argument("--rows", type=int, default=540)
    asked = options.parse_args()
    found = sorted(path for path in asked.boards_from.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    boards = found[len(found) // (2 * asked.boards) :: max(1, len(found) // asked.boards)][: asked.boards]
    print(f"{'layout':<12}{'stage':<10}" + "".join(f"{name:>9}" for name in GROUPS) + f"{'worst':>9}   worst board")
    ratios: dict[str, list[float]] = {}
    for labels in sorted(asked.layouts.glob("*.labels.png")):
        name = labels.name.removesuffix(".labels.png")
        full = Image.open(asked.layouts / f"{name}.png").size
        size = Extent(round(full[0] * asked.rows / full[1]), asked.rows)
        lines = take_in(asked.layouts / f"{name}.png", size=size).sheets[0].lines
        materials = np.asarray(Image.open(labels).resize((size.width, size.height), Image.Resampling.NEAREST), np.uint8)
        reading = read(lines, conditions=NOON, reader=registry.reader("geometry"), materials=materials)
        common = {"lines": lines, "reading": reading, "conditions": NOON, "prompt": "", "seed": 1}
        plain = painted(PaintRequest(stage=Stage.ROUGH, **common))
        rows: dict[str, list[list[float]]] = {"rough": [], "painting": []}
        for path in boards:
            board = read_rgb8(path)
            lent = painted(PaintRequest(stage=Stage.ROUGH, board=board, **common))
            for stage, before, after in zip(rows, plain, lent, strict=True):
                far, near = palette_distance(before, board), palette_distance(after, board)
                rows[stage].append([getattr(near, group) / getattr(far, group) for group in GROUPS])
        for stage, table in rows.items():
            mean, worst = np.mean(table, axis=0), int(np.argmax([row[0] for row in table]))
            ratios.setdefault(stage, []).append(float(mean[0]))
            print(
                f"{name:<12}{stage:<10}" + "".join(f"{value:9.3f}" for value in mean)
                + f"{table[worst][0]:9.3f}   {boards[worst].stem[:40]}",
                flush=True,
            )  # fmt: skip
    for stage, means in ratios.items():
        print(f"{'mean':<12}{stage:<10}{np.mean(means):9.3f}")


if __name__ == "__main__":
    main()
