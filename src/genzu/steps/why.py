"""How a recipe that is wanted differs from one that was painted, in words for people who know no recipes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

from genzu.core.cut import Cut
from genzu.core.recipe import Recipe

REPAINTED = "its rough was repainted"
_LONGEST = 60
_FIELDS = tuple(field.name for field in fields(Recipe) if field.name not in ("stage", "sheet", "base", "mask"))
_FOLLOWS = {"conditions": {"prompt", "seed"}, "read_under": {"prompt", "conditions", "materials", "seed"}}
"""Differences that need no word of their own beside one of these."""


def differences(made: Recipe, wanted: Recipe) -> frozenset[str]:
    """Names of the fields that differ."""
    return frozenset(name for name in _FIELDS if getattr(made, name) != getattr(wanted, name))


def in_words(cut: Cut, own_words: str, made: Recipe, wanted: Recipe) -> tuple[str, ...]:
    """Why a painting is stale, one reason each.

    ``own_words``: what the cut says itself, without its place's words.
    """
    different = differences(made, wanted)
    told = {name for name in different if not _FOLLOWS.get(name, set()) & different}
    if len(told) > 1:
        told.discard("rough")  # a painting is made from the rough: that it differs too says nothing new
    words: dict[str, Callable[[], str]] = {
        "layout": lambda: "the layout changed",
        "extent": lambda: f"size changed: {made.extent} → {wanted.extent}",
        "prompt": lambda: _prompt(cut, own_words, made.prompt, wanted.prompt),
        "conditions": lambda: "its words are understood otherwise now",
        "seed": lambda: f"seed changed: {made.seed} → {wanted.seed}",
        "materials": lambda: _file("materials", made.materials, wanted.materials),
        "marks": lambda: _file("marks", made.marks, wanted.marks),
        "board": lambda: _file("board", made.board, wanted.board),
        "engine": lambda: f"engine changed: {made.engine} → {wanted.engine}",
        "engine_version": lambda: f"engine {wanted.engine} {_short(made.engine_version, wanted.engine_version)}",
        "reading": lambda: "the reading is newer",
        "intake": lambda: "the intake is newer",
        "read_under": lambda: "its lines were read under other conditions",
        "rough": lambda: REPAINTED,
    }
    if "engine" in told:
        told.discard("engine_version")
    return tuple(word() for name, word in words.items() if name in told)


def _prompt(cut: Cut, own: str, before: str, now: str) -> str:
    if cut.place and own and before != now and _begins(before, own) and _begins(now, own):
        return f"its place's words changed: {_quoted(_rest(before, own))} → {_quoted(_rest(now, own))}"
    if cut.place and not own:
        return f"its place's words changed: {_quoted(before)} → {_quoted(now)}"
    return f"prompt changed: {_quoted(before)} → {_quoted(now)}"


def _begins(prompt: str, own: str) -> bool:
    return prompt == own or prompt.startswith(f"{own}, ")


def _rest(prompt: str, own: str) -> str:
    return prompt[len(own) :].removeprefix(", ")


def _quoted(text: str) -> str:
    return f"'{text}'" if len(text) <= _LONGEST else f"'{text[: _LONGEST - 1]}…'"


def _file(what: str, before: str | None, now: str | None) -> str:
    plural = what in ("materials", "marks")
    if before is None:
        return f"{what} {'were' if plural else 'was'} given"
    return f"{what} {'were' if plural else 'was'} taken away" if now is None else f"{what} changed"


def _short(before: str, now: str) -> str:
    """Two versions, of long ones only that they differ: a digest tells nobody anything."""
    return f"{before} → {now}" if len(before) + len(now) <= 24 else "has other settings or weights"
