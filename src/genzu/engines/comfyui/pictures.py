"""What the server is shown, and what comes back: pictures to PNG and back to arrays."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from genzu.core.geometry import Extent
from genzu.engines.base import PaintRequest
from genzu.errors import BadInput, EngineFailed
from genzu.picture.ade20k import ade20k_picture
from genzu.picture.arrays import UInt8, extent_of
from genzu.picture.files import probe, read_rgb8, write_png
from genzu.picture.resize import resize_plane, resize_strokes


def shown_picture(word: str, request: PaintRequest, rough: UInt8 | None, extent: Extent) -> UInt8 | None:
    """The picture for one placeholder at ``extent``, full frame to full frame; ``None`` if the request has none.

    ``lines``: contours white on black, (H, W); a line keeps its strength when it shrinks. ``materials``: ADE20K
    colours. ``rough``: sRGB. ``depth``: (H, W), near is white. ``board``: sRGB at its own size.
    """
    if word == "lines":
        return resize_strokes(request.lines.contour, extent)
    if word == "materials":
        return ade20k_picture(_nearest(request.reading.materials, extent))
    if word == "depth":
        return resize_plane(255 - request.reading.depth, extent)
    if word == "board":
        return request.board
    return None if rough is None else resize_rgb(rough, extent)


def resize_rgb(picture: UInt8, extent: Extent) -> UInt8:
    """(H, W, 3) at another size, by Lanczos; the frame stays the frame, so registration holds."""
    if extent_of(picture) == extent:
        return picture
    image = Image.fromarray(picture).resize((extent.width, extent.height), Image.Resampling.LANCZOS)
    return np.asarray(image)


def _nearest(plane: UInt8, extent: Extent) -> UInt8:
    """Numbers are never mixed."""
    if extent_of(plane) == extent:
        return plane
    return np.asarray(Image.fromarray(plane).resize((extent.width, extent.height), Image.Resampling.NEAREST))


def encoded(picture: UInt8) -> tuple[str, bytes]:
    """Name by content and bytes of the PNG: the same pixels always have the same name."""
    with TemporaryDirectory(prefix="genzu-") as folder:
        path = Path(folder) / "picture.png"
        write_png(path, picture)
        data = path.read_bytes()
    return f"{sha256(data).hexdigest()[:32]}.png", data


def decoded(data: bytes, name: str, sent: Extent, where: str) -> UInt8:
    """(H, W, 3) sRGB of the file ``name`` that came back: of the size that was sent, or exactly in its proportion.

    Raises :class:`EngineFailed` for anything else: a picture that is cropped or stretched is not registered.
    """
    with TemporaryDirectory(prefix="genzu-") as folder:
        path = Path(folder) / f"result{Path(name).suffix.lower()}"
        path.write_bytes(data)
        try:
            size = probe(path).extent
            if size.width * sent.height != size.height * sent.width:
                raise EngineFailed(
                    f"the workflow gave {size} px back where {sent} px were sent: another proportion, so the picture "
                    "no longer lies on its layout",
                    where=where, do="let the workflow keep the size, or enlarge both sides by one factor",
                )  # fmt: skip
            return read_rgb8(path)
        except BadInput as error:
            raise EngineFailed(
                f"what came back cannot be read ({error.what})", where=where,
                do="let the workflow save a PNG or JPEG with Save Image or Preview Image",
            ) from error  # fmt: skip
