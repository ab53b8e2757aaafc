from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from judged_shows import judged_show, painted, touched_up

from genzu.errors import NotFound
from genzu.steps.history import Moment, history_of


def told(moments: tuple[Moment, ...]) -> list[tuple[str, str, str]]:
    return [(one.what, one.who, one.words) for one in moments]


def test_a_cut_tells_who_did_what_in_order(tmp_path: Path) -> None:
    show = judged_show(tmp_path, candidates=2)
    show.pick(2, "助手")
    show.retake(2, reason="空が重い", by="監督", note="電話")
    edited = touched_up(show, show.take(2))
    show.approve(edited.id, "監督")
    moments = history_of(show, "001")
    assert told(moments)[1:] == [
        ("painting", "engine fake", "“港町”, seed 0"),
        ("painting", "engine fake", "seed 0 → 1"),
        ("picked", "助手", ""),
        ("sent back", "監督", "空が重い"),
        ("retouch", "佐藤", "of painting 2"),
        ("answered", "佐藤", "retake 1"),
        ("approved", "監督", ""),
    ]
    assert moments[0].what == "ordered"
    assert "layout.png" in moments[0].words
    first = moments[1].to_dict()
    assert first["measures"] == {"line_fidelity": 0.9, "shift": 0.0, "seconds": 0.5}
    assert moments[5].to_dict()["measures"] == {"changed_share": 0.25}


def test_a_retake_with_an_order_tells_both(tmp_path: Path) -> None:
    show = judged_show(tmp_path, candidates=1)
    show.retake(1, reason="夕方に", by="監督", order=replace(show.cut("001"), prompt="港町、夕方", seed=3))
    painted(show, "001", 3, prompt="港町、夕方")
    assert told(history_of(show, "001"))[2:] == [
        ("ordered", show.history("001")[2].who, "prompt “港町” → “港町、夕方”, seed 0 → 3"),
        ("sent back", "監督", "夕方に; ordered anew"),
        ("painting", "engine fake", "prompt “港町” → “港町、夕方”, seed 0 → 3"),
        ("answered", "engine fake", "retake 1"),
    ]


def test_one_sheet_is_told_alone_with_its_cuts_orders(tmp_path: Path) -> None:
    show = judged_show(tmp_path, candidates=1)
    painted(show, "001", sheet="BOOK1")
    assert [one.sheet for one in history_of(show, "001", "BOOK1")] == ["", "BOOK1"]
    with pytest.raises(NotFound, match="no such cut"):
        history_of(show, "404")
