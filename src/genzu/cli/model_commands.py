"""``genzu models``: which weights this machine can paint with, whose they are, and whether they are whole."""

from __future__ import annotations

from typing import Annotated

import typer

from genzu.cli.common import JsonOption, say, say_json
from genzu.cli.progress import watching
from genzu.core.model_facts import ModelFacts
from genzu.engines import profiles
from genzu.engines.diffusion.check import CheckedPart
from genzu.errors import BadInput
from genzu.steps.models import Listed, listed_models, look_at

_models = typer.Typer(no_args_is_help=False, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(
        _models, name="models", help="List the models that can paint here, and check that they are whole and safe."
    )


@_models.callback(invoke_without_command=True)
def models(context: typer.Context, as_json: JsonOption = False) -> None:
    """List all model profiles with their weights, sizes, hashes, makers and licences."""
    if context.invoked_subcommand is not None:
        return None
    with watching("models", quiet=as_json) as watch:
        found = listed_models(watch)
    folders = [str(folder) for folder in profiles.search_folders()]
    if as_json:
        return say_json({"looked_in": folders, "models": [one.to_dict() for one in found]})
    for one in found:
        say(_described(one, full=False))
    if not found:
        say(
            f"No model profiles in {', '.join(folders)}. The embedded engine needs none; docs/models.md says how to "
            f"make one. Folders of your own: set {profiles.VARIABLE}."
        )
    return None


@_models.command()
def check(
    name: Annotated[str, typer.Argument(help="Profile: studio, diffusers:studio, or the path of a .toml file.")],
    as_json: JsonOption = False,
) -> None:
    """Check one profile: every file there, whole, without code, and of the family that the profile says."""
    engine, colon, rest = name.partition(":")
    named = colon and engine in profiles.FAMILIES
    file = profiles.find_profile(engine if named else None, rest if named else name)
    with watching(file.name, quiet=as_json) as watch:
        found = look_at(file, watch)
    if as_json:
        say_json(found.to_dict())
    else:
        say(_described(found, full=True))
    faults = found.all_faults
    if faults:
        more = f" (and {len(faults) - 1} more, see above)" if len(faults) > 1 else ""
        raise BadInput(f"it cannot be used: {faults[0].rstrip('.')}{more}", where=found.name)
    if not as_json:
        say("  all of it is there and can be used" if found.parts else "  it is valid; its server was not asked")


def _described(one: Listed, *, full: bool) -> str:
    lines = [f"{one.name}  {one.family}  {one.title}".rstrip()]
    for part in one.parts:
        lines += _part_lines(part, full=full)
    if not one.parts:
        lines += [f"  {_facts_line(facts)}" for facts in one.facts]
    if full:
        lines.append(f"  profile {one.path}" + (f", digest {one.digest[:12]}" if one.digest else ""))
    lines += [f"  CANNOT BE USED: {fault}" for fault in one.all_faults]
    return "\n".join(lines)


def _part_lines(part: CheckedPart, *, full: bool) -> list[str]:
    facts = part.facts
    if facts is None:
        return [f"  {part.part.kind} {part.part.path}"]
    files = "1 file" if len(part.files) == 1 else f"{len(part.files)} files"
    lines = [f"  {_facts_line(facts)}", f"    {files}, {_size(part.bytes)} {'/'.join(part.types)}, {part.part.path}"]
    if full:
        lines += [f"    {key} = {' '.join(str(value).split())[:160]}" for key, value in part.said.items()]
    return lines


def _facts_line(facts: ModelFacts) -> str:
    """Kind, title, maker, licence, weight, the beginning of the hash."""
    weight = f", weight {facts.weight:g}" if facts.weight is not None else ""
    sha = f", sha256 {facts.sha256[:12]}" if facts.sha256 else ""
    return f"{facts.sentence}{weight}{sha}"


def _size(count: int) -> str:
    """Bytes for a person; decimal units, as disks are sold."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"
