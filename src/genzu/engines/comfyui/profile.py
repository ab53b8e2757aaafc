"""A profile of the ComfyUI engine: which server, which workflows, which weights, and whose they are.

Strict: a key that is not known is refused. Secrets never stand in a profile; it names environment variables.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from genzu.core.codec import Fields, Plain, digest, shown, without_none
from genzu.core.model_facts import ModelFacts
from genzu.core.take import Stage
from genzu.engines.comfyui.workflow import MARK, WEIGHTS, Workflow, builtin, load
from genzu.engines.profiles import Registration, registration_of
from genzu.errors import BadInput, BadRecord

if TYPE_CHECKING:
    from genzu.engines.profiles import ProfileFile

DEFAULT_SERVER: Final = "http://127.0.0.1:8188"
BUILTIN: Final = "builtin"
NOT_STATED: Final = "what it was trained on is not stated"
NEGATIVE: Final = "people, text, watermark, signature, frame, blurry, low quality"

Setting = str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Where the server is and how it lets us in."""

    server: str
    """``http://HOST:PORT`` or ``https://…``, with a path if the server lies under one; no slash at the end."""
    headers: Mapping[str, str]
    """Header → name of the environment variable that holds its value."""
    token: str | None
    """Name of the environment variable whose value is sent as ``Authorization: Bearer …``."""
    timeout: float
    """Seconds that one picture may take from when it starts; the time in the queue does not count."""
    patience: float
    """Seconds that the server may be away (a restart) before the picture is given up."""

    def secrets(self, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Headers with their values; raises :class:`BadInput` for a variable that is not set."""
        named = dict(self.headers) | ({"Authorization": self.token} if self.token else {})
        headers = {}
        for header, variable in named.items():
            value = environment.get(variable, "").strip()
            if not value or not (value.isascii() and value.isprintable()):
                what = "is not set" if not value else "holds signs that no header can carry"
                raise BadInput(
                    f"the environment variable {variable} {what}", where=f"header {header} for {self.server}",
                    do="set it to what the server's administrator gave you",
                )  # fmt: skip
            headers[header] = f"Bearer {value}" if header == "Authorization" and self.token else value
        return headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Said around every prompt."""

    prefix: str = ""
    suffix: str = ""
    negative: str = NEGATIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePlan:
    """How one stage is made."""

    workflow: Workflow
    with_board: Workflow | None = None
    """Used instead where the request has a board."""
    strength: float | None = None
    """For nodes titled ``genzu strength``; ``None`` leaves the workflow's own."""
    short_side: int | None = None
    """Pictures with a longer short side are sent smaller; ``None``: always at full size."""
    tile: int | None = None
    """Longest side in px of what is sent at once; larger pictures are sent in overlapping pieces."""
    overlap: int = 128
    settings: Mapping[str, Mapping[str, Setting]] = field(default_factory=dict)
    """Title of a node → input → value."""

    @property
    def workflows(self) -> tuple[Workflow, ...]:
        """One or two."""
        return (self.workflow,) if self.with_board is None else (self.workflow, self.with_board)

    def deciding(self) -> Plain:
        """What decides pixels, for the engine's version."""
        return without_none(
            {
                "workflows": [one.sha for one in self.workflows], "strength": self.strength,
                "short_side": self.short_side, "tile": self.tile,
                "overlap": self.overlap if self.tile else None,
                "settings": {title: dict(inputs) for title, inputs in self.settings.items()},
            }
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ComfyProfile:
    """A validated profile with its workflows read."""

    name: str
    """``comfyui:NAME``."""
    path: Path
    connection: Connection
    models: tuple[ModelFacts, ...]
    """Whose weights the server paints with, as the profile states it."""
    words: Words
    registration: Registration
    stages: Mapping[Stage, StagePlan]
    weights: Mapping[str, str]
    """Title of a loader node without ``genzu`` (``checkpoint``, ``lines control`` …) → file as the server names it."""
    size_multiple: int
    largest_side: int | None

    @classmethod
    def from_file(cls, file: ProfileFile) -> ComfyProfile:
        """Validate a profile and read its workflows; raises ``BadRecord`` or ``NotFound`` with the path to the key."""
        try:
            return cls._read(file)
        except BadInput as error:
            where = f"{file.path}: {error.where}" if error.where else file.path
            raise type(error)(error.what, where=where, do=error.do) from None

    @classmethod
    def _read(cls, file: ProfileFile) -> ComfyProfile:
        fields = Fields(file.record)
        weights = _weights(fields)
        stages = {
            stage: _stage(fields, stage, file.folder, weights)
            for stage in (Stage.ROUGH, Stage.PAINTING)
            if fields.take(stage.value, dict, None) is not None
        }
        profile = cls(
            name=file.full_name,
            path=file.path,
            connection=_connection(fields),
            models=_models(fields, weights.get("checkpoint", file.name)),
            words=_around(fields),
            registration=_registration(fields),
            stages=stages,
            weights=weights,
            size_multiple=fields.count("size_multiple", 8, 1, 256),
            largest_side=_whole(fields, "largest_side", 64, 30_000),
        )
        fields.nothing_else()
        if not stages:
            raise BadRecord("it has no stage", do="add a table [rough], [painting] or both")
        _check_weights(profile)
        return profile

    @property
    def needs_gpu(self) -> bool:
        """Its server paints, wherever that is; the machine that asks needs none."""
        return False

    def check(self) -> None:
        """See whether it can be used here: the environment variables are set. The server is not asked."""
        self.connection.secrets()

    @property
    def facts(self) -> tuple[ModelFacts, ...]:
        """The weights, then the workflows, each once."""
        once = {one.sha: one for plan in self.stages.values() for one in plan.workflows}
        return (*self.models, *(_workflow_facts(one) for one in once.values()))

    @property
    def training(self) -> str:
        """For the staff roll, after the engine's name, without a full stop: who made the weights, and from what."""
        said = []
        for model in self.models:
            learned = f"learned from {model.training}" if model.training else NOT_STATED
            said.append(f"{model.sentence}, {learned}" if model.kind in ("model", "lora") else model.sentence)
        return "; ".join(said) or f"its weights are not named; {NOT_STATED}"

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what decides pixels: settings, weights and workflows; not where the server is."""
        plans = {stage.value: plan.deciding() for stage, plan in self.stages.items()}
        words = [self.words.prefix, self.words.suffix, self.words.negative]
        return digest(
            {
                "stages": plans, "weights": dict(self.weights), "size_multiple": self.size_multiple, "words": words,
                "registration": asdict(self.registration),
            }
        )  # fmt: skip


def _workflow_facts(workflow: Workflow) -> ModelFacts:
    author, licence = ("Genzu", "Apache-2.0") if workflow.ours else (None, None)
    return ModelFacts(kind="workflow", title=workflow.name, author=author, licence=licence, sha256=workflow.sha)


def _connection(fields: Fields) -> Connection:
    server = (fields.take("server", str, None) or DEFAULT_SERVER).rstrip("/")
    try:
        parts = urlsplit(server)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    plain = re.fullmatch(r"https?://[!-~]+", server)
    if not plain or not parts.hostname or parts.query or parts.fragment or port == 0:
        raise BadRecord(
            f"{shown(server)} is not the address of a server", where=fields.where("server"),
            do=f"write it as {DEFAULT_SERVER}",
        )  # fmt: skip
    if parts.username is not None or parts.password is not None:
        raise BadRecord(
            "names and passwords do not belong into a profile", where=fields.where("server"),
            do="set token = \"VARIABLE\", and the environment variable to the secret",
        )  # fmt: skip
    headers = _words(fields, "headers")
    for header in headers:
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", header):  # RFC 9110, 5.6.2
            raise BadRecord("this is not the name of a header", where=fields.where(f"headers.{header}"))
    return Connection(
        server=server,
        headers=headers,
        token=fields.take("token", str, None),
        timeout=fields.within("timeout", 3600, 1, 86_400),
        patience=fields.within("patience", 180, 1, 86_400),
    )


def _models(fields: Fields, name: str) -> tuple[ModelFacts, ...]:
    """The keys title, author … of the profile itself, then the tables ``[[model]]``."""
    said = {key: fields.take(key, str, None) for key in ("title", "author", "licence", "origin", "training")}
    main = [_model({"title": name, **without_none(said)}, "model")] if any(said.values()) else []
    return (*main, *fields.each("model", _model))


def _model(item: object, where: str) -> ModelFacts:
    """A table of ``[[model]]``; what is not said otherwise is a model."""
    record = {"kind": "model", **item} if isinstance(item, dict) else item
    return ModelFacts.from_dict(record, where)


def _around(fields: Fields) -> Words:
    inner = Fields(fields.take("prompt", dict, None) or {}, fields.where("prompt"))
    negative = inner.take("negative", str, None)
    words = Words(
        prefix=inner.take("prefix", str, None) or "",
        suffix=inner.take("suffix", str, None) or "",
        negative=NEGATIVE if negative is None else negative,
    )
    inner.nothing_else()
    return words


def _registration(fields: Fields) -> Registration:
    inner = Fields(fields.take("registration", dict, None) or {}, fields.where("registration"))
    read = registration_of(inner)
    inner.nothing_else()
    return read


def _weights(fields: Fields) -> dict[str, str]:
    """Files of weights by the word of their placeholder: ``lines_control`` in the profile is ``lines control``."""
    inner = Fields(fields.take("weights", dict, None) or {}, fields.where("weights"))
    said = {word: inner.take(word.replace(" ", "_"), str, None) for word in WEIGHTS}
    inner.nothing_else()
    return {word: name for word, name in said.items() if name is not None}


def _check_weights(profile: ComfyProfile) -> None:
    used = frozenset[str]().union(*(one.words for plan in profile.stages.values() for one in plan.workflows))
    for word in profile.weights:
        if word not in used:
            raise BadRecord(
                f"no workflow has a node titled “{MARK} {word}”", where=f"weights.{word.replace(' ', '_')}",
                do="give that title to the node that loads it, or take the line out",
            )  # fmt: skip


def _stage(fields: Fields, stage: Stage, folder: Path, weights: Mapping[str, str]) -> StagePlan:
    inner = Fields(fields.take(stage.value, dict), fields.where(stage.value))
    workflow = _workflow(inner, "workflow", stage, folder, weights, BUILTIN)
    assert workflow is not None
    is_ours = inner.take("workflow", str, BUILTIN) == BUILTIN
    plan = StagePlan(
        workflow=workflow,
        with_board=_workflow(inner, "with_board", stage, folder, weights, None),
        strength=_within(inner, "strength", 0, 1, _STRENGTH[stage] if is_ours else None),
        short_side=_whole(inner, "short_side", 64, 16_384) or (768 if is_ours and stage is Stage.ROUGH else None),
        tile=_whole(inner, "tile", 256, 16_384),
        overlap=inner.count("overlap", 128, 16, 1024),
        settings=_settings(inner),
    )
    inner.nothing_else()
    if plan.tile is not None and plan.tile < 2 * plan.overlap:
        raise BadRecord("a tile is at least two overlaps wide", where=inner.where("tile"), do="set a smaller overlap")
    _check_settings(plan, inner.where("set"))
    return plan


_STRENGTH: Final = {Stage.ROUGH: 0.75, Stage.PAINTING: 0.4}
"""For our own workflows: the embedded rough is a plan to paint over, the chosen rough is a picture to keep."""


def _workflow(
    fields: Fields, key: str, stage: Stage, folder: Path, weights: Mapping[str, str], default: str | None
) -> Workflow | None:
    said = fields.take(key, str, default)
    if said is None:
        return None
    if said == BUILTIN:
        return builtin(stage, weights, fields.where(key))
    if not said.strip() or "\0" in said:
        raise BadRecord(f"{shown(said)} is not a path", where=fields.where(key))
    given = Path(said).expanduser()
    path = Path(os.path.normpath(given if given.is_absolute() else folder / given))
    if not given.is_absolute() and not path.is_relative_to(folder):
        raise BadRecord(f"{shown(said)} leaves the profile's folder", where=fields.where(key), do="give the whole path")
    return load(path, stage)


def _settings(fields: Fields) -> dict[str, dict[str, Setting]]:
    table: dict[str, dict[str, Setting]] = {}
    for title, inputs in (fields.take("set", dict, None) or {}).items():
        where = f"{fields.where('set')}.{title}"
        if not isinstance(inputs, dict):
            raise BadRecord("a title comes first, then an input", where=where, do='write "TITLE".INPUT = VALUE')
        for name, value in inputs.items():
            if not isinstance(value, Setting):
                raise BadRecord(f"{shown(value)} is no text, number or yes/no", where=f"{where}.{name}")
        table[title] = dict(inputs)
    return table


def _check_settings(plan: StagePlan, where: str) -> None:
    """Every setting finds its node and input in every workflow of the stage, so that none is silently ignored."""
    for workflow in plan.workflows:
        for title, inputs in plan.settings.items():
            for name in inputs:
                with_it = [node for node in workflow.titled(title) if name in node.constants]
                if not with_it:
                    known = sorted({key for node in workflow.titled(title) for key in node.constants})
                    raise BadRecord(
                        f"no node titled {shown(title)} in {workflow.name} has an input {name!r} that can be set",
                        where=where,
                        do=f"its inputs are {', '.join(known)}" if known else f"titles are {workflow.titles_found}",
                    )


def _words(fields: Fields, key: str) -> dict[str, str]:
    """A table of texts."""
    inner = Fields(fields.take(key, dict, None) or {}, fields.where(key))
    return {name: inner.take(name, str) for name in fields.take(key, dict, None) or {}}


def _within(fields: Fields, key: str, least: float, most: float, default: float | None = None) -> float | None:
    value = fields.take(key, float, default)
    if value is not None and not least <= value <= most:
        raise BadRecord(f"{value} is out of range", where=fields.where(key), do=f"use {least} to {most}")
    return value


def _whole(fields: Fields, key: str, least: int, most: int) -> int | None:
    value = fields.take(key, int, None)
    if value is not None and not least <= value <= most:
        raise BadRecord(f"{value} is out of range", where=fields.where(key), do=f"use {least} to {most}")
    return value
