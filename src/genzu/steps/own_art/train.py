"""Training on own art, step by step: set → pairs → LoRA → record beside it and in the show's ledger."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genzu.core.atomic import replacing
from genzu.core.own_art import TrainingRun
from genzu.engines.diffusion.families import Family
from genzu.engines.diffusion.profile import ModelProfile
from genzu.engines.diffusion.training.settings import RESOLUTION, LoraSettings
from genzu.engines.diffusion.weights import part_sha, parts
from genzu.errors import BadInput, BadRecord, EngineFailed, NotFound, Refused
from genzu.steps.own_art.pairs import Pair, caption_with, pairs_of, write_pairs
from genzu.steps.own_art.training_set import OwnArt, Wishes, file_sha, gather
from genzu.steps.watch import Watch, nobody, part_of
from genzu.store.show import Show

if TYPE_CHECKING:
    from genzu.engines.diffusion.training.checkpoint import RunFolder
    from genzu.engines.diffusion.training.examples import Example
    from genzu.engines.diffusion.training.sheets import Sample

_SAMPLES = 4
_GATHERED, _PAIRED = 0.02, 0.06
"""Share of the time that is told up to there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the person asks for."""

    folder: Path
    out: Path
    profile: ModelProfile
    settings: LoraSettings
    wishes: Wishes = field(default_factory=Wishes)
    title: str = ""
    author: str = ""
    licence: str = ""
    trigger: str = ""
    usage: str = ""
    prompts: tuple[str, ...] = ()
    """Of the sample sheets; without them captions of the set are taken."""
    sheets: bool = True
    sheet_steps: int = 20
    show: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The set as it would be learned: for a dry run, and before a training."""

    art: OwnArt
    pairs: tuple[Pair, ...]

    @property
    def buckets(self) -> Mapping[str, int]:
        """Sizes and the number of views in each."""
        counts: dict[str, int] = {}
        for pair in self.pairs:
            counts[str(pair.view.bucket)] = counts.get(str(pair.view.bucket), 0) + 1
        return dict(sorted(counts.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """How a training ended."""

    finished: bool
    """False if it was told to stop before its last step."""
    run: Path
    """Its folder: sheets, log, checkpoints."""
    remarks: tuple[str, ...]
    record: TrainingRun | None = None
    notes: list[str] = field(default_factory=list)


def usual_settings(profile: ModelProfile, **given: Any) -> LoraSettings:
    """Settings for a profile's family; what is ``None`` is as usual. ``BadInput`` for a family without training."""
    if profile.family is not Family.AUTO and profile.family not in RESOLUTION:
        raise BadInput(
            f"models of the family {profile.family.value} cannot be trained here", where=profile.source,
            do="take a profile for " + ", ".join(one.value for one in RESOLUTION),
        )  # fmt: skip
    if profile.family is Family.AUTO and given.get("resolution") is None:
        raise BadInput(
            "the profile does not say the family", where=profile.source, do="add family to it, or say --resolution"
        )
    own = {key: value for key, value in given.items() if value is not None}
    return LoraSettings(**{"resolution": RESOLUTION.get(profile.family, 0), **own})


def look(folder: Path, wishes: Wishes, settings: LoraSettings, watch: Watch = nobody) -> Look:
    """Gather the set and cut it into views; nothing is written and no network is loaded."""
    art = gather(folder, wishes, least_side=settings.resolution // 2, watch=watch)
    return Look(art=art, pairs=pairs_of(art.pictures, settings.resolution, settings.bucket_step))


def train_lora(wanted: Wanted, watch: Watch = nobody, *, stop_after: int | None = None) -> Trained:
    """Train, or go on with a training that was stopped; write the LoRA, its record and the ledger's entry.

    Raises ``Refused`` if another file is at ``out`` or another training was begun there, and what :func:`gather`
    and the training raise.
    """
    author = wanted.author.strip() or wanted.wishes.by.strip()
    if not author:
        raise BadInput("who trains is not said", do="add --by NAME: it stands in the file and in the ledger")
    if wanted.out.suffix.lower() != ".safetensors":
        raise BadInput(f"{wanted.out.name} is no name for a LoRA", do="end it in .safetensors")
    _must_be_a_show(wanted.show)
    seen = look(wanted.folder, wanted.wishes, wanted.settings, part_of(watch, "set", 0, _GATHERED))
    return _Run(wanted, author, seen).go(watch, stop_after)


class _Run:
    """One training; the heavy libraries are imported here."""

    def __init__(self, wanted: Wanted, author: str, seen: Look) -> None:
        try:
            from genzu.engines.diffusion.training import session
            from genzu.engines.diffusion.training.checkpoint import RunFolder
        except ImportError as error:
            raise EngineFailed(
                f"training needs more libraries ({error})", do="pip install 'genzu[diffusers]'"
            ) from error
        self.session, self.wanted, self.author, self.seen = session, wanted, author, seen
        self.run: RunFolder = RunFolder(wanted.out.with_suffix(".run"))

    def go(self, watch: Watch, stop_after: int | None) -> Trained:
        """Pairs, training, record."""
        base_sha = part_sha(parts(self.wanted.profile)[0])
        created = self._begin(base_sha)
        notes: list[str] = []
        examples, said = write_pairs(
            self.run.pairs,
            self.seen.pairs,
            self.wanted.trigger,
            part_of(watch, "pairs", _GATHERED, _PAIRED - _GATHERED),
        )
        remarks = (*self.seen.art.remarks, *said)
        record = self._finished(base_sha)
        if record is None:
            order = self._order(examples, created)
            progress = part_of(watch, "training", _PAIRED, 1 - _PAIRED)
            if not self.session.train(order, progress, stop_after=stop_after, note=notes.append):
                return Trained(finished=False, run=self.run.folder, remarks=remarks, notes=notes)
            record = self._record(base_sha, created)
            write_record(self.wanted.out, record)
        if self.wanted.show is not None:
            with Show.open(self.wanted.show) as show:
                show.record_training(record)
        return Trained(finished=True, run=self.run.folder, remarks=remarks, record=record, notes=notes)

    def _begin(self, base_sha: str) -> str:
        """Begin or go on; give the date on which it was begun."""
        wanted = self.wanted
        if wanted.out.exists() and not (self.run.folder / "training.json").exists():
            raise Refused("a file of this name is there already", where=wanted.out, do="choose another name")
        what = {
            "version": 1, "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "base_sha256": base_sha,
            "settings": wanted.settings.to_dict(),
            "set": {one.record.file: [one.record.sha, one.record.caption] for one in self.seen.art.pictures},
            "card": {"title": self._title, "author": self.author, "licence": wanted.licence, "trigger": wanted.trigger,
                     "usage": wanted.usage},
        }  # fmt: skip
        return str(self.run.begin(what)["created"])

    def _order(self, examples: tuple[Example, ...], created: str) -> Any:
        from genzu.engines.diffusion.training.header import Card

        wanted = self.wanted
        card = Card(
            title=self._title, author=self.author, licence=wanted.licence, trigger=wanted.trigger, created=created,
            usage=wanted.usage or (f"Begin the prompt with {wanted.trigger}." if wanted.trigger else ""),
        )  # fmt: skip
        return self.session.LoraOrder(
            profile=wanted.profile, settings=wanted.settings, examples=examples, card=card, run=self.run,
            samples=self._samples(examples) if wanted.sheets else (), files=self.seen.art.files, out=wanted.out,
            sheet_steps=wanted.sheet_steps,
        )  # fmt: skip

    @property
    def _title(self) -> str:
        return self.wanted.title.strip() or self.wanted.out.stem

    def _samples(self, examples: Sequence[Example]) -> tuple[Sample, ...]:
        """Up to four views spread over the set; their lines, and prompts that were given or their captions."""
        from genzu.engines.diffusion.training.sheets import Sample

        count = min(_SAMPLES, len(examples)) if not self.wanted.prompts else len(self.wanted.prompts)
        chosen = [examples[number * len(examples) // count] for number in range(count)]
        prompts = [caption_with(self.wanted.trigger, text) for text in self.wanted.prompts]
        return tuple(
            Sample(prompt=prompt, extent=one.bucket, lines=one.lines(), painting=one.pixels())
            for one, prompt in zip(chosen, prompts or [one.caption for one in chosen], strict=True)
        )

    def _finished(self, base_sha: str) -> TrainingRun | None:
        """The record that lies beside the LoRA, if both are there and belong together: it is never written again."""
        try:
            record = read_record(record_path(self.wanted.out))
        except (NotFound, BadRecord):
            return None
        whole = self.wanted.out.exists() and record.lora == file_sha(self.wanted.out)
        return record if whole and record.base_sha == base_sha else None

    def _record(self, base_sha: str, created: str) -> TrainingRun:
        wanted = self.wanted
        return TrainingRun(
            lora=file_sha(wanted.out), name=wanted.out.name, title=self._title, author=self.author,
            licence=wanted.licence, family=wanted.profile.family.value, base=wanted.profile.title, base_sha=base_sha,
            trigger=wanted.trigger, created=created, settings=wanted.settings.to_dict(), files=self.seen.art.files,
        )  # fmt: skip


def record_path(lora: Path) -> Path:
    """Where the record of a LoRA lies: beside it, ``STEM.training.json``."""
    return lora.with_suffix(".training.json")


def write_record(lora: Path, record: TrainingRun) -> None:
    """Write the record beside the LoRA."""
    with replacing(record_path(lora)) as scratch:
        scratch.write_text(json.dumps(record.to_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_record(path: Path) -> TrainingRun:
    """Read a record; raises ``NotFound`` or ``BadRecord``."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound("there is no record of a training", where=path, do="give STEM.training.json") from None
    except (OSError, ValueError):
        raise BadRecord("it is no record of a training", where=path, do="copy it again") from None
    return TrainingRun.from_dict(found, path.name)


def enter_record(path: Path, show: Path) -> TrainingRun:
    """Enter a training that was made elsewhere into a show's ledger.

    ``path`` is the LoRA or its record. If the LoRA lies beside its record it must be the one that the record tells of.
    """
    record = read_record(path if path.suffix.lower() == ".json" else record_path(path))
    lora = path.parent / Path(record.name).name
    if lora.exists() and file_sha(lora) != record.lora:
        raise BadInput(f"{lora.name} is another file than the one of this record", where=path, do="copy both again")
    with Show.open(show) as opened:
        opened.record_training(record)
    return record


def _must_be_a_show(show: Path | None) -> None:
    """Told before hours of training, not after."""
    if show is not None:
        Show.open(show).close()
