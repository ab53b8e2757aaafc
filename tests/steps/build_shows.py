"""Small shows for the tests of a build: the fake engine, real layouts, real files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from genzu.core.cut import Cut
from genzu.core.material import Material
from genzu.steps.batch import CutResult, LocalCrew
from genzu.steps.build import Plan, build, plan_build
from genzu.store.show import Show

PROMPT = "village, summer"


def draw(path: Path, number: int = 0, size: tuple[int, int] = (320, 180)) -> Path:
    """A hut on a meadow; another number is another drawing."""
    page = Image.new("RGB", size, (250, 248, 242))
    pen = ImageDraw.Draw(page)
    pen.line([(0, size[1] // 2), (size[0], size[1] // 2 + 4)], fill=(70, 70, 72), width=2)
    pen.rectangle([190, 60, 250, 120], outline=(70, 70, 72), width=2)
    pen.line([(10 + 3 * number, 20), (10 + 3 * number, 80)], fill=(70, 70, 72), width=2)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.save(path)
    return path


def small_show(folder: Path, count: int = 3, *, engine: str = "fake", prompt: str = PROMPT) -> Path:
    """A show with cuts 001, 002 … whose layouts lie in ``folder/layouts``; materials are given, so no network reads."""
    folder.mkdir(exist_ok=True)
    Image.new("L", (320, 180), int(Material.GRASS)).save(folder / "grass.png")
    with Show.create(folder / "show", "Umi") as show:
        materials = show.keep_file(folder / "grass.png")
        for number in range(1, count + 1):
            layout = draw(folder / "layouts" / f"c{number:03}.png", number)
            show.add_cut(
                Cut(
                    number=f"{number:03}", layout=show.keep_file(layout), prompt=prompt, engine=engine,
                    materials=materials,
                )
            )  # fmt: skip
    return folder / "show"


class Onlooker:
    """Hears what a build tells."""

    def __init__(self) -> None:
        self.results: dict[str, CutResult] = {}
        self.waited: list[str] = []

    def waits(self, numbers: Sequence[str]) -> None:
        self.waited += numbers

    def done(self, planned: object, result: CutResult) -> None:
        self.results[result.number] = result


def planned(folder: Path, **asked: object) -> Plan:
    with Show.open(folder) as show:
        return plan_build(show, **asked)  # type: ignore[arg-type]


def reasons(folder: Path, **asked: object) -> dict[str, str]:
    """Why each cut would be done."""
    return {one.order.number: one.why for one in planned(folder, **asked).planned}


def paint(folder: Path, *, workers: int = 1, **asked: object) -> Onlooker:
    """Build what is stale."""
    seen = Onlooker()
    list(build(folder, planned(folder, **asked), LocalCrew(workers), seen))
    return seen
