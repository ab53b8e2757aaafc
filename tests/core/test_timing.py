from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cutlists import RATES

from genzu.core.timing import FILM, FrameRate, from_timecode, length, seconds_and_frames, timecode
from genzu.errors import BadInput

DROP = FrameRate.parse("29.97df")


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("24", Fraction(24)), ("２４", Fraction(24)), ("23.976", Fraction(24000, 1001)),
        ("23.98", Fraction(24000, 1001)), ("29.97", Fraction(30000, 1001)),
        ("30000/1001", Fraction(30000, 1001)), ("12.5", Fraction(25, 2)),
        ("25 fps", Fraction(25)),
    ],
)  # fmt: skip
def test_rates_are_exact_fractions(text: str, rate: Fraction) -> None:
    assert FrameRate.parse(text).rate == rate


@given(RATES)
def test_a_rate_comes_back_from_its_text_and_from_the_float_of_another_program(fps: FrameRate) -> None:
    assert FrameRate.parse(str(fps)) == fps
    assert FrameRate.of(float(fps.rate), drop=fps.drop) == fps


@pytest.mark.parametrize("text", ["", "0", "-24", "24/0", "121", "1e9", "film", "24df", "25df", "9" * 400, "nan"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        FrameRate.parse(text)


def test_drop_frame_skips_numbers_as_the_standard_says() -> None:
    places = {1799: "00:00:59;29", 1800: "00:01:00;02", 17982: "00:10:00;00", 107892: "01:00:00;00"}
    for frames, text in places.items():
        assert timecode(frames, DROP) == text
        assert from_timecode(text, DROP) == frames
    with pytest.raises(BadInput, match="does not exist"):
        from_timecode("00:01:00;01", DROP)
    assert from_timecode("00:10:00;01", DROP) == 17983


@given(st.integers(0, 24 * 3600 * 24 - 1), RATES)
def test_every_frame_of_the_day_has_its_own_timecode(frames: int, fps: FrameRate) -> None:
    frames %= int(24 * 3600 * fps.rate)
    assert from_timecode(timecode(frames, fps), fps) == frames


@pytest.mark.parametrize(
    "text", ["", "1:2:3", "00:00:00:24", "00:60:00:00", "00:00:61:00", "aa:bb:cc:dd", "00:00:00:-1"]
)
def test_what_is_no_timecode_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        from_timecode(text, FILM)


@pytest.mark.parametrize(
    ("text", "frames"),
    [("3+12", 84), ("３＋１２", 84), ("3秒12コマ", 84), ("3s12f", 84), ("3秒", 72), ("3+", 72), ("84f", 84),
     ("84コマ", 84), ("0+00", 0), ("84K", 84), ("3 + 12", 84), ("3sec", 72)],
)  # fmt: skip
def test_lengths_as_people_write_them(text: str, frames: int) -> None:
    assert length(text, FILM) == frames


def test_a_plain_number_needs_a_unit() -> None:
    assert length("84", FILM, unit="frames") == 84
    assert length("3.5", FILM, unit="seconds") == 84
    with pytest.raises(BadInput, match="seconds or frames"):
        length("84", FILM)
    with pytest.raises(BadInput, match="whole number"):
        length("3.33", FILM, unit="seconds")


@pytest.mark.parametrize("text", ["3+24", "-5", "3+-1", "", "three", "9999999999", "999999+00", "1/2"])
def test_what_is_no_length_is_refused(text: str) -> None:
    for unit in ("", "frames", "seconds"):
        with pytest.raises(BadInput):
            length(text, FILM, unit=unit)


@given(st.integers(0, 10**6), RATES)
def test_a_length_comes_back_from_seconds_and_frames(frames: int, fps: FrameRate) -> None:
    assert length(seconds_and_frames(frames, fps), fps) == frames
