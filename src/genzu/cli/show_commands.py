"""Commands on a show: init, add, retouch, deliver, credits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from genzu.cli.common import (
    CutOption,
    JsonOption,
    SheetOption,
    ShowOption,
    choose_cut,
    cut_number,
    find_show,
    say,
    say_as_it_is,
    say_json,
    take_facts,
)
from genzu.cli.order import Order
from genzu.cli.storage_commands import LEDGER_HELP, PICTURES_HELP
from genzu.core.credit import Contribution, Role
from genzu.core.geometry import Extent
from genzu.errors import BadInput, UnknownWord
from genzu.steps.credit_forms import CreditsForm, credits_in
from genzu.steps.deliver import DEFAULT_FORMATS, DEFAULT_TEMPLATE, deliver
from genzu.steps.staff_roll import staff_roll
from genzu.steps.touchup import take_back
from genzu.steps.training_facts import training_facts
from genzu.store.show import Show

ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="The person's name, as the staff roll prints it.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    for command in (init, add, retouch, credits_, credit):
        app.command(name=command.__name__.rstrip("_"))(command)
    app.command(name="deliver")(deliver_)


def init(
    folder: Annotated[Path, typer.Argument(metavar="SHOW", help="A new or empty folder.")],
    title: Annotated[str | None, typer.Option(help="Title of the show (default: the folder's name).")] = None,
    ledger: Annotated[str | None, typer.Option(metavar="URL", help=LEDGER_HELP)] = None,
    pictures: Annotated[str | None, typer.Option(metavar="URL", help=PICTURES_HELP)] = None,
    join: Annotated[bool, typer.Option("--join", help="The show is at --ledger already; open it here, too.")] = False,
) -> None:
    """Begin a show: one folder with its ledger and pictures, or with the URLs of where they lie."""
    if join:
        if ledger is None or title is not None:
            raise BadInput("a show is joined by where its ledger lies", do="give --ledger URL, and no --title")
        with Show.join(folder, url=ledger, pictures=pictures) as show:
            say(f"{show.folder}: show “{show.title}” joined\n{show.whereabouts.sentence}")
        return
    with Show.create(folder, title or folder.resolve().name, url=ledger, pictures=pictures) as show:
        say(f'{show.folder}: show “{show.title}” begun. Add a layout: genzu add LAYOUT --cut 001 -p "…"')
        say(show.whereabouts.sentence)


def add(
    layout: Annotated[Path, typer.Argument(help="Layout: PNG, JPEG, TIFF or layered PSD.")],
    cut: Annotated[str | None, typer.Option("--cut", "-c", help="Cut number (default: from the file's name).")] = None,
    prompt: Annotated[str, typer.Option("--prompt", "-p", help="Place, season, time, weather.")] = "",
    seed: Annotated[int, typer.Option(help="Another seed is another hand.")] = 0,
    engine: Annotated[
        str, typer.Option(help="embedded, fake, or diffusers:PROFILE, comfyui:PROFILE (see genzu models).")
    ] = "embedded",
    size: Annotated[str | None, typer.Option(metavar="WxH", help="Size of the painting.")] = None,
    materials: Annotated[Path | None, typer.Option(help="Materials picture.")] = None,
    marks: Annotated[Path | None, typer.Option(help="Sparse colour marks.")] = None,
    board: Annotated[Path | None, typer.Option(help="Art board.")] = None,
    layout_by: Annotated[str | None, typer.Option(metavar="NAME", help="Who drew the layout.")] = None,
    board_by: Annotated[str | None, typer.Option(metavar="NAME", help="Who painted the board.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="The cut exists; its order is changed.")] = False,
    show: ShowOption = None,
) -> None:
    """Add a cut to the show: its layout and what is asked for."""
    order = Order(
        layout=layout, prompt=prompt, seed=seed, engine=engine, size=Extent.parse(size) if size else None,
        materials=materials, marks=marks, board=board, layout_by=layout_by, board_by=board_by,
    )  # fmt: skip
    order.check()
    with Show.open(find_show(show)) as opened:
        number = cut or cut_number(layout.stem)
        order.enter(opened, number, replace=replace)
        say(f"cut {number}: added. Paint it with: genzu paint --all")


def retouch(
    file: Annotated[Path, typer.Argument(help="The edited PSD, or a flat picture of the same size.")],
    by: ByOption,
    cut: CutOption = None,
    sheet: SheetOption = "BG",
    note: Annotated[str, typer.Option(help="What was done.")] = "",
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a person's touch-up back: measured against the painting, recorded with the name, never overwritten."""
    with Show.open(find_show(show, near=file)) as opened:
        back = take_back(opened, choose_cut(opened, cut, file=file), file, by=by, sheet=sheet, note=note)
    if as_json:
        return say_json({"take": take_facts(back.take), "credit": back.take.hand.value, "notes": list(back.notes)})
    measures = back.take.measures
    say(
        f"cut {back.take.cut} {back.take.sheet}: touch-up take {back.take.number} by {by}: "
        f"{100 * float(measures['changed_share']):.1f} % of the pixels changed. Credit: {back.take.hand.value}"
    )
    for note in back.notes:
        say(f"  {note}")
    return None


def deliver_(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where the delivery goes.")],
    cut: CutOption = None,
    sheet: SheetOption = "BG",
    template: Annotated[str, typer.Option(help="Names of the files.")] = DEFAULT_TEMPLATE,
    formats: Annotated[str, typer.Option(help="psd, png, tiff, with commas.")] = ",".join(DEFAULT_FORMATS),
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Deliver the final background: layered PSD, flat pictures, staff roll lines and where it all came from."""
    with Show.open(find_show(show)) as opened:
        number = choose_cut(opened, cut)
        done = deliver(
            opened, number, out=out, template=template, sheet=sheet,
            formats=tuple(word.strip() for word in formats.split(",") if word.strip()), training=training_facts(),
        )  # fmt: skip
    if as_json:
        return say_json(done.to_dict())
    for path in done.files.values():
        say(str(path))
    return say("\n".join([*done.lines, *done.notes]))


def credits_(
    cut: CutOption = None,
    show: ShowOption = None,
    as_json: JsonOption = False,
    form: Annotated[CreditsForm, typer.Option("--format", help="How it is printed.")] = CreditsForm.TEXT,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write it into this file.")] = None,
) -> None:
    """Print the staff roll: who and what made each picture."""
    with Show.open(find_show(show)) as opened:
        roll = staff_roll(opened, cut=cut, training=training_facts())
        text = credits_in(CreditsForm.JSON if as_json else form, roll)
        if out is not None:
            # Excel takes a table for UTF-8 only with this mark; other forms do without it.
            mark = b"\xef\xbb\xbf" if form is CreditsForm.CSV and not as_json else b""
            say(str(opened.export(out, lambda path: _write(path, mark + text.encode()))))
            return
    say_as_it_is(text if text.endswith("\n") else text + "\n")


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def credit(
    name: Annotated[str, typer.Argument(help="The person's name, as the staff roll prints it.")],
    role: Annotated[str, typer.Option(help=", ".join(role.value for role in Role))],
    cut: CutOption = None,
    show: ShowOption = None,
) -> None:
    """Name a person in a role, for one cut or (without --cut) the whole show."""
    try:
        chosen = Role(role.strip().lower())
    except ValueError:
        known = ", ".join(one.value for one in Role)
        raise UnknownWord(f"{role!r} is not a role", do=f"use one of {known}") from None
    with Show.open(find_show(show)) as opened:
        number = opened.cut(cut).number if cut else ""
        opened.credit(Contribution(name=name, role=chosen, cut=number))
        say(f"{name}: {chosen.value}{f', cut {number}' if number else ''}")
