"""How the test server validates a prompt: the records have the shape of ComfyUI's own."""

from __future__ import annotations

from typing import Any

from tests.engines.comfyui.server_nodes import NodeClass, World, classes

Verdict = tuple[bool, dict[str, Any] | None, list[str], dict[str, Any]]


def validate(prompt: dict[str, Any], world: World) -> Verdict:
    """(ok, error, outputs to run, node_errors). One good output is enough; the bad ones are left out."""
    known = classes(world)
    for node, record in prompt.items():
        if "class_type" not in record:
            return _invalid("Cannot execute because a node is missing the class_type property.", node)
        if record["class_type"] not in known:
            return _invalid(f"Cannot execute because node {record['class_type']} does not exist.", node)
    outputs = [node for node, record in prompt.items() if known[record["class_type"]].output_node]
    if not outputs:
        error = {"type": "prompt_no_outputs", "message": "Prompt has no outputs", "details": "", "extra_info": {}}
        return False, error, [], {}
    node_errors: dict[str, Any] = {}
    good = [output for output in outputs if _check(output, prompt, known, world, node_errors, output, {})]
    if good:
        return True, None, good, node_errors
    details = "\n".join(f"{e['message']}: {e['details']}" for one in node_errors.values() for e in one["errors"])
    error = {
        "type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation",
        "details": details, "extra_info": {},
    }  # fmt: skip
    return False, error, [], node_errors


def _invalid(message: str, node: str) -> Verdict:
    error = {"type": "invalid_prompt", "message": message, "details": f"Node ID '#{node}'", "extra_info": {}}
    return False, error, [], {}


def _check(
    node: str, prompt: Any, known: dict[str, NodeClass], world: World, found: Any, output: str, seen: dict[str, bool]
) -> bool:  # fmt: skip
    if node in seen:
        return seen[node]
    kind, inputs = known[prompt[node]["class_type"]], prompt[node]["inputs"]
    errors, upstream = [], True
    for name, config in (kind.inputs | kind.optional).items():
        if name not in inputs:
            if name in kind.inputs:
                errors.append(_error("required_input_missing", "Required input is missing", name, input_name=name))
        elif isinstance(inputs[name], list):
            source, slot = inputs[name]
            given = known[prompt[source]["class_type"]].outputs[slot]
            if given != config[0]:
                details = f"{name}, received_type({given}) mismatch input_type({config[0]})"
                message = "Return type mismatch between linked nodes"
                facts = {
                    "input_name": name,
                    "input_config": config,
                    "received_type": given,
                    "linked_node": inputs[name],
                }
                errors.append(_error("return_type_mismatch", message, details, **facts))
            else:
                upstream &= _check(source, prompt, known, world, found, output, seen)
        elif (error := _constant(kind, name, config, inputs[name])) is not None:
            errors.append(error)
    if kind.check is not None and (said := kind.check(world, **inputs)) is not True:
        message = "Custom validation failed for node"
        errors.append(_error("custom_validation_failed", message, f"image - {said}", input_name="image"))
    if errors:
        entry = {"errors": errors, "dependent_outputs": [], "class_type": prompt[node]["class_type"]}
        found.setdefault(node, entry)["dependent_outputs"].append(output)
    seen[node] = upstream and not errors
    return seen[node]


def _constant(kind: NodeClass, name: str, config: list[Any], value: Any) -> dict[str, Any] | None:
    facts = config[1] if len(config) > 1 else {}
    info = {"input_name": name, "input_config": [config[0], facts], "received_value": value}
    if config[0] in ("INT", "FLOAT"):
        if "min" in facts and value < facts["min"]:
            message = f"Value {value} smaller than min of {facts['min']}"
            return _error("value_smaller_than_min", message, name, **info)
        if "max" in facts and value > facts["max"]:
            return _error("value_bigger_than_max", f"Value {value} bigger than max of {facts['max']}", name, **info)
    # Choices of nodes in the newer form ("COMBO") are not checked by 0.3.64; the node itself fails then.
    choices = config[0] if isinstance(config[0], list) else None
    if choices is None or kind.check is not None or value in choices:
        return None
    # Long lists of files are not sent back.
    listed = f"(list of length {len(choices)})" if len(choices) > 20 else str(choices)
    if len(choices) > 20:
        info["input_config"] = None
    return _error("value_not_in_list", "Value not in list", f"{name}: '{value}' not in {listed}", **info)


def _error(kind: str, message: str, details: str, **facts: Any) -> dict[str, Any]:
    return {"type": kind, "message": message, "details": details, "extra_info": facts}
