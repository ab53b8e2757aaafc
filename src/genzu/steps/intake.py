"""Intake: a layout file comes in, clean line planes go on, one set per sheet.

Scans are set upright and cropped to their printed frame; layered PSDs are taken apart into BG and BOOKs.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

import mahotas
import numpy as np

from genzu.core.cut import Cut
from genzu.core.geometry import Extent
from genzu.errors import NoDrawing
from genzu.picture.arrays import LineArt, UInt8
from genzu.picture.files import as_rgb8, pixels_digest, probe, read_rgb8
from genzu.picture.frame import Frame, find_frame, upright
from genzu.picture.guides import without_guides
from genzu.picture.paper import widest
from genzu.picture.pencils import split_pencils
from genzu.picture.resize import resize_plane, resize_strokes
from genzu.store.build import SeenLayout
from genzu.store.show import Show

if TYPE_CHECKING:
    from genzu.exchange.psd_read import PsdSheet

INTAKE_VERSION = "1"
"""Changes whenever the same file would give other planes."""

SMALLEST = Extent(320, 180)
_FEWEST_INKED = 12
"""Pixels of a stroke; less is a dust grain, not a drawing."""
_BLACK = 24
"""A picture with nothing brighter than this is black all over."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SheetDrawing:
    """The drawing of one sheet."""

    name: str
    """``BG``, ``BOOK1`` …"""
    lines: LineArt
    alpha: UInt8 | None
    """(H, W), 255 where a BOOK covers what is behind it; ``None`` for a sheet that covers all."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TakenIn:
    """A layout, ready to be read."""

    sheets: tuple[SheetDrawing, ...]
    """BG first; all of one size."""
    source: str
    """Digest of the pixels that came in, whatever file they were in."""
    frame: Frame | None
    """The printed frame to which the scan was cropped, if there is one."""
    remarks: tuple[str, ...] = ()
    """Sentences for the person who gave the file."""

    @property
    def extent(self) -> Extent:
        """Size of every sheet."""
        return self.sheets[0].lines.extent


def look_at(path: Path, *, size: Extent | None = None) -> Extent:
    """Take a layout in to see that it can be used: size of its sheets; raises as :func:`take_in` does.

    The result is handed over to the next :func:`take_in` of the same bytes, wherever they lie by then.
    """
    taken = _take_in(path, size)
    _SEEN[:] = [(_key(path, size), taken)]
    return taken.extent


def take_in(path: Path, *, size: Extent | None = None) -> TakenIn:
    """Read a layout: PNG, JPEG, TIFF or layered PSD, from 320×180 px; ``size`` asks for planes of another size.

    Raises ``BadInput`` with one clear sentence: ``NotFound``, ``UnreadablePicture``, ``PictureTooLarge`` or
    ``NoDrawing`` (nothing drawn, all black, too small).
    """
    if _SEEN and path.is_file():
        key, taken = _SEEN.pop()  # let go in any case: a wide sheet is large
        if key == _key(path, size):
            return taken
    return _take_in(path, size)


def remember(show: Show, cut: Cut, taken: TakenIn) -> None:
    """Note what is in a cut's layout, so that ``genzu status`` need not decode it to compare."""
    sheets = tuple(sheet.name for sheet in taken.sheets)
    seen = SeenLayout(source=taken.source, sheets=sheets, extent=taken.extent)
    show.build.see(cut.layout.sha, INTAKE_VERSION, cut.size, seen)


_SEEN: list[tuple[tuple[str, Extent | None], TakenIn]] = []
"""What :func:`look_at` saw last, until it is asked for."""


def _key(path: Path, size: Extent | None) -> tuple[str, Extent | None]:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest(), size


def _take_in(path: Path, size: Extent | None) -> TakenIn:
    header = probe(path)
    if header.extent.width < SMALLEST.width or header.extent.height < SMALLEST.height:
        raise NoDrawing(
            f"{header.extent} px is too small for a layout", where=path, do=f"give one of {SMALLEST} px or more"
        )
    if header.format == "PSD":
        return _take_in_psd(path, size)
    rgb = read_rgb8(path)
    source = pixels_digest(rgb)
    _refuse_black(rgb, path)
    frame = find_frame(rgb)
    if frame is not None and _large_enough(frame.extent):
        rgb = without_guides(upright(rgb, frame), frame)
    else:
        frame = None
    lines = split_pencils(rgb)
    _refuse_blank(lines, path)
    sheet = SheetDrawing(name="BG", lines=_sized(lines, size), alpha=None)
    return TakenIn(sheets=(sheet,), source=source, frame=frame)


def _take_in_psd(path: Path, size: Extent | None) -> TakenIn:
    """Every group is a sheet; a PSD with one flat sheet may still be a scan with a frame."""
    from genzu.exchange.psd_read import read_psd  # psd-tools takes a second to import

    layout = read_psd(path)
    source = pixels_digest(np.concatenate([sheet.pixels for sheet in layout.sheets]))
    taken, blank, frame = [], [], None
    for sheet in layout.sheets:
        rgb = as_rgb8(sheet.pixels)
        if sheet.name == "BG":
            _refuse_black(rgb, path)
        if len(layout.sheets) == 1:
            frame = find_frame(rgb)
            if frame is not None and _large_enough(frame.extent):
                rgb = without_guides(upright(rgb, frame), frame)
            else:
                frame = None
        lines = split_pencils(rgb)
        if _inked(lines) < _FEWEST_INKED:
            blank.append(f"sheet {sheet.name} is left out: nothing is drawn on it")
            continue
        alpha = None if sheet.name.startswith("BG") else _covering(sheet, lines)
        if alpha is not None and size is not None:
            alpha = resize_plane(alpha, size)
        taken.append(SheetDrawing(name=sheet.name, lines=_sized(lines, size), alpha=alpha))
    if not taken:
        raise _nothing_drawn(path)
    return TakenIn(sheets=tuple(taken), source=source, frame=frame, remarks=(*layout.remarks, *blank))


def _large_enough(extent: Extent) -> bool:
    return extent.width >= SMALLEST.width and extent.height >= SMALLEST.height


def _inked(lines: LineArt) -> int:
    """Pixels with a firm stroke of any pencil."""
    return sum(int(np.count_nonzero(plane > 40)) for plane in (lines.contour, lines.highlight, lines.shadow))


def _refuse_blank(lines: LineArt, path: Path) -> None:
    if _inked(lines) < _FEWEST_INKED:
        raise _nothing_drawn(path)


def _nothing_drawn(path: Path) -> NoDrawing:
    return NoDrawing(
        "nothing is drawn on it: the picture is one even tone", where=path, do="check that the right file was given"
    )


def _refuse_black(rgb: UInt8, path: Path) -> None:
    if rgb[::3, ::3].max() <= _BLACK and rgb.max() <= _BLACK:
        raise NoDrawing("the picture is black all over", where=path, do="give a drawing on light paper")


def _sized(lines: LineArt, size: Extent | None) -> LineArt:
    if size is None or size == lines.extent:
        return lines
    return LineArt(
        contour=resize_strokes(lines.contour, size), highlight=resize_strokes(lines.highlight, size),
        shadow=resize_strokes(lines.shadow, size), cel=resize_plane(lines.cel, size),
    )  # fmt: skip


def _covering(sheet: PsdSheet, lines: LineArt) -> UInt8 | None:
    """What a BOOK hides: its opaque paint if it has any, else what its outlines enclose; ``None`` if neither."""
    alpha = sheet.pixels[..., 3]
    solid = alpha > 127
    # What is left of the opaque parts when all that is thin as a stroke has been worn away.
    core = ~widest(~solid, 5)
    if core.any() and np.count_nonzero(core) > 0.2 * np.count_nonzero(solid):
        return np.ascontiguousarray(alpha)
    return _enclosed(lines.contour)


def _enclosed(contour: UInt8) -> UInt8 | None:
    """255 except in the largest open area that touches the picture's edge; gaps of up to 4 px are closed."""
    open_area = ~widest(contour > 60, 2)
    labels, count = mahotas.label(open_area)
    if not count:
        return None
    sizes = mahotas.labeled.labeled_size(labels)
    edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    edge = edge[edge > 0]
    if not len(edge):
        return None
    outside = widest(labels == edge[sizes[edge].argmax()], 2)
    if np.count_nonzero(~outside) < 0.005 * outside.size:
        return None
    return np.where(outside & (contour < 60), np.uint8(0), np.uint8(255))
