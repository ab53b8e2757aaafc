"""``genzu status``: where every cut stands, and why what is stale is stale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from genzu.cli.common import JsonOption, ShowOption, find_show, say, say_json, take_facts
from genzu.steps.film_plan import selected
from genzu.steps.stale import CutState, SheetState, state_of_cuts
from genzu.store.show import Show


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(status)


def status(
    more: Annotated[
        list[str] | None, typer.Argument(metavar="CUTS", help="Only these cuts: 001 002, or 010-020.")
    ] = None,
    cuts: Annotated[list[str] | None, typer.Option("--cut", "-c", metavar="NUMBERS", help="The same.")] = None,
    stale: Annotated[bool, typer.Option("--stale", help="Only what is stale, or needs a person to look.")] = False,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show where every cut stands, and why what is stale is stale."""
    asked = ",".join((*(cuts or ()), *(more or ())))
    with Show.open(find_show(show)) as opened:
        states = state_of_cuts(opened)
        at_work = frozenset(opened.build.claims.held())
        if asked:
            wanted = {cut.number for cut in selected([state.cut for state in states], asked)}
            states = tuple(state for state in states if state.number in wanted)
        counts, lie = counted(states), opened.whereabouts.sentence
        if stale:
            states = tuple(state for state in states if _needs_somebody(state))
        if as_json:
            rows = [row for state in states for row in _rows(opened, state, at_work)]
            return say_json({"cuts": rows, "counts": counts})
    for state in states:
        _tell(state, at_work)
    if not counts["cuts"]:
        say('This show has no cuts yet. Add one: genzu add LAYOUT --cut 001 -p "…"')
    else:
        say(_summary(counts))
    return say(lie)


def counted(states: Sequence[CutState]) -> dict[str, int]:
    """How many cuts stand where; one may be counted under several words."""

    def some(state: CutState, what: str) -> bool:
        return any(getattr(sheet, what) for sheet in state.sheets)

    own = [state for state in states if not state.shared]
    return {
        "cuts": len(states),
        "up_to_date": sum(not state.stale for state in own),
        "stale": sum(state.stale for state in own),
        "shared": len(states) - len(own),
        "retouched": sum(some(state, "retouch") for state in own),
        "retouch_is_old": sum(some(state, "retouch_is_old") for state in own),
        "approved": sum(some(state, "approved") for state in own),
        "sent_back": sum(some(state, "sent_back") for state in own),
    }


def _needs_somebody(state: CutState) -> bool:
    return bool(state.stale or state.files or any(sheet.warning or sheet.sent_back for sheet in state.sheets))


def _standing(state: CutState, sheet: SheetState | None) -> str:
    if state.shared:
        return f"shows the background of cut {state.source} (兼用)"
    return "stale" if sheet is not None and sheet.why else "up to date"


def _tell(state: CutState, at_work: frozenset[str]) -> None:
    for sheet in state.sheets or (None,):
        takes = sheet.takes if sheet else {}
        done = "  ".join(f"{stage} {count}" for stage, count in takes.items() if count) or "not painted yet"
        if state.shared:
            done = _standing(state, sheet)
        elif takes:
            done += f"  {_standing(state, sheet)}"
        approved = f"  approved: {sheet.approved.stage} {sheet.approved.number}" if sheet and sheet.approved else ""
        now = "  being painted now" if state.number in at_work else ""
        say(f"{state.number:<10} {sheet.sheet if sheet else 'BG':<6} {done}{approved}{now}   {state.cut.prompt}")
        for line in _remarks(state, sheet):
            say(f"{'':17} {line}")


def _remarks(state: CutState, sheet: SheetState | None) -> list[str]:
    lines = [f"stale: {reason}" for reason in (sheet.why if sheet else ()) if reason != "never painted"]
    if state.files:
        lines.append(f"files: {state.files}")
    if sheet and sheet.sent_back and not sheet.why:
        lines.append(f"sent back: {sheet.sent_back}")
    if sheet and sheet.warning:
        lines.append(f"NOTE: {sheet.warning}")
    return lines


def _rows(show: Show, state: CutState, at_work: frozenset[str]) -> list[dict[str, Any]]:
    sheets: tuple[SheetState, ...] = state.sheets or (SheetState(sheet="BG"),)
    return [
        {
            "cut": state.number,
            "sheet": sheet.sheet,
            "prompt": state.cut.prompt,
            "state": "shared" if state.shared else _standing(state, sheet),
            "shows": state.source,
            "why": list(sheet.why),
            "files": state.files or None,
            "takes": dict(sheet.takes),
            "approved": take_facts(show.take(sheet.approved.id)) if sheet.approved else None,
            "retouch": {"take": sheet.retouch.number, "by": sheet.retouch.by} if sheet.retouch else None,
            "sent_back": sheet.sent_back or None,
            "warning": sheet.warning or None,
            "being_painted": state.number in at_work,
        }
        for sheet in sheets
    ]


def _summary(counts: dict[str, int]) -> str:
    parts = [f"{counts['up_to_date']} up to date", f"{counts['stale']} stale"]
    words = {
        "shared": "show another cut's background (兼用)", "retouched": "retouched", "approved": "approved",
        "sent_back": "sent back", "retouch_is_old": "with a retouch on an older painting",
    }  # fmt: skip
    parts += [f"{counts[key]} {word}" for key, word in words.items() if counts[key]]
    return f"{counts['cuts']} cut{'' if counts['cuts'] == 1 else 's'}: {', '.join(parts)}."
