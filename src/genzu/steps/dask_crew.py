"""A crew on other machines: cuts are painted by the workers of a Dask cluster, into the one show that all see.

Only orders and results cross the network; pictures and ledger are written by the worker that paints.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from genzu.engines import registry
from genzu.errors import FarmFailed
from genzu.steps.asked import cut_as_asked
from genzu.steps.batch import CutOrder, CutResult, paint_one
from genzu.steps.dask_build import Build
from genzu.steps.dask_cluster import Cluster, Needs, Workers, connected, must_fit
from genzu.steps.dask_fit import Proof, misfit, proof
from genzu.store.show import Show

Work = Callable[[CutOrder], CutResult]
ON_GPU: Mapping[str, float] = {"GPU": 1.0}
"""What a cut needs by itself if its engine needs a GPU."""
_ONE_AT_A_TIME = threading.Lock()
"""Engines keep what they know of a sheet: a process paints one cut at a time, however many threads it has."""


class DaskCrew:
    """Paints on a Dask cluster; see :class:`genzu.steps.batch.Crew`."""

    def __init__(self, cluster: Cluster, *, needs: Mapping[str, float] | None = None, work: Work = paint_one) -> None:
        """``needs``: resources for every cut; ``None``: ``GPU=1`` for cuts whose engine needs a GPU.

        ``work`` is what a worker does with an order; it must be importable there.
        """
        self._cluster, self._needs, self._work = cluster, needs, work

    def paint(self, orders: Sequence[CutOrder]) -> Iterator[CutResult]:
        """One result for each order, as they come; the orders are of one show.

        Raises :class:`FarmFailed` if the scheduler cannot be reached or goes away, if no worker can paint, or if one
        does not fit (another Genzu, no sight of the show). What is asked for and not begun is called back whenever
        the iterator ends, by Ctrl-C too.
        """
        if not orders:
            return
        orders = [replace(one, show=_absolute(one.show), out=_absolute(one.out)) for one in orders]
        (folder,) = {order.show for order in orders}
        needs = self._needs_of(folder, orders)
        with connected(self._cluster) as client, proof(folder) as shown:
            workers = Workers(client, self._cluster.patience)
            for wanted in dict.fromkeys(needs):
                workers.must_come(wanted)
            must_fit(client, shown)
            build = Build(client, workers, lambda order: (paint_there, order, shown, self._work))
            for order, wanted in zip(orders, needs, strict=True):
                build.take(order, wanted)
            for result in build.results():
                shown.path.touch()  # a mark that is a day old would be swept away as a leftover
                yield result

    def _needs_of(self, folder: Path, orders: Sequence[CutOrder]) -> list[Needs]:
        """What each order needs of a worker."""
        if self._needs is not None:
            return [tuple(self._needs.items())] * len(orders)
        with Show.open(folder) as show:
            engines = [cut_as_asked(show, order.number).engine for order in orders]
        gpu = {engine: registry.needs_gpu(engine) for engine in engines}
        return [tuple(ON_GPU.items()) if gpu[engine] else () for engine in engines]


def paint_there(order: CutOrder, shown: Proof, work: Work) -> CutResult:
    """On the worker: paint one cut, if this worker fits (it may have come after the build began)."""
    with _ONE_AT_A_TIME:
        wrong = misfit(shown)
        if wrong is not None:
            where = f"cut {order.number} on Dask worker {_here()}"
            return CutResult(number=order.number, error=FarmFailed(wrong.what, where=where, do=wrong.do))
        return work(order)


def _here() -> str:
    from distributed import get_worker

    return str(get_worker().address)


def _absolute(path: Path) -> Path:
    """As the workers must name it: they were started in other folders."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would replace links that people made
