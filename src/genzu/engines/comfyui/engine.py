"""A studio's running ComfyUI server as an engine: its own workflows or ours, fed from the layout and its reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import uuid4

import numpy as np

from genzu.core.geometry import Bounds, Extent
from genzu.core.take import Stage
from genzu.engines.base import Capabilities, PaintRequest, Progress, no_progress
from genzu.engines.comfyui import plain_words
from genzu.engines.comfyui.fill import Values, fill
from genzu.engines.comfyui.follow import Follower, Preview, Previews
from genzu.engines.comfyui.job import SUBFOLDER, Job, Terms
from genzu.engines.comfyui.listen import Ear
from genzu.engines.comfyui.pictures import decoded, encoded, resize_rgb, shown_picture
from genzu.engines.comfyui.pieces import Canvas, cut, seed_of
from genzu.engines.comfyui.profile import ComfyProfile, StagePlan
from genzu.engines.comfyui.prompt import spoken
from genzu.engines.comfyui.wire import Away, StrangeAnswer, Wire
from genzu.engines.comfyui.workflow import PICTURES, Workflow
from genzu.engines.drift import Drift, drift_of
from genzu.engines.embedded.engine import EmbeddedEngine
from genzu.errors import EngineFailed
from genzu.picture.arrays import UInt8

VERSION: Final = "1"
"""Of what this package does to the pictures before and after the server."""
_ROUGH_SHARE: Final = 0.08
"""Of the progress, for the embedded rough that a rough starts from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What all tries of one picture share."""

    wire: Wire
    plan: StagePlan
    workflow: Workflow
    request: PaintRequest
    rough: UInt8 | None
    """What it starts from, at full size; ``None`` where the workflow starts from nothing."""


class ComfyUIEngine:
    """Both stages or one, as the profile says."""

    def __init__(self, profile: ComfyProfile, *, previews: Previews | None = None, terms: Terms | None = None) -> None:
        """``previews`` is shown the pictures on their way, if the server sends them."""
        self.profile, self.previews = profile, previews
        self.preview_count = 0
        """Previews that came, over all pictures."""
        connection = profile.connection
        self._terms = terms or Terms(timeout=connection.timeout, patience=connection.patience)
        self._embedded = EmbeddedEngine()
        self.last_job: str | None = None
        """Number of the last job on its server."""
        self._known: set[str] = set()
        self._run: dict[str, Any] = {}
        self._sent: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """``comfyui:NAME``."""
        return self.profile.name

    @property
    def version(self) -> str:
        """Ours, the profile's digest with its workflows, and the embedded engine's where a rough starts from its."""
        base = f"/embedded-{self._embedded.version}" if self._starts_from_embedded else ""
        return f"{VERSION}/{self.profile.digest[:16]}{base}"

    @property
    def capabilities(self) -> Capabilities:
        """As the profile says; what the server computes need not be the same to the last bit."""
        plans = self.profile.stages.values()
        return Capabilities(
            stages=tuple(self.profile.stages),
            size_multiple=self.profile.size_multiple,
            largest_side=self.profile.largest_side,
            needs_gpu=self.profile.needs_gpu,
            exactness="close",
            reads_text=True,
            reads_board=any("board" in one.words for plan in plans for one in plan.workflows),
            learned=True,
            training=self.profile.training,
            models=self.profile.facts,
        )

    def report(self) -> dict[str, Any]:
        """Of the last picture: the server's version, jobs sent, jobs queued again after the server lost them."""
        return dict(self._run)

    def paint(self, request: PaintRequest, progress: Progress = no_progress) -> UInt8:
        """(H, W, 3) sRGB uint8. Raises :class:`EngineFailed` or ``BadInput`` with one sentence."""
        plan = self.profile.stages[request.stage]
        workflow = plan.with_board if plan.with_board and request.board is not None else plan.workflow
        said = spoken(self.profile.words, request.prompt, request.seed, request.conditions)
        wire = Wire(self.profile.connection.server, self.profile.connection.secrets())
        self._check_classes(wire, workflow)
        self._run = {"workflow": workflow.name, "jobs": 0, "queued_again": 0, **_server_facts(wire)}
        rough, begin = self._rough(request, workflow, progress)
        values = Values(
            prompt=said.prompt, negative=said.negative, seed=request.seed, extent=self._working(request.extent, plan),
            pictures={}, strength=plan.strength, weights=self.profile.weights, settings=plan.settings,
        )  # fmt: skip
        work = _Work(wire=wire, plan=plan, workflow=workflow, request=request, rough=rough)
        picture, notes = self._best(work, values, _part(progress, begin, 1 - begin))
        if notes := (*said.notes, *notes):
            self._run["notes"] = list(notes)
        return picture

    def _best(self, work: _Work, values: Values, progress: Progress) -> tuple[UInt8, tuple[str, ...]]:
        """Paint, and again while the picture lies off its layout, at most as often as the profile says."""
        limits = self.profile.registration
        yields = {"strength", "control"} & work.workflow.words
        tries = 1 + (limits.tries if yields else 0)
        best: tuple[Drift, UInt8] | None = None
        for number in range(tries):
            eased = replace(values, ease=number * limits.strength_step, hold=number * limits.control_step)
            # Most pictures need one try: it has most of the progress, so that the time left is told well.
            picture = self._once(work, eased, _part(progress, 1 - 0.2**number, 0.8 * 0.2**number))
            drift = _drift(work, picture)
            if best is None or drift.amount < best[0].amount:
                best = drift, picture
                self._run["graph"] = self._sent  # of a picture in pieces: that of the last one
            if drift.amount <= limits.limit:
                break
        assert best is not None
        drift, picture = best
        registered = drift.amount <= limits.limit
        self._run |= {"tries": number + 1, "drift": round(drift.amount, 3), "registered": registered}
        progress(1.0)
        note = f"It lies off its layout ({drift.sentence}) after {number + 1} tries: look at it closely."
        return picture, () if registered else (note,)

    def _once(self, work: _Work, values: Values, progress: Progress) -> UInt8:
        """The whole picture at the request's size, in one job or in pieces."""
        extent, plan, request = values.extent, work.plan, work.request
        pictures: dict[str, UInt8] = {
            word: shown
            for word in PICTURES
            if word in work.workflow.words and (shown := shown_picture(word, request, work.rough, extent)) is not None
        }
        pieces = cut(extent, plan.tile, plan.overlap, self.profile.size_multiple)
        canvas = Canvas(extent, pieces)
        for number, piece in enumerate(pieces):
            mine = replace(values, seed=seed_of(values.seed, number), extent=Extent(piece.width, piece.height))
            told = _part(progress, number / len(pieces), 1 / len(pieces))
            painted = self._piece(work.wire, work.workflow, mine, _cropped(pictures, piece), told)
            if len(pieces) == 1:
                return resize_rgb(painted, request.extent)
            if not canvas.add(number, painted):
                raise EngineFailed(
                    "pieces come back enlarged by a factor that is not whole", where=work.wire.where,
                    do="let the workflow enlarge by 1, 2, 3 … or take 'tile' out of the profile",
                )  # fmt: skip
        return resize_rgb(canvas.picture, request.extent)

    def _piece(
        self, wire: Wire, workflow: Workflow, values: Values, pictures: dict[str, UInt8], told: Progress
    ) -> UInt8:
        """One job on the server."""
        files = {word: encoded(picture) for word, picture in pictures.items()}

        def graph() -> dict[str, Any]:
            names = {word: wire.upload(name, data, SUBFOLDER) for word, (name, data) in files.items()}
            self._sent = fill(workflow, replace(values, pictures=names))
            return self._sent

        client = uuid4().hex
        job = Job(
            wire=wire,
            ear=Ear(wire.server, client, wire.headers),
            client=client,
            graph=graph,
            nodes=workflow.nodes,
            output=workflow.output.id,
            follower=lambda number: Follower(number, workflow.nodes, workflow.output.id, told),
            terms=self._terms,
        )
        self.last_job = job.id
        made = job.run(self._preview)[0]
        self._run["jobs"] += 1
        self._run["queued_again"] += job.losses
        name = made["filename"]
        try:
            data = wire.picture(name, made.get("subfolder") or "", made.get("type") or "output")
        except Away as error:
            raise wire.away(error) from error
        told(1.0)
        return decoded(data, name, values.extent, wire.where)

    def _check_classes(self, wire: Wire, workflow: Workflow) -> None:
        """Ask once for every class that is in the workflow."""
        try:
            wanted = {node.kind for node in workflow.nodes.values()} - self._known
            missing = {kind for kind in sorted(wanted) if wire.node_class(kind) is None}
        except Away as error:
            raise wire.away(error) from error
        self._known |= wanted - missing
        if missing:
            what, do = plain_words.unknown_classes([n for n in workflow.nodes.values() if n.kind in missing])
            raise EngineFailed(what, where=wire.where, do=do)

    def _working(self, extent: Extent, plan: StagePlan) -> Extent:
        """Size at which the server works; both sides keep the multiple."""
        short = min(extent.width, extent.height)
        if plan.short_side is None or short <= plan.short_side:
            return extent
        step = self.profile.size_multiple
        scaled = extent.scaled(plan.short_side / short)
        return Extent(max(1, round(scaled.width / step)) * step, max(1, round(scaled.height / step)) * step)

    def _rough(self, request: PaintRequest, workflow: Workflow, progress: Progress) -> tuple[UInt8 | None, float]:
        """The picture to start from, and the share of the progress that it took."""
        if "rough" not in workflow.words or request.rough is not None:
            return request.rough, 0.0
        start = self._embedded.paint(replace(request, stage=Stage.ROUGH), _part(progress, 0.0, _ROUGH_SHARE))
        return start, _ROUGH_SHARE

    @property
    def _starts_from_embedded(self) -> bool:
        plan = self.profile.stages.get(Stage.ROUGH)
        return plan is not None and any("rough" in one.words for one in plan.workflows)

    def _preview(self, preview: Preview) -> None:
        self.preview_count += 1
        if self.previews is not None:
            self.previews(preview)


def _drift(work: _Work, picture: UInt8) -> Drift:
    """How far it lies off what it started from; off its lines where it started from nothing."""
    nothing = np.zeros_like(picture)  # nothing can be laid over it, so the lines are looked for instead
    return drift_of(work.request.lines, nothing if work.rough is None else work.rough, picture)


def _server_facts(wire: Wire) -> dict[str, str]:
    """Which ComfyUI it is, if it says so."""
    try:
        system = wire.get("/system_stats").get("system")
    except (Away, StrangeAnswer):
        return {}
    version = system.get("comfyui_version") if isinstance(system, dict) else None
    return {"comfyui": version} if isinstance(version, str) else {}


def _cropped(pictures: dict[str, UInt8], piece: Bounds) -> dict[str, UInt8]:
    """The piece of every picture; a board is shown whole."""
    return {
        word: picture if word == "board" else np.ascontiguousarray(picture[piece.slices])
        for word, picture in pictures.items()
    }


def _part(progress: Progress, begin: float, length: float) -> Callable[[float], None]:
    """The progress of a part of the work."""
    return lambda share: progress(begin + length * share)
