"""``genzu repaint``: part of a painting again, the rest bit for bit as it was."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from genzu.cli.common import CutOption, JsonOption, SheetOption, ShowOption, choose_cut, find_show, say, say_json
from genzu.cli.progress import watching
from genzu.core.cut import LARGEST_SEED
from genzu.core.material import Material
from genzu.engines import registry
from genzu.errors import BadInput
from genzu.steps.region import Region
from genzu.steps.repaint import Change, Repainted, repaint
from genzu.store.show import Show

_POINT = re.compile(r"\s*(\d{1,6})\s*[,x×]\s*(\d{1,6})\s*")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(name="repaint")(repaint_)


def repaint_(
    cut: CutOption = None,
    prompt: Annotated[
        str | None, typer.Option("--prompt", "-p", help="What shall be there; the base's other words still hold.")
    ] = None,
    mask: Annotated[
        Path | None, typer.Option(metavar="PNG", help="White = paint again, black = stay; the painting's size.")
    ] = None,
    material: Annotated[
        list[str] | None, typer.Option(help="Everything made of this: roof, 屋根 … (repeatable).")
    ] = None,
    region: Annotated[
        list[str] | None, typer.Option(metavar="X,Y", help="The region under this pixel (repeatable).")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed is another hand.")] = None,
    engine: Annotated[str | None, typer.Option(help="Which engine paints (default: the base's).")] = None,
    take: Annotated[
        int | None, typer.Option(help="Id of the take to begin with (default: the one that stands for the cut).")
    ] = None,
    grow: Annotated[
        float | None,
        typer.Option(metavar="PX", help="Grow the area (default: regions grow over their own lines, a mask does not)."),
    ] = None,
    feather: Annotated[
        float | None,
        typer.Option(
            metavar="PX",
            help="Soften its edge inwards (default: a mask by 10 % of its size; regions end with their lines).",
        ),
    ] = None,
    sheet: SheetOption = "BG",
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help="Where the files go.")] = None,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Paint part of a painting again: another prompt, seed or engine; every pixel outside stays bit for bit."""
    wanted = Region(
        mask=mask, materials=tuple(dict.fromkeys(map(Material.named, material or ()))),
        points=tuple(map(_point, region or ())), grow=grow, feather=feather,
    )  # fmt: skip
    if seed is not None and not 0 <= seed <= LARGEST_SEED:
        raise BadInput(f"seed {seed} is out of range", do="use 0 to 2**63 - 1")
    if engine is not None:
        registry.engine(engine)
    folder = find_show(show)
    with Show.open(folder) as opened:
        number = choose_cut(opened, cut)
        with watching(f"cut {number}", quiet=as_json) as watch:
            done = repaint(
                opened, number, wanted, Change(prompt=prompt, seed=seed, engine=engine),
                out=out or folder / number, sheet=sheet, take=take, watch=watch,
            )  # fmt: skip
    return say_json(done.to_dict()) if as_json else say(_described(done))


def _point(text: str) -> tuple[int, int]:
    found = _POINT.fullmatch(text)
    if found is None:
        raise BadInput(f"{text!r} is not a point", do="write column,row in px, for example --region 120,80")
    return int(found[1]), int(found[2])


def _described(done: Repainted) -> str:
    take, facts = done.take, done.take.measures["repainted"]
    lines = [
        f"cut {take.cut} {take.sheet}: painting take {take.number} (id {take.id}), {done.files['painting']}",
        f"  painted again: {facts['what']} ({100 * facts['share']:.1f} % of the picture); "
        f"outside it is {done.base.stage.value} take {done.base.number} bit for bit",
        f"  line fidelity {take.measures['fidelity']['line_fidelity']:.3f}, "
        f"shift {take.measures['fidelity']['shift']:.2f} px. Credit: {take.hand.value}",
    ]
    return "\n".join([*lines, *(f"  {note}" for note in done.notes)])
