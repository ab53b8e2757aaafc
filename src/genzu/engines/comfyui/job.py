"""One job on the server from upload to result, through dropped connections and restarts.

The truth is asked over HTTP (``/queue``, then ``/history``: a job moves from one to the other, never back, so in this
order it cannot be missed in between). What the WebSocket tells only wakes us up and moves the progress.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from genzu.engines.comfyui import plain_words
from genzu.engines.comfyui.follow import Follower, Previews
from genzu.engines.comfyui.listen import Ear, Said, Shown
from genzu.engines.comfyui.wire import Answer, Away, StrangeAnswer, Wire
from genzu.engines.comfyui.workflow import Node
from genzu.errors import EngineFailed, GenzuError

SUBFOLDER: Final = "genzu"
_LOSSES: Final = 3
"""How often a job that the server lost is queued again."""
_TALK: Final = 4
"""How many times the quiet time may pass in talk before we look all the same."""
_STRAYS: Final = 3
"""How often in a row the server may answer strangely before we believe it: a proxy in front of a restart does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long we wait for what, in seconds."""

    timeout: float = 3600.0
    """For the picture, from when it starts."""
    patience: float = 180.0
    """For a server that is away."""
    quiet: float = 5.0
    """Without a message, before we look ourselves."""
    deaf: float = 1.0
    """The same where no WebSocket is to be had, and between looks at a server that is away."""


class Job:
    """One graph to be painted."""

    def __init__(
        self,
        wire: Wire,
        ear: Ear,
        client: str,
        graph: Callable[[], Mapping[str, Any]],
        nodes: Mapping[str, Node],
        output: str,
        follower: Callable[[str], Follower],
        terms: Terms,
    ) -> None:
        """``graph`` uploads what it needs and gives the graph; it is called again after a restart."""
        self._wire, self._ear, self._client, self._graph = wire, ear, client, graph
        self._nodes, self._output, self._terms = nodes, output, terms
        self.id = str(uuid4())
        self._follower = follower(self.id)
        self._queued = False
        self._started: float | None = None
        self.losses = 0

    def run(self, previews: Previews) -> list[dict[str, Any]]:
        """Paint; the files that the output node made, as the server names them.

        Raises :class:`EngineFailed`. Whatever else is raised while it waits (a person's Ctrl-C) takes the job off
        the server first.
        """
        try:
            self._ear.open()
            self._queue()
            record = self._wait(previews)
        except Away as error:
            raise self._wire.away(error) from error
        except BaseException as error:
            if not isinstance(error, EngineFailed) or not self._over:
                self._cancel()
            raise
        finally:
            self._ear.close()
        return self._made(record)

    _over = False
    """True when the server is done with the job, well or badly."""

    def _queue(self) -> None:
        # Said before it is sent: if the answer is lost, the job may be there all the same.
        self._queued = True
        answer = self._wire.post(
            "/prompt",
            {
                "prompt": self._graph(), "client_id": self._client, "prompt_id": self.id,
                "extra_data": {"preview_method": "auto"},
            },
        )  # fmt: skip
        said = answer.json
        if isinstance(said, dict) and isinstance(said.get("prompt_id"), str):
            # Servers older than the key prompt_id give a number of their own.
            self.id = self._follower.job = said["prompt_id"]
        self._check_taken(answer, said)

    def _check_taken(self, answer: Answer, said: Any) -> None:
        """A server takes a workflow of which only a part is valid: without our output it is of no use."""
        whole = isinstance(said, dict)
        if answer.status == 200 and whole and not self._spoils(said.get("node_errors")):
            return
        self._over = answer.status != 200
        if answer.status not in (200, 400) or not whole:
            raise EngineFailed(
                f"it answers a job with status {answer.status}", where=self._wire.where, do="look at the server's log"
            )
        what, do = plain_words.refusal(said, self._nodes, self._options)
        raise EngineFailed(what, where=self._wire.where, do=do)

    def _spoils(self, errors: object) -> bool:
        entries = errors.values() if isinstance(errors, dict) else ()
        return any(self._output in entry.get("dependent_outputs", ()) for entry in entries if isinstance(entry, dict))

    def _options(self, kind: str, key: str) -> list[str]:
        try:
            return plain_words.choices(self._wire.node_class(kind), key)
        except (Away, EngineFailed):
            return []

    def _wait(self, previews: Previews) -> Mapping[str, Any]:
        """Until the history has the job; raises :class:`Away` if the server stays away for too long."""
        looked = time.monotonic()
        while True:
            message = self._ear.hear(self._terms.quiet if self._ear.open() else self._terms.deaf)
            ended = message is None
            if isinstance(message, Shown) and (preview := self._follower.shows(message)) is not None:
                previews(preview)
            elif isinstance(message, Said):
                ended = self._follower.hear(message)
            # A server that talks all the time, about other people's jobs perhaps, is looked at too.
            if not ended and time.monotonic() < looked + _TALK * self._terms.quiet:
                continue
            record, looked = self._look(), time.monotonic()
            if record is not None:
                self._over = True
                return record

    def _look(self) -> Mapping[str, Any] | None:
        """The job's entry in the history; ``None`` while it waits or runs. Queues it again if the server lost it."""
        until = time.monotonic() + self._terms.patience
        strays = 0
        while True:
            try:
                return self._look_once()
            except Away:
                if time.monotonic() >= until:
                    raise
            except StrangeAnswer:
                strays += 1
                if strays >= _STRAYS:
                    raise
            time.sleep(self._terms.deaf)

    def _look_once(self) -> Mapping[str, Any] | None:
        queue = self._wire.get("/queue")
        if _holds(queue, "queue_running", self.id):
            self._started = self._started or time.monotonic()
            if time.monotonic() - self._started > self._terms.timeout:
                raise EngineFailed(
                    f"the picture was not done after {self._terms.timeout:.0f} s", where=self._wire.where,
                    do="set a longer 'timeout' in the profile",
                )  # fmt: skip
            return None
        if _holds(queue, "queue_pending", self.id):
            return None
        record = self._wire.get(f"/history/{self.id}").get(self.id)
        if isinstance(record, dict):
            return record
        self._lost()
        return None

    def _lost(self) -> None:
        """The server knows nothing of the job: it was started anew, or somebody cleared its queue."""
        if self.losses >= _LOSSES:
            self._over = True
            raise EngineFailed(
                f"it lost the picture {self.losses + 1} times", where=self._wire.where,
                do="see why the server restarts (memory?), or who clears its queue",
            )  # fmt: skip
        self._started = None
        self._follower.restart()
        self._queue()
        self.losses += 1

    def _made(self, record: Mapping[str, Any]) -> list[dict[str, Any]]:
        status = record.get("status")
        if isinstance(status, dict) and status.get("status_str") != "success":
            what, do = plain_words.failure(status.get("messages"), self._nodes)
            raise EngineFailed(what, where=self._wire.where, do=do)
        outputs = record.get("outputs")
        images = outputs.get(self._output, {}).get("images") if isinstance(outputs, dict) else None
        files = [one for one in images or () if isinstance(one, dict) and isinstance(one.get("filename"), str)]
        if not files:
            raise EngineFailed(
                f"its node {self._nodes[self._output]} made no picture", where=self._wire.where,
                do="give the title “genzu output” to a Save Image or Preview Image node",
            )  # fmt: skip
        return files

    def _cancel(self) -> None:
        """Take our job off the server, and only ours: out of the queue, and stopped if it is the one that runs."""
        if not self._queued:
            return
        with suppress(Away, GenzuError):
            self._wire.post("/queue", {"delete": [self.id]})
            if _holds(self._wire.get("/queue"), "queue_running", self.id):
                # Older servers stop whatever runs and do not look at the number: hence the look before.
                self._wire.post("/interrupt", {"prompt_id": self.id})


def _holds(queue: Any, part: str, job: str) -> bool:
    entries = queue.get(part) if isinstance(queue, dict) else None
    return any(isinstance(entry, list) and len(entry) > 1 and entry[1] == job for entry in entries or ())
