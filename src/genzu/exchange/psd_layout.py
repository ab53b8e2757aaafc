"""A layered layout as an animator hands it over: one group per sheet, ``BG`` and the BOOKs above it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np

from genzu.core.geometry import Bounds
from genzu.errors import WrongSize
from genzu.exchange.psd_stream import LayerGroup, PixelLayer, strips_of, write_layers
from genzu.exchange.psd_write import FRAME_DPI, colour_planes
from genzu.picture.arrays import UInt8, extent_of
from genzu.picture.files import SRGB_ICC
from genzu.picture.xmp import Xmp


def write_layout_psd(path: Path, sheets: Mapping[str, UInt8], *, title: str = "") -> None:
    """Write ``sheets`` as a PSD, from the back to the front: (H, W, 4) uint8 sRGB each, all of one size.

    Raises ``WrongSize``, ``PictureTooLarge`` (more than a PSD can hold) and ``CannotWrite``.
    """
    extent = extent_of(next(iter(sheets.values())))
    merged = np.full((*extent.shape, 3), 255, np.uint8)
    groups = []
    for name, pixels in sheets.items():
        if extent_of(pixels) != extent:
            raise WrongSize(f"the sheet {name} of {extent_of(pixels)} px does not fit on {extent} px", where=path)
        covered = pixels[..., 3] > 127
        merged[covered] = pixels[covered][:, :3]
        layer = PixelLayer(
            name=f"{name} drawing",
            label=f"{name} 原図",
            bounds=Bounds(0, 0, extent.width, extent.height),
            planes=(partial(strips_of, np.ascontiguousarray(pixels[..., 3])), *colour_planes(pixels[..., :3])),
        )
        groups.append(LayerGroup(name=name, label=name, layers=(layer,)))
    packet = Xmp(title=title).packet().encode()
    write_layers(path, extent, groups, colour_planes(merged), icc=SRGB_ICC, dpi=FRAME_DPI, xmp=packet)
