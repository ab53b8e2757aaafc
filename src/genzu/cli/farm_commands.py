"""Painting on other machines: the options of ``genzu paint --all --dask``, and ``genzu farm``."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import Annotated

import typer

from genzu.cli.common import JsonOption, ShowOption, find_show, say, say_json
from genzu.cli.progress import errors
from genzu.errors import BadInput, GenzuError
from genzu.steps.batch import Crew
from genzu.steps.dask_cluster import PATIENCE, Cluster, Tls
from genzu.steps.dask_crew import DaskCrew
from genzu.steps.farm_files import JobWritten, write_job
from genzu.steps.farm_job import CHUNK, GENZU, JobOrder
from genzu.steps.farm_task import Farm, check_task, film_task, numbers_in, paint_task
from genzu.steps.training_facts import training_facts
from genzu.store.show import Show

__all__ = ["PATIENCE", "DaskOption", "DaskResourceOption", "DaskTlsOption", "DaskWaitOption", "add_to", "crew_of"]

DaskOption = Annotated[
    str | None,
    typer.Option(
        "--dask", metavar="ADDRESS", help="Paint --all on a Dask cluster: its scheduler's HOST:PORT (docs/farm.md)."
    ),
]
DaskResourceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--dask-resource", metavar="NAME=AMOUNT",
        help="What a worker must offer for each cut, or none (default: GPU=1 for diffusers). May be repeated.",
    ),
]  # fmt: skip
DaskTlsOption = Annotated[
    tuple[Path, Path, Path] | None,
    typer.Option("--dask-tls", metavar="CA CERT KEY", help="Talk TLS with the cluster: three PEM files."),
]
DaskWaitOption = Annotated[
    float, typer.Option("--dask-wait", metavar="SECONDS", help="How long to wait for scheduler and workers.")
]
_LONGEST_WAIT = 24 * 3600.0


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(farm)
    app.command(name="farm-task", hidden=True)(farm_task)


def farm(
    show: Annotated[
        Path | None, typer.Argument(metavar="SHOW", help="The show's folder (default: the one you are in).")
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where the job's files go.")] = Path("job"),
    cuts: Annotated[
        list[str] | None, typer.Option("--cut", "-c", metavar="NUMBERS", help="Only these cuts: 001 or 001,004.")
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
    as_json: JsonOption = False,
) -> None:
    """Write a job for a render farm: an Open Job Description template that paints what is stale in a show."""
    if film is not None and film.suffix.lower() not in (".mp4", ".mov"):
        raise BadInput("a film is an .mp4, or a .mov for ProRes", where=film, do="name it so")
    order = JobOrder(chunk=chunk, film=film is not None, command=command)
    only = [number for text in cuts or () for number in numbers_in(text)]
    with Show.open(find_show(show)) as opened:
        written = write_job(opened, out, order, everything=everything, only=only, film=film, check=check)
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


def crew_of(
    address: str | None,
    *,
    resources: Sequence[str] | None,
    tls: tuple[Path, Path, Path] | None,
    wait: float,
    workers: int | None,
    everything: bool,
) -> Crew | None:
    """The crew that the options of ``genzu paint`` ask for; ``None``: processes of this machine."""
    if address is None:
        if resources or tls:
            raise BadInput("--dask-resource and --dask-tls go with --dask", do="add --dask ADDRESS")
        return None
    if not everything:
        raise BadInput("--dask paints the cuts of a show", do="add --all, or leave --dask out")
    if workers is not None:
        raise BadInput("--workers is for this machine", do="leave it out: a Dask cluster has its own workers")
    if not 0 < wait <= _LONGEST_WAIT:
        raise BadInput(f"{wait:g} seconds are no time to wait", where="--dask-wait", do="give 1 to 86400")
    cluster = Cluster(address=address, tls=_tls(*tls) if tls else None, patience=wait)
    return DaskCrew(cluster, needs=None if not resources else _needs(resources))


def _needs(resources: Sequence[str]) -> dict[str, float]:
    """``["GPU=1"]`` → ``{"GPU": 1.0}``; ``["none"]`` → nothing."""
    if [one.strip().lower() for one in resources] == ["none"]:
        return {}
    return dict(map(_need, resources))


def _need(text: str) -> tuple[str, float]:
    name, _, amount = text.partition("=")
    try:
        number = float(amount)
    except ValueError:
        number = 0.0
    if not name.strip() or not isfinite(number) or number <= 0:
        raise BadInput(f"{text!r} is not a resource", where="--dask-resource", do="write it as GPU=1, or none")
    return name.strip(), number


def _tls(ca: Path, cert: Path, key: Path) -> Tls:
    return Tls(ca=ca, cert=cert, key=key)
