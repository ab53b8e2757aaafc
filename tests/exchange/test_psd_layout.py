from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genzu.errors import WrongSize
from genzu.exchange.psd_flat import read_flat_psd
from genzu.exchange.psd_layout import write_layout_psd
from genzu.exchange.psd_read import read_psd


def _sheets() -> dict[str, np.ndarray]:
    ground = np.full((90, 160, 4), 255, np.uint8)
    ground[40:43, :, :3] = 30
    book = np.zeros((90, 160, 4), np.uint8)
    book[10:60, 100:150] = (200, 190, 180, 255)
    book[10:12, 100:150, :3] = 20
    return {"BG": ground, "BOOK1": book}


def test_sheets_come_back_as_they_were_given(tmp_path: Path) -> None:
    given = _sheets()
    write_layout_psd(tmp_path / "layout.psd", given, title="A hill")
    found = read_psd(tmp_path / "layout.psd")
    assert [sheet.name for sheet in found.sheets] == ["BG", "BOOK1"]
    for sheet in found.sheets:
        covered = given[sheet.name][..., 3] > 0
        assert np.array_equal(sheet.pixels[..., 3] > 0, covered)
        assert np.array_equal(sheet.pixels[covered], given[sheet.name][covered])


def test_the_merged_picture_has_the_book_before_the_ground(tmp_path: Path) -> None:
    given = _sheets()
    write_layout_psd(tmp_path / "layout.psd", given)
    merged = read_flat_psd(tmp_path / "layout.psd").pixels
    assert np.array_equal(merged[41, 120, :3], given["BOOK1"][41, 120, :3])
    assert np.array_equal(merged[41, 20, :3], given["BG"][41, 20, :3])


def test_a_sheet_of_another_size_is_refused(tmp_path: Path) -> None:
    sheets = _sheets() | {"BOOK1": np.zeros((80, 160, 4), np.uint8)}
    with pytest.raises(WrongSize, match="BOOK1"):
        write_layout_psd(tmp_path / "layout.psd", sheets)
    assert not (tmp_path / "layout.psd").exists()
