from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.cli.conftest import draw_layout, draw_materials

from genzu.core.cut import Cut
from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.core.variation import Variation
from genzu.engines.fake import FakeEngine
from genzu.errors import BadInput, BadRecord, GenzuError, NotFound, PictureTooLarge, Refused
from genzu.picture.files import read_picture, write_png
from genzu.steps.again import Again, paint_again
from genzu.steps.chosen import latest_work
from genzu.steps.deliver import deliver
from genzu.steps.given import Given
from genzu.steps.journey import paint_cut
from genzu.steps.region import Region
from genzu.steps.repaint import Change, repaint
from genzu.steps.told import read_told
from genzu.steps.touchup import take_back
from genzu.steps.variants import paint_variants
from genzu.store.show import Show

SMALL = Extent(320, 180)
ROOF = Region(materials=(Material.ROOF,))


def begin(folder: Path, engine: str = "fake", **more: Any) -> Show:
    draw_layout().save(folder / "house.png")
    show = Show.create(folder / "show", "Umi")
    more = {key: show.keep_file(value) for key, value in more.items()}
    show.add_cut(
        Cut(number="1", layout=show.keep_file(folder / "house.png"), prompt="村、夏", engine=engine, size=SMALL, **more)
    )
    paint_cut(show, "1", folder / "out", stem="house")
    return show


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    begin(folder).close()
    return folder


@pytest.fixture
def show(tmp_path: Path, kept: Path) -> Iterator[Show]:
    shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    with Show.open(tmp_path / "show") as show:
        yield show


def once_more(file: Path, out: Path, given: Given | None = None, source: Show | None = None) -> Again:
    return paint_again(read_told(file), out, given or Given(), source=source)


@pytest.mark.parametrize("engine", ["fake", "embedded"])
def test_identical_from_the_picture_and_the_layout_alone(tmp_path: Path, engine: str) -> None:
    begin(tmp_path, engine).close()
    for name in ("house_painting.png", "house_rough.png", "house.json")[: 3 if engine == "fake" else 1]:
        done = once_more(tmp_path / "out" / name, tmp_path / "again", Given(layout=tmp_path / "house.png"))
        assert done.identical and done.differs == ()
        first = "house_rough.png" if "rough" in name else "house_painting.png"
        assert np.array_equal(read_picture(done.file).pixels, read_picture(tmp_path / "out" / first).pixels)
        assert read_told(done.file).pixels == "same"


def test_inputs_are_found_in_the_show(tmp_path: Path) -> None:
    draw_materials(320, 180).save(tmp_path / "materials.png")
    draw_layout().save(tmp_path / "board.png")
    with begin(tmp_path, materials=tmp_path / "materials.png", board=tmp_path / "board.png") as show:
        file = tmp_path / "out" / "house_painting.png"
        assert once_more(file, tmp_path / "again", source=show).identical
        given = Given(layout=tmp_path / "house.png", board=tmp_path / "board.png")
        with pytest.raises(NotFound, match=r"materials.png is needed, and no show is named; give it with --materials"):
            once_more(file, tmp_path / "b", given)
        assert once_more(file, tmp_path / "c", replace(given, materials=tmp_path / "materials.png")).identical
        with pytest.raises(BadInput, match="not the materials of the recipe"):
            once_more(file, tmp_path / "d", replace(given, materials=tmp_path / "board.png"))
        with pytest.raises(BadInput, match="the recipe has no marks"):
            once_more(file, tmp_path / "e", Given(marks=tmp_path / "board.png"), source=show)


def test_variants_and_deliveries(show: Show, tmp_path: Path) -> None:
    (sheet,) = paint_variants(show, "1", Variation.parse(seasons="winter"), tmp_path / "out")
    winter = sheet.variants[0].files["painting"]
    assert once_more(winter, tmp_path / "again", source=show).identical
    assert read_told(sheet.files["json"]).passport is not None
    done = deliver(show, "1", out=tmp_path / "final")
    passports = [read_told(done.files[kind]).passport for kind in ("png", "tiff", "psd", "json")]
    assert len({one.painting for one in passports if one}) == 1 and None not in passports
    assert once_more(done.files["json"], tmp_path / "again", source=show).identical


def test_a_repaint_is_painted_again_with_its_base(show: Show, tmp_path: Path) -> None:
    first = repaint(show, "1", ROOF, Change(prompt="autumn"), out=tmp_path / "out")
    second = repaint(show, "1", Region(points=((5, 5),)), Change(seed=4), out=tmp_path / "out")
    assert second.base == first.take
    done = once_more(second.files["painting"], tmp_path / "again", source=show)
    assert done.identical
    given = Given(
        layout=tmp_path / "house.png", pictures=(first.files["mask"], second.files["mask"], first.files["painting"])
    )
    assert once_more(second.files["painting"], tmp_path / "b", given).identical
    with pytest.raises(NotFound, match="mask"):
        once_more(second.files["painting"], tmp_path / "c", Given(layout=tmp_path / "house.png"))


def test_a_person_s_part_is_brought_not_made(show: Show, tmp_path: Path) -> None:
    newest = latest_work(show, "1", "BG")
    assert newest is not None
    picture = show.picture(newest.picture).copy()
    picture[140:170, 20:120] = (250, 40, 20)
    write_png(tmp_path / "edit.png", picture)
    take_back(show, "1", tmp_path / "edit.png", by="山田")
    final = deliver(show, "1", out=tmp_path / "final", formats=("png",))
    done = once_more(final.files["png"], tmp_path / "again", source=show)
    assert done.identical and "山田" in done.notes[0]
    over = repaint(show, "1", ROOF, Change(prompt="autumn"), out=tmp_path / "out")
    again = once_more(over.files["painting"], tmp_path / "b", source=show)
    assert again.identical and again.take.hand == over.take.hand
    with pytest.raises(NotFound, match="the retouch by 山田"):
        once_more(over.files["painting"], tmp_path / "c", Given(layout=tmp_path / "house.png"))


def test_what_differs_is_said(show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeEngine, "version", "2")
    monkeypatch.setattr("genzu.steps.again.INTAKE_VERSION", "2")
    paint = FakeEngine.paint
    monkeypatch.setattr(FakeEngine, "paint", lambda self, request, progress: paint(self, request, progress) // 2)
    done = once_more(tmp_path / "out" / "house_painting.png", tmp_path / "again", source=show)
    assert not done.identical
    assert done.differs[0] == "engine fake is version 2 here, the picture was painted by 1"
    assert done.differs[1] == "the intake is version 2 here, the layout was taken in by 1"
    assert "% of the pixels are not the same" in done.differs[-1] and "largest step" in done.differs[-1]


def test_another_layout_and_its_own_show_are_refused(show: Show, tmp_path: Path) -> None:
    file = tmp_path / "out" / "house_painting.png"
    draw_layout(660, 370).save(tmp_path / "other.png")
    with pytest.raises(BadInput, match=r"not the layout of the recipe.*give house.png"):
        once_more(file, tmp_path / "again", Given(layout=tmp_path / "other.png"))
    with pytest.raises(NotFound, match="--layout"):
        once_more(file, tmp_path / "again")
    with pytest.raises(Refused, match="the show that the picture comes from"):
        once_more(file, show.folder, source=show)
    before = show.takes()
    show.add_cut(replace(show.cut("1"), number="2"))
    with Show.create(tmp_path / "busy", "busy") as busy:
        busy.add_cut(replace(show.cut("1"), prompt="x", layout=busy.keep_file(tmp_path / "other.png")))
    assert once_more(file, tmp_path / "busy", source=show).take.cut == "1-again1"
    assert show.takes() == before


def test_changed_pixels_are_told(show: Show, tmp_path: Path) -> None:
    with Image.open(tmp_path / "out" / "house_painting.png") as image:
        image.load()
        words = {key: value for key, value in image.info.items() if isinstance(value, str)}
        changed = image.copy()
    changed.putpixel((3, 3), (1, 2, 3))
    write_png(tmp_path / "edited.png", np.asarray(changed), text=words)
    assert read_told(tmp_path / "edited.png").pixels == "changed"
    assert once_more(tmp_path / "edited.png", tmp_path / "again", source=show).identical, "the recipe is as it was"


def passport_of(folder: Path) -> dict[str, Any]:
    told = read_told(folder / "out" / "house_painting.png")
    assert told.passport is not None
    return told.passport.to_dict()


def hostile(folder: Path, record: object) -> Path:
    write_png(folder / "bad.png", np.zeros((9, 9, 3), np.uint8), text={"genzu": json.dumps(record)})
    return folder / "bad.png"


def test_hostile_recipes_are_one_sentence(show: Show, tmp_path: Path) -> None:
    good = passport_of(tmp_path)

    def refused(change: dict[str, Any], kind: type[GenzuError], says: str) -> None:
        record = json.loads(json.dumps(good))
        record["made"][0]["recipe"].update(change.pop("recipe", {}))
        record.update(change)
        with pytest.raises(kind, match=says):
            once_more(hostile(tmp_path, record), tmp_path / "x", source=show)

    own = good["made"][0]["pixels"]
    refused({"recipe": {"width": 30_000, "height": 30_000}}, PictureTooLarge, "asks for 30000×30000 px")
    refused({"recipe": {"rough": own}}, BadInput, "names the picture itself")
    refused({"recipe": {"base": own, "mask": own}}, BadInput, "names the picture itself")
    refused({"recipe": {"board": "../../../etc/passwd"}}, BadRecord, "not a SHA-256")
    refused({"recipe": {"prompt": "x" * 30_000}}, BadRecord, "longer than")
    refused({"recipe": {"sheet": "BOOK1"}}, NotFound, "no sheet BOOK1")
    refused({"recipe": {"engine": "../x"}}, BadInput, "not an engine")
    refused({"cut": "../../up"}, BadRecord, "not a cut number")
    refused({"recipe": {"reading": "other/1/2", "board": "0" * 64}}, NotFound, "board")
    where = {"layout": {"sha": "0" * 64, "name": "/etc/passwd"}}
    record = {**good, "files": where}
    assert once_more(hostile(tmp_path, record), tmp_path / "y", source=show).identical, "names are never paths"
    assert not any("passwd" in str(path) for path in tmp_path.rglob("*"))


@pytest.mark.parametrize(
    "text", ["{", "[" * 100_000, '{"genzu_passport": 1}', "null", '{"genzu_passport": 1, "made": 5}', "9" * 9999]
)
def test_a_chunk_of_nonsense_is_one_sentence(tmp_path: Path, text: str) -> None:
    write_png(tmp_path / "bad.png", np.zeros((9, 9, 3), np.uint8), text={"genzu": text})
    with pytest.raises(BadInput):
        read_told(tmp_path / "bad.png")
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(BadInput):
        read_told(tmp_path / "bad.json")


def test_pictures_of_other_programs_say_what_they_say(tmp_path: Path) -> None:
    grey = np.zeros((9, 9, 3), np.uint8)
    graph = {"3": {"class_type": "KSampler", "inputs": {"seed": 5, "positive": ["6", 0]}},
             "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "港町"}}}  # fmt: skip
    write_png(tmp_path / "a.png", grey, text={"parameters": "a town\nSteps: 20, Seed: 5, Size: 9x9"})
    write_png(tmp_path / "b.png", grey, text={"prompt": json.dumps(graph), "workflow": "{}"})
    write_png(tmp_path / "c.png", grey, text={"invokeai_metadata": json.dumps({"positive_prompt": "x", "seed": 1})})
    told = read_told(tmp_path / "a.png")
    assert told.passport is None and told.infotext is not None and told.infotext.prompt == "a town"
    assert read_told(tmp_path / "b.png").others == (("ComfyUI", (("Prompt", "港町"), ("Seed", "5"))),)
    assert read_told(tmp_path / "c.png").others == (("InvokeAI", (("Prompt", "x"), ("Seed", "1"))),)
    (tmp_path / "graph.json").write_text(json.dumps(graph))
    assert read_told(tmp_path / "graph.json").others == read_told(tmp_path / "b.png").others
    for name in ("a.png", "b.png"):
        with pytest.raises(BadInput, match="no recipe of Genzu's"):
            once_more(tmp_path / name, tmp_path / "again")
    write_png(tmp_path / "d.png", grey)
    with pytest.raises(NotFound, match="nothing in it says"):
        read_told(tmp_path / "d.png")
