"""How far a job is, from what the server tells: every node counts, samplers by their steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from genzu.engines.base import Progress
from genzu.engines.comfyui.listen import Said, Shown
from genzu.engines.comfyui.workflow import Node, reachable

_ENDS: Final = ("execution_success", "execution_error", "execution_interrupted")


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture on its way, as the server shows it."""

    image: bytes
    """Encoded."""
    format: str
    """``jpeg`` or ``png``."""
    node: str
    """Title of the node that works on it; empty where the server does not say."""
    share: float
    """How much of the job is done, 0–1."""


Previews = Callable[[Preview], None]


class Follower:
    """One job's share done. It never falls, whatever order messages come in."""

    def __init__(self, job: str, nodes: Mapping[str, Node], output: str, told: Progress) -> None:
        self.job, self._nodes, self._told = job, nodes, told
        self._weights = {node.id: _weight(node) for node in reachable(nodes, output)}
        self._total = sum(self._weights.values()) or 1.0
        self._done: dict[str, float] = {}
        self._now: str | None = None
        self.share = 0.0

    def hear(self, said: Said) -> bool:
        """Take a message in; true if it says that the job came to an end."""
        if said.data.get("prompt_id", self.job) != self.job:
            return False
        match said.kind:
            case "execution_cached":
                for key in _texts(said.data.get("nodes")):
                    self._reach(key, 1.0)
            case "executing":
                return self._turn_to(said.data.get("node"), ours="prompt_id" in said.data)
            case "executed":
                self._reach(str(said.data.get("node")), 1.0)
            case "progress":
                self._reach(
                    str(said.data.get("node") or self._now), _part(said.data.get("value"), said.data.get("max"))
                )
            case "progress_state":
                self._states(said.data.get("nodes"))
        self._tell()
        return said.kind in _ENDS

    def shows(self, shown: Shown) -> Preview | None:
        """The preview, unless it belongs to another job."""
        if shown.job not in (None, self.job):
            return None
        node = self._nodes.get(shown.node or self._now or "")
        return Preview(shown.image, shown.format, node.title if node else "", self.share)

    def restart(self) -> None:
        """The job was queued anew: nodes start again, the share waits until they have caught up."""
        self._done, self._now = {}, None

    def _turn_to(self, node: object, *, ours: bool) -> bool:
        """The server turns to another node, so the one before is done; no node: the job is over."""
        if self._now is not None:
            self._reach(self._now, 1.0)
        self._now = node if isinstance(node, str) else None
        self._tell()
        return node is None and ours

    def _states(self, nodes: object) -> None:
        for key, state in (nodes if isinstance(nodes, Mapping) else {}).items():
            if isinstance(state, Mapping):
                ended = state.get("state") == "finished"
                self._reach(str(key), 1.0 if ended else _part(state.get("value"), state.get("max")))

    def _reach(self, key: str, part: float) -> None:
        if key in self._weights:
            self._done[key] = max(part, self._done.get(key, 0.0))

    def _tell(self) -> None:
        share = sum(self._weights[key] * part for key, part in self._done.items()) / self._total
        if share > self.share:
            self.share = min(share, 1.0)
            self._told(self.share)


def _weight(node: Node) -> float:
    """A sampler counts by its steps, everything else once."""
    steps = node.constants.get("steps")
    return float(steps) if isinstance(steps, int) and not isinstance(steps, bool) and steps > 1 else 1.0


def _part(value: Any, most: Any) -> float:
    numbers = isinstance(value, int | float) and isinstance(most, int | float) and most > 0
    return min(max(value / most, 0.0), 1.0) if numbers else 0.0


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
