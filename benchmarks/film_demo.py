"""The film demo, measured: ``python benchmarks/film_demo.py DIR [--workers N] [--sheet film.jpg]``.

Prints wall time, CPU time and peak memory of painting and film, and the dearest cuts; ``DIR/demo.json`` has every cut.
Nothing that ``DIR`` holds already is painted again: give an empty folder. ``--sheet`` writes one picture of each cut.
"""

from __future__ import annotations

import argparse
import os
import resource
from pathlib import Path
from time import perf_counter

from genzu.core.geometry import Extent
from genzu.picture.contact import contact_sheet
from genzu.picture.files import write_jpeg
from genzu.steps.demo_film import FilmDemo, make_film_demo
from genzu.steps.film_plan import plan_shots
from genzu.steps.film_shot import load_shot
from genzu.store.show import Show

PAINTING_S, ALL_S = 180.0, 300.0
"""Goals on two cores."""
CELL = Extent(176, 100)


def cpu_seconds() -> float:
    """Of this process and of all that it waited for."""
    return sum(os.times()[:4])


def tell(made: FilmDemo, wall: float, cpu: float) -> None:
    """Print the figures."""
    painting, film = made.seconds["painting"], made.seconds["film"]
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    own = sorted((one for one in made.cuts if one.seconds), key=lambda one: -one.took)
    print(f"painting {painting:.1f} s (goal {PAINTING_S:.0f}), film {film:.1f} s, all {wall:.1f} s (goal {ALL_S:.0f})")
    print(f"CPU {cpu:.1f} s on {os.cpu_count()} cores; largest process {peak:.0f} MiB")
    print(f"{len(made.cuts)} cuts on {len(own)} backgrounds, {len(made.results)} of them painted now")
    for one in own[:8]:
        print(f"  cut {one.cut.number}: {one.took:.1f} s  {one.seconds}")


def sheet(folder: Path, out: Path) -> None:
    """One frame of each cut, from its middle, in the order of the film."""
    with Show.open(folder) as show:
        shots = plan_shots(show, usual=72)
        pictures = [load_shot(show, shot, CELL).picture(shot.seen // 2) for shot in shots]
    labels = [f"{shot.number}" for shot in shots]
    write_jpeg(out, contact_sheet(pictures, labels, cell=CELL.width, columns=8), quality=41)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--sheet", type=Path)
    asked = parser.parse_args()
    begun, used = perf_counter(), cpu_seconds()
    made = make_film_demo(asked.folder, workers=asked.workers)
    tell(made, perf_counter() - begun, cpu_seconds() - used)
    if asked.sheet is not None:
        sheet(asked.folder, asked.sheet)


if __name__ == "__main__":
    main()
