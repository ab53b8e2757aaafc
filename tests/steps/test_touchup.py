from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from painted_shows import HEIGHT, WIDTH, layout_picture, materials, paint, painted_show, town
from PIL import Image
from psd_tools import PSDImage

from genzu.core.credit import Contribution, Hand, Role
from genzu.core.geometry import Extent
from genzu.core.take import Stage
from genzu.errors import BadInput, Misregistered, NotFound, UnreadablePicture, WrongSize
from genzu.exchange.psd_write import write_psd
from genzu.picture.arrays import LineArt, UInt8
from genzu.picture.files import SRGB_ICC, write_jpeg, write_png, write_tiff
from genzu.steps.touchup import take_back
from genzu.store.show import Show


@pytest.fixture
def show(tmp_path: Path) -> Iterator[Show]:
    with painted_show(tmp_path) as opened:
        yield opened


def edited(share: float = 0.1, colour: tuple[int, int, int] = (250, 40, 40), base: UInt8 | None = None) -> UInt8:
    picture = (town() if base is None else base).copy()
    picture[-round(HEIGHT * share) :] = colour
    return picture


def given(folder: Path, picture: np.ndarray, name: str = "edit.png") -> Path:
    write_png(folder / name, picture)
    return folder / name


def psd_of(path: Path, picture: UInt8, base: UInt8 | None = None) -> Path:
    empty = np.zeros((HEIGHT, WIDTH), np.uint8)
    lines = LineArt(contour=255 - layout_picture(), highlight=empty, shadow=empty, cel=empty)
    write_psd(
        path, extent=Extent(WIDTH, HEIGHT), painting=town() if base is None else base, rough=None, lines=lines,
        materials=materials(), alpha=None, icc=SRGB_ICC, title="t", retouch=picture,
    )  # fmt: skip
    return path


def test_a_touch_up_is_recorded_with_who_what_and_how_much(show: Show, tmp_path: Path) -> None:
    file = given(tmp_path, edited(0.25), "塗り.png")
    back = take_back(show, "012", file, by=" 山田花子 ", note="sky later")
    take = back.take
    painting = show.latest("012", "BG", Stage.PAINTING)
    assert painting is not None and take.parents == (painting.id,) and back.parent == painting
    assert (take.stage, take.number, take.by, take.note) == (Stage.RETOUCH, 1, "山田花子", "sky later")
    assert take.hand is Hand.AI_AND_HUMAN and take.recipe is None
    assert take.measures["changed_share"] == pytest.approx(0.25, abs=0.01)
    assert 0 < take.measures["mean_delta"] <= take.measures["max_delta"] <= 1.5
    assert take.measures["shift"]["sure"] and take.measures["shift"]["worst"] < 0.1
    assert take.measures["file"] == "塗り.png"
    assert np.array_equal(show.picture(take.picture), edited(0.25))
    assert Contribution(name="山田花子", role=Role.TOUCH_UP, cut="012") in show.contributions("012")


def test_the_file_is_kept_byte_for_byte(show: Show, tmp_path: Path) -> None:
    file = psd_of(tmp_path / "edit.psd", edited())
    content = file.read_bytes()
    take = take_back(show, "012", file, by="Yamada").take
    file.unlink()
    kept = show.file(show.keep_file(_again(tmp_path, content)))
    assert kept.read_bytes() == content and take.original == show.keep_file(_again(tmp_path, content)).sha


def _again(folder: Path, content: bytes) -> Path:
    (folder / "again.psd").write_bytes(content)
    return folder / "again.psd"


@pytest.mark.parametrize("kind", ["psd", "png", "png16", "tiff", "tiff16", "rgba", "hidden psd"])
def test_every_kind_gives_the_same_pixels(show: Show, tmp_path: Path, kind: str) -> None:
    picture = edited()
    deep = picture.astype(np.uint16) * 257
    path = tmp_path / f"edit.{'psd' if 'psd' in kind else 'tif' if 'tiff' in kind else 'png'}"
    if kind == "psd":
        psd_of(path, picture)
    elif kind == "hidden psd":
        _without_merged(psd_of(path, picture))
    elif kind == "rgba":
        write_png(path, np.dstack([picture, np.full((HEIGHT, WIDTH), 255, np.uint8)]))
    else:
        (write_png if "png" in kind else write_tiff)(path, deep if "16" in kind else picture)
    back = take_back(show, "012", path, by="Yamada")
    kept = show.picture(back.take.picture)
    assert kept.shape == (HEIGHT, WIDTH, 3)
    assert np.array_equal(kept, deep if "16" in kind else picture)


def _without_merged(path: Path) -> None:
    """As Photoshop saves with 'maximise compatibility' off: a white merged picture, and the file says so."""
    psd = PSDImage.open(path)
    psd.image_resources["VERSION_INFO" if "VERSION_INFO" in psd.image_resources else 1057].data.has_composite = False
    record = psd._record
    record.image_data.set_data([b"\xff" * (HEIGHT * WIDTH)] * 3, record.header)
    with path.open("wb") as file:
        record.write(file)


@pytest.mark.parametrize("by", ["", "  ", "AI", "a.i.", "ＡＩ", "Genzu", "Human", "unknown", "人工知能"])
def test_a_person_must_be_named(show: Show, tmp_path: Path, by: str) -> None:
    with pytest.raises(BadInput, match="person"):
        take_back(show, "012", given(tmp_path, edited()), by=by)
    assert show.latest("012", "BG", Stage.RETOUCH) is None


def test_a_role_that_does_not_paint_is_refused(show: Show, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="art director"):
        take_back(show, "012", given(tmp_path, edited()), by="Sato", role=Role.ART_DIRECTOR)


def test_a_resized_picture_says_both_sizes(show: Show, tmp_path: Path) -> None:
    small = np.asarray(Image.fromarray(edited()).resize((WIDTH // 2, HEIGHT // 2)))
    with pytest.raises(WrongSize, match=r"320×180 px, but .* 640×360 px"):
        take_back(show, "012", given(tmp_path, small), by="Yamada")


def moved(picture: UInt8, dx: float = 0, dy: float = 0, zoom: float = 1, turn: float = 0) -> UInt8:
    """Move the picture by (dx, dy), zoom and turn it about its middle."""
    middle = np.array([WIDTH / 2, HEIGHT / 2])
    angle = np.radians(turn)
    rotate = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) / zoom
    offset = middle - rotate @ (middle + np.array([dx, dy]))
    matrix = (rotate[0, 0], rotate[0, 1], offset[0], rotate[1, 0], rotate[1, 1], offset[1])
    padded = Image.fromarray(picture)
    return np.asarray(padded.transform(padded.size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC))


@pytest.mark.parametrize(("dx", "dy"), [(1, 0), (0, -2), (3.5, 1.5), (-12, 7), (0.8, 0)])
def test_a_shifted_picture_is_refused_with_its_shift(show: Show, tmp_path: Path, dx: float, dy: float) -> None:
    with pytest.raises(Misregistered) as caught:
        take_back(show, "012", given(tmp_path, moved(edited(), dx, dy)), by="Yamada")
    words = caught.value.sentence.split()
    across, down = float(words[words.index("by") + 1]), float(words[words.index("and") + 1])
    assert (across, down) == pytest.approx((dx, dy), abs=0.2)
    assert show.latest("012", "BG", Stage.RETOUCH) is None


@pytest.mark.parametrize(("zoom", "turn"), [(1.01, 0), (0.97, 0), (1.05, 0), (1.2, 0), (1, 0.5), (1, 3)])
def test_a_zoomed_or_turned_picture_is_refused(show: Show, tmp_path: Path, zoom: float, turn: float) -> None:
    with pytest.raises(Misregistered, match="zoomed to" if turn == 0 else "turned by"):
        take_back(show, "012", given(tmp_path, moved(edited(), zoom=zoom, turn=turn)), by="Yamada")


def test_a_new_sky_is_no_shift(show: Show, tmp_path: Path) -> None:
    """Half of the picture is another one, and its clouds lie elsewhere."""
    picture = town()
    picture[:150] = np.roll(town(5), 23, axis=1)[:150]
    back = take_back(show, "012", given(tmp_path, picture), by="Yamada")
    assert back.take.hand is Hand.AI_AND_HUMAN and back.alignment.worst < 0.5


def test_a_house_that_was_moved_is_no_shift(show: Show, tmp_path: Path) -> None:
    picture = town()
    picture[140:, 205:320] = town()[140:, 200:315]
    assert take_back(show, "012", given(tmp_path, picture), by="Yamada").alignment.worst < 0.5


def test_all_repainted_is_accepted_with_a_word(show: Show, tmp_path: Path) -> None:
    picture = np.random.default_rng(3).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    back = take_back(show, "012", given(tmp_path, picture), by="Yamada")
    assert back.take.hand is Hand.HUMAN
    assert not back.alignment.sure and "check it by eye" in back.notes[0]


def test_nothing_changed_is_said(show: Show, tmp_path: Path) -> None:
    noisy = np.clip(town().astype(int) + np.random.default_rng(0).integers(-1, 2, town().shape), 0, 255)
    with pytest.raises(BadInput, match="it shows painting take 1"):
        take_back(show, "012", given(tmp_path, noisy.astype(np.uint8)), by="Yamada")
    take_back(show, "012", given(tmp_path, edited()), by="Yamada")
    with pytest.raises(BadInput, match="it shows retouch take 1"):
        take_back(show, "012", given(tmp_path, edited(), "again.png"), by="Sato")


def test_a_few_pixels_stay_ai(show: Show, tmp_path: Path) -> None:
    picture = town()
    picture[100:105, 100:110] = 255
    back = take_back(show, "012", given(tmp_path, picture), by="Yamada")
    assert back.take.hand is Hand.AI and "stays AI" in back.notes[-1]


def test_a_second_retouch_is_take_two_and_counts_from_the_painting(show: Show, tmp_path: Path) -> None:
    one = take_back(show, "012", given(tmp_path, edited(0.2)), by="Yamada")
    second = edited(0.2)
    second[:36] = (20, 30, 200)
    two = take_back(show, "012", given(tmp_path, second, "b.png"), by="Sato")
    assert (one.take.number, two.take.number) == (1, 2)
    assert two.parent == one.take and two.take.parents == (one.take.id,)
    assert two.take.measures["changed_share"] == pytest.approx(0.1, abs=0.01)
    assert two.take.measures["since_painting"]["changed_share"] == pytest.approx(0.3, abs=0.01)
    assert np.array_equal(show.picture(one.take.picture), edited(0.2))


def test_a_small_second_retouch_does_not_undo_the_credit(show: Show, tmp_path: Path) -> None:
    take_back(show, "012", given(tmp_path, edited(0.2)), by="Yamada")
    second = edited(0.2)
    second[100:104, 100:110] = 255
    assert take_back(show, "012", given(tmp_path, second, "b.png"), by="Sato").take.hand is Hand.AI_AND_HUMAN


def test_the_edited_take_is_found_among_candidates(show: Show, tmp_path: Path) -> None:
    other = paint(show, "012", seed=9)
    paint(show, "012", seed=10)
    back = take_back(show, "012", given(tmp_path, edited(base=town(9))), by="Yamada")
    assert back.parent == other


def test_a_jpeg_is_refused(show: Show, tmp_path: Path) -> None:
    write_jpeg(tmp_path / "edit.jpg", edited())
    with pytest.raises(UnreadablePicture, match="JPEG"):
        take_back(show, "012", tmp_path / "edit.jpg", by="Yamada")


def test_a_bg_with_holes_is_refused(show: Show, tmp_path: Path) -> None:
    alpha = np.full((HEIGHT, WIDTH), 255, np.uint8)
    alpha[:36] = 0
    with pytest.raises(BadInput, match=r"10\.0 % of it is see-through"):
        take_back(show, "012", given(tmp_path, np.dstack([edited(), alpha])), by="Yamada")


def test_a_book_keeps_its_transparency(tmp_path: Path) -> None:
    alpha = np.zeros((HEIGHT, WIDTH), np.uint8)
    alpha[200:] = 255
    with painted_show(tmp_path) as show:
        paint(show, "012", sheet="BOOK1", alpha=alpha)
        with pytest.raises(BadInput, match="no transparency"):
            take_back(show, "012", given(tmp_path, edited()), by="Yamada", sheet="BOOK1")
        back = take_back(show, "012", given(tmp_path, np.dstack([edited(0.2), alpha])), by="Yamada", sheet="BOOK1")
        assert back.take.measures["changed_share"] == pytest.approx(72 / 160, abs=0.01)


def test_what_is_not_there(show: Show, tmp_path: Path) -> None:
    file = given(tmp_path, edited())
    for cut, sheet, path in (("013", "BG", file), ("012", "BOOK7", file), ("012", "BG", tmp_path / "no.png")):
        with pytest.raises(NotFound):
            take_back(show, cut, path, by="Yamada", sheet=sheet)


def test_a_damaged_psd_is_refused(show: Show, tmp_path: Path) -> None:
    content = psd_of(tmp_path / "edit.psd", edited()).read_bytes()
    for length in (10, 100, 5_000, len(content) // 2, len(content) - 1000, len(content) - 1):
        (tmp_path / "cut.psd").write_bytes(content[:length])
        with pytest.raises(BadInput):
            take_back(show, "012", tmp_path / "cut.psd", by="Yamada")
    assert show.latest("012", "BG", Stage.RETOUCH) is None
