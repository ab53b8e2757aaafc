"""A reading as a layered PSD to be corrected by hand: colours of the legend, an empty layer for marks, the legend.

A person paints a few strokes in colours of the legend on ``marks`` (or on layers of their own in that group), saves,
and gives the file back; only what stands in that group is read.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from genzu.core.geometry import Bounds, Extent
from genzu.core.material import Material
from genzu.errors import BadInput, WrongSize
from genzu.exchange.psd_read import compose_named
from genzu.exchange.psd_stream import LayerGroup, PixelLayer, strips_of, write_layers
from genzu.exchange.psd_write import FRAME_DPI, colour_planes, line_layer
from genzu.picture.arrays import LineArt, UInt8, extent_of
from genzu.picture.files import SRGB_ICC
from genzu.picture.headers import probe
from genzu.picture.legend import NO_MARK, by_colour, coloured

MARKS, MATERIALS = "marks", "materials"
_UNSURE, _PENCIL = (225, 30, 40), (20, 20, 24)


def write_materials_psd(path: Path, materials: UInt8, lines: LineArt, unsure: UInt8) -> None:
    """Write the PSD (8-bit RGB): materials, what is unsure, the pencil lines, the legend, and the group ``marks``.

    ``materials`` (H, W) values are ``Material`` indices; ``unsure`` (H, W) 0-255 is how strongly to tint what a person
    should look at first. Raises as ``psd_write.write_psd``.
    """
    extent = extent_of(materials)
    whole = Bounds(0, 0, extent.width, extent.height)
    picture = coloured(materials)
    solid = np.full(extent.shape, 255, np.uint8)
    layers: list[PixelLayer | LayerGroup] = [
        PixelLayer(
            name=MATERIALS, label="materials 材質", bounds=whole,
            planes=(partial(strips_of, solid), *colour_planes(picture)),
        )
    ]  # fmt: skip
    for plane, name, label, colour in (
        (unsure, "unsure", "unsure 要確認", _UNSURE),
        (lines.contour, "layout lines", "layout lines 原図", _PENCIL),
    ):
        layer = line_layer(plane, name, label, colour, visible=True)
        if layer is not None:
            layers.append(layer)
    layers += [_legend(extent), _empty_marks(whole)]
    merged = _merged(picture, unsure, lines.contour, _swatches(extent))
    write_layers(path, extent, layers, colour_planes(merged), icc=SRGB_ICC, dpi=FRAME_DPI, xmp=b"")


def read_marks_psd(path: Path, extent: Extent) -> UInt8:
    """(H, W) marks from the layers or groups named ``marks``; 255 = none. Raises as ``legend.read_marks``."""
    return _layers(path, extent, MARKS)


def read_materials_psd(path: Path, extent: Extent) -> UInt8:
    """(H, W) complete materials: the layer ``materials`` with what stands on ``marks`` over it."""
    below = _layers(path, extent, MATERIALS)
    if (below == NO_MARK).any():
        y, x = (int(place[0]) for place in np.nonzero(below == NO_MARK))
        raise BadInput(
            f"the layer 'materials' is see-through at column {x}, row {y}", where=path,
            do="fill every pixel, or give the file as marks",
        )  # fmt: skip
    above = _layers(path, extent, MARKS, needed=False)
    return np.where(above == NO_MARK, below, above)


def _layers(path: Path, extent: Extent, name: str, *, needed: bool = True) -> UInt8:
    header = probe(path)
    if header.extent != extent:
        raise WrongSize(
            f"it is {header.extent} px, the drawing is {extent} px", where=path, do="save it at the size of the drawing"
        )
    pixels = compose_named(path, name)
    if pixels is None or not pixels[..., 3].any():
        if not needed:
            return np.full(extent.shape, NO_MARK, np.uint8)
        raise BadInput(
            f"nothing stands on a visible layer named {name!r}", where=path,
            do=f"paint on the layer {name!r} in colours of the legend and save the file as PSD",
        )  # fmt: skip
    return by_colour(pixels, path, marks=True)


def _empty_marks(whole: Bounds) -> LayerGroup:
    """A group with one clear layer of the whole picture, ready to be painted on."""
    clear = np.zeros((whole.height, whole.width), np.uint8)
    plane = partial(strips_of, clear)
    layer = PixelLayer(name="paint here", label="paint here ここに塗る", bounds=whole, planes=(plane,) * 4)
    return LayerGroup(name=MARKS, label="marks 印", layers=(layer,))


def _merged(picture: UInt8, unsure: UInt8, contour: UInt8, swatches: UInt8) -> UInt8:
    """What the visible layers give together."""
    merged = picture.copy()
    for cover, colour in ((unsure, _UNSURE), (contour, _PENCIL)):
        share = cover.astype(np.uint16)[..., None]
        merged = ((merged * (255 - share) + np.array(colour, np.uint16) * share + 127) // 255).astype(np.uint8)
    merged[merged.shape[0] - swatches.shape[0] :, : swatches.shape[1]] = swatches
    return merged


def _swatches(extent: Extent) -> UInt8:
    """(h, w, 3): the legend, one row per material."""
    row = max(12, extent.height // 36)
    box = Image.new("RGB", (row * 6, row * len(Material)), (255, 255, 255))
    pen, font = ImageDraw.Draw(box), ImageFont.load_default(size=row * 0.7)
    for number, material in enumerate(Material):
        top = number * row
        pen.rectangle((0, top, 2 * row, top + row - 1), fill=material.legend)
        pen.text((2.2 * row, top + row / 2), f"{number} {material.word}", fill=(20, 20, 20), font=font, anchor="lm")
    return np.asarray(box, np.uint8)[: extent.height, : extent.width]


def _legend(extent: Extent) -> PixelLayer:
    """Swatches to pick colours from, at the lower left."""
    swatches = _swatches(extent)
    height, width = swatches.shape[:2]
    bounds = Bounds(0, extent.height - height, width, height)
    solid = partial(strips_of, np.full((height, width), 255, np.uint8))
    return PixelLayer(
        name="legend", label="legend 凡例", bounds=bounds, planes=(solid, *colour_planes(swatches)), visible=True
    )
