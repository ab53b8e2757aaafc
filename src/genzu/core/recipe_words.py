"""What differs between two recipes, in words for people."""

from __future__ import annotations

from genzu.core.recipe import Recipe

_FILES = (("materials", "materials picture"), ("marks", "marks"), ("board", "board"))


def recipe_differences(before: Recipe, after: Recipe) -> tuple[str, ...]:
    """One short phrase each, what people decide first; empty if the recipes are the same.

    What only follows from something else (a rough is another because the seed is) is told only where nothing else is.
    """
    said = []
    if before.prompt != after.prompt:
        said.append(f"prompt “{before.prompt}” → “{after.prompt}”")
    elif before.conditions != after.conditions:
        said.append("the prompt was understood otherwise")
    if before.seed != after.seed:
        said.append(f"seed {before.seed} → {after.seed}")
    said += _painted_by(before, after)
    if before.extent != after.extent:
        said.append(f"size {before.extent} → {after.extent}")
    if before.layout != after.layout:
        said.append("another layout")
    for name, words in _FILES:
        said += _file(words, getattr(before, name), getattr(after, name))
    said += _part(before, after)
    if before.reading != after.reading:
        said.append(f"reading {before.reading} → {after.reading}")
    if before.intake != after.intake:
        said.append(f"intake {before.intake} → {after.intake}")
    if before.read_under != after.read_under and not said:
        said.append("the lines were read under other words")
    if before.rough != after.rough and not said:
        said.append("another rough under it")
    return tuple(said)


def _painted_by(before: Recipe, after: Recipe) -> list[str]:
    if before.engine != after.engine:
        return [f"engine {before.engine} → {after.engine}"]
    if before.engine_version != after.engine_version:
        return [f"engine {after.engine} {_brief(before.engine_version)} → {_brief(after.engine_version)}"]
    return []


def _file(words: str, before: str | None, after: str | None) -> list[str]:
    if before == after:
        return []
    if before is None:
        return [f"with a {words}" if words != "marks" else "with marks"]
    return [f"without the {words}" if after is None else f"other {words}"]


def _part(before: Recipe, after: Recipe) -> list[str]:
    if before.base == after.base and before.mask == after.mask:
        return []
    if after.base is None:
        return ["painted whole"]
    return ["only a part painted again" if before.base is None else "another part painted again"]


def _brief(version: str) -> str:
    """Versions of studio weights hold hashes: their head tells them apart."""
    return version if len(version) <= 24 else version[:23] + "…"
