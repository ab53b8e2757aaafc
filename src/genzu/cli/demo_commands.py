"""``genzu demo``: the shows that the program brings along."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genzu.cli.build_show import describe, sheets_and_failures
from genzu.cli.common import JsonOption, say, say_json
from genzu.cli.progress import errors, watching
from genzu.steps.batch import CutResult
from genzu.steps.demo import make_demo
from genzu.steps.demo_film import FilmDemo, make_film_demo


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(demo)


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the show.")],
    film: Annotated[
        bool, typer.Option("--film", help="A film of 48 cuts and three minutes instead of the six cuts.")
    ] = False,
    workers: Annotated[int | None, typer.Option(help="Processes (default: one per core).")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a small show of six cuts (or, with --film, a whole film), paint it, and write a page to look at."""
    if film:
        return _film(folder, workers, as_json)
    with watching("demo", quiet=as_json) as watch:
        made = make_demo(folder, workers=workers, watch=watch)
    if not as_json:
        say(f"Open {made.page} in a browser.")
    return _report(made.cuts, as_json)


def _report(results: tuple[CutResult, ...], as_json: bool) -> None:
    failed = [result for result in results if result.error]
    if as_json:
        say_json(sheets_and_failures(results))
    else:
        for result in results:
            for sheet in result.sheets:
                say(describe(sheet))
            if result.error:
                say(f"cut {result.number}: FAILED: {result.error.sentence}")
    if failed:
        raise typer.Exit(1)


def _film(folder: Path, workers: int | None, as_json: bool) -> None:
    with watching("film demo", quiet=as_json) as watch:
        made = make_film_demo(folder, workers=workers, watch=watch)
    if as_json:
        say_json(
            {
                "page": str(made.page), "film": str(made.film) if made.film else None, "no_film": made.no_film or None,
                "seconds": dict(made.seconds), "painted": [result.number for result in made.results if result.sheets],
                "cuts": [one.to_dict(made.page.parent) for one in made.cuts],
                "failed": {one.number: one.error.sentence for one in made.failed if one.error},
            }
        )  # fmt: skip
    else:
        _tell(made)
    if made.failed:
        raise typer.Exit(1)


def _tell(made: FilmDemo) -> None:
    say(f"{'cut':<5}{'length':>7}  {'background':<28}{'seconds':>8}{'rough':>8}{'painting':>10}")
    for one in made.cuts:
        cut = one.cut
        what = f"that of cut {one.source}" if one.source != cut.number else f"{cut.season} {cut.time}, {cut.weather}"
        took = f"{one.took:.1f}" if one.seconds else "-"
        marks = [f"{one.scores[stage]['line_fidelity']:.3f}" if stage in one.scores else "-" for stage in
                 ("rough", "painting")]  # fmt: skip
        length = "{}+{:02}".format(*divmod(cut.frames or 0, 24))
        say(f"{cut.number:<5}{length:>7}  {what:<28}{took:>8}{marks[0]:>8}{marks[1]:>10}")
    own = [one for one in made.cuts if one.seconds]
    painted = len([result for result in made.results if result.sheets])
    say(
        f"{len(made.cuts)} cuts on {len(own)} painted backgrounds; "
        f"{painted} painted now, in {made.seconds['painting']:.0f} s."
    )
    if made.film is not None:
        say(f"Film: {made.film} ({made.seconds['film']:.0f} s)")
    else:
        say(f"No film: {made.no_film}.")
    say(f"Open {made.page} in a browser.")
    for result in made.failed:
        if result.error:
            errors.print(f"genzu: cut {result.number}: {result.error.sentence}", markup=False)
