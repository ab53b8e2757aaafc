"""Size of a fresh core install in MB, library by library: ``python benchmarks/install_size.py``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def size_of(path: Path) -> int:
    """Bytes of all files below a path."""
    return sum(file.stat().st_size for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file())


def main() -> None:
    """Install into a scratch environment and add up."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        site = next(Path(folder).rglob("site-packages"))
        before = {entry.name for entry in site.iterdir()}
        subprocess.run([python, "-m", "pip", "install", "-q", str(ROOT)], check=True)
        sizes = {entry.name: size_of(entry) for entry in site.iterdir() if entry.name not in before}
    for name, size in sorted(sizes.items(), key=lambda item: -item[1])[:12]:
        print(f"{size / 1e6:8.1f} MB  {name}")
    print(f"{sum(sizes.values()) / 1e6:8.1f} MB  in all")


if __name__ == "__main__":
    main()
