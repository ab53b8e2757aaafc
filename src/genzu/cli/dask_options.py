"""The options of ``genzu paint --all --dask``, and the crew that they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import Annotated

import typer

from genzu.errors import BadInput
from genzu.steps.batch import Crew
from genzu.steps.dask_cluster import PATIENCE as PATIENCE
from genzu.steps.dask_cluster import Cluster, Tls
from genzu.steps.dask_crew import DaskCrew

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
