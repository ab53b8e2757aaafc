"""What a person without a GPU has today, beside Genzu: G'MIC (https://gmic.eu) on the same layouts, in one run.

python benchmarks/peers.py FOLDER --out peers.jpg      NAME.png with NAME.labels.png in FOLDER; three of them
python benchmarks/peers.py FOLDER --names river --large river      only one, and its times at 1920×1080 too

1  line-art colouring + brushify   ``fx_colorize_lineart_smart`` with colour spots, the lines over it, ``fx_brushify``
2  flat colours + painting         the materials in one fixed palette, the lines over it, ``fx_painting``
3  flat colours + brushify         the same, ``fx_brushify``
4  Genzu                           rough + painting

All know the same: the materials picture. G'MIC gets them as spots in the middle of every region (what its filter
wants), or as flat colours with borders that Genzu has already brought onto the lines. G'MIC is called as a program,
it is no part of Genzu and nothing of it is kept: Debian and Ubuntu have it as ``gmic`` (CeCILL).
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import mahotas
import numpy as np
from PIL import Image

from genzu.core.geometry import Extent
from genzu.core.lexicon import read_prompt
from genzu.core.take import Stage
from genzu.engines import registry
from genzu.engines.base import PaintRequest
from genzu.engines.run import paint_with
from genzu.picture.arrays import LineArt, Reading, UInt8
from genzu.picture.contact import contact_sheet
from genzu.picture.drawing import as_picture
from genzu.picture.fidelity import measure
from genzu.picture.legend import read_materials
from genzu.steps.intake import take_in
from genzu.steps.reading import read

PROMPTS = {
    "beach": "beach, summer, noon", "street": "shopping street, spring, afternoon", "river": "river, summer, morning",
    "shrine": "shrine, autumn, dusk", "ricefield": "rice field, summer, afternoon",
}  # fmt: skip
PALETTE = (
    "9cc8ec", "eef2f6", "8598b8", "4f7f3e", "6b5038", "86a850", "b59a72", "b8b2a8", "8a8780",
    "5f93b4", "e2d6bd", "8d5a4c", "54656f", "94704c", "6c727a", "d89a92", "ffe9a6",
)  # fmt: skip
"""sRGB of the materials 0–16: a daylight that a person might fill in by hand."""
COLOURING = "fx_colorize_lineart_smart 1,95,0,0,1,24,200,0,75,2,60,20,90,1,10,1,0"  # 1: from spots; the rest: defaults
BRUSHIFY = "fx_brushify 7,0.25,4,64,25,12,0,2,4,0.2,0.5,30,1,1,1,5,0,0.2,1"  # defaults
PAINTING = "fx_painting 1,2.5,1.5,50,1"  # abstraction 1 and not 5: more burns flat colours out to white and black
LARGEST_SHEET = 250_000
"""Bytes."""


@dataclass(frozen=True)
class Layout:
    name: str
    prompt: str
    lines: LineArt
    reading: Reading

    @property
    def flat(self) -> UInt8:
        """(H, W, 3): the materials in the palette with the drawing over them, as a person would lay them in."""
        return over(colours()[self.reading.materials], self.lines)


@dataclass(frozen=True)
class Figures:
    what: str
    picture: UInt8
    wall: float
    cpu: float


def colours() -> UInt8:
    """(17, 3) sRGB."""
    return np.array([[int(code[k : k + 2], 16) for k in (0, 2, 4)] for code in PALETTE], np.uint8)


def over(picture: UInt8, lines: LineArt) -> UInt8:
    """The drawing multiplied over a picture."""
    return (picture.astype(np.uint16) * as_picture(lines) // 255).astype(np.uint8)


def opened(folder: Path, name: str, extent: Extent) -> Layout:
    """Take in and read a layout with its materials picture, both at one size."""
    whole = take_in(folder / f"{name}.png").extent
    lines = take_in(folder / f"{name}.png", size=extent).sheets[0].lines
    labels = Image.fromarray(read_materials(folder / f"{name}.labels.png", whole))
    materials = np.asarray(labels.resize((extent.width, extent.height), Image.Resampling.NEAREST), np.uint8)
    prompt = PROMPTS.get(name, "summer, afternoon")
    reading = read(
        lines, conditions=read_prompt(prompt).conditions, reader=registry.reader("geometry"), materials=materials
    )
    return Layout(name, prompt, lines, reading)


def spots(reading: Reading) -> UInt8:
    """(H, W, 4): a dab of its colour in the deepest place of every region, the rest see-through."""
    regions = reading.regions
    height, width = regions.shape
    unit = height / 540
    depth = np.sqrt(mahotas.distance(np.pad(~mahotas.borders(regions), 1))[1:-1, 1:-1])
    deepest = np.zeros(int(regions.max()) + 1, np.int64)
    order = np.argsort(depth, axis=None, kind="stable")
    deepest[regions.ravel()[order]] = order  # what is written last stays: the deepest
    dabs = np.zeros((height, width, 4), np.uint8)
    rows, columns = np.ogrid[:height, :width]
    for region in np.flatnonzero(np.bincount(regions.ravel()) > 60 * unit * unit):
        y, x = divmod(int(deepest[region]), width)
        reach = np.clip(depth[y, x] / 2, 1.5, 10 * unit)
        dabs[(rows - y) ** 2 + (columns - x) ** 2 <= reach * reach] = (*colours()[reading.materials[y, x]], 255)
    return dabs


def timed(what: str, work: Callable[[], UInt8]) -> Figures:
    """Wall and CPU time of this process and its children."""

    def cpu() -> float:
        both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(usage.ru_utime + usage.ru_stime for usage in both)

    wall, before = time.perf_counter(), cpu()
    picture = work()
    return Figures(what, picture, time.perf_counter() - wall, cpu() - before)


def gmic(folder: Path, *words: str) -> UInt8:
    """Run G'MIC in a folder; give the picture that it left as out.png. Raises CalledProcessError."""
    subprocess.run(["gmic", *words, "to_rgb", "o", "out.png"], cwd=folder, check=True, capture_output=True)
    return np.asarray(Image.open(folder / "out.png").convert("RGB"), np.uint8)


def by_colouring(layout: Layout, folder: Path) -> UInt8:
    """Spots and lines go in; three layers come out, the last of them the colours; the lines are laid over these."""
    Image.fromarray(spots(layout.reading)).save(folder / "spots.png")
    Image.fromarray(as_picture(layout.lines)).save(folder / "lines.png")
    words = f"spots.png lines.png {COLOURING} keep[-1] to_rgb lines.png to_rgb mul div 255 {BRUSHIFY}"
    return gmic(folder, *words.split())


def by_filter(layout: Layout, folder: Path, command: str) -> UInt8:
    """The flat colours, painted by one filter."""
    Image.fromarray(layout.flat).save(folder / "flat.png")
    return gmic(folder, "flat.png", *command.split())


def by_genzu(layout: Layout) -> UInt8:
    """Both stages."""
    engine, conditions = registry.engine("embedded"), read_prompt(layout.prompt).conditions
    common = {
        "lines": layout.lines, "reading": layout.reading, "conditions": conditions, "prompt": layout.prompt, "seed": 1,
    }  # fmt: skip
    rough = paint_with(engine, PaintRequest(stage=Stage.ROUGH, **common))
    return paint_with(engine, PaintRequest(stage=Stage.PAINTING, rough=rough, **common))


def compared(layout: Layout, *, briefly: bool = False) -> list[Figures]:
    """All, one after the other; a line of the table each. ``briefly`` runs the slow brushify only once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        works: dict[str, Callable[[], UInt8]] = {
            "G'MIC colouring + brushify": lambda: by_colouring(layout, folder),
            "G'MIC painting on flat colours": lambda: by_filter(layout, folder, PAINTING),
            "G'MIC brushify on flat colours": lambda: by_filter(layout, folder, BRUSHIFY),
            "Genzu rough + painting": lambda: by_genzu(layout),
        }
        if briefly:
            del works["G'MIC brushify on flat colours"]
        found = [timed(what, work) for what, work in works.items()]
    ours = found[-1]
    for one in found:
        score = measure(layout.lines, one.picture)
        times = f"{one.wall:7.1f} s {one.wall / ours.wall:6.2f} × {one.cpu:7.1f} s {one.cpu / ours.cpu:6.2f} ×"
        lies = f"{score.line_fidelity:.3f} ({score.chance:.3f}) {score.shift:5.2f} px"
        print(f"{layout.name:<10} {layout.lines.extent!s:>9}  {one.what:<31} {times}   {lies}", flush=True)
    return found


def write_sheet(path: Path, rows: list[tuple[Layout, list[Figures]]]) -> None:
    """Layout and pictures side by side, as good a JPEG as fits."""
    pictures, labels = [], []
    for layout, found in rows:
        pictures += [as_picture(layout.lines), *(one.picture for one in found)]
        labels += [layout.name, *(one.what for one in found)]
    sheet = Image.fromarray(contact_sheet(pictures, labels, cell=400, columns=1 + len(rows[0][1])))
    for quality in range(88, 30, -4):
        sheet.save(path, quality=quality, optimize=True, progressive=True)
        if path.stat().st_size <= LARGEST_SHEET:
            break
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


def main() -> int:
    """Print the table, write the sheet."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, metavar="FOLDER")
    options.add_argument("--names", default="river,street,shrine", help="which layouts of the folder")
    options.add_argument("--size", default="960x540", metavar="WxH")
    options.add_argument("--large", metavar="NAME", help="this one also at 1920x1080, for the times")
    options.add_argument("--out", type=Path, metavar="JPG", help="a sheet to look at")
    asked = options.parse_args()
    if shutil.which("gmic") is None:
        print("G'MIC is not installed (Debian, Ubuntu: apt-get install gmic): nothing to compare with", file=sys.stderr)
        return 2
    names = [name for name in asked.names.split(",") if (asked.folder / f"{name}.labels.png").exists()]
    if not names:
        print(f"{asked.folder} holds none of {asked.names} with its .labels.png", file=sys.stderr)
        return 2
    head = ("layout", "size", "what", "wall", "", "CPU", "", "line fidelity", "shift")
    print("{:<10} {:>9}  {:<31} {:>9} {:>8} {:>9} {:>8}   {:<13} {:>8}".format(*head))
    rows = []
    for name in names:
        layout = opened(asked.folder, name, Extent.parse(asked.size))
        rows.append((layout, compared(layout)))
    if asked.out:
        write_sheet(asked.out, rows)
    if asked.large:
        compared(opened(asked.folder, asked.large, Extent(1920, 1080)), briefly=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
