"""A small show with one painted cut, made by hand, for the tests of what comes after painting."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from genzu.core.credit import Contribution, Hand, Role
from genzu.core.cut import Cut
from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.core.recipe import Recipe
from genzu.core.scene import Conditions, Season
from genzu.core.take import NewTake, Stage, Take
from genzu.picture.arrays import UInt8
from genzu.picture.files import write_png
from genzu.store.show import Show

HEIGHT, WIDTH = 360, 640


def town(seed: int = 0) -> UInt8:
    """Houses, windows and a sky with clouds: enough edges everywhere to tell where it lies."""
    rng = np.random.default_rng(seed)
    picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    picture[:] = np.linspace((120, 160, 220), (230, 220, 210), HEIGHT).astype(np.uint8)[:, None]
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    for _ in range(25):
        cy, cx, size = rng.integers(10, 150), rng.integers(0, WIDTH), rng.integers(6, 26)
        picture[((x - cx) / 2) ** 2 + (y - cy) ** 2 < size**2] = rng.integers(225, 250)
    for left in range(0, WIDTH, 40):
        top = int(rng.integers(150, 240))
        picture[top:, left : left + 38] = rng.integers(60, 200, 3)
        for row in range(top + 10, HEIGHT - 14, 24):
            picture[row : row + 12, left + 6 : left + 14] = rng.integers(0, 120, 3)
            picture[row : row + 12, left + 22 : left + 30] = rng.integers(0, 120, 3)
    grain = rng.integers(-6, 7, picture.shape)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


def materials() -> UInt8:
    """Sky above, walls below."""
    plane = np.full((HEIGHT, WIDTH), int(Material.SKY), np.uint8)
    plane[190:] = int(Material.WALL)
    return plane


def layout_picture() -> UInt8:
    """A drawing on white paper."""
    drawing = np.full((HEIGHT, WIDTH), 255, np.uint8)
    drawing[188:191, 20:-20] = 40
    for left in range(60, WIDTH - 60, 80):
        drawing[190:320, left : left + 3] = 40
    return drawing


def painted_show(folder: Path, *, cuts: tuple[str, ...] = ("012",), alpha: UInt8 | None = None) -> Show:
    """A show whose cuts have a layout, a rough and a painting."""
    folder.mkdir(parents=True, exist_ok=True)
    write_png(folder / "layout.png", layout_picture())
    show = Show.create(folder / "show", "Umi")
    for number in cuts:
        show.add_cut(Cut(number=number, layout=show.keep_file(folder / "layout.png"), prompt="town, autumn"))
        show.credit(Contribution(name="鈴木", role=Role.LAYOUT, cut=number))
        paint(show, number, alpha=alpha)
    show.credit(Contribution(name="Director", role=Role.ART_DIRECTOR))
    return show


def paint(
    show: Show, cut: str, *, seed: int = 0, sheet: str = "BG", alpha: UInt8 | None = None, picture: UInt8 | None = None
) -> Take:
    """Record a rough and a painting as the journey does."""
    shown = town(seed) if picture is None else picture
    rough = np.clip(shown.astype(int) + 30, 0, 255).astype(np.uint8)
    parents: tuple[int, ...] = ()
    for stage, pixels in ((Stage.ROUGH, rough), (Stage.PAINTING, shown)):
        take = show.record(
            NewTake(
                cut=cut, sheet=sheet, stage=stage, hand=Hand.AI, parents=parents,
                picture=show.keep_picture(pixels if alpha is None else np.dstack([pixels, alpha])),
                recipe=recipe(stage, seed=seed, sheet=sheet),
                measures={"materials": show.keep_picture(materials())},
            )
        )  # fmt: skip
        parents = (take.id,)
    return take


def recipe(stage: Stage, *, seed: int, sheet: str) -> Recipe:
    return Recipe(
        stage=stage, engine="embedded", engine_version="1", extent=Extent(WIDTH, HEIGHT), seed=seed,
        prompt="town, autumn", conditions=Conditions(season=Season.AUTUMN), layout="0" * 64, reading="geometry/1",
        intake="1", sheet=sheet,
    )  # fmt: skip
