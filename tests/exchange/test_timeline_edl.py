from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cutlists import LINE, cutlists

from genzu.core.cutlist import CutList, CutListEntry
from genzu.core.findings import errors_of
from genzu.core.timing import FILM, FrameRate
from genzu.core.transition import Dissolve
from genzu.errors import BadInput

pytest.importorskip("otio_cmx3600_adapter", reason="EDL needs OpenTimelineIO's adapter: pip install 'genzu[timeline]'")

from genzu.exchange.timeline_edl import read_edl, write_edl

AVID = """\
TITLE: REEL 1
FCM: NON-DROP FRAME

001  A012     V     C        05:00:00:00 05:00:03:12 01:00:00:00 01:00:03:12
* FROM CLIP NAME:  c012
* SOURCE FILE: something
002  AX       A     C        00:00:00:00 00:00:03:12 01:00:00:00 01:00:03:12
003  A012     V     C        05:00:03:12 05:00:03:12 01:00:03:12 01:00:03:12
003  B013     V     D    012 06:00:00:00 06:00:02:00 01:00:03:12 01:00:05:12
* FROM CLIP NAME:  c012
* TO CLIP NAME:  c013
004  014      V     C        00:00:00:00 00:00:01:00 01:00:06:12 01:00:07:12
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("edl")


def saved(folder: Path, text: str) -> Path:
    path = folder / "foreign.edl"
    path.write_text(text, encoding="utf-8")
    return path


def held(cutlist: CutList) -> CutList:
    """What an EDL has a place for."""

    def entry(index: int, one: CutListEntry) -> CutListEntry:
        dissolve = Dissolve(frames=one.dissolve.frames) if one.dissolve and index else None
        note = "\n".join(line.strip() for line in one.note.splitlines()).strip()
        return CutListEntry(
            number=one.number,
            frames=one.frames,
            layout=one.layout,
            record_in=one.record_in,
            dissolve=dissolve,
            note=note,
        )

    timed = cutlist.with_times()
    kept = replace(timed, entries=tuple(entry(n, one) for n, one in enumerate(timed.entries)))
    start = kept.entries[0].record_in or 0
    return replace(
        kept, record_start=start, title=" ".join(cutlist.title.replace("TITLE:", " ").split())
    ).without_times()


@given(cutlists(LINE, measured=True))
@settings(max_examples=50)
def test_what_an_edl_holds_comes_back_at_every_frame_rate(folder: Path, cutlist: CutList) -> None:
    path = folder / "film.edl"
    if cutlist.fps.nominal < 24:
        with pytest.raises(BadInput, match="SMPTE"):
            write_edl(path, cutlist)
        return
    write_edl(path, cutlist)
    found = read_edl(path, cutlist.fps)
    assert errors_of(found.findings) == ()
    assert found.cutlist == held(cutlist)


def test_what_an_edl_does_not_hold_is_told(folder: Path) -> None:
    cuts = (
        CutListEntry(number="001", frames=24, place="港町", dissolve=Dissolve(frames=6)),
        CutListEntry(number="002", frames=24, uses="001", dissolve=Dissolve(frames=6, before=3)),
        CutListEntry(number="003", note="a\n  b"),
    )
    film = CutList(entries=cuts, fps=FrameRate.parse("25"), title="a\tb")
    said = " ".join(f"{one.column}: {one.sentence}" for one in write_edl(folder / "film.edl", film))
    for words in ("place: ", "uses: ", "002", "left out: 003", "start of the film", "--fps 25", "blanks", "one line"):
        assert words in said
    assert "season" not in said


def test_an_edl_of_another_program(folder: Path) -> None:
    found = read_edl(saved(folder, AVID))
    assert [(one.number, one.frames, one.record_in) for one in found.cutlist.entries] == [
        ("c012", 84, None), ("c013", 48, None), ("014", 24, 86400 + 156)
    ]  # fmt: skip
    assert found.cutlist.record_start == 86400
    assert found.cutlist.entries[1].dissolve == Dissolve(frames=12)
    assert [one.spot.row for one in found.cutlist.entries] == [4, 9, 12]
    assert "note" not in found.cutlist.entries[0].held
    said = " ".join(one.sentence for one in found.findings)
    assert "1 comments" in said
    assert "track" in said or any(one.spot.track == "A" for one in found.findings)
    assert errors_of(found.findings) == ()


def test_drop_frame_is_read_off_the_file(folder: Path) -> None:
    text = (
        "TITLE: x\nFCM: DROP FRAME\n\n"
        "001  A  V  C  00:00:00:00 00:01:00:02 01:00:00:00 01:01:00:02\n* FROM CLIP NAME:  001\n"
    )
    found = read_edl(saved(folder, text))
    assert found.cutlist.fps == FrameRate.parse("29.97df")
    assert found.cutlist.entries[0].frames == 1800
    assert errors_of(read_edl(saved(folder, text), FILM).findings)
    mixed = text + "FCM: NON-DROP FRAME\n002  A  V  C  00:00:00:00 00:00:01:00 01:02:00:02 01:02:01:02\n"
    assert errors_of(read_edl(saved(folder, mixed)).findings)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("004  A  V  C  00:00:00:00 00:00:01:00 01:00:06:12", "no event"),
        ("004  A  V  C  00:00:00:00 00:00:01:00 01:00:06:12 01:00:06:24", "no timecode"),
        ("004  A  V  C  00:00:00:00 00:00:01:00 01:00:06:12 01:00:09:12", "72 of the film"),
        ("004  A  V  C  00:00:00:00 00:00:01:00 01:00:00:12 01:00:01:12", "before the one in row 9"),
        ("004  A  V  C  00:00:01:00 00:00:00:00 01:00:07:12 01:00:06:12", "ends before it begins"),
    ],
)
def test_faults_are_named_with_their_row(folder: Path, line: str, words: str) -> None:
    broken = "\n".join([*AVID.splitlines()[:-1], line])
    found = read_edl(saved(folder, broken))
    (fault,) = errors_of(found.findings)
    assert fault.where == "row 12"
    assert words in fault.sentence
    assert found.cutlist.entries == ()


@pytest.mark.parametrize("text", ["", "TITLE: x\n", "hello\n", "\x00\x01", "001\n" * 3, "x" * 300_000])
def test_what_is_no_edl_is_refused_or_named(folder: Path, text: str) -> None:
    try:
        found = read_edl(saved(folder, text))
    except BadInput as error:
        assert "foreign.edl" in error.sentence
    else:
        assert errors_of(found.findings)


@given(st.lists(st.sampled_from(AVID.splitlines()), max_size=12), st.binary(max_size=30))
@settings(max_examples=40)
def test_shuffled_and_damaged_lines_never_end_in_a_traceback(folder: Path, lines: list[str], tail: bytes) -> None:
    path = folder / "damaged.edl"
    path.write_bytes("\n".join([*lines, ""]).encode() + tail)
    try:
        read_edl(path)
    except BadInput as error:
        assert str(path) in error.sentence


def test_times_beyond_a_day_are_refused(folder: Path) -> None:
    film = CutList(entries=(CutListEntry(number="1", frames=48),), record_start=24 * 3600 * 24 - 47)
    with pytest.raises(BadInput, match="beyond a day"):
        write_edl(folder / "late.edl", film)
    with pytest.raises(BadInput, match="no cut has a length"):
        write_edl(folder / "none.edl", CutList(entries=(CutListEntry(number="1"),)))
