"""Pairs of lines and painting, one per view: what the training reads, and a data set for line-art ControlNets.

``paintings/`` and ``lines/`` (white on black) hold PNGs of the same names, ``metadata.jsonl`` names them with their
captions in the form that Hugging Face's *imagefolder* reads (``file_name, conditioning_image, text``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from genzu.core.atomic import replacing
from genzu.core.codec import digest
from genzu.core.geometry import Extent
from genzu.engines.diffusion.training.buckets import View, cut, cut_strokes, views_of
from genzu.engines.diffusion.training.examples import Example
from genzu.errors import BadInput
from genzu.picture.arrays import UInt8, extent_of
from genzu.picture.fidelity import measure
from genzu.picture.files import read_index, read_rgb8, write_png
from genzu.picture.linedraw import lines_of
from genzu.steps.intake import take_in
from genzu.steps.own_art.training_set import OwnPicture, file_sha, read_painting
from genzu.steps.watch import Watch, nobody

PAIRS_VERSION = "1"
"""Changes whenever the same painting would give other lines or another view."""
_SAME_SHAPE = 0.02
"""Largest difference of aspect between a layout and its painting."""
_ABOVE_CHANCE = 1.5
"""A layout belongs to its painting if it keeps so many times more lines than by chance; true ones reach 2.4 to 3.8,
those of other cuts 0.9 to 1.3 (three of each, 960×540)."""
_SHIFT = 1 / 200
"""Largest mean shift, in heights of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One view of one painting."""

    picture: OwnPicture
    view: View
    number: int
    """Of the view, from 1; 0 if there is only one."""
    key: str
    """Digest of what decides pixels and lines."""

    @property
    def name(self) -> str:
        """For messages."""
        return f"{self.picture.record.file}{f' ({self.number})' if self.number else ''}"


def pairs_of(pictures: Sequence[OwnPicture], resolution: int, step: int) -> tuple[Pair, ...]:
    """All views of all pictures, as the buckets of a resolution cut them."""
    found = []
    for picture in pictures:
        views = views_of(picture.extent, resolution, step)
        layout = file_sha(picture.layout) if picture.layout else ""
        for place, view in enumerate(views, start=1):
            size = f"{view.bucket.width}x{view.bucket.height}"
            key = digest(
                {"version": PAIRS_VERSION, "picture": picture.record.sha, "layout": layout, "size": size, "view": place}
            )
            found.append(Pair(picture=picture, view=view, number=place if len(views) > 1 else 0, key=key))
    return tuple(found)


def write_pairs(
    folder: Path, pairs: Sequence[Pair], trigger: str, watch: Watch = nobody
) -> tuple[tuple[Example, ...], list[str]]:
    """Write what is not written yet; give the examples for the training, and remarks about layouts."""
    examples: list[Example] = []
    remarks: list[str] = []
    opened: tuple[Path, UInt8, UInt8] | None = None  # views of one painting follow each other
    for place, pair in enumerate(pairs):
        watch(f"lines of {pair.name}", place / len(pairs))
        name = f"{pair.key[:20]}.png"
        painting, lines = folder / "paintings" / name, folder / "lines" / name
        if not (painting.exists() and lines.exists()):
            if opened is None or opened[0] != pair.picture.path:
                pixels, _ = read_painting(pair.picture.path)
                opened = (pair.picture.path, pixels, _lines(pair.picture, pixels, remarks))
            write_png(painting, cut(opened[1], pair.view))
            write_png(lines, cut_strokes(opened[2], pair.view))
        examples.append(_example(pair, painting, lines, trigger))
    _write_list(folder, pairs, examples)
    return tuple(examples), remarks


def caption_with(trigger: str, caption: str) -> str:
    """The trigger word in front."""
    return ", ".join(part for part in (trigger.strip(), caption) if part)


def _example(pair: Pair, painting: Path, lines: Path, trigger: str) -> Example:
    view = pair.view
    return Example(
        name=pair.name, key=pair.key, caption=caption_with(trigger, pair.picture.record.caption), bucket=view.bucket,
        original=pair.picture.extent, crop=(round(view.left * view.scale), round(view.top * view.scale)),
        pixels=lambda: read_rgb8(painting), lines=lambda: read_index(lines),
    )  # fmt: skip


def _lines(picture: OwnPicture, pixels: UInt8, remarks: list[str]) -> UInt8:
    """(H, W) contour of the layout beside the painting if it lies on it, else drawn from the painting."""
    if picture.layout is not None:
        extent = extent_of(pixels)
        try:
            drawn = take_in(picture.layout)
            if _like(drawn.extent, extent):
                lines = take_in(picture.layout, size=extent).sheets[0].lines
                found = measure(lines, pixels)
                near = found.shift <= max(2.0, _SHIFT * extent.height)
                if near and found.line_fidelity > _ABOVE_CHANCE * found.chance:
                    return lines.contour
            why = "does not lie on its painting"
        except BadInput as error:
            why = f"cannot be read ({error.what})"
        remarks.append(f"{picture.layout.name} {why}: lines were drawn from {picture.record.file} instead.")
    return lines_of(pixels)


def _like(one: Extent, other: Extent) -> bool:
    return abs(one.width * other.height / (one.height * other.width) - 1) <= _SAME_SHAPE


def _write_list(folder: Path, pairs: Sequence[Pair], examples: Sequence[Example]) -> None:
    lines = []
    for pair, example in zip(pairs, examples, strict=True):
        name, record = f"{pair.key[:20]}.png", pair.picture.record
        lines.append(
            json.dumps(
                {
                    "file_name": f"paintings/{name}", "conditioning_image": f"lines/{name}", "text": example.caption,
                    "source": record.file, "owner": record.owner, "licence": record.licence,
                },
                ensure_ascii=False,
            )
        )  # fmt: skip
    with replacing(folder / "metadata.jsonl") as scratch:
        scratch.write_text("\n".join(lines) + "\n", encoding="utf-8")
