"""``genzu variants``: one layout in many seasons, times and weathers, on the same lines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genzu.cli.common import JsonOption, ShowOption, cut_number, find_show, numbers_of, say, say_json
from genzu.cli.order import Order
from genzu.cli.progress import watching
from genzu.core.geometry import Extent
from genzu.core.variation import Variation
from genzu.engines import registry
from genzu.errors import BadInput
from genzu.steps.asked import background_of
from genzu.steps.variant_files import caption
from genzu.steps.variant_records import VariantSheet
from genzu.steps.variants import paint_variants
from genzu.steps.variants_many import paint_many_variants
from genzu.store.show import Show

_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".psd", ".psb")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(variants)


def variants(
    layout: Annotated[
        str | None, typer.Argument(metavar="LAYOUT", help="Layout: PNG, JPEG, TIFF or layered PSD; or a cut's number.")
    ] = None,
    prompt: Annotated[str | None, typer.Option("--prompt", "-p", help="Place, and what all have in common.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help="Where the files go.")] = None,
    seasons: Annotated[str | None, typer.Option(metavar="WORDS", help="all, or 'spring,autumn', or '春、秋'.")] = None,
    times: Annotated[str | None, typer.Option(metavar="WORDS", help="all, or 'dusk,night', or '夕方、夜'.")] = None,
    weathers: Annotated[str | None, typer.Option(metavar="WORDS", help="all, or 'clear,rain', or '晴れ、雨'.")] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed is another hand (the same for all variants).")] = None,
    engine: Annotated[
        str | None, typer.Option(help="embedded (default), fake, or diffusers:PROFILE, comfyui:PROFILE.")
    ] = None,
    size: Annotated[str | None, typer.Option(metavar="WxH", help="Size of the paintings.")] = None,
    materials: Annotated[Path | None, typer.Option(help="Materials picture: what each pixel is made of.")] = None,
    marks: Annotated[Path | None, typer.Option(help="Sparse colour marks: what is what, here and there.")] = None,
    board: Annotated[Path | None, typer.Option(help="Art board to take the colours from.")] = None,
    layout_by: Annotated[str | None, typer.Option(metavar="NAME", help="Who drew the layout.")] = None,
    board_by: Annotated[str | None, typer.Option(metavar="NAME", help="Who painted the board.")] = None,
    cuts: Annotated[
        list[str] | None, typer.Option("--cuts", metavar="NUMBERS", help="Cuts of the show: 001,002 or 010-020.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All cuts of the show.")] = False,
    workers: Annotated[int | None, typer.Option(help="Processes for --cuts and --all (default: one per core).")] = None,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Paint one layout in many seasons, times and weathers with the same lines, regions and hand; or many cuts."""
    variation = Variation.parse(seasons=seasons, times=times, weathers=weathers)
    given = (prompt, seed, engine, size, materials, marks, board, layout_by, board_by)
    if cuts or everything:
        if layout is not None or any(option is not None for option in given):
            raise BadInput(
                "the cuts of the show know their own layouts, prompts and files",
                do="leave them out with --cuts or --all",
            )
        return _of_many(find_show(show), cuts, variation, out, workers, as_json)
    if layout is None:
        raise BadInput("no layout is given", do="name a layout or a cut, or use --cuts 001,002 or --all")
    path = Path(layout)
    if _names_a_cut(layout):
        if any(option is not None for option in given):
            raise BadInput(
                f"{layout!r} is no file, and a cut of the show knows its own prompt, seed and files",
                do="name a layout file, or change the cut with 'genzu add --replace'",
            )
        return _of_a_cut(find_show(show), layout, variation, out, as_json)
    if out is None:
        raise BadInput("no place for the files is given", do="add -o DIR")
    order = Order(
        layout=path, prompt=prompt or "", seed=seed or 0, engine=engine or "embedded",
        size=Extent.parse(size) if size else None, materials=materials, marks=marks, board=board,
        layout_by=layout_by, board_by=board_by,
    )  # fmt: skip
    order.check()
    number = cut_number(path.stem)
    with Show.open_or_create(out, out.resolve().name) as opened, watching(path.name, quiet=as_json) as watch:
        order.enter(opened, number, replace=number in {cut.number for cut in opened.cuts()})
        sheets = paint_variants(opened, number, variation, out, stem=path.stem, watch=watch)
    return _report(sheets, as_json)


def _names_a_cut(layout: str) -> bool:
    """A plain word that is no file here and ends like no picture; a folder may have the name, the cut's own."""
    path = Path(layout)
    return path.name == layout and path.suffix.lower() not in _PICTURES and not path.is_file()


def _of_a_cut(folder: Path, number: str, variation: Variation, out: Path | None, as_json: bool) -> None:
    """The takes stand beside the cut's own; none of them counts for the cut before somebody approves it."""
    with Show.open(folder) as opened, watching(f"cut {number}", quiet=as_json) as watch:
        sheets = paint_variants(opened, opened.cut(number).number, variation, out or folder / number, watch=watch)
    return _report(sheets, as_json)


def _of_many(
    folder: Path, cuts: list[str] | None, variation: Variation, out: Path | None, workers: int | None, as_json: bool
) -> None:
    """Cuts that show the background of another (兼用) have no variants of their own."""
    with Show.open(folder) as opened, watching("variants", quiet=as_json) as watch:
        named = numbers_of(opened, cuts) if cuts else [cut.number for cut in opened.cuts()]
        numbers = list(dict.fromkeys(background_of(opened, number) for number in named))
        if not numbers:
            raise BadInput("this show has no cuts", where=folder, do='add one: genzu add LAYOUT --cut 001 -p "…"')
        profiled = any(opened.cut(one).engine.partition(":")[0] in registry.engine_families() for one in numbers)
        made = paint_many_variants(
            opened, numbers, variation, out or folder, workers=workers or (1 if profiled else None), watch=watch
        )
    if as_json:
        say_json(made.to_dict())
    else:
        for cut in made.cuts:
            for sheet in cut.sheets:
                say(_described(sheet))
            if cut.error:
                say(f"cut {cut.number}: FAILED: {cut.error.sentence}")
        for page in made.pages:
            say(str(page))
    if any(cut.failed for cut in made.cuts):
        raise typer.Exit(1)


def _report(sheets: tuple[VariantSheet, ...], as_json: bool) -> None:
    if as_json:
        say_json({"sheets": [sheet.to_dict() for sheet in sheets]})
    else:
        for sheet in sheets:
            say(_described(sheet))
    if any(sheet.failed for sheet in sheets):
        raise typer.Exit(1)


def _described(sheet: VariantSheet) -> str:
    lines = [f"cut {sheet.cut} {sheet.sheet}: {len(sheet.variants)} variants, {sheet.files['contact']}"]
    for one in sheet.painted:
        if one.error is not None:
            lines.append(f"  {one.label}: FAILED: {one.error.sentence}")
        elif one.painting is not None:
            shift = one.painting.measures["fidelity"]["shift"]
            lines.append(f"  {caption(one, sheet.base)}, shift {shift:.2f} px, take {one.painting.id}")
    return "\n".join([*lines, *(f"  {note}" for note in (*sheet.notes, *sheet.warnings))])
