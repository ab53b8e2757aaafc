"""Makes the gallery: before/after sheets of the demo layouts and of sample layouts by another hand.

python docs/gallery/make.py                                   the six demo layouts
python docs/gallery/make.py --samples FOLDER                  also NAME.png with NAME.labels.png in a folder
python docs/gallery/make.py --samples FOLDER --seasons river  also one layout in eight conditions
python docs/gallery/make.py --samples FOLDER --reading        only what is read in them without a materials picture
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genzu.core.lexicon import read_prompt
from genzu.core.take import Stage
from genzu.engines import registry
from genzu.engines.base import PaintRequest
from genzu.engines.run import paint_with
from genzu.picture.arrays import LineArt, Reading, UInt8
from genzu.picture.contact import contact_sheet
from genzu.picture.doubt import doubt_sheet, doubts
from genzu.picture.drawing import as_picture
from genzu.picture.fidelity import measure
from genzu.picture.files import write_jpeg
from genzu.picture.legend import coloured
from genzu.steps.demo_pack import six_layouts
from genzu.steps.intake import take_in
from genzu.steps.reading import load_materials, read

HERE = Path(__file__).resolve().parent
SAMPLES = {
    "beach": "beach, summer, noon",
    "street": "shopping street, spring, afternoon",
    "river": "river, summer, morning",
    "shrine": "shrine, autumn, dusk",
    "ricefield": "rice field, summer, after rain",
    "pan_town": "town, autumn, afternoon",
}
CONDITIONS = (
    "spring, morning", "summer, noon", "autumn, afternoon", "winter, snow",
    "summer, dusk", "autumn, night", "spring, rain", "winter, dawn, fog",
)  # fmt: skip


@dataclass
class Layout:
    """One drawing, read."""

    name: str
    prompt: str
    lines: LineArt
    reading: Reading
    seed: int = 1


def opened(name: str, picture: Path, labels: Path, prompt: str, seed: int = 1) -> Layout:
    """Take in and read a layout with its materials picture."""
    lines = take_in(picture).sheets[0].lines
    conditions = read_prompt(prompt).conditions
    materials = load_materials(labels, lines.extent)
    reading = read(lines, conditions=conditions, reader=registry.reader("geometry"), materials=materials)
    return Layout(name, prompt, lines, reading, seed)


def demo_layouts() -> Iterator[Layout]:
    """The layouts that ship with the program."""
    with six_layouts() as (folder, entries):
        for entry in entries:
            name = entry["layout"].removesuffix(".png")[4:].replace("_", "-")
            yield opened(name, folder / entry["layout"], folder / entry["materials"], entry["prompt"], entry["seed"])


def painted(layout: Layout, prompt: str) -> tuple[UInt8, UInt8]:
    """Rough and painting under a prompt."""
    engine = registry.engine("embedded")
    common = {
        "lines": layout.lines, "reading": layout.reading, "conditions": read_prompt(prompt).conditions,
        "prompt": prompt, "seed": layout.seed,
    }  # fmt: skip
    rough = paint_with(engine, PaintRequest(stage=Stage.ROUGH, **common))
    return rough, paint_with(engine, PaintRequest(stage=Stage.PAINTING, rough=rough, **common))


def before_and_after(layout: Layout) -> str:
    """Write one sheet; return a line of the gallery's table."""
    begin = time.perf_counter()
    rough, painting = painted(layout, layout.prompt)
    seconds = time.perf_counter() - begin
    score = measure(layout.lines, painting)
    labels = ["layout", "rough (AI 1)", f"painting (AI 2): {layout.prompt}"]
    wide = layout.lines.extent.width > 2 * layout.lines.extent.height
    sheet = contact_sheet(
        [as_picture(layout.lines), rough, painting], labels, cell=1280 if wide else 640, columns=1 if wide else 3
    )
    write_jpeg(HERE / f"{layout.name}.jpg", sheet, quality=82)
    line = (
        f"| {layout.name} | {layout.prompt} | {score.line_fidelity:.3f} ({score.chance:.3f}) | {score.shift:.2f} px |"
    )
    print(f"{line} {seconds:.1f} s", flush=True)
    return line


def in_all_weathers(layout: Layout) -> None:
    """One layout in eight conditions."""
    place = layout.prompt.split(",")[0]
    pictures = [painted(layout, f"{place}, {condition}")[1] for condition in CONDITIONS]
    sheet = contact_sheet(pictures, list(CONDITIONS), cell=640, columns=2)
    write_jpeg(HERE / f"{layout.name}-conditions.jpg", np.ascontiguousarray(sheet), quality=72)


def as_read(samples: Path) -> None:
    """Drawing, what the default reader sees in it (unsure regions hatched), and what was meant."""
    reader = registry.reader(registry.reader_names()[0])
    pictures, labels = [], []
    for name, prompt in SAMPLES.items():
        lines = take_in(samples / f"{name}.png").sheets[0].lines
        meant = load_materials(samples / f"{name}.labels.png", lines.extent)
        reading = read(lines, conditions=read_prompt(prompt).conditions, reader=reader)
        right = float((reading.materials == meant).mean())
        pictures += [as_picture(lines), doubt_sheet(lines, reading, doubts(reading), width=960), coloured(meant)]
        labels += [f"{name}: {prompt}", f"read without help: {right:.0%} of the pixels right", "meant"]
    write_jpeg(HERE / "reading.jpg", contact_sheet(pictures, labels, cell=400, columns=3), quality=80)


def main() -> None:
    """Write the sheets and the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--samples", type=Path)
    options.add_argument("--seasons", metavar="NAME")
    options.add_argument("--reading", action="store_true")
    asked = options.parse_args()
    if asked.reading:
        return as_read(asked.samples)
    lines = [before_and_after(layout) for layout in demo_layouts()]
    if asked.samples:
        for name, prompt in SAMPLES.items():
            layout = opened(name, asked.samples / f"{name}.png", asked.samples / f"{name}.labels.png", prompt)
            lines.append(before_and_after(layout))
            if name == asked.seasons:
                in_all_weathers(layout)
    head = "| sheet | prompt | line fidelity (by chance) | shift |\n|---|---|---|---|\n"
    (HERE / "scores.md").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return None


if __name__ == "__main__":
    main()
