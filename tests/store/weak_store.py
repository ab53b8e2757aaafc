"""Stores for tests, and looks into them: fsspec's own, and one behind a weak network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tests.s3 import bucket as bucket
from tests.s3 import s3_server as s3_server

from genzu.store import patience
from genzu.store.pictures import Pictures
from genzu.store.remote import RemoteBlobs

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed (pip install 'genzu[object-store]')")
from fsspec.implementations.memory import MemoryFileSystem


class Weak(MemoryFileSystem):
    """A store behind a weak network: the next calls fail, or bring half of what they should."""

    protocol = "weak"
    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    fails: ClassVar[list[Exception]] = []
    half = 0
    calls = 0

    def put_file(self, lpath: Any, rpath: Any, *given: Any, **named: Any) -> Any:
        self._maybe()
        done = super().put_file(lpath, rpath, *given, **named)
        self._halve(rpath)
        return done

    def info(self, path: Any, *given: Any, **named: Any) -> Any:
        self._maybe()
        return super().info(path, *given, **named)

    def get_file(self, rpath: Any, lpath: Any, *given: Any, **named: Any) -> Any:
        self._maybe()
        done = super().get_file(rpath, lpath, *given, **named)
        if Weak.half:
            Weak.half -= 1
            Path(lpath).write_bytes(Path(lpath).read_bytes()[:-7])
        return done

    def _maybe(self) -> None:
        Weak.calls += 1
        if Weak.fails:
            raise Weak.fails.pop()

    def _halve(self, path: Any) -> None:
        if Weak.half:
            Weak.half -= 1
            whole = self.cat_file(path)
            self.pipe_file(path, whole[: len(whole) // 2])


fsspec.register_implementation("weak", Weak, clobber=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(patience, "PAUSES_S", (0.0, 0.0, 0.0))
    Weak.fails, Weak.half = [], 0
    yield
    MemoryFileSystem.store.clear()
    Weak.store.clear()


def at(url: str, kind: str, private: Path) -> RemoteBlobs:
    """Also a folder is asked through fsspec here, as a server with a real renaming would be."""
    return RemoteBlobs(url, kind, private)


def damage(pictures: Pictures, sha: str, content: bytes | None) -> None:
    """Change what lies in the store itself."""
    store: Any = pictures._blobs
    path = f"{store._root(store._store())}/pictures/{sha[:2]}/{sha[2:]}.png"
    if content is None:
        store._store().rm_file(path)
    else:
        store._store().pipe_file(path, content)


def copies(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "here" / "cache").rglob("*") if path.is_file())
