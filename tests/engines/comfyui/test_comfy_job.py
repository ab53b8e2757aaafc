"""What can happen to a job on its way: stopped, lost, failed, refused; and a server that is away."""

from __future__ import annotations

import json
import socket
import threading
import time
from _thread import interrupt_main
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("websockets", reason="the ComfyUI engine needs the extra genzu[comfyui]")
pytest.importorskip("aiohttp", reason="the tests' ComfyUI server needs aiohttp (extra genzu[test])")

from tests.engines.comfyui.samples import BUILTIN, RealComfy, node, plain, profile
from tests.engines.comfyui.server import ComfyServer
from tests.engines.contract import SMALL, ask, request

from genzu.core.take import Stage
from genzu.engines.comfyui.engine import ComfyUIEngine
from genzu.engines.comfyui.job import Terms
from genzu.engines.run import paint_with
from genzu.errors import BadInput, EngineFailed
from genzu.picture.arrays import UInt8

TERMS = Terms(timeout=60, patience=20, quiet=0.3, deaf=0.05)
FLAT = np.full((*SMALL.shape, 3), (90, 140, 200), np.uint8)


@pytest.fixture
def engine(server: ComfyServer, tmp_path: Path) -> ComfyUIEngine:
    """With our own workflows, whose sampler can be held."""
    return ComfyUIEngine(profile(tmp_path, server.url, **BUILTIN), terms=TERMS)


class Painted:
    """A painting in a thread of its own."""

    def __init__(self, engine: ComfyUIEngine, **how: Any) -> None:
        self.picture: UInt8 | None = None
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._paint, args=(engine, how), daemon=True)
        self._thread.start()

    def _paint(self, engine: ComfyUIEngine, how: Any) -> None:
        try:
            self.picture = paint_with(engine, request(rough=FLAT, **how))
        except BaseException as error:
            self.error = error

    def result(self) -> UInt8:
        self._thread.join(60)
        assert self.error is None, self.error
        assert self.picture is not None
        return self.picture

    def failure(self) -> BaseException:
        self._thread.join(60)
        assert self.error is not None
        return self.error


def until(true: Any) -> None:
    for _ in range(2000):
        if true():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come to that")


def somebody_elses(server: ComfyServer) -> str:
    """A job that another person queues."""
    graph = plain("painting")
    for key in "1", "3":
        graph[key]["inputs"]["image"] = "other.png"
    Image.new("RGB", (16, 16)).save(server.world.folder / "input" / "other.png")
    record = {"prompt": graph, "client_id": "other", "prompt_id": "theirs"}
    urlopen(Request(f"{server.url}/prompt", json.dumps(record).encode(), {"Content-Type": "application/json"})).close()
    return "theirs"


@pytest.fixture
def held(server: ComfyServer) -> Iterator[ComfyServer]:
    """Samplers wait."""
    server.hold.clear()
    yield server
    server.hold.set()


def test_a_restart_in_the_middle_costs_only_time(engine: ComfyUIEngine, held: ComfyServer) -> None:
    painted = Painted(engine)
    assert held.begun.wait(30)
    held.restart()
    held.hold.set()
    again = painted.result()
    assert engine.report()["queued_again"] == 1
    assert len(held.prompts) == 2
    assert np.array_equal(again, paint_with(engine, request(rough=FLAT)))


def test_a_server_that_comes_back_later_is_waited_for(engine: ComfyUIEngine, held: ComfyServer) -> None:
    painted = Painted(engine)
    assert held.begun.wait(30)
    held.stop()
    time.sleep(0.3)
    held.hold.set()
    held.start()
    assert painted.result().shape == (*SMALL.shape, 3)


def test_a_server_that_stays_away_is_given_up(server: ComfyServer, tmp_path: Path) -> None:
    engine = ComfyUIEngine(
        profile(tmp_path, server.url, **BUILTIN), terms=Terms(timeout=60, patience=0.2, quiet=1.0, deaf=0.05)
    )
    server.hold.clear()
    painted = Painted(engine)
    assert server.begun.wait(30)
    server.stop()
    server.hold.set()
    error = painted.failure()
    server.start()
    assert isinstance(error, EngineFailed)
    assert "no server answers" in str(error)


def test_dropped_sockets_cost_nothing(engine: ComfyUIEngine, held: ComfyServer) -> None:
    painted = Painted(engine)
    assert held.begun.wait(30)
    held.drop_sockets()
    held.hold.set()
    painted.result()
    assert len(held.prompts) == 1, "the job was there all the time"


def test_without_any_socket_it_looks_itself(engine: ComfyUIEngine, server: ComfyServer) -> None:
    server.no_socket = True
    assert paint_with(engine, request(rough=FLAT)).shape == (*SMALL.shape, 3)


def test_a_job_that_is_lost_again_and_again_is_given_up(engine: ComfyUIEngine, server: ComfyServer) -> None:
    server.loses = 2
    paint_with(engine, request(rough=FLAT))
    assert engine.report()["queued_again"] == 2
    server.loses = 99
    before = len(server.prompts)
    with pytest.raises(EngineFailed, match="lost the picture"):
        paint_with(engine, request(rough=FLAT, seed=9))
    assert len(server.prompts) - before == 4


def test_ctrl_c_while_the_sampler_works_interrupts_it(engine: ComfyUIEngine, held: ComfyServer) -> None:
    def stop(_share: float) -> None:
        if held.begun.is_set():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        paint_with(engine, request(rough=FLAT), stop)
    assert "POST /interrupt" in held.asked
    held.hold.set()
    until(lambda: not held.running)
    (record,) = held.history.values()
    assert record["status"]["messages"][-1][0] == "execution_interrupted"


def test_ctrl_c_leaves_the_jobs_of_others_alone(engine: ComfyUIEngine, held: ComfyServer) -> None:
    """A real interrupt of the main thread, while our job waits behind those of others."""
    first = Painted(engine)  # stands for another person at the server
    assert held.begun.wait(30)
    theirs = somebody_elses(held)

    def give_up() -> None:
        until(lambda: len(held.queue) == 2)
        interrupt_main()

    threading.Thread(target=give_up, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        paint_with(ComfyUIEngine(engine.profile, terms=TERMS), request(rough=FLAT, seed=9))
    assert [one[1] for one in held.queue] == [theirs]
    assert "POST /interrupt" not in held.asked
    held.hold.set()
    first.result()
    until(lambda: theirs in held.history)


def test_a_failed_node_is_named(engine: ComfyUIEngine, server: ComfyServer) -> None:
    server.fail_in = "KSampler"
    with pytest.raises(EngineFailed) as failed:
        paint_with(engine, request(rough=FLAT))
    said = str(failed.value)
    assert "“genzu seed, strength” (KSampler)" in said
    assert "mat1 and mat2 shapes cannot be multiplied" in said
    assert "\n" not in said
    assert failed.value.exit_code == 1


def test_memory_has_a_remedy(engine: ComfyUIEngine, server: ComfyServer) -> None:
    server.fail_in, server.out_of_memory = "KSampler", True
    with pytest.raises(EngineFailed, match=r"out of memory in “genzu seed, strength”.*tile"):
        paint_with(engine, request(rough=FLAT))


def test_a_stop_at_the_server_is_told(engine: ComfyUIEngine, held: ComfyServer) -> None:
    painted = Painted(engine)
    assert held.begun.wait(30)
    urlopen(Request(f"{held.url}/interrupt", b"{}", {"Content-Type": "application/json"})).close()
    held.hold.set()
    assert "somebody stopped it" in str(painted.failure())


def test_weights_that_the_server_does_not_have(server: ComfyServer, tmp_path: Path) -> None:
    tables = {**BUILTIN, "weights": {**BUILTIN["weights"], "checkpoint": "nowhere.safetensors"}}
    engine = ComfyUIEngine(profile(tmp_path, server.url, **tables), terms=TERMS)
    with pytest.raises(EngineFailed) as failed:
        paint_with(engine, request(rough=FLAT))
    assert "“genzu checkpoint” (CheckpointLoaderSimple)" in str(failed.value)
    assert "'nowhere.safetensors' for ckpt_name is not on the server" in str(failed.value)
    assert "sd15.safetensors, studio.safetensors" in str(failed.value)
    # A list that is too long for the server's answer is asked for.
    server.world.checkpoints = [f"model{number:02}.safetensors" for number in range(30)]
    with pytest.raises(EngineFailed, match=r"model00.safetensors, .* and 18 more"):
        paint_with(engine, request(rough=FLAT))


def test_nodes_that_the_server_does_not_know_are_found_before_anything_is_sent(
    server: ComfyServer, tmp_path: Path
) -> None:
    graph = plain("painting")
    graph["8"] = node("IPAdapter Advanced", "Style", image=["3", 0])
    graph["6"]["inputs"]["image"] = ["8", 0]
    engine = ComfyUIEngine(profile(tmp_path, server.url, painting={"workflow": graph}), terms=TERMS)
    with pytest.raises(EngineFailed, match=r"“Style” \(IPAdapter Advanced\)"):
        paint_with(engine, request(rough=FLAT))
    assert not server.prompts
    assert not server.uploads


def test_a_workflow_of_which_only_another_part_is_valid_is_refused(server: ComfyServer, tmp_path: Path) -> None:
    """The server takes it, and would paint everything but our picture."""
    graph = plain("painting")
    graph["6"]["inputs"]["strength"] = 7.0
    graph["8"] = node("PreviewImage", "Lines", images=["1", 0])
    engine = ComfyUIEngine(profile(tmp_path, server.url, painting={"workflow": graph}), terms=TERMS)
    with pytest.raises(EngineFailed, match=r"“genzu seed, strength” \(ImageAddNoise\): 7.0 for strength is more"):
        paint_with(engine, request(rough=FLAT))


def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    engine = ComfyUIEngine(profile(tmp_path, url), terms=TERMS)
    with pytest.raises(EngineFailed) as failed:
        paint_with(engine, request(rough=FLAT))
    assert str(failed.value) == (
        f"ComfyUI at {url}: no server answers (connection refused); start ComfyUI, or correct 'server' in the profile."
    )


def test_a_token_comes_from_the_environment(
    server: ComfyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.token = "s3cret"
    engine = ComfyUIEngine(profile(tmp_path, server.url, token="STUDIO_COMFY"), terms=TERMS)
    monkeypatch.delenv("STUDIO_COMFY", raising=False)
    with pytest.raises(BadInput, match="STUDIO_COMFY is not set"):
        paint_with(engine, request(rough=FLAT))
    monkeypatch.setenv("STUDIO_COMFY", "秘密")
    with pytest.raises(BadInput, match="no header can carry"):
        paint_with(engine, request(rough=FLAT))
    monkeypatch.setenv("STUDIO_COMFY", "wrong")
    with pytest.raises(EngineFailed, match=r"does not let us in \(status 401\)") as failed:
        paint_with(engine, request(rough=FLAT))
    assert "wrong" not in str(failed.value)
    monkeypatch.setenv("STUDIO_COMFY", "s3cret")
    assert paint_with(engine, request(rough=FLAT)).shape == (*SMALL.shape, 3)
    plain_header = profile(tmp_path, server.url, headers={"Authorization": "STUDIO_HEADER"})
    monkeypatch.setenv("STUDIO_HEADER", "Bearer s3cret")
    assert paint_with(ComfyUIEngine(plain_header, terms=TERMS), request(rough=FLAT)).any()


def test_no_redirect_is_followed(server: ComfyServer, tmp_path: Path) -> None:
    server.moved_to = "http://elsewhere.example/queue"
    engine = ComfyUIEngine(profile(tmp_path, server.url), terms=TERMS)
    with pytest.raises(EngineFailed, match=r"sends us to http://elsewhere\.example/queue"):
        paint_with(engine, request(rough=FLAT))


def test_a_server_that_is_no_comfyui_is_recognised(server: ComfyServer, tmp_path: Path) -> None:
    engine = ComfyUIEngine(profile(tmp_path, f"{server.url}/elsewhere"), terms=TERMS)
    with pytest.raises(EngineFailed, match="not as ComfyUI does"):
        paint_with(engine, request(rough=FLAT))
    under_api = ComfyUIEngine(profile(tmp_path, f"{server.url}/api"), terms=TERMS)
    assert paint_with(under_api, request(rough=FLAT)).any()


def test_a_picture_that_is_gone_is_told(engine: ComfyUIEngine, server: ComfyServer) -> None:
    paint_with(engine, request(rough=FLAT))
    for path in (server.world.folder / "temp").iterdir():
        path.unlink()
    with pytest.raises(EngineFailed, match="no longer in its folder"):
        paint_with(engine, request(rough=FLAT))


def test_a_real_restart(anyone: ComfyServer | RealComfy, tmp_path: Path) -> None:
    """With the real server too: jobs before and after, and the picture is the same."""
    engine = ComfyUIEngine(profile(tmp_path, anyone.url), terms=TERMS)
    asked = ask(engine, Stage.PAINTING)
    before = paint_with(engine, asked)
    anyone.restart()
    assert np.array_equal(paint_with(engine, asked), before)


def test_ctrl_c_reaches_both_servers(anyone: ComfyServer | RealComfy, tmp_path: Path) -> None:
    """A long workflow is stopped between two of its nodes."""
    graph, last = plain("painting"), "4"
    for number in range(20, 44):
        size = {"width": 1500 + number, "height": 1000, "upscale_method": "lanczos", "crop": "disabled"}
        graph[str(number)] = node("ImageScale", None, image=[last, 0], **size)
        last = str(number)
    graph["6"]["inputs"]["image"] = [last, 0]
    engine = ComfyUIEngine(profile(tmp_path, anyone.url, painting={"workflow": graph}), terms=TERMS)

    def stop(share: float) -> None:
        if share > 0.15:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        paint_with(engine, request(rough=FLAT), stop)
    assert isinstance(engine.last_job, str)
    asked = f"{anyone.url}/history/{engine.last_job}"
    until(lambda: json.load(urlopen(asked)))
    record = json.load(urlopen(asked))[engine.last_job]
    assert record["status"]["messages"][-1][0] == "execution_interrupted"


def _scaled(**inputs: Any) -> dict[str, Any]:
    graph = plain("painting")
    scale = {"upscale_method": "area", "width": 96, "height": 64, "crop": "disabled"} | inputs
    graph["8"] = node("ImageScale", "Size", image=["4", 0], **scale)
    graph["6"]["inputs"]["image"] = ["8", 0]
    return graph


def _changed(key: str, **changes: Any) -> dict[str, Any]:
    graph = plain("painting")
    graph[key]["inputs"] = {k: v for k, v in (graph[key]["inputs"] | changes).items() if v is not None}
    return graph


@pytest.mark.parametrize(
    ("graph", "sentence"),
    [
        (_scaled(upscale_method="magic"), r"“Size” \(ImageScale\): 'magic' for upscale_method.*which has.*lanczos"),
        (_scaled(width=-5), r"“Size” \(ImageScale\): -5 for width is less than possible \(0\)"),
        (_changed("2", image=None), r"“Black on white” \(ImageInvert\): its input image is neither set nor connected"),
        (_changed("2", image=["5", 0]), r"\(ImageInvert\): its input image is connected to something of another kind"),
        (_changed("4", blend_mode="magic"), r"it failed in “Draw the lines in” \(ImageBlend\): Unsupported blend mode"),
        ({**plain("painting"), "2": node("NoSuchNode", "Odd")}, r"does not know these nodes.*“Odd” \(NoSuchNode\)"),
    ],
    ids=["choice", "limit", "missing", "kind", "failure", "class"],
)
def test_both_servers_fail_in_the_same_shapes(
    anyone: ComfyServer | RealComfy, tmp_path: Path, graph: Any, sentence: str
) -> None:
    engine = ComfyUIEngine(profile(tmp_path, anyone.url, painting={"workflow": graph}), terms=TERMS)
    with pytest.raises(EngineFailed, match=sentence):
        paint_with(engine, request(rough=FLAT))
