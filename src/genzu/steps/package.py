"""The files that a person works with: pictures, layered PSD, materials and the JSON beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from genzu import __version__
from genzu.core.codec import Plain, digest
from genzu.core.credit import Role
from genzu.core.material import Material
from genzu.core.take import Take
from genzu.picture.arrays import Reading, UInt8
from genzu.picture.contact import contact_sheet
from genzu.picture.doubt import Doubt, doubt_sheet, doubts
from genzu.picture.files import SRGB_ICC, to_uint8, write_jpeg, write_png
from genzu.picture.frame import Frame
from genzu.picture.memory import give_back
from genzu.picture.snap import bands
from genzu.picture.xmp import Xmp
from genzu.steps.engine_facts import notes_of
from genzu.steps.inscription import Inscription, inscription
from genzu.steps.intake import TakenIn
from genzu.steps.making import SheetAtWork
from genzu.steps.watch import Clock
from genzu.store.build import FilesWritten

LARGEST_SHIFT = 0.5
"""Px at 1080 rows: a stage that moves the picture farther is broken (組線)."""
LEAST_TOLD = 0.35
"""Px: a smaller shift cannot be told from the unevenness of pencil lines in a small picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintedSheet:
    """What came out for one sheet."""

    cut: str
    sheet: str
    files: dict[str, Path]
    """By kind: rough, painting, materials, reading, psd, json, and painting_2… and contact with candidates."""
    rough: Take
    painting: Take
    candidates: tuple[Take, ...]
    unknown: tuple[str, ...]
    notes: tuple[str, ...]
    """What a person should know of the layout and the prompt, one sentence each."""
    seconds: dict[str, float]
    registered: bool
    """False if rough or painting is shifted by more than half a pixel at 1080 rows."""

    def to_dict(self) -> Plain:
        """For ``--json``."""
        return {
            "cut": self.cut,
            "sheet": self.sheet,
            "files": {kind: str(path) for kind, path in self.files.items()},
            "scores": scores_of(self.rough, self.painting),
            "seconds": self.seconds,
            "not_understood": list(self.unknown),
            "notes": list(self.notes),
            "registered": self.registered,
            "credit": self.painting.hand.value,
        }


def write_files(
    work: SheetAtWork,
    taken: TakenIn,
    roughs: Sequence[Take],
    paintings: Sequence[Take],
    *,
    out: Path,
    stem: str,
    clock: Clock,
) -> PaintedSheet:
    """Write everything of DESIGN §6 for one sheet; a file that a person changed is kept and ours goes beside."""
    show, name = work.show, work.drawing.name
    stem = stem_of(stem, name)
    files: dict[str, tuple[Path, Callable[[Path], None]]] = {}
    unsure = doubts(work.reading)
    sheet = doubt_sheet(work.drawing.lines, work.reading, unsure)
    work.let_go()
    give_back(work.drawing.lines.extent)
    rough, painting = (to_uint8(show.picture(takes[0].picture)) for takes in (roughs, paintings))
    give_back(work.drawing.lines.extent)  # what their files were unpacked from

    def put(kind: str, file: str, write: Callable[[Path], None]) -> None:
        files[kind] = (out / file, write)

    with clock.run("files"):
        said = [inscription(show, take) for take in (roughs[0], *paintings)]
        put("rough", f"{stem}_rough.png", lambda path: write_png(path, rough, text=said[0].png()))
        put("painting", f"{stem}_painting.png", lambda path: write_png(path, painting, text=said[1].png()))
        put("materials", f"{stem}_materials.png", lambda path: write_png(path, work.reading.materials))
        put("reading", f"{stem}_reading.jpg", lambda path: write_jpeg(path, sheet))
        put("psd", f"{stem}.psd", lambda path: _psd(path, work, rough, painting, said[1]))
        if len(paintings) > 1:
            others = [to_uint8(show.picture(take.picture)) for take in paintings]
            for index, picture in enumerate(others[1:], 2):
                write = partial(write_png, pixels=picture, text=said[index].png())
                put(f"painting_{index}", f"{stem}_painting_{index}.png", write)
            labels = [f"{take.number}: seed {take.recipe.seed}" for take in paintings if take.recipe]
            sheet_xmp = Xmp(title=stem, digital_source=said[1].xmp.digital_source, tool=said[1].xmp.tool).packet()
            contact = contact_sheet(others, labels)
            put("contact", f"{stem}_candidates.jpg", lambda path: write_jpeg(path, contact, xmp=sheet_xmp))
        places = dict(zip(files, show.export_all(list(files.values())), strict=True))
    painted = PaintedSheet(
        cut=work.cut.number,
        sheet=name,
        files={**places, "json": out / f"{stem}.json"},
        rough=roughs[0],
        painting=paintings[0],
        candidates=tuple(paintings),
        unknown=work.unknown,
        notes=(
            *taken.remarks,
            *work.notes,
            *notes_of(*roughs, *paintings),
            *(() if work.cut.materials else look_first(unsure)),
        ),
        seconds=clock.seconds,
        registered=all(map(is_registered, (roughs[0], *paintings))),
    )
    record = json.dumps(_record(work, taken, roughs, painted, unsure), ensure_ascii=False, indent=2)
    json_file = show.export(out / f"{stem}.json", lambda path: _write_text(path, record))
    painted.files["json"] = json_file
    show.build.wrote(out / stem, work.cut.number, name, _written(work, painted))
    return painted


def stem_of(stem: str, sheet: str) -> str:
    """How the names of a sheet's files begin."""
    return stem if sheet == "BG" else f"{stem}_{sheet}"


def people_digest(people: Iterable[tuple[str, str]]) -> str:
    """Of those who made what a painting is made from: their names (with roles) stand in its files."""
    named = (Role.LAYOUT.value, Role.BOARD.value)
    return digest({"people": sorted(list(one) for one in people if one[1] in named)})


def _written(work: SheetAtWork, painted: PaintedSheet) -> FilesWritten:
    people = [(one.name, one.role.value) for one in work.show.contributions(work.cut.number)]
    return FilesWritten(
        paintings=tuple(take.picture for take in painted.candidates),
        people=people_digest(people),
        files=tuple(path.name for path in painted.files.values()),
    )


def scores_of(rough: Take, painting: Take) -> Plain:
    """The registration scores of both machine stages."""
    return {take.stage.value: take.measures["fidelity"] for take in (rough, painting)}


def values_of(rough: Take, painting: Take) -> Plain:
    """The value plans of both machine stages; takes of older versions have none."""
    return {take.stage.value: take.measures["values"] for take in (rough, painting) if "values" in take.measures}


def shift_of(take: Take) -> float:
    """Measured shift of a take against its layout, px."""
    return float(take.measures["fidelity"]["shift"])


def is_registered(take: Take) -> bool:
    """False if a take has moved against its layout by more than half a pixel at 1080 rows."""
    return shift_of(take) <= max(LARGEST_SHIFT * unit(take), LEAST_TOLD)


def unit(take: Take) -> float:
    """Pixels of the take per pixel of a 1080-row picture."""
    return take.recipe.extent.height / 1080 if take.recipe else 1.0


def _psd(path: Path, work: SheetAtWork, rough: UInt8, painting: UInt8, said: Inscription) -> None:
    from genzu.exchange.psd_write import write_psd  # psd-tools takes a second to import

    write_psd(
        path,
        extent=work.drawing.lines.extent,
        painting=np.ascontiguousarray(painting[..., :3]),
        rough=np.ascontiguousarray(rough[..., :3]),
        lines=work.drawing.lines,
        materials=work.reading.materials,
        alpha=work.reading.alpha,
        icc=SRGB_ICC,
        title=said.xmp.title,
        xmp=said.packet,
    )


def look_first(unsure: tuple[Doubt, ...]) -> tuple[str, ...]:
    """One sentence with the largest regions that were read without certainty."""
    if not unsure:
        return ()
    shown = "; ".join(doubt.sentence for doubt in unsure[:3])
    more = f"; and {len(unsure) - 3} more" if len(unsure) > 3 else ""
    return (f"look first at {shown}{more}",)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")


def _record(
    work: SheetAtWork, taken: TakenIn, roughs: Sequence[Take], painted: PaintedSheet, unsure: tuple[Doubt, ...]
) -> Plain:
    """What the JSON beside the pictures says: enough to judge, to credit and to make the picture again."""
    cut, words = work.cut, work.words
    extent = work.drawing.lines.extent
    people = [{"name": person.name, "role": person.role.value} for person in work.show.contributions(cut.number)]
    return {
        "genzu": __version__,
        "cut": cut.number,
        "sheet": painted.sheet,
        "size": {"width": extent.width, "height": extent.height},
        "layout": {
            "file": cut.layout.name,
            "sha256": cut.layout.sha,
            "frame": _frame_facts(taken.frame) if taken.frame else None,
        },
        "prompt": {
            "text": cut.prompt,
            "understood": [{"text": word.text, "kind": word.kind} for word in words.understood],
            "overruled": [{"text": word.text, "by": word.by.value} for word in words.overruled],
            "not_understood": list(work.unknown),
            "signs": list(words.signs),
        },
        "reading": reading_facts(work.reading, unsure),
        "recipes": {
            "rough": [take.recipe.to_dict() for take in roughs if take.recipe],
            "painting": [take.recipe.to_dict() for take in painted.candidates if take.recipe],
        },
        "pixels_sha256": {
            "rough": [take.picture for take in roughs],
            "painting": [take.picture for take in painted.candidates],
        },
        "scores": scores_of(painted.rough, painted.painting),
        "values": values_of(painted.rough, painted.painting),
        "registered": painted.registered,
        "timings": {**painted.seconds, "engine": _engine_seconds(painted)},
        "credit": {"background_designer": painted.painting.hand.value, "people": people},
    }


def _frame_facts(frame: Frame) -> Plain:
    """Where the drawing frame lay on the sheet, in the scan's px."""
    return {"corners": [[round(x, 2), round(y, 2)] for x, y in frame.corners], "angle_degrees": round(frame.angle, 3)}


def _engine_seconds(painted: PaintedSheet) -> dict[str, Any]:
    """What the engine itself took when the takes were made (a resumed run finds them and spends nothing)."""
    return {take.stage.value: take.measures["seconds"] for take in (painted.rough, painted.painting)}


def reading_facts(reading: Reading, unsure: tuple[Doubt, ...]) -> Plain:
    """Shares of the materials, the horizon, and the regions that a person should look at first."""
    counts = np.zeros(256, np.int64)
    for band in bands(reading.materials.shape[0]):  # bincount makes a copy of 64 bits a pixel
        counts += np.bincount(reading.materials[band].ravel(), minlength=256)
    shares = counts / reading.materials.size
    return {
        "horizon": round(float(reading.horizon), 1),
        "regions": len(reading.confidence) - 1,
        "materials": {m.word: round(float(shares[m]), 4) for m in Material if shares[m] > 0},
        "doubtful": [doubt.to_dict() for doubt in unsure],
    }
