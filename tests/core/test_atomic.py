from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from genzu.core.atomic import replacing
from genzu.errors import CannotWrite, NoDrawing


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_new_file_appears_whole_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "背景" / "deep" / "cut 012.png"
    with replacing(path) as scratch:
        assert scratch.parent == path.parent
        assert scratch.suffix == path.suffix
        scratch.write_bytes(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    assert left_in(path.parent) == {path.name}


def test_an_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    with replacing(path) as scratch:
        scratch.write_bytes(b"half")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"half"


@pytest.mark.skipif(os.name == "nt", reason="Windows does not rename over an open file")
def test_who_is_reading_the_old_file_goes_on_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old, and long")
    with path.open("rb", buffering=0) as reader:
        with replacing(path) as scratch:
            scratch.write_bytes(b"new")
        assert reader.read() == b"old, and long"
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), NoDrawing("blank")])
def test_a_failed_block_leaves_the_old_file_and_nothing_else(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    with pytest.raises(type(error)) as caught, replacing(path) as scratch:
        scratch.write_bytes(b"half")
        raise error
    assert caught.value is error
    assert path.read_bytes() == b"old"
    assert left_in(tmp_path) == {"a.png"}


def test_a_full_disk_is_one_clear_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    with (
        pytest.raises(CannotWrite, match=r"a\.png: cannot be written \(no space left on device\); free some space"),
        replacing(path),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert left_in(tmp_path) == set()


def test_a_real_full_disk(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this machine has no /dev/full")
    with pytest.raises(CannotWrite, match="no space left"), replacing(tmp_path / "a.png"):
        Path("/dev/full").write_bytes(b"x")
    assert left_in(tmp_path) == set()


def test_a_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o555)
    try:
        if os.access(folder, os.W_OK):  # the superuser may write everywhere; the system call is made to say no

            def deny(*_args: object, **_kinds: object) -> int:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

            monkeypatch.setattr(os, "open", deny)
        with pytest.raises(CannotWrite, match="permission denied"), replacing(folder / "a.png"):
            raise AssertionError("the block must not run")
    finally:
        monkeypatch.undo()
        folder.chmod(0o755)
    assert left_in(folder) == set()


def test_a_file_where_a_folder_is_needed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(CannotWrite), replacing(tmp_path / "file" / "a.png"):
        raise AssertionError("the block must not run")
    assert (tmp_path / "file").read_bytes() == b"mine"


def test_a_rename_that_fails_leaves_no_scratch(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    with pytest.raises(CannotWrite, match="directory"), replacing(tmp_path / "a.png") as scratch:
        scratch.write_bytes(b"new")
    assert left_in(tmp_path) == {"a.png"}


def test_a_scratch_that_the_block_took_away_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite), replacing(tmp_path / "a.png") as scratch:
        scratch.unlink()
    assert left_in(tmp_path) == set()


@pytest.mark.parametrize("stem", ["背" * 80, "x" * 250, "🌸" * 60])
def test_long_names_are_written_where_the_system_takes_them(tmp_path: Path, stem: str) -> None:
    path = tmp_path / f"{stem}.png"
    with replacing(path) as scratch:
        scratch.write_bytes(b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_the_person_s_umask_decides_who_may_read(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        with replacing(tmp_path / "a.png") as scratch:
            scratch.write_bytes(b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "a.png").stat().st_mode & 0o777 == 0o666 & ~mask


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    with replacing(path) as first, replacing(path) as second:
        assert first != second
        first.write_bytes(b"first")
        second.write_bytes(b"second")
    assert path.read_bytes() == b"first"
    assert left_in(tmp_path) == {"a.png"}
