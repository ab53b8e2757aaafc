"""Pictures in files: what is taken, what is refused, and how they are written.

Everything that comes in leaves here as sRGB-coded samples in 8 or 16 bit; everything that goes out carries an
sRGB profile, has the same bytes for the same pixels, and is renamed into place when it is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from importlib.resources import files as resources
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyvips
from numpy.typing import NDArray
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngImageFile

from genzu.core.atomic import cannot_write, replacing
from genzu.errors import BadInput, CannotWrite, UnreadablePicture
from genzu.picture.arrays import UInt8, UInt16
from genzu.picture.headers import COPY_AGAIN, CUT_SHORT, Header, probe, refuse_mode
from genzu.picture.metadata import copy_jpeg_with_words
from genzu.picture.png_text import copy_with_text

__all__ = [
    "SRGB_ICC", "Header", "Picture", "pixels_digest", "probe", "read_index", "read_picture", "read_rgb8",
    "to_uint8", "to_uint16", "write_jpeg", "write_png", "write_tiff",
]  # fmt: skip

SRGB_ICC: bytes = resources("genzu").joinpath("data/sRGB.icc").read_bytes()
"""The sRGB profile that every written picture carries."""

# Above this distance (of 255) on any sample colour a profile is not sRGB under another name.
_SAME_COLOUR = 2


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Decoded samples: (H, W) grey or (H, W, 3) RGB or (H, W, 4) RGBA, uint8 or uint16, sRGB-coded."""

    pixels: UInt8 | UInt16
    icc: bytes | None
    """The profile found in the file; the pixels are already converted from it to sRGB."""
    dpi: float | None


def read_picture(path: Path) -> Picture:
    """Decode a PNG, JPEG or TIFF, upright and in sRGB; grey with alpha becomes RGBA.

    Raises ``NotFound``, ``UnreadablePicture`` or ``PictureTooLarge``, each with one clear sentence.
    """
    header = probe(path)
    image = _upright_srgb(path, header)
    if image.bands == 2:
        image = image[0].bandjoin([image[0], image[0], image[1]])
    pixels = _decoded(path, image)
    return Picture(_from_floats(path, pixels) if header.bits == 32 else pixels, _icc(image), header.dpi)


def read_rgb8(path: Path) -> UInt8:
    """Decode to (H, W, 3) uint8 sRGB; what is see-through lies on white."""
    header = probe(path)
    if header.bits == 32:
        return as_rgb8(read_picture(path).pixels)
    image = _upright_srgb(path, header)
    if image.format != "uchar":
        image = (image / 257).rint().cast("uchar")
    if image.bands in (2, 4):
        image = image.flatten(background=255, max_alpha=255)
    if image.bands == 1:
        image = image.bandjoin([image, image])
    return _decoded(path, image.cast("uchar"))


def read_index(path: Path) -> UInt8:
    """Decode a picture whose 8-bit values are numbers, not colours: (H, W) uint8.

    Taken are 8-bit grey, a palette PNG (the palette's own numbers), and RGB with three equal channels. Where
    the picture is see-through the value is 255. Profiles are not applied.
    """
    header = probe(path)
    if header.format == "PNG" and header.mode == "palette":
        return _palette_numbers(path)
    if header.bits != 8 or header.format == "JPEG":
        raise UnreadablePicture(
            "numbers cannot be read from it exactly", where=path, do="save it as an 8-bit greyscale PNG"
        )
    pixels = _decoded(path, _open(path, header))
    if pixels.ndim == 2:
        return pixels
    values = pixels[..., 0]
    if pixels.shape[2] >= 3 and not (np.array_equal(values, pixels[..., 1]) and np.array_equal(values, pixels[..., 2])):
        raise UnreadablePicture(
            "it holds colours where one number per pixel is meant",
            where=path,
            do="save it as an 8-bit greyscale PNG",
        )
    if pixels.shape[2] in (2, 4):
        return np.where(pixels[..., -1] < 128, np.uint8(255), values)
    return np.ascontiguousarray(values)


def write_png(
    path: Path, pixels: NDArray[Any], *, icc: bytes = SRGB_ICC, text: Mapping[str, str] | None = None
) -> None:
    """Write (H, W), (H, W, 3) or (H, W, 4) uint8 or uint16 as PNG; raises ``CannotWrite``.

    ``text`` becomes text chunks before the picture's data: tEXt, or iTXt where Latin-1 does not suffice.
    """
    image = _with_profile(pixels, icc)
    with replacing(path) as scratch:
        save = partial(image.pngsave, compression=6, filter="sub", keep="icc")
        if text:
            _save_and_copy(path, scratch, save, partial(copy_with_text, text=text))
        else:
            _save(path, partial(save, str(scratch)))


def write_tiff(path: Path, pixels: NDArray[Any], *, icc: bytes = SRGB_ICC, xmp: str = "") -> None:
    """Write (H, W), (H, W, 3) or (H, W, 4) uint8 or uint16 as deflate TIFF; raises ``CannotWrite``."""
    image = _with_profile(pixels, icc)
    keep = pyvips.enums.ForeignKeep.ICC
    if xmp:
        image.set_type(pyvips.GValue.blob_type, "xmp-data", xmp.encode())
        keep |= pyvips.enums.ForeignKeep.XMP
    with replacing(path) as scratch:
        _save(
            path,
            partial(image.tiffsave, str(scratch), compression="deflate", predictor="horizontal", keep=keep),
        )


def write_jpeg(path: Path, pixels: NDArray[Any], *, quality: int = 90, comment: str = "", xmp: str = "") -> None:
    """Write (H, W) or (H, W, 3) uint8 as JPEG without chroma subsampling; raises ``CannotWrite``.

    ``comment`` goes into EXIF, ``xmp`` is a packet.
    """
    image = _with_profile(pixels, SRGB_ICC)
    save = partial(image.jpegsave, Q=quality, optimize_coding=True, subsample_mode="off", keep="icc")
    with replacing(path) as scratch:
        if comment or xmp:
            _save_and_copy(path, scratch, save, partial(copy_jpeg_with_words, comment=comment, xmp=xmp))
        else:
            _save(path, partial(save, str(scratch)))


def pixels_digest(pixels: NDArray[Any]) -> str:
    """SHA-256 (hex) over dtype, shape and samples: names the content, whatever file it is in."""
    array = np.ascontiguousarray(pixels)
    digest = sha256(f"{array.dtype.str.lstrip('|<>=')} {array.shape}".encode())
    digest.update(array.astype(array.dtype.newbyteorder("<"), copy=False).data)
    return digest.hexdigest()


def to_uint8(pixels: UInt8 | UInt16) -> UInt8:
    """16 bit to 8 bit, rounded to nearest; 8 bit as it is."""
    if pixels.dtype == np.uint8:
        return pixels.astype(np.uint8, copy=False)
    return ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def to_uint16(pixels: UInt8 | UInt16) -> UInt16:
    """8 bit to 16 bit, so that 255 becomes 65535; 16 bit as it is."""
    if pixels.dtype == np.uint16:
        return pixels.astype(np.uint16, copy=False)
    return pixels.astype(np.uint16) * np.uint16(257)


def as_rgb8(pixels: UInt8 | UInt16) -> UInt8:
    """Any decoded samples to (H, W, 3) uint8, see-through parts on white."""
    eight = to_uint8(pixels)
    if eight.ndim == 2:
        return np.repeat(eight[..., None], 3, axis=2)
    if eight.shape[2] == 3:
        return eight
    alpha = eight[..., 3:].astype(np.uint16)
    mixed = (eight[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return mixed.astype(np.uint8)


def _open(path: Path, header: Header) -> pyvips.Image:
    """A lazy image; the modes that are not taken are refused here, by name."""
    if header.format == "PSD":
        raise UnreadablePicture("a PSD is not taken here", where=path, do="save it flat as PNG or TIFF")
    if header.mode not in ("grey", "rgb", "grey float", "rgb float") or header.bands not in (1, 2, 3, 4):
        error = refuse_mode(header.mode)
        raise UnreadablePicture(error.what, where=path, do=error.do)
    try:
        return pyvips.Image.new_from_file(str(path), access="sequential", fail_on="truncated")
    except pyvips.Error as error:
        raise _broken(path, error) from None


def _upright_srgb(path: Path, header: Header) -> pyvips.Image:
    image = _open(path, header)
    try:
        if image.get_typeof("orientation") and image.get("orientation") > 1:
            image = image.copy_memory().autorot()
        profile = _icc(image)
        if profile is not None and header.bits != 32 and not _means_srgb(profile, image.bands):
            image = _to_srgb(image, header.bits)
    except pyvips.Error as error:
        raise _broken(path, error) from None
    return image


def _decoded(path: Path, image: pyvips.Image) -> NDArray[Any]:
    try:
        pixels: NDArray[Any] = image.numpy()
    except pyvips.Error as error:
        raise _broken(path, error) from None
    return pixels


def _broken(path: Path, error: pyvips.Error) -> BadInput:
    text = str(error).lower()
    short = any(word in text for word in ("truncat", "premature", "end of file", "eof", "read error", "short"))
    return UnreadablePicture(CUT_SHORT if short else "the file is damaged", where=path, do=COPY_AGAIN)


def _from_floats(path: Path, pixels: NDArray[Any]) -> UInt16:
    """Floats are taken as sRGB-coded samples; only finite ones between 0 and 1."""
    if not np.isfinite(pixels).all():
        raise UnreadablePicture("it holds samples that are no numbers (NaN or infinite)", where=path,
                                do="save it as a 16-bit TIFF")  # fmt: skip
    if pixels.min() < 0 or pixels.max() > 1:
        raise UnreadablePicture("its samples are not between 0 and 1", where=path, do="save it as a 16-bit TIFF")
    return (pixels * 65535 + 0.5).astype(np.uint16)


def _icc(image: pyvips.Image) -> bytes | None:
    return bytes(image.get("icc-profile-data")) if image.get_typeof("icc-profile-data") else None


def _means_srgb(profile: bytes, bands: int) -> bool:
    """True if the profile shows colours as sRGB does, or is broken, or of another kind."""
    mode = "L" if bands < 3 else "RGB"
    levels = np.arange(0, 256, 51, dtype=np.uint8)
    colours = levels[:, None] if bands < 3 else np.stack(np.meshgrid(levels, levels, levels), -1).reshape(-1, 6, 3)
    swatch = Image.fromarray(np.ascontiguousarray(colours), mode if bands < 3 else None)
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.ImageCmsProfile(BytesIO(SRGB_ICC))
        seen = ImageCms.profileToProfile(swatch, source, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return True
    there = np.asarray(swatch.convert("RGB"), dtype=np.int16)
    return bool(np.abs(np.asarray(seen, dtype=np.int16) - there).max() <= _SAME_COLOUR)


def _to_srgb(image: pyvips.Image, bits: int) -> pyvips.Image:
    grey, alpha = image.bands < 3, image.bands in (2, 4)
    colour = image.icc_transform("srgb", embedded=True, intent="relative", depth=16 if bits == 16 else 8)
    if not grey:
        return colour
    return colour[1].bandjoin(colour[colour.bands - 1]) if alpha else colour[1]


def _palette_numbers(path: Path) -> UInt8:
    try:
        with PngImageFile(path) as image:
            return np.array(image, dtype=np.uint8)
    except (OSError, SyntaxError, ValueError):
        raise UnreadablePicture("the file is damaged", where=path, do=COPY_AGAIN) from None


def _with_profile(pixels: NDArray[Any], icc: bytes) -> pyvips.Image:
    """Wrap an array for writing; 72 dpi, so that no program guesses another size."""
    bands = pixels.shape[2] if pixels.ndim == 3 else 1
    kind = {np.dtype(np.uint8): ("b-w", "srgb"), np.dtype(np.uint16): ("grey16", "rgb16")}[pixels.dtype]
    image = pyvips.Image.new_from_array(np.ascontiguousarray(pixels), interpretation=kind[bands >= 3])
    image = image.copy(xres=72 / 25.4, yres=72 / 25.4)
    # A grey picture cannot carry an RGB profile: readers would refuse or ignore it.
    if bands >= 3:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", icc)
    return image


def _save(path: Path, write: Any) -> None:
    """Run a vips writer; a full disk and its relatives become ``CannotWrite``."""
    try:
        write()
    except pyvips.Error as error:
        raise _cannot_save(path, error) from None


def _save_and_copy(
    path: Path, scratch: Path, save: Callable[[str], None], copy: Callable[[BinaryIO, BinaryIO], None]
) -> None:
    """Let vips write beside, then copy the bytes with words put in: no pixel is decoded or held."""
    bare = scratch.with_name(scratch.name + scratch.suffix)  # a name that a later sweep knows as scratch
    try:
        _save(path, partial(save, str(bare)))
        with bare.open("rb") as source, scratch.open("wb") as target:
            copy(source, target)
    finally:
        bare.unlink(missing_ok=True)


def _cannot_save(path: Path, error: pyvips.Error) -> CannotWrite:
    text = str(error).lower()
    for reason in ("no space left on device", "file too large", "disk quota exceeded", "permission denied"):
        if reason in text:
            return cannot_write(path, OSError(0, reason))
    return cannot_write(path, OSError(0, "the picture could not be stored whole"))
