"""``genzu cuts`` and ``genzu place``: the film's list of cuts in and out, and the places that cuts share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from genzu.cli.common import JsonOption, ShowOption, find_show, say, say_json
from genzu.core.codec import without_none
from genzu.core.credit import Contribution, Role
from genzu.core.cutlist import tidy
from genzu.core.findings import Finding
from genzu.core.naming import Template
from genzu.core.place import Board, Location, place_key
from genzu.core.timing import FrameRate, seconds_and_frames, timecode
from genzu.errors import BadInput
from genzu.picture.files import read_rgb8
from genzu.steps.cutlist import CutChange, ListPlan, enter_list, plan_list
from genzu.steps.cutlist_export import cutlist_of, export_list
from genzu.steps.places import keep_palette
from genzu.store.show import Show

MOST_SHOWN = 200
"""Findings and changes that are printed; ``--json`` has them all."""

cuts = typer.Typer(name="cuts", no_args_is_help=True, help="The list of all cuts: import it, export it, look at it.")
place = typer.Typer(name="place", no_args_is_help=True, help="Places of the show: what all their cuts share.")


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(cuts)
    app.add_typer(place)


@cuts.command(name="import")
def import_(
    source: Annotated[
        Path, typer.Argument(metavar="FILE|FOLDER", help="CSV, .otio, .edl, .xdts, or a folder of layouts.")
    ],
    fps: Annotated[str | None, typer.Option(help="Frames a second: 24, 23.976, 29.97df … (default: 24).")] = None,
    layouts: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the layouts (default: the list's own).")
    ] = None,
    template: Annotated[
        str | None, typer.Option(help="How the layouts are named: {show}_c{cut:03}_{sheet}_t{take:02}.")
    ] = None,
    new_places: Annotated[bool, typer.Option("--new-places", help="Add places that the show does not know.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")] = False,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a cut list into the show: all of it, or (if anything is wrong in it) nothing."""
    with Show.open(find_show(show)) as opened:
        plan = plan_list(
            opened, source, fps=FrameRate.parse(fps) if fps else None, layouts=layouts,
            template=Template(template) if template else None, new_places=new_places,
        )  # fmt: skip
        if as_json:
            say_json({**plan.to_dict(), "entered": not dry_run and not plan.errors})
        else:
            _tell(plan, dry_run)
        if plan.errors or not dry_run:
            enter_list(opened, plan)


def _tell(plan: ListPlan, dry_run: bool) -> None:
    print_findings(plan.findings)
    would = "would be " if dry_run or plan.errors else ""
    tell_changes(plan)
    say(
        f"{plan.source.name}: {len(plan.cutlist.entries)} cuts; {len(plan.added)} {would}added, {len(plan.changed)} "
        f"{would}changed, {len(plan.unchanged)} as they are"
    )
    if plan.places:
        say("New places: " + ", ".join(one.name for one in plan.places))
    if plan.not_in_list:
        say("In the show but not in this list (nothing is deleted): " + ", ".join(plan.not_in_list[:MOST_SHOWN]))


def tell_changes(plan: ListPlan) -> None:
    """One line for each cut that the list changes."""
    for change in plan.changed[:MOST_SHOWN]:
        say(f"cut {change.after.number}: {_changes(change)}")


def _changes(change: CutChange) -> str:
    return "; ".join(
        f"{name.replace('_', ' ')} {old or '–'} → {new or '–'}" for name, (old, new) in change.fields.items()
    )


@cuts.command(name="export")
def export(
    target: Annotated[
        Path, typer.Argument(metavar="FILE", help="FILE.csv, .otio, .edl, or sheets/c{cut}.xdts (one per cut).")
    ],
    headings: Annotated[str, typer.Option(help="Headings of a CSV: en or ja.")] = "en",
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the show's cuts as a list; what the format cannot hold is named."""
    if headings not in ("en", "ja"):
        raise BadInput(f"{headings!r} are no headings that are known", do="use en or ja")
    with Show.open(find_show(show)) as opened:
        done = export_list(opened, target, japanese=headings == "ja")
    if as_json:
        say_json({"files": [str(path) for path in done.files], "findings": [one.to_dict() for one in done.findings]})
        return
    print_findings(done.findings)
    for path in done.files:
        say(str(path))


@cuts.command(name="list")
def list_(show: ShowOption = None, as_json: JsonOption = False) -> None:
    """Show all cuts in the order of the film, with their lengths and record times."""
    with Show.open(find_show(show)) as opened:
        cutlist = cutlist_of(opened)
    starts, fps = cutlist.starts(), cutlist.fps
    if as_json:
        timed = zip(cutlist.entries, starts, strict=True)
        say_json(
            {
                "title": cutlist.title, "fps": str(fps), "frames": cutlist.frames,
                "cuts": [{**entry.to_dict(), "start": at} for entry, at in timed],
            }
        )  # fmt: skip
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("cut", "length", "record in", "place", "light", "uses", "note"):
        table.add_column(heading, overflow="fold")
    for entry, at in zip(cutlist.entries, starts, strict=True):
        length = seconds_and_frames(entry.frames, fps) if entry.frames else "?"
        light = " ".join(word for word in (entry.season, entry.time, entry.weather) if word)
        table.add_row(entry.number, length, timecode(at, fps), entry.place, light, entry.uses, entry.note)
    _console().print(table)
    say(f"{len(cutlist.entries)} cuts, {seconds_and_frames(cutlist.frames, fps)} at {fps} frames a second")


@place.command(name="add")
def place_add(
    name: Annotated[str, typer.Argument(help="The name that the cut list gives the place.")],
    board: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PICTURE", help="Art board; 'night=PICTURE' for one that holds at night. May be repeated."
        ),
    ] = None,
    words: Annotated[str | None, typer.Option(help="What is there: 'port town, autumn' or '港町、秋'.")] = None,
    light: Annotated[
        str | None, typer.Option(help="Where the light comes from: left, 右から, or words for people.")
    ] = None,
    palette: Annotated[str | None, typer.Option(metavar="COLOURS", help="Colours: '#f4e2c0, #8090a0'.")] = None,
    board_by: Annotated[str | None, typer.Option(metavar="NAME", help="Who painted the board.")] = None,
    show: ShowOption = None,
) -> None:
    """Add a place, or change it: all cuts that name it are painted with its words, board or palette, and light."""
    pictures = [_board(text) for text in board or []]
    for path, _ in pictures:
        read_rgb8(path)  # refuses what is no picture before anything is written
    with Show.open(find_show(show)) as opened:
        known = {place_key(one.name): one for one in opened.places()}
        old = known.get(place_key(name)) or Location(name=tidy(name))
        boards = tuple(Board(file=opened.keep_file(path), words=when) for path, when in pictures)
        new = Location(
            name=old.name, words=old.words if words is None else tidy(words), boards=boards or old.boards,
            light=old.light if light is None else tidy(light),
            palette=old.palette if palette is None else _colours(palette), palette_board=old.palette_board,
        )  # fmt: skip
        if palette is not None:
            new = replace(new, palette_board=keep_palette(opened, new.palette))
        opened.put_place(new)
        if board_by:
            opened.credit(Contribution(name=board_by, role=Role.BOARD))
        count = sum(place_key(cut.place) == place_key(name) for cut in opened.cuts())
    say(f"{new.name}: {'changed' if place_key(name) in known else 'added'}; {count} cuts name it")
    if light and new.side is None:
        say("  its light is for people: an engine knows only light from the left and from the right")


@place.command(name="list")
def place_list(show: ShowOption = None, as_json: JsonOption = False) -> None:
    """Show the places and how many cuts each has."""
    with Show.open(find_show(show)) as opened:
        places, named = opened.places(), [place_key(cut.place) for cut in opened.cuts()]
    if as_json:
        return say_json({"places": [{**one.to_dict(), "cuts": named.count(place_key(one.name))} for one in places]})
    for one in places:
        boards = ", ".join(f"{board.words + ': ' if board.words else ''}{board.file.name}" for board in one.boards)
        parts = without_none({"words": one.words or None, "board": boards or None, "light": one.light or None})
        said = "; ".join(f"{key} {value}" for key, value in parts.items()) or "nothing said yet"
        say(f"{one.name}: {named.count(place_key(one.name))} cuts; {said}")
    if not places:
        say("This show has no places yet. Add one: genzu place add 港町 --board BOARD.png --words '港町、秋'")
    return None


def print_findings(findings: Sequence[Finding]) -> None:
    """A table of what was found: how bad, where, and one sentence."""
    if not findings:
        return
    table = Table(box=None, pad_edge=False, show_header=True)
    table.add_column("", no_wrap=True)
    table.add_column("where", overflow="fold", ratio=1)
    table.add_column("what", overflow="fold", ratio=3)
    for one in findings[:MOST_SHOWN]:
        table.add_row(one.severity.value, one.where, one.sentence)
    _console().print(table)
    if len(findings) > MOST_SHOWN:
        say(f"… and {len(findings) - MOST_SHOWN} more (see --json)")


def _console() -> Console:
    """Tables as wide as the terminal; in a pipe, wide enough for a sentence on one line."""
    console = Console(highlight=False, markup=False, emoji=False)
    return console if console.is_terminal else Console(width=400, highlight=False, markup=False, emoji=False)


def _board(text: str) -> tuple[Path, str]:
    """``night=PICTURE``, or the picture alone (also one whose name has a ``=``)."""
    when, sign, path = text.partition("=")
    if sign and not Path(text).is_file():
        return Path(path), tidy(when)
    return Path(text), ""


def _colours(text: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in text.replace("、", ",").split(",") if part.strip())
