from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

av = pytest.importorskip("av", reason="films need PyAV: pip install 'genzu[film]'")

from painted_shows import layout_picture, paint, town
from PIL import Image

from genzu.core.camera import CameraPath, Easing, Framing
from genzu.core.credit import Contribution, Hand, Role
from genzu.core.cut import Cut
from genzu.core.geometry import Extent
from genzu.core.take import NewTake, Stage
from genzu.core.timing import FrameRate
from genzu.core.transition import Dissolve
from genzu.errors import BadInput
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import linear_from_srgb8
from genzu.picture.files import write_png
from genzu.picture.registration import correlate
from genzu.picture.resample import reduced
from genzu.steps.film import FilmDone, FilmOrder, make_film
from genzu.steps.staff_roll import Training, staff_roll
from genzu.store.show import Show

SIZE = Extent(320, 180)
PLAIN = FilmOrder(size=SIZE, roll=False, crf=4)
TRAINING = {"embedded": Training(sentence="no trained weights", learned=False)}


def scene(seed: int) -> UInt8:
    """A town without grain: half of the colour samples are dropped on the way."""
    small = Image.fromarray(town(seed)).resize((80, 45), Image.Resampling.BOX)
    return np.asarray(small.resize((640, 360), Image.Resampling.BICUBIC))


@pytest.fixture
def show(tmp_path: Path) -> Iterator[Show]:
    write_png(tmp_path / "layout.png", layout_picture())
    with Show.create(tmp_path / "show", "Umi") as opened:
        layout = opened.keep_file(tmp_path / "layout.png")
        for number, frames, seed in (("001", 10, 10), ("002", 14, 11)):
            opened.add_cut(Cut(number=number, layout=layout, prompt="town, autumn", frames=frames))
            paint(opened, number, seed=seed, picture=scene(seed))
        opened.credit(Contribution(name="鈴木", role=Role.LAYOUT))
        yield opened


def change(show: Show, number: str, **fields: Any) -> None:
    show.update_cut(replace(show.cut(number), **fields))


def film(show: Show, out: Path, order: FilmOrder = PLAIN) -> tuple[FilmDone, list[UInt8]]:
    done = make_film(show, out, order, training=TRAINING)
    with av.open(str(done.path)) as written:
        frames = [frame.to_ndarray(format="rgb24", src_colorspace="ITU709", src_color_range="MPEG",
                                   dst_color_range="JPEG") for frame in written.decode(video=0)]  # fmt: skip
    assert len(frames) == done.frames
    return done, frames


def off(one: UInt8, other: UInt8) -> float:
    return float(np.abs(one.astype(int) - other).mean())


def test_every_cut_has_its_picture_for_its_length(show: Show, tmp_path: Path) -> None:
    done, frames = film(show, tmp_path / "film.mp4")
    assert done.whole and len(frames) == 24 and done.unmeasured == ()
    small = [reduced(scene(seed), 2) for seed in (10, 11)]
    for number, frame in enumerate(frames):
        assert off(frame, small[number >= 10]) < 3.0 < off(frame, small[number < 10])


def test_exact_rate_and_title(show: Show, tmp_path: Path) -> None:
    done, _ = film(show, tmp_path / "film.mp4", replace(PLAIN, fps=FrameRate.parse("23.976")))
    with av.open(str(done.path)) as written:
        assert written.streams.video[0].average_rate == Fraction(24000, 1001)
        assert written.metadata["title"] == "Umi"


def test_a_pan_moves_evenly_in_the_written_film(show: Show, tmp_path: Path) -> None:
    wide = np.concatenate([town(seed) for seed in (1, 2, 3)], axis=1)[:180, :960].copy()
    paint(show, "001", seed=20, picture=wide)
    step = 0.4 / 320
    change(show, "001", frames=21, camera=CameraPath(start=Framing(0.3, 0), end=Framing(0.3 + 20 * step, 0)))
    _, frames = film(show, tmp_path / "film.mp4", replace(PLAIN, cuts="001", crf=2))
    shifts = [correlate(grey(frames[0]), grey(frame)) for frame in frames[1:]]
    assert np.abs([dx + 0.4 * k for k, (_, dx, _) in enumerate(shifts, 1)]).max() < 0.1
    assert np.abs([dy for dy, _, _ in shifts]).max() < 0.1


def grey(picture: UInt8) -> Float32:
    return picture.astype(np.float32).mean(axis=2)


def test_the_middle_of_a_dissolve(show: Show, tmp_path: Path) -> None:
    change(show, "002", dissolve=Dissolve(frames=7))
    _, frames = film(show, tmp_path / "film.mp4")
    one, two = (linear_from_srgb8(reduced(scene(seed), 2)) for seed in (10, 11))
    seen = linear_from_srgb8(frames[13])
    assert len(frames) == 24
    assert np.abs(seen - (one + two) / 2).mean() < 0.01
    shares = [float(((linear_from_srgb8(frame) - one) * (two - one)).sum() / np.square(two - one).sum())
              for frame in frames]  # fmt: skip
    assert np.allclose(shares[9:18], np.arange(9) / 8, atol=0.02)


def test_a_book_is_pulled_at_its_own_speed_over_the_background(show: Show, tmp_path: Path) -> None:
    ground = np.full((180, 960, 3), 40, np.uint8)
    ground[:, 200:204] = 255
    book, alpha = np.full((180, 1600, 3), 200, np.uint8), np.zeros((180, 1600), np.uint8)
    book[...] = (200, 30, 30)
    alpha[100:, 260:280] = 255
    paint(show, "001", seed=30, picture=ground)
    paint(show, "001", seed=31, sheet="BOOK1", picture=book, alpha=alpha)
    change(show, "001", frames=11, camera=CameraPath(start=Framing(0, 0), end=Framing(0.25, 0)), note="BOOK1 ×2")
    done, frames = film(show, tmp_path / "film.mp4", replace(PLAIN, cuts="001"))
    assert done.remarks == ()
    line = [float(np.average(np.arange(320), weights=frame[40:60, :, 1].mean(axis=0) - 39)) for frame in frames]
    red = [np.flatnonzero(frame[140, :, 0].astype(int) - frame[140, :, 1] > 60) for frame in frames]
    assert line[0] - line[10] == pytest.approx(80, abs=2)
    assert red[0].mean() - red[5].mean() == pytest.approx(80, abs=2)
    assert red[0].mean() - red[10].mean() == pytest.approx(160, abs=2)


def test_slate_and_stand_in(show: Show, tmp_path: Path) -> None:
    show.add_cut(Cut(number="003", layout=show.cut("001").layout))
    done, frames = film(show, tmp_path / "film.mp4", replace(PLAIN, slate=True, usual=5))
    assert done.whole and done.stand_ins == {"003": "layout"} and done.unmeasured == ("003",)
    assert len(frames) == 29
    clean = reduced(scene(10), 2)
    assert off(frames[3][:150], clean[:150]) < 3 and off(frames[3][-8:], clean[-8:]) > 20
    assert not np.array_equal(frames[3][-14:, 200:], frames[4][-14:, 200:])  # the frame's number runs
    assert frames[26][:100].mean() > 240  # white paper


def test_a_picture_that_is_gone_is_a_card_and_named_and_credits_nobody(show: Show, tmp_path: Path) -> None:
    take = show.latest("002", "BG", Stage.PAINTING)
    assert take is not None
    path = show.folder / ".genzu" / "pictures" / take.picture[:2] / f"{take.picture[2:]}.png"
    path.unlink()
    done, frames = film(show, tmp_path / "film.mp4", replace(PLAIN, roll=True))
    assert not done.whole and list(done.missing) == ["002"] and "not in the show" in done.missing["002"]
    assert off(frames[5], reduced(scene(10), 2)) < 3
    assert 40 < np.median(frames[20]) < 52 and frames[20].max() > 180
    assert done.roll is not None and [cut.hand for cut in done.roll.cuts] == [Hand.AI, None]


def test_black_where_the_list_leaves_a_gap(show: Show, tmp_path: Path) -> None:
    change(show, "002", record_in=15)
    _, frames = film(show, tmp_path / "film.mp4")
    assert len(frames) == 29 and [frame.max() < 4 for frame in frames[9:16]] == [False, *[True] * 5, False]


@pytest.mark.parametrize("human", [False, True])
def test_the_staff_roll_says_human_only_when_true(human: bool, show: Show, tmp_path: Path) -> None:
    if human:
        parent = show.latest("002", "BG", Stage.PAINTING)
        assert parent is not None
        show.record(NewTake(cut="002", sheet="BG", stage=Stage.RETOUCH, hand=Hand.AI_AND_HUMAN, by="山田",
                            picture=show.keep_picture(town(40)), parents=(parent.id,)))  # fmt: skip
    done, frames = film(show, tmp_path / "film.mp4", replace(PLAIN, roll=True))
    assert done.roll is not None and done.roll_frames > 100 and len(frames) == 24 + done.roll_frames
    assert done.roll.to_dict() == staff_roll(show, training=TRAINING).to_dict()
    wanted = "AI (+ Human)" if human else "AI"
    assert done.to_dict()["background_designer"] == wanted
    assert shows_last(frames[-1], f"Background Designer: {wanted}")
    assert not shows_last(frames[-1], f"Background Designer: {'AI' if human else 'AI (+ Human)'}")


def shows_last(frame: UInt8, text: str) -> bool:
    """True if the last card is what the words give when they are drawn."""
    from genzu.picture.fonts import Fonts
    from genzu.picture.roll import RollText, draw_roll

    roll = draw_roll(RollText(title="", closing=("Umi", text)), SIZE, 24.0, Fonts.on_system())
    return bool(np.abs(grey(frame) - roll.frame(roll.frames - 1)).max() < 70)


def test_a_shared_background_has_the_names_of_its_makers(show: Show, tmp_path: Path) -> None:
    show.add_cut(Cut(number="005", layout=show.cut("001").layout, uses="001", frames=5))
    show.credit(Contribution(name="Board Painter", role=Role.BOARD, cut="001"))
    done, frames = film(show, tmp_path / "film.mp4", replace(PLAIN, roll=True))
    assert off(frames[26], reduced(scene(10), 2)) < 3
    assert done.roll is not None and done.roll.people(Role.BOARD) == {"Board Painter": 2}
    assert done.roll.to_dict() == staff_roll(show, training=TRAINING).to_dict()


def test_names_that_cannot_be_written_are_named(show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from genzu.picture import fonts

    monkeypatch.setattr(fonts, "font_folders", lambda: (tmp_path,))
    done, _ = film(show, tmp_path / "film.mp4", replace(PLAIN, roll=True))
    assert not done.whole and done.undrawn == {"鈴木": "鈴木"}


def test_prores_and_draft(show: Show, tmp_path: Path) -> None:
    done, frames = film(show, tmp_path / "film.mov", replace(PLAIN, prores=True))
    assert off(frames[3], reduced(scene(10), 2)) < 3 and done.form.codec == "ProRes 422 HQ"
    done, frames = film(show, tmp_path / "draft.mp4", FilmOrder(draft=True, roll=False))
    assert done.form.extent == Extent(960, 540) and len(frames) == 24
    with pytest.raises(BadInput, match=r"\.mov"):
        make_film(show, tmp_path / "film.mp4", replace(PLAIN, prores=True), training={})


def test_the_same_film_in_any_number_of_threads(show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from genzu.exchange.video import FilmWriter
    from genzu.steps import film as module

    change(show, "001", camera=CameraPath(start=Framing(0, 0), end=Framing(0.2, 0.2, 0.7), easing=Easing.EASE))
    change(show, "002", dissolve=Dissolve(frames=5, before=2))
    given: list[bytes] = []
    add = FilmWriter.add

    def noted(writer: FilmWriter, frame: Any) -> None:
        given.append(frame.to_ndarray().tobytes())
        add(writer, frame)

    # What the encoder is given, not what it makes of it: x264 decides a little differently from time to time.
    monkeypatch.setattr(FilmWriter, "add", noted)
    found = []
    for workers in (1, 4):
        monkeypatch.setattr(module, "usable_cores", lambda workers=workers: workers)
        make_film(show, tmp_path / f"{workers}.mp4", PLAIN, training=TRAINING)
        found.append(given.copy())
        given.clear()
    assert len(found[0]) == 24 and len(set(found[0])) > 12 and found[0] == found[1]


def test_progress_never_falls(show: Show, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    order = replace(PLAIN, roll=True)
    make_film(show, tmp_path / "film.mp4", order, training={}, watch=lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares) and shares[-1] <= 1 and {what for what, _ in told} == {
        "cut 001", "cut 002", "staff roll"}  # fmt: skip


def test_a_persons_file_is_kept(show: Show, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"mine")
    done = make_film(show, tmp_path / "film.mp4", PLAIN, training={})
    assert done.path.name == "film_new1.mp4" and (tmp_path / "film.mp4").read_bytes() == b"mine"
