"""``genzu paint --all``: what is asked for on the command line, and what is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import typer

from genzu.cli.build_progress import BuildProgress, in_words
from genzu.cli.common import say, say_json
from genzu.engines import registry
from genzu.errors import BadInput
from genzu.steps.batch import Crew, CutResult
from genzu.steps.build import Plan, build, plan_build
from genzu.steps.film_plan import selected
from genzu.steps.local_crew import LocalCrew, usable_cores
from genzu.steps.package import PaintedSheet
from genzu.store.show import Show


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOrder:
    """What is asked of a show."""

    cuts: tuple[str, ...] = ()
    """As they were typed: ``001``, ``010-020``, ``001,004``; none: all."""
    candidates: int = 1
    workers: int | None = None
    crew: Crew | None = None
    """Who paints; ``None``: processes of this machine."""
    dry_run: bool = False
    as_json: bool = False


def paint_show(folder: Path, asked: ShowOrder) -> None:
    """Paint what is stale; exit code 1 if a cut failed."""
    begin = perf_counter()
    with Show.open(folder) as show:
        plan = planned_for(show, asked)
    if asked.dry_run:
        return _tell_plan(plan, as_json=asked.as_json)
    results = run_build(folder, plan, asked)
    if not report(plan, results, perf_counter() - begin, as_json=asked.as_json):
        raise typer.Exit(1)
    return None


def planned_for(show: Show, asked: ShowOrder) -> Plan:
    """Compare the cuts that are asked for."""
    cuts = show.cuts()
    if not cuts:
        raise BadInput("this show has no cuts", where=show.folder, do='add one: genzu add LAYOUT --cut 001 -p "…"')
    only = {cut.number for cut in selected(cuts, ",".join(asked.cuts))} if asked.cuts else None
    return plan_build(show, only=only, candidates=asked.candidates)


def run_build(folder: Path, plan: Plan, asked: ShowOrder) -> list[CutResult]:
    """Paint what is planned and tell of each cut as it is done."""
    workers = asked.workers or _workers_for(plan)
    workers = min(workers, max(1, len(plan.planned)))
    progress = BuildProgress(plan, workers, quiet=asked.as_json)
    crew = asked.crew or LocalCrew(workers, progress.told)
    results: list[CutResult] = []
    try:
        with progress.shown():
            for result in build(folder, plan, crew, progress):
                results.append(result)
                if not asked.as_json:
                    _tell_cut(progress, result)
    except KeyboardInterrupt:
        if not asked.as_json:
            say(f"{sum(not one.error for one in results)} of {len(plan.planned)} cuts are done.")
        raise
    return results


def _workers_for(plan: Plan) -> int:
    """One process where weights are loaded or a server is asked: every process would load them anew."""
    engines = {one.state.cut.engine.partition(":")[0] for one in plan.planned}
    return 1 if engines & set(registry.engine_families()) else usable_cores()


def _tell_plan(plan: Plan, *, as_json: bool) -> None:
    if as_json:
        return say_json(
            {
                "planned": [
                    {"cut": one.order.number, "why": one.why, "paint": one.state.stale} for one in plan.planned
                ],
                "up_to_date": list(plan.up_to_date),
                "shared": plan.shared,
            }
        )
    for one in plan.planned:
        say(f"cut {one.order.number}: {'paint' if one.state.stale else 'write files'}: {one.why}")
        for sheet in one.state.sheets:
            if sheet.warning:
                say(f"  NOTE: {sheet.warning}")
    return say(_counts(len(plan.planned), "would be done", plan))


def _tell_cut(progress: BuildProgress, result: CutResult) -> None:
    for sheet in result.sheets:
        progress.line(describe(sheet))
    if result.error:
        progress.line(f"cut {result.number}: FAILED: {result.error.sentence}")
    elif result.up_to_date:
        progress.line(f"cut {result.number}: painted by another process")


def report(plan: Plan, results: Sequence[CutResult], seconds: float, *, as_json: bool) -> bool:
    """Tell what was done as a whole; False if a cut failed or was not begun."""
    failed = [result for result in results if result.error]
    begun = {result.number for result in results}
    left = [one.order.number for one in plan.planned if one.order.number not in begun]
    if as_json:
        say_json({**sheets_and_failures(results), **_facts(plan, results, left, seconds)})
    else:
        done = len(results) - len(failed)
        say(_counts(done, f"done in {in_words(seconds)}", plan, failed=len(failed)))
        if left:
            say(f"{len(left)} cuts were not begun, they would have failed in the same way: {', '.join(left[:12])}")
        shown = {number: of for number, of in plan.shared.items() if of in {one.number for one in failed}}
        for number, of in shown.items():
            say(f"cut {number} shows the background of cut {of}")
    return not (failed or left)


def _counts(count: int, what: str, plan: Plan, *, failed: int = 0) -> str:
    parts = [_cuts(count, what)] if plan.planned else []
    if failed:
        parts.append(f"{failed} FAILED")
    parts.append(_cuts(len(plan.up_to_date), "up to date"))
    if plan.shared:
        parts.append(f"{len(plan.shared)} show another cut's background (兼用)")
    return ("" if plan.planned else "Nothing is stale: ") + ", ".join(parts) + "."


def _cuts(count: int, what: str) -> str:
    return f"{count} cut{'' if count == 1 else 's'} {what}"


def sheets_and_failures(results: Sequence[CutResult]) -> dict[str, Any]:
    """What ``--json`` says of every build."""
    return {
        "sheets": [sheet.to_dict() for result in results for sheet in result.sheets],
        "failed": {result.number: result.error.sentence for result in results if result.error},
    }


def _facts(plan: Plan, results: Sequence[CutResult], left: Sequence[str], seconds: float) -> dict[str, Any]:
    why = {one.order.number: one.why for one in plan.planned}
    return {
        "cuts": [
            {
                "cut": result.number, "outcome": _outcome(result), "why": why[result.number],
                "seconds": result.seconds, "painted": result.new_takes,
            }
            for result in results
        ],
        "up_to_date": list(plan.up_to_date),
        "shared": plan.shared,
        "not_begun": list(left),
        "seconds": round(seconds, 3),
    }  # fmt: skip


def _outcome(result: CutResult) -> str:
    if result.error:
        return "failed"
    if result.up_to_date:
        return "painted by another process"
    return "painted" if result.new_takes else "files written"


def describe(sheet: PaintedSheet) -> str:
    """A few lines about a painted sheet: files, registration, what was not understood."""
    scores = sheet.to_dict()["scores"]
    lines = [f"cut {sheet.cut} {sheet.sheet}: {sheet.files['painting']}"]
    for stage, score in scores.items():
        lines.append(
            f"  {stage:<8} line fidelity {score['line_fidelity']:.3f} (by chance {score['chance']:.3f}), "
            f"shift {score['shift']:.2f} px"
        )
    if not sheet.registered:
        lines.append("  NOT REGISTERED: the picture has moved against the layout by more than half a pixel at 1080p")
    lines += [f"  {note}" for note in sheet.notes]
    return "\n".join(lines)
