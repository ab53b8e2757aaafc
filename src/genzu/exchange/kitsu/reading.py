"""Reading a production out of Kitsu into plain records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from genzu.errors import NotFound
from genzu.exchange.kitsu.connection import gazu_module, translated
from genzu.exchange.kitsu.records import (
    Comment,
    Meaning,
    Preview,
    Production,
    Project,
    Sequence,
    Shot,
    Status,
    Task,
)

Raw = Mapping[str, Any]
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
_ENVIRONMENTS = frozenset(
    ["environment", "environments", "env", "set", "sets", "place", "location", "background", "bg", "背景", "場所"]
)
"""Types of assets that are places, in small letters."""


def find_project(client: Any, asked: str) -> Project:
    """A running production by its name or id; :class:`NotFound` with the nearest name."""
    gazu = gazu_module()
    with translated(f"project {asked}"):
        if _ID.fullmatch(asked):
            return project_of(gazu.project.get_project(asked.lower(), client=client))
        found = [project_of(raw) for raw in gazu.project.all_open_projects(client=client)]
    wanted = asked.strip().casefold()
    fitting = sorted((one for one in found if one.name.casefold() == wanted), key=lambda one: one.name != asked)
    if fitting:
        return fitting[0]
    names = {one.name.casefold(): one.name for one in found}
    near = get_close_matches(asked.casefold(), names, n=1, cutoff=0.5)
    known = f"did you mean {names[near[0]]}?" if near else "make it with --create, or ask to be let into its team"
    raise NotFound("this account sees no such production in Kitsu", where=f"project {asked}", do=known)


def read_production(
    client: Any, project: Project, *, task_type: str, watch: Callable[[float], None] | None = None
) -> Production:
    """Everything of a production that concerns its backgrounds; ``watch`` is told the share (0–1) that is read."""
    gazu = gazu_module()
    with translated(f"project {project.name}"):
        statuses = _statuses(gazu, client, project)
        kind, in_project = _task_type(gazu, client, project, task_type)
        episodes = _episodes(gazu, client, project)
        named = {one: name for name, one in episodes.items()}
        rows = gazu.shot.all_sequences_for_project(project.id, client=client)
        sequences = tuple(
            Sequence(id=raw["id"], name=raw["name"], episode=named.get(raw.get("parent_id") or "", "")) for raw in rows
        )
        shots = _shots(gazu, client, project, sequences)
        if kind is not None:
            shots = _with_tasks(gazu, client, project, kind, shots, {one.id: one for one in statuses}, watch)
    return Production(
        project=project, statuses=statuses, sequences=sequences, episodes=episodes, shots=shots, task_type=kind,
        in_project=in_project,
    )  # fmt: skip


def studio_statuses(client: Any) -> tuple[Status, ...]:
    """The statuses that a production has as long as it names none."""
    with translated("Kitsu"):
        return tuple(
            status_of(raw) for raw in gazu_module().task.all_task_statuses(client=client) if not raw.get("archived")
        )


def project_of(raw: Raw) -> Project:
    """A production."""
    return Project(
        id=raw["id"], name=raw["name"], fps=str(raw.get("fps") or ""),
        is_series=raw.get("production_type") == "tvshow", one_picture=bool(raw.get("is_single_preview_per_revision")),
    )  # fmt: skip


def status_of(raw: Raw) -> Status:
    """A status; what it means stands in its flags, which the short form in a comment has not."""
    flags = {
        "is_retake": Meaning.RETAKE, "is_done": Meaning.DONE, "is_feedback_request": Meaning.FEEDBACK,
        "is_wip": Meaning.WORKING,
    }  # fmt: skip
    meaning = next((meaning for flag, meaning in flags.items() if raw.get(flag)), Meaning.OPEN)
    return Status(id=raw["id"], name=raw["name"], short=raw["short_name"], meaning=meaning)


def shot_of(raw: Raw, sequences: Mapping[str, Sequence]) -> Shot:
    """A shot without its task."""
    there = sequences.get(raw.get("parent_id") or "")
    return Shot(
        id=raw["id"], name=raw["name"], sequence=there.name if there else "?",
        episode=there.episode if there else "", frames=raw.get("nb_frames") or None,
        description=raw.get("description") or "", data=raw.get("data") or {}, canceled=bool(raw.get("canceled")),
        picture=raw.get("preview_file_id") or "",
    )  # fmt: skip


def comment_of(raw: Raw, statuses: Mapping[str, Status], bots: frozenset[str]) -> Comment:
    """A comment with its author and previews."""
    person, created = raw.get("person") or {}, str(raw.get("created_at") or "").split(".")[0].rstrip("Z")
    name = person.get("full_name") or " ".join(filter(None, (person.get("first_name"), person.get("last_name"))))
    status = statuses.get(raw.get("task_status_id") or "") or status_of(raw["task_status"])
    return Comment(
        id=raw["id"], text=raw.get("text") or "", status=status, author=name.strip(),
        leads=person.get("role") not in ("user", "vendor"), by_bot=raw.get("person_id") in bots,
        created=f"{created}Z" if created else "",
        previews=tuple(sorted((preview_of(one) for one in raw.get("previews") or ()), key=lambda one: one.position)),
        checklist=tuple((str(one.get("text", "")), bool(one.get("checked"))) for one in raw.get("checklist") or ()),
        files=tuple(str(one.get("name", "")) for one in raw.get("attachment_files") or ()),
    )  # fmt: skip


def preview_of(raw: Raw) -> Preview:
    """A picture of a revision."""
    return Preview(
        id=raw["id"], name=raw.get("original_name") or "", revision=raw.get("revision") or 0,
        position=raw.get("position") or 1, ready=raw.get("status") not in ("broken", "missing"),
    )  # fmt: skip


def read_comments(client: Any, task: Task) -> tuple[Comment, ...]:
    """What a task says at this moment, oldest first."""
    with translated("comments"):
        said = gazu_module().task.all_comments_for_task(task.id, client=client)
    return tuple(comment_of(raw, {}, frozenset()) for raw in reversed(said))


def _statuses(gazu: Any, client: Any, project: Project) -> tuple[Status, ...]:
    """Those of the production; a production that names none uses all."""
    found = gazu.task.all_task_statuses_for_project(project.id, client=client)
    found = found or gazu.task.all_task_statuses(client=client)
    return tuple(status_of(raw) for raw in found if not raw.get("archived"))


def _task_type(gazu: Any, client: Any, project: Project, name: str) -> tuple[str | None, bool]:
    """Its id, and whether the production uses it."""
    wanted = name.strip().casefold()

    def named(rows: Iterable[Raw]) -> str | None:
        ids = [one["id"] for one in rows if one["name"].casefold() == wanted and one.get("for_entity") == "Shot"]
        return ids[0] if ids else None

    own = named(gazu.task.all_task_types_for_project(project.id, client=client))
    return (own, True) if own else (named(gazu.task.all_task_types(client=client)), False)


def _episodes(gazu: Any, client: Any, project: Project) -> dict[str, str]:
    if not project.is_series:
        return {}
    return {raw["name"]: raw["id"] for raw in gazu.shot.all_episodes_for_project(project.id, client=client)}


def _shots(gazu: Any, client: Any, project: Project, sequences: Iterable[Sequence]) -> tuple[Shot, ...]:
    known = {one.id: one for one in sequences}
    places = _places(gazu, client, project)
    rows = gazu.shot.all_shots_for_project(project.id, client=client)
    return tuple(replace(shot_of(raw, known), place=places.get(raw["id"], "")) for raw in rows)


def _places(gazu: Any, client: Any, project: Project) -> dict[str, str]:
    """The environment that is cast in each shot, where there is exactly one."""
    casting = gazu.casting.get_project_shots_casting(project.id, client=client)
    found: dict[str, str] = {}
    for shot, assets in (casting or {}).items():
        names = {
            one["asset_name"]
            for one in assets
            if str(one.get("asset_type_name", "")).casefold() in _ENVIRONMENTS and one.get("asset_name")
        }
        if len(names) == 1:
            found[shot] = names.pop()
    return found


def _with_tasks(
    gazu: Any, client: Any, project: Project, kind: str, shots: tuple[Shot, ...], statuses: Mapping[str, Status],
    watch: Callable[[float], None] | None,
) -> tuple[Shot, ...]:  # fmt: skip
    rows = gazu.task.all_tasks_for_project(project.id, task_type=kind, client=client)
    tasks = {raw["entity_id"]: raw for raw in reversed(rows) if raw["task_type_id"] == kind}
    bots = _bots(gazu, client) if any(raw.get("last_comment_date") for raw in tasks.values()) else frozenset()
    found = []
    for index, shot in enumerate(shots):
        raw = tasks.get(shot.id)
        if raw is not None:
            said: list[Raw] = []
            if raw.get("last_comment_date"):
                said = list(reversed(gazu.task.all_comments_for_task(raw["id"], client=client)))
            shot = replace(shot, task=task_of(raw, said, statuses, bots))
        found.append(shot)
        if watch is not None:
            watch((index + 1) / len(shots))
    return tuple(found)


def task_of(raw: Raw, said: Iterable[Raw], statuses: Mapping[str, Status], bots: frozenset[str]) -> Task:
    """A task with its comments, oldest first."""
    unknown = Status(id=raw["task_status_id"], name="?", short="?")
    return Task(
        id=raw["id"], status=statuses.get(raw["task_status_id"], unknown),
        comments=tuple(comment_of(one, statuses, bots) for one in said),
    )  # fmt: skip


def _bots(gazu: Any, client: Any) -> frozenset[str]:
    """Ids of accounts that are no people; an account that may not see who is there sees none."""
    try:
        return frozenset(raw["id"] for raw in gazu.person.all_persons(client=client) if raw.get("is_bot"))
    except gazu.exception.NotAllowedException:
        return frozenset()
