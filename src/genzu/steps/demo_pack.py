"""The demo's layouts are packed small; in the demo's folder they become the files that an animator would hand over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image

from genzu.core.geometry import Extent
from genzu.exchange.psd_layout import write_layout_psd
from genzu.picture.arrays import UInt8
from genzu.picture.files import probe, write_png

_OPEN = (255, 0, 255)
"""What a packed BOOK leaves open; its alpha is 0 there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmPack:
    """What the package brings along for the film."""

    folder: Path
    still: Path
    """Folder of the six layouts of the small demo, which the film shows too."""
    facts: dict[str, Any]
    """``film.json``."""

    @property
    def cutlist(self) -> Path:
        """The cut list, as a user would write one."""
        return self.folder / str(self.facts["cutlist"])

    def unpack(self, layout: str, folder: Path, *, height: int | None = None) -> Path | None:
        """Write the layout with this file name (``hill.psd``, ``lane.png``) into ``folder/layouts``.

        Returns the picture of its materials, which goes into ``folder/materials``; ``None`` for a layered layout,
        whose sheets the network reads. A layout that is there already is let be: somebody may have drawn on it.
        ``height``: rows of the materials, for backgrounds of another size than their layouts.
        """
        target, name = folder / "layouts" / layout, Path(layout).stem
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            self._write(target, name)
        materials = folder / "materials" / f"{name}.png"
        source = self._packed(f"{name}.materials")
        if target.suffix == ".psd" or not source.exists():
            return None
        extent = at_height(probe(target).extent, height)
        if not materials.exists() or probe(materials).extent != extent:
            materials.parent.mkdir(parents=True, exist_ok=True)
            values = Image.fromarray(_pixels(source)[..., 0]).resize(
                (extent.width, extent.height), Image.Resampling.NEAREST
            )
            write_png(materials, np.asarray(values))
        return materials

    def _write(self, target: Path, name: str) -> None:
        if target.suffix == ".psd":
            sheets = {"BG": _covering(_pixels(self.folder / f"{name}.webp"))}
            sheets["BOOK1"] = _covering(_pixels(self.folder / f"{name}.book1.webp"))
            write_layout_psd(target, sheets, title=name)
        else:
            write_png(target, _pixels(self._packed(name)))

    def _packed(self, name: str) -> Path:
        own = self.folder / f"{name}.webp"
        return own if own.exists() else self.still / own.name


@contextmanager
def six_layouts() -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    """The six layouts of the small demo and their materials in a scratch folder, and their entries in its list."""
    with as_file(files("genzu") / "data" / "demo") as packed, TemporaryDirectory() as scratch:
        plan = json.loads((packed / "demo.json").read_text(encoding="utf-8"))["layouts"]
        for entry in plan:
            for name in (entry["layout"], entry["materials"]):
                pixels = _pixels(packed / name.replace(".png", ".webp"))
                write_png(Path(scratch) / name, pixels[..., 0] if "materials" in name else pixels)
        yield Path(scratch), plan


def at_height(extent: Extent, height: int | None) -> Extent:
    """The size of a sheet at another height: a PAN sheet stays as wide as it is for its height."""
    return extent if height is None else Extent(round(extent.width * height / extent.height), height)


@contextmanager
def film_pack() -> Iterator[FilmPack]:
    """The packed film, as files."""
    data = files("genzu") / "data"
    with as_file(data / "film") as folder, as_file(data / "demo") as still:
        yield FilmPack(folder=folder, still=still, facts=json.loads((folder / "film.json").read_text(encoding="utf-8")))


def _pixels(path: Path) -> UInt8:
    """(H, W, 3) of a packed picture."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def _covering(pixels: UInt8) -> UInt8:
    """(H, W, 4): open where the packed picture has the colour that stands for it."""
    alpha = np.where((pixels == _OPEN).all(2), np.uint8(0), np.uint8(255))
    return np.dstack([np.where(alpha[..., None] > 0, pixels, np.uint8(255)), alpha])
