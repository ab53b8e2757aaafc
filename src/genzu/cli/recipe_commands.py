"""``genzu recipe``: what a file says about how it was made, in plain words; and the picture painted again from it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from genzu.cli.common import JsonOption, ShowOption, find_show, say, say_json
from genzu.cli.progress import watching
from genzu.core.passport import Made, Passport
from genzu.core.recipe import Recipe, conditions_to_dict
from genzu.errors import BadInput, NotFound
from genzu.steps.again import Again, paint_again
from genzu.steps.given import Given
from genzu.steps.told import Told, read_told
from genzu.store.show import Show

_LONGEST = 600
"""Letters of one value for a person; ``--json`` has all."""
_SOURCES = {
    "trainedAlgorithmicMedia": "made by a machine that was trained on data",
    "algorithmicMedia": "made by an algorithm that was trained on nothing",
    "compositeWithTrainedAlgorithmicMedia": "made by people and a machine that was trained on data",
    "compositeSynthetic": "put together, with parts that a machine made",
    "digitalCreation": "made by people with digital tools",
}
_PIXELS = {
    "same": "its pixels are those of this take",
    "changed": "its pixels have been CHANGED since Genzu wrote it",
    "unknown": "whether its pixels are still those cannot be told from this kind of file",
}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(recipe)


def recipe(
    file: Annotated[Path, typer.Argument(help="PNG, JPEG, TIFF, PSD, or the JSON beside a painting.")],
    repaint: Annotated[bool, typer.Option("--repaint", help="Paint it again from its recipe (with -o).")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help="Where it is painted again.")] = None,
    layout: Annotated[Path | None, typer.Option(help="The layout, if no show has it.")] = None,
    materials: Annotated[Path | None, typer.Option(help="The materials picture of the recipe.")] = None,
    marks: Annotated[Path | None, typer.Option(help="The colour marks of the recipe.")] = None,
    board: Annotated[Path | None, typer.Option(help="The art board of the recipe.")] = None,
    picture: Annotated[
        list[Path] | None, typer.Option(help="A picture that the recipe names: base, mask … (repeatable).")
    ] = None,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how a picture was made, whoever made it; with --repaint, paint it again and compare the pixels."""
    told = read_told(file)
    if not repaint:
        if out or layout or materials or marks or board or picture:
            raise BadInput("these files are for painting again", do="add --repaint -o DIR, or leave them out")
        return say_json(told.to_dict()) if as_json else say("\n".join(_described(told)))
    if out is None:
        raise BadInput("no place for the picture is given", do="add -o DIR")
    given = Given(layout=layout, materials=materials, marks=marks, board=board, pictures=tuple(picture or ()))
    folder = _source(show, file)
    with watching(file.name, quiet=as_json) as watch:
        if folder is None:
            done = paint_again(told, out, given, watch=watch)
        else:
            with Show.open(folder) as source:
                done = paint_again(told, out, given, source=source, watch=watch)
    if as_json:
        say_json(done.to_dict())
    else:
        say("\n".join(_came_out(done)))
    if not done.identical:
        raise typer.Exit(1)
    return None


def _source(show: Path | None, file: Path) -> Path | None:
    """The show that was named, else the one that the file lies in, if any."""
    try:
        return find_show(show, near=file)
    except NotFound:
        return None


def _came_out(done: Again) -> Iterator[str]:
    yield f"{done.file}: " + ("identical, bit for bit" if done.identical else "NOT identical")
    for sentence in (*done.differs, *done.notes):
        yield f"  {_line(sentence)}"


def _described(told: Told) -> Iterator[str]:
    yield f"{_line(str(told.file))}: {told.kind}"
    if told.passport is not None:
        yield from _own(told.passport, told)
    elif told.infotext is not None:
        yield "  A1111 parameters:"
        info = told.infotext
        yield from _pairs([("Prompt", info.prompt), ("Negative prompt", info.negative), *info.settings])
    for program, pairs in told.others:
        yield f"  {program}:"
        yield from _pairs(pairs)
    if told.passport is None and told.xmp is not None:
        xmp = told.xmp
        yield from _pairs(
            [
                ("Program", " ".join(filter(None, (xmp.tool or xmp.system, xmp.system_version)))),
                ("Prompt", xmp.prompt if told.infotext is None else ""),
                ("Creators", ", ".join(xmp.creators)), ("Source", _source_words(xmp.digital_source)),
            ],
            indent="  ",
        )  # fmt: skip


def _own(passport: Passport, told: Told) -> Iterator[str]:
    take = passport.take
    show = f"show “{passport.show}”, " if passport.show else ""
    yield "  " + _line(f"Genzu {passport.program}: {show}cut {passport.cut} {passport.sheet}, {_named(take)}")
    if told.kind != "JSON":
        yield f"  {_PIXELS[told.pixels]}"
    painting = passport.painting
    if painting is not None and painting.recipe is not None:
        yield from _recipe(painting.recipe)
        settings = told.infotext.settings if told.infotext else ()
        yield from _pairs([(k, v) for k, v in settings if k not in ("Seed", "Size", "Model", "Version")], indent="  ")
    if len(passport.made) > 1:
        yield "  made from"
        yield from (f"    {_line(_named(one))}, pixels {one.pixels[:12]}" for one in passport.made[1:])
    for key, ref in passport.files.items():
        yield "  " + _line(f"{key} file: {ref.name or 'name unknown'}, SHA-256 {ref.sha[:12]}")
    if passport.people:
        yield "  people: " + _line(", ".join(f"{name} ({role})" for name, role in passport.people))
    if passport.source:
        yield f"  source: {_source_words(passport.source)}"


def _recipe(recipe: Recipe) -> Iterator[str]:
    said = conditions_to_dict(recipe.conditions)
    words = ", ".join(f"{key} {' + '.join(value) if isinstance(value, list) else value}" for key, value in said.items())
    yield from _pairs(
        [
            ("engine", f"{recipe.engine} {recipe.engine_version}, seed {recipe.seed}, {recipe.extent} px"),
            ("prompt", recipe.prompt), ("understood", words),
            ("layout", f"pixels {recipe.layout[:12]}, taken in by version {recipe.intake}, read by {recipe.reading}"),
            ("repainted", f"part of {recipe.base[:12]} by mask {(recipe.mask or '')[:12]}" if recipe.base else ""),
        ],
        indent="  ",
    )  # fmt: skip


def _named(made: Made) -> str:
    hand = f"{made.hand.value}{f', by {made.by}' if made.by else ''}"
    engine = f", {made.recipe.engine} {made.recipe.engine_version}, seed {made.recipe.seed}" if made.recipe else ""
    return f"{made.stage.value} take {made.number} ({hand}{engine})"


def _source_words(uri: str) -> str:
    word = uri.rsplit("/", 1)[-1]
    return f"{word}: {_SOURCES[word]}" if word in _SOURCES else uri


def _pairs(pairs: Iterable[tuple[str, str]], indent: str = "    ") -> Iterator[str]:
    return (f"{indent}{_line(key)}: {_line(value)}" for key, value in pairs if value)


def _line(text: str) -> str:
    """One line that does nothing to a terminal: what a file says is not trusted with its control characters."""
    short = text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
    spaced = " / ".join(part.strip() for part in short.splitlines() if part.strip())
    return "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") else letter for letter in spaced
    )
