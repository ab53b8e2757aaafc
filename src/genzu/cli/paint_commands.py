"""``genzu paint`` and ``genzu demo``: the commands that make pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

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
from genzu.core import lexicon
from genzu.core.cut import Cut
from genzu.core.geometry import Extent
from genzu.engines import registry
from genzu.errors import BadInput
from genzu.steps.batch import Crew, CutOrder, CutResult, paint_cuts
from genzu.steps.demo import make_demo
from genzu.steps.journey import paint_cut
from genzu.steps.package import PaintedSheet
from genzu.store.show import Show

MOST_CANDIDATES = 64


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(paint)
    app.command()(demo)


def paint(
    layout: Annotated[Path | None, typer.Argument(help="Layout: PNG, JPEG, TIFF or layered PSD.")] = None,
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
    everything: Annotated[bool, typer.Option("--all", help="Paint all cuts of the show.")] = False,
    workers: Annotated[
        int | None, typer.Option(help="Processes for --all (default: one per core; one for diffusers, comfyui).")
    ] = None,
    dask: DaskOption = None,
    dask_resource: DaskResourceOption = None,
    dask_tls: DaskTlsOption = None,
    dask_wait: DaskWaitOption = PATIENCE,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Paint one layout (genzu paint LAYOUT -p "…" -o OUT), or all cuts of a show (genzu paint --all)."""
    crew = crew_of(dask, resources=dask_resource, tls=dask_tls, wait=dask_wait, workers=workers, everything=everything)
    if everything:
        if layout is not None:
            raise BadInput("--all paints the show's own cuts", do="leave out either --all or the layout")
        return _paint_show(find_show(show), candidates, workers, as_json, crew)
    if layout is None:
        raise BadInput("no layout is given", do='name one: genzu paint LAYOUT -p "port town, autumn, dusk" -o OUT')
    if out is None:
        raise BadInput("no place for the files is given", do="add -o DIR")
    if not 1 <= candidates <= MOST_CANDIDATES:
        raise BadInput(f"{candidates} candidates are not possible", do=f"ask for 1 to {MOST_CANDIDATES}")
    order = Order(
        layout=layout, prompt=_with_conditions(prompt, season, time, weather), seed=seed, engine=engine,
        size=Extent.parse(size) if size else None, materials=materials, marks=marks, board=board,
        layout_by=layout_by, board_by=board_by,
    )  # fmt: skip
    order.check(candidates=candidates)
    number = cut_number(layout.stem)
    with Show.open_or_create(out, out.resolve().name) as opened, watching(layout.name, quiet=as_json) as watch:
        order.enter(opened, number, replace=number in {cut.number for cut in opened.cuts()})
        sheets = paint_cut(opened, number, out, stem=layout.stem, candidates=candidates, watch=watch)
    if as_json:
        say_json({"sheets": [sheet.to_dict() for sheet in sheets]})
    else:
        for sheet in sheets:
            say(describe(sheet))
    return None


def _paint_show(folder: Path, candidates: int, workers: int | None, as_json: bool, crew: Crew | None = None) -> None:
    with Show.open(folder) as show:
        cuts = show.cuts()
        if not cuts:
            raise BadInput("this show has no cuts", where=folder, do='add one: genzu add LAYOUT --cut 001 -p "…"')
        orders = [
            CutOrder(show=folder, number=cut.number, out=folder / cut.number, candidates=candidates) for cut in cuts
        ]
    with watching(folder.resolve().name, quiet=as_json) as watch:
        results = paint_cuts(orders, workers=workers or _workers_for(cuts), crew=crew, watch=watch)
    _report(results, as_json)


def _workers_for(cuts: Sequence[Cut]) -> int | None:
    """One process where weights are loaded or a server is asked: every process would load them anew."""
    profiled = any(cut.engine.partition(":")[0] in registry.engine_families() for cut in cuts)
    return 1 if profiled else None


def _report(results: tuple[CutResult, ...], as_json: bool) -> None:
    failed = [result for result in results if result.error]
    if as_json:
        say_json(
            {
                "sheets": [sheet.to_dict() for result in results for sheet in result.sheets],
                "failed": {result.number: result.error.sentence for result in failed if result.error},
            }
        )
    else:
        for result in results:
            for sheet in result.sheets:
                say(describe(sheet))
            if result.error:
                say(f"cut {result.number}: FAILED: {result.error.sentence}")
    if failed:
        raise typer.Exit(1)


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the show.")],
    workers: Annotated[int | None, typer.Option(help="Processes (default: one per core).")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a small show of six cuts with its own layouts, paint it, and write a page to look at."""
    with watching("demo", quiet=as_json) as watch:
        made = make_demo(folder, workers=workers, watch=watch)
    if not as_json:
        say(f"Open {made.page} in a browser.")
    _report(made.cuts, as_json)


def _with_conditions(prompt: str, season: str | None, time: str | None, weather: str | None) -> str:
    """Put the options' words in front of the prompt: in a prompt the first word of a kind holds."""
    words = [
        look_up(word).value
        for word, look_up in ((season, lexicon.season), (time, lexicon.time), (weather, lexicon.weather))
        if word is not None
    ]
    return ", ".join([*words, prompt] if prompt else words)


def describe(sheet: PaintedSheet) -> str:
    """A few lines about a painted sheet: files, registration, what was not understood."""
    scores = sheet.to_dict()["scores"]
    lines = [f"cut {sheet.cut} {sheet.sheet}: {sheet.files['painting']}"]
    for stage, score in scores.items():
        lines.append(
            f"  {stage:<8} line fidelity {score['line_fidelity']:.3f} (by chance {score['chance']:.3f}), "
            f"shift {score['shift']:.2f} px"
        )
    if not sheet.registered:
        lines.append("  NOT REGISTERED: the picture has moved against the layout by more than half a pixel at 1080p")
    lines += [f"  {note}" for note in sheet.notes]
    return "\n".join(lines)
