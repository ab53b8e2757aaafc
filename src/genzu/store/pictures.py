"""Pictures by the SHA-256 of their pixels: ``pictures/ab/cdef….png``, written once, never changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from genzu.errors import BadInput, LedgerBroken, NotFound
from genzu.picture.files import pixels_digest
from genzu.store.blobs import Blobs
from genzu.store.scratch import checked_sha, scratch_file

Pixels = NDArray[np.uint8] | NDArray[np.uint16]

_FORMATS = {np.dtype(np.uint8): "uchar", np.dtype(np.uint16): "ushort"}


class Pictures:
    """The pictures of one show. Safe for several processes: equal pixels have one name and equal bytes."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def where(self, sha: str) -> str:
        """Where the picture lies, or would lie."""
        return self._blobs.where(_name(sha))

    def path(self, sha: str) -> Path:
        """Its PNG on this machine, to be read now: itself, or a copy; :class:`NotFound` if there is none."""
        return self._blobs.local(_name(sha))

    def has(self, sha: str) -> bool:
        """True if a file is there; whether it is whole, :meth:`fault` tells."""
        return self._blobs.has(_name(sha))

    def keep(self, pixels: NDArray[Any]) -> str:
        """Store (H, W), (H, W, 3) or (H, W, 4) pixels, uint8 or uint16; give the SHA-256 of the pixels.

        A picture that is there already and whole is left as it is; a damaged one is replaced. When this returns, the
        picture is on the disk, or in the store. Raises :class:`BadInput` for other arrays, :class:`CannotWrite` for a
        full disk.
        """
        checked = _checked(pixels)
        sha = pixels_digest(checked)
        if self._blobs.has(_name(sha)) and self.fault(sha) is None:
            return sha
        png = _encoded(checked)
        with scratch_file(self._blobs.scratch, ".png") as scratch:
            scratch.write_bytes(png)
            self._blobs.put(scratch, _name(sha))
        return sha

    def load(self, sha: str) -> Pixels:
        """Read a picture and check its pixels; :class:`NotFound` or :class:`LedgerBroken` if that fails."""
        name = _name(sha)
        if self._blobs.copies:
            try:
                return self._read(self._blobs.local(name), sha)
            except LedgerBroken:
                self._blobs.forget(name)  # the copy is damaged: is the store's own, too?
        return self._read(self._blobs.local(name), sha)

    def fault(self, sha: str) -> str | None:
        """What is wrong with a picture, in one word: ``missing`` or ``damaged``; ``None`` if it is whole."""
        try:
            with self._blobs.original(_name(sha)) as path:
                self._read(path, sha)
        except NotFound:
            return "missing"
        except LedgerBroken:
            return "damaged"
        return None

    def _read(self, path: Path, sha: str) -> Pixels:
        try:
            pixels = _decoded(path)
        except (OSError, BadInput) as error:
            raise _damaged(self.where(sha)) from error
        if pixels_digest(pixels) != sha:
            raise _damaged(self.where(sha))
        return pixels


def _name(sha: str) -> str:
    checked_sha(sha, "pictures")
    return f"{sha[:2]}/{sha[2:]}.png"


def _damaged(where: str) -> LedgerBroken:
    return LedgerBroken(
        "this picture is damaged: its pixels are not those that were stored",
        where=where,
        do="bring it back from a backup, or delete it and paint again",
    )


def _checked(pixels: NDArray[Any]) -> Pixels:
    shape, dtype = pixels.shape, pixels.dtype
    if dtype not in _FORMATS or pixels.size == 0 or not (len(shape) == 2 or shape[2:] in ((3,), (4,))):
        raise BadInput(
            f"an array of shape {shape} and type {dtype} cannot be kept as a picture",
            do="give (H, W), (H, W, 3) or (H, W, 4) pixels of 8 or 16 bit",
        )
    return cast(Pixels, np.ascontiguousarray(pixels))


def _encoded(pixels: Pixels) -> bytes:
    """PNG by libvips: deflate level 2 without row filters is the fastest here and packs painted pixels no worse."""
    import pyvips

    height, width = pixels.shape[:2]
    bands = 1 if pixels.ndim == 2 else pixels.shape[2]
    image = pyvips.Image.new_from_memory(pixels.data, width, height, bands, _FORMATS[pixels.dtype])
    wide = pixels.dtype == np.uint16
    space = ("grey16" if wide else "b-w") if bands == 1 else ("rgb16" if wide else "srgb")
    png = image.copy(interpretation=space).pngsave_buffer(
        compression=2, filter="none", bitdepth=16 if wide else 8, keep="none"
    )
    return bytes(png)


def _decoded(path: Path) -> Pixels:
    """Read in one go from top to bottom: libvips would else unpack the whole picture beside the one it gives."""
    import pyvips

    path.stat()  # a file that is not there is no damaged PNG
    try:
        image = pyvips.Image.pngload(str(path), fail_on="warning", access="sequential")
        shape = (image.height, image.width, image.bands)[: 2 if image.bands == 1 else 3]
        pixels = cast(Pixels, image.numpy().reshape(shape))  # libvips drops the axes of a single pixel
    except pyvips.Error as error:
        raise BadInput(f"the PNG cannot be read ({error})") from error
    return pixels
