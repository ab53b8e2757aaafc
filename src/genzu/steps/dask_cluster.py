"""Reaching a Dask cluster: the scheduler, its workers, and what is wrong with them in plain words."""

from __future__ import annotations

import logging
import pkgutil
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from genzu.errors import BadInput, FarmFailed, NotFound
from genzu.steps.dask_fit import Proof, misfit

PATIENCE = 20.0
"""Seconds to wait for a scheduler, or for a first worker, if nothing else is asked for."""
_GRACE_S = 2.0
"""Dask keeps its own time; this long after it ours is over."""
_BY_SOCKET = ("tcp", "tls")

Needs = tuple[tuple[str, float], ...]
"""Amounts of Dask's abstract resources, such as ``(("GPU", 1.0),)``; empty: any worker will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """PEM files for a cluster that talks TLS: who is trusted, and who we are."""

    ca: Path
    cert: Path
    key: Path

    def security(self) -> Any:
        """For Dask. :class:`NotFound` for a file that is not there."""
        from distributed import Security

        for path in (self.ca, self.cert, self.key):
            if not path.is_file():
                raise NotFound("there is no such file", where=path, do="name CA, certificate and key as PEM files")
        return Security(
            tls_ca_file=str(self.ca), tls_client_cert=str(self.cert), tls_client_key=str(self.key),
            require_encryption=True,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A Dask cluster that somebody else has started."""

    address: str
    """``HOST:PORT``, ``tcp://HOST:PORT`` or ``tls://HOST:PORT``."""
    tls: Tls | None = None
    patience: float = PATIENCE
    """Seconds to wait for the scheduler, and as long for workers, before giving up."""


@dataclass(slots=True)
class Workers:
    """The workers as they are now, asked for again after a moment at the earliest."""

    client: Any
    patience: float
    _there: dict[str, dict[str, float]] = field(default_factory=dict)
    _asked: float = -1e9

    @property
    def address(self) -> str:
        """Of the scheduler."""
        return str(self.client.scheduler.address)

    def able(self, needs: Needs) -> int:
        """How many processes have these resources."""
        if time.monotonic() - self._asked > 1.0:
            self._there = self._now()
            self._asked = time.monotonic()
        return sum(_has(one, needs) for one in self._there.values())

    def must_come(self, needs: Needs) -> None:
        """Wait until at least one worker has the resources; :class:`FarmFailed` if none comes in time."""
        end = time.monotonic() + self.patience
        while not self.able(needs):
            if time.monotonic() > end:
                raise self.none_has(needs)
            time.sleep(0.2)

    def none_has(self, needs: Needs) -> FarmFailed:
        """The error for a cluster on which nobody could paint."""
        words = " and ".join(f"{name}={amount:g}" for name, amount in needs)
        if not self._there or not words:
            return FarmFailed(
                "the Dask scheduler has no worker", where=self.address,
                do=f"start one: dask worker {self.address} --nthreads 1",
            )  # fmt: skip
        return FarmFailed(
            f"none of the {len(self._there)} Dask workers offers {words}",
            where=self.address,
            do=f'start one with --resources "{words}", or say what is needed with --dask-resource',
        )

    def _now(self) -> dict[str, dict[str, float]]:
        return {address: one["resources"] for address, one in self.client.scheduler_info()["workers"].items()}


@contextmanager
def connected(cluster: Cluster) -> Iterator[Any]:
    """A client of the cluster (``distributed.Client``), closed at the end.

    Raises :class:`BadInput` for an address that is none, :class:`FarmFailed` if nobody answers there in time.
    """
    client = _client(cluster)
    try:
        with _quiet():
            yield client
    finally:
        with _quiet(), suppress(Exception):
            client.close(timeout=5)


def must_fit(client: Any, proof: Proof) -> None:
    """:class:`FarmFailed`, with the worker's address, for the first worker that could not paint this show."""
    # First by the standard library alone: a worker without Genzu could not even load our own question.
    for address, found in client.run(pkgutil.resolve_name, "genzu:__version__", on_error="return").items():
        if isinstance(found, ImportError | AttributeError):
            raise FarmFailed(
                "Genzu is not installed there", where=f"Dask worker {address}",
                do=f"install genzu {proof.version} in the worker's Python",
            )  # fmt: skip
    for address, found in client.run(misfit, proof, on_error="return").items():
        if isinstance(found, FarmFailed):
            raise FarmFailed(found.what, where=f"Dask worker {address}", do=found.do)
        if isinstance(found, BaseException):
            raise FarmFailed(
                f"another Genzu runs there, or it is broken ({type(found).__name__}: {found})",
                where=f"Dask worker {address}", do=f"install genzu {proof.version} in the worker's Python",
            )  # fmt: skip


def _client(cluster: Cluster) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise FarmFailed(f"Dask cannot be loaded ({error})", where="--dask", do="pip install 'genzu[dask]'") from error
    address = cluster.address.strip()
    _must_be_found(address)
    security = cluster.tls.security() if cluster.tls else None
    make = partial(Client, address, timeout=cluster.patience, security=security, set_as_default=False, name="genzu")
    try:
        with _quiet():
            return _in_time(make, cluster.patience + _GRACE_S)
    except TypeError as error:
        raise BadInput("this scheduler wants TLS", where=address, do="add --dask-tls CA CERT KEY") from error
    except RuntimeError as error:
        raise BadInput(f"{error}", where=address, do="name the scheduler as tls://HOST:PORT") from error
    except ValueError as error:
        raise _no_address(address, str(error)) from error
    except OSError as error:
        raise _no_answer(address, error) from error


def _in_time(make: Callable[[], Any], seconds: float) -> Any:
    """Dask waits for ever for a server that takes the connection and then says nothing; we do not."""
    made: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def attempt() -> None:
        try:
            made.put(make())
        except BaseException as error:
            made.put(error)

    threading.Thread(target=attempt, daemon=True).start()
    try:
        found = made.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("somebody takes the connection, but does not speak as a scheduler does") from None
    if isinstance(found, BaseException):
        raise found
    return found


def _must_be_found(address: str) -> None:
    """A name that no network knows is told at once and plainly."""
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _no_address(address, str(error)) from error
    if parts.scheme not in _BY_SOCKET:
        return
    if not host or not port:
        raise _no_address(address, "host and port are needed")
    try:
        socket.getaddrinfo(host, port)
    except (OSError, UnicodeError) as error:
        raise FarmFailed(
            f"the network does not know the machine {host!r}", where=address, do="check the scheduler's address"
        ) from error


def _no_address(address: str, reason: str) -> BadInput:
    return BadInput(f"{address!r} is not the address of a Dask scheduler ({reason})", do="write it as tcp://HOST:8786")


def _no_answer(address: str, error: OSError) -> FarmFailed:
    cause: BaseException = error
    while cause.__cause__ is not None:  # Dask wraps a refused certificate into a timeout
        cause = cause.__cause__
    reason = str(cause).strip() or type(cause).__name__
    if isinstance(cause, ssl.SSLError):
        return FarmFailed(
            f"TLS with this scheduler fails ({reason})", where=address,
            do="check the three files of --dask-tls: PEM, and of one CA on both ends",
        )  # fmt: skip
    return FarmFailed(
        f"no Dask scheduler answers there ({reason})", where=address,
        do="check the address, and that 'dask scheduler' runs and the network lets us in",
    )  # fmt: skip


def _has(there: Mapping[str, float], needs: Needs) -> bool:
    return all(there.get(name, 0.0) >= amount for name, amount in needs)


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask logs what it survives, with tracebacks; what it does not survive, our own errors say."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado.application")]
    handlers = [handler for logger in loggers for handler in logger.handlers]
    before = [handler.level for handler in handlers]
    for handler in handlers:
        handler.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for handler, level in zip(handlers, before, strict=True):
            handler.setLevel(level)
