from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from own_paintings import NAMES, make_folder, painted
from PIL import Image
from psd_tools import PSDImage

from genzu.errors import BadInput, NotFound, UnreadablePicture
from genzu.steps.own_art.licences import read_ledger, write_entries
from genzu.steps.own_art.training_set import Wishes, gather, without_entry


def test_every_picture_carries_its_hash_owner_licence_and_caption(tmp_path: Path) -> None:
    art = gather(make_folder(tmp_path), Wishes(), least_side=64)
    assert {one.record.file for one in art.pictures} == set(NAMES)
    for one in art.pictures:
        assert one.record.sha == sha256(one.path.read_bytes()).hexdigest()
        assert (one.record.owner, one.record.licence, one.record.source) == ("Studio Aoi", "own work", "SHOW 2024")
        assert (one.record.width, one.record.height) == (192, 108)
    captions = {one.record.file: one.record.caption for one in art.pictures}
    assert captions["SHOW_c001_harbour_autumn_dusk.png"] == "harbour, autumn, dusk"
    assert captions["駅/c003_秋_夕方.png"] == "station, autumn, dusk"
    assert art.remarks == ()


def test_a_picture_without_an_entry_is_refused_by_its_name(tmp_path: Path) -> None:
    make_folder(tmp_path)
    painted(99).save(tmp_path / "駅" / "found_somewhere.png")
    with pytest.raises(
        BadInput, match=r"no licence entry in licences.csv for 駅/found_somewhere.png;.*--without-licence"
    ):
        gather(tmp_path, Wishes(), least_side=64)
    assert len(gather(tmp_path, Wishes(leave_out=("駅/found*",)), least_side=64).pictures) == 4
    (tmp_path / "licences.csv").unlink()
    with pytest.raises(BadInput, match=r"no licences.csv.* for .*SHOW_c001"):
        gather(tmp_path, Wishes(), least_side=64)


def test_somebody_may_answer_for_a_picture_by_name_and_that_is_recorded(tmp_path: Path) -> None:
    make_folder(tmp_path)
    painted(99).save(tmp_path / "old_gate.png")
    with pytest.raises(BadInput, match="--by NAME"):
        gather(tmp_path, Wishes(without_licence=("old_gate.png",)), least_side=64)
    for wrong in ("*", "old_gate", "nothing.png"):
        with pytest.raises(NotFound, match="no painting"):
            gather(tmp_path, Wishes(without_licence=(wrong,), by="Mori"), least_side=64)
    with pytest.raises(BadInput, match="has a licence entry"):
        gather(tmp_path, Wishes(without_licence=("c004_meadow.jpg",), by="Mori"), least_side=64)
    art = gather(tmp_path, Wishes(without_licence=("old_gate.png",), by="Mori"), least_side=64)
    (record,) = [file for file in art.files if file.file == "old_gate.png"]
    assert (record.owner, record.licence, record.waived_by) == ("", "", "Mori")
    assert any("without a licence entry" in remark and "old_gate.png" in remark for remark in art.remarks)


def test_duplicates_and_small_pictures_are_told(tmp_path: Path) -> None:
    make_folder(tmp_path, (*NAMES, "z_again.jpg", "y_tiny.png"))
    Image.open(tmp_path / NAMES[0]).save(tmp_path / "z_again.jpg", quality=60)
    painted(50, (80, 45)).save(tmp_path / "y_tiny.png")
    art = gather(tmp_path, Wishes(), least_side=64)
    assert {file.file for file in art.files} == set(NAMES)
    assert any("z_again.jpg (as SHOW_c001_harbour_autumn_dusk.png)" in remark for remark in art.remarks)
    assert any("Too small" in remark and "y_tiny.png (80×45" in remark for remark in art.remarks)
    assert len(gather(tmp_path, Wishes(keep_duplicates=True), least_side=64).pictures) == 5


def test_a_layout_beside_its_painting_is_paired_and_never_learned_as_a_painting(tmp_path: Path) -> None:
    make_folder(tmp_path)
    Image.new("L", (192, 108), 255).save(tmp_path / "c004_meadow_layout.png")
    Image.new("L", (192, 108), 255).save(tmp_path / "駅" / "c003_秋_夕方_原図.png")
    Image.new("L", (192, 108), 255).save(tmp_path / "alone_genzu.png")
    art = gather(tmp_path, Wishes(), least_side=64)
    assert {one.record.file: one.layout and one.layout.name for one in art.pictures} == {
        NAMES[0]: None, NAMES[1]: None, NAMES[2]: "c003_秋_夕方_原図.png", NAMES[3]: "c004_meadow_layout.png",
    }  # fmt: skip


def test_a_file_that_changed_since_its_entry_is_refused(tmp_path: Path) -> None:
    make_folder(tmp_path, ledger=False)
    ledger = tmp_path / "licences.csv"
    new = without_entry(tmp_path, ledger)
    write_entries(ledger, new, owner="Studio", licence="own", source="")
    assert set(read_ledger(ledger)) == set(NAMES)
    assert without_entry(tmp_path, ledger) == []
    assert len(gather(tmp_path, Wishes(), least_side=64).pictures) == 4
    painted(77).save(tmp_path / "c004_meadow.jpg")
    with pytest.raises(BadInput, match=r"c004_meadow.jpg: the file is another one"):
        gather(tmp_path, Wishes(), least_side=64)


def test_psd_tiff_and_16_bit_are_taken(tmp_path: Path) -> None:
    PSDImage.frompil(painted(1)).save(tmp_path / "a_sea.psd")
    painted(2).save(tmp_path / "b_sea.tif")
    grey = (np.asarray(painted(3).convert("L"), np.uint16) * 257).astype(np.uint16)
    Image.fromarray(grey).save(tmp_path / "c_sea.png")
    see_through = painted(4).convert("RGBA")
    see_through.putalpha(Image.linear_gradient("L").resize((192, 108)))
    see_through.save(tmp_path / "d_sea.png")
    write_entries(
        tmp_path / "licences.csv", without_entry(tmp_path, tmp_path / "x"), owner="A", licence="own", source=""
    )
    art = gather(tmp_path, Wishes(), least_side=64)
    assert len(art.pictures) == 4
    assert [remark for remark in art.remarks if "See-through" in remark and "d_sea.png" in remark]


def test_a_broken_picture_or_an_empty_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no painting in it"):
        gather(tmp_path, Wishes(), least_side=64)
    with pytest.raises(NotFound, match="no such folder"):
        gather(tmp_path / "nowhere", Wishes(), least_side=64)
    make_folder(tmp_path)
    whole = (tmp_path / NAMES[0]).read_bytes()
    (tmp_path / NAMES[0]).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadablePicture, match=NAMES[0]):
        gather(tmp_path, Wishes(), least_side=64)


def test_limited_licences_and_empty_captions_are_told(tmp_path: Path) -> None:
    make_folder(tmp_path, ("001.png", "002_sea.png"))
    (tmp_path / "licences.csv").write_text(
        "file,owner,licence\n001.png,A,CC-BY-NC-4.0\n002_sea.png,A,own\n9.png,A,own\n"
    )
    said = " ".join(gather(tmp_path, Wishes(), least_side=64).remarks)
    for part in (
        "001.png (CC-BY-NC-4.0)",
        "only the trigger word will stand for it: 001.png",
        "not in the folder: 9.png",
    ):
        assert part in said
