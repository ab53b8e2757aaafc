"""What the server says went wrong, in words that an artist can act on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from genzu.core.codec import shown
from genzu.engines.comfyui.workflow import Node

Options = Callable[[str, str], list[str]]
"""(class, input) → values that the server has for it."""

_FILES: Final = 12
"""Most names in a list."""
_ERRORS: Final = 3
"""Most errors in one sentence."""
_LONGEST: Final = 300
_MEMORY: Final = ("outofmemory", "out of memory", "allocation on device", "not enough memory")


def refusal(answer: object, nodes: Mapping[str, Node], options: Options) -> tuple[str, str]:
    """(what, do) for a workflow that the server does not queue: the answer to ``POST /prompt`` with status 400."""
    record = answer if isinstance(answer, Mapping) else {}
    found = [
        (nodes.get(key), error)
        for key, entry in _mapping(record.get("node_errors")).items()
        for error in _list(_mapping(entry).get("errors"))
        if isinstance(error, Mapping)
    ]
    sentences = [_validation(node, error, options) for node, error in found]
    if not sentences:
        error = _mapping(record.get("error"))
        sentences = [_join(error.get("message"), error.get("details")) or "it does not say why"]
    do = "correct that in the workflow, or in the profile where it comes from there"
    if any(error.get("type") == "value_not_in_list" for _, error in found):
        do = "name one that the server has in the profile or the workflow, or put the file into the server's folder"
    return f"the server does not take the workflow: {_some(sentences)}", do


def failure(messages: object, nodes: Mapping[str, Node]) -> tuple[str, str]:
    """(what, do) for a job that broke off, from the messages in its history."""
    for message in _list(messages):
        if not isinstance(message, list) or len(message) != 2:
            continue
        kind, data = message[0], _mapping(message[1])
        name = _node(nodes.get(str(data.get("node_id"))), data.get("node_type"))
        if kind == "execution_interrupted":
            return f"somebody stopped it at the server, in {name}", "paint again"
        if kind == "execution_error":
            return _broken(name, data)
    return "it broke off, and the server does not say why", "look at the server's log"


def unknown_classes(missing: list[Node]) -> tuple[str, str]:
    """(what, do) for nodes whose classes the server does not know."""
    names = _some(sorted({str(node) for node in missing}))
    return f"the server does not know these nodes of the workflow: {names}", "install them there (custom nodes)"


def _broken(name: str, data: Mapping[str, Any]) -> tuple[str, str]:
    text = str(data.get("exception_message") or data.get("exception_type") or "no reason given")
    kind = str(data.get("exception_type", "")).rpartition(".")[2]
    first = next((line.strip() for line in text.splitlines() if line.strip()), kind)
    if any(sign in f"{kind} {text}".lower() for sign in _MEMORY):
        return (
            f"the server ran out of memory in {name}",
            "set a smaller 'short_side' or a 'tile' in the profile, or free memory on the server",
        )
    reason = first if kind.lower() in first.lower() or not kind else f"{first} [{kind}]"
    return f"it failed in {name}: {_short(reason)}", "look at that node in ComfyUI"


def _validation(node: Node | None, error: Mapping[str, Any], options: Options) -> str:
    facts = _mapping(error.get("extra_info"))
    name, key = _node(node, None), facts.get("input_name")
    given = shown(facts.get("received_value"))
    match error.get("type"):
        case "value_not_in_list":
            there = _options(facts.get("input_config"))
            if not there and node is not None and isinstance(key, str):
                there = options(node.kind, key)
            return f"{name}: {given} for {key} is not on the server, which has {_names(there)}"
        case "required_input_missing":
            return f"{name}: its input {key or error.get('details')} is neither set nor connected"
        case "return_type_mismatch":
            kind = facts.get("received_type")
            return f"{name}: its input {key} is connected to something of another kind ({kind})"
        case "value_smaller_than_min" | "value_bigger_than_max" as kind:
            limit = _limit(facts.get("input_config"), "min" if kind == "value_smaller_than_min" else "max")
            return f"{name}: {given} for {key} is {'less' if 'small' in kind else 'more'} than possible{limit}"
        case "invalid_input_type":
            return f"{name}: {given} does not fit its input {key}"
        case _:
            return f"{name}: {_join(error.get('message'), error.get('details'))}"


def _options(config: object) -> list[str]:
    """The choices of an input: ``[[…], {…}]`` or, in newer nodes, ``["COMBO", {"options": […]}]``."""
    parts = _list(config)
    if parts and isinstance(parts[0], list):
        return [str(one) for one in parts[0]]
    facts = _mapping(parts[1]) if len(parts) > 1 else {}
    return [str(one) for one in _list(facts.get("options"))]


def choices(info: Mapping[str, Any] | None, key: str) -> list[str]:
    """The choices of an input in the server's description of a class."""
    inputs = _mapping(_mapping(info).get("input"))
    for group in ("required", "optional"):
        if key in _mapping(inputs.get(group)):
            return _options(inputs[group][key])
    return []


def _limit(config: object, key: str) -> str:
    parts = _list(config)
    facts = _mapping(parts[1]) if len(parts) > 1 else {}
    return f" ({facts[key]})" if key in facts else ""


def _names(names: list[str]) -> str:
    if not names:
        return "none"
    more = f" and {len(names) - _FILES} more" if len(names) > _FILES else ""
    return ", ".join(names[:_FILES]) + more


def _node(node: Node | None, kind: object) -> str:
    return str(node) if node is not None else str(kind or "a node that is not in the workflow")


def _some(sentences: list[str]) -> str:
    more = f"; and {len(sentences) - _ERRORS} more" if len(sentences) > _ERRORS else ""
    return "; ".join(sentences[:_ERRORS]) + more


def _join(*parts: object) -> str:
    return _short(": ".join(str(part).strip() for part in parts if part))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
