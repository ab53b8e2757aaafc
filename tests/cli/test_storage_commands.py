"""A show whose ledger lies on a server and whose pictures lie elsewhere, by the commands alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from genzu.store.show import Show
from tests.cli.conftest import Genzu
from tests.postgres import Cluster
from tests.postgres import postgres as postgres


def test_a_show_on_a_server_is_worked_on_without_saying_where(
    genzu: Genzu, layout: Path, tmp_path: Path, postgres: Cluster
) -> None:
    show, share, url = tmp_path / "show", tmp_path / "share", postgres.new_database().url()
    begun = genzu("init", show, "--ledger", url, "--pictures", share)
    assert begun.code == 0
    lie = f"ledger: {url} · pictures and files: {share.as_uri()}"
    assert lie in begun.out
    for number in ("001", "002"):
        asked = ("--cut", number, "-p", "autumn", "--engine", "fake", "--size", "320x180")
        assert genzu("add", layout, *asked, "--show", show).code == 0
    painted = genzu("paint", "--all", "--show", show, "--json")
    assert painted.code == 0, painted.err
    assert genzu("approve", "--cut", "001", "--by", "監督", "--show", show).code == 0
    for command in ("status", "verify"):
        assert lie in genzu(command, "--show", show).out
    assert sorted(path.name for path in (show / ".genzu").iterdir() if path.name != "scratch") == [
        "README.txt", "where.json"
    ]  # fmt: skip
    with Show.open(show) as opened:
        assert {take.stage.value for take in opened.takes("001")} >= {"rough", "painting"}

    joined = genzu("init", tmp_path / "second", "--join", "--ledger", url, "--pictures", share)
    assert joined.code == 0, joined.err
    assert "joined" in joined.out
    assert "approved" in genzu("status", "--show", tmp_path / "second").out


def test_ledger_and_pictures_are_moved_and_moved_back(
    genzu: Genzu, layout: Path, tmp_path: Path, postgres: Cluster
) -> None:
    show, url = tmp_path / "show", postgres.new_database().url()
    genzu("init", show)
    genzu("add", layout, "--cut", "001", "--show", show)
    copied = json.loads(genzu("ledger", "copy", tmp_path / "copy.db", "--show", show, "--json").out)
    moved = json.loads(genzu("ledger", "move", url, "--show", show, "--json").out)
    assert (moved["digest"], moved["rows"]) == (copied["digest"], copied["rows"])
    assert Path(moved["backup"]).is_file()
    away = genzu("pictures", "move", tmp_path / "share", "--show", show)
    assert "1 copied" in away.out
    assert "genzu verify" in away.out
    assert genzu("verify", "--show", show).code == 0
    for words in (("pictures", "move", "folder"), ("ledger", "move", "folder")):
        assert genzu(*words, "--show", show).code == 0
        again = genzu(*words, "--show", show)
        assert (again.code, again.err.count("\n")) == (2, 1)
        assert "there already" in again.err
    assert f"ledger: {show / '.genzu' / 'ledger.db'}" in genzu("status", "--show", show).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--ledger", "postgresql://me:secret@host/db"), "password does not belong"),
        (("--ledger", "postgresql://me@127.0.0.1:1/db"), "does not answer"),
        (("--ledger", "nonsense"), "URL cannot be used"),
        (("--pictures", "nonsense"), "is no store"),
        (("--pictures", "ftp://me:secret@host/x"), "password does not belong"),
        (("--join",), "give --ledger URL"),
        (("--join", "--ledger", "postgresql://me@127.0.0.1:1/db"), "does not answer"),
    ],
)
def test_what_cannot_be_is_one_sentence(genzu: Genzu, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    ran = genzu("init", tmp_path / "show", *words)
    assert ran.code == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert "secret" not in ran.err
    assert not (tmp_path / "show" / ".genzu" / "where.json").exists()
