"""A training's own folder: checkpoints from which it goes on to the same bits, its log, what it was begun with.

A checkpoint is one safetensors file, renamed into place whole: the LoRA's weights, both moments of AdamW, and the
step in the header. Nothing else has to be kept, because everything random follows from the seed and the step.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genzu.core.atomic import cannot_write, replacing
from genzu.core.codec import Plain, canonical, digest
from genzu.engines.diffusion.training.tensors import read_tensors, write_tensors
from genzu.engines.diffusion.training.trainee import Trainee
from genzu.errors import BadInput, NotFound, Refused

_KEPT = 2
"""Checkpoints; the older one serves if the disk loses the newer."""
COLUMNS = ("step", "epoch", "loss", "evaluation", "rate", "seconds")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where a training keeps its things."""

    folder: Path

    @property
    def cache(self) -> Path:
        """Latents and text encodings."""
        return self.folder / "cache"

    @property
    def sheets(self) -> Path:
        """Sample sheets."""
        return self.folder / "sheets"

    @property
    def pairs(self) -> Path:
        """Lines and paintings side by side."""
        return self.folder / "pairs"

    @property
    def log(self) -> Path:
        """One line per step."""
        return self.folder / "log.csv"

    def lora(self, step: int) -> Path:
        """The LoRA as it was after a step, ready to be used."""
        return self.folder / "loras" / f"step-{step:06}.safetensors"

    def begin(self, what: Plain) -> Plain:
        """Note what the training is begun with, or check that it goes on as it was begun; give the note.

        ``what["created"]`` does not count: a training that goes on keeps the date on which it was begun.
        Raises :class:`Refused` with what is different.
        """
        note = self.folder / "training.json"
        self._tidy()
        if not note.exists():
            with replacing(note) as scratch:
                scratch.write_text(json.dumps(what, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            return what
        try:
            begun = json.loads(note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise BadInput(
                "the note of this training is damaged", where=note, do="begin anew in another place"
            ) from None
        changed = sorted(_differences({**begun, "created": ""}, {**what, "created": ""}))
        if changed:
            raise Refused(
                f"a training was begun here otherwise ({', '.join(changed[:6])})", where=self.folder,
                do="give the same as then to go on, or another -o to begin anew",
            )  # fmt: skip
        return dict(begun)

    def save(self, step: int, trainee: Trainee, optimizer: Any) -> None:
        """Keep everything that the next step depends on."""
        tensors: dict[str, Any] = {}
        for name, weight in trainee.named_parameters():
            tensors[f"weight.{name}"] = weight
            moments = optimizer.state.get(weight) or {}
            for key in ("exp_avg", "exp_avg_sq", "step"):
                if key in moments:
                    tensors[f"{key}.{name}"] = moments[key].reshape(-1) if key == "step" else moments[key]
        write_tensors(self._checkpoint(step), tensors, {"genzu.checkpoint": canonical({"version": 1, "step": step})})
        for old in self._checkpoints()[:-_KEPT]:
            with suppress(OSError):
                old.unlink()

    def load(self, trainee: Trainee, optimizer: Any) -> int:
        """Go back to the newest whole checkpoint; give the number of steps that are done, 0 if there is none."""
        self._tidy()
        for path in reversed(self._checkpoints()):
            try:
                tensors, texts = read_tensors(path)
                step = int(json.loads(texts["genzu.checkpoint"])["step"])
                names = {f"weight.{name}" for name, _ in trainee.named_parameters()}
                if names - set(tensors):
                    raise KeyError("weights are missing")
            except (BadInput, NotFound, KeyError, ValueError):
                continue  # damaged: the one before serves
            _restore(tensors, trainee, optimizer)
            return step
        return 0

    def open_log(self, done: int) -> None:
        """Begin the log, or cut off what is told of steps after ``done``: they are made again."""
        rows = [row for row in self.rows() if int(row["step"]) <= done]
        with replacing(self.log) as scratch:
            text = io.StringIO(newline="")
            writer = csv.DictWriter(text, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
            scratch.write_text(text.getvalue(), encoding="utf-8", newline="")

    def tell(self, **values: float | int | None) -> None:
        """Add a line to the log."""
        line = ["" if (value := values.get(name)) is None else f"{value:.8g}" for name in COLUMNS]
        try:
            with self.log.open("a", encoding="utf-8", newline="") as file:
                csv.writer(file).writerow(line)
        except OSError as error:
            raise cannot_write(self.log, error) from error

    def rows(self) -> list[dict[str, str]]:
        """The log so far; half a line at its end is left out."""
        if not self.log.exists():
            return []
        with self.log.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, restval="")
            return [dict(row) for row in rows if row["step"] and row["step"].isdecimal() and row["seconds"]]

    def _tidy(self) -> None:
        """Remove what a training that was killed while it wrote has left half written."""
        for scratch in self.folder.rglob(".*.part.*"):
            scratch.unlink(missing_ok=True)

    def _checkpoint(self, step: int) -> Path:
        return self.folder / "checkpoints" / f"step-{step:06}.safetensors"

    def _checkpoints(self) -> list[Path]:
        return sorted((self.folder / "checkpoints").glob("step-*.safetensors"))


def _restore(tensors: Mapping[str, Any], trainee: Trainee, optimizer: Any) -> None:
    for name, weight in trainee.named_parameters():
        weight.data.copy_(tensors[f"weight.{name}"])
        if f"step.{name}" in tensors:
            optimizer.state[weight] = {
                "step": tensors[f"step.{name}"][0],
                "exp_avg": tensors[f"exp_avg.{name}"].to(weight.device),
                "exp_avg_sq": tensors[f"exp_avg_sq.{name}"].to(weight.device),
            }


def _differences(begun: Mapping[str, Any], now: Mapping[str, Any], path: str = "") -> list[str]:
    """Names of what differs, one level into records."""
    found: list[str] = []
    for key in {*begun, *now}:
        one, other = begun.get(key), now.get(key)
        if isinstance(one, dict) and isinstance(other, dict) and not path:
            found += _differences(one, other, f"{key}.")
        elif digest({"value": one}) != digest({"value": other}):
            found.append(f"{path}{key}: {_shown(one)} then, {_shown(other)} now")
    return found


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 24 else text[:12] + "…"
