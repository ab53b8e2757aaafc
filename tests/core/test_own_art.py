from __future__ import annotations

import pytest

from genzu.core.own_art import TrainingFile, TrainingRun, set_digest, shares
from genzu.errors import BadRecord

SHA = "0123456789abcdef" * 4


def picture(number: int = 0, owner: str = "Studio", licence: str = "own", waived_by: str = "") -> TrainingFile:
    return TrainingFile(
        file=f"{number}.png", sha=SHA, width=4, height=3, owner=owner, licence=licence, waived_by=waived_by
    )


def training(*files: TrainingFile) -> TrainingRun:
    return TrainingRun(
        lora=SHA, name="a.safetensors", title="A", author="B", licence="", family="sd15", base="base", trigger="t",
        created="2026-01-01T00:00:00Z", files=files, settings={"steps": 8},
    )  # fmt: skip


def test_a_training_goes_to_json_and_back() -> None:
    run = training(picture(0), picture(1, owner="", licence="", waived_by="Mori"))
    assert TrainingRun.from_dict(run.to_dict()) == run


@pytest.mark.parametrize(("owner", "licence"), [("", "own"), ("Studio", ""), ("", "")])
def test_a_picture_without_owner_or_licence_needs_somebody_who_says_so(owner: str, licence: str) -> None:
    with pytest.raises(BadRecord, match="no owner or no licence"):
        picture(owner=owner, licence=licence)
    assert picture(owner=owner, licence=licence, waived_by="Mori").waived_by == "Mori"


def test_errors_carry_the_path_to_the_field() -> None:
    record = training(picture(0), picture(1)).to_dict()
    record["files"][1]["width"] = "wide"
    with pytest.raises(BadRecord, match=r"training\.files\[1\]\.width"):
        TrainingRun.from_dict(record)
    with pytest.raises(BadRecord, match="update Genzu"):
        TrainingRun.from_dict({**record, "version": 99})
    with pytest.raises(BadRecord, match="learned from nothing"):
        training()


def test_shares_name_every_owner_and_licence_the_largest_first() -> None:
    files = [picture(0), picture(1, "Aoki", "CC-BY-4.0"), picture(2), picture(3, "", "", "Mori")]
    assert [(one.owner, one.licence, one.count) for one in shares(files)] == [
        ("Studio", "own", 2), ("Aoki", "CC-BY-4.0", 1), ("owner not stated", "no licence entry", 1),
    ]  # fmt: skip


def test_the_digest_of_a_set_changes_with_a_licence() -> None:
    assert set_digest([picture(0)]) != set_digest([picture(0, licence="CC0-1.0")])
    assert set_digest([picture(0)]) == set_digest([picture(0)])
