from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest
from store_samples import SHA

from genzu.core.cut import FileRef
from genzu.errors import BadInput, BadRecord, NotFound
from genzu.store.blobs import FolderBlobs
from genzu.store.files import Files


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(FolderBlobs(tmp_path / "show" / "files", tmp_path / "show" / "scratch"))


def given_file(folder: Path, name: str, content: bytes = b"drawn by hand") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_file_is_kept_byte_for_byte_under_its_hash(files: Files, tmp_path: Path) -> None:
    content = bytes(range(256)) * 9000
    ref = files.keep(given_file(tmp_path, "原図 12.PSD", content))
    assert ref == FileRef(sha=sha256(content).hexdigest(), name="原図 12.PSD")
    assert Path(files.where(ref)).read_bytes() == content
    assert Path(files.where(ref)).suffix == ".psd"
    assert files.find(ref.sha) == f"{ref.sha[:2]}/{ref.sha[2:]}.psd"
    assert Path(files.where(ref)).stat().st_mode & 0o777 == 0o444


def test_the_copy_does_not_follow_the_original(files: Files, tmp_path: Path) -> None:
    path = given_file(tmp_path, "a.png")
    ref = files.keep(path)
    path.write_bytes(b"painted over")
    assert files.fault(ref) is None
    assert files.keep(path).sha != ref.sha


def test_a_damaged_copy_is_found_and_healed_by_keeping_again(files: Files, tmp_path: Path) -> None:
    path = given_file(tmp_path, "a.png")
    ref = files.keep(path)
    Path(files.where(ref)).chmod(0o644)
    Path(files.where(ref)).write_bytes(b"half")
    assert files.fault(ref) == files.fault_of_sha(ref.sha) == "damaged"
    files.keep(path)
    assert files.fault(ref) is None
    Path(files.where(ref)).unlink()
    assert files.fault(ref) == files.fault_of_sha(ref.sha) == "missing"


@pytest.mark.parametrize(
    "name", ["../../../x.png", "a/b.png", "..", ".png", "x." + "p" * 300, "x.p/../../q", "a\0b.png"]
)
def test_no_name_leads_out_of_the_folder(files: Files, tmp_path: Path, name: str) -> None:
    path = Path(files.where(FileRef(sha=SHA, name=name)))
    assert path.parent.parent == tmp_path / "show" / "files"
    assert len(path.name) < 80
    with pytest.raises(BadRecord):
        Path(files.where(FileRef(sha=f"../{SHA}"[:64], name="a.png")))


def test_what_cannot_be_read_is_told(files: Files, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="not there"):
        files.keep(tmp_path / "none.png")
    with pytest.raises(BadInput, match="cannot be read"):
        files.keep(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="only here can a file name be any bytes")
def test_a_name_in_another_encoding_can_be_stored(files: Files, tmp_path: Path) -> None:
    name = os.fsdecode("原図.png".encode("cp932"))
    try:
        path = given_file(tmp_path, name)
    except OSError:
        pytest.skip("this disk takes UTF-8 names only")
    ref = files.keep(path)
    assert ref.name.encode().endswith(b".png")
