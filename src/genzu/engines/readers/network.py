"""A reader that learned: a small convolutional network from pencil lines to materials, run by onnxruntime.

It is trained by ``training/`` on drawings that the project makes itself. What it sees is prepared here, and the
training uses the same functions, so that both always agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import mahotas
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.core.scene import Conditions, Extra, Place, Season, Time, Weather
from genzu.engines.base import ReadRequest
from genzu.errors import EngineFailed
from genzu.picture.arrays import Float32, UInt8

GRID = 4
"""Side of a cell in pixels of the working picture: what is not a line enters the network per cell."""
STEP = 32
"""Working width and height are multiples of this."""
AREA = 288 * 512
"""Pixels of the working picture for a whole frame, unless the weights say what they were trained for."""
MARK_PLANES = len(Material) + 1
"""One plane per material, and one that says that there is a mark at all."""
INK = 0.3
"""Stroke strength (0–1, working picture) from which a pixel counts as line for the distance."""

_WORDS = (*Place, *Season, *Time, *Weather, *Extra)
CONDITIONS = len(_WORDS)
"""Length of the vector that stands for the prompt."""
_WIDEST = 2.1
_TALLEST = 0.75
"""Proportions (width / height) beyond which a sheet is read frame by frame."""
_FRAME = 16 / 9
_FAR = 32.0
"""Distances to a line, in working pixels, are cut off here."""


def words(conditions: Conditions) -> Float32:
    """(CONDITIONS,) float32: 1 where the prompt says a word, else 0."""
    said = {conditions.place, conditions.season, conditions.time, conditions.weather, *conditions.extras}
    return np.array([word in said for word in _WORDS], np.float32)


def working_size(extent: Extent, area: int = AREA) -> Extent:
    """The size to which a frame is resized: about ``area`` pixels, both sides multiples of :data:`STEP`."""
    scale = (area / (extent.width * extent.height)) ** 0.5
    width, height = (max(STEP, round(side * scale / STEP) * STEP) for side in (extent.width, extent.height))
    return Extent(width, height)


def working_lines(contour: UInt8, size: Extent) -> UInt8:
    """(h, w) the line picture at working size; pale drawings are strengthened, thin lines kept."""
    small = Image.fromarray(contour)
    if small.size != (size.width, size.height):
        smaller = size.width < small.width
        small = small.resize((size.width, size.height), Image.Resampling.BOX if smaller else Image.Resampling.BILINEAR)
    return strengthened(np.asarray(small, np.uint8))


def strengthened(lines: UInt8) -> UInt8:
    """Raise the strokes so that the firm ones are nearly full, whatever the pencil, width and scale."""
    inked = lines[lines > 16]
    if inked.size < 20:
        return lines
    firm = float(np.percentile(inked, 90))
    gain = min(6.0, max(1.0, 235.0 / firm))
    return np.minimum(lines.astype(np.float32) * gain, 255).astype(np.uint8)


def line_distance(lines: UInt8) -> Float32:
    """(h / GRID, w / GRID) float32 0–1: how far the nearest stroke is, at the middle of each cell."""
    inked = lines > 255 * INK
    if not inked.any():
        return np.ones((lines.shape[0] // GRID, lines.shape[1] // GRID), np.float32)
    squared = mahotas.distance(~inked)[GRID // 2 :: GRID, GRID // 2 :: GRID]
    return np.sqrt(np.minimum(np.sqrt(squared), _FAR) / _FAR).astype(np.float32)


def mark_planes(marks: UInt8 | None, size: Extent) -> Float32:
    """(MARK_PLANES, h / GRID, w / GRID) float32 0 or 1, of marks (H, W) with 255 = none."""
    height, width = size.height // GRID, size.width // GRID
    planes = np.zeros((MARK_PLANES, height, width), np.float32)
    if marks is not None:
        y, x = np.nonzero(marks < len(Material))
        row, column = y * height // marks.shape[0], x * width // marks.shape[1]
        planes[marks[y, x], row, column] = 1
        planes[-1, row, column] = 1
    return planes


def position(size: Extent, top: float = 0.0, bottom: float = 1.0, left: float = 0.0, right: float = 1.0) -> Float32:
    """(2, h / GRID, w / GRID) float32: row and column in the frame, −1…1 for a whole frame."""
    height, width = size.height // GRID, size.width // GRID
    y = 2 * (top + (bottom - top) * (np.arange(height) + 0.5) / height) - 1
    x = 2 * (left + (right - left) * (np.arange(width) + 0.5) / width) - 1
    return np.stack(np.meshgrid(y, x, indexing="ij")).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A frame-shaped part of a sheet, in px."""

    top: int
    left: int
    height: int
    width: int


def cuts_of(extent: Extent) -> list[_Cut]:
    """Overlapping frames that cover a sheet; one for a sheet that is about a frame."""
    height, width = extent.height, extent.width
    if width / height > _WIDEST:
        side = min(width, round(height * _FRAME))
        return [_Cut(0, left, height, side) for left in _starts(width, side)]
    if width / height < _TALLEST:
        side = min(height, round(width / _FRAME * 1.6))
        return [_Cut(top, 0, side, width) for top in _starts(height, side)]
    return [_Cut(0, 0, height, width)]


def _starts(length: int, side: int) -> list[int]:
    """Even steps of at most half a frame."""
    if length <= side:
        return [0]
    count = int(np.ceil((length - side) / (0.5 * side))) + 1
    return [round(at) for at in np.linspace(0, length - side, count)]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Weights in memory, ready to be asked."""

    run: Callable[[dict[str, NDArray[Any]]], Float32]
    area: int


class NetworkReader:
    """Votes of the trained network, averaged over the picture and its mirror image."""

    name = "network"

    def __init__(self, model: Traversable | Path | None = None, *, mirrored: bool = True) -> None:
        self._model = model or resources.files("genzu") / "data" / "reading.onnx"
        self._mirrored = mirrored

    @cached_property
    def version(self) -> str:
        """Of the preparation, the weights, and the averaging."""
        return f"2-{hashlib.sha256(self._weights).hexdigest()[:12]}{'m' if self._mirrored else ''}"

    @cached_property
    def _weights(self) -> bytes:
        try:
            return self._model.read_bytes()
        except OSError as error:
            raise EngineFailed(
                f"its weights cannot be read ({error})", where="material reader network", do="install Genzu again"
            ) from error

    @cached_property
    def _loaded(self) -> _Loaded:
        try:
            onnxruntime = import_module("onnxruntime")
        except ImportError as error:
            raise EngineFailed(
                f"it cannot be loaded ({error})",
                where="material reader network",
                do="install Genzu again: its libraries are not whole",
            ) from error
        options = onnxruntime.SessionOptions()
        # A fixed number of threads: the same sums in the same order on every run.
        options.intra_op_num_threads, options.inter_op_num_threads = 2, 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # it would hold 65 MB until the program ends
        try:
            session = onnxruntime.InferenceSession(self._weights, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's own errors share no public base
            raise EngineFailed(f"its weights do not load ({error})", where="material reader network") from error
        about = session.get_modelmeta().custom_metadata_map
        return _Loaded(
            run=lambda feeds: np.asarray(session.run(None, feeds)[0], np.float32), area=int(about.get("area", AREA))
        )

    def votes(self, request: ReadRequest) -> Float32:
        """(h, w, 17) float32 that sums to 1, of the size of the working picture, see :data:`AREA`."""
        extent = request.lines.extent
        cuts = cuts_of(extent)
        conditions = words(request.conditions)
        if len(cuts) == 1:
            return self._frame_votes(request, cuts[0], conditions)
        # One scale for all frames, so that they can be laid over each other.
        first = self._frame_votes(request, cuts[0], conditions)
        scale = first.shape[0] / cuts[0].height
        shape = (round(extent.height * scale), round(extent.width * scale))
        total = np.zeros((*shape, len(Material)), np.float32)
        weight = np.zeros((*shape, 1), np.float32)
        for number, cut in enumerate(cuts):
            votes = first if number == 0 else self._frame_votes(request, cut, conditions)
            top, left = round(cut.top * scale), round(cut.left * scale)
            bottom, right = round((cut.top + cut.height) * scale), round((cut.left + cut.width) * scale)
            # Working sizes are multiples of STEP: a frame's votes are a little narrower or wider than the frame.
            part = np.s_[top:bottom, left:right]
            fade = _fade(bottom - top, right - left, cut, extent)
            total[part] += fade * resize_votes(votes, (bottom - top, right - left))
            weight[part] += fade
        return total / weight

    def _frame_votes(self, request: ReadRequest, cut: _Cut, conditions: Float32) -> Float32:
        part = np.s_[cut.top : cut.top + cut.height, cut.left : cut.left + cut.width]
        extent = request.lines.extent
        size = working_size(Extent(cut.width, cut.height), self._loaded.area)
        lines = working_lines(np.ascontiguousarray(request.lines.contour[part]), size)
        feeds = {
            "lines": lines[None, None].astype(np.float32) / 255,
            "distance": line_distance(lines)[None, None],
            "position": position(
                size, top=cut.top / extent.height, bottom=(cut.top + cut.height) / extent.height
            )[None],
            "marks": mark_planes(None if request.marks is None else request.marks[part], size)[None],
            "conditions": conditions[None],
        }  # fmt: skip
        votes = self._loaded.run(feeds)[0]
        if self._mirrored:
            flipped = {name: _flip(plane) for name, plane in feeds.items() if name != "conditions"}
            flipped["position"][:, 1] *= -1
            votes = 0.5 * (votes + self._loaded.run({**flipped, "conditions": feeds["conditions"]})[0][:, :, ::-1])
        votes = np.maximum(votes.transpose(1, 2, 0), 0)
        return votes / votes.sum(axis=2, keepdims=True)


def resize_votes(votes: Float32, shape: tuple[int, int]) -> Float32:
    """(h, w, 17) votes at another size."""
    if votes.shape[:2] == shape:
        return votes
    planes = (Image.fromarray(np.ascontiguousarray(votes[..., kind])) for kind in range(votes.shape[2]))
    return np.dstack([np.asarray(p.resize(shape[::-1], Image.Resampling.BILINEAR), np.float32) for p in planes])


def _flip(plane: Float32) -> Float32:
    return np.ascontiguousarray(plane[..., ::-1])


def _fade(height: int, width: int, cut: _Cut, extent: Extent) -> Float32:
    """(h, w, 1) weight of a frame: full in the middle, low at edges that are no edges of the sheet."""
    down, across = np.ones(height, np.float32), np.ones(width, np.float32)
    if cut.height < extent.height:
        down = np.minimum(
            1, 0.02 + 2.2 * np.minimum(np.arange(height) + 0.5, height - np.arange(height) - 0.5) / height
        )
    if cut.width < extent.width:
        across = np.minimum(1, 0.02 + 2.2 * np.minimum(np.arange(width) + 0.5, width - np.arange(width) - 0.5) / width)
    return (down[:, None] * across[None, :]).astype(np.float32)[..., None]
