"""Commands on the film as a whole: film."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genzu.cli.common import JsonOption, ShowOption, find_show, say, say_json
from genzu.cli.progress import errors, watching
from genzu.core.geometry import Extent
from genzu.core.timing import FILM, FrameRate, length
from genzu.steps.film import FilmDone, FilmOrder, length_of, make_film
from genzu.steps.training_facts import training_facts
from genzu.store.show import Show

_MOST_NAMED = 12


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(name="film")(film)


def film(
    out: Annotated[Path, typer.Argument(metavar="OUT.mp4", help="The film: .mp4, or .mov with --prores.")],
    show: ShowOption = None,
    fps: Annotated[
        str | None, typer.Option(help="Frames per second: 24, 23.976, 29.97 … (default: the show's, else 24).")
    ] = None,
    size: Annotated[str | None, typer.Option(metavar="WxH", help="Size of the picture (default: 1920x1080).")] = None,
    cuts: Annotated[
        str, typer.Option(metavar="001-010", help="Only these cuts: ranges and numbers, with commas.")
    ] = "",
    slate: Annotated[
        bool, typer.Option("--slate", help="Write cut, frame, timecode and place into the picture.")
    ] = False,
    no_roll: Annotated[bool, typer.Option("--no-roll", help="Leave the staff roll off.")] = False,
    prores: Annotated[bool, typer.Option("--prores", help="ProRes 422 HQ in a .mov.")] = False,
    draft: Annotated[bool, typer.Option("--draft", help="Half the size, quickly.")] = False,
    crf: Annotated[int | None, typer.Option(help="Quality of H.264: 0 (best) to 51; 18 if not given.")] = None,
    length_: Annotated[
        str | None,
        typer.Option("--length", help="Of cuts whose length nobody has said (default: 3 seconds): 4+00 or 96f."),
    ] = None,
    font: Annotated[
        Path | None,
        typer.Option(help="Font of the titles (default: one with Japanese letters, if the system has one)."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the film: every cut in order, as far as it is painted, and the staff roll."""
    with Show.open(find_show(show)) as opened:
        rate = FrameRate.parse(fps) if fps else FrameRate.parse(opened.setting("fps") or str(FILM))
        order = FilmOrder(
            fps=rate, size=Extent.parse(size) if size else None, cuts=cuts, slate=slate, roll=not no_roll,
            prores=prores, draft=draft, crf=crf, font=font,
            usual=length(length_, rate, unit="frames") if length_ else None,
        )  # fmt: skip
        with watching("Film", quiet=as_json) as watch:
            done = make_film(opened, out, order, training=training_facts(), watch=watch)
    if as_json:
        say_json(done.to_dict())
    else:
        _tell(done, out)
    if not done.whole:
        raise typer.Exit(1)


def _tell(done: FilmDone, asked: Path) -> None:
    form = done.form
    say(f"{done.path}: {length_of(done)}, {form.extent}, {done.fps} frames a second, {form.codec}")
    if done.path.name != asked.name:
        say(f"  {asked.name} is not Genzu's own file and was kept; the film is beside it.")
    if done.stand_ins:
        parts = (f"{number} ({stage})" for number, stage in done.stand_ins.items())
        say(f"  Not painted yet, shown as they are: {_some(list(parts))}.")
    if done.unmeasured:
        say(f"  Without a length in the list, shown for the usual time: {_some(list(done.unmeasured))}.")
    for remark in done.remarks:
        say(f"  {remark}.")
    if done.roll is not None:
        hand = done.roll.hand
        say(f"  Background Designer: {hand.value if hand else 'nothing is painted yet'}")
    for number, reason in done.missing.items():
        errors.print(f"genzu: cut {number} has no picture, a card stands in: {reason}", markup=False)
    for text, letters in done.undrawn.items():
        errors.print(
            f"genzu: {text!r} could not be written into the film: no font here has {' '.join(letters)}. "
            "Install a Japanese font (such as Noto Sans CJK) or give one with --font.", markup=False,
        )  # fmt: skip


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
