from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genzu.errors import BadInput
from genzu.exchange.cutlist_text import LONGEST_LINE, decode, read_bytes, refuse_endless_lines

HERE = Path("list.csv")
JAPANESE = st.text(st.sampled_from("港町秋夕方の駅アイウ、。ｱｲｳ縺繧A1,\n"), min_size=1, max_size=40)


@given(JAPANESE, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@settings(max_examples=60)
def test_unicode_is_never_mistaken(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), HERE) == text


@pytest.mark.parametrize("text", ["カット,尺\n1,港町の夕方\n", "1,秋の小さな駅\n2,雪の村\n3,都市と花火", "場所,ｶｯﾄ"])
def test_shift_jis_is_understood(text: str) -> None:
    assert decode(text.encode("cp932"), HERE) == text


@pytest.mark.parametrize("order", [0, 1])
def test_two_encodings_in_one_file_are_refused_with_their_lines(order: int) -> None:
    lines = ["1,港町".encode(), "2,夕方の駅".encode("cp932")]
    with pytest.raises(BadInput, match=r"line \d is UTF-8 and line \d is not"):
        decode(b"cut,place\n" + b"\n".join(lines[:: -1 if order else 1]), HERE)


@given(st.binary(max_size=200))
@settings(max_examples=60)
def test_any_bytes_are_text_or_a_clear_error(content: bytes) -> None:
    try:
        assert "\0" not in decode(content, HERE)
    except BadInput as error:
        assert error.sentence.startswith("list.csv: ")


def test_lines_without_end_and_empty_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="line 2"):
        refuse_endless_lines("a\n" + "x" * (LONGEST_LINE + 1), HERE)
    (tmp_path / "empty").write_bytes(b"\n \n")
    with pytest.raises(BadInput, match="empty"):
        read_bytes(tmp_path / "empty")
