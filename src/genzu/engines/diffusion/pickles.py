"""Files that can run code when they are opened are never opened."""

from __future__ import annotations

from pathlib import Path

from genzu.errors import BadInput

PICKLES = frozenset({".ckpt", ".bin", ".pt", ".pth", ".pkl", ".pickle"})
CONVERT = (
    "convert it on a machine where nothing can be harmed: load it with torch.load(FILE, weights_only=True) and write "
    "it with safetensors.torch.save_file, or, for a folder, from_pretrained and then save_pretrained("
    "safe_serialization=True); or take the .safetensors that most models are also offered in"
)


def is_pickle(path: Path) -> bool:
    """True if the file's ending belongs to a pickle."""
    return path.suffix.lower() in PICKLES


def refuse_pickle(path: Path, where: str | Path) -> None:
    """Raise :class:`BadInput` with the way out."""
    if is_pickle(path):
        raise BadInput(
            f"{path.name} can run code when it is opened, and only .safetensors are read", where=where, do=CONVERT
        )
