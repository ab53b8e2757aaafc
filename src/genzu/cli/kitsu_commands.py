"""``genzu kitsu``: the show and the production tracker Kitsu tell each other what is new."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from genzu.cli.common import JsonOption, ShowOption, find_show, say, say_json
from genzu.cli.cuts_commands import MOST_SHOWN, print_findings, tell_changes
from genzu.cli.progress import errors, watching
from genzu.errors import BadInput
from genzu.exchange.kitsu.connection import Login, logged_in
from genzu.exchange.kitsu.reading import find_project, read_production
from genzu.steps.kitsu_memory import Memory, remember, remembered
from genzu.steps.kitsu_pull import PullOrder, PullPlan, enter_pull, plan_pull
from genzu.steps.kitsu_push import CutPush, PushOrder, PushPlan, plan_push
from genzu.steps.kitsu_send import open_production, send
from genzu.steps.kitsu_stale import stale_cuts
from genzu.steps.kitsu_statuses import read_statuses
from genzu.store.show import Show

kitsu = typer.Typer(name="kitsu", no_args_is_help=True, help="The production tracker Kitsu: send to it, hear from it.")

HostOption = Annotated[
    str | None,
    typer.Option("--host", envvar="KITSU_HOST", metavar="URL", help="https://kitsu.studio.com (default: as before)."),
]
UserOption = Annotated[
    str, typer.Option("--user", envvar="KITSU_LOGIN", metavar="EMAIL", help="Account; its password: KITSU_PASSWORD.")
]
InsecureOption = Annotated[bool, typer.Option("--insecure", help="Take plain http for another machine too.")]
ProjectOption = Annotated[
    str | None, typer.Option("--project", metavar="NAME|ID", help="The production (default: as before).")
]
TaskTypeOption = Annotated[
    str | None, typer.Option("--task-type", metavar="NAME", help="Task type of backgrounds (default: Background).")
]
ShotsOption = Annotated[
    str | None, typer.Option("--shots", metavar="TEMPLATE", help="How shots are named: {cut}, c{cut:03}, {show}_{cut}.")
]
SequenceOption = Annotated[
    str | None, typer.Option("--sequence", metavar="NAME", help="Sequence of the shots (default: the only one).")
]
EpisodeOption = Annotated[
    str | None, typer.Option("--episode", metavar="NAME", help="Episode of the show, in a series.")
]
CutsOption = Annotated[str, typer.Option("--cuts", metavar="LIST", help="Only these cuts: 001-010, 015.")]
StatusOption = Annotated[
    list[str] | None,
    typer.Option("--status", metavar="WHAT=SHORT", help="Short name of a status: stale=, painted=, retake=, approved="),
]
DryOption = Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(kitsu)


@kitsu.command()
def push(
    host: HostOption = None,
    user: UserOption = "",
    insecure: InsecureOption = False,
    project: ProjectOption = None,
    create: Annotated[
        bool, typer.Option("--create", help="Make the production and the task type if they are not there.")
    ] = False,
    task_type: TaskTypeOption = None,
    shots: ShotsOption = None,
    sequence: SequenceOption = None,
    episode: EpisodeOption = None,
    cuts: CutsOption = "",
    status: StatusOption = None,
    ours: Annotated[bool, typer.Option("--ours", help="Write what differs as this show has it.")] = False,
    dry_run: DryOption = False,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send cuts as shots, the chosen pictures as previews, and where each background stands. What is there stays."""
    login = _login(host, user, insecure)
    with Show.open(find_show(show)) as opened:
        login, memory, asked = _meant(opened, login, project, task_type, shots, sequence, episode)
        order = PushOrder(
            naming=memory.naming, cuts=cuts, ours=ours, statuses=read_statuses(status or []),
        )  # fmt: skip
        with logged_in(login) as client, watching("Kitsu", quiet=as_json) as watch:
            production = open_production(
                client, opened, asked, memory.task_type, create=create, dry=dry_run, watch=watch
            )
            stale = stale_cuts(opened)
            plan = plan_push(opened, production, order, lambda number: stale.get(number, ""))
            if not as_json:
                print_findings(plan.findings)
            elif plan.errors:
                say_json({**plan.to_dict(), "pushed": False, "failed": {}})
            if not dry_run and not plan.errors:
                remember(opened, replace(memory, project=production.project.id))
            failed = (
                send(opened, plan, client, watch=watch, done=_nothing if as_json else _tell_cut)
                if plan.errors or not dry_run
                else {}
            )
    if as_json:
        say_json({**plan.to_dict(), "pushed": not dry_run, "failed": failed})
    else:
        _tell_push(plan, failed, dry_run)
    for number, sentence in failed.items():
        errors.print(f"genzu: cut {number}: {sentence}", markup=False)
    if failed:
        raise typer.Exit(1)


@kitsu.command()
def pull(
    host: HostOption = None,
    user: UserOption = "",
    insecure: InsecureOption = False,
    project: ProjectOption = None,
    task_type: TaskTypeOption = None,
    shots: ShotsOption = None,
    sequence: SequenceOption = None,
    episode: EpisodeOption = None,
    cuts: CutsOption = "",
    layouts: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of layouts: a new shot that has one becomes a cut.")
    ] = None,
    new_places: Annotated[bool, typer.Option("--new-places", help="Add places that the show does not know.")] = False,
    status: StatusOption = None,
    theirs: Annotated[bool, typer.Option("--theirs", help="Take what both sides changed as Kitsu has it.")] = False,
    dry_run: DryOption = False,
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring lengths, notes and places of shots, and people's retakes and approvals, into the show: all or nothing."""
    login = _login(host, user, insecure)
    with Show.open(find_show(show)) as opened:
        login, memory, asked = _meant(opened, login, project, task_type, shots, sequence, episode)
        order = PullOrder(
            naming=memory.naming, cuts=cuts, layouts=layouts, new_places=new_places,
            theirs=theirs, statuses=read_statuses(status or []),
        )  # fmt: skip
        with logged_in(login) as client, watching("Kitsu", quiet=as_json) as watch:
            found = find_project(client, asked)
            production = read_production(
                client, found, task_type=memory.task_type, watch=lambda share: watch("reading", share)
            )
        plan = plan_pull(opened, production, order)
        if not as_json:
            _tell_pull(plan, dry_run)
        elif plan.errors:
            say_json({**plan.to_dict(), "entered": False})
        if plan.errors or not dry_run:
            enter_pull(opened, plan)
            remember(opened, replace(memory, project=found.id))
    if as_json:
        say_json({**plan.to_dict(), "entered": not dry_run})


def _login(host: str | None, user: str, insecure: bool) -> Login:
    """Password and token come by the environment alone: a command line is seen by everybody on the machine."""
    secrets = {"password": os.environ.get("KITSU_PASSWORD", ""), "token": os.environ.get("KITSU_TOKEN", "")}
    return Login(host=host or "", user=user, insecure=insecure, **secrets)


def _meant(
    show: Show,
    login: Login,
    project: str | None,
    task_type: str | None,
    shots: str | None,
    sequence: str | None,
    episode: str | None,
) -> tuple[Login, Memory, str]:
    """What is asked for now, else what it was before; and the production by name or id."""
    known = remembered(show)
    host = login.host or known.host
    if not host:
        raise BadInput("no Kitsu is named", where="KITSU_HOST", do="give --host https://kitsu.studio.com")
    asked = project or (known.project if host.rstrip("/") == known.host else "")
    if not asked:
        raise BadInput("no production is named", where=host, do="give --project NAME")
    memory = Memory(
        host=host.rstrip("/"), project=known.project, shots=shots or known.shots,
        task_type=task_type or known.task_type, sequence=known.sequence if sequence is None else sequence,
        episode=known.episode if episode is None else episode,
    )  # fmt: skip
    return replace(login, host=host), memory, asked


def _nothing(_: CutPush) -> None:
    pass


def _tell_cut(one: CutPush) -> None:
    say(f"cut {one.cut.number}: {'; '.join(one.lines) or 'linked'}")


def _tell_push(plan: PushPlan, failed: Collection[str], dry_run: bool) -> None:
    done = [one for one in plan.cuts if one.cut.number not in failed]
    if dry_run:
        for one in done:
            _tell_cut(one)
    would = "would be " if dry_run else ""
    published = sum(one.publication is not None for one in done)
    made = sum(one.shot is None for one in done)
    say(
        f"{plan.production.project.name}: {made} shots {would}made, {published} revisions {would}published, "
        f"{plan.unchanged} cuts as they are"
    )


def _tell_pull(plan: PullPlan, dry_run: bool) -> None:
    print_findings(plan.findings)
    would = "would be " if dry_run or plan.errors else ""
    if plan.cutlist is not None:
        tell_changes(plan.cutlist)
    for line in plan.told[:MOST_SHOWN]:
        say(line)
    words = [word for one in plan.heard.values() for word in one.words]
    back = sum(word.reason is not None for word in words)
    added, changed = (len(plan.cutlist.added), len(plan.cutlist.changed)) if plan.cutlist else (0, 0)
    say(
        f"{added} cuts {would}added, {changed} {would}changed; {back} retakes and {len(words) - back} approvals "
        f"{would}entered"
    )
