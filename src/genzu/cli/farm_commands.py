"""Painting on a render farm: ``genzu farm`` writes a job, ``genzu job-task`` is what its tasks run."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from genzu.cli.common import JsonOption, ShowOption, find_show, say, say_json
from genzu.cli.progress import errors
from genzu.errors import BadInput, GenzuError
from genzu.steps.farm_files import JobWritten, write_job
from genzu.steps.farm_job import CHUNK, GENZU, JobOrder
from genzu.steps.farm_task import Farm, check_task, film_task, numbers_in, paint_task
from genzu.steps.training_facts import training_facts
from genzu.store.show import Show


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(farm)
    app.command(name="job-task", hidden=True)(farm_task)


def farm(
    show: Annotated[
        Path | None, typer.Argument(metavar="SHOW", help="The show's folder (default: the one you are in).")
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where the job's files go.")] = Path("job"),
    cuts: Annotated[
        list[str] | None,
        typer.Option("--cuts", "--cut", "-c", metavar="NUMBERS", help="Only these cuts: 001, or 010-020."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every cut, not only what is stale.")] = False,
    chunk: Annotated[int, typer.Option(help="Cuts in one task.")] = CHUNK,
    film: Annotated[
        Path | None, typer.Option(metavar="OUT.mp4", help="Also write the film at the end (.mov: ProRes).")
    ] = None,
    command: Annotated[
        str, typer.Option("--genzu", metavar="PROGRAM", help="The genzu program on the farm's machines.")
    ] = GENZU,
    check: Annotated[bool, typer.Option("--check", help="Hold the job against the format (extra farm).")] = False,
    inside: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a job for a render farm: an Open Job Description template that paints what is stale in a show."""
    if film is not None and film.suffix.lower() not in (".mp4", ".mov"):
        raise BadInput("a film is an .mp4, or a .mov for ProRes", where=film, do="name it so")
    order = JobOrder(chunk=chunk, film=film is not None, command=command)
    with Show.open(find_show(show or inside)) as opened:
        written = write_job(
            opened, out, order, everything=everything, only=",".join(cuts or ()), film=film, check=check
        )
    if as_json:
        return say_json({"job": written.to_dict() if written else None})
    return _tell(written)


def _tell(written: JobWritten | None) -> None:
    if written is None:
        return say("Nothing is stale: there is no job to write. Every cut again: genzu farm --all")
    say(f"{written.template}: {len(written.cuts)} cuts in {written.tasks} tasks")
    if written.checked_by:
        say(f"  valid, says {written.checked_by}")
    say(f"  Run it here:  {shlex.join(written.run)}")
    if written.one_machine:
        errors.print(
            "genzu: the ledger of this show is a file, so the job may run on one machine only; for several, keep the "
            "ledger on PostgreSQL (docs/farm.md).", markup=False,
        )  # fmt: skip
    return None


def farm_task(
    cuts: Annotated[str | None, typer.Option(metavar="001,002", help="Paint these cuts.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Check the whole show.")] = False,
    film: Annotated[Path | None, typer.Option(metavar="OUT.mp4", help="Write the film.")] = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: one per core.")] = 0,
    show: ShowOption = None,
) -> None:
    """One task of a job that ``genzu farm`` wrote; tells the farm how far it is."""
    if sum((cuts is not None, check, film is not None)) != 1:
        raise BadInput("a task does one thing", do="give one of --cuts, --check and --film")
    ear = Farm(lambda line: typer.echo(line))
    try:
        folder = find_show(show)
        if cuts is not None:
            good = paint_task(folder, numbers_in(cuts), workers, ear)
        elif film is not None:
            good = film_task(folder, film, training_facts(), ear)
        else:
            good = check_task(folder, ear)
    except GenzuError as error:
        ear.fail(error.sentence)
        raise
    if not good:
        raise typer.Exit(1)
