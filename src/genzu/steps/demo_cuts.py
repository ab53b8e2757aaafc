"""The cuts of the film demo: what each shows, whether it is painted, how long that took and how true it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genzu.core.codec import Plain
from genzu.core.cut import Cut
from genzu.core.timing import FILM, seconds_and_frames
from genzu.steps.asked import background_of
from genzu.steps.batch import CutResult
from genzu.steps.build import Planned, build, plan_build
from genzu.steps.local_crew import LocalCrew
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
    """Paint what is stale, as ``genzu paint --all`` does; results only of what was begun, in the order of the film."""
    plan = plan_build(show, only=only)
    results: dict[str, CutResult] = {}
    for result in build(show.folder, plan, LocalCrew(workers), _Look()):
        results[result.number] = result
        watch(f"cut {result.number}", len(results) / len(plan.planned))
    return tuple(results[cut.number] for cut in show.cuts() if cut.number in results)


class _Look:
    """Nothing is told but what :func:`paint_missing` tells."""

    def waits(self, numbers: Sequence[str]) -> None:
        """See :class:`genzu.steps.build.BuildWatch`."""

    def done(self, planned: Planned, result: CutResult) -> None:
        """See :class:`genzu.steps.build.BuildWatch`."""


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
