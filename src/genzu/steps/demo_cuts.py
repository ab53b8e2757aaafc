"""The cuts of the film demo: what each shows, whether it is painted, how long that took and how true it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genzu.core.codec import Plain
from genzu.core.cut import Cut
from genzu.core.lexicon import read_prompt
from genzu.core.recipe import Recipe
from genzu.core.take import Stage
from genzu.core.timing import FILM, seconds_and_frames
from genzu.engines import registry
from genzu.errors import GenzuError
from genzu.picture.headers import probe
from genzu.steps.asked import background_of, cut_as_asked
from genzu.steps.batch import CutOrder, CutResult, paint_cuts
from genzu.steps.engine_facts import version_for
from genzu.steps.intake import INTAKE_VERSION
from genzu.steps.reading import READING_VERSION
from genzu.steps.watch import Watch, nobody
from genzu.store.show import Show


@dataclass(frozen=True, slots=True, kw_only=True)
class CutReport:
    """One row of the demo's table."""

    cut: Cut
    source: str
    """The cut whose background it shows; its own number if that is its own."""
    seconds: dict[str, float]
    """That its own background took, by step, when it was painted; empty for a shared one."""
    scores: dict[str, dict[str, float]]
    """By stage, of its background; empty if that could not be painted."""
    files: dict[str, Path]
    """``layout``, ``rough``, ``painting`` of its background, as far as they are there."""

    @property
    def took(self) -> float:
        """Seconds in all."""
        return sum(self.seconds.values())

    def to_dict(self, folder: Path) -> Plain:
        """For ``demo.json``; paths relative to the show's folder."""
        cut = self.cut
        return {
            "cut": cut.number, "frames": cut.frames, "length": seconds_and_frames(cut.frames or 0, FILM),
            "place": cut.place, "season": cut.season, "time": cut.time, "weather": cut.weather,
            "camera": str(cut.camera) if cut.camera else "FIX", "note": cut.note,
            "background_of": self.source, "seconds": round(self.took, 2), "by_step": self.seconds,
            "scores": self.scores,
            "files": {kind: path.relative_to(folder).as_posix() for kind, path in self.files.items()},
        }  # fmt: skip


def paint_missing(
    show: Show, *, only: Sequence[str] | None = None, workers: int | None = None, watch: Watch = nobody
) -> tuple[CutResult, ...]:
    """Paint the backgrounds that are not painted as they are asked for; the largest drawings first.

    A cut that shows the background of another is not painted: that one is. Results only of what was begun.
    """
    own = [cut for cut in show.cuts() if background_of(show, cut.number) == cut.number]
    wanted = [cut for cut in own if (only is None or cut.number in only) and not painted(show, cut.number)]
    wanted.sort(key=lambda cut: -_weight(show, cut))
    orders = [CutOrder(show=show.folder, number=cut.number, out=show.folder / cut.number) for cut in wanted]
    return paint_cuts(orders, workers=workers, watch=watch) if orders else ()


def painted(show: Show, number: str) -> bool:
    """True if its files tell of the painting that would be made now, and that is the newest one in the ledger."""
    record = _record(show, number)
    if record is None:
        return False
    cut = cut_as_asked(show, number)
    try:
        made = Recipe.from_dict(record["recipes"]["painting"][0])
        engine = registry.engine(cut.engine)
        newest = show.latest(number, made.sheet, Stage.PAINTING)
        wanted: dict[str, Any] = {
            "engine": engine.name, "engine_version": version_for(engine, cut.prompt, cut.seed), "seed": cut.seed,
            "prompt": cut.prompt, "conditions": read_prompt(cut.prompt, cut.seed).conditions, "intake": INTAKE_VERSION,
            "materials": cut.materials.sha if cut.materials else None, "board": cut.board.sha if cut.board else None,
            "marks": cut.marks.sha if cut.marks else None,
        }  # fmt: skip
        same_file = record["layout"]["sha256"] == cut.layout.sha
        whole = record["layout"]["frame"] is None  # else it was cropped to the frame that is drawn on it
        wanted["extent"] = cut.size or (probe(show.file(cut.layout)).extent if whole else made.extent)
        files = all((show.folder / number / name).is_file() for name in _names(number))
    except (GenzuError, KeyError, IndexError, TypeError):
        return False
    as_asked = all(getattr(made, name) == value for name, value in wanted.items())
    read = made.reading.endswith(f"/{READING_VERSION}")
    taken = newest is not None and newest.picture == record["pixels_sha256"]["painting"][0]
    return as_asked and read and same_file and files and taken


def report(show: Show, cut: Cut) -> CutReport:
    """What became of one cut."""
    source = background_of(show, cut.number)
    record, folder = _record(show, source), show.folder
    layout = folder / "layouts" / show.cut(source).layout.name
    rough, painting, _ = (folder / source / name for name in _names(source))
    files = {"layout": layout, "rough": rough, "painting": painting}
    return CutReport(
        cut=cut,
        source=source,
        seconds=_seconds(record["timings"]) if record and source == cut.number else {},
        scores=dict(record["scores"]) if record else {},
        files={kind: path for kind, path in files.items() if path.is_file()},
    )


def _seconds(timings: dict[str, Any]) -> dict[str, float]:
    """By step. A run that found a take which a killed one had made spent nothing on it: then what the engine took."""
    made = timings.get("engine", {})
    return {
        step: max(float(seconds), float(made.get(step, 0.0))) for step, seconds in timings.items() if step != "engine"
    }


def _names(number: str) -> tuple[str, str, str]:
    return f"{number}_rough.png", f"{number}_painting.png", f"{number}.psd"


def _record(show: Show, number: str) -> dict[str, Any] | None:
    """What the JSON beside a cut's pictures says; it is written last, so a cut that has one is whole."""
    path = show.folder / number / f"{number}.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _weight(show: Show, cut: Cut) -> int:
    """How long a background will take, roughly: by the size of its drawing."""
    return show.file(cut.layout).stat().st_size
