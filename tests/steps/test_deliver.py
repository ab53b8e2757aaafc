from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from painted_shows import HEIGHT, WIDTH, layout_picture, materials, paint, painted_show, town
from PIL import Image
from psd_tools import PSDImage

from genzu.core.credit import Hand
from genzu.core.geometry import Extent
from genzu.core.take import Stage
from genzu.errors import BadInput, NotFound, UnknownWord
from genzu.exchange.psd_write import write_psd
from genzu.picture.arrays import LineArt, UInt8
from genzu.picture.files import SRGB_ICC, read_picture, write_png
from genzu.steps.deliver import deliver, digital_source_type
from genzu.steps.engine_facts import Training
from genzu.steps.touchup import take_back
from genzu.store.show import Show

NOT_TRAINED = {"embedded": Training(sentence="no trained weights", learned=False)}


@pytest.fixture
def show(tmp_path: Path) -> Iterator[Show]:
    with painted_show(tmp_path) as opened:
        yield opened


def edited() -> UInt8:
    picture = town()
    picture[200:260, 100:300] = (240, 60, 30)
    return picture


def touch_up(show: Show, folder: Path, picture: np.ndarray | None = None) -> None:
    write_png(folder / "edit.png", edited() if picture is None else picture)
    take_back(show, "012", folder / "edit.png", by="山田")


def merged(path: Path) -> np.ndarray:
    return np.asarray(PSDImage.open(path).topil())


def test_the_painting_is_delivered_as_layers_and_flat(show: Show, tmp_path: Path) -> None:
    done = deliver(show, "012", out=tmp_path / "out", training=NOT_TRAINED)
    assert {kind: path.name for kind, path in done.files.items()} == {
        "psd": "Umi_012_BG_t01.psd", "png": "Umi_012_BG_t01.png", "tiff": "Umi_012_BG_t01.tif",
        "staff": "Umi_012_BG_t01_staff.txt", "json": "Umi_012_BG_t01.json",
    }  # fmt: skip
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(p.name for p in done.files.values())
    assert np.array_equal(read_picture(done.files["png"]).pixels, town())
    assert np.array_equal(read_picture(done.files["tiff"]).pixels, town().astype(np.uint16) * 257)
    assert np.array_equal(merged(done.files["psd"]), town())
    names = [layer.name for layer in PSDImage.open(done.files["psd"])]
    assert names[:2] == ["sky 空", "buildings 建物"] and "rough 色ラフ" in names and names[-1] == "retouch 加筆"
    assert done.take.stage is Stage.FINAL and done.take.hand is Hand.AI and not done.own_psd
    assert "Background Designer: AI" in done.lines


def test_a_flat_touch_up_lies_over_the_painting(show: Show, tmp_path: Path) -> None:
    touch_up(show, tmp_path)
    done = deliver(show, "012", out=tmp_path / "out")
    assert np.array_equal(merged(done.files["psd"]), edited())
    retouch = PSDImage.open(done.files["psd"])[-1]
    assert [layer.bbox for layer in retouch] == [(100, 200, 300, 260)]
    assert done.take.hand is Hand.AI_AND_HUMAN and "  Human: 山田 (1 cut)" in done.lines


def test_a_person_s_psd_is_delivered_byte_for_byte(show: Show, tmp_path: Path) -> None:
    empty = np.zeros((HEIGHT, WIDTH), np.uint8)
    lines = LineArt(contour=255 - layout_picture(), highlight=empty, shadow=empty, cel=empty)
    write_psd(
        tmp_path / "edit.psd", extent=Extent(WIDTH, HEIGHT), painting=edited(), rough=None, lines=lines,
        materials=materials(), alpha=None, icc=SRGB_ICC, title="by hand",
    )  # fmt: skip
    take_back(show, "012", tmp_path / "edit.psd", by="山田")
    done = deliver(show, "012", out=tmp_path / "out")
    assert done.own_psd and done.files["psd"].read_bytes() == (tmp_path / "edit.psd").read_bytes()
    assert np.array_equal(read_picture(done.files["png"]).pixels, edited())


def test_sixteen_bit_stay_sixteen_bit(show: Show, tmp_path: Path) -> None:
    deep = np.maximum(edited(), 1).astype(np.uint16) * 257 - 3
    touch_up(show, tmp_path, deep)
    done = deliver(show, "012", out=tmp_path / "out")
    assert np.array_equal(read_picture(done.files["png"]).pixels, deep)
    assert np.array_equal(read_picture(done.files["tiff"]).pixels, deep)
    assert np.array_equal(merged(done.files["psd"]), np.maximum(edited(), 1))


def test_a_book_keeps_its_alpha(tmp_path: Path) -> None:
    alpha = np.zeros((HEIGHT, WIDTH), np.uint8)
    alpha[100:] = 255
    with painted_show(tmp_path) as show:
        paint(show, "012", sheet="BOOK1", alpha=alpha)
        done = deliver(show, "012", out=tmp_path / "out", sheet="BOOK1")
    assert done.files["png"].name == "Umi_012_BOOK1_t01.png"
    assert np.array_equal(read_picture(done.files["png"]).pixels[..., 3], alpha)
    assert np.array_equal(merged(done.files["psd"])[..., 3], alpha)


def test_approved_before_retouch_before_painting(show: Show, tmp_path: Path) -> None:
    painting = deliver(show, "012", out=tmp_path / "a", formats=("png",)).take
    touch_up(show, tmp_path)
    retouch = deliver(show, "012", out=tmp_path / "b", formats=("png",)).take
    show.approve(painting.parents[0], "Director")
    approved = deliver(show, "012", out=tmp_path / "c", formats=("png",)).take
    assert [show.take(take.parents[0]).stage for take in (painting, retouch)] == [Stage.PAINTING, Stage.RETOUCH]
    assert (painting.number, retouch.number) == (1, 2) and approved == painting


def test_delivering_again_changes_nothing(show: Show, tmp_path: Path) -> None:
    one = deliver(show, "012", out=tmp_path / "out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    two = deliver(show, "012", out=tmp_path / "out")
    assert one == two and {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_an_edited_delivery_is_never_overwritten(show: Show, tmp_path: Path) -> None:
    first = deliver(show, "012", out=tmp_path / "out", formats=("psd",))
    first.files["psd"].write_bytes(b"a night's work")
    again = deliver(show, "012", out=tmp_path / "out", formats=("psd",))
    assert first.files["psd"].read_bytes() == b"a night's work"
    assert again.files["psd"].name == "Umi_012_BG_t01_new1.psd"
    record = json.loads(again.files["json"].read_text())
    assert record["files"]["psd"]["name"] == again.files["psd"].name


def test_the_sidecar_tells_where_everything_comes_from(show: Show, tmp_path: Path) -> None:
    touch_up(show, tmp_path)
    done = deliver(show, "012", out=tmp_path / "out", training=NOT_TRAINED)
    record = json.loads(done.files["json"].read_text())
    assert [take["stage"] for take in record["made_from"]] == ["final", "retouch", "painting", "rough"]
    painting = record["made_from"][2]
    assert painting["recipe"]["engine"] == "embedded" and painting["hand"] == "AI"
    assert record["made_from"][1]["by"] == "山田" and record["made_from"][1]["file_sha256"]
    assert record["credit"] == "AI (+ Human)"
    assert record["digital_source_type"].endswith("/compositeSynthetic")
    for kind, entry in record["files"].items():
        assert sha256((done.files[kind]).read_bytes()).hexdigest() == entry["sha256"]
    assert done.files["staff"].read_text().splitlines() == list(done.lines)


def test_the_pictures_say_who_made_them(show: Show, tmp_path: Path) -> None:
    touch_up(show, tmp_path)
    done = deliver(show, "012", out=tmp_path / "out")
    uri = digital_source_type(Hand.AI_AND_HUMAN, learned=True)
    with Image.open(done.files["png"]) as image:
        assert image.text["DigitalSourceType"] == uri  # type: ignore[attr-defined]
        assert uri in image.text["XML:com.adobe.xmp"]  # type: ignore[attr-defined]
        assert "AI (+ Human)" in image.text["Comment"] and "山田" in image.text["Comment"]  # type: ignore[attr-defined]
        assert image.info["icc_profile"] == SRGB_ICC
    assert uri.encode() in done.files["psd"].read_bytes()


@pytest.mark.parametrize(
    ("hand", "learned", "word"),
    [
        (Hand.AI, True, "trainedAlgorithmicMedia"), (Hand.AI, False, "algorithmicMedia"),
        (Hand.AI_AND_HUMAN, True, "compositeWithTrainedAlgorithmicMedia"),
        (Hand.AI_AND_HUMAN, False, "compositeSynthetic"), (Hand.HUMAN, True, "digitalCreation"),
    ],
)  # fmt: skip
def test_digital_source_types(hand: Hand, learned: bool, word: str) -> None:
    assert digital_source_type(hand, learned=learned) == f"http://cv.iptc.org/newscodes/digitalsourcetype/{word}"


def test_a_studio_s_own_names(show: Show, tmp_path: Path) -> None:
    done = deliver(show, "012", out=tmp_path, template="c{cut:04}-{season}-v{take:03}", formats=("png",))
    assert done.files["png"] == tmp_path / "c0012-autumn-v001.png"


@pytest.mark.parametrize(
    ("template", "says"),
    [("{show}_t{take}", "cut"), ("{cut}_{weather}", "weather"), ("../{cut}", "/"), ("{cut}{nonsense}", "nonsense")],
)
def test_bad_names_leave_nothing(show: Show, tmp_path: Path, template: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        deliver(show, "012", out=tmp_path / "out", template=template)
    assert not (tmp_path / "out").exists() and show.latest("012", "BG", Stage.FINAL) is None


def test_two_sheets_must_not_share_a_name(show: Show, tmp_path: Path) -> None:
    paint(show, "012", sheet="BOOK1")
    with pytest.raises(BadInput, match="sheet"):
        deliver(show, "012", out=tmp_path / "out", template="{cut}_t{take}")


def test_what_is_not_there(show: Show, tmp_path: Path) -> None:
    for cut, sheet in (("999", "BG"), ("012", "BOOK7")):
        with pytest.raises(NotFound):
            deliver(show, cut, out=tmp_path / "out", sheet=sheet)
    with pytest.raises(UnknownWord, match="gif"):
        deliver(show, "012", out=tmp_path / "out", formats=("gif",))
    assert not (tmp_path / "out").exists()
