"""What a place needs beside its record: its palette as a picture, kept like any board."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from genzu.core.cut import FileRef
from genzu.picture.files import write_png
from genzu.picture.palette_board import palette_board
from genzu.store.show import Show


def keep_palette(show: Show, colours: Sequence[str]) -> FileRef | None:
    """The palette's board, kept in the show; ``None`` without colours. The same colours give the same picture."""
    if not colours:
        return None
    with TemporaryDirectory() as folder:
        path = Path(folder) / "palette.png"
        write_png(path, palette_board(colours))
        return show.keep_file(path)
