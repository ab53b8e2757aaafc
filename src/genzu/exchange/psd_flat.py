"""The picture of a PSD as a person sees it: the merged picture, or the visible layers if there is none."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psd_tools import PSDImage
from psd_tools.composite import composite
from psd_tools.compression import PSDDecompressionWarning
from psd_tools.constants import Compression, Resource, Tag
from psd_tools.psd import PSD

from genzu.errors import UnreadablePicture
from genzu.picture.arrays import UInt8, UInt16
from genzu.picture.files import SRGB_ICC, Picture, read_picture, write_tiff
from genzu.picture.headers import COPY_AGAIN, Header, probe, refuse_mode

_FOREIGN = (ValueError, OSError, AssertionError, KeyError, IndexError, TypeError, AttributeError, NotImplementedError,
            OverflowError, RuntimeError, struct.error, UnicodeError, ImportError, PSDDecompressionWarning)  # fmt: skip


def read_flat_psd(path: Path) -> Picture:
    """Decode an 8- or 16-bit grey or RGB PSD to one sRGB picture; RGBA if it is see-through anywhere.

    The merged picture is taken where the file says that it has a valid one; otherwise (saved without "maximise
    compatibility") the visible layers are composed. Raises ``NotFound``, ``UnreadablePicture``,
    ``PictureTooLarge``.
    """
    header = probe(path)
    if header.format != "PSD":
        raise UnreadablePicture("this is no PSD", where=path, do="give a PSD")
    if header.mode not in ("rgb", "grey") or header.bits not in (8, 16):
        error = refuse_mode(f"{header.bits}-bit {header.mode}")
        raise UnreadablePicture(error.what, where=path, do=error.do)
    try:
        with warnings.catch_warnings():
            # psd-tools fills a channel that it cannot unpack with black and only warns.
            warnings.simplefilter("error", PSDDecompressionWarning)
            with path.open("rb") as file:
                psd = PSD.read(file)
            pixels = _merged(psd, header)
            if not _has_merged(psd, pixels):
                pixels = _composed(psd, header)
            profile = psd.image_resources.get_data(Resource.ICC_PROFILE)
    except _FOREIGN as error:
        raise UnreadablePicture("the file is damaged or cut short", where=path, do=COPY_AGAIN) from error
    icc = bytes(profile) if profile else None
    return Picture(_in_srgb(_tidy(pixels), icc), icc, header.dpi)


def _merged(psd: Any, header: Header) -> NDArray[Any]:
    """(H, W, C) of the merged picture: colours, and alpha if the file says that the next channel is that."""
    depth = np.dtype(np.uint8) if header.bits == 8 else np.dtype(">u2")
    colours = 3 if header.mode == "rgb" else 1
    _check_complete(psd)
    data = psd.image_data.get_data(psd.header, split=False)
    planes = np.frombuffer(data, depth).reshape(psd.header.channels, *header.extent.shape)
    layers = _layer_info(psd)
    has_alpha = psd.header.channels > colours and layers is not None and layers.layer_count < 0
    picture = np.moveaxis(planes[: colours + has_alpha], 0, 2).astype(depth.newbyteorder("="))
    return _off_white(picture) if has_alpha else picture


def _check_complete(psd: Any) -> None:
    """psd-tools fills missing rows with black without a word; the byte counts of the rows tell."""
    if psd.image_data.compression != Compression.RLE:
        return
    rows = psd.header.height * psd.header.channels
    counts = np.frombuffer(psd.image_data.data, (">u2", ">u4")[psd.header.version - 1], rows)
    if counts.nbytes + int(counts.sum(dtype=np.int64)) > len(psd.image_data.data):
        raise ValueError("rows of the merged picture are missing")


def _off_white(picture: NDArray[Any]) -> NDArray[Any]:
    """Take the white paper away, on which the format lays what is see-through."""
    full = np.float32(np.iinfo(picture.dtype).max)
    soft = picture[..., -1] < full
    alpha = picture[soft][:, -1:].astype(np.float32) / full
    colour = (picture[soft][:, :-1] / full - (1 - alpha)) / np.maximum(alpha, 1 / full)
    picture[soft, :-1] = (np.clip(colour, 0, 1) * full + 0.5).astype(picture.dtype)
    return picture


def _has_merged(psd: Any, merged: NDArray[Any]) -> bool:
    """False if the file says so, or if the merged picture is one flat colour although there are layers."""
    version = psd.image_resources.get_data(Resource.VERSION_INFO)
    if version is not None and not version.has_composite:
        return False
    layers = _layer_info(psd)
    return layers is None or not layers.layer_count or bool((merged != merged[:1, :1]).any())


def _layer_info(psd: Any) -> Any:
    """The list of layers; 16-bit files keep it in a block of its own."""
    section = psd.layer_and_mask_information
    blocks = section.tagged_blocks
    return (blocks.get_data(Tag.LAYER_16) if blocks is not None else None) or section.layer_info


def _composed(psd: Any, header: Header) -> NDArray[Any]:
    colour, _, alpha = composite(PSDImage(psd), force=True)
    full = 255 if header.bits == 8 else 65535
    values = np.concatenate([np.asarray(colour), np.asarray(alpha)], axis=2)
    depth = np.uint8 if header.bits == 8 else np.uint16
    return (np.clip(values, 0, 1) * full + 0.5).astype(depth)


def _tidy(pixels: NDArray[Any]) -> UInt8 | UInt16:
    """(H, W) or (H, W, 3); with alpha (H, W, 4), and only if something is see-through."""
    full = np.iinfo(pixels.dtype).max
    alpha = pixels[..., -1:] if pixels.shape[2] in (2, 4) else None
    colours = pixels if alpha is None else pixels[..., :-1]
    if alpha is not None and (alpha < full).any():
        rgb = colours if colours.shape[2] == 3 else np.repeat(colours, 3, axis=2)
        return np.concatenate([rgb, alpha], axis=2)
    return np.ascontiguousarray(colours if colours.shape[2] == 3 else colours[..., 0])


def _in_srgb(pixels: UInt8 | UInt16, icc: bytes | None) -> UInt8 | UInt16:
    """Convert from another profile, by the same way that every other picture takes."""
    if icc is None or icc == SRGB_ICC or pixels.ndim == 2:
        return pixels
    with TemporaryDirectory(prefix="genzu-") as folder:
        carrier = Path(folder) / "profile.tiff"
        write_tiff(carrier, pixels, icc=icc)
        return read_picture(carrier).pixels
