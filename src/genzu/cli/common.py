"""What several commands share: finding the show, naming cuts, printing."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from genzu.core.numbers import cut_number as cut_number
from genzu.core.take import Take
from genzu.errors import NotFound
from genzu.steps.film_plan import selected
from genzu.store.show import Show

ShowOption = Annotated[
    Path | None,
    typer.Option(
        "--show", "-s", metavar="DIR", envvar="GENZU_SHOW", help="The show's folder (default: the one you are in)."
    ),
]
CutOption = Annotated[
    str | None, typer.Option("--cut", "-c", metavar="NUMBER", help="The cut (not needed if the show has only one).")
]
CutsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[CUTS]", help="Cuts by number: 001 002 010-020 (default: the only one).")
]
SheetOption = Annotated[str, typer.Option("--sheet", metavar="NAME", help="The sheet of the cut: BG, BOOK1 …")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text.")]


def find_show(asked: Path | None, *, near: Path | None = None) -> Path:
    """The show that was asked for, or the one that the current folder (or a file ``near``) lies in."""
    if asked is not None:
        return asked
    start = (near.parent if near is not None else Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / ".genzu").is_dir():
            return folder
    raise NotFound("no show here", where=start, do="go into a show's folder or name it with --show DIR")


def choose_cut(show: Show, asked: str | None, *, file: Path | None = None) -> str:
    """The cut that was asked for; else the only one; else the one whose name a file's name begins with."""
    if asked is not None:
        return show.cut(asked).number
    numbers = [cut.number for cut in show.cuts()]
    if len(numbers) == 1:
        return numbers[0]
    if file is not None:
        name = cut_number(file.stem)
        fitting = [number for number in numbers if name == number or name.startswith(f"{number}-")]
        if fitting:
            return max(fitting, key=len)
    known = ", ".join(numbers[:12]) or "none yet"
    raise NotFound("which cut is meant?", where=show.folder, do=f"name it with --cut; this show has: {known}")


def numbers_of(show: Show, cuts: Sequence[str] | None) -> list[str]:
    """Cuts and ranges, in the order of the film; the only cut if none is named."""
    if not cuts:
        return [choose_cut(show, None)]
    try:
        return [cut.number for cut in selected(show.cuts(), ",".join(cuts))]
    except NotFound as error:
        raise NotFound(
            error.what, where=show.folder, do="write 001 004 or 001-010; 'genzu status' lists them"
        ) from None


def say(text: str) -> None:
    """One line or more for a person, on stdout."""
    typer.echo(text)


def say_as_it_is(text: str) -> None:
    """Text whose ends of lines are part of it, on stdout."""
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    stream.write(text.encode())
    stream.flush()


def say_json(record: Any) -> None:
    """JSON for a program, on stdout."""
    json.dump(record, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def take_facts(take: Take) -> dict[str, Any]:
    """A take for ``--json``."""
    return {
        "id": take.id,
        "cut": take.cut,
        "sheet": take.sheet,
        "stage": take.stage.value,
        "take": take.number,
        "hand": take.hand.value,
        "by": take.by or None,
        "created": take.created,
        "picture": take.picture,
        "measures": dict(take.measures),
    }
