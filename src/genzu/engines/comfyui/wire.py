"""The server's HTTP interface: one request, one connection, and foreign errors translated here.

Straight to the server: no proxy of the environment is used (the server stands in the studio), and no redirect is
followed, so that a token goes nowhere but to the address in the profile.
"""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

from genzu.errors import EngineFailed

_LARGEST: Final = 512_000_000
"""Bytes of an answer that are read at most: a picture of 250 megapixels as PNG is smaller."""
_SECONDS: Final = 30.0
"""Patience with one answer. The server answers from memory; only uploads and pictures take time on the line."""
_AWAY: Final = (502, 503, 504)
"""What a reverse proxy answers while the server behind it restarts."""


class Away(Exception):
    """The server does not answer; it may be restarting. Never leaves this package."""


class StrangeAnswer(EngineFailed):
    """The server does not answer as ComfyUI does."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of an answer."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; ``None`` if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class Wire:
    """Requests to one server."""

    def __init__(self, server: str, headers: Mapping[str, str], seconds: float = _SECONDS) -> None:
        self.server, self.headers, self.seconds = server, dict(headers), seconds
        self._parts = urlsplit(server)

    @property
    def where(self) -> str:
        """For error sentences."""
        return f"ComfyUI at {self.server}"

    def get(self, path: str) -> dict[str, Any]:
        """JSON of a route that must be there; raises :class:`StrangeAnswer` or :class:`Away`."""
        answer = self.ask("GET", path)
        value = answer.json
        if answer.status != 200 or not isinstance(value, dict):
            raise self._strange(path, answer)
        return value

    def post(self, path: str, record: Mapping[str, Any]) -> Answer:
        """Send JSON; any status but a refusal or a server that is away comes back as it is."""
        body = json.dumps(record, allow_nan=False).encode()
        return self.ask("POST", path, body, "application/json")

    def node_class(self, kind: str) -> dict[str, Any] | None:
        """What the server says of a node class; ``None`` if it does not know it."""
        known = self.get(f"/object_info/{quote(kind, safe='')}").get(kind)
        return known if isinstance(known, dict) else None

    def upload(self, name: str, data: bytes, subfolder: str) -> str:
        """Put a picture into the server's input folder, unless it is there; its name as a LoadImage node takes it.

        Raises :class:`EngineFailed` if the server does not take it.
        """
        there = self.ask("HEAD", "/view?" + urlencode({"filename": name, "subfolder": subfolder, "type": "input"}))
        if there.status == 200:
            return f"{subfolder}/{name}"
        fields = {"subfolder": subfolder, "type": "input", "overwrite": "true"}
        body, kind = _multipart(fields, name, data)
        answer = self.ask("POST", "/upload/image", body, kind)
        said = answer.json
        if answer.status == 413:
            raise EngineFailed(
                f"a picture of {len(data) / 1e6:.0f} MB is more than it takes", where=self.where,
                do="start it with a larger --max-upload-size, or set 'tile' in the profile",
            )  # fmt: skip
        if answer.status != 200 or not isinstance(said, dict) or not isinstance(said.get("name"), str):
            raise self._strange("/upload/image", answer)
        return "/".join(part for part in (said.get("subfolder") or "", said["name"]) if part)

    def picture(self, filename: str, subfolder: str, kind: str) -> bytes:
        """The bytes of a picture that the server made."""
        query = urlencode({"filename": filename, "subfolder": subfolder, "type": kind})
        answer = self.ask("GET", f"/view?{query}")
        if answer.status == 404:
            raise EngineFailed(
                f"the picture {filename} that it made is no longer in its folder", where=self.where,
                do="restart the server, so that it forgets what it has made, and paint again",
            )  # fmt: skip
        if answer.status != 200:
            raise self._strange("/view", answer)
        return answer.body

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str | None = None) -> Answer:
        """One request. Raises :class:`Away` if nobody answers, :class:`EngineFailed` if we are refused."""
        headers = {**self.headers, "Accept-Encoding": "identity"} | ({"Content-Type": kind} if kind else {})
        connection = self._connection()
        try:
            connection.request(method, self._parts.path + path, body, headers)
            got = connection.getresponse()
            data = got.read(_LARGEST + 1)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise Away(_reason(error)) from error
        finally:
            connection.close()
        if got.status in _AWAY:
            raise Away(f"status {got.status}")
        self._refuse(got.status, got.headers.get("Location"), len(data))
        return Answer(got.status, data)

    def away(self, error: Away) -> EngineFailed:
        """The sentence for a server that is not there."""
        return EngineFailed(
            f"no server answers ({error})", where=self.where, do="start ComfyUI, or correct 'server' in the profile"
        )

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=self.seconds, context=ssl.create_default_context())
        return http.client.HTTPConnection(host, port, timeout=self.seconds)

    def _refuse(self, status: int, location: str | None, size: int) -> None:
        if status in (401, 403, 407):
            raise EngineFailed(
                f"it does not let us in (status {status})", where=self.where,
                do="check 'token' or [headers] in the profile and the environment variable that it names",
            )  # fmt: skip
        if status in (301, 302, 303, 307, 308):
            raise EngineFailed(
                f"it sends us to {location or 'another address'}", where=self.where,
                do="set 'server' in the profile to the address that answers itself",
            )  # fmt: skip
        if size > _LARGEST:
            raise EngineFailed(f"its answer has more than {_LARGEST // 10**6} MB", where=self.where)

    def _strange(self, path: str, answer: Answer) -> StrangeAnswer:
        return StrangeAnswer(
            f"it answers {path.partition('?')[0]} with status {answer.status}, not as ComfyUI does", where=self.where,
            do="check that 'server' in the profile is a ComfyUI server",
        )  # fmt: skip


def _multipart(fields: Mapping[str, str], name: str, data: bytes) -> tuple[bytes, str]:
    """Body and content type of a form with one PNG (RFC 7578)."""
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="{name}"\r\n'
    parts += [head.encode(), b"Content-Type: image/png\r\n\r\n", data, f"\r\n--{boundary}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


def _reason(error: Exception) -> str:
    """Few words of an error of the network."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error) or type(error).__name__
