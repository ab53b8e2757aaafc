"""A store behind a weak network, or one that refuses: tried again, or told in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from store_samples import layout, machine_take, tiny
from tests.s3 import s3_server as s3_server
from weak_store import Weak, at, copies
from weak_store import quick as quick

from genzu.core.cut import Cut
from genzu.errors import BadInput, CannotWrite, GenzuError, NotFound, Unreachable
from genzu.store.pictures import Pictures
from genzu.store.show import Show

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed (pip install 'genzu[object-store]')")


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


def test_a_bucket_that_is_not_there_and_an_account_without_keys(
    tmp_path: Path, s3_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFound, match="no such bucket"):
        Show.create(tmp_path / "show", "a", pictures="s3://nosuchbucket/film")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    with pytest.raises(CannotWrite, match="does not let this user in"):
        Show.create(tmp_path / "show", "a", pictures="s3://somebucket/film")
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    with pytest.raises(NotFound):
        Show.open(tmp_path / "show")


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
