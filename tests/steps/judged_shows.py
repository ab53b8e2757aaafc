"""Small shows whose takes were recorded by hand, for the tests of what people say about them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from genzu.core.credit import Hand
from genzu.core.cut import Cut
from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.core.recipe import Recipe
from genzu.core.scene import Conditions
from genzu.core.take import NewTake, Stage, Take
from genzu.picture.arrays import UInt8
from genzu.store.show import Show

SHA = "0123456789abcdef" * 4
WIDTH, HEIGHT = 96, 54


def flat(seed: int) -> UInt8:
    """Sky over ground; the seed decides the sky's colour."""
    picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    picture[:30] = (100 + 15 * seed % 150, 160, 220 - 15 * seed % 150)
    picture[30:] = (110, 100, 80)
    return picture


def materials() -> UInt8:
    plane = np.full((HEIGHT, WIDTH), int(Material.SKY), np.uint8)
    plane[30:] = int(Material.SOIL)
    return plane


def recipe(seed: int = 0, *, prompt: str = "港町", sheet: str = "BG") -> Recipe:
    return Recipe(
        stage=Stage.PAINTING, engine="fake", engine_version="1", extent=Extent(WIDTH, HEIGHT), seed=seed,
        prompt=prompt, conditions=Conditions(), layout=SHA, reading="geometry/1", intake="1", sheet=sheet,
    )  # fmt: skip


def painted(
    show: Show, cut: str, seed: int = 0, *, prompt: str = "港町", sheet: str = "BG", shift: float = 0.0,
    upon: Take | None = None,
) -> Take:  # fmt: skip
    made = recipe(seed, prompt=prompt, sheet=sheet)
    if upon is not None:
        made = replace(made, base=upon.picture, mask=SHA)
    own = show.cut(cut)
    return show.record(
        NewTake(
            cut=cut, sheet=sheet, stage=Stage.PAINTING, picture=show.keep_picture(flat(seed)), hand=Hand.AI,
            recipe=made, parents=(upon.id,) if upon else (),
            measures={
                "fidelity": {"line_fidelity": 0.9, "chance": 0.2, "shift": shift}, "seconds": 0.5,
                "materials": show.keep_picture(materials()),
            },
        ),
        answers=upon is not None or (seed == own.seed and prompt == own.prompt),
    )  # fmt: skip


def touched_up(show: Show, upon: Take, *, by: str = "佐藤") -> Take:
    picture = flat(upon.id)
    picture[:4] = 255
    return show.record(
        NewTake(
            cut=upon.cut, sheet=upon.sheet, stage=Stage.RETOUCH, picture=show.keep_picture(picture),
            hand=Hand.AI_AND_HUMAN, by=by, parents=(upon.id,), measures={"changed_share": 0.25},
        )
    )  # fmt: skip


def judged_show(folder: Path, *, cuts: tuple[str, ...] = ("001",), candidates: int = 3) -> Show:
    """Each cut with its candidates painted; the first is the cut's own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "layout.png").write_bytes(b"a layout")
    show = Show.create(folder / "show", "海")
    for number in cuts:
        layout = show.keep_file(folder / "layout.png")
        show.add_cut(Cut(number=number, layout=layout, prompt="港町", engine="fake"))
        for seed in range(candidates):
            painted(show, number, seed)
    return show
