"""A review as a production assistant and an art director hold it, by the real command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from psd_tools import PSDImage

from genzu.core.cut import Cut
from genzu.store.show import Show
from tests.cli.conftest import Genzu, draw_layout
from tests.steps.judged_shows import judged_show, painted, touched_up


@pytest.fixture
def show(tmp_path: Path) -> Path:
    with judged_show(tmp_path, cuts=("001", "002", "003")) as made:
        return made.folder


def test_pick_retake_approve_over_many_cuts(genzu: Genzu, show: Path) -> None:
    picked = genzu("pick", "001", "-k", 2, "--by", "監督", "--show", show)
    assert (picked.code, picked.out) == (0, "cut 001 BG: painting 2 (take 2) picked by 監督\n")
    sent = genzu("retake", "001", "002", "--reason", "空が重い", "--by", "監督", "--show", show)
    assert sent.out.splitlines() == [
        "cut 001 BG: painting 2 sent back by 監督: 空が重い", "cut 002 BG: painting 1 sent back by 監督: 空が重い",
    ]  # fmt: skip
    many = genzu("approve", "1-3", "--by", "監督", "--show", show)
    assert many.code == 1
    assert many.out.splitlines()[0] == "cut 003 BG: painting take 1 approved by 監督"
    assert many.out.count("REFUSED: cut 00") == 2
    alone = genzu("approve", "001", "--by", "監督", "--show", show)
    assert alone.code == 2
    assert "--anyway" in alone.err
    with Show.open(show) as opened:
        touched_up(opened, opened.take(2))
    listed = genzu("retake", "--list", "--show", show).out.splitlines()
    assert len(listed) == 1
    assert "cut 002 BG, painting 1: 空が重い (監督); waits for a person" in listed[0]
    assert "answered by take 10 of 佐藤" in genzu("retake", "--list", "--all", "--show", show).out
    assert genzu("retake", "--done", 2, "--by", "監督", "--show", show).code == 0
    assert genzu("retake", "--list", "--show", show).out == "Nothing waits: every retake is answered.\n"
    done = genzu("approve", "001", "002", "--by", "監督", "--show", show, "--json")
    assert [(one["cut"], one["stage"]) for one in json.loads(done.out)["approved"]] == [
        ("001", "retouch"), ("002", "painting"),
    ]  # fmt: skip


def test_a_list_of_picks_is_checked_before_anything_is_entered(genzu: Genzu, show: Path, tmp_path: Path) -> None:
    picks = tmp_path / "picks.csv"
    picks.write_text("cut,sheet,candidate\n001,BG,2\n002,BG,9\n", encoding="utf-8")
    wrong = genzu("pick", "--from", picks, "--by", "A", "--show", show)
    assert wrong.code == 2
    assert "row 3, column C candidate" in wrong.out
    assert "nothing was picked" in wrong.err
    picks.write_text("cut,sheet,candidate\n001,BG,2\n002,BG,\n", encoding="utf-8")
    tried = genzu("pick", "--from", picks, "--by", "A", "--dry-run", "--show", show, "--json")
    assert json.loads(tried.out)["entered"] is False
    with Show.open(show) as opened:
        assert opened.choices() == {}
    assert genzu("pick", "--from", picks, "--by", "A", "--show", show).code == 0
    with Show.open(show) as opened:
        assert list(opened.choices()) == [("001", "BG")]


def test_history_and_comparison_are_told(genzu: Genzu, show: Path, tmp_path: Path) -> None:
    genzu("pick", "001", "-k", 2, "--by", "監督", "--show", show)
    told = genzu("history", "001", "--show", show)
    assert told.code == 0
    lines = told.out.splitlines()
    assert "painting 2 (take 2) by engine fake: seed 0 → 1; line fidelity 0.900, shift 0.00 px" in lines[2]
    assert lines[-1].endswith("picked painting 2 by 監督")
    record = json.loads(genzu("history", "001", "--json", "--show", show).out)
    assert record["history"][-1]["what"] == "picked"
    out = tmp_path / "compared.png"
    compared = genzu("compare", "001", 1, 2, "-o", out, "--show", show)
    assert compared.code == 0, compared.err
    assert out.is_file()
    assert "from A to B: seed 0 → 1" in compared.out
    assert "sky: ΔE" in compared.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["pick", "001", "-k", "2"], "nobody is named"),
        (["pick", "001", "--by", "A"], "which one is picked"),
        (["pick", "001", "-k", "9", "--by", "A"], "there is no candidate 9"),
        (["pick", "001", "--take", "4", "--by", "A"], "belongs to cut 002"),
        (["pick", "001", "--from", "x.csv", "--by", "A"], "leave out the cut"),
        (["pick", "--from", "nowhere.csv", "--by", "A"], "not there"),
        (["retake", "001", "--by", "A"], "no reason is given"),
        (["retake", "001", "--reason", "x"], "nobody is named"),
        (["retake", "404", "--reason", "x", "--by", "A"], "there is no cut '404'"),
        (["retake", "001", "002", "--take", "1", "--reason", "x", "--by", "A"], "several cuts"),
        (["retake", "--done", "7", "--by", "A"], "no such retake"),
        (["approve", "001", "002", "--take", "1", "--by", "A"], "several cuts"),
        (["approve", "--by", "A"], "which cut is meant"),
        (["history", "001", "--sheet", "BOOK9"], "no sheet BOOK9"),
        (["compare", "001", "1", "4", "-o", "x.png"], "belongs to cut 002"),
        (["compare", "001", "one", "2", "-o", "x.png"], "is no take"),
        (["compare", "a.png", "b.png"], "no place for the sheet"),
        (["candidates"], "no place for the overview"),
        (["variants", "--cuts", "001", "--times", "night", "-p", "x"], "know their own"),
        (["variants", "--times", "night"], "no layout is given"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(genzu: Genzu, show: Path, words: list[str], told: str) -> None:
    ran = genzu(*words, "--show", show)
    assert ran.code == 2
    assert told in ran.err
    assert ran.err.count("\n") == 1
    with Show.open(show) as opened:
        assert opened.choices() == {}
        assert opened.retakes() == ()


def test_from_candidates_to_a_machines_answer(genzu: Genzu, tmp_path: Path) -> None:
    folder = tmp_path / "film"
    assert genzu("init", folder).code == 0
    draw_layout(320, 180).save(tmp_path / "house.png")
    added = genzu("add", tmp_path / "house.png", "-c", "001", "-p", "村、夏", "--engine", "fake", "--show", folder)
    assert added.code == 0, added.err
    assert genzu("paint", "--all", "--candidates", 2, "--workers", 1, "--show", folder).code == 0
    seen = json.loads(genzu("candidates", "-o", tmp_path / "over", "--show", folder, "--json").out)
    assert [one["candidate"] for one in seen["sheets"][0]["candidates"]] == [1, 2]
    assert Path(seen["pages"][0]).is_file()
    picked = genzu("pick", "001", "-k", 2, "--by", "監督", "--psd", tmp_path / "work", "--show", folder)
    assert picked.code == 0, picked.err
    psd = tmp_path / "work" / "001_painting_t02.psd"
    names = [layer.name for layer in PSDImage.open(psd)]
    assert "retouch" in names[-1]
    genzu("retake", "001", "--reason", "夕方に", "--by", "監督", "-p", "村、夏、夕方", "--show", folder)
    assert "waits for the machine" in genzu("retake", "--list", "--show", folder).out
    assert genzu("approve", "--by", "監督", "--show", folder).code == 2
    assert genzu("paint", "--all", "--workers", 1, "--show", folder).code == 0
    with Show.open(folder) as opened:
        (asked,) = opened.retakes()
        assert asked.answer is not None
        answered = opened.take(asked.answer.take or 0)
        assert answered.recipe is not None
        assert (answered.recipe.prompt, answered.number) == ("村、夏、夕方", 3)
    assert genzu("approve", "--by", "監督", "--show", folder).code == 0
    delivered = json.loads(genzu("deliver", "-o", tmp_path / "out", "--show", folder, "--json").out)
    assert delivered["notes"] == []
    with Show.open(folder) as opened:
        final = opened.takes("001", "BG")[-1]
        assert final.parents == (answered.id,)
        assert final.measures["approved"] is True


def test_delivering_what_was_sent_back_is_told(genzu: Genzu, show: Path, tmp_path: Path) -> None:
    with Show.open(show) as opened:
        painted(opened, "001", 7)
    genzu("retake", "001", "--reason", "空が重い", "--by", "監督", "--show", show)
    done = genzu("deliver", "--cut", "001", "-o", tmp_path / "out", "--formats", "png", "--show", show)
    assert done.code == 0, done.err
    assert "sent back by 監督 and is not answered yet: 空が重い" in done.out


def test_a_shared_background_is_judged_once_for_all_its_cuts(genzu: Genzu, show: Path) -> None:
    with Show.open(show) as opened:
        opened.add_cut(Cut(number="040", layout=opened.cut("001").layout, uses="001"))
    sent = genzu("retake", "001", "040", "--reason", "空が重い", "--by", "監督", "--show", show)
    assert sent.out.splitlines() == ["cut 001 BG: painting 1 sent back by 監督: 空が重い"]
    assert "cut 001 BG" in genzu("retake", "--list", "040", "--show", show).out
    assert genzu("retake", "--list", "002", "--show", show).out.startswith("Nothing waits")
    assert genzu("pick", "040", "-k", 2, "--by", "監督", "--show", show).out.startswith("cut 001 BG: painting 2")
    done = genzu("approve", "001", "040", "--by", "監督", "--show", show)
    assert done.out.splitlines() == ["cut 001 BG: painting take 2 approved by 監督"]
