"""The page of the film demo: the film, all its cuts in order with lengths and pictures, and the staff roll."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from genzu.core.geometry import Extent
from genzu.core.timing import FILM, seconds_and_frames
from genzu.exchange.index_page import PageCut, PagePicture, index_page
from genzu.exchange.psd_flat import read_flat_psd
from genzu.picture.arrays import UInt8, extent_of
from genzu.picture.camera_move import Camera
from genzu.picture.contact import thumbnail
from genzu.picture.files import as_rgb8, read_rgb8, to_uint8, write_jpeg
from genzu.picture.resample import sample
from genzu.steps.demo_cuts import CutReport
from genzu.steps.staff_roll import staff_roll
from genzu.steps.training_facts import training_facts
from genzu.store.show import Show

_THUMBNAIL = Extent(480, 270)
_CAPTIONS = {"layout": "layout 原図", "rough": "rough (AI 1)", "painting": "painting (AI 2)"}


def write_film_page(show: Show, title: str, cuts: Sequence[CutReport], film: Path | None, why_not: str) -> Path:
    """Write ``index.html`` and its small pictures."""
    frames = sum(one.cut.frames or 0 for one in cuts)
    backgrounds = sum(one.source == one.cut.number for one in cuts)
    lead = (
        f"{len(cuts)} cuts, {seconds_and_frames(frames, FILM)} (seconds+frames) and the staff roll; "
        f"{backgrounds} painted backgrounds. Click a picture to see it at full size."
    )
    if why_not:
        lead += f" There is no film yet: {why_not}."
    made = Path(film).relative_to(show.folder).as_posix() if film else ""
    roll = staff_roll(show, training=training_facts()).text
    html = index_page(title, lead, [_cut(show, one) for one in cuts], roll, film=made)
    return show.export(show.folder / "index.html", lambda path: _write_text(path, html))


def _cut(show: Show, one: CutReport) -> PageCut:
    cut = one.cut
    words = " ・ ".join(word for word in (cut.place, cut.season, cut.time, cut.weather) if word)
    facts = [("length", f"{seconds_and_frames(cut.frames or 0, FILM)}"), ("camera", str(cut.camera or "FIX"))]
    if cut.note:
        facts.append(("note", cut.note.replace("\n", "; ")))
    if one.source != cut.number:
        facts.append(("兼用", f"shows the background of cut {one.source}"))
    told = "line fidelity {line_fidelity:.3f} (by chance {chance:.3f}), shift {shift:.2f} px"
    if one.seconds:
        facts += [(stage, told.format(**score)) for stage, score in one.scores.items()]
        facts.append(("painted in", f"{one.took:.1f} s"))
    return PageCut(title=f"Cut {cut.number}", subtitle=words, pictures=list(_pictures(show, one)), facts=facts)


def _pictures(show: Show, one: CutReport) -> Iterator[PagePicture]:
    """Layout, rough and painting; of a shared background what the camera sees of it."""
    folder, cut = show.folder, one.cut
    if one.source != cut.number:
        if "painting" in one.files:
            small = _small(show, f"{cut.number}_seen", partial(_seen, one))
            yield _picture(folder, f"painting of cut {one.source}, as the camera sees it", small, one.files["painting"])
        return
    for kind, large in one.files.items():
        small = _small(show, f"{cut.number}_{kind}", partial(_thumbnail, large), of=large)
        yield _picture(folder, _CAPTIONS[kind], small, large)


def _picture(folder: Path, caption: str, small: Path, large: Path) -> PagePicture:
    return PagePicture(
        caption=caption, small=small.relative_to(folder).as_posix(), large=large.relative_to(folder).as_posix()
    )


def _thumbnail(path: Path) -> UInt8:
    """A layered layout is shown as it looks, with all its sheets."""
    pixels = as_rgb8(to_uint8(read_flat_psd(path).pixels)) if path.suffix == ".psd" else read_rgb8(path)
    return thumbnail(pixels, _THUMBNAIL.width)


def _seen(one: CutReport) -> UInt8:
    pixels = read_rgb8(one.files["painting"])
    camera = Camera.over(extent_of(pixels), _THUMBNAIL, one.cut.camera)
    return sample(pixels, camera.view(0.5), _THUMBNAIL)


def _small(show: Show, name: str, make: Callable[[], UInt8], *, of: Path | None = None) -> Path:
    """A small picture; one that is newer than the large one that it is ``of`` is not made again."""
    target = show.folder / "small" / f"{name}.jpg"
    if of is not None and target.is_file() and target.stat().st_mtime >= of.stat().st_mtime:
        return target
    return show.export(target, lambda path: write_jpeg(path, make(), quality=82))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
