"""Draw the log of one run or several: ``python -m training.plot training/runs/NAME… -o plot.png``."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
from matplotlib import pyplot as plt


def columns(log: Path) -> dict[str, np.ndarray]:
    """The columns of a ``log.csv``; what was not measured is nan."""
    with log.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def plot(runs: list[Path], to: Path) -> None:
    """Loss, and scores on the held-out kinds of scene, against the pictures seen."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
    for run in runs:
        log = columns(run / "log.csv")
        seen = log["pictures"] / 1000
        left.plot(seen, log["loss"], label=run.name)
        for name, style in (("held_out_accuracy", "o-"), ("held_out_iou", "s--")):
            there = ~np.isnan(log[name])
            right.plot(seen[there], log[name][there], style, label=f"{run.name}: {name.removeprefix('held_out_')}")
    left.set(xlabel="thousand pictures", ylabel="loss")
    right.set(xlabel="thousand pictures", ylabel="on kinds of scene never trained on")
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend()
    figure.tight_layout()
    figure.savefig(to, dpi=100)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("-o", "--out", type=Path, required=True)
    asked = parser.parse_args()
    plot(asked.runs, asked.out)


if __name__ == "__main__":
    main()
