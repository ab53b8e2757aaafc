"""The server's WebSocket: what it tells while it works. It is only ever listened to; nothing depends on it.

Every message may be lost (a dropped connection, a proxy that passes no WebSocket): the job looks the truth up over
HTTP, and what is heard here only makes that quick and shows the progress.
"""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

_LARGEST: Final = 64_000_000
_PREVIEW, _PREVIEW_WITH_FACTS = 1, 4
"""Types of binary messages. 2 is never sent so, 3 is text of a node."""
_FORMATS: Final = {1: "jpeg", 2: "png"}
_LONGEST_REST: Final = 15.0


@dataclass(frozen=True, slots=True)
class Said:
    """A message in JSON."""

    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview: an encoded picture, and the node and job that it belongs to where the server says so."""

    image: bytes
    format: str
    """``jpeg`` or ``png``."""
    node: str | None = None
    job: str | None = None


class Ear:
    """One client's WebSocket; connects when it can, and again after it was dropped."""

    def __init__(self, server: str, client: str, headers: Mapping[str, str], seconds: float = 10.0) -> None:
        self._address = f"ws{server.removeprefix('http')}/ws?clientId={quote(client)}"
        self._headers, self._seconds = dict(headers), seconds
        self._socket: ClientConnection | None = None
        self._stack = ExitStack()
        self._again, self._rest = 0.0, 0.25
        self.drops = 0
        """How often the connection was lost."""

    def open(self) -> bool:
        """Connect, unless it is connected or rests after a failure; true if it listens."""
        if self._socket is None and time.monotonic() >= self._again:
            try:
                connection = connect(
                    self._address, additional_headers=self._headers, open_timeout=self._seconds, close_timeout=1,
                    ping_timeout=60, max_size=_LARGEST, proxy=None,
                )  # fmt: skip
                self._socket = self._stack.enter_context(connection)
                # Without this the server sends previews that do not say which job they show.
                self._socket.send(json.dumps({"type": "feature_flags", "data": {"supports_preview_metadata": True}}))
                self._rest = 0.25
            except (OSError, WebSocketException, UnicodeError):
                self._lost()
        return self._socket is not None

    def hear(self, seconds: float) -> Said | Shown | None:
        """The next message that we understand; ``None`` if none came in time, or if nothing can be heard."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if not self.open() or self._socket is None:
                time.sleep(min(left, 0.25))
                continue
            try:
                message = self._socket.recv(timeout=left)
            except TimeoutError:
                return None
            except (OSError, WebSocketException):
                self.drops += 1
                self._lost()
                return None  # the server may have restarted: look at once
            if (understood := understand(message)) is not None:
                return understood
        return None

    def close(self) -> None:
        """Hang up."""
        try:
            self._stack.close()
        except (OSError, WebSocketException):
            pass
        finally:
            self._socket = None

    def _lost(self) -> None:
        """Rest before the next try, twice as long each time."""
        self.close()
        self._again = time.monotonic() + self._rest
        self._rest = min(2 * self._rest, _LONGEST_REST)


def understand(message: str | bytes) -> Said | Shown | None:
    """A message as it came; ``None`` for what we have no use for."""
    if isinstance(message, bytes):
        return _preview(message)
    try:
        record = json.loads(message)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or not isinstance(record.get("type"), str):
        return None
    data = record.get("data")
    return Said(record["type"], data if isinstance(data, dict) else {})


def _preview(message: bytes) -> Shown | None:
    """Big-endian u32 type; then u32 format and picture, or u32 length, JSON of that length and picture."""
    if len(message) <= 8:
        return None
    kind, number = struct.unpack(">II", message[:8])
    if kind == _PREVIEW and number in _FORMATS:
        return Shown(message[8:], _FORMATS[number])
    if kind == _PREVIEW_WITH_FACTS and 8 + number < len(message):
        try:
            facts = json.loads(message[8 : 8 + number])
        except (ValueError, RecursionError):
            return None
        if isinstance(facts, dict):
            form = str(facts.get("image_type", "image/jpeg")).removeprefix("image/")
            return Shown(message[8 + number :], form, _text(facts.get("node_id")), _text(facts.get("prompt_id")))
    return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
