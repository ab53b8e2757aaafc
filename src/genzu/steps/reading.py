"""Reading: from lines to regions with materials, and the space that they stand in."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.core.scene import Conditions
from genzu.engines.base import MaterialReader, ReadRequest
from genzu.errors import BadInput, EngineFailed, WrongSize
from genzu.picture.arrays import Float32, Int32, LineArt, Reading, UInt8, extent_of
from genzu.picture.clouds import with_last_heads
from genzu.picture.doubt import Doubt
from genzu.picture.files import write_png
from genzu.picture.gaps import closed_under_hills
from genzu.picture.headers import probe
from genzu.picture.legend import NO_MARK, read_marks, read_materials
from genzu.picture.memory import give_back
from genzu.picture.regions import ANALYSIS_HEIGHT, compact, ink_of, reduce_ink, trapped_balls
from genzu.picture.sealine import levelled
from genzu.picture.smooth import smooth_borders
from genzu.picture.snap import bands, snap
from genzu.picture.space import depth_map, horizon_row
from genzu.picture.strips import as_one, cut_out, find_strips
from genzu.picture.votes import decide, enlarge_smooth, region_confidence
from genzu.picture.wings import without_wings

READING_VERSION = "12"
"""Changes whenever the same drawing would be read otherwise."""


def read(
    drawing_lines: LineArt,
    *,
    conditions: Conditions,
    reader: MaterialReader,
    materials: UInt8 | None = None,
    marks: UInt8 | None = None,
    alpha: UInt8 | None = None,
) -> Reading:
    """Read a drawing.

    With ``materials`` (H, W) a person has said what is where: only its borders move, onto the lines, close gaps under
    hills, and leave out what lies between the drawn tiers of a conifer. Otherwise
    ``reader`` votes, rooms of the drawing vote as one, and ``marks`` (H, W; 255 = none) win where they are and spread
    to their room. Marks without an unmarked pixel are a reading that was painted over: only where they differ from
    what would be read without them are they marks.
    ``alpha`` (H, W) is passed through. Raises ``WrongSize``, ``BadInput`` for an unknown value, ``EngineFailed``
    for votes of a wrong shape.
    """
    extent = drawing_lines.extent
    for name, plane in (("the materials picture", materials), ("the marks", marks), ("the alpha", alpha)):
        if plane is not None and plane.shape != extent.shape:
            raise WrongSize(f"{name}: {extent_of(plane)} px, but the drawing is {extent} px")
    ink = ink_of(drawing_lines)
    small = reduce_ink(ink, ANALYSIS_HEIGHT)
    rooms = trapped_balls(small)
    votes = None
    if materials is None:
        _check_values(marks, "the marks", none=NO_MARK)
        votes = reader.votes(ReadRequest(lines=drawing_lines, conditions=conditions))
        heard = None
        _check_votes(votes, extent, reader.name)
        strips = find_strips(small)
        rooms, votes = cut_out(rooms, strips), as_one(votes, strips)
        if marks is not None:
            if (marks != NO_MARK).all():
                before, _ = snap(enlarge_smooth(decide(votes, rooms, ink, None), extent.shape), ink, rooms)
                marks = np.where(marks == before, np.uint8(NO_MARK), marks)
            heard = reader.votes(ReadRequest(lines=drawing_lines, conditions=conditions, marks=marks))
            _check_votes(heard, extent, reader.name)
            heard = as_one(heard, strips)
        given = enlarge_smooth(decide(votes, rooms, ink, marks, heard), extent.shape)
    else:
        _check_values(materials, "the materials picture", none=None)
        given = closed_under_hills(materials)
    given, heads = with_last_heads(given, small)
    give_back(extent)
    snapped, regions = snap(given, ink, rooms, heads)
    if materials is not None:
        without_wings(snapped, regions, ink, small)
        regions = compact(regions)
    smooth_borders(snapped, regions)
    levelled(snapped, regions)
    horizon = horizon_row(snapped, ink)
    return Reading(
        materials=snapped,
        regions=regions,
        confidence=_agreement(given, snapped, regions) if votes is None else region_confidence(votes, snapped, regions),
        depth=depth_map(snapped, regions, horizon),
        horizon=horizon,
        alpha=alpha,
    )


def write_reading(path: Path, lines: LineArt, reading: Reading, unsure: tuple[Doubt, ...] = ()) -> None:
    """Write the materials: a PNG of numbers, or a PSD in the colours of the legend that can be painted on."""
    if path.suffix.lower() == ".psd":
        from genzu.exchange.psd_materials import write_materials_psd  # psd-tools takes a second to import

        tint = np.isin(reading.regions, [doubt.region for doubt in unsure]) * np.uint8(110)
        write_materials_psd(path, reading.materials, lines, tint)
    else:
        write_png(path, reading.materials)


def load_materials(path: Path, extent: Extent) -> UInt8:
    """A materials picture from a file, flat or the PSD of ``genzu read``: (H, W) uint8."""
    if probe(path).format == "PSD":
        from genzu.exchange.psd_materials import read_materials_psd

        return read_materials_psd(path, extent)
    return read_materials(path, extent)


def load_marks(path: Path, extent: Extent) -> UInt8:
    """Marks from a file, flat or the PSD of ``genzu read``: (H, W) uint8, 255 = no mark."""
    if probe(path).format == "PSD":
        from genzu.exchange.psd_materials import read_marks_psd

        return read_marks_psd(path, extent)
    return read_marks(path, extent)


def _check_values(picture: UInt8 | None, name: str, *, none: int | None) -> None:
    if picture is None:
        return
    bad = picture > max(Material)
    if none is not None:
        bad &= picture != none
    if bad.any():
        y, x = (int(place[0]) for place in np.nonzero(bad))
        raise BadInput(f"{name}: the value {picture[y, x]} at column {x}, row {y} is no material")


def _check_votes(votes: Float32, extent: Extent, name: str) -> None:
    if votes.ndim != 3 or votes.shape[2] != len(Material):
        raise EngineFailed(f"the reader {name!r} gave votes of the shape {votes.shape}")
    skew = votes.shape[0] * extent.width / (votes.shape[1] * extent.height)
    if not (0.8 < skew < 1.25 or min(votes.shape[:2]) < 16):
        raise EngineFailed(f"the reader {name!r} gave votes of other proportions than the drawing")


def _agreement(given: UInt8, snapped: UInt8, regions: Int32) -> Float32:
    """(n + 1,) share of each region whose material is as it was given; entry 0 is 0."""
    count = int(regions.max()) + 1
    size, same = np.zeros(count), np.zeros(count)
    for band in bands(regions.shape[0]):
        size += np.bincount(regions[band].ravel(), minlength=count)
        same += np.bincount(regions[band][given[band] == snapped[band]], minlength=count)
    return (same / np.maximum(size, 1)).astype(np.float32)
