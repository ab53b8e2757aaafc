"""Commands that tell: read, words, licences, verify."""

from __future__ import annotations

from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from genzu.cli.common import JsonOption, ShowOption, find_show, say, say_json
from genzu.core.lexicon import read_prompt, vocabulary
from genzu.core.model_facts import ModelFacts
from genzu.engines import registry
from genzu.errors import BadInput, LedgerBroken, NotFound
from genzu.picture.doubt import doubt_sheet, doubts
from genzu.picture.files import write_jpeg
from genzu.steps.intake import take_in
from genzu.steps.reading import load_marks, read, write_reading
from genzu.steps.staff_roll import staff_roll
from genzu.steps.training_facts import training_facts
from genzu.store.show import Show

_EXTRAS = ("diffusers", "comfyui", "postgresql", "object-store")
_ABSENT = "not installed"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    for command in (words, licences, verify):
        app.command(name=command.__name__)(command)
    app.command(name="read")(read_)


def read_(
    layout: Annotated[Path, typer.Argument(help="Layout: PNG, JPEG, TIFF or layered PSD.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="What to write: a PNG of numbers, or a PSD to paint on.")
    ],
    prompt: Annotated[str, typer.Option("--prompt", "-p", help="Helps the reading.")] = "",
    marks: Annotated[
        Path | None,
        typer.Option(help="Sparse colour marks, a reading that was painted over, or a PSD of this command."),
    ] = None,
    reader: Annotated[str, typer.Option(help="Which reader: " + ", ".join(registry.reader_names()))] = (
        registry.reader_names()[0]
    ),
    sheet: Annotated[
        Path | None, typer.Option(metavar="JPG", help="Also draw what was read, the unsure parts marked.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Read a layout: write what each pixel is made of, to be corrected by hand and given back with --marks."""
    if out.suffix.lower() not in (".png", ".psd"):
        raise BadInput(f"{out.name} is neither a PNG nor a PSD", do="end the name in .png or .psd")
    drawing = take_in(layout).sheets[0]
    reading = read(
        drawing.lines,
        conditions=read_prompt(prompt).conditions,
        reader=registry.reader(reader),
        marks=load_marks(marks, drawing.lines.extent) if marks else None,
        alpha=drawing.alpha,
    )
    unsure = doubts(reading)
    write_reading(out, drawing.lines, reading, unsure)
    if sheet is not None:
        write_jpeg(sheet, doubt_sheet(drawing.lines, reading, unsure))
    if as_json:
        return say_json(
            {"file": str(out), "regions": len(reading.confidence) - 1, "doubtful": [d.to_dict() for d in unsure]}
        )
    say(f"{out}: {len(reading.confidence) - 1} regions")
    for number, doubt in enumerate(unsure, 1):
        say(f"  look first {number:>2}: {doubt.sentence}")
    return None


def words(as_json: JsonOption = False) -> None:
    """List every word that a prompt may hold."""
    known = vocabulary()
    if as_json:
        return say_json([{"kind": w.kind, "english": list(w.english), "japanese": list(w.japanese)} for w in known])
    for word in known:
        say(f"{word.kind:<10} {', '.join(word.english)} ・ {'、'.join(word.japanese)}")
    return None


def licences(show: ShowOption = None, as_json: JsonOption = False) -> None:
    """Licence and origin of everything in the program, and of the models that a show was painted with."""
    own = (files("genzu") / "data" / "licences.txt").read_text(encoding="utf-8")
    libraries = {name: _licence_of(name) for name in _required()} | _of_extras()
    models = _models_of(show)
    if as_json:
        return say_json(
            {"own": own, "libraries": libraries, "models": [facts.to_dict() for facts in models or ()]}
        )  # fmt: skip
    say(own)
    if models is not None:
        say("Models that the show was painted with")
        for facts in models:
            say(f"  {facts.sentence}" + (f" ({facts.origin})" if facts.origin else ""))
        say("" if models else "  none but the program's own\n")
    say("Libraries that are installed beside it")
    for name, licence in libraries.items():
        say(f"  {name:<16} {licence}")
    return None


def verify(show: ShowOption = None) -> None:
    """Check that every picture of the show is there and whole."""
    with Show.open(find_show(show)) as opened:
        faults = opened.verify()
        count, lie = len(opened.takes()), opened.whereabouts.sentence
    if faults:
        raise LedgerBroken(" ".join(fault.sentence for fault in faults[:5]), where=opened.folder, do="restore a backup")
    say(f"{opened.folder}: {count} takes, all pictures are there and whole\n{lie}")


def _models_of(asked: Path | None) -> tuple[ModelFacts, ...] | None:
    """Of the show that is named, or that the current folder lies in; ``None`` if there is none."""
    try:
        folder = find_show(asked)
    except NotFound:
        return None
    with Show.open(folder) as opened:
        return staff_roll(opened, training=training_facts()).models


def _required(extra: str | None = None) -> list[str]:
    """Names of the libraries that Genzu, or one of its extras, asks for."""
    asked = [item.partition(";") for item in metadata.requires("genzu") or []]
    wanted = "extra == " + repr(extra).replace("'", '"')
    names = [
        name for name, _, marker in asked if (wanted in marker.replace("'", '"') if extra else "extra ==" not in marker)
    ]
    return sorted("".join(c if c.isalnum() or c in "-_." else " " for c in name).split()[0] for name in names)


def _of_extras() -> dict[str, str]:
    """Libraries that paint with weights of others, as far as they are installed."""
    names = sorted({name for extra in _EXTRAS for name in _required(extra)})
    found = {name: _licence_of(name) for name in names}
    return {name: licence for name, licence in found.items() if licence != _ABSENT}


def _licence_of(name: str) -> str:
    """What the library's own metadata says."""
    try:
        facts = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return _ABSENT
    classifiers = [c for c in facts.get("classifier", []) if str(c).startswith("License ::")]
    named = facts.get("license_expression") or (str(classifiers[0]).rsplit(" :: ", 1)[-1] if classifiers else None)
    text = named or str(facts.get("license") or "see its own files").splitlines()[0]
    return f"{facts['version']}  {text}"
