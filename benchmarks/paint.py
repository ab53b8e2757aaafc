"""Wall time, CPU time and peak memory of rough and painting, each in a process of its own.

The engine is warmed up before, as it is beside the reading when a cut is painted; the figures say what that takes.
Where tiles are painted by copies of the process, the peak is that of the largest one, shared pages included.

python benchmarks/paint.py                     1920×1080, 3840×1080, 3840×2160, each on one core and on two
python benchmarks/paint.py --wide 30000x2000   also a PAN sheet of that size (the layout is repeated), on all cores
python benchmarks/paint.py --peer              also G'MIC's brushify and painting on the same picture, if installed
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from genzu.core.geometry import Extent
from genzu.core.lexicon import read_prompt
from genzu.core.take import Stage
from genzu.engines import registry
from genzu.engines.base import PaintRequest
from genzu.engines.run import paint_with
from genzu.picture.arrays import LineArt
from genzu.steps.demo_pack import six_layouts
from genzu.steps.intake import take_in
from genzu.steps.reading import read

SIZES = ("1920x1080", "3840x1080", "3840x2160")


def prepare(extent: Extent) -> tuple[LineArt, np.ndarray, str]:
    """Lines and materials of the first demo layout at the wanted height, repeated sideways to the width."""
    with six_layouts() as (folder, entries):
        entry = entries[0]
        once = Extent(round(extent.height * 16 / 9), extent.height)
        lines = take_in(folder / entry["layout"], size=once).sheets[0].lines
        labels = Image.open(folder / entry["materials"]).resize((once.width, once.height), Image.Resampling.NEAREST)
    columns = np.arange(extent.width) % once.width
    planes = {name: np.ascontiguousarray(getattr(lines, name)[:, columns]) for name in LineArt.__dataclass_fields__}
    return LineArt(**planes), np.ascontiguousarray(np.asarray(labels, np.uint8)[:, columns]), entry["prompt"]


def cpu_seconds() -> float:
    """Of this process and of the copies of it that painted tiles."""
    return sum(os.times()[:4])


def measure_one(size: str, cores: int) -> dict[str, float]:
    """Intake is left out; reading, warm-up, rough and painting are timed one by one. ``cores`` 0 = all there are."""
    if cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    lines, materials, prompt = prepare(Extent.parse(size))
    conditions = read_prompt(prompt).conditions
    figures: dict[str, float] = {}

    def timed(name: str, work):
        wall, cpu = time.perf_counter(), cpu_seconds()
        result = work()
        figures[f"{name} wall"] = time.perf_counter() - wall
        figures[f"{name} cpu"] = cpu_seconds() - cpu
        peaks = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        figures[f"{name} peak"] = max(peaks) / 1024
        return result

    reading = timed(
        "reading",
        lambda: read(lines, conditions=conditions, reader=registry.reader("geometry"), materials=materials),
    )
    engine = registry.engine("embedded")
    timed("warm-up", engine.warm)
    common = {"lines": lines, "reading": reading, "conditions": conditions, "prompt": prompt, "seed": 1}
    rough = timed("rough", lambda: paint_with(engine, PaintRequest(stage=Stage.ROUGH, **common)))
    timed("painting", lambda: paint_with(engine, PaintRequest(stage=Stage.PAINTING, rough=rough, **common)))
    return figures


def table(size: str, cores: int, figures: dict[str, float]) -> None:
    """One line a step, and one for rough and painting together."""
    extent = Extent.parse(size)
    figures |= {f"both {what}": figures[f"rough {what}"] + figures[f"painting {what}"] for what in ("wall", "cpu")}
    figures["both peak"] = figures["painting peak"]
    for step in ("reading", "warm-up", "rough", "painting", "both"):
        wall, cpu, peak = (figures[f"{step} {what}"] for what in ("wall", "cpu", "peak"))
        each = wall / extent.pixels * 1e6
        print(
            f"{size:>12} {cores or 'all':>5}  {step:<9} {wall:7.2f} s {cpu:7.2f} s {peak:8.0f} MiB {each:7.2f} s/MP",
            flush=True,
        )


def peers(seconds: float) -> None:
    """G'MIC on a 1920×1080 colour picture, as a ratio to our rough + painting of the same run."""
    if shutil.which("gmic") is None:
        print("G'MIC is not installed: no peer figures")
        return
    noise = np.random.default_rng(1).integers(0, 255, (135, 240, 3), np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.png"
        Image.fromarray(noise).resize((1920, 1080), Image.Resampling.BICUBIC).save(source)
        for name, command in (("brushify", "fx_brushify"), ("painting", "fx_painting 2,2.5,1.5,50,1,0")):
            begin = time.perf_counter()
            subprocess.run(
                ["gmic", str(source), *command.split(), "-o", f"{folder}/out.png"], check=False, capture_output=True
            )
            wall = time.perf_counter() - begin
            print(f"   1920x1080  G'MIC {name:<9} {wall:6.2f} s   {wall / seconds:5.1f} × our rough + painting")


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--wide", metavar="WxH", action="append", default=[])
    options.add_argument("--peer", action="store_true")
    options.add_argument("--one", metavar="WxH", help=argparse.SUPPRESS)
    options.add_argument("--cores", type=int, default=0, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.one:
        print(json.dumps(measure_one(asked.one, asked.cores)))
        return
    print(f"{'size':>12} {'cores':>5}  {'step':<9} {'wall':>9} {'CPU':>9} {'peak':>12} {'per megapixel':>14}")
    ours = 0.0
    for size, cores in [(size, cores) for size in SIZES for cores in (1, 2)] + [(size, 0) for size in asked.wide]:
        command = [sys.executable, __file__, "--one", size, "--cores", str(cores)]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        figures = json.loads(run.stdout)
        table(size, cores, figures)
        if size == SIZES[0]:
            ours = figures["both wall"]
    if asked.peer:
        peers(ours)


if __name__ == "__main__":
    main()
