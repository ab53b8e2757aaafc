from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import Resource

from genzu.core.geometry import Extent
from genzu.core.material import FAMILIES, Material
from genzu.errors import BadInput, CannotWrite, PictureTooLarge, WrongSize
from genzu.exchange import psd_stream
from genzu.exchange.psd_flat import read_flat_psd
from genzu.exchange.psd_write import RIM, write_psd
from genzu.picture.arrays import LineArt, UInt8
from genzu.picture.files import SRGB_ICC

NAMES = [
    "sky 空",
    "green 緑",
    "roofs 屋根",
    "rough 色ラフ",
    "layout lines 原図",
    "layout red ハイライト",
    "retouch 加筆",
]


def scene(height: int = 90, width: int = 140, seed: int = 0) -> dict[str, Any]:
    """Sky above grass, a roof that stands in both, all pixels different."""
    rng = np.random.default_rng(seed)
    materials = np.full((height, width), int(Material.SKY), np.uint8)
    materials[height // 2 :] = int(Material.GRASS)
    y, x = np.mgrid[:height, :width]
    materials[(abs(x - width // 2) < (y - height // 4)) & (y < 3 * height // 4)] = int(Material.ROOF)
    empty = np.zeros((height, width), np.uint8)
    contour, red = empty.copy(), empty.copy()
    contour[height // 2] = 200
    red[5:9, 7:20] = 255
    return {
        "extent": Extent(width, height),
        "painting": rng.integers(0, 256, (height, width, 3), np.uint8),
        "rough": rng.integers(0, 256, (height, width, 3), np.uint8),
        "lines": LineArt(contour=contour, highlight=red, shadow=empty, cel=empty),
        "materials": materials,
        "alpha": None,
        "icc": SRGB_ICC,
        "title": "海 & <Sea>",
    }


def over(below: np.ndarray, layer: np.ndarray) -> np.ndarray:
    """Porter and Duff's *over* for (H, W, 4) straight RGBA 0–1."""
    alpha = layer[..., 3:] + below[..., 3:] * (1 - layer[..., 3:])
    colour = layer[..., :3] * layer[..., 3:] + below[..., :3] * below[..., 3:] * (1 - layer[..., 3:])
    return np.concatenate([np.divide(colour, alpha, out=np.zeros_like(colour), where=alpha > 0), alpha], axis=2)


def flattened(path: Path) -> np.ndarray:
    """Compose the visible layers by hand, independently of the writer and of the merged picture."""
    psd = PSDImage.open(path)
    height, width = psd.height, psd.width
    picture = np.zeros((height, width, 4))
    for group in psd:
        if not group.visible or not group.is_group():
            continue
        inside = np.zeros((height, width, 4))
        for layer in group:
            canvas = np.zeros((height, width, 4))
            canvas[layer.top : layer.bottom, layer.left : layer.right] = np.asarray(layer.topil()) / 255
            inside = over(inside, canvas)
        if group.mask is not None:
            mask, box = np.zeros((height, width)), group.mask
            mask[box.top : box.bottom, box.left : box.right] = np.asarray(box.topil()) / 255
            inside[..., 3] *= mask
        picture = over(picture, inside)
    return picture


def merged(path: Path) -> np.ndarray:
    return np.asarray(PSDImage.open(path).topil())


def test_every_material_has_one_family() -> None:
    assert sorted(m for family in FAMILIES for m in family.materials) == sorted(Material)


def test_names_order_and_visibility(tmp_path: Path) -> None:
    write_psd(tmp_path / "a.psd", **scene())
    psd = PSDImage.open(tmp_path / "a.psd")
    assert [layer.name for layer in psd] == NAMES
    assert [layer.visible for layer in psd] == [True] * 3 + [False] * 3 + [True]
    assert [layer.is_group() for layer in psd] == [True] * 3 + [False] * 3 + [True]
    assert len(psd[-1]) == 0 and all(psd[i].mask is not None for i in range(3))
    assert all(layer._record.name.isascii() for layer in psd.descendants())


def test_the_merged_picture_is_the_painting(tmp_path: Path) -> None:
    given = scene()
    write_psd(tmp_path / "a.psd", **given)
    assert np.array_equal(merged(tmp_path / "a.psd"), given["painting"])


def test_profile_resolution_and_title(tmp_path: Path) -> None:
    write_psd(tmp_path / "a.psd", **scene(), dpi=144, digital_source="http://x/?a&b")
    resources = PSDImage.open(tmp_path / "a.psd").image_resources
    assert resources.get_data(Resource.ICC_PROFILE) == SRGB_ICC
    assert resources.get_data(Resource.RESOLUTION_INFO).horizontal == 144 << 16
    xmp = resources.get_data(Resource.XMP_METADATA).decode()
    text = "".join(ElementTree.fromstring(xmp[xmp.index("<x:xmpmeta") : xmp.rindex("<?")]).itertext())
    assert text == "海 & <Sea>http://x/?a&b"
    with Image.open(tmp_path / "a.psd") as image:
        assert image.info["icc_profile"] == SRGB_ICC


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), with_alpha=st.booleans(), retouched=st.booleans(), strip=st.integers(1, 5000))
def test_the_layers_add_up_to_the_merged_picture(
    tmp_path_factory: pytest.TempPathFactory, seed: int, with_alpha: bool, retouched: bool, strip: int
) -> None:
    """For any patchwork of materials, soft alpha, retouch and cutting into strips."""
    rng = np.random.default_rng(seed)
    height, width = int(rng.integers(1, 60)), int(rng.integers(1, 70))
    given = scene(height, width, seed)
    patches = rng.integers(0, len(Material), (height // 9 + 1, width // 9 + 1), np.uint8)
    given["materials"] = np.kron(patches, np.ones((9, 9), np.uint8))[:height, :width]
    if with_alpha:
        given["alpha"] = np.kron(
            rng.choice(np.array([0, 255, 100], np.uint8), (height // 5 + 1, width // 5 + 1)), np.ones((5, 5), np.uint8)
        )[:height, :width]
    final = given["painting"]
    if retouched:
        final = final.copy()
        final[height // 3 :, : width // 2] = rng.integers(0, 256, 3, np.uint8)
        given["retouch"] = final
    path = tmp_path_factory.mktemp("psd") / "a.psd"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psd_stream, "STRIP", strip)
        write_psd(path, **given)
    alpha = np.full((height, width), 255.0) if given["alpha"] is None else given["alpha"].astype(float)
    seen = flattened(path)
    assert np.abs(seen[..., 3] * 255 - alpha).max() < 1e-6
    shown = alpha > 0
    assert np.abs(seen[shown][:, :3] * 255 - final[shown]).max(initial=0) < 1e-6


def test_a_softened_mask_shows_neither_halo_nor_gap(tmp_path: Path) -> None:
    """Every family has its own colours, and the lower one its mask, ``RIM`` px under the border."""
    given = scene()
    colours = {Material.SKY: (10, 20, 200), Material.GRASS: (30, 160, 20), Material.ROOF: (200, 40, 30)}
    for material, colour in colours.items():
        given["painting"][given["materials"] == int(material)] = colour
    write_psd(tmp_path / "a.psd", **given)
    sky, grass, roof = list(PSDImage.open(tmp_path / "a.psd"))[:3]
    for group, material in ((sky, Material.SKY), (grass, Material.GRASS), (roof, Material.ROOF)):
        pixels = np.asarray(group[0].topil())
        solid = pixels[..., 3] == 255
        assert set(map(tuple, pixels[solid][:, :3])) == {colours[material]}
        own = given["materials"][group.top : group.bottom, group.left : group.right] == int(material)
        assert solid[own].all() and solid.sum() > own.sum()
    mask = np.zeros(given["materials"].shape, np.uint8)
    box = sky.mask
    mask[box.top : box.bottom, box.left : box.right] = np.asarray(box.topil())
    assert set(np.unique(mask)) == {0, 255}
    column = mask[:, 10]
    horizon = given["extent"].height // 2
    assert (column[: horizon + RIM] == 255).all() and (column[horizon + RIM :] == 0).all()
    assert (mask[given["materials"] == int(Material.SKY)] == 255).all()


def test_a_retouch_lies_in_its_group_and_leaves_the_painting_below(tmp_path: Path) -> None:
    given = scene()
    edit = given["painting"].copy()
    edit[20:30, 40:70] ^= 255
    write_psd(tmp_path / "a.psd", **given, retouch=edit)
    psd = PSDImage.open(tmp_path / "a.psd")
    (layer,) = psd[-1]
    assert (layer.left, layer.top, layer.width, layer.height) == (40, 20, 30, 10)
    assert np.array_equal(merged(tmp_path / "a.psd"), edit)
    assert np.array_equal(np.asarray(layer.topil())[..., :3], edit[20:30, 40:70])


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    write_psd(tmp_path / "a.psd", **scene())
    write_psd(tmp_path / "b.psd", **scene())
    assert (tmp_path / "a.psd").read_bytes() == (tmp_path / "b.psd").read_bytes()


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    given = scene()
    with pytest.raises(WrongSize):
        write_psd(tmp_path / "a.psd", **given | {"materials": given["materials"][:-1]})
    with pytest.raises(BadInput, match="17 is not a material"):
        write_psd(tmp_path / "a.psd", **given | {"materials": given["materials"] * 0 + 17})
    assert list(tmp_path.iterdir()) == []


def test_too_large_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    given = scene(1, 30_001)
    with pytest.raises(PictureTooLarge, match="30001×1 px"):
        write_psd(tmp_path / "a.psd", **given)
    assert list(tmp_path.iterdir()) == []


def test_beyond_two_gigabytes_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psd_stream, "LARGEST_FILE", 1000)
    with pytest.raises(PictureTooLarge, match="2 GB"):
        write_psd(tmp_path / "a.psd", **scene())
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(CannotWrite):
        write_psd(tmp_path / "out" / "a.psd", **scene())


def run(*command: str | Path, home: Path) -> str:
    env = {**os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "LANG": "C.UTF-8"}
    done = subprocess.run([*map(str, command)], env=env, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def imagemagick(tool: str) -> str:
    """ImageMagick's own program; other programs may bear the name as well."""
    found = next((p for p in (f"/usr/bin/{tool}", shutil.which(tool)) if p and Path(p).exists()), None)
    if found is None or "ImageMagick" not in subprocess.run([found, "-version"], capture_output=True, text=True).stdout:
        pytest.skip(f"ImageMagick's {tool} is not installed (Debian: apt-get install imagemagick)")
    return found


def pixels_of(file: Path | BytesIO) -> UInt8:
    with Image.open(file) as image:
        assert image.mode in ("RGB", "RGBA")
        return np.asarray(image)


def test_imagemagick_sees_the_painting_and_the_names(tmp_path: Path) -> None:
    given = scene()
    write_psd(tmp_path / "a.psd", **given)
    convert = imagemagick("convert")
    run(convert, tmp_path / "a.psd[0]", tmp_path / "merged.png", home=tmp_path)
    assert np.array_equal(pixels_of(tmp_path / "merged.png")[..., :3], given["painting"])
    labels = run(imagemagick("identify"), "-format", "%[label]\n", tmp_path / "a.psd[1-6]", home=tmp_path).split("\n")
    assert labels[:6] == ["sky painting", "green painting", "roofs painting", "rough", "layout lines", "layout red"]
    # Unicode names are a block that ImageMagick carries along and writes again.
    again = tmp_path / "again.psd"
    run(convert, "-define", "psd:additional-info=all", tmp_path / "a.psd", again, home=tmp_path)
    assert [layer.name for layer in PSDImage.open(again).descendants()][3:] == NAMES[3:6]


def test_imagemagick_sees_the_alpha_of_a_book(tmp_path: Path) -> None:
    given = scene()
    given["alpha"] = np.tile(np.array([0, 128, 255, 255], np.uint8), (90, 35))
    write_psd(tmp_path / "a.psd", **given)
    run(imagemagick("convert"), tmp_path / "a.psd[0]", tmp_path / "merged.png", home=tmp_path)
    seen = pixels_of(tmp_path / "merged.png")
    assert np.array_equal(seen[..., 3], given["alpha"])
    assert np.abs(seen.astype(int)[..., :3] - given["painting"])[given["alpha"] == 255].max() == 0
    assert np.abs(seen.astype(int)[..., :3] - given["painting"])[given["alpha"] == 128].max() <= 2


def krita_export(source: Path, to: Path, *, home: Path) -> None:
    """On a busy machine the virtual screen may come up too late for Krita: then once more."""
    for patience in (2, 1, 0):
        try:
            run("xvfb-run", "-a", "krita", "--export", "--export-filename", to, source, home=home)
        except AssertionError as error:
            if "could not connect to display" not in str(error) or not patience:
                raise
        else:
            return


def test_krita_composes_the_painting_and_shows_the_names(tmp_path: Path) -> None:
    if shutil.which("krita") is None or shutil.which("xvfb-run") is None:
        pytest.skip("Krita or Xvfb is not installed (Debian: apt-get install krita xvfb xauth)")
    given = scene()
    write_psd(tmp_path / "a.psd", **given)
    kra = tmp_path / "a.kra"
    krita_export(tmp_path / "a.psd", kra, home=tmp_path)
    with zipfile.ZipFile(kra) as opened:
        document = ElementTree.fromstring(opened.read("maindoc.xml"))
        picture = pixels_of(BytesIO(opened.read("mergedimage.png")))
    tag = "{http://www.calligra.org/DTD/krita}"
    top = document.find(f"{tag}IMAGE/{tag}layers")
    assert top is not None
    assert [layer.get("name") for layer in top][::-1] == NAMES
    assert len(document.findall(f".//{tag}mask")) == 3
    assert np.array_equal(picture[..., :3], given["painting"])
    # The way back: what Krita saves as PSD is read as the same picture.
    back = tmp_path / "back.psd"
    krita_export(kra, back, home=tmp_path)
    assert np.array_equal(read_flat_psd(back).pixels, given["painting"])
