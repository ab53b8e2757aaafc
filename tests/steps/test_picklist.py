from __future__ import annotations

from pathlib import Path

import pytest
from judged_shows import judged_show

from genzu.core.cut import Cut
from genzu.errors import BadInput, Refused
from genzu.steps.candidates import write_candidates
from genzu.steps.picklist import enter_picks, plan_picks
from genzu.store.show import Show


@pytest.fixture
def show(tmp_path: Path) -> Show:
    return judged_show(tmp_path, cuts=("001", "002", "010"))


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "picks.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("cut,sheet,candidate,by\r\n001,BG,2,新井\r\n010,BG,3,新井\r\n002,BG,,\r\n", "utf-8-sig"),
        ("カット;シート;候補;選者\n1;;２;新井\nc010;BG;3;新井\n2;BG;;\n", "cp932"),
        ("Pick\tCut\n2\t001\n3\t010\n\t002\n", "utf-16"),
    ],
)
def test_lists_as_people_save_them(show: Show, tmp_path: Path, text: str, encoding: str) -> None:
    plan = plan_picks(show, written(tmp_path, text, encoding), by="新井")
    assert plan.errors == ()
    assert plan.undecided == 1
    enter_picks(show, plan)
    picked = {cut: show.picked(cut, "BG") for cut in ("001", "002", "010")}
    assert [take and take.number for take in picked.values()] == [2, None, 3]
    assert {choice.by for choice in show.choices().values()} == {"新井"}


def test_every_row_is_checked_and_nothing_is_half_entered(show: Show, tmp_path: Path) -> None:
    text = (
        "cut,sheet,candidate,by\n001,BG,2,新井\n404,BG,1,新井\n002,BG,9,新井\n010,BG,x,新井\n001,BG,3,新井\n"
        "010,BOOK1,1,新井\n010,BG,1,\n,BG,1,新井\n"
    )
    plan = plan_picks(show, written(tmp_path, text))
    found = [(one.spot.row, one.column[:1], one.sentence) for one in plan.errors]
    assert [(row, column) for row, column, _ in found] == [
        (3, "A"), (4, "C"), (5, "C"), (6, "A"), (7, "C"), (8, "D"), (9, "A"),
    ]  # fmt: skip
    assert "offered are: 1, 2, 3" in found[1][2]
    assert "row 2 already" in found[3][2]
    with pytest.raises(Refused, match="7 rows are wrong, and nothing was picked"):
        enter_picks(show, plan)
    assert show.choices() == {}


def test_a_shared_background_is_picked_once(show: Show, tmp_path: Path) -> None:
    show.add_cut(Cut(number="040", layout=show.cut("001").layout, uses="001"))
    same = plan_picks(show, written(tmp_path, "cut,candidate,by\n001,2,A\n040,2,A\n"))
    assert (same.errors, len(same.picks)) == ((), 1)
    other = plan_picks(show, written(tmp_path, "cut,candidate,by\n040,2,A\n001,3,A\n"))
    assert "cut 001 BG was picked in row 2 already" in other.errors[0].sentence


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "empty"), ("sheet,candidate\nBG,1\n", "column for the cut"), ("cut,sheet\n1,BG\n", "for the candidate"),
     ('cut,candidate\n"1,2\n', "cannot be read"), ("\0\1\2", "no text")],
)  # fmt: skip
def test_what_is_no_list_is_told_in_one_sentence(show: Show, tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        plan_picks(show, written(tmp_path, text))


def test_the_list_that_the_overview_writes_can_be_filled_in_and_is_kept(show: Show, tmp_path: Path) -> None:
    show.pick(2, "監督")
    show.retake(2, reason="空が重い", by="監督")
    made = write_candidates(show, ["001", "002", "010"], tmp_path / "over")
    assert [page.name for page in made.pages] == ["candidates.jpg"]
    first = made.to_dict()["sheets"][0]
    assert (first["chosen_take"], first["sent_back"]) == (2, "空が重い")
    assert [one["candidate"] for one in first["candidates"]] == [1, 2, 3]
    text = made.picks.read_bytes().decode("utf-8-sig")
    assert '001,BG,,,"1, 2, 3"' in text
    filled = text.replace("002,BG,,", "002,BG,3,新井")
    made.picks.write_bytes(filled.encode("utf-8-sig"))
    again = write_candidates(show, ["001", "002", "010"], tmp_path / "over")
    assert again.picks.name == "picks_new1.csv"
    plan = plan_picks(show, made.picks)
    assert [(one.take.cut, one.take.number, one.by) for one in plan.picks] == [("002", 3, "新井")]
    assert plan.findings == ()


def test_many_sheets_go_on_several_pages(show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genzu.steps.candidates.ROWS", 2)
    show.add_cut(Cut(number="011", layout=show.cut("001").layout))
    made = write_candidates(show, ["001", "002", "010", "011"], tmp_path / "over")
    assert [page.name for page in made.pages] == ["candidates_01.jpg", "candidates_02.jpg"]
    assert made.notes[0] == "not painted yet: 011"
