"""Genzu → Kitsu, carried out: one cut after the other, so that a push that is stopped goes on where it was."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from genzu.core.timing import FrameRate
from genzu.errors import BadInput, LedgerBroken, NotFound
from genzu.exchange.kitsu.reading import find_project, read_production, studio_statuses
from genzu.exchange.kitsu.records import Production, Project, Sequence, Shot, Task
from genzu.exchange.kitsu.writing import Desk
from genzu.picture.arrays import UInt8
from genzu.picture.files import to_uint8, write_jpeg, write_png
from genzu.steps.cutlist import fps_of
from genzu.steps.kitsu_link import agreed, base_name, base_of
from genzu.steps.kitsu_marks import Published, file_name, published
from genzu.steps.kitsu_push import CutPush, Publication, PushPlan, shot_data
from genzu.steps.watch import Watch, nobody
from genzu.store.show import Show
from genzu.store.tracker import TrackerNews

WIDEST = 1920
"""Pixels of a picture for looking at; the delivery is another thing."""
QUALITY = 92
"""Of its JPEG; a sheet with alpha is a PNG."""


def open_production(
    client: Any, show: Show, project: str, task_type: str, *, create: bool, dry: bool, watch: Watch = nobody
) -> Production:
    """Read a production. What it lacks, itself or the task type of backgrounds, is made only with ``create``.

    ``dry``: nothing is made; what would be is a production without shots. Raises ``NotFound``.
    """
    desk = Desk(client)
    try:
        found = find_project(client, project)
    except NotFound:
        if not create:
            raise
        fps = str(FrameRate(fps_of(show).rate))
        if dry:
            new = Project(id="", name=project, fps=fps)
            return Production(project=new, statuses=studio_statuses(client), in_project=False)
        found = desk.make_project(project, fps)
    production = read_production(client, found, task_type=task_type, watch=lambda share: watch("reading Kitsu", share))
    if production.task_type is not None and production.in_project:
        return production
    if not create:
        raise NotFound(
            f"{found.name} has no task type {task_type!r} for shots", where="Kitsu",
            do="make it with --create, or name another by --task-type",
        )  # fmt: skip
    if dry:
        return production
    kind = desk.make_task_type(found, task_type, production.task_type)
    return replace(production, task_type=kind, in_project=True)


def send(
    show: Show, plan: PushPlan, client: Any, *, watch: Watch = nobody, done: Callable[[CutPush], None] = lambda _: None
) -> dict[str, str]:
    """Carry out a plan; ``done`` is told of each cut that went over. Gives what is wrong with those that could not.

    Raises ``BadInput`` if the plan has errors; ``TrackerFailed`` or ``Refused`` if Kitsu fails or forbids it, which
    would be so for the next cut too.
    """
    if plan.errors:
        count = len(plan.errors)
        raise BadInput(
            f"{count} error{'s' if count > 1 else ''}, so nothing was pushed", where="Kitsu",
            do="correct what is named and push again",
        )  # fmt: skip
    work, failed = _Sending(show, plan, Desk(client)), dict[str, str]()
    for index, one in enumerate(plan.cuts):
        watch(f"cut {one.cut.number}", index / len(plan.cuts))
        try:
            work.cut(one)
        except (BadInput, LedgerBroken) as wrong:
            failed[one.cut.number] = wrong.sentence
        else:
            done(one)
    watch("done", 1.0)
    return failed


@dataclass(slots=True)
class _Sending:
    """One push on its way."""

    show: Show
    plan: PushPlan
    desk: Desk
    sequence: Sequence | None = None

    def cut(self, one: CutPush) -> None:
        """The shot, its task, its pictures, what is said."""
        shot = self._shot(one)
        name = base_name(one.cut.number)
        known = self.show.setting(name)
        now = agreed(one.cut, shot, base_of(known))
        if now != known:
            self.show.enter_news(TrackerNews(settings={name: now}))
        kind = self.plan.production.task_type
        task = shot.task or self.desk.make_task(self.plan.production.project, shot, kind or "")
        if one.publication:
            self._publish(one.cut.number, shot, task, one.publication)
        for remark in one.remarks:
            self.desk.comment(task, self.plan.statuses[remark.standing], remark.text)

    def _shot(self, one: CutPush) -> Shot:
        """Made, or changed, and told which cut it is; given as it is then."""
        data = shot_data(self.show, one.cut, one.shot, one.changes)
        said: Mapping[str, Any] = {change.name: change.here for change in one.changes}
        if one.shot is None:
            project = self.plan.production.project
            return self.desk.make_shot(
                project, self._sequence(project), one.name, frames=said.get("frames"), description=one.cut.note,
                data=data,
            )  # fmt: skip
        if one.changes or not one.marked:
            note = str(said["note"] or "") if "note" in said else None
            self.desk.change_shot(one.shot, data=data, frames=said.get("frames"), description=note)
        return replace(
            one.shot, data={**one.shot.data, **data}, frames=said.get("frames", one.shot.frames),
            description=said.get("note", one.shot.description) or "",
        )  # fmt: skip

    def _sequence(self, project: Project) -> Sequence:
        self.sequence = self.sequence or self.plan.sequence
        if self.sequence is None:
            episode = self.plan.production.episodes.get(self.plan.episode)
            self.sequence = self.desk.make_sequence(
                project, self.plan.sequence_name, episode=episode, episode_name=self.plan.episode
            )
        return self.sequence

    def _publish(self, cut: str, shot: Shot, task: Task, publication: Publication) -> None:
        """The comment first: it says what is to come, so that the next push can finish it.

        The shot's picture in lists follows, unless it is one of another department.
        """
        own = {preview.id for comment in task.comments for preview in comment.previews}
        begun = publication.begun
        if begun is None and any(one.key == publication.key for one in published_now(self.desk, task)):
            return  # another machine did it since this push was planned
        with tempfile.TemporaryDirectory(prefix="genzu-kitsu-") as folder:
            files = [  # before anything is said: a picture may be damaged
                write_preview(self.show, Path(folder) / file_name(cut, take), take.picture)
                for take in publication.missing
            ]
            status = self.plan.statuses[publication.standing]
            comment = begun.comment if begun else self.desk.comment(task, status, publication.text)
            first = comment.previews[0] if comment.previews else None
            empty = begun.empty if begun else None
            for file in files:
                room, empty = empty or self.desk.add_preview(task, comment, beside=first), None
                self.desk.upload(room, file, for_shot=room.position == 1 and shot.picture in {"", *own})
                first = first or room


def published_now(desk: Desk, task: Task) -> tuple[Published, ...]:
    """What Genzu has published in a task up to this moment."""
    return published(replace(task, comments=desk.comments(task)))


def write_preview(show: Show, stem: Path, picture: str) -> Path:
    """Write a picture of the show for looking at: sRGB, at most ``WIDEST`` wide; give the path with its suffix."""
    pixels = smaller(to_uint8(show.picture(picture)))
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        path = stem.with_name(stem.name + ".png")
        write_png(path, pixels)
    else:
        path = stem.with_name(stem.name + ".jpg")
        write_jpeg(path, pixels, quality=QUALITY)
    return path


def smaller(pixels: UInt8) -> UInt8:
    """(H, W), (H, W, 3) or (H, W, 4) at most ``WIDEST`` wide; colours under alpha 0 do not bleed."""
    height, width = pixels.shape[:2]
    if width <= WIDEST:
        return pixels
    size = WIDEST, max(1, round(height * WIDEST / width))
    image = Image.fromarray(pixels)
    if image.mode == "RGBA":
        return np.asarray(image.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA"))
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS))
