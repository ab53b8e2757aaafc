"""Pictures and files in a store: fsspec's own local and memory file systems, and an S3 server where moto is there."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from store_samples import hand_take, layout, machine_take, show_with_cut, tiny
from tests.s3 import Bucket
from tests.s3 import bucket as bucket
from tests.s3 import s3_server as s3_server

from genzu.core.cut import Cut, FileRef
from genzu.errors import BadInput, CannotWrite, GenzuError, LedgerBroken, NotFound, Refused, Unreachable
from genzu.picture.files import pixels_digest
from genzu.store import blobs as blobs_module
from genzu.store import cache as cache_module
from genzu.store import patience
from genzu.store.blobs import FolderBlobs, open_blobs
from genzu.store.cache import Cache
from genzu.store.files import Files
from genzu.store.pictures import Pictures
from genzu.store.remote import RemoteBlobs, _renames
from genzu.store.show import Show

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


@pytest.fixture(params=["local", "memory", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "s3":
        found: Bucket = request.getfixturevalue("bucket")
        return found.url
    return {"local": (tmp_path / "far 遠い").as_uri(), "memory": "memory://far/show"}[request.param]


def at(url: str, kind: str, private: Path) -> RemoteBlobs:
    """Also a folder is asked through fsspec here, as a server with a real renaming would be."""
    return RemoteBlobs(url, kind, private)


@pytest.fixture
def pictures(url: str, tmp_path: Path) -> Pictures:
    return Pictures(at(url, "pictures", tmp_path / "here"))


@pytest.fixture
def files(url: str, tmp_path: Path) -> Files:
    return Files(at(url, "files", tmp_path / "here"))


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


@pytest.mark.parametrize("fails", [1, 3])
def test_a_weak_network_is_tried_again(tmp_path: Path, fails: int) -> None:
    pictures = Pictures(at("weak://far", "pictures", tmp_path / "here"))
    Weak.fails = [ConnectionResetError("reset by peer")] * fails
    sha = pictures.keep(tiny())
    for path in copies(tmp_path):
        path.unlink()
    Weak.fails = [TimeoutError("no answer")] * fails
    assert np.array_equal(pictures.load(sha), tiny())


def test_half_of_a_picture_is_sent_and_fetched_again(tmp_path: Path) -> None:
    pictures = Pictures(at("weak://far", "pictures", tmp_path / "here"))
    Weak.half = 2
    sha = pictures.keep(tiny())
    assert Weak.half == 0
    assert pictures.fault(sha) is None
    for path in copies(tmp_path):
        path.unlink()
    Weak.half = 2
    assert np.array_equal(pictures.load(sha), tiny())


@pytest.mark.parametrize(
    ("error", "kind", "word"),
    [
        (ConnectionRefusedError("refused by https://s3.example/a?X-Amz-Signature=secret"), Unreachable, "not answer"),
        (TimeoutError(), Unreachable, "TimeoutError"),
        (PermissionError("Access Denied"), CannotWrite, "does not let this user in"),
        (FileNotFoundError("The specified bucket does not exist"), NotFound, "no such bucket"),
        (OSError(28, "No space left on device"), CannotWrite, "no space left"),
        (NotImplementedError(), CannotWrite, "takes no files"),
        (type("NoCredentialsError", (Exception,), {"__module__": "botocore"})("x"), CannotWrite, "let this user in"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_a_store_says_is_one_sentence(tmp_path: Path, error: Exception, kind: type[GenzuError], word: str) -> None:
    with Show.create(tmp_path / "show", "a", pictures="weak://far") as show:
        show.add_cut(Cut(number="001", layout=layout(show)))
        events = len(show.history())
        sends = Weak.put_file

        def refuses(*_: Any, **__: Any) -> None:
            raise error

        Weak.put_file = refuses  # type: ignore[method-assign]
        try:
            with pytest.raises(kind, match=word) as told:
                machine_take(show)
        finally:
            Weak.put_file = sends  # type: ignore[method-assign]
        assert "weak://far/pictures/" in told.value.sentence
        assert "secret" not in told.value.sentence
        assert show.takes() == ()
        assert len(show.history()) == events
        assert machine_take(show).number == 1


def test_a_fault_of_the_program_is_not_taken_for_the_network(tmp_path: Path) -> None:
    pictures = Pictures(at("weak://far", "pictures", tmp_path / "here"))
    Weak.fails = [TypeError("wrong argument")]
    with pytest.raises(TypeError):
        pictures.has("0" * 64)


def test_verify_tells_a_network_that_is_away_from_a_lost_picture(tmp_path: Path) -> None:
    with Show.create(tmp_path / "show", "a", pictures="weak://far") as show:
        show.add_cut(Cut(number="001", layout=layout(show)))
        machine_take(show)
        Weak.fails = [ConnectionError("away")] * 20
        with pytest.raises(Unreachable):
            show.verify()
        Weak.fails = []
        assert show.verify() == ()


@pytest.mark.parametrize(
    "asked",
    [
        "s3://user:secret@bucket/x",
        "simplecache::s3://b/x",
        "s3:bucket",
        "relative/folder",
        "file://host/x",
        "s3://b/x?versionId=1",
    ],
)
def test_a_store_that_cannot_be_remembered_is_refused(tmp_path: Path, asked: str) -> None:
    with pytest.raises(BadInput) as told:
        Show.create(tmp_path / "show", "a", pictures=asked)
    assert "secret" not in told.value.sentence
    assert not (tmp_path / "show").exists()


def test_a_driver_that_is_absent_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nosuchstore"):
        Show.create(tmp_path / "show", "a", pictures="nosuchstore://bucket/x")
    with pytest.raises(NotFound):
        Show.open(tmp_path / "show")


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


def test_a_show_that_was_moved_takes_nothing_more_from_those_who_have_it_open(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        machine_take(show)
        show._places.remember(blobs_module_where("memory://elsewhere"))
        with pytest.raises(Refused, match="moved meanwhile"):
            machine_take(show, seed=1)


def blobs_module_where(pictures: str) -> Any:
    from genzu.store.where import Where

    assert blobs_module.is_folder(pictures) is False
    return Where.asked(None, pictures)
