"""Local copies of what lies in a store: bounded, and shared by processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from store_samples import tiny
from weak_store import at
from weak_store import quick as quick

from genzu.errors import BadInput
from genzu.picture.files import pixels_digest
from genzu.store import cache as cache_module
from genzu.store.blobs import open_blobs
from genzu.store.cache import Cache
from genzu.store.pictures import Pictures

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed (pip install 'genzu[object-store]')")


def test_copies_stay_within_their_bound_and_the_newest_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "_IN_USE_S", 5)
    cache = Cache(tmp_path / "cache", 10_000)

    def took(number: int, used: float) -> None:
        scratch = tmp_path / "scratch"
        scratch.write_bytes(bytes(1000))
        path = cache.take(scratch, f"pictures/aa/{number:03}.png")
        os.utime(path, (used, used))

    now = time.time()
    for number in range(30):
        took(number, now - 1000 + number)
    left = [path.name for path in sorted((tmp_path / "cache").rglob("*.png"))]
    assert len(left) <= 11
    assert left == [f"{number:03}.png" for number in range(30 - len(left), 30)], "the least recently used go first"
    for number in range(30, 60):
        took(number, now)
    fresh = {f"{number:03}.png" for number in range(30, 60)}
    assert fresh <= {path.name for path in (tmp_path / "cache").rglob("*.png")}, "what was used just now is let be"


@pytest.mark.parametrize("asked", ["much", "-1", "nan"])
def test_a_size_of_copies_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    monkeypatch.setenv(cache_module.LIMIT, asked)
    with pytest.raises(BadInput, match="GENZU_CACHE_GB"):
        open_blobs("memory://x", "pictures", tmp_path)


def test_copies_may_lie_on_another_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache_module.FOLDER, str(tmp_path / "fast"))
    pictures = Pictures(at("memory://far", "pictures", tmp_path / "here"))
    sha = pictures.keep(tiny())
    assert np.array_equal(pictures.load(sha), tiny())
    assert len([path for path in (tmp_path / "fast").rglob("*") if path.is_file()]) == 1
    assert not (tmp_path / "here").exists()


WORKER = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from store_samples import tiny
from genzu.store.pictures import Pictures
from genzu.store.remote import RemoteBlobs
pictures = Pictures(RemoteBlobs(sys.argv[1], "pictures", Path(sys.argv[2])))
sys.stdin.readline()
for round in range(4):
    for seed in range(10):
        sha = pictures.keep(tiny(seed, 40, 40))
        assert pictures.load(sha).shape == (40, 40, 3)
"""


def test_two_processes_share_the_copies(tmp_path: Path) -> None:
    """With room for three copies only, so that each throws away what the other has just made."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, (tmp_path / "far").as_uri(), str(tmp_path / "here")],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, cache_module.LIMIT: "0.000015", "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for _ in range(2)
    ]  # fmt: skip
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        _, said = worker.communicate(timeout=120)
        assert worker.returncode == 0, said
    pictures = Pictures(at((tmp_path / "far").as_uri(), "pictures", tmp_path / "here"))
    assert [pictures.fault(pixels_digest(tiny(seed, 40, 40))) for seed in range(10)] == [None] * 10
