"""Materials pictures and material marks as a person saves them: numbers, or the colours of the legend."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.errors import BadInput, UnreadablePicture, WrongSize
from genzu.picture.arrays import Bool, UInt8
from genzu.picture.files import read_index, read_picture, to_uint8
from genzu.picture.headers import Header, probe

NO_MARK = 255
TOLERANCE = 24
"""Largest distance (Euclid, sRGB) between a painted colour and the legend's."""

_EDGE = 3
"""Blended pixels of an antialiased edge reach this far from a clean one."""
_LARGEST = max(Material)


_COLOURS = np.array([material.legend for material in Material], np.uint8)


def coloured(materials: UInt8) -> UInt8:
    """(H, W, 3) sRGB: a materials picture in the colours of the legend."""
    picture: UInt8 = _COLOURS[materials]
    return picture


def read_materials(path: Path, extent: Extent) -> UInt8:
    """A complete materials picture: (H, W) uint8, value = ``Material`` index.

    8-bit numbers (grey, palette) or legend colours within :data:`TOLERANCE`. Raises ``WrongSize``, ``BadInput``
    (naming the value or colour and its place), ``UnreadablePicture`` and ``NotFound``.
    """
    header = probe(path)
    _check_size(path, header, extent)
    numbers = _numbers(path, header)
    found = _by_colour(path, marks=False) if numbers is None else numbers
    bad = found > _LARGEST
    if bad.any():
        y, x = (int(place[0]) for place in np.nonzero(bad))
        raise BadInput(
            f"the value {found[y, x]} at column {x}, row {y} is no material",
            where=path,
            do=f"use the numbers 0 to {_LARGEST} or the colours of the legend",
        )
    return found


def read_marks(path: Path, extent: Extent) -> UInt8:
    """Sparse marks: (H, W) uint8, value = ``Material`` index, :data:`NO_MARK` where nothing is marked.

    Transparent and white pixels, and the number 255, are no marks. Raises as :func:`read_materials`.
    """
    header = probe(path)
    _check_size(path, header, extent)
    numbers = _numbers(path, header)
    found = _by_colour(path, marks=True) if numbers is None else numbers
    bad = (found > _LARGEST) & (found != NO_MARK)
    if bad.any():
        y, x = (int(place[0]) for place in np.nonzero(bad))
        raise BadInput(
            f"the value {found[y, x]} at column {x}, row {y} is no material",
            where=path,
            do=f"use the numbers 0 to {_LARGEST}, 255 for no mark, or the colours of the legend",
        )
    if (found == NO_MARK).all():
        raise BadInput("nothing is marked in it", where=path, do="paint some strokes in colours of the legend")
    return found


def _check_size(path: Path, header: Header, extent: Extent) -> None:
    if header.extent != extent:
        raise WrongSize(
            f"it is {header.extent} px, the drawing is {extent} px",
            where=path,
            do="save it at the size of the drawing",
        )


def _numbers(path: Path, header: Header) -> UInt8 | None:
    """The picture as numbers, or ``None`` if it is to be read by its colours."""
    if header.format == "JPEG" or header.bits != 8:
        return None
    if header.bands <= 2:
        numbers = read_index(path)
        palette = header.mode == "palette"
        return None if palette and ((numbers > _LARGEST) & (numbers != NO_MARK)).any() else numbers
    try:
        numbers = read_index(path)
    except UnreadablePicture:
        return None
    return None if ((numbers > _LARGEST) & (numbers != NO_MARK)).any() else numbers


def _by_colour(path: Path, *, marks: bool) -> UInt8:
    """The picture as numbers, by its colours."""
    return by_colour(to_uint8(read_picture(path).pixels), path, marks=marks)


def by_colour(pixels: UInt8, path: Path, *, marks: bool) -> UInt8:
    """Nearest legend colour per pixel of (H, W[, 3 or 4]) sRGB; blended edges take their neighbour's.

    With ``marks``, see-through and white pixels are no marks. Raises ``BadInput`` with the place in ``path``.
    """
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    found, clean = match_legend(pixels[..., :3], blank_white=marks)
    if pixels.shape[2] == 4:
        clear = pixels[..., 3] < 128
        if marks:
            found[clear], clean[clear] = NO_MARK, True
        elif clear.any():
            y, x = (int(place[0]) for place in np.nonzero(clear))
            raise BadInput(
                f"column {x}, row {y} is see-through", where=path, do="fill every pixel, or give it as marks"
            )
    if clean.all():
        return found
    for _ in range(_EDGE):
        _spread(found, clean)
    if not clean.all():
        y, x = (int(place[0]) for place in np.nonzero(~clean))
        code = "#{:02x}{:02x}{:02x}".format(*pixels[y, x, :3])
        raise BadInput(
            f"the colour {code} at column {x}, row {y} is not in the legend",
            where=path,
            do="use the colours of the legend",
        )
    return found


def match_legend(pixels: UInt8, *, blank_white: bool) -> tuple[UInt8, Bool]:
    """Nearest legend entry of (H, W, 3) colours, and where it is within the tolerance; white may mean no mark."""
    codes = pixels.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    colours, place = np.unique(codes, return_inverse=True)
    rgb = np.stack([colours >> 16, (colours >> 8) & 255, colours & 255], axis=1).astype(np.float32)
    best = np.full(colours.size, np.inf, np.float32)
    entry = np.zeros(colours.size, np.uint8)
    legend = [(int(material), material.legend) for material in Material]
    if blank_white:
        legend.append((NO_MARK, (255, 255, 255)))
    for index, colour in legend:
        away = np.sqrt(((rgb - np.array(colour, np.float32)) ** 2).sum(axis=1))
        nearer = away < best
        best[nearer], entry[nearer] = away[nearer], index
    place = place.reshape(codes.shape)
    return entry[place], (best <= TOLERANCE)[place]


def _spread(found: UInt8, clean: Bool) -> None:
    """Give each blended pixel the value of a clean 4-neighbour, in place."""
    before, values = clean.copy(), found.copy()
    one, other = slice(1, None), slice(None, -1)
    every = slice(None)
    for here, there in (
        ((one, every), (other, every)), ((other, every), (one, every)),
        ((every, one), (every, other)), ((every, other), (every, one)),
    ):  # fmt: skip
        take = ~clean[here] & before[there]
        found[here][take] = values[there][take]
        clean[here][take] = True
