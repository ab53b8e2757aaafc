"""One build on a Dask cluster: orders go out as workers become free, results come back as they are there.

They are not handed out all at once, because Dask blames a worker's death on every task that was waiting there. A cut
whose worker dies is given to another worker by Dask itself. One that is blamed again and again is tried once more with
nothing beside it; only then is it the one that kills.
"""

from __future__ import annotations

import queue
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from itertools import count
from secrets import token_hex
from typing import Any

from genzu.errors import EngineFailed, FarmFailed, GenzuError
from genzu.steps.batch import CutOrder, CutResult
from genzu.steps.dask_cluster import Needs, Workers

_SPARE = 1
"""Cuts that wait in the cluster beyond those that are painted: a cluster that grows with its work must see some."""
_LOOK_S = 0.5
"""How often a wait for results looks whether there is still somebody to wait for."""

Call = Callable[[CutOrder], tuple[Any, ...]]
"""From an order to the function and arguments that a worker is sent."""


class Build:
    """What waits, what is out, what came back."""

    def __init__(self, client: Any, workers: Workers, call: Call) -> None:
        self._client, self._workers, self._call = client, workers, call
        self._name, self._tries = f"genzu-{token_hex(6)}", count()
        self._waiting: dict[Needs, deque[CutOrder]] = {}
        self._out: dict[Any, tuple[CutOrder, Needs]] = {}
        self._back: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._suspects: deque[tuple[CutOrder, Needs]] = deque()
        self._alone = False
        self._lonely_since: float | None = None

    def take(self, order: CutOrder, needs: Needs) -> None:
        """Line an order up."""
        self._waiting.setdefault(needs, deque()).append(order)

    def results(self) -> Iterator[CutResult]:
        """Give back what comes until every order has its result; whatever ends it, nothing more is begun."""
        try:
            while self._hand_out():
                future = self._next()
                order, needs = self._out.pop(future)
                result = self._result(future, order)
                if result is None:
                    self._suspects.append((order, needs))
                else:
                    yield result
        finally:
            self._call_back()

    def _hand_out(self) -> bool:
        """Send what can be painted now; False if nothing is left to wait for."""
        out = Counter(needs for _, needs in self._out.values())
        for needs, orders in self._waiting.items():
            room = self._workers.able(needs) + _SPARE - out[needs]
            for _ in range(min(room, len(orders))):
                self._submit(orders.popleft(), needs)
        if not self._out and self._suspects:
            self._alone = True
            self._submit(*self._suspects.popleft())
        return bool(self._out)

    def _submit(self, order: CutOrder, needs: Needs) -> None:
        future = self._client.submit(
            *self._call(order), pure=False, resources=dict(needs) or None, priority=1 if needs else 0,
            key=f"{self._name}-{order.number}-{next(self._tries)}",
        )  # fmt: skip
        self._out[future] = (order, needs)
        future.add_done_callback(self._back.put)

    def _next(self) -> Any:
        """The next future that is done; :class:`FarmFailed` if nobody is left who could finish one."""
        while True:
            with suppress(queue.Empty):
                future = self._back.get(timeout=_LOOK_S)
                if future in self._out:
                    self._lonely_since = None
                    return future
            self._must_be_in_hands()

    def _must_be_in_hands(self) -> None:
        if self._client.status != "running":
            raise self._lost()
        wanted = [needs for _, needs in self._out.values()]
        if any(map(self._workers.able, wanted)):
            self._lonely_since = None
            return
        now = time.monotonic()
        self._lonely_since = self._lonely_since or now
        if now - self._lonely_since > self._workers.patience:
            error = self._workers.none_has(wanted[0])
            raise FarmFailed(f"{error.what} any more; {self._left()}", where=error.where, do=error.do)

    def _result(self, future: Any, order: CutOrder) -> CutResult | None:
        """What came of an order; ``None`` for one that is to be tried again by itself."""
        from distributed import KilledWorker

        try:
            result: CutResult = future.result()
        except KilledWorker as error:
            return CutResult(number=order.number, error=_killer(order, error)) if self._alone else None
        except CancelledError as error:
            raise self._lost() from error
        except GenzuError as error:
            return CutResult(number=order.number, error=error)
        except Exception as error:  # that nobody foresaw: one cut's failure, not the build's
            return CutResult(number=order.number, error=_fault(order, error))
        finally:
            future.release()
        return result

    def _lost(self) -> FarmFailed:
        return FarmFailed(
            f"the Dask scheduler went away; {self._left()}", where=self._workers.address,
            do="start it again and run the same command: it goes on where it stopped",
        )  # fmt: skip

    def _left(self) -> str:
        left = sum(map(len, self._waiting.values())) + len(self._out) + len(self._suspects)
        return f"{left} cut{' is' if left == 1 else 's are'} not painted yet"

    def _call_back(self) -> None:
        if self._out and self._client.status == "running":
            with suppress(Exception):
                self._client.cancel(list(self._out), force=True)
        self._out.clear()


def _killer(order: CutOrder, error: Any) -> EngineFailed:
    times = error.allowed_failures + 1
    return EngineFailed(
        f"it ended {times} Dask workers one after the other, the last time with nothing else at work "
        f"(on {error.last_worker.address})",
        where=f"cut {order.number}",
        do="look into that worker's log; most often memory is short: raise its --memory-limit",
    )


def _fault(order: CutOrder, error: BaseException) -> EngineFailed:
    return EngineFailed(
        f"its Dask worker failed ({type(error).__name__}: {error})", where=f"cut {order.number}",
        do="look into that worker's log",
    )  # fmt: skip
