"""The film: every cut in order with its background in place, and the staff roll behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from time import perf_counter

from genzu.core.codec import Plain
from genzu.core.geometry import Extent
from genzu.core.timing import FILM, FrameRate, seconds_and_frames, timecode
from genzu.errors import BadInput
from genzu.exchange.video import Codec, FilmFormat, load_pyav, writing_film
from genzu.picture.fonts import Fonts, missing_in
from genzu.picture.roll import RollText, draw_roll
from genzu.steps.batch import usable_cores
from genzu.steps.engine_facts import Training
from genzu.steps.film_credits import film_credits, roll_text
from genzu.steps.film_frames import FilmPictures, Timed, made_ahead, timed_roll
from genzu.steps.film_plan import Shot, plan_shots
from genzu.steps.film_shot import load_shot
from genzu.steps.staff_roll import StaffRoll
from genzu.steps.watch import Watch, nobody
from genzu.store.show import Show

FULL, DRAFT = Extent(1920, 1080), Extent(960, 540)
USUAL_S = 3
"""Seconds of a cut whose length nobody has said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmOrder:
    """How a film is wanted."""

    fps: FrameRate | None = None
    """``None``: as the show says, else 24."""
    size: Extent | None = None
    cuts: str = ""
    """``001-010, 015``; empty: all."""
    slate: bool = False
    roll: bool = True
    prores: bool = False
    draft: bool = False
    """Half the size, quickly."""
    crf: int | None = None
    font: Path | None = None
    usual: int | None = None
    """Length in frames where none is known; ``None``: :data:`USUAL_S` seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmDone:
    """A film that was written, and what a person should know about it."""

    path: Path
    form: FilmFormat
    fps: FrameRate
    shots: tuple[Shot, ...]
    frames: int
    roll_frames: int
    missing: Mapping[str, str]
    """Cuts for which a card stands in, and why."""
    undrawn: Mapping[str, str]
    """Texts of the staff roll and the slate in which letters are missing, with the letters."""
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0
    """That it took."""
    roll: StaffRoll | None = field(default=None, repr=False)

    @property
    def whole(self) -> bool:
        """True if every cut has its picture and every name can be read."""
        return not self.missing and not self.undrawn

    @property
    def unmeasured(self) -> tuple[str, ...]:
        """Cuts whose length nobody has said."""
        return tuple(shot.number for shot in self.shots if not shot.length_known)

    @property
    def stand_ins(self) -> dict[str, str]:
        """Cuts that are not painted yet, and what stands in."""
        return {shot.number: shot.stand_in for shot in self.shots if shot.stand_in and shot.number not in self.missing}

    def to_dict(self) -> Plain:
        """Plain values for JSON."""
        return {
            "film": str(self.path), "codec": self.form.codec.value, "fps": str(self.fps),
            "rate": [self.form.rate.numerator, self.form.rate.denominator],
            "width": self.form.extent.width, "height": self.form.extent.height,
            "frames": self.frames, "roll_frames": self.roll_frames, "seconds": round(self.seconds, 2),
            "background_designer": self.roll.hand.value if self.roll and self.roll.hand else None,
            "cuts": [self._cut(shot) for shot in self.shots],
            "missing": dict(self.missing), "undrawn": dict(self.undrawn), "remarks": list(self.remarks),
        }  # fmt: skip

    def _cut(self, shot: Shot) -> Plain:
        return {
            "cut": shot.number, "start": shot.start, "frames": shot.frames, "length_known": shot.length_known,
            "timecode": timecode(shot.start, self.fps), "shows": shot.shown, "of": shot.source,
            "stand_in": None if shot.number in self.missing else shot.stand_in or None,
            "missing": self.missing.get(shot.number),
        }  # fmt: skip


def make_film(
    show: Show, out: Path, order: FilmOrder, *, training: Mapping[str, Training], watch: Watch = nobody
) -> FilmDone:
    """Write the film of a show; it appears at ``out`` when it is whole.

    A file at ``out`` that Genzu did not write is kept, and the film is put beside it. A cut without a picture is a
    card with its number and is named in ``missing``. Raises ``BadInput``, ``CannotWrite``.
    """
    load_pyav()
    begun = perf_counter()
    fps = order.fps or FrameRate.parse(show.setting("fps") or str(FILM))
    form = _form(order, fps)
    if out.suffix.lower() != form.codec.suffix:
        raise BadInput(f"a film in {form.codec} is a {form.codec.suffix} file", where=out, do="name it so")
    usual = USUAL_S * fps.nominal if order.usual is None else order.usual
    if usual < 1:
        raise BadInput(f"a cut of {usual} frames is not possible", do="use 1 or more")
    shots = plan_shots(show, cuts=order.cuts, usual=usual)
    work = _Film(show, order, form, fps, shots, training)
    path = show.export(out, partial(work.write, watch=watch))
    return replace(work.done(path), seconds=perf_counter() - begun)


def _form(order: FilmOrder, fps: FrameRate) -> FilmFormat:
    codec = Codec.PRORES if order.prores else Codec.H264
    size = order.size or (DRAFT if order.draft else FULL)
    crf = order.crf if order.crf is not None else 26 if order.draft else 18
    return FilmFormat(
        extent=size, rate=fps.rate, codec=codec, crf=crf, preset="ultrafast" if order.draft else "veryfast"
    )


class _Film:
    """A film while it is written."""

    def __init__(
        self,
        show: Show,
        order: FilmOrder,
        form: FilmFormat,
        fps: FrameRate,
        shots: tuple[Shot, ...],
        training: Mapping[str, Training],
    ) -> None:
        self._show, self._order, self._form, self._fps = show, order, form, fps
        self._shots, self._training = shots, training
        self._fonts = Fonts.on_system(order.font)
        self._pictures = FilmPictures(
            shots=shots, load=partial(load_shot, show, film=form.extent, draft=order.draft), extent=form.extent,
            fps=fps, fonts=self._fonts, slate=order.slate, first_frame=int(show.setting("record_start") or 0),
        )  # fmt: skip
        self._roll_text: RollText | None = None
        self._roll: StaffRoll | None = None
        self._frames = self._roll_frames = 0

    def write(self, scratch: Path, *, watch: Watch) -> None:
        """Write all frames to ``scratch``."""
        cuts = self._shots[-1].end
        whole = cuts + (20 * self._fps.nominal if self._order.roll else 0)
        workers = usable_cores()
        with writing_film(scratch, self._form, title=self._show.title) as writer:
            pool = ThreadPoolExecutor(workers)
            try:
                for what, times, frame in made_ahead(self._timed(pool), self._form, pool, ahead=2 * workers + 2):
                    for _ in range(times):
                        writer.add(frame)
                    whole = max(whole, cuts + self._roll_frames)
                    watch(what, min(1.0, writer.frames / whole))
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
            self._frames = writer.frames

    def done(self, path: Path) -> FilmDone:
        """What became of it."""
        texts = list(self._roll_text.texts) if self._roll_text else []
        if self._order.slate:
            texts += [shot.place for shot in self._shots]
        remarks = [f"cut {shot.number}: {remark}" for shot in self._shots for remark in self._remarks(shot)]
        return FilmDone(
            path=path, form=self._form, fps=self._fps, shots=self._shots, frames=self._frames,
            roll_frames=self._roll_frames, missing=self._missing(), undrawn=missing_in(self._fonts, texts),
            remarks=tuple(remarks), roll=self._roll,
        )  # fmt: skip

    def _timed(self, pool: ThreadPoolExecutor) -> Iterator[Timed]:
        yield from self._pictures.timed(pool)
        if not self._order.roll:
            return
        # Only now is it known which pictures could be read: the roll names nobody for a card.
        missing = self._missing()
        shown = (replace(shot, sheets=()) if shot.number in missing else shot for shot in self._shots)
        self._roll = film_credits(self._show, shown, self._training)
        self._roll_text = roll_text(self._roll)
        roll = draw_roll(self._roll_text, self._form.extent, float(self._fps.rate), self._fonts)
        self._roll_frames = roll.frames
        yield from timed_roll(roll)

    def _missing(self) -> dict[str, str]:
        loaded = self._pictures.loaded
        return {
            shot.number: error.sentence
            for shot in self._shots
            if shot.number in loaded and (error := loaded[shot.number].error) is not None
        }

    def _remarks(self, shot: Shot) -> tuple[str, ...]:
        loaded = self._pictures.loaded.get(shot.number)
        return (*shot.remarks, *(loaded.remarks if loaded else ()))


def length_of(done: FilmDone) -> str:
    """``3 min 04 s (4424 frames)``, for a person."""
    seconds = round(done.frames / done.form.rate)
    return (
        f"{seconds // 60} min {seconds % 60:02} s ({done.frames} frames, {seconds_and_frames(done.frames, done.fps)})"
    )
