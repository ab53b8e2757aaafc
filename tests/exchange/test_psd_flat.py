from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from psd_tools import PSDImage
from psd_tools.constants import Compression, Resource
from psd_tools.psd.image_resources import ImageResource

from genzu.errors import NotFound, UnreadablePicture
from genzu.exchange.psd_flat import read_flat_psd
from genzu.picture.files import SRGB_ICC, write_png

HEIGHT, WIDTH = 31, 47


def noise(bands: int = 3, dtype: type = np.uint8) -> np.ndarray:
    return np.random.default_rng(0).integers(0, np.iinfo(dtype).max, (HEIGHT, WIDTH, bands), dtype)


def saved(path: Path, merged: np.ndarray, *, layer: np.ndarray | None = None, composite: bool = True,
          alpha: bool = False, compression: Compression = Compression.RLE, icc: bytes = b"") -> Path:  # fmt: skip
    """A PSD whose merged picture is ``merged``, whatever its one layer shows."""
    bits = merged.dtype.itemsize * 8
    mode = {1: "L", 3: "RGB", 4: "RGB"}[merged.shape[2]]
    psd = PSDImage.new(mode, (WIDTH, HEIGHT), depth=bits)
    if layer is not None:
        psd.create_pixel_layer_from_array(layer, name="layer")
    record = psd._record
    record.header.channels = merged.shape[2]
    if alpha:
        record.layer_and_mask_information.layer_info.layer_count *= -1
    record.image_data.compression = compression
    planes = [
        np.ascontiguousarray(merged[..., i]).astype(merged.dtype.newbyteorder(">")) for i in range(merged.shape[2])
    ]
    record.image_data.set_data([plane.tobytes() for plane in planes], record.header)
    psd.image_resources[Resource.VERSION_INFO].data.has_composite = composite
    if icc:
        psd.image_resources[Resource.ICC_PROFILE] = ImageResource(key=Resource.ICC_PROFILE, data=icc)
    with path.open("wb") as file:
        record.write(file)
    return path


@pytest.mark.parametrize("compression", [Compression.RAW, Compression.RLE, Compression.ZIP])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_merged_picture_is_read_exactly(tmp_path: Path, dtype: type, compression: Compression) -> None:
    picture = noise(dtype=dtype)
    path = saved(tmp_path / "a.psd", picture, layer=noise() ^ 255, compression=compression)
    found = read_flat_psd(path)
    assert found.pixels.dtype == dtype and np.array_equal(found.pixels, picture)


def test_grey_stays_grey(tmp_path: Path) -> None:
    assert np.array_equal(read_flat_psd(saved(tmp_path / "a.psd", noise(1))).pixels, noise(1)[..., 0])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_without_a_valid_merged_picture_the_layers_are_composed(tmp_path: Path, dtype: type) -> None:
    picture, white = noise(dtype=dtype), np.full((HEIGHT, WIDTH, 3), np.iinfo(dtype).max, dtype)
    told = saved(tmp_path / "told.psd", white, layer=picture, composite=False)
    untold = saved(tmp_path / "untold.psd", white, layer=picture)
    assert np.array_equal(read_flat_psd(told).pixels, picture)
    assert np.array_equal(read_flat_psd(untold).pixels, picture)


def test_transparency_is_taken_off_its_white_paper(tmp_path: Path) -> None:
    picture = noise(4)
    picture[:10, :, 3], picture[10:20, :, 3] = 255, 128
    alpha = picture[..., 3:].astype(float) / 255
    stored = picture.copy()
    stored[..., :3] = np.round(picture[..., :3] * alpha + 255 * (1 - alpha))
    found = read_flat_psd(saved(tmp_path / "a.psd", stored, layer=noise(), alpha=True)).pixels
    assert np.array_equal(found[..., 3], picture[..., 3])
    assert np.array_equal(found[:10], picture[:10])
    assert np.abs(found[10:20].astype(int) - picture[10:20]).max() <= 1


def test_a_saved_selection_is_no_transparency(tmp_path: Path) -> None:
    found = read_flat_psd(saved(tmp_path / "a.psd", noise(4), layer=noise())).pixels
    assert np.array_equal(found, noise(4)[..., :3])


def test_another_profile_is_converted(tmp_path: Path) -> None:
    same = ImageCms.ImageCmsProfile(BytesIO(SRGB_ICC)).tobytes()
    assert np.array_equal(read_flat_psd(saved(tmp_path / "a.psd", noise(), icc=same)).pixels, noise())
    swapped = _swapped_primaries(SRGB_ICC)
    found = read_flat_psd(saved(tmp_path / "b.psd", noise(), icc=swapped)).pixels
    source = ImageCms.ImageCmsProfile(BytesIO(swapped))
    seen = ImageCms.profileToProfile(Image.fromarray(noise()), source, ImageCms.ImageCmsProfile(BytesIO(SRGB_ICC)))
    assert seen is not None and np.abs(found.astype(int) - np.asarray(seen)).max() <= 3
    assert np.abs(found.astype(int) - noise()).max() > 50


def _swapped_primaries(icc: bytes) -> bytes:
    """The same profile with red and blue exchanged in its tag table: another, valid RGB space."""
    return icc.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


@pytest.mark.parametrize("mode", [4, 9, 2])
def test_other_modes_are_refused_by_name(tmp_path: Path, mode: int) -> None:
    path = saved(tmp_path / "a.psd", noise())
    content = bytearray(path.read_bytes())
    content[25] = mode
    path.write_bytes(content)
    with pytest.raises(UnreadablePicture, match=r"CMYK|Lab|palette"):
        read_flat_psd(path)


def test_what_is_no_psd(tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", noise())
    with pytest.raises(UnreadablePicture, match="no PSD"):
        read_flat_psd(tmp_path / "a.png")
    with pytest.raises(NotFound):
        read_flat_psd(tmp_path / "b.psd")


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    content = saved(tmp_path / "a.psd", noise(), layer=noise()).read_bytes()
    for length in range(0, len(content), 97):
        (tmp_path / "cut.psd").write_bytes(content[:length])
        with pytest.raises(UnreadablePicture):
            read_flat_psd(tmp_path / "cut.psd")
