"""What ``genzu paint --all`` costs: per cut, beyond the engine's own time, with more cuts and more processes.

python benchmarks/show.py                   fake engine: 6, 48, 480 cuts at 320×180 in one process, materials given, and
                                            what a finished show takes to say that nothing is stale
python benchmarks/show.py --cuts 6,48       other numbers of cuts
python benchmarks/show.py --embedded 6      also six cuts at 960×540 by the embedded engine, one process against two
python benchmarks/show.py --wide 30000x2000 also what intake and plan of one big layout cost

CPU seconds are those of this process and its children; where other programs run beside it, trust them and not the wall
clock. The parts of a cut are measured around the functions that do them, in one process:

  intake      paper, frame, pencils                       grows with the pixels
  reading     the network (if asked) and the regions      is the reader's own
  engine      rough and painting                          is the engine's own
  measuring   line fidelity, values, unsure regions       grows with the pixels
  pictures    PNG, JPEG, PSD: encoding and writing        grows with the pixels
  the rest    plan, claims, ledger, names, JSON           the overhead of the build itself
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
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

PARTS = {
    "intake": ("genzu.steps.journey:take_in",),
    "reading": ("genzu.steps.making:read",),
    "engine": ("genzu.steps.making:paint_with",),
    "measuring": (
        "genzu.steps.making:measure", "genzu.steps.making:value_plan", "genzu.steps.package:doubts",
        "genzu.steps.package:doubt_sheet",
    ),
    "pictures": (
        "genzu.store.pictures:Pictures.keep", "genzu.store.pictures:Pictures.load", "genzu.steps.package:write_png",
        "genzu.steps.package:write_jpeg", "genzu.steps.package:_psd",
    ),
}  # fmt: skip


def cpu_seconds() -> float:
    """Of this process and of all that it waited for."""
    return sum(os.times()[:4])


def watch_parts() -> dict[str, float]:
    """Measure CPU seconds of every part; a part within a part counts for the inner one."""
    spent = dict.fromkeys(PARTS, 0.0)
    inner = [0.0]

    def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **named: Any) -> Any:
            begin, inner[0] = time.process_time(), 0.0
            outside = inner[0]
            try:
                return work(*args, **named)
            finally:
                took = time.process_time() - begin
                spent[name] += took - inner[0]
                inner[0] = outside + took

        return run

    for name, places in PARTS.items():
        for place in places:
            module, _, path = place.partition(":")
            *owners, attribute = path.split(".")
            owner: Any = import_module(module)
            for step in owners:
                owner = getattr(owner, step)
            setattr(owner, attribute, timed(name, getattr(owner, attribute)))
    return spent


def make_show(folder: Path, cuts: int, engine: str, size: tuple[int, int]) -> None:
    """A show whose cuts all have another drawing. For the fake engine a materials picture stands for the network."""
    from PIL import Image, ImageDraw

    from genzu.core.cut import Cut
    from genzu.store.show import Show

    width, height = size
    grey, unit = (70, 70, 72), width / 320
    given = folder.parent / "materials.png"
    Image.new("L", size, 5).save(given)
    with Show.create(folder, "Benchmark") as show:
        materials = show.keep_file(given) if engine == "fake" else None
        for number in range(1, cuts + 1):
            page = Image.new("RGB", size, (250, 248, 242))
            pen = ImageDraw.Draw(page)
            pen.line([(0, height * 0.55), (width, height * 0.54)], fill=grey, width=max(2, round(unit)))
            pen.line([(0, height * 0.4), (width * 0.4, height * 0.2), (width, height * 0.54)], fill=grey, width=2)
            left = (number * 7) % 200 * unit
            pen.rectangle([left, height * 0.4, left + 60 * unit, height * 0.7], outline=grey, width=2)
            pen.line([(number % 300 * unit, 5 * unit), (number % 300 * unit, (20 + number // 300) * unit)], fill=grey)
            layout = folder.parent / f"{number:04}.png"
            page.save(layout)
            cut = Cut(
                number=f"{number:04}", layout=show.keep_file(layout), prompt="village, summer", engine=engine,
                materials=materials,
            )  # fmt: skip
            show.add_cut(cut)
            layout.unlink()


def measure_build(folder: Path, workers: int) -> dict[str, Any]:
    """Paint a show and say what it cost."""
    spent = watch_parts() if workers == 1 else {}
    from genzu.steps.batch import LocalCrew
    from genzu.steps.build import build, plan_build
    from genzu.store.show import Show

    class Nobody:
        def waits(self, _numbers: object) -> None:
            pass

        def done(self, _planned: object, _result: object) -> None:
            pass

    wall, cpu = time.perf_counter(), cpu_seconds()
    with Show.open(folder) as show:
        plan = plan_build(show)
    results = list(build(folder, plan, LocalCrew(workers), Nobody()))
    failed = [str(result.error) for result in results if result.error]
    peaks = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "cuts": len(results), "failed": failed, "wall": time.perf_counter() - wall, "cpu": cpu_seconds() - cpu,
        "peak": max(peaks) / 1024, "parts": spent,
        "engine": sum(t.measures["seconds"] for r in results for s in r.sheets for t in (s.rough, s.painting)),
    }  # fmt: skip


def run(*words: object) -> dict[str, Any]:
    """This program again, in a process of its own."""
    done = subprocess.run([sys.executable, __file__, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def table(cuts: int, workers: int, folder: Path, figures: dict[str, Any]) -> None:
    """One line, and one with the parts."""
    if figures["failed"]:
        sys.exit(figures["failed"][0])
    private = folder / ".genzu"
    ledger = sum(path.stat().st_size for path in private.glob("ledger.db*")) / 1024
    print(
        f"{cuts:5} cuts {workers} process{'es' if workers > 1 else '  '} {figures['wall']:8.1f} s wall "
        f"{figures['cpu']:8.1f} s CPU  per cut {1000 * figures['wall'] / cuts:6.0f} ms wall "
        f"{1000 * figures['cpu'] / cuts:6.0f} ms CPU  peak {figures['peak']:5.0f} MiB  "
        f"ledger {ledger / cuts:5.1f} KiB a cut",
        flush=True,
    )
    if figures["parts"]:
        parts = {name: 1000 * seconds / cuts for name, seconds in figures["parts"].items()}
        parts["the rest"] = 1000 * figures["cpu"] / cuts - sum(parts.values())
        print("      of this, ms CPU per cut: " + ", ".join(f"{name} {part:.0f}" for name, part in parts.items()))


def restart(folder: Path) -> None:
    """The whole command, from the start of Python to its end, on a finished show; the best of three."""
    command = [sys.executable, "-c", "from genzu.cli.main import run; import sys; sys.argv[0] = 'genzu'; run()"]
    for words in (["paint", "--all"], ["status"]):
        best = {"wall": float("inf"), "cpu": float("inf")}
        for _ in range(3):
            wall, cpu = time.perf_counter(), cpu_seconds()
            done = subprocess.run([*command, *words, "--show", str(folder)], capture_output=True, text=True, check=True)
            best["wall"] = min(best["wall"], time.perf_counter() - wall)
            best["cpu"] = min(best["cpu"], cpu_seconds() - cpu)
        print(f"      genzu {' '.join(words)}, nothing stale: {best['wall']:.2f} s wall, {best['cpu']:.2f} s CPU: "
              f"{done.stdout.splitlines()[-1]}", flush=True)  # fmt: skip


def wide(size: str) -> None:
    """One big layout: taken in once, then planned without being looked at."""
    width, height = map(int, size.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        show = Path(folder) / "show"
        make_show(show, 1, "fake", (width, height))
        figures = run("--one", show, "--workers", 1)
        print(f"{size}, fake engine: intake {figures['parts']['intake']:.1f} s CPU, peak {figures['peak']:.0f} MiB")
        restart(show)


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cuts", default="6,48,480")
    options.add_argument("--embedded", type=int, default=0, metavar="CUTS")
    options.add_argument("--wide", metavar="WxH")
    options.add_argument("--keep", type=Path, help="leave the shows in this folder")
    options.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--workers", type=int, default=1, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.one:
        print(json.dumps(measure_build(asked.one, asked.workers)))
        return
    place = asked.keep or Path(tempfile.mkdtemp())
    place.mkdir(parents=True, exist_ok=True)
    try:
        print("fake engine, 320×180")
        for cuts in [int(count) for count in asked.cuts.split(",") if count]:
            make_show(place / f"fake-{cuts}", cuts, "fake", (320, 180))
            table(cuts, 1, place / f"fake-{cuts}", run("--one", place / f"fake-{cuts}", "--workers", 1))
            restart(place / f"fake-{cuts}")
        if asked.embedded:
            print("embedded engine, 960×540")
        for workers in (1, 2) if asked.embedded else ():
            folder = place / f"embedded-{workers}"
            make_show(folder, asked.embedded, "embedded", (960, 540))
            table(asked.embedded, workers, folder, run("--one", folder, "--workers", workers))
        if asked.wide:
            wide(asked.wide)
    finally:
        if asked.keep is None:
            shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
