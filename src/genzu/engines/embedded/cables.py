"""Wires as one painter's stroke each: the pencil's wavering followed column by column, smoothed and drawn thin."""

from __future__ import annotations

from collections.abc import Sequence

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.soft import gaussian, one_of
from genzu.picture.arrays import Bool, Float32, UInt8

Ints = NDArray[np.int64]
_HOUSES = (Material.WALL, Material.ROOF, Material.WINDOW)
_FAINT = 16.0
"""Byte of softened ink from which a crest may be a wire."""
_HEAVY = 120.0
"""On a house a stroke with more ink is an edge of the house."""
_GAP, _OFF = 0.034, 2.2
"""Share of the picture's height that the pencil may skip, and px that the next crest may lie off a wire's course."""
_SPAN, _LEADS, _AIMS = 0.17, 0.022, (2.5, 0.10)
"""Share of the height that a wire may be lost along an edge, over which its direction is measured, and px by which the
two pieces may miss each other, with what each px of the gap adds."""
_POLES = (Material.WOOD, Material.METAL)
_TIE, _INTO = 0.045, 3
"""Share of the picture's height that a wire goes on to a pole which lies in its way, and px into it at most."""
_BEAM = 135.0
"""Ink of a stroke in the air from which it is a beam or a pole's arm."""
_SHORTEST, _SHORTEST_ON_HOUSES = 0.05, 0.16
"""Share of the picture's height that a wire is long at least."""
_UNBROKEN, _ASTRAY = 0.7, 2.2
"""Least share of a wire before a house that is drawn, and most px that one may lie off its own course."""
_RULED, _BENT = 0.020, 0.38
"""Share of the picture's height over which wavering is evened, and change of slope that is no wavering."""


def hung(ink: UInt8, wires: Float32, on_houses: Float32, materials: UInt8) -> Float32:
    """(n, w) row of each wire in each column of the reduced picture, NaN where it is not.

    ``wires`` and ``on_houses`` (h, w) say where strokes in the air and on houses are wires or run as straight.
    """
    soft = gaussian(ink.astype(np.float32), 0.9)
    houses = one_of(materials, _HOUSES)
    near = (wires > 0.25) | (houses & (on_houses > 0.25) & (soft < _HEAVY))
    middle = soft[1:-1]
    crest = (middle > _FAINT) & (middle > soft[:-2]) & (middle >= soft[2:]) & near[1:-1]
    columns, rows = np.nonzero(crest.T)
    if len(columns) == 0:
        return np.zeros((0, ink.shape[1]), np.float32)
    rows = rows + 1
    above, own, below = (soft[rows + k, columns] for k in (-1, 0, 1))
    exact = rows + 0.5 * (above - below) / np.minimum(above - 2 * own + below, -1e-3)
    courses = followed(columns, exact, _GAP * len(ink))
    return tied(spanned(evened(courses, soft, houses), len(ink)), one_of(materials, _POLES))


def spanned(wires: Float32, height: int) -> Float32:
    """Pieces of one wire as one: where it runs along an edge, behind a window or a pole, the pencil's crest is lost.

    Two pieces (n, w) belong together if each goes on to where the other begins.
    """
    pieces = [wire.copy() for wire in wires]
    ends = [(int(known[0]), int(known[-1])) for known in (np.flatnonzero(~np.isnan(piece)) for piece in pieces)]
    longest, over = _SPAN * height, max(4, round(_LEADS * height))
    while True:
        best: tuple[float, int, int] | None = None
        for one, (start, stop) in enumerate(ends):
            for other, (begin, end) in enumerate(ends):
                gap = begin - stop
                if one == other or not 0 < gap <= longest:
                    continue
                here, there = pieces[one][stop], pieces[other][begin]
                before = (here - pieces[one][max(start, stop - over)]) / max(1, min(over, stop - start))
                after = (pieces[other][min(end, begin + over)] - there) / max(1, min(over, end - begin))
                off = max(abs(here + before * gap - there), abs(there - after * gap - here))
                if off <= _AIMS[0] + _AIMS[1] * gap and (best is None or off + gap < best[0]):
                    best = float(off + gap), one, other
        if best is None:
            return np.stack(pieces) if pieces else wires
        _off, one, other = best
        stop, begin, end = ends[one][1], *ends[other]
        between = np.arange(stop + 1, begin)
        pieces[one][between] = np.interp(between, [stop, begin], [pieces[one][stop], pieces[other][begin]])
        pieces[one][begin : end + 1] = pieces[other][begin : end + 1]
        ends[one] = ends[one][0], end
        # The joint is no kink.
        near = slice(max(ends[one][0], stop - over), min(end, begin + over) + 1)
        pieces[one][near] = _without_wavering(pieces[one][near].astype(np.float64), over / 2, np.inf)
        del pieces[other], ends[other]


def tied(wires: Float32, poles: Bool) -> Float32:
    """Wires that end short of a pole go on to it: before its arms and sides there the pencil's crests are lost."""
    height, width = poles.shape
    reach = round(_TIE * height)
    for wire in wires:
        known = np.flatnonzero(~np.isnan(wire))
        for end, step in ((int(known[0]), -1), (int(known[-1]), 1)):
            back = end - step * min(len(known) - 1, max(3, round(_TIE * height / 2)))
            slope = float(wire[end] - wire[back]) / max(abs(end - back), 1)
            columns = end + step * np.arange(1, reach + 1)
            rows = wire[end] + slope * np.arange(1, reach + 1)
            inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height - 0.5)
            columns, rows = columns[inside], rows[inside]
            met = np.flatnonzero(poles[np.rint(rows).astype(np.int64), columns])
            if met.size and not poles[round(float(wire[end])), end]:
                # On to the middle of a thin pole, and not across what is wide.
                last = int(met[0]) + 1 + min(int(met.size) // 2, _INTO)
                wire[columns[:last]] = rows[:last]
    return wires


def followed(
    columns: Ints, rows: NDArray[np.floating], gap: float, off: float = _OFF
) -> list[tuple[list[int], list[float]]]:
    """Crests of neighbouring columns joined to courses: each goes on where its own direction leads it."""
    done: list[tuple[list[int], list[float]]] = []
    live: list[tuple[list[int], list[float]]] = []
    starts = np.searchsorted(columns, np.arange(int(columns[-1]) + 2))
    values = rows.tolist()
    for column in range(int(columns[0]), int(columns[-1]) + 1):
        free = dict.fromkeys(range(int(starts[column]), int(starts[column + 1])))
        going = []
        for course in live:
            xs, ys = course
            if column - xs[-1] > gap:
                done.append(course)
                continue
            going.append(course)
            back = max(0, len(xs) - 10)
            slope = (ys[-1] - ys[back]) / max(xs[-1] - xs[back], 1)
            wanted = ys[-1] + slope * (column - xs[-1])
            best = min(free, key=lambda k: abs(values[k] - wanted), default=None)
            if best is not None and abs(values[best] - wanted) < off:
                del free[best]
                xs.append(column)
                ys.append(values[best])
        live = going + [([column], [values[k]]) for k in free]
    return done + live


def evened(
    courses: Sequence[tuple[list[int], list[float]]],
    soft: Float32,
    houses: Bool,
    *,
    beam: float = _BEAM,
    ruled: float = _RULED,
    bent: float = _BENT,
) -> Float32:
    """Courses that are long and thin enough, as rows by column without wavering; ``soft`` (h, w) is the ink."""
    height, width = soft.shape
    sigma, kept = ruled * height, []
    for xs, ys in courses:
        long = xs[-1] - xs[0]
        if long < _SHORTEST * height or len(xs) < 0.35 * long:
            continue
        at = np.clip(np.array(ys).astype(np.int64), 0, height - 1)
        if np.median(soft[at, xs]) > beam:
            continue
        before_houses = houses[at, xs].mean() > 0.9
        if before_houses and (long < _SHORTEST_ON_HOUSES * height or len(xs) < _UNBROKEN * long):
            continue
        whole = np.arange(xs[0], xs[-1] + 1)
        line = np.interp(whole, xs, ys)
        row = np.full(width, np.nan, np.float32)
        row[whole] = _without_wavering(line, sigma, bent)
        if before_houses and np.abs(row[xs] - ys).max() > _ASTRAY:
            continue  # from window to window and from tile to tile
        kept.append(row)
    return np.stack(kept) if kept else np.zeros((0, width), np.float32)


def _without_wavering(line: NDArray[np.floating], sigma: float, bent: float) -> NDArray[np.floating]:
    """The course of one wire, smoothed; where it is bent sharply another span begins."""
    step = max(3, round(1.3 * sigma))
    if len(line) > 6 * step:
        turn = np.abs(line[2 * step :] - 2 * line[step:-step] + line[: -2 * step]) / step
        bend = int(np.argmax(turn))
        if turn[bend] > bent:
            parts = line[: bend + step], line[bend + step :]
            return np.concatenate([_without_wavering(part, sigma, bent) for part in parts])
    # The ends stay where they are: beyond them the line goes on as it would turned about them.
    reach = min(int(3 * sigma), len(line) - 1)
    before, after = 2 * line[0] - line[reach:0:-1], 2 * line[-1] - line[-2 : -reach - 2 : -1]
    framed = np.concatenate([before, line, after])
    return np.asarray(mahotas.gaussian_filter1d(framed, sigma, mode="nearest")[reach : reach + len(line)])


def drawn(patch: Patch, courses: Float32, thick: float = 1.0) -> tuple[Float32, Float32]:
    """(h, w) 0–1 each: the wires as thin strokes, and how near one is (0 from 10 units on)."""
    stroke, around = np.zeros(patch.shape, np.float32), np.zeros(patch.shape, np.float32)
    scale = patch.scene.extent.width / courses.shape[1]
    first, last = int(patch.bounds.x / scale) - 1, int(patch.bounds.right / scale) + 2
    places = (np.arange(patch.bounds.width) + patch.bounds.x + 0.5) / scale - 0.5
    vx, _, recedes = patch.scene.vanishing
    reach = max(5, round(7 * patch.unit))
    for course in courses:
        if np.isnan(course[max(first, 0) : max(last, 1)]).all():
            continue
        known = np.flatnonzero(~np.isnan(course))
        inside = (places >= known[0]) & (places <= known[-1])
        columns = np.flatnonzero(inside)
        if len(columns) == 0:
            continue
        at = np.interp(places[columns], known, course[known])
        slope = np.gradient(np.interp(np.arange(len(course)), known, course[known]))
        lean = np.sqrt(1 + np.interp(places[columns], np.arange(len(course)), slope) ** 2)
        middle = (at + 0.5) * scale - patch.bounds.y
        if middle.max() < -reach or middle.min() > patch.bounds.height + reach:
            continue
        # Thin where it comes from far away, and at its ends.
        near = np.clip(np.abs(patch.x[0, columns] - vx) / 700, 0, 1) if recedes else 0.5
        ends = np.minimum(np.minimum(places[columns] - known[0], known[-1] - places[columns]) / 14, 1)
        wide = (0.9 + 0.8 * near) * (0.6 + 0.4 * ends) * thick * patch.unit
        rows = np.floor(middle).astype(np.int64)[None, :] + np.arange(-reach, reach + 1)[:, None]
        off = np.abs(rows + 0.5 - middle) / lean
        there = (rows >= 0) & (rows < patch.bounds.height)
        across = np.broadcast_to(columns, rows.shape)[there]
        rows, off = rows[there], off[there]
        half = np.broadcast_to(wide / 2, there.shape)[there]
        alpha = np.clip(half + 0.5 - off, 0, 1) * np.minimum(2 * half, 1)
        stroke[rows, across] = np.maximum(stroke[rows, across], alpha)
        beside = np.clip(1 - off / (10 * patch.unit), 0, 1)
        around[rows, across] = np.maximum(around[rows, across], beside)
    return stroke, around
