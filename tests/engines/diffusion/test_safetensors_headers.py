from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.engines.diffusion.safe_files import LORA, NET, packed, write

from genzu.engines.diffusion.headers import read_header
from genzu.errors import BadInput, NotFound

SAID = {
    "modelspec.title": "Harbour towns", "modelspec.author": "Aya", "modelspec.license": "CC-BY-4.0",
    "modelspec.architecture": "stable-diffusion-xl-v1-base/lora", "modelspec.thumbnail": "data:…" * 99,
    "ss_network_dim": "16", "ss_dataset_dirs": "{}",
}  # fmt: skip


def test_what_a_header_says(tmp_path: Path) -> None:
    header = read_header(write(tmp_path / "town.safetensors", LORA, SAID))
    assert (header.title, header.spec("author"), header.spec("license")) == ("Harbour towns", "Aya", "CC-BY-4.0")
    assert header.is_lora
    assert (header.tensors, header.parameters, header.types) == (1, 8, ("F16",))
    assert set(header.said()) == {
        "modelspec.title", "modelspec.author", "modelspec.license", "modelspec.architecture", "ss_network_dim",
    }  # fmt: skip


def test_a_header_that_says_nothing(tmp_path: Path) -> None:
    header = read_header(write(tmp_path / "net.safetensors", NET))
    assert (header.title, header.spec("author"), header.said(), header.is_lora) == (None, None, {}, False)
    assert (header.tensors, header.parameters, header.types) == (2, 16, ("F32",))


@pytest.mark.parametrize("kept", [0, 5, 8, 40, -1, -16])
def test_a_file_that_was_cut_off_anywhere_is_refused(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "net.safetensors"
    path.write_bytes(packed(NET)[:kept])
    with pytest.raises(BadInput, match=r"copy or download it again|not a safetensors file"):
        read_header(path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (packed(NET) + b"\0", "longer"),
        (b"PK\x03\x04" + b"\0" * 400, "is a pickle"),
        (b"\x80\x02}q\x00" + b"\0" * 400, "is a pickle"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 400, "not a safetensors file"),
        ((16).to_bytes(8, "little") + b"[1, 2, 3, 4, 5] ", "not that of a safetensors"),
        ((16).to_bytes(8, "little") + b'{"a": {"x": 1}} ', "not that of a safetensors"),
        ((16).to_bytes(8, "little") + b"\xff" * 16, "not that of a safetensors"),
        (packed(NET).replace(b"[0, 48]", b"[0, 44]"), "not that of a safetensors"),
        (packed(NET).replace(b"[48, 64]", b"[47, 63]"), "hole"),
    ],
)
def test_what_is_no_safetensors_file_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "net.safetensors"
    path.write_bytes(data)
    with pytest.raises(BadInput, match=said) as caught:
        read_header(path)
    assert caught.value.where == str(path)


def test_pickles_and_missing_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="save_file"):
        read_header(tmp_path / "model.ckpt")
    with pytest.raises(NotFound):
        read_header(tmp_path / "model.safetensors")


def test_only_the_header_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.safetensors"
    begin = packed({"w": np.zeros((0, 4), np.float32)}).replace(b"[0, 4]", b"[250000000, 4]")
    begin = begin.replace(b"[0, 0]", b"[0, 4000000000]")
    text = begin[8:].rstrip()
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + 4_000_000_000)  # a hole: takes no room on the disk
    assert read_header(path).parameters == 10**9


def test_the_library_agrees(tmp_path: Path) -> None:
    library = pytest.importorskip("safetensors.numpy", reason="safetensors comes with genzu[diffusers]")
    path = tmp_path / "net.safetensors"
    library.save_file({"a": np.ones((3, 5), np.float32), "b": np.zeros(2, np.int64)}, path, metadata={"k": "v"})
    header = read_header(path)
    assert (header.tensors, header.parameters, header.types) == (2, 17, ("F32", "I64"))
    assert header.metadata == {"k": "v"}
    assert library.load_file(write(tmp_path / "own.safetensors", NET, {"k": "v"})).keys() == NET.keys()
