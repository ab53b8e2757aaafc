from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from tests.cutlists import cutlists

from genzu.core.cutlist import CutList, CutListEntry
from genzu.core.cutlist_check import Known, check
from genzu.core.findings import Finding, Spot
from genzu.core.transition import Dissolve


def film(*cuts: dict[str, Any], **values: Any) -> CutList:
    """Cuts of 24 frames, in rows 2, 3 …, under Japanese headings."""
    entries = (
        CutListEntry(**{"number": f"{n:03}", "frames": 24, **cut}, spot=Spot(row=n + 1))
        for n, cut in enumerate(cuts, 1)
    )
    columns = {"number": "A カット", "frames": "B 尺", "place": "C 場所", "uses": "D 兼用", "season": "E 季節"}
    return CutList(entries=tuple(entries), columns=columns, **values)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.severity.value, finding.where) for finding in findings]


def test_a_sound_film_has_no_findings() -> None:
    shared = film({"place": "港町", "season": "秋"}, {"uses": "001", "dissolve": Dissolve(frames=12)}, {"time": "夕方"})
    assert check(shared) == ()


def test_all_faults_are_found_at_once_each_at_its_place() -> None:
    broken = film(
        {},
        {"number": "1"},
        {"frames": 0},
        {"place": "みなとま"},
        {"uses": "099"},
        {"season": "autum"},
        {"frames": None},
    )
    findings = check(broken, Known(places=("みなとまち",)))
    assert told(findings) == [
        ("error", "row 3, column A カット"), ("error", "row 4, column B 尺"), ("warning", "row 4, column A カット"),
        ("error", "row 5, column C 場所"), ("error", "row 6, column D 兼用"), ("error", "row 7, column E 季節"),
        ("warning", "row 8, column B 尺"),
    ]  # fmt: skip
    said = " ".join(finding.sentence for finding in findings)
    for words in (
        "first in row 2",
        "lasts 0 frames",
        "did you mean みなとまち",
        "which is nowhere",
        "autumn",
        "no cut 2",
    ):
        assert words in said
    assert all(finding.sentence.endswith(".") and "\n" not in finding.sentence for finding in findings)


@pytest.mark.parametrize("uses", [["", "002"], ["002", "001"], ["002", "003", "001"], ["2", "1"]])
def test_shared_backgrounds_must_not_go_round(uses: list[str]) -> None:
    ring = film(*({"uses": number} for number in uses))
    findings = check(ring)
    assert findings
    assert {finding.column for finding in findings} == {"D 兼用"}
    assert all(finding.is_error for finding in findings)


def test_a_chain_of_shared_backgrounds_is_well() -> None:
    assert check(film({}, {"uses": "001"}, {"uses": "002"})) == ()
    assert check(film({"uses": "c77"}), Known(cuts=("077",))) == ()


def test_gaps_in_numbers_and_times_are_told_and_overlaps_are_errors() -> None:
    gaps = film({}, {"number": "005"}, {"number": "006", "record_in": 60}, {"number": "007", "record_in": 70})
    findings = check(gaps)
    assert [finding.severity.value for finding in findings] == ["warning", "warning", "error"]
    said = [finding.sentence for finding in findings]
    assert "no cut 2 to 4 between 001 and 005" in said[0]
    assert "12 frames between the end of cut 005 and cut 006" in said[1]
    assert "14 frames before the end of cut 006" in said[2]
    assert check(film({}, {"number": "003"}), Known(cuts=("002",))) == ()
    assert check(film({"number": "001"}, {"number": "1001"}, {"number": "OP-3"})) == ()


def test_a_place_is_the_shows_or_a_word_that_is_known() -> None:
    known = Known(places=("ハルの家",))
    assert check(film({"place": "ハル の家"}, {"place": "station"}), known) == ()
    (typo,) = check(film({"place": "ハルの宿"}), known)
    assert typo.is_error
    assert "ハルの家" in typo.sentence
    (near,) = check(film({"place": "港街"}), Known(places=("港町",)))
    assert not near.is_error
    assert "does not share its board" in near.sentence
    assert check(film({"place": "第三埠頭の奥の店"}), Known(any_place=True)) == ()


def test_a_whole_sentence_is_no_place() -> None:
    for place in ("x" * 101, "a\nb", "ﷺ" * 50):
        (finding,) = check(film({"place": place}), Known(any_place=True))
        assert finding.is_error


def test_dissolves_must_fit_into_their_cuts() -> None:
    assert check(film({"dissolve": Dissolve(frames=12, before=3)}))
    assert check(film({}, {"dissolve": Dissolve(frames=25)}))
    assert check(film({}, {"dissolve": Dissolve(frames=40, before=30)}))
    assert check(film({}, {"dissolve": Dissolve(frames=40, before=20)})) == ()


def test_an_empty_list_is_an_error() -> None:
    (finding,) = check(CutList())
    assert finding.is_error


@given(cutlists())
@settings(max_examples=40)
def test_checking_never_fails(cutlist: CutList) -> None:
    for finding in check(cutlist):
        assert finding.sentence.endswith(".")


def test_the_largest_list_is_checked_cut_by_cut() -> None:
    many = CutList(entries=tuple(CutListEntry(number=str(n), frames=1, uses=str(n - 1)) for n in range(1, 20_001)))
    assert [finding.sentence for finding in check(many)] == ["cut 1 shows the background of cut 0, which is nowhere."]
