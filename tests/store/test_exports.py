from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from store_samples import show_with_cut

from genzu.errors import BadInput, CannotWrite, Refused
from genzu.store import exports as module
from genzu.store.show import Show

pytestmark = pytest.mark.usefixtures("both_ledgers")


@pytest.fixture
def show(tmp_path: Path) -> Show:
    return show_with_cut(tmp_path / "show")


def text(content: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(content) and None


def test_our_own_file_is_replaced(show: Show) -> None:
    path = show.folder / "out" / "a.psd"
    assert show.exported(path) == "missing"
    for content in ("one", "two", "two"):
        assert show.export(path, text(content)) == path
        assert path.read_text() == content
        assert show.exported(path) == "ours"
    assert [event.what for event in show.history()].count("file exported") == 2
    assert [entry.name for entry in path.parent.iterdir()] == ["a.psd"]
    assert path.stat().st_mode & 0o600 == 0o600


@pytest.mark.parametrize("inside", [True, False])
def test_a_file_that_a_person_changed_is_kept(show: Show, tmp_path: Path, inside: bool) -> None:
    path = (show.folder if inside else tmp_path) / "out" / "a.b.psd"
    show.export(path, text("one"))
    path.write_text("painted over")
    assert show.exported(path) == "edited"
    beside = path.with_name("a.b_new1.psd")
    for content in ("two", "three"):
        assert show.export(path, text(content)) == beside
        assert beside.read_text() == content
    beside.write_text("painted too")
    assert show.export(path, text("four")).name == "a.b_new2.psd"
    assert (path.read_text(), beside.read_text()) == ("painted over", "painted too")


def test_a_file_that_genzu_never_wrote_is_kept(show: Show) -> None:
    path = show.folder / "a.psd"
    path.write_text("mine")
    assert show.exported(path) == "foreign"
    assert show.export(path, text("new")).name == "a_new1.psd"
    assert path.read_text() == "mine"


def test_a_file_that_is_the_same_already_needs_no_second(show: Show) -> None:
    path = show.folder / "a.psd"
    path.write_text("same")
    assert show.export(path, text("same")) == path
    assert show.exported(path) == "foreign", "it stays theirs"
    assert sorted(entry.name for entry in show.folder.iterdir()) == [".genzu", "a.psd"]


def test_an_older_version_that_a_person_brought_back_is_theirs(show: Show) -> None:
    path = show.folder / "a.psd"
    show.export(path, text("one"))
    show.export(path, text("two"))
    path.write_text("one")
    assert show.exported(path) == "edited"


def test_a_deleted_file_is_written_again(show: Show) -> None:
    path = show.folder / "a.psd"
    show.export(path, text("one"))
    path.unlink()
    assert show.exported(path) == "missing"
    assert show.export(path, text("one")) == path


def test_a_moved_show_knows_its_files(show: Show, tmp_path: Path) -> None:
    show.export(show.folder / "a.psd", text("one"))
    show.close()
    moved = show.folder.rename(tmp_path / "moved")
    with Show.open(moved) as again:
        assert again.exported(moved / "a.psd") == "ours"


@pytest.mark.parametrize("error", [ZeroDivisionError, OSError])
def test_a_writer_that_fails_leaves_all_as_it_was(show: Show, error: type[Exception]) -> None:
    def half(path: Path) -> None:
        path.write_text("half")
        raise error

    path = show.folder / "out" / "a.psd"
    show.export(path, text("one"))
    with pytest.raises(CannotWrite if error is OSError else error):
        show.export(path, half)
    assert path.read_text() == "one"
    assert show.exported(path) == "ours"
    assert [entry.name for entry in path.parent.iterdir()] == ["a.psd"]


def test_no_name_leads_out_of_the_show_or_into_its_ledger(show: Show, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(show.folder / ".genzu")
    for path in (
        show.folder / ".." / "x.psd", show.folder / "out" / ".." / ".." / "x.psd", show.folder / ".genzu" / "ledger.db",
        show.folder / "a" / ".." / ".genzu" / "x", show.folder / ".GENZU" / "x", tmp_path / "link" / "ledger.db",
        show.folder / ".genzu", show.folder,
    ):  # fmt: skip
        with pytest.raises((Refused, CannotWrite)):
            show.export(path, text("x"))
    with pytest.raises(BadInput, match="NUL"):
        show.export(show.folder / "a\0b", text("x"))
    assert show.verify() == ()
    assert not (tmp_path / "x.psd").exists()


def test_a_folder_in_the_way_is_told(show: Show) -> None:
    (show.folder / "a.psd").mkdir()
    with pytest.raises(CannotWrite, match=r"a\.psd"):
        show.export(show.folder / "a.psd", text("x"))


def test_an_export_killed_between_rename_and_ledger_is_still_ours(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    path = show.folder / "a.psd"
    show.export(path, text("one"))
    with monkeypatch.context() as patch:
        patch.setattr(module.Exports, "_confirm", killed)
        with pytest.raises(KeyboardInterrupt):
            show.export(path, text("two"))
    assert path.read_text() == "two"
    assert show.exported(path) == "ours"
    assert show.export(path, text("three")) == path
    assert [event.what for event in show.history()].count("file exported") == 3


def test_a_change_in_the_very_moment_is_seen(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    path = show.folder / "a.psd"
    show.export(path, text("one"))
    remember = module.Exports._remember

    def slow(*given: object, **named: object) -> None:
        remember(*given, **named)  # type: ignore[arg-type]
        monkeypatch.undo()
        path.write_text("painted in between")

    monkeypatch.setattr(module.Exports, "_remember", slow)
    assert show.export(path, text("two")).name == "a_new1.psd"
    assert path.read_text() == "painted in between"
