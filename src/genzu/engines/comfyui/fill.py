"""From a workflow and the values of one request to the graph that is sent: a pure function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from genzu.core.geometry import Extent
from genzu.engines.comfyui.workflow import MARK, PICTURES, WEIGHTS, Workflow, settable
from genzu.errors import BadInput

_LEAST: Final = 0.05
"""Strength that is always left, unless there was less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What the placeholders become."""

    prompt: str
    negative: str
    seed: int
    extent: Extent
    pictures: Mapping[str, str]
    """``lines`` → name of the uploaded file as a LoadImage node takes it."""
    strength: float | None = None
    weights: Mapping[str, str]
    """``checkpoint`` → file as the server names it."""
    settings: Mapping[str, Mapping[str, Any]]
    """Title → input → value."""
    ease: float = 0.0
    """Taken from every strength, after a picture that left its layout …"""
    hold: float = 0.0
    """… and added to the strength of every ``genzu control``."""


def fill(workflow: Workflow, values: Values) -> dict[str, Any]:
    """The graph with every placeholder filled in.

    Raises :class:`BadInput` if the workflow asks for a picture that the request does not have.
    """
    graph = workflow.copy()
    said = _said(values)
    for node in workflow.nodes.values():
        for word in node.words:
            if word in PICTURES and word not in said:
                raise BadInput(
                    f"{workflow.name} wants a {word} in {node}, and there is none", where="engine comfyui",
                    do=_without(word),
                )  # fmt: skip
            if word == "size":
                graph[node.id]["inputs"].update(width=values.extent.width, height=values.extent.height)
            elif word in said:
                graph[node.id]["inputs"].update(dict.fromkeys(settable(node, word), said[word]))
    for title, inputs in values.settings.items():
        for node in workflow.titled(title):
            graph[node.id]["inputs"].update({name: value for name, value in inputs.items() if name in node.constants})
    if values.ease or values.hold:
        _held(graph, workflow, values)
    return graph


def _held(graph: dict[str, Any], workflow: Workflow, values: Values) -> None:
    """Less strength and more control than the workflow or the profile says."""
    for word, step, least in (("strength", -values.ease, _LEAST), ("control", values.hold, 0.0)):
        for node in workflow.marked(word):
            inputs = graph[node.id]["inputs"]
            for name in settable(node, word):
                if isinstance(inputs[name], int | float):
                    # Rounded, so that the server's own rounding of a digit too many is not another picture.
                    inputs[name] = round(max(min(inputs[name], least), inputs[name] + step), 4)


def _said(values: Values) -> dict[str, Any]:
    """By word; what is absent leaves the workflow's own value."""
    said: dict[str, Any] = {"prompt": values.prompt, "negative": values.negative, "seed": values.seed}
    said |= dict(values.pictures)
    said |= {word: values.weights[word] for word in WEIGHTS if word in values.weights}
    if values.strength is not None:
        said["strength"] = values.strength
    return said


def _without(word: str) -> str:
    if word == "board":
        return (
            f"give the cut a board (--board PNG), or name a workflow without “{MARK} board” as 'workflow' in the "
            "profile and this one as 'with_board'"
        )
    return f"take “{MARK} {word}” out of this stage's workflow"
