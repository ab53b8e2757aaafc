"""What a style (LoRA) was trained on: every picture with its owner and licence, and what was made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from genzu.core.codec import Fields, Plain, digest, shown
from genzu.errors import BadRecord

TRAINING_VERSION = 1

_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingFile:
    """One picture of a training set."""

    file: str
    """Path below the training folder, with ``/``."""
    sha: str
    """SHA-256 of the file's bytes."""
    width: int
    height: int
    owner: str
    """Who owns the rights; empty only if it was taken in without a licence entry."""
    licence: str
    source: str = ""
    """Where the picture comes from, as the licence ledger says."""
    caption: str = ""
    """What the training said of it, without the trigger word."""
    waived_by: str = ""
    """Who took it in although no licence entry names it; empty for every other picture."""

    def __post_init__(self) -> None:
        if not _SHA.fullmatch(self.sha):
            raise BadRecord(f"{shown(self.sha)} is no SHA-256", where="training_file.sha")
        if not self.waived_by and not (self.owner and self.licence):
            raise BadRecord(
                f"{self.file} has no owner or no licence", where="training_file.licence",
                do="enter it in the licence ledger",
            )  # fmt: skip

    def to_dict(self) -> Plain:
        """Plain values for JSON; empty texts are left out."""
        texts = {"source": self.source, "caption": self.caption, "waived_by": self.waived_by}
        return {
            "file": self.file, "sha256": self.sha, "width": self.width, "height": self.height,
            "owner": self.owner, "licence": self.licence, **{key: text for key, text in texts.items() if text},
        }  # fmt: skip

    @classmethod
    def from_dict(cls, record: object, path: str = "training_file") -> TrainingFile:
        """Validate and rebuild; raises :class:`BadRecord` with the path to the field."""
        fields = Fields(record, path)
        rebuilt = cls(
            file=fields.take("file", str), sha=fields.take("sha256", str), width=fields.take("width", int),
            height=fields.take("height", int), owner=fields.take("owner", str), licence=fields.take("licence", str),
            source=fields.take("source", str, "") or "", caption=fields.take("caption", str, "") or "",
            waived_by=fields.take("waived_by", str, "") or "",
        )  # fmt: skip
        fields.nothing_else()
        return rebuilt


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRun:
    """A finished training: the LoRA file and everything that it learned from."""

    lora: str
    """SHA-256 of the LoRA file's bytes: how a recipe names it."""
    name: str
    """Name of the file."""
    title: str
    author: str
    """Who trained it."""
    licence: str
    """Licence of the LoRA itself; empty if it was not said."""
    family: str
    """Family of the base model: ``sd15``, ``sdxl`` …"""
    base: str
    """The base model as the profile names it."""
    trigger: str
    created: str
    """UTC, ISO 8601: when the training began."""
    files: tuple[TrainingFile, ...]
    base_sha: str = ""
    """SHA-256 of the base model's weights; empty if they were not hashed."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Rank, steps, rate …: plain JSON values."""

    def __post_init__(self) -> None:
        if not _SHA.fullmatch(self.lora):
            raise BadRecord(f"{shown(self.lora)} is no SHA-256", where="training.lora")
        if not self.files:
            raise BadRecord("a training learned from nothing", where="training.files")

    @property
    def set_digest(self) -> str:
        """SHA-256 of the training set's record."""
        return set_digest(self.files)

    def head(self) -> Plain:
        """Everything but the files."""
        return {
            "version": TRAINING_VERSION, "lora": self.lora, "name": self.name, "title": self.title,
            "author": self.author, "licence": self.licence, "family": self.family, "base": self.base,
            "base_sha256": self.base_sha, "trigger": self.trigger, "created": self.created,
            "settings": dict(self.settings),
        }  # fmt: skip

    def to_dict(self) -> Plain:
        """Plain values for JSON."""
        return {**self.head(), "files": [file.to_dict() for file in self.files]}

    @classmethod
    def from_dict(cls, record: object, path: str = "training") -> TrainingRun:
        """Validate and rebuild; raises :class:`BadRecord` with the path to the field."""
        fields = Fields(record, path)
        version = fields.take("version", int)
        if version != TRAINING_VERSION:
            raise BadRecord(f"version {version} is not known", where=fields.where("version"), do="update Genzu")
        run = cls(
            lora=fields.take("lora", str), name=fields.take("name", str), title=fields.take("title", str),
            author=fields.take("author", str), licence=fields.take("licence", str),
            family=fields.take("family", str), base=fields.take("base", str),
            base_sha=fields.take("base_sha256", str), trigger=fields.take("trigger", str),
            created=fields.take("created", str), settings=fields.take("settings", dict),
            files=fields.each("files", TrainingFile.from_dict),
        )  # fmt: skip
        fields.nothing_else()
        return run


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One owner's pictures under one licence."""

    owner: str
    licence: str
    count: int


def shares(files: Iterable[TrainingFile]) -> tuple[Share, ...]:
    """Owners with their licences and the number of pictures, the largest share first."""
    counts: dict[tuple[str, str], int] = {}
    for one in files:
        key = (one.owner or "owner not stated", one.licence or "no licence entry")
        counts[key] = counts.get(key, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Share(owner=owner, licence=licence, count=count) for (owner, licence), count in ordered)


def set_digest(files: Iterable[TrainingFile]) -> str:
    """SHA-256 of what a training set is: files, owners, licences, captions."""
    return digest({"files": [file.to_dict() for file in files]})
