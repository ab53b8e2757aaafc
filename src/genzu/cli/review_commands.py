"""What is said in a review: pick, retake, approve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from genzu.cli.common import (
    CutOption,
    CutsArgument,
    JsonOption,
    SheetOption,
    ShowOption,
    choose_cut,
    find_show,
    numbers_of,
    say,
    say_json,
    take_facts,
)
from genzu.cli.cuts_commands import print_findings
from genzu.core.review import Retake
from genzu.core.take import Take
from genzu.errors import BadInput, GenzuError
from genzu.steps.chosen import shown_of
from genzu.steps.deliver import working_psd
from genzu.steps.picklist import enter_picks, plan_picks
from genzu.steps.review import approve as approve_take
from genzu.steps.review import candidate, open_retakes, owner_of, send_back, take_of
from genzu.store.show import Show

_Asked = TypeVar("_Asked")
_Given = TypeVar("_Given")

ByName = Annotated[str | None, typer.Option("--by", metavar="NAME", help="The person who says so.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    for command in (pick, retake, approve):
        app.command()(command)


def pick(
    cut: Annotated[str | None, typer.Argument(metavar="CUT", help="The cut.")] = None,
    by: ByName = None,
    sheet: SheetOption = "BG",
    number: Annotated[
        int | None, typer.Option("--candidate", "-k", help="Number under the picture on the contact sheet.")
    ] = None,
    take: Annotated[int | None, typer.Option(help="Id of the take, for a touch-up or a variant.")] = None,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="A list of picks (CSV): cut, sheet, candidate, by.")
    ] = None,
    psd: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the layered PSD of what was picked, to paint upon.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --from: only tell what would be picked.")] = False,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Choose one candidate of a sheet, or (--from picks.csv) of many sheets at once."""
    with Show.open(find_show(show)) as opened:
        if source is not None:
            if cut is not None or number is not None or take is not None:
                raise BadInput(
                    "--from has the cuts and candidates in its rows", do="leave out the cut and its candidate"
                )
            return _pick_list(opened, source, by, psd, dry_run, as_json)
        name = _person(by)
        if (number is None) == (take is None):
            raise BadInput("which one is picked?", do="give either --candidate K or --take N; see 'genzu candidates'")
        where = owner_of(opened, choose_cut(opened, cut), sheet)
        chosen = (
            candidate(opened, where, sheet, number) if number is not None else take_of(opened, where, sheet, take or 0)
        )
        opened.pick(chosen.id, name)
        if as_json:
            say_json({"picked": take_facts(chosen), "by": name})
        else:
            say(f"cut {where} {sheet}: {chosen.stage.value} {chosen.number} (take {chosen.id}) picked by {name}")
        return _write_psds(opened, [chosen], psd, quiet=as_json)


def _pick_list(show: Show, source: Path, by: str | None, psd: Path | None, dry_run: bool, as_json: bool) -> None:
    plan = plan_picks(show, source, by=by)
    if as_json:
        say_json({**plan.to_dict(), "entered": not dry_run and not plan.errors})
    else:
        print_findings(plan.findings)
        for one in plan.picks:
            say(f"cut {one.take.cut} {one.take.sheet}: candidate {one.take.number} by {one.by}")
        would = "would be " if dry_run or plan.errors else ""
        say(f"{source.name}: {len(plan.picks)} {would}picked, {plan.undecided} without a candidate")
    if plan.errors or not dry_run:
        enter_picks(show, plan)
        _write_psds(show, [one.take for one in plan.picks], psd, quiet=as_json)


def _write_psds(show: Show, takes: Sequence[Take], out: Path | None, *, quiet: bool) -> None:
    for take in takes if out is not None else ():
        path = working_psd(show, take, out or Path())
        if not quiet:
            say(str(path))


def retake(
    cuts: CutsArgument = None,
    reason: Annotated[str | None, typer.Option("--reason", "-r", help="What should be different.")] = None,
    by: ByName = None,
    sheet: SheetOption = "BG",
    take: Annotated[int | None, typer.Option(help="Id of the take (default: the one that stands now).")] = None,
    note: Annotated[str, typer.Option(help="Anything else.")] = "",
    seed: Annotated[int | None, typer.Option(help="Order the cut anew with this seed: a machine paints it.")] = None,
    prompt: Annotated[
        str | None, typer.Option("--prompt", "-p", help="Order the cut anew with this prompt: a machine paints it.")
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="Show what was sent back and waits, the oldest first.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="With --list: answered ones, too.")] = False,
    done: Annotated[
        int | None, typer.Option(metavar="ID", help="Close this retake by word (its number in --list).")
    ] = None,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send sheets back (リテイク) with the reason; list what waits; close a retake that needs no new take."""
    with Show.open(find_show(show)) as opened:
        if listed:
            return _list_retakes(opened, cuts, everything, as_json)
        if done is not None:
            closed = opened.answer_retake(done, by=_person(by), take=take, note=note)
            return (
                say_json(closed.to_dict())
                if as_json
                else say(f"retake {done}, cut {closed.cut} {closed.sheet}: closed by {by}")
            )
        name = _person(by)
        # A shared background (兼用) is sent back once, however many of its cuts are named.
        numbers = list(dict.fromkeys(owner_of(opened, number, sheet) for number in numbers_of(opened, cuts)))
        if reason is None:
            raise BadInput("no reason is given", do='say what should be different: --reason "空が重い"')
        if take is not None and len(numbers) > 1:
            raise BadInput("--take names one take, but there are several cuts", do="send that take back alone")
        result, failed = _each(
            numbers,
            lambda number: send_back(
                opened, number, sheet, reason=reason, by=name, take_id=take, note=note, seed=seed, prompt=prompt
            ),
        )
    if as_json:
        say_json({"retakes": [one.retake.to_dict() for one in result], "failed": failed})
    else:
        for one in result:
            asked = one.retake
            say(
                f"cut {asked.cut} {asked.sheet}: {asked.stage.value} {asked.number} sent back by {name}: {asked.reason}"
            )
            for line in one.notes:
                say(f"  {line}")
        _say_failed(failed)
    _exit_with(failed)
    return None


def _list_retakes(show: Show, cuts: Sequence[str] | None, everything: bool, as_json: bool) -> None:
    found = show.retakes() if everything else open_retakes(show)
    if cuts:
        named = numbers_of(show, cuts)
        found = tuple(one for one in found if any(owner_of(show, cut, one.sheet) == one.cut for cut in named))
    if as_json:
        return say_json({"retakes": [one.to_dict() for one in found]})
    for one in found:
        say(_retake_line(one))
    if not found:
        say("Nothing was sent back." if everything else "Nothing waits: every retake is answered.")
    return None


def _retake_line(one: Retake) -> str:
    waits = "the machine (genzu paint --all)" if one.again else "a person"
    answer = one.answer
    if answer is None:
        state = f"waits for {waits}"
    elif answer.take is None:
        state = f"closed by {answer.by}{f' ({answer.note})' if answer.note else ''}"
    else:
        state = f"answered by take {answer.take}{f' of {answer.by}' if answer.by else ''}"
    head = f"{one.id:>4}  {one.created[:10]}  cut {one.cut} {one.sheet}, {one.stage.value} {one.number}"
    return f"{head}: {' '.join(one.reason.split())} ({one.by}); {state}" + (f"\n      {one.note}" if one.note else "")


def approve(
    cuts: CutsArgument = None,
    by: ByName = None,
    cut: CutOption = None,
    sheet: Annotated[str, typer.Option("--sheet", metavar="NAME", help="The sheet: BG, BOOK1 …, or all.")] = "BG",
    take: Annotated[
        int | None, typer.Option(help="Id of the take (default: the picked one, else the newest work).")
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also what was sent back or is not registered: it is good all the same.")
    ] = False,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Approve takes as the art director; what is sent back or not registered is refused, the others go on."""
    with Show.open(find_show(show)) as opened:
        name, numbers = _person(by), numbers_of(opened, [*(cuts or []), *([cut] if cut else [])])
        if take is not None and len(numbers) > 1:
            raise BadInput("--take names one take, but there are several cuts", do="approve that take alone")
        wanted = dict.fromkeys(
            (owner_of(opened, number, one), one)
            for number in numbers
            for one in (tuple(shown_of(opened, number)) or ("BG",) if sheet == "all" else (sheet,))
        )
        result, failed = _each(
            tuple(wanted), lambda pair: approve_take(opened, *pair, by=name, take_id=take, anyway=anyway)
        )
    if as_json:
        say_json({"approved": [take_facts(one) for one in result], "by": name, "failed": failed})
    else:
        for one in result:
            say(f"cut {one.cut} {one.sheet}: {one.stage.value} take {one.number} approved by {name}")
        _say_failed(failed)
    _exit_with(failed)


def _person(by: str | None) -> str:
    if by is None or not by.strip():
        raise BadInput("nobody is named", do="add --by NAME: everything that is said in a review is said by somebody")
    return by


def _each(wanted: Sequence[_Asked], do: Callable[[_Asked], _Given]) -> tuple[list[_Given], list[str]]:
    """What came out for each, and a sentence for each that was refused; a single one is refused as usual."""
    done: list[_Given] = []
    failed: list[str] = []
    for one in wanted:
        try:
            done.append(do(one))
        except GenzuError as error:
            if len(wanted) == 1:
                raise
            failed.append(error.sentence)
    return done, failed


def _say_failed(failed: Sequence[str]) -> None:
    for sentence in failed:
        say(f"REFUSED: {sentence}")


def _exit_with(failed: Sequence[str]) -> None:
    if failed:
        raise typer.Exit(1)
