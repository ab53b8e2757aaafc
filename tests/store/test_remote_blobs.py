"""Pictures and files in a store: fsspec's own local and memory file systems, and an S3 server where moto is there."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from store_samples import hand_take, layout, machine_take, tiny
from tests.s3 import Bucket
from tests.s3 import bucket as bucket
from tests.s3 import s3_server as s3_server
from weak_store import at, copies, damage
from weak_store import quick as quick

from genzu.core.cut import Cut, FileRef
from genzu.errors import BadInput, LedgerBroken, NotFound
from genzu.store.blobs import FolderBlobs
from genzu.store.files import Files
from genzu.store.pictures import Pictures
from genzu.store.remote import RemoteBlobs, _renames
from genzu.store.show import Show

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed (pip install 'genzu[object-store]')")


@pytest.fixture(params=["local", "memory", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "s3":
        found: Bucket = request.getfixturevalue("bucket")
        return found.url
    return {"local": (tmp_path / "far 遠い").as_uri(), "memory": "memory://far/show"}[request.param]


@pytest.fixture
def pictures(url: str, tmp_path: Path) -> Pictures:
    return Pictures(at(url, "pictures", tmp_path / "here"))


@pytest.fixture
def files(url: str, tmp_path: Path) -> Files:
    return Files(at(url, "files", tmp_path / "here"))


def test_every_picture_comes_back_exactly_also_to_another_machine(pictures: Pictures, url: str, tmp_path: Path) -> None:
    pictured = [tiny(), tiny(1)[..., 0], tiny(2).astype(np.uint16) * 257, np.dstack([tiny(3), tiny(4)[..., 0]])]
    shas = [pictures.keep(pixels) for pixels in pictured]
    there = Pictures(at(url, "pictures", tmp_path / "there"))
    for place in (pictures, there, there):
        for sha, pixels in zip(shas, pictured, strict=True):
            back = place.load(sha)
            assert back.dtype == pixels.dtype
            assert np.array_equal(back, pixels)
            assert place.has(sha)
            assert place.fault(sha) is None
    assert Pictures(at(url, "pictures", tmp_path / "third")).has(shas[0]), "known without having been fetched"
    with pytest.raises(NotFound):
        there.load("0" * 64)
    assert not there.has("0" * 64)
    assert there.fault("0" * 64) == "missing"
    assert list((tmp_path / "here" / "scratch").iterdir()) == []


def test_every_file_comes_back_byte_for_byte(files: Files, url: str, tmp_path: Path) -> None:
    content = bytes(range(256)) * 5000
    given = tmp_path / "原図 12.PSD"
    given.write_bytes(content)
    ref = files.keep(given)
    assert files.keep(given) == ref
    assert ref == FileRef(sha=sha256(content).hexdigest(), name="原図 12.PSD")
    there = Files(at(url, "files", tmp_path / "there"))
    path = there.local(ref)
    assert path.read_bytes() == content
    assert path.suffix == ".psd"
    assert path.stat().st_mode & 0o222 == 0
    assert there.find(ref.sha) == f"{ref.sha[:2]}/{ref.sha[2:]}.psd"
    assert there.find("0" * 64) is None
    assert there.fault(ref) is there.fault_of_sha(ref.sha) is None
    with pytest.raises(NotFound, match=r"lost\.png is not in the show"):
        there.local(FileRef(sha="0" * 64, name="lost.png"))


def test_a_damaged_copy_is_fetched_again(pictures: Pictures, files: Files, tmp_path: Path) -> None:
    sha = pictures.keep(tiny())
    given = tmp_path / "a.psd"
    given.write_bytes(b"drawn by hand" * 99)
    ref = files.keep(given)
    assert len(copies(tmp_path)) == 2
    for content in (b"", b"half", given.read_bytes()[:-1]):
        for path in copies(tmp_path):
            path.chmod(0o644)
            path.write_bytes(content)
        assert np.array_equal(pictures.load(sha), tiny())
        assert files.local(ref).read_bytes() == given.read_bytes()
    for path in copies(tmp_path):
        path.unlink()
    assert np.array_equal(pictures.load(sha), tiny())


@pytest.mark.parametrize("content", [b"", b"half of it", None], ids=["empty", "other", "gone"])
def test_damage_in_the_store_is_found_although_the_copy_is_whole(
    pictures: Pictures, tmp_path: Path, content: bytes | None
) -> None:
    sha = pictures.keep(tiny())
    damage(pictures, sha, content)
    assert pictures.fault(sha) == ("missing" if content is None else "damaged")
    assert np.array_equal(pictures.load(sha), tiny()), "the copy does"
    for path in copies(tmp_path):
        path.unlink()
    with pytest.raises(NotFound if content is None else LedgerBroken) as told:
        pictures.load(sha)
    assert sha[2:] in told.value.sentence
    assert pictures.keep(tiny()) == sha, "keeping it again heals it"
    assert pictures.fault(sha) is None


def test_a_whole_show_in_a_store(url: str, tmp_path: Path) -> None:
    with Show.create(tmp_path / "show", "犬と少年", pictures=url) as show:
        show.add_cut(Cut(number="001", layout=layout(show)))
        rough, retouch = machine_take(show), hand_take(show)
        edited = tmp_path / "edited.psd"
        edited.write_bytes(b"8BPS")
        original = show.keep_file(edited)
        private = show.folder / ".genzu"
        assert show.whereabouts.pictures == url
    assert not (private / "pictures").exists()
    assert not (private / "files").exists()
    with Show.open(tmp_path / "show") as again:
        assert again.verify() == ()
        assert np.array_equal(again.picture(rough.picture), tiny())
        assert again.file(again.cut("001").layout).read_text() == "a layout"
        assert again.file(original).read_bytes() == b"8BPS"
        blobs = again._places.blobs("pictures")
        name = f"{retouch.picture[:2]}/{retouch.picture[2:]}.png"
        if isinstance(blobs, FolderBlobs):
            blobs.path(name).unlink()
        else:
            store: Any = blobs
            store._store().rm_file(f"{store._root(store._store())}/pictures/{name}")
        (fault,) = again.verify()
        assert (fault.what, fault.used_by) == ("missing", ("001 BG retouch 1",))


def test_a_shared_folder_needs_no_driver_and_no_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("fsspec", "fsspec.core"):
        monkeypatch.setitem(sys.modules, name, None)
    with Show.create(tmp_path / "show", "a", pictures=str(tmp_path / "share" / "film")) as show:
        show.add_cut(Cut(number="001", layout=layout(show)))
        take = machine_take(show)
        assert show.verify() == ()
        assert show.file(show.cut("001").layout).is_relative_to(tmp_path / "share")
    kept = tmp_path / "share" / "film" / "pictures" / take.picture[:2] / f"{take.picture[2:]}.png"
    assert kept.stat().st_mode & 0o777 == 0o444
    assert (tmp_path / "share" / "film" / "README.txt").exists()
    assert not (tmp_path / "show" / ".genzu" / "cache").exists()
    assert list((tmp_path / "share" / "film" / "scratch").iterdir()) == []
    with pytest.raises(BadInput, match=r"fsspec.*pip install"):
        Show.create(tmp_path / "other", "b", pictures="memory://x")


def test_where_stores_rename_a_reader_never_sees_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    local = fsspec.filesystem("file")
    assert _renames(local)
    assert not _renames(fsspec.filesystem("memory"))
    root = tmp_path / "far"
    pictures = Pictures(at(root.as_uri(), "pictures", tmp_path / "here"))
    seen: list[set[str]] = []
    move = type(local).mv

    def watched(self: Any, source: str, target: str, **named: Any) -> None:
        seen.append({path.name for path in root.rglob("*.png") if "scratch" not in path.parts})
        move(self, source, target, **named)

    monkeypatch.setattr(type(local), "mv", watched)
    sha = pictures.keep(tiny())
    assert seen == [set()]
    assert [path.name for path in root.rglob("*.png")] == [f"{sha[2:]}.png"]


def test_a_server_that_renames_onto_nothing_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, local = tmp_path / "far", type(fsspec.filesystem("file"))
    move = local.mv

    def strict(self: Any, source: str, target: str, **named: Any) -> None:
        if Path(target).exists():
            raise FileExistsError(target)
        move(self, source, target, **named)

    monkeypatch.setattr(local, "mv", strict)
    pictures = Pictures(at(root.as_uri(), "pictures", tmp_path / "here"))
    sha = pictures.keep(tiny())
    damage(pictures, sha, b"half")
    assert pictures.fault(sha) == "damaged"
    assert pictures.keep(tiny()) == sha
    assert pictures.fault(sha) is None
    monkeypatch.setattr(RemoteBlobs, "has", lambda self, name: False)  # another process puts it at this very moment
    assert pictures.keep(tiny()) == sha
    assert pictures.fault(sha) is None
    assert [path.name for path in root.rglob("*.png")] == [f"{sha[2:]}.png"]


def test_what_killed_processes_left_in_the_store_is_swept(tmp_path: Path) -> None:
    root = tmp_path / "far"
    (root / "scratch").mkdir(parents=True)
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    from genzu.store.scratch import _this_host

    dead = root / "scratch" / f".genzu-{_this_host()}-{int(gone.stdout)}-{'0' * 12}.part.png"
    alive = root / "scratch" / f".genzu-{_this_host()}-{os.getpid()}-{'0' * 12}.part.png"
    old = root / "scratch" / f".genzu-00000000-1-{'0' * 12}.part.png"
    theirs = root / "scratch" / "notes.txt"
    for path in (dead, alive, old, theirs):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 90_000,) * 2)
    Pictures(at(root.as_uri(), "pictures", tmp_path / "here")).keep(tiny())
    assert sorted(path.name for path in (root / "scratch").iterdir()) == sorted([alive.name, theirs.name])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_goes_on_with_an_open_store(url: str, tmp_path: Path) -> None:
    if url.startswith("memory"):
        pytest.skip("what a child puts into its memory, its parent does not see")
    program = f"""
import os, sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from genzu.store.remote import RemoteBlobs
from genzu.store.files import Files
files = Files(RemoteBlobs(sys.argv[1], "files", Path(sys.argv[2])))
given = Path(sys.argv[2]).parent / "given.txt"
given.write_text("parent")
files.keep(given)
child = os.fork()
given = given.with_name(f"given {{child > 0}}.txt")
given.write_text(f"from {{child > 0}}" * 50)
ref = files.keep(given)
assert files.fault(ref) is None
if child:
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
os._exit(0)
"""
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, url, str(tmp_path / "here")],
        capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
