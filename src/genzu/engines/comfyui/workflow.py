"""Workflows in ComfyUI's API format: read, checked, and their placeholders found by the titles of the nodes.

A node whose title begins with ``genzu`` is a placeholder: ``genzu lines``, ``genzu prompt`` … A node that holds two
things carries both words: ``genzu seed, strength`` (a KSampler has both); what stands behind a colon is free text:
``genzu control: lines``. ``docs/comfyui.md`` lists all of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from hashlib import sha256
from importlib.resources import files as resources
from pathlib import Path
from typing import Any, Final, NoReturn

from genzu.core.codec import Plain, canonical, shown
from genzu.core.take import Stage
from genzu.errors import BadRecord, NotFound

MARK: Final = "genzu"
OUTPUT: Final = "output"
PICTURES: Final = ("lines", "materials", "rough", "depth", "board")
"""Words of placeholders that take a picture."""
_TEXT: Final = ("text", "text_g", "text_l", "clip_l", "clip_g", "t5xxl", "llama", "prompt", "string", "value")

PLACEHOLDERS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(PICTURES, ("image",)),
    "prompt": _TEXT,
    "negative": _TEXT,
    "seed": ("seed", "noise_seed", "value"),
    "strength": ("denoise", "strength", "value"),
    "control": ("strength",),
    "size": ("width", "height"),
    "checkpoint": ("ckpt_name", "unet_name", "model_name"),
    "lines control": ("control_net_name",),
    "materials control": ("control_net_name",),
    "tile control": ("control_net_name",),
    OUTPUT: (),
}
"""Word → inputs that it sets where the node has them; strength sets the first of them, the others all."""
WEIGHTS: Final = ("checkpoint", "lines control", "materials control", "tile control")
"""Words of placeholders that take a file's name from the profile's ``[weights]``."""
NEEDED: Final = {
    Stage.ROUGH: ("lines", "prompt", "seed", OUTPUT),
    Stage.PAINTING: ("rough", "seed", OUTPUT),
}
"""Words that a workflow for a stage must have, else the request could not decide the picture."""
_OURS: Final = {Stage.ROUGH: ("checkpoint", "lines control"), Stage.PAINTING: ("checkpoint",)}
_LARGEST: Final = 20_000_000
_EXPORT: Final = (
    "in ComfyUI choose Workflow → Export (API), in older versions turn the dev mode on and Save (API Format)"
)


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a workflow."""

    id: str
    kind: str
    """Its class on the server, ``KSampler``."""
    title: str
    """As its author named it; the class where there is no title."""
    inputs: Mapping[str, Any]

    @property
    def words(self) -> tuple[str, ...]:
        """Placeholders in its title, ``("seed", "strength")``; empty for any other node."""
        head, _, rest = self.title.partition(":")[0].strip().casefold().partition(" ")
        return tuple(" ".join(word.split()) for word in rest.split(",")) if head == MARK else ()

    @property
    def constants(self) -> dict[str, Any]:
        """Inputs that hold a value, not a link."""
        return {name: value for name, value in self.inputs.items() if not is_link(value)}

    @property
    def links(self) -> dict[str, str]:
        """Inputs that come from other nodes: name → id."""
        return {name: value[0] for name, value in self.inputs.items() if is_link(value)}

    def __str__(self) -> str:
        return f"“{self.title}” ({self.kind})" if self.title != self.kind else self.kind


@dataclass(frozen=True)
class Workflow:
    """A checked workflow. Immutable: :meth:`copy` gives what may be filled in."""

    name: str
    """For sentences: the file's name."""
    graph: Mapping[str, Any]
    ours: bool = False
    """True for the workflows that Genzu brings."""

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """All nodes by id."""
        return {
            key: Node(key, node["class_type"], _title(node) or node["class_type"], node["inputs"])
            for key, node in self.graph.items()
        }

    @cached_property
    def sha(self) -> str:
        """SHA-256 (hex) of what the server computes: titles and layout do not count, placeholders do."""
        plain = {
            node.id: {"kind": node.kind, "inputs": dict(node.inputs), "words": list(node.words)}
            for node in self.nodes.values()
        }
        return sha256(canonical(plain).encode(errors="surrogatepass")).hexdigest()

    def titled(self, title: str) -> list[Node]:
        """Nodes with this title, letter case aside."""
        wanted = title.strip().casefold()
        return [node for node in self.nodes.values() if node.title.strip().casefold() == wanted]

    def marked(self, word: str) -> list[Node]:
        """Nodes that carry this placeholder."""
        return [node for node in self.nodes.values() if word in node.words]

    @property
    def words(self) -> frozenset[str]:
        """All placeholders in it."""
        return frozenset(word for node in self.nodes.values() for word in node.words)

    @property
    def output(self) -> Node:
        """The node whose picture is the result."""
        return self.marked(OUTPUT)[0]

    @property
    def titles_found(self) -> str:
        """For sentences: the titles that are in the file."""
        return ", ".join(f"“{title}”" for title in sorted({node.title for node in self.nodes.values()})) or "none"

    def copy(self) -> dict[str, Any]:
        """A deep copy of the graph."""
        return deepcopy(dict(self.graph))


def load(path: Path, stage: Stage) -> Workflow:
    """Read and check a studio's own workflow; raises :class:`NotFound` or :class:`BadRecord` with one sentence."""
    try:
        data = path.read_bytes() if path.stat().st_size <= _LARGEST else b""
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise NotFound(f"the workflow cannot be read ({reason})", where=path, do="check the path") from error
    if not data:
        raise BadRecord("it is empty, or too large for a workflow", where=path, do=_EXPORT)
    try:
        graph = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadRecord(f"it is not JSON ({error})", where=path, do=_EXPORT) from error
    return checked(graph, str(path), stage)


def checked(graph: object, where: str, stage: Stage) -> Workflow:
    """The workflow, if the server could take it and the stage's placeholders are there."""
    if isinstance(graph, dict) and isinstance(graph.get("nodes"), list):
        raise BadRecord("it is a workflow as the editor saves it, not one that a server takes", where=where, do=_EXPORT)
    if not isinstance(graph, dict) or not graph:
        raise BadRecord("it is not a workflow in API format", where=where, do=_EXPORT)
    for key, node in graph.items():
        _check_node(node, graph, f"{where}: node {key}")
    workflow = Workflow(Path(where).name, graph)
    _check_words(workflow, where, stage)
    return workflow


def builtin(stage: Stage, weights: Mapping[str, str], where: str) -> Workflow:
    """Our own workflow for a stage, without the control networks that the profile names no weights for.

    Raises :class:`BadRecord` if one is not named that it cannot do without.
    """
    for word in _OURS[stage]:
        if word not in weights:
            key = word.replace(" ", "_")
            raise BadRecord(
                f"our own workflow for the {stage.value} needs a {word}", where=where,
                do=f'add {key} = "FILE.safetensors", as the server names it, to [weights]',
            )  # fmt: skip
    text = resources("genzu").joinpath(f"data/comfyui/{stage.value}.json").read_text("utf-8")
    graph = json.loads(text)
    for word in WEIGHTS:
        if word not in weights:
            _bypass(graph, f"{MARK} {word}")
    return replace(checked(graph, f"builtin {stage.value}", stage), ours=True)


def reachable(nodes: Mapping[str, Node], start: str) -> Iterator[Node]:
    """The node ``start`` and everything that it is made from."""
    waiting, seen = [start], set[str]()
    while waiting:
        key = waiting.pop()
        if key not in seen and key in nodes:
            seen.add(key)
            yield nodes[key]
            waiting += nodes[key].links.values()


def is_link(value: object) -> bool:
    """True for ``["12", 0]``: output 0 of node 12."""
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], int)


def _bypass(graph: dict[str, Any], title: str) -> None:
    """Take a loader out, and the nodes that apply it; what hung on those hangs on what they were given.

    The nodes that apply a control network have the outputs positive and negative, in this order.
    """
    loaders = {key for key, node in graph.items() if _title(node) == title}
    appliers = [
        key for key, node in graph.items() if any(is_link(v) and v[0] in loaders for v in node["inputs"].values())
    ]
    for applier in appliers:
        given = graph.pop(applier)["inputs"]
        through = given["positive"], given["negative"]
        for node in graph.values():
            for name, value in node["inputs"].items():
                if is_link(value) and value[0] == applier:
                    node["inputs"][name] = through[value[1]]
    nodes = {key: Node(key, node["class_type"], _title(node), node["inputs"]) for key, node in graph.items()}
    output = next(key for key, node in nodes.items() if OUTPUT in node.words)
    kept = {node.id for node in reachable(nodes, output)}
    for key in set(graph) - kept:
        del graph[key]


def _check_node(node: object, graph: Plain, where: str) -> None:
    if not isinstance(node, dict) or not isinstance(node.get("class_type"), str):
        raise BadRecord("it has no class_type", where=where, do=_EXPORT)
    if not isinstance(node.get("inputs"), dict):
        raise BadRecord("it has no inputs", where=where, do=_EXPORT)
    for name, value in node["inputs"].items():
        if is_link(value) and value[0] not in graph:
            raise BadRecord(
                f"its input {name!r} comes from node {value[0]}, which is not in the file", where=where,
                do="export the workflow again",
            )  # fmt: skip


def _check_words(workflow: Workflow, where: str, stage: Stage) -> None:
    for node in workflow.nodes.values():
        for word in node.words:
            _check_word(node, word, f"{where}: node {node.id}")
    missing = [word for word in NEEDED[stage] if word not in workflow.words]
    if missing:
        wanted = ", ".join(f"“{MARK} {word}”" for word in missing)
        raise BadRecord(
            f"for the {stage.value} it needs a node titled {wanted}; the titles found are {workflow.titles_found}",
            where=where, do="give those titles to its nodes in ComfyUI (see docs/comfyui.md) and export it again",
        )  # fmt: skip
    if len(workflow.marked(OUTPUT)) > 1:
        raise BadRecord(f"it has more than one node titled “{MARK} {OUTPUT}”", where=where, do="leave one")


def _check_word(node: Node, word: str, place: str) -> None:
    if word not in PLACEHOLDERS:
        near = get_close_matches(word, PLACEHOLDERS, n=1)
        raise BadRecord(
            f"its title {shown(node.title)} asks for {word!r}, which is not known", where=place,
            do=f"did you mean “{MARK} {near[0]}”?" if near else "use " + ", ".join(PLACEHOLDERS),
        )  # fmt: skip
    if word != OUTPUT and not settable(node, word):
        raise BadRecord(
            f"{node} has no input {' or '.join(PLACEHOLDERS[word])} that {MARK} {word} could set; "
            f"its own are {', '.join(node.constants) or 'all linked'}",
            where=place, do="give the title to the node that holds the value",
        )  # fmt: skip


def settable(node: Node, word: str) -> tuple[str, ...]:
    """Inputs of this node that the placeholder sets."""
    constants = node.constants
    names = tuple(name for name in PLACEHOLDERS[word] if name in constants)
    if word == "size":
        return names if len(names) == 2 else ()
    # A node has one seed and one strength; a text may stand in several inputs (SDXL, Flux).
    return names if PLACEHOLDERS[word] is _TEXT else names[:1]


def _title(node: Mapping[str, Any]) -> str:
    meta = node.get("_meta")
    title = meta.get("title") if isinstance(meta, dict) else None
    return title.strip() if isinstance(title, str) else ""


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
