from __future__ import annotations

import stat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image
from store_samples import tiny

from genzu.errors import BadInput, BadRecord, LedgerBroken, NotFound
from genzu.picture.files import pixels_digest
from genzu.store.blobs import FolderBlobs
from genzu.store.pictures import Pictures

SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([(), (3,), (4,)])).map(
    lambda parts: (parts[0], parts[1], *parts[2])
)
PIXELS = st.sampled_from([np.uint8, np.uint16]).flatmap(lambda kind: arrays.arrays(kind, SHAPES))


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(FolderBlobs(tmp_path / "pictures", tmp_path / "scratch"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pixels=PIXELS)
def test_every_kind_of_picture_comes_back_exactly(pictures: Pictures, pixels: np.ndarray) -> None:
    sha = pictures.keep(pixels)
    back = pictures.load(sha)
    assert sha == pixels_digest(pixels)
    assert back.dtype == pixels.dtype
    assert np.array_equal(back, pixels)


def test_other_programs_read_the_stored_file(pictures: Pictures) -> None:
    pixels = tiny()
    with Image.open(Path(pictures.where(pictures.keep(pixels)))) as image:
        assert np.array_equal(np.asarray(image), pixels)


def test_rows_that_do_not_lie_side_by_side_are_kept_as_they_look(pictures: Pictures) -> None:
    pixels = tiny(height=16, width=16)[::2, ::-3]
    assert np.array_equal(pictures.load(pictures.keep(pixels)), pixels)


def test_a_stored_picture_is_read_only_and_written_once(pictures: Pictures) -> None:
    path = Path(pictures.where(pictures.keep(tiny())))
    before = path.stat()
    assert stat.S_IMODE(before.st_mode) == 0o444
    pictures.keep(tiny())
    assert path.stat().st_ino == before.st_ino


def test_what_is_loaded_may_be_painted_on_without_harm(pictures: Pictures) -> None:
    sha = pictures.keep(tiny())
    pictures.load(sha)[:] = 0
    assert np.array_equal(pictures.load(sha), tiny())


@pytest.mark.parametrize("damage", ["cut", "empty", "other picture", "text"])
def test_damage_is_found_and_healed_by_keeping_again(pictures: Pictures, damage: str) -> None:
    pixels = tiny()
    path = Path(pictures.where(pictures.keep(pixels)))
    whole = path.read_bytes()
    path.chmod(0o644)
    other = Path(pictures.where(pictures.keep(tiny(1)))).read_bytes()
    path.write_bytes({"cut": whole[: len(whole) // 2], "empty": b"", "other picture": other, "text": b"hello"}[damage])
    with pytest.raises(LedgerBroken, match="damaged"):
        pictures.load(pixels_digest(pixels))
    assert pictures.fault(pixels_digest(pixels)) == "damaged"
    assert pictures.fault(pictures.keep(pixels)) is None


def test_a_missing_picture_has_its_own_error(pictures: Pictures) -> None:
    with pytest.raises(NotFound):
        pictures.load("0" * 64)
    assert pictures.fault("0" * 64) == "missing"


@pytest.mark.parametrize("sha", ["", "../../../etc/passwd", "0" * 63, "G" * 64, "0" * 64 + "\n", "A" * 64])
def test_only_a_hash_becomes_part_of_a_path(pictures: Pictures, sha: str) -> None:
    with pytest.raises(BadRecord, match="SHA-256"):
        pictures.where(sha)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 4), np.float32), np.zeros((4, 4), bool), np.zeros((4, 4, 2), np.uint8), np.zeros(4, np.uint8),
        np.zeros((0, 4), np.uint8), np.zeros((2, 4, 4, 3), np.uint8),
    ],
    ids=lambda pixels: f"{pixels.shape}-{pixels.dtype}",
)  # fmt: skip
def test_other_arrays_are_refused(pictures: Pictures, pixels: np.ndarray) -> None:
    with pytest.raises(BadInput, match="cannot be kept"):
        pictures.keep(pixels)
