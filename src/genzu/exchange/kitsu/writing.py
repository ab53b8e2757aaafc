"""What can be done in Kitsu. Every call does one thing; what is there already is found and not made twice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from genzu.exchange.kitsu.connection import gazu_module, translated
from genzu.exchange.kitsu.reading import comment_of, preview_of, project_of, read_comments, shot_of
from genzu.exchange.kitsu.records import Comment, Preview, Project, Sequence, Shot, Status, Task

TASK_COLOUR = "#6a9fb5"
"""Of a task type that is made."""


class Desk:
    """Writes into one Kitsu, over a client that is logged in."""

    def __init__(self, client: Any) -> None:
        self._client, self._gazu = client, gazu_module()

    def make_project(self, name: str, fps: str) -> Project:
        """Make a short production with all statuses that the studio has, and this account in its team."""
        gazu, client = self._gazu, self._client
        with translated(f"project {name}"):
            statuses = [raw for raw in gazu.task.all_task_statuses(client=client) if not raw.get("archived")]
            raw = gazu.project.new_project(name, production_style="2d", task_statuses=statuses, client=client)
            gazu.project.update_project({"id": raw["id"], "fps": fps}, client=client)
            user = gazu.client.get_current_user(client=client)
            gazu.project.add_person_to_team(raw["id"], user["id"], client=client)
            return project_of({**raw, "fps": fps})

    def make_task_type(self, project: Project, name: str, known: str | None) -> str:
        """Give the production a task type for backgrounds; made if Kitsu has none (``known``). Gives its id."""
        with translated(f"task type {name}"):
            kind = known or self._gazu.task.new_task_type(
                name, color=TASK_COLOUR, for_entity="Shot", client=self._client
            )["id"]  # fmt: skip
            self._gazu.project.add_task_type(project.id, kind, 1, client=self._client)
            return str(kind)

    def make_sequence(self, project: Project, name: str, *, episode: str | None, episode_name: str = "") -> Sequence:
        """Make a sequence, in a series under the episode with this id (made by name if ``None``)."""
        gazu, client = self._gazu, self._client
        with translated(f"sequence {name}"):
            if project.is_series and episode is None:
                episode = gazu.shot.new_episode(project.id, episode_name, client=client)["id"]
            raw = gazu.shot.new_sequence(project.id, name, episode=episode, client=client)
        return Sequence(id=raw["id"], name=raw["name"], episode=episode_name)

    def make_shot(
        self, project: Project, sequence: Sequence, name: str, *, frames: int | None, description: str,
        data: Mapping[str, Any],
    ) -> Shot:  # fmt: skip
        """Make a shot; the one of this name in the sequence if it is there."""
        with translated(f"shot {name}"):
            raw = self._gazu.shot.new_shot(
                project.id, sequence.id, name, nb_frames=frames, description=description, data=dict(data),
                client=self._client,
            )  # fmt: skip
        return shot_of(raw, {sequence.id: sequence})

    def change_shot(
        self, shot: Shot, *, data: Mapping[str, Any], frames: int | None = None, description: str | None = None
    ) -> None:
        """Change what is given; other free fields stay."""
        with translated(f"shot {shot.where}"):
            changed: dict[str, Any] = {"id": shot.id}
            if frames is not None:
                changed["nb_frames"] = frames
            if description is not None:
                changed["description"] = description
            if len(changed) > 1:
                self._gazu.shot.update_shot(changed, client=self._client)
            if data:
                self._gazu.shot.update_shot_data(shot.id, dict(data), client=self._client)

    def make_task(self, project: Project, shot: Shot, task_type: str) -> Task:
        """Make the task of the backgrounds of a shot; the one that is there if another did."""
        with translated(f"shot {shot.where}"):
            entity = {"id": shot.id, "project_id": project.id}
            raw = self._gazu.task.new_task(entity, task_type, client=self._client)
        return Task(id=raw["id"], status=Status(id=raw["task_status_id"], name="", short=""))

    def comment(self, task: Task, status: Status, text: str) -> Comment:
        """Comment on a task, which gives it the status."""
        with translated("comment"):
            raw = self._gazu.task.add_comment(task.id, status.id, text, client=self._client)
        return comment_of(raw, {status.id: status}, frozenset())

    def comments(self, task: Task) -> tuple[Comment, ...]:
        """What a task says at this moment, oldest first."""
        return read_comments(self._client, task)

    def add_preview(self, task: Task, comment: Comment, *, beside: Preview | None) -> Preview:
        """Room for a picture in a comment: a new revision, or ``beside`` the first picture of one."""
        with translated("preview"):
            if beside is None:
                raw = self._gazu.task.create_preview(task.id, comment.id, client=self._client)
            else:
                raw = self._gazu.task.create_extra_preview(task.id, comment.id, beside.id, client=self._client)
        return preview_of(raw)

    def upload(self, preview: Preview, path: Path, *, for_shot: bool) -> None:
        """Fill a preview with a picture file; ``for_shot``: it becomes the picture of the shot."""
        with translated(f"preview {path.name}"):
            self._gazu.task.upload_preview_file(preview.id, str(path), no_job=True, client=self._client)
            if for_shot:
                self._gazu.task.set_main_preview(preview.id, client=self._client)
