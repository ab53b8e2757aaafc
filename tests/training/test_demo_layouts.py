from __future__ import annotations

import json
from pathlib import Path

import mahotas
import numpy as np
import pytest
from training.demo_layouts import DEMO, LAYOUT_BY, SIZE, DemoLayout, make
from training.packed import unpack

from genzu.core.lexicon import read_prompt
from genzu.core.material import Material

FOLDER = Path(__file__).resolve().parents[2] / "src" / "genzu" / "data" / "demo"


def _shipped(layout: DemoLayout) -> tuple[np.ndarray, np.ndarray]:
    names = layout.files()
    drawn, materials = (unpack(FOLDER / names[kind].replace(".png", ".webp")) for kind in ("layout", "materials"))
    return drawn, materials[..., 0]


def _ids(layout: DemoLayout) -> str:
    return layout.kind


@pytest.mark.parametrize("layout", DEMO, ids=_ids)
def test_the_generator_makes_the_shipped_pixels(layout: DemoLayout) -> None:
    sheet, materials = make(layout)
    drawn, labelled = _shipped(layout)
    # Another processor may round a sine the other way: a few pixels may then land on the next tone.
    assert (sheet != drawn).any(2).mean() < 1e-3
    assert (materials != labelled).mean() < 1e-4


@pytest.mark.parametrize("layout", DEMO, ids=_ids)
def test_form_and_size_of_the_files(layout: DemoLayout) -> None:
    sheet, materials = _shipped(layout)
    assert sheet.shape == (SIZE[1], SIZE[0], 3)
    assert sheet.dtype == np.uint8
    assert materials.shape == (SIZE[1], SIZE[0])
    assert materials.max() <= max(Material)
    names = {kind: name.replace(".png", ".webp") for kind, name in layout.files().items()}
    assert (FOLDER / names["layout"]).stat().st_size <= 130_000
    assert (FOLDER / names["materials"]).stat().st_size <= 60_000


@pytest.mark.parametrize("layout", DEMO, ids=_ids)
def test_material_borders_are_drawn(layout: DemoLayout) -> None:
    sheet, materials = _shipped(layout)
    paper = np.median(sheet.reshape(-1, 3), axis=0)
    ink = np.abs(sheet.astype(float) - paper).max(2) > 24
    near = mahotas.distance(~ink) <= 9  # squared distance
    border = np.zeros(materials.shape, bool)
    border[:, :-1] |= materials[:, :-1] != materials[:, 1:]
    border[:-1] |= materials[:-1] != materials[1:]
    border[:3], border[-3:], border[:, :3], border[:, -3:] = False, False, False, False
    assert near[border].mean() >= 0.9


@pytest.mark.parametrize("layout", DEMO, ids=_ids)
def test_a_drawing_is_mostly_paper_with_room_to_rest(layout: DemoLayout) -> None:
    sheet, materials = _shipped(layout)
    dark = sheet.min(2) < 200
    assert 0.03 < dark.mean() < 0.25
    assert len(np.unique(materials)) >= 5
    tiles = dark[:1080, :1920].reshape(9, 120, 16, 120).mean((1, 3))
    assert (tiles < 0.05).mean() > 0.1


def test_the_list_names_every_file_and_every_prompt_is_understood() -> None:
    listed = json.loads((FOLDER / "demo.json").read_text(encoding="utf-8"))
    assert [entry["cut"] for entry in listed["layouts"]] == [f"{n:03}" for n in range(1, 7)]
    for entry, layout in zip(listed["layouts"], DEMO, strict=True):
        assert entry == layout.record()
        assert entry["layout_by"] == LAYOUT_BY
        assert (FOLDER / entry["layout"].replace(".png", ".webp")).is_file()
        assert (FOLDER / entry["materials"].replace(".png", ".webp")).is_file()
        english, japanese = read_prompt(entry["prompt"]), read_prompt(entry["prompt_ja"])
        assert not english.unknown
        assert not japanese.unknown
        assert english.conditions == japanese.conditions
    assert listed["licence"] == "CC0-1.0"


def test_some_layouts_carry_coloured_pencil() -> None:
    red = blue = 0
    for layout in DEMO:
        sheet = _shipped(layout)[0].astype(int)
        red += int(((sheet[..., 0] - sheet[..., 2]) > 60).sum() > 150)
        blue += int(((sheet[..., 2] - sheet[..., 0]) > 60).sum() > 150)
    assert red >= 2
    assert blue >= 2
