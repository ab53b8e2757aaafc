"""``genzu paint``: the command that makes pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genzu.cli.build_show import ShowOrder, describe, paint_show
from genzu.cli.common import JsonOption, ShowOption, cut_number, find_show, say, say_json
from genzu.cli.dask_options import (
    PATIENCE,
    DaskOption,
    DaskResourceOption,
    DaskTlsOption,
    DaskWaitOption,
    crew_of,
)
from genzu.cli.order import Order
from genzu.cli.progress import watching
from genzu.cli.watch_show import watch_show
from genzu.core import lexicon
from genzu.core.geometry import Extent
from genzu.errors import BadInput
from genzu.steps.journey import paint_cut
from genzu.store.show import Show

MOST_CANDIDATES = 64


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(paint)


def paint(
    layouts: Annotated[
        list[Path] | None,
        typer.Argument(metavar="LAYOUT", help="Layout: PNG, JPEG, TIFF or layered PSD.", show_default=False),
    ] = None,
    prompt: Annotated[str, typer.Option("--prompt", "-p", help="'port town, autumn, dusk' or '港町、秋、夕方'.")] = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help="Where the files go.")] = None,
    season: Annotated[str | None, typer.Option(help="Season; wins over the prompt.")] = None,
    time: Annotated[str | None, typer.Option(help="Time of day; wins over the prompt.")] = None,
    weather: Annotated[str | None, typer.Option(help="Weather; wins over the prompt.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed is another hand.")] = 0,
    candidates: Annotated[int, typer.Option(help="How many paintings to offer, with a contact sheet.")] = 1,
    engine: Annotated[
        str, typer.Option(help="embedded, fake, or diffusers:PROFILE, comfyui:PROFILE (see genzu models).")
    ] = "embedded",
    size: Annotated[
        str | None, typer.Option(metavar="WxH", help="Size of the painting (default: the layout's).")
    ] = None,
    materials: Annotated[Path | None, typer.Option(help="Materials picture: what each pixel is made of.")] = None,
    marks: Annotated[Path | None, typer.Option(help="Sparse colour marks: what is what, here and there.")] = None,
    board: Annotated[Path | None, typer.Option(help="Art board to take the colours from.")] = None,
    layout_by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who drew the layout (for the credits).")
    ] = None,
    board_by: Annotated[str | None, typer.Option(metavar="NAME", help="Who painted the board.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Paint what is stale in the show, and only that.")] = False,
    cuts: Annotated[
        list[str] | None,
        typer.Option("--cut", "-c", metavar="NUMBERS", help="Only these cuts of the show: 001 002, or 010-020."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --all: tell what would be painted, and why.")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes for --all (default: one per core; one for diffusers, comfyui)."),
    ] = None,
    dask: DaskOption = None,
    dask_resource: DaskResourceOption = None,
    dask_tls: DaskTlsOption = None,
    dask_wait: DaskWaitOption = PATIENCE,
    watch: Annotated[
        bool, typer.Option("--watch", help="With --all: go on, and paint what changes, until Ctrl-C.")
    ] = False,
    layouts_in: Annotated[
        list[Path] | None,
        typer.Option("--layouts", metavar="DIR", help="With --watch: new layouts of known cuts appear here, too."),
    ] = None,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Paint one layout (genzu paint LAYOUT -p "…" -o OUT), or what is stale in a show (genzu paint --all)."""
    if not 1 <= candidates <= MOST_CANDIDATES:
        raise BadInput(f"{candidates} candidates are not possible", do=f"ask for 1 to {MOST_CANDIDATES}")
    everything = everything or bool(cuts) or watch
    crew = crew_of(dask, resources=dask_resource, tls=dask_tls, wait=dask_wait, workers=workers, everything=everything)
    if everything:
        if layouts and not cuts:
            raise BadInput("--all paints the show's own cuts", do="leave out either --all or the layout")
        asked = ShowOrder(
            cuts=(*(cuts or ()), *map(str, layouts or ())), candidates=candidates, workers=workers, crew=crew,
            dry_run=dry_run, as_json=as_json,
        )  # fmt: skip
        folder = find_show(show)
        return watch_show(folder, asked, layouts_in or ()) if watch else paint_show(folder, asked)
    if dry_run or layouts_in:
        raise BadInput("--dry-run and --layouts are for the cuts of a show", do="add --all (--watch), or leave it out")
    if layouts and len(layouts) > 1:
        raise BadInput(f"{len(layouts)} layouts are given", do="give one; or add them to a show: genzu add, genzu cuts")
    layout = layouts[0] if layouts else None
    if layout is None:
        raise BadInput("no layout is given", do='name one: genzu paint LAYOUT -p "port town, autumn, dusk" -o OUT')
    if out is None:
        raise BadInput("no place for the files is given", do="add -o DIR")
    order = Order(
        layout=layout, prompt=_with_conditions(prompt, season, time, weather), seed=seed, engine=engine,
        size=Extent.parse(size) if size else None, materials=materials, marks=marks, board=board,
        layout_by=layout_by, board_by=board_by,
    )  # fmt: skip
    order.check(candidates=candidates)
    number = cut_number(layout.stem)
    with Show.open_or_create(out, out.resolve().name) as opened, watching(layout.name, quiet=as_json) as told:
        order.enter(opened, number, replace=number in {cut.number for cut in opened.cuts()})
        sheets = paint_cut(opened, number, out, stem=layout.stem, candidates=candidates, watch=told)
    if as_json:
        say_json({"sheets": [sheet.to_dict() for sheet in sheets]})
    else:
        for sheet in sheets:
            say(describe(sheet))
    return None


def _with_conditions(prompt: str, season: str | None, time: str | None, weather: str | None) -> str:
    """Put the options' words in front of the prompt: in a prompt the first word of a kind holds."""
    words = [
        look_up(word).value
        for word, look_up in ((season, lexicon.season), (time, lexicon.time), (weather, lexicon.weather))
        if word is not None
    ]
    return ", ".join([*words, prompt] if prompt else words)
