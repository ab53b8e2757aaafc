"""Workers that share a ledger on PostgreSQL and a store of pictures: how a show is painted on several machines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.steps.farm_hands import painted
from tests.steps.painted_shows import layout_picture

from genzu.core.cut import Cut
from genzu.picture.files import write_png
from genzu.steps.batch import CutOrder, paint_cuts
from genzu.steps.dask_cluster import Cluster
from genzu.steps.dask_crew import DaskCrew
from genzu.steps.dask_fit import misfit, proof
from genzu.store.show import Show

distributed = pytest.importorskip("distributed", reason="pip install 'genzu[dask]' to test Dask")
server = pytest.importorskip("tests.postgres", reason="there is no PostgreSQL cluster for tests here")
postgres = server.postgres

NUMBERS = ("001", "002", "003", "004", "005", "006")


def test_two_workers_write_into_one_ledger_and_one_store(postgres: Any, tmp_path: Path) -> None:
    write_png(tmp_path / "layout.png", layout_picture())
    elsewhere = {"url": postgres.new_database().url(), "pictures": (tmp_path / "store").as_uri()}
    with Show.create(tmp_path / "show", "Umi", **elsewhere) as show:
        for number in NUMBERS:
            show.add_cut(Cut(number=number, layout=show.keep_file(tmp_path / "layout.png")))
    orders = [CutOrder(show=tmp_path / "show", number=number, out=tmp_path / number) for number in NUMBERS]
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=":0"
    ) as two:
        results = paint_cuts(orders, crew=DaskCrew(Cluster(address=two.scheduler_address, patience=60), work=painted))
    assert [(result.number, result.error) for result in results] == [(number, None) for number in NUMBERS]
    with Show.open(tmp_path / "show") as show:
        takes = [(take.cut, take.stage.value, take.number) for take in show.takes()]
        assert sorted(takes) == [(number, stage, 1) for number in NUMBERS for stage in ("painting", "rough")]
        assert show.verify() == ()
    with proof(tmp_path / "show") as shown:
        assert misfit(replace(shown, machine="another")) is None, "such a ledger is for several machines"
