"""The embedded engine: paints on two laptop cores, with nothing downloaded and nothing learned from others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from genzu.core.geometry import Bounds, tiles
from genzu.core.take import Stage
from genzu.engines.base import Capabilities, PaintRequest, Progress, no_progress
from genzu.engines.embedded import lumps
from genzu.engines.embedded.ahead import prepare
from genzu.engines.embedded.board import Palette
from genzu.engines.embedded.copies import in_copies, pays, shared
from genzu.engines.embedded.fields import forget
from genzu.engines.embedded.painting import painting_tile
from genzu.engines.embedded.rough import prepare_rough, rough_tile
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.tiling import SHEET, cores, even_tiles, side_by_side
from genzu.engines.embedded.warm import ROWS, strip
from genzu.errors import EngineFailed
from genzu.picture.arrays import LineArt, UInt8
from genzu.picture.memory import give_back, pages_kept

_T = TypeVar("_T", bound=np.generic)
MARGIN = 128
"""Margin around a tile in units: longer than half of any stroke plus any blur."""


_BAND = 1280
"""Side in px of the squares in which a board's palette is applied."""
LEAST = 4
"""Shortest side that the painters can work on, in px; less is padded."""


class EmbeddedEngine:
    """Rough from a colour script, painting from brush strokes; see the package's modules."""

    name = "embedded"
    version = "13"
    capabilities = Capabilities(
        stages=(Stage.ROUGH, Stage.PAINTING),
        exactness="bit-exact",
        reads_board=True,
        largest_side=30_000,
        learned=True,
        training="the network that reads the layout learned from drawings of the project's own generator only; "
        "the painting is made by rules and brushes and learned from no picture",
    )

    def __init__(self, tile: int | None = None, workers: int | None = None) -> None:
        """``tile`` = side of tiles in px (else as fits), ``workers`` = tiles at work at once (else as there are cores).

        Neither changes the picture by more than 1/255.
        """
        self._tile, self._workers = tile, workers
        self._last: Scene | None = None
        self._warm = False

    def warm(self) -> None:
        """Make what the first picture would pay for (0.5 s of CPU time) before there is one; once in a process.

        It may run beside other work, but not beside :meth:`paint`, and changes no pixel.
        """
        if not self._warm:
            self._warm = True
            lumps.prepare(ROWS / 1080)
            small = EmbeddedEngine(workers=1)
            rough = small.paint(strip())
            small.paint(replace(strip(), stage=Stage.PAINTING, rough=rough))

    def paint(self, request: PaintRequest, progress: Progress = no_progress) -> UInt8:
        """(H, W, 3) sRGB uint8; the same for any tile size within 1/255."""
        if min(request.extent.shape) < LEAST:
            return self.paint(_padded(request), progress)[: request.extent.height, : request.extent.width]
        with pages_kept(request.extent):
            return self._painted(request, progress)

    def _painted(self, request: PaintRequest, progress: Progress) -> UInt8:
        scene = self._scene(request)
        margin = round(MARGIN * scene.unit)
        if request.stage is Stage.ROUGH:
            prepare_rough(scene, self._at_once)
            picture = self._each_tile(scene, margin, lambda tile: rough_tile(scene, tile, margin), progress)
            if scene.extent.pixels > SHEET:
                forget(scene)  # most fields of a long sheet served the rough only
                lumps.forget()
            return self._with_board(scene, picture)
        if request.rough is None:
            raise EngineFailed("the painting needs a rough", do="paint the rough first")
        rough = request.rough
        if scene.extent.pixels > SHEET:
            self._last = None  # nothing of it stays beside what is made of the painting
        return self._each_tile(scene, margin, lambda tile: painting_tile(scene, rough, tile, margin), progress)

    def _scene(self, request: PaintRequest) -> Scene:
        """Rough and painting of one sheet look at the same scene; what is known of it is kept between the two."""
        if self._last is None or not self._last.fits(request):
            self._last = Scene(request)
            prepare(self._last, self._at_once)
        return self._last

    def _each_tile(self, scene: Scene, margin: int, paint: Callable[[Bounds], UInt8], progress: Progress) -> UInt8:
        work = list(even_tiles(scene.extent, margin) if self._tile is None else tiles(scene.extent, self._tile))
        workers = min(len(work), self._at_once if scene.extent.pixels <= SHEET else 1)
        apart, shape = pays(scene.extent, workers), (*scene.extent.shape, 3)
        picture = shared(shape, np.uint8) if apart else np.empty(shape, np.uint8)

        def one(tile: Bounds) -> None:
            picture[tile.slices] = paint(tile)

        spread = in_copies if apart else side_by_side
        for done, _tile in enumerate(spread(one, work, workers), 1):
            if scene.extent.pixels > SHEET:
                give_back(scene.extent)  # what lies free between planes that stay is too small for those of a tile
            progress(done / len(work))
        return picture

    @property
    def _at_once(self) -> int:
        return cores() if self._workers is None else self._workers

    def _with_board(self, scene: Scene, picture: UInt8) -> UInt8:
        if scene.request.board is None:
            return picture
        materials = scene.reading.materials
        palette = Palette(picture, scene.request.board, materials)
        for tile in tiles(scene.extent, _BAND):
            picture[tile.slices] = palette.apply(picture[tile.slices], materials[tile.slices])
        return picture


def _padded(request: PaintRequest) -> PaintRequest:
    """The request with its edge repeated until it is large enough to paint."""
    extent = request.extent
    more = (0, max(0, LEAST - extent.height)), (0, max(0, LEAST - extent.width))

    def grown(plane: NDArray[_T]) -> NDArray[_T]:
        return np.pad(plane, more + ((0, 0),) * (plane.ndim - 2), mode="edge")

    lines, reading = request.lines, request.reading
    return replace(
        request,
        lines=LineArt(
            contour=grown(lines.contour), highlight=grown(lines.highlight), shadow=grown(lines.shadow),
            cel=grown(lines.cel),
        ),
        reading=replace(
            reading, materials=grown(reading.materials), regions=grown(reading.regions),
            alpha=None if reading.alpha is None else grown(reading.alpha),
        ),
        rough=None if request.rough is None else grown(request.rough),
    )  # fmt: skip
