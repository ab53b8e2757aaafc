"""What a review looks at: the history of a cut, two takes beside each other, all candidates on one sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genzu.cli.common import CutsArgument, JsonOption, ShowOption, choose_cut, find_show, numbers_of, say, say_json
from genzu.errors import BadInput, NotFound
from genzu.steps.candidates import write_candidates
from genzu.steps.chosen import sheets_of
from genzu.steps.compare_takes import Side, compare_sides, side_of_file, side_of_take
from genzu.steps.history import Moment, history_of, measured
from genzu.store.show import Show


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    for command in (history, compare, candidates):
        app.command()(command)


def history(
    cut: Annotated[str | None, typer.Argument(metavar="CUT", help="The cut.")] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="Only this sheet: BG, BOOK1 …")] = None,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what happened to a cut: takes and what is new in each, picks, retakes, approvals, by whom and when."""
    with Show.open(find_show(show)) as opened:
        number = choose_cut(opened, cut)
        moments = history_of(opened, number, sheet)
        if sheet is not None and sheet not in sheets_of(opened, number):
            known = ", ".join(sheets_of(opened, number)) or "none yet"
            raise NotFound(f"there is no sheet {sheet}", where=f"cut {number}", do=f"it has: {known}")
    if as_json:
        return say_json({"cut": number, "history": [one.to_dict() for one in moments]})
    for one in moments:
        say(_moment_line(one))
    return None


def _moment_line(one: Moment) -> str:
    head = f"{one.created[:16].replace('T', ' ')}  {one.sheet or '–':<6} {one.what}"
    if one.take is not None and one.what != one.take.stage.value:
        head += f"{' with' if one.what == 'answered' else ''} {one.take.stage.value} {one.take.number}"
    elif one.take is not None:
        head += f" {one.take.number} (take {one.take.id})"
    figures = measured(one.take) if one.take is not None and one.what == one.take.stage.value else {}
    said = [
        f"line fidelity {figures['line_fidelity']:.3f}, shift {figures['shift']:.2f} px" if "shift" in figures else "",
        f"{100 * figures['changed_share']:.1f} % painted over" if "changed_share" in figures else "",
    ]
    tail = "; ".join(part for part in (" ".join(one.words.split()), *said) if part)
    return f"{head} by {one.who}" + (f": {tail}" if tail else "")


def compare(
    first: Annotated[str, typer.Argument(metavar="CUT|FILE", help="The cut, or the first of two picture files.")],
    second: Annotated[str, typer.Argument(metavar="TAKE|FILE", help="Take A by its id, or the second file.")],
    third: Annotated[str | None, typer.Argument(metavar="[TAKE]", help="Take B by its id.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE.png", help="The sheet to write.")] = None,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Two takes of a cut, or two files: side by side, their difference, strips of both, and what differs in words."""
    if out is None:
        raise BadInput("no place for the sheet is given", do="add -o compared.png")
    if third is None:
        found, path = compare_sides(side_of_file(Path(first)), side_of_file(Path(second)), out)
    else:
        with Show.open(find_show(show)) as opened:
            number = opened.cut(first).number
            one, other = (_take_side(opened, number, word) for word in (second, third))
            found, path = compare_sides(one, other, out, opened)
    if as_json:
        return say_json({"file": str(path), **found.to_dict()})
    say(str(path))
    for side, letter in ((found.one, "A"), (found.other, "B")):
        say(f"{letter}: {side.words}")
    return say("\n".join(found.lines))


def _take_side(show: Show, cut: str, word: str) -> Side:
    if not word.isdecimal():
        raise BadInput(f"{word!r} is no take", do="give the id of a take; 'genzu history' lists them")
    take = show.take(int(word))
    if take.cut != cut:
        raise BadInput(f"take {word} belongs to cut {take.cut}", do="name that cut, or another take")
    return side_of_take(show, take)


def candidates(
    cuts: CutsArgument = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help="Where the overview goes.")] = None,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """One overview of all cuts with their candidates numbered, and a list (picks.csv) to pick in one go."""
    if out is None:
        raise BadInput("no place for the overview is given", do="add -o DIR")
    with Show.open(find_show(show)) as opened:
        numbers = numbers_of(opened, cuts) if cuts else [one.number for one in opened.cuts()]
        made = write_candidates(opened, numbers, out)
    if as_json:
        return say_json(made.to_dict())
    for path in made.pages:
        say(str(path))
    say(f"{made.picks}: write the number of the chosen candidate, then: genzu pick --from {made.picks} --by NAME")
    for line in made.notes:
        say(f"  {line}")
    return None
