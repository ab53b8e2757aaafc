"""A Dask cluster of two worker processes paints a show: the same show as here, whatever befalls the workers."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.steps import farm_hands
from tests.steps.farm_hands import deadly, faulty, lonely, quick, show_of, slow, traces
from tests.steps.painted_shows import layout_picture

from genzu import __version__
from genzu.core.cut import Cut
from genzu.core.take import Take
from genzu.errors import BadInput, FarmFailed, GenzuError, NotFound
from genzu.picture.files import write_png
from genzu.steps.batch import CutOrder, LocalCrew, paint_cuts
from genzu.steps.dask_cluster import Cluster, Tls
from genzu.steps.dask_crew import DaskCrew, paint_there
from genzu.steps.dask_fit import proof
from genzu.store.show import Show

distributed = pytest.importorskip("distributed", reason="pip install 'genzu[dask]' to test Dask")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=":0"
    ) as local:
        yield local


@pytest.fixture
def there(cluster: Any) -> Cluster:
    cluster.wait_for_workers(2, timeout=60)
    return Cluster(address=cluster.scheduler_address, patience=30)


@pytest.fixture
def client(cluster: Any, there: Cluster) -> Iterator[Any]:
    with distributed.Client(cluster, set_as_default=False) as one:
        yield one


def test_the_show_is_as_painted_here_though_a_worker_is_killed(
    cluster: Any, there: Cluster, client: Any, tmp_path: Path
) -> None:
    numbers = ("001", "002", "003")
    here, away = (_small_show(tmp_path / name, numbers) for name in ("here", "away"))
    expected = paint_cuts(here, crew=LocalCrew(1))
    before = client.run(os.getpid)

    over = threading.Event()
    killed = threading.Thread(target=_kill_the_first_who_paints, args=(client, away[0].show, before, over))
    killed.start()
    watched: list[tuple[str, float]] = []
    results = paint_cuts(away, crew=DaskCrew(there), watch=lambda what, share: watched.append((what, share)))
    over.set()
    killed.join()

    assert not set(client.run(os.getpid)) >= set(before), "no worker was killed"
    assert [result.number for result in results] == list(numbers)
    assert [one.error and one.error.what for one in results] == [one.error and one.error.what for one in expected]
    assert [bool(one.error) for one in results] == [False, True, False], "002 is an empty sheet"
    assert sorted(what for what, _ in watched) == [f"cut {number}" for number in numbers]
    assert [round(share, 3) for _, share in watched] == [0.333, 0.667, 1.0]
    with Show.open(here[0].show) as mine, Show.open(away[0].show) as theirs:
        assert len(mine.takes()) == 6
        assert _content(mine) == _content(theirs)
        assert theirs.verify() == ()
    files = [path for result in results for sheet in result.sheets for path in sheet.files.values()]
    assert files and all(path.stat().st_size for path in files)
    for path in (here[0].show / "001").glob("*.png"):
        assert (away[0].show / "001" / path.name).read_bytes() == path.read_bytes()
    assert not list(away[0].show.glob(".genzu/scratch/*")), "the mark of the build is left"


def _small_show(folder: Path, numbers: tuple[str, ...]) -> list[CutOrder]:
    """Three cuts of 320×180; the second one's layout is an empty sheet."""
    folder.mkdir()
    drawn = layout_picture()[::2, ::2].copy()
    with Show.create(folder, "Umi") as show:
        for number in numbers:
            write_png(folder / "layout.png", drawn if number != "002" else drawn * 0 + 255)
            layout = show.keep_file(folder / "layout.png")
            show.add_cut(Cut(number=number, layout=layout, prompt="town, autumn", engine="fake", seed=int(number)))
    return [CutOrder(show=folder, number=number, out=folder / number) for number in numbers]


def _kill_the_first_who_paints(client: Any, folder: Path, pids: dict[str, int], over: threading.Event) -> None:
    with Show.open(folder) as show:
        while not show.takes() and not over.wait(0.01):
            pass
    busy = [worker for worker, keys in client.processing().items() if keys]
    os.kill(pids[(busy or list(pids))[0]], signal.SIGKILL)


def _content(show: Show) -> list[tuple[object, ...]]:
    """All that the ledger says of takes, but the ids and times that depend on who came first."""
    takes = show.takes()
    by_id = {take.id: take for take in takes}
    return sorted(_line(take) + tuple(_line(by_id[parent]) for parent in take.parents) for take in takes)


def _line(take: Take) -> tuple[object, ...]:
    measures = {name: value for name, value in take.measures.items() if name != "seconds"}
    recipe = take.recipe.digest if take.recipe else ""
    return (take.cut, take.sheet, take.stage.value, take.number, take.picture, take.hand.value, recipe, str(measures))


def _said(error: GenzuError | None) -> str:
    return error.sentence if error else ""


def test_a_cut_that_kills_its_workers_fails_alone(cluster: Any, there: Cluster, tmp_path: Path) -> None:
    orders = show_of(tmp_path / "show", "001", "002", "003", "004", "005")
    usual, cluster.scheduler.allowed_failures = cluster.scheduler.allowed_failures, 0
    try:
        results = paint_cuts(orders, crew=DaskCrew(there, work=deadly))
    finally:
        cluster.scheduler.allowed_failures = usual
    assert [result.number for result in results if result.error] == ["002"]
    error = results[1].error
    assert error is not None and error.exit_code == 1
    assert error.sentence.startswith("cut 002: it ended 1 Dask workers") and "memory" in error.sentence
    numbers = [number for number, _ in traces(tmp_path / "show")]
    assert set(numbers) == {"001", "002", "003", "004", "005"}
    assert numbers.count("002") == 2, "once beside others, once alone"


def test_a_fault_in_a_worker_is_one_cuts_failure(there: Cluster, tmp_path: Path) -> None:
    results = paint_cuts(show_of(tmp_path / "show", "001", "002", "003"), crew=DaskCrew(there, work=faulty))
    assert [_said(result.error) for result in results] == [
        "", "cut 002: its Dask worker failed (ZeroDivisionError: a fault); look into that worker's log.", "",
    ]  # fmt: skip


def test_a_bad_cut_number_is_told_before_anything_is_sent(there: Cluster, tmp_path: Path) -> None:
    orders = show_of(tmp_path / "show", "001")
    with pytest.raises(NotFound, match="cut 009"):
        paint_cuts([*orders, replace(orders[0], number="009")], crew=DaskCrew(there, work=quick))
    assert not (tmp_path / "show" / farm_hands.TRACES).exists()


def test_ctrl_c_calls_back_what_was_not_begun(cluster: Any, there: Cluster, tmp_path: Path) -> None:
    orders = show_of(tmp_path / "show", *(f"{number:03}" for number in range(1, 31)))
    folder = tmp_path / "show"

    def interrupt() -> None:
        while not (folder / farm_hands.TRACES).exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        paint_cuts(orders, crew=DaskCrew(there, work=slow))
    while cluster.scheduler.tasks:
        time.sleep(0.05)
    assert 1 <= len(traces(folder)) < 30
    results = paint_cuts(orders[:2], crew=DaskCrew(there, work=quick))
    assert not any(result.error for result in results), "the cluster is as good as before"


def test_cuts_that_need_a_gpu_go_where_one_is(there: Cluster, client: Any, tmp_path: Path) -> None:
    studio = {"001": "diffusers:studio", "003": "diffusers:studio"}
    orders = show_of(tmp_path / "show", "001", "002", "003", "004", engines=studio)
    pids = client.run(os.getpid)
    owner = min(pids)
    client.run(farm_hands.offer, GPU=1, workers=[owner])
    paint_cuts(orders, crew=DaskCrew(there, work=quick))
    painted = dict(traces(tmp_path / "show"))
    assert painted["001"] == painted["003"] == pids[owner]

    paint_cuts(orders, crew=DaskCrew(there, work=quick, needs={"GPU": 0.5}))
    asked = {number for number, pid in traces(tmp_path / "show") if pid == pids[owner]}
    assert asked == {"001", "002", "003", "004"}, "as asked, every cut"


def test_resources_that_nobody_offers_are_told(there: Cluster, tmp_path: Path) -> None:
    crew = DaskCrew(replace(there, patience=0.5), needs={"TPU": 2}, work=quick)
    with pytest.raises(FarmFailed, match="none of the 2 Dask workers offers TPU=2") as told:
        paint_cuts(show_of(tmp_path / "show", "001"), crew=crew)
    assert told.value.exit_code == 2 and "--resources" in told.value.sentence


@pytest.mark.parametrize("version", ["0.0.9", None])
def test_a_worker_with_another_genzu_is_named(version: str | None, there: Cluster, client: Any, tmp_path: Path) -> None:
    worker = min(client.run(os.getpid))
    client.run(farm_hands.pretend, version, workers=[worker])
    try:
        with pytest.raises(FarmFailed) as told:
            paint_cuts(show_of(tmp_path / "show", "001"), crew=DaskCrew(there, work=quick))
    finally:
        client.run(farm_hands.pretend, __version__, workers=[worker])
    said = told.value.sentence
    assert said.startswith(f"Dask worker {worker}: ") and __version__ in said
    assert (f"Genzu {version} runs there" if version else "not installed") in said


def test_a_worker_that_would_paint_other_pixels_is_named(there: Cluster, client: Any, tmp_path: Path) -> None:
    worker = min(client.run(os.getpid))
    client.run(farm_hands.pretend_other_pixels, "another", workers=[worker])
    try:
        with pytest.raises(FarmFailed, match=f"{worker}.*other pixels"):
            paint_cuts(show_of(tmp_path / "show", "001"), crew=DaskCrew(there, work=quick))
    finally:
        from genzu.steps.intake import INTAKE_VERSION

        client.run(farm_hands.pretend_other_pixels, INTAKE_VERSION, workers=[worker])


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="a path that each process sees differently is Linux's")
@pytest.mark.parametrize("has_a_copy", [False, True])
def test_a_worker_that_does_not_see_the_show_is_named(
    has_a_copy: bool, there: Cluster, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = show_of(tmp_path / "mine" / "show", "001")
    (tmp_path / "theirs").mkdir()
    if has_a_copy:
        shutil.copytree(tmp_path / "mine" / "show", tmp_path / "theirs" / "show")
    home = client.run(os.getcwd)
    client.run(os.chdir, tmp_path / "theirs")
    monkeypatch.chdir(tmp_path / "mine")
    try:
        with pytest.raises(FarmFailed, match=r"Dask worker tcp://.*does not see this show's folder"):
            paint_cuts([replace(orders[0], show=Path("/proc/self/cwd/show"))], crew=DaskCrew(there, work=quick))
    finally:
        for worker, folder in home.items():
            client.run(os.chdir, folder, workers=[worker])


def test_a_worker_that_comes_later_is_held_to_the_same(there: Cluster, client: Any, tmp_path: Path) -> None:
    (order,) = show_of(tmp_path / "show", "001")
    with proof(order.show) as shown:
        late = client.submit(paint_there, order, replace(shown, version="9.9"), quick, pure=False).result()
        other = client.submit(paint_there, order, replace(shown, machine="another"), quick, pure=False).result()
        good = client.submit(paint_there, order, shown, quick, pure=False).result()
    assert late.error.sentence.startswith("cut 001 on Dask worker tcp://") and "9.9 here" in late.error.sentence
    assert "PostgreSQL" in other.error.sentence
    assert good.error is None and len(traces(order.show)) == 1


@pytest.mark.parametrize(
    ("address", "kind", "said"),
    [
        ("tcp://127.0.0.1:1", FarmFailed, "no Dask scheduler answers there"),
        ("tcp://no.such.machine.invalid:8786", FarmFailed, "does not know the machine 'no.such.machine.invalid'"),
        ("nonsense", BadInput, "is not the address of a Dask scheduler"),
        ("http://127.0.0.1:8786", BadInput, "is not the address of a Dask scheduler"),
        ("tcp://127.0.0.1:99999", BadInput, "is not the address of a Dask scheduler"),
        ("", BadInput, "is not the address of a Dask scheduler"),
        ("tls://127.0.0.1:1", BadInput, "wants TLS"),
    ],
)
def test_an_address_without_a_scheduler_is_one_sentence(
    address: str, kind: type[GenzuError], said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    crew = DaskCrew(Cluster(address=address, patience=0.5), work=quick)
    with pytest.raises(kind, match=said) as told:
        paint_cuts(show_of(tmp_path / "show", "001"), crew=crew)
    assert told.value.exit_code == 2
    assert capfd.readouterr().err == "", "Dask itself says nothing"


def test_a_server_that_takes_the_connection_and_is_mute_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        with pytest.raises(FarmFailed, match="does not speak as a scheduler"):
            paint_cuts(
                show_of(tmp_path / "show", "001"), crew=DaskCrew(Cluster(address=address, patience=0.2), work=quick)
            )


def test_a_scheduler_without_workers_is_told(tmp_path: Path) -> None:
    with distributed.LocalCluster(
        n_workers=0, processes=False, host="127.0.0.1", protocol="tcp", dashboard_address=":0"
    ) as empty:
        crew = DaskCrew(Cluster(address=empty.scheduler_address, patience=0.5), work=quick)
        with pytest.raises(FarmFailed, match=r"has no worker.*dask worker tcp"):
            paint_cuts(show_of(tmp_path / "show", "001"), crew=crew)


def test_a_process_paints_one_cut_at_a_time_whatever_its_threads(tmp_path: Path) -> None:
    orders = show_of(tmp_path / "show", "001", "002", "003", "004")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=4, processes=False, host="127.0.0.1", protocol="tcp", dashboard_address=":0"
    ) as threads:
        results = paint_cuts(orders, crew=DaskCrew(Cluster(address=threads.scheduler_address), work=lonely))
    assert [_said(result.error) for result in results] == [""] * 4


def test_no_orders_ask_nobody() -> None:
    assert list(DaskCrew(Cluster(address="tcp://127.0.0.1:1")).paint([])) == []


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    tls = Tls(ca=tmp_path / "ca.pem", cert=tmp_path / "cert.pem", key=tmp_path / "key.pem")
    with pytest.raises(NotFound, match=r"ca\.pem"):
        paint_cuts(
            show_of(tmp_path / "show", "001"), crew=DaskCrew(Cluster(address="tls://127.0.0.1:1", tls=tls), work=quick)
        )
