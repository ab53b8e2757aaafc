"""Small shows for the tests of the store."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from genzu.core.credit import Contribution, Hand, Role
from genzu.core.cut import Cut, FileRef
from genzu.core.geometry import Extent
from genzu.core.recipe import Recipe
from genzu.core.scene import Conditions
from genzu.core.take import NewTake, Stage, Take
from genzu.picture.arrays import UInt8
from genzu.store.show import Show

SHA = "0123456789abcdef" * 4


def tiny(seed: int = 0, height: int = 8, width: int = 12) -> UInt8:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def recipe(stage: Stage = Stage.ROUGH, *, seed: int = 0, sheet: str = "BG", rough: str | None = None) -> Recipe:
    return Recipe(
        stage=stage, engine="fake", engine_version="1", extent=Extent(12, 8), seed=seed, prompt="港町、秋",
        conditions=Conditions(), layout=SHA, reading="geometry/1", intake="1", sheet=sheet, rough=rough,
    )  # fmt: skip


def layout(show: Show, text: str = "a layout") -> FileRef:
    path = show.folder.parent / "layout 原図.png"
    path.write_text(text, encoding="utf-8")
    return show.keep_file(path)


def show_with_cut(folder: Path, number: str = "001") -> Show:
    show = Show.create(folder, "犬と少年")
    show.add_cut(Cut(number=number, layout=layout(show)))
    return show


def machine_take(show: Show, stage: Stage = Stage.ROUGH, *, seed: int = 0, cut: str = "001") -> Take:
    picture = show.keep_picture(tiny(seed))
    made = recipe(stage, seed=seed)
    return show.record(NewTake(cut=cut, sheet="BG", stage=stage, picture=picture, hand=Hand.AI, recipe=made))


def hand_take(show: Show, *, seed: int = 1, cut: str = "001", parents: tuple[int, ...] = ()) -> Take:
    picture = show.keep_picture(tiny(seed))
    return show.record(
        NewTake(
            cut=cut,
            sheet="BG",
            stage=Stage.RETOUCH,
            picture=picture,
            hand=Hand.AI_AND_HUMAN,
            by="佐藤",
            parents=parents,
        )
    )


def make_film(folder: Path) -> None:
    """A whole small film, written so that it can be run again after it was cut off anywhere."""
    show = Show.open_or_create(folder, "犬と少年")
    there = {cut.number for cut in show.cuts()}
    for index, number in enumerate(("001", "002")):
        if number not in there:
            show.add_cut(Cut(number=number, layout=layout(show, f"layout {number}"), prompt="港町", seed=index))
        rough = _painted(show, number, Stage.ROUGH, seed=index, parents=())
        painting = _painted(show, number, Stage.PAINTING, seed=index, parents=(rough.id,))
        show.credit(Contribution(name=f"Artist {number}", role=Role.LAYOUT, cut=number))
        show.export(show.folder / "out" / f"{number}.txt", lambda path, sha=painting.picture: path.write_text(sha))
        show.approve(painting.id, "監督")
    show.credit(Contribution(name="監督", role=Role.ART_DIRECTOR))
    show.close()


def _painted(show: Show, cut: str, stage: Stage, *, seed: int, parents: tuple[int, ...]) -> Take:
    rough = show.take(parents[0]).picture if parents else None
    made = recipe(stage, seed=seed, rough=rough)
    known = show.take_by_recipe(cut, "BG", stage, made.digest)
    if known is not None:
        return known
    picture = show.keep_picture(tiny(10 * seed + len(parents)))
    return show.record(
        NewTake(
            cut=cut, sheet="BG", stage=stage, picture=picture, hand=Hand.AI, recipe=made, parents=parents,
            measures={"line_fidelity": 0.9},
        )
    )  # fmt: skip


def told(folder: Path) -> dict[str, object]:
    """Everything that a show says of itself, without times, to compare two shows."""
    with Show.open(folder) as show:
        private = folder / ".genzu"
        return {
            "faults": [fault.sentence for fault in show.verify()],
            "cuts": [cut.to_dict() for cut in show.cuts()],
            "takes": [
                (
                    take.id,
                    take.cut,
                    take.sheet,
                    take.stage,
                    take.number,
                    take.picture,
                    take.parents,
                    dict(take.measures),
                )
                for take in show.takes()
            ],
            "approved": [approved and approved.id for approved in (show.approved(c.number, "BG") for c in show.cuts())],
            "credits": [(who.name, who.role, who.cut) for who in show.contributions()],
            "events": [(event.id, event.what, event.cut, dict(event.detail)) for event in show.history()],
            "stored": sorted(
                str(p.relative_to(private)) for d in ("pictures", "files") for p in (private / d).rglob("*.*")
            ),
            "scratch": sorted(path.name for path in (private / "scratch").glob("*")),
            "exports": {path.name: path.read_text() for path in sorted((folder / "out").glob("*.txt"))},
            "states": [show.exported(path) for path in sorted((folder / "out").glob("*.txt"))],
        }
