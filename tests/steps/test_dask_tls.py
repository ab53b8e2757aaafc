"""A Dask cluster that talks TLS, of a scheduler and a worker as a farm starts them; then the scheduler dies."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.steps.farm_hands import TRACES, quick, show_of, slow, traces

from genzu.errors import BadInput, FarmFailed
from genzu.steps.batch import paint_cuts
from genzu.steps.dask_cluster import Cluster, Tls
from genzu.steps.dask_crew import DaskCrew

pytest.importorskip("distributed", reason="pip install 'genzu[dask]' to test Dask")
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Running:
    scheduler: subprocess.Popen[bytes]
    cluster: Cluster


def certificates(folder: Path) -> Tls:
    """A certificate that vouches for itself, for both ends."""
    folder.mkdir(exist_ok=True)
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed: no certificates to talk TLS with")
    subprocess.run(
        [
            program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=genzu test", "-keyout", folder / "key.pem", "-out", folder / "cert.pem",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return Tls(ca=folder / "cert.pem", cert=folder / "cert.pem", key=folder / "key.pem")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    tls = certificates(tmp_path)
    told = tmp_path / "scheduler.json"
    secure = ["--tls-ca-file", tls.ca, "--tls-cert", tls.cert, "--tls-key", tls.key, "--no-dashboard"]
    begin = {
        "dask_scheduler": ["--host", "127.0.0.1", "--protocol", "tls", "--port", "0", "--scheduler-file", told],
        "dask_worker": ["--scheduler-file", told, "--no-nanny", "--nthreads", "1", "--death-timeout", "60"],
    }
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    programs = [
        subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{name}", *map(str, [*words, *secure])],
            cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for name, words in begin.items()
    ]  # fmt: skip
    try:
        yield Running(programs[0], Cluster(address=_address(told, programs[0]), tls=tls, patience=60))
    finally:
        for program in programs:
            program.kill()
            program.wait()


def _address(told: Path, scheduler: subprocess.Popen[bytes]) -> str:
    while scheduler.poll() is None:
        try:
            return str(json.loads(told.read_text())["address"])
        except (OSError, ValueError):
            time.sleep(0.05)
    raise AssertionError("the scheduler ended")


def test_a_cluster_that_talks_tls_until_its_scheduler_dies(running: Running, tmp_path: Path) -> None:
    certificates(tmp_path / "foreign")
    orders = show_of(tmp_path / "show", *(f"{number:03}" for number in range(1, 31)))
    folder, cluster = tmp_path / "show", running.cluster
    assert cluster.address.startswith("tls://")
    (result,) = paint_cuts(orders[:1], crew=DaskCrew(cluster, work=quick))
    assert result.error is None and [number for number, _ in traces(folder)] == ["001"]

    with pytest.raises(BadInput, match="--dask-tls"):
        paint_cuts(orders[:1], crew=DaskCrew(replace(cluster, tls=None), work=quick))
    plain = replace(cluster, address=cluster.address.replace("tls://", "tcp://"))
    with pytest.raises(BadInput, match="tls://HOST:PORT"):
        paint_cuts(orders[:1], crew=DaskCrew(plain, work=quick))
    for ca, cert, key in (
        ("foreign/cert.pem", "foreign/cert.pem", "foreign/key.pem"),
        ("key.pem", "cert.pem", "key.pem"),
    ):
        tls = Tls(ca=tmp_path / ca, cert=tmp_path / cert, key=tmp_path / key)
        with pytest.raises(FarmFailed, match="TLS with this scheduler fails"):
            paint_cuts(orders[:1], crew=DaskCrew(replace(cluster, tls=tls), work=quick))

    shutil.rmtree(folder / TRACES)

    def kill_when_begun() -> None:
        while not (folder / TRACES).exists():
            time.sleep(0.01)
        running.scheduler.kill()

    threading.Thread(target=kill_when_begun).start()
    with pytest.raises(FarmFailed, match=r"the Dask scheduler went away; .* cuts are not painted yet") as told:
        paint_cuts(orders, crew=DaskCrew(replace(cluster, patience=1), work=slow))
    assert told.value.exit_code == 2
    assert len(traces(folder)) < 30
