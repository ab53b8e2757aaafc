"""``genzu paint --all --dask``: what a person types, and what is said when it cannot be."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from genzu.store.show import Show
from tests.cli.conftest import Genzu
from tests.steps.farm_hands import show_of


def test_a_cluster_paints_what_is_asked_for(genzu: Genzu, layout: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="pip install 'genzu[dask]' to test Dask")
    show = tmp_path / "show"
    assert genzu("init", show).code == 0
    assert genzu("add", layout, "--cut", "001", "--engine", "fake", "--size", "320x180", "--show", show).code == 0
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, host="127.0.0.1", protocol="tcp", dashboard_address=":0"
    ) as cluster:
        ran = genzu("paint", "--all", "--show", show, "--dask", cluster.scheduler_address, "--json")
    assert ran.code == 0, ran.err
    (sheet,) = json.loads(ran.out)["sheets"]
    assert Path(sheet["files"]["painting"]).is_file()
    with Show.open(show) as opened:
        assert [take.stage.value for take in opened.takes("001")] == ["layout", "rough", "painting"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--all", "--dask", "tcp://127.0.0.1:1", "--dask-wait", "0.5"), "no Dask scheduler answers there"),
        (("--all", "--dask", "127.0.0.1:1", "--dask-wait", "-1"), "no time to wait"),
        (("--all", "--dask", "127.0.0.1:1", "--dask-wait", "nan"), "no time to wait"),
        (("--all", "--dask", "127.0.0.1:1", "--workers", "2"), "--workers is for this machine"),
        (("--all", "--dask", "127.0.0.1:1", "--dask-resource", "GPU"), "'GPU' is not a resource"),
        (("--all", "--dask", "127.0.0.1:1", "--dask-resource", "GPU=inf"), "'GPU=inf' is not a resource"),
        (("--all", "--dask", "127.0.0.1:1", "--dask-resource", "=1"), "'=1' is not a resource"),
        (("--all", "--dask-resource", "GPU=1"), "go with --dask"),
        (("--all", "--dask-tls", "a", "b", "c"), "go with --dask"),
        (("--dask", "127.0.0.1:1"), "add --all"),
    ],
)
def test_what_cannot_be_is_one_sentence(words: tuple[str, ...], said: str, genzu: Genzu, tmp_path: Path) -> None:
    if "no Dask" in said:
        pytest.importorskip("distributed", reason="pip install 'genzu[dask]' to test Dask")
    show_of(tmp_path / "show", "001")
    ran = genzu("paint", "--show", tmp_path / "show", *words)
    assert ran.code == 2 and said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_without_dask_the_extra_is_named(genzu: Genzu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    show_of(tmp_path / "show", "001")
    ran = genzu("paint", "--show", tmp_path / "show", "--all", "--dask", "127.0.0.1:1")
    assert ran.code == 2 and "genzu[dask]" in ran.err
