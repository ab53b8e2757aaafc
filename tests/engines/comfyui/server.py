"""A small ComfyUI: a real HTTP and WebSocket server on the loopback that speaks the protocol as the real one does.

Routes, messages and error records are those of ComfyUI 0.3.64; the work behind them is in ``server_nodes.py``.
Besides, it can be told to misbehave: to restart, drop its sockets, refuse, be slow, fail in a node.
"""

from __future__ import annotations

import asyncio
import json
import struct
import threading
import time
from collections.abc import Coroutine
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web
from PIL import Image
from tests.engines.comfyui.server_checks import validate
from tests.engines.comfyui.server_nodes import World, classes


class Interrupted(Exception):
    pass


class ComfyServer:
    """``with ComfyServer(folder) as server: server.url``."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self.port = 0
        # How it misbehaves.
        self.token: str | None = None
        self.fail_in: str | None = None
        self.out_of_memory = False
        self.loses = 0
        """So many jobs are taken and forgotten at once."""
        self.moved_to: str | None = None
        self.no_socket = False
        self.hold = threading.Event()
        """Samplers wait for it before every step."""
        self.hold.set()
        # What it saw.
        self.uploads: list[str] = []
        self.asked: list[str] = []
        self.prompts: list[dict[str, Any]] = []
        self.begun = threading.Event()
        """Set when a sampler begins."""
        self._forget()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> ComfyServer:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.hold.set()
        self.stop()

    # --- life

    def start(self) -> None:
        self._loop = asyncio.new_event_loop()
        up = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(up,), daemon=True)
        self._thread.start()
        assert up.wait(10)
        self._alive = True
        self._worker = threading.Thread(target=self._work, args=(self._generation,), daemon=True)
        self._worker.start()

    def stop(self) -> None:
        """As a killed process: no goodbye, everything in memory is gone."""
        self._alive = False
        self._generation += 1
        self._call(self._down())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._forget()
        for left in (self.world.folder / "temp").iterdir():
            left.unlink()

    def restart(self) -> None:
        self.stop()
        self.start()

    def drop_sockets(self) -> None:
        self._call(self._drop())

    def cut_off(self) -> None:
        """The next sockets are refused too, as by a proxy that passes no WebSocket."""
        self.no_socket = True
        self.drop_sockets()

    def _forget(self) -> None:
        self._generation = getattr(self, "_generation", 0)
        self.queue: list[tuple[Any, ...]] = []
        self.running: list[tuple[Any, ...]] = []
        self.history: dict[str, Any] = {}
        self._cache: dict[str, Any] = {}
        self._sockets: dict[str, web.WebSocketResponse] = {}
        self._flags: dict[str, Any] = {}
        self._interrupt = False
        self._number = 0

    def _serve(self, up: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._up())
        up.set()
        self._loop.run_forever()

    async def _up(self) -> None:
        app = web.Application(client_max_size=100 * 2**20, middlewares=[self._gate])
        for prefix in ("", "/api"):
            app.add_routes([
                web.get(prefix + "/ws", self._ws), web.get(prefix + "/queue", self._get_queue),
                web.get(prefix + "/history/{id}", self._get_history), web.post(prefix + "/prompt", self._prompt),
                web.post(prefix + "/queue", self._post_queue), web.post(prefix + "/interrupt", self._post_interrupt),
                web.post(prefix + "/upload/image", self._upload), web.get(prefix + "/view", self._view),
                web.get(prefix + "/object_info/{kind}", self._object_info),
                web.get(prefix + "/system_stats", self._stats),
            ])  # fmt: skip
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _down(self) -> None:
        await self._drop()
        await self._runner.cleanup()

    async def _drop(self) -> None:
        for socket in list(self._sockets.values()):
            if (transport := socket._req and socket._req.transport) is not None:
                transport.abort()

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    # --- routes

    @web.middleware
    async def _gate(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        if self.token is not None and request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        if self.moved_to is not None:
            return web.Response(status=302, headers={"Location": self.moved_to})
        return await handler(request)

    async def _ws(self, request: web.Request) -> web.StreamResponse:
        if self.no_socket:
            return web.Response(status=404)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        sid = request.query["clientId"]
        self._sockets[sid], self._flags[sid] = socket, {}
        await socket.send_json({"type": "status", "data": {"status": self._status(), "sid": sid}})
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT and (said := json.loads(message.data))["type"] == "feature_flags":
                    self._flags[sid] = said["data"]
                    await socket.send_json({"type": "feature_flags", "data": {"supports_preview_metadata": True}})
        finally:
            self._sockets.pop(sid, None)
        return socket

    async def _get_queue(self, _request: web.Request) -> web.Response:
        return web.json_response({"queue_running": self.running, "queue_pending": self.queue})

    async def _get_history(self, request: web.Request) -> web.Response:
        key = request.match_info["id"]
        return web.json_response({key: self.history[key]} if key in self.history else {})

    async def _prompt(self, request: web.Request) -> web.Response:
        record = await request.json()
        ok, error, outputs, node_errors = validate(record["prompt"], self.world)
        if not ok:
            return web.json_response({"error": error, "node_errors": node_errors}, status=400)
        self.prompts.append(record)
        self._number += 1
        if self.loses:
            self.loses -= 1
            return web.json_response({"prompt_id": record["prompt_id"], "number": 1, "node_errors": node_errors})
        extra = {**record.get("extra_data", {}), "client_id": record["client_id"]}
        self.queue.append((self._number, record["prompt_id"], record["prompt"], extra, outputs))
        answer = {"prompt_id": record["prompt_id"], "number": self._number, "node_errors": node_errors}
        return web.json_response(answer)

    async def _post_queue(self, request: web.Request) -> web.Response:
        record = await request.json()
        self.queue = [one for one in self.queue if one[1] not in record.get("delete", ())]
        return web.Response()

    async def _post_interrupt(self, request: web.Request) -> web.Response:
        wanted = (await request.json()).get("prompt_id")
        if wanted is None or any(one[1] == wanted for one in self.running):
            self._interrupt = True
        return web.Response()

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        image, subfolder = form["image"], str(form.get("subfolder", ""))
        assert isinstance(image, web.FileField)
        folder = self.world.folder / str(form.get("type", "input")) / subfolder
        folder.mkdir(exist_ok=True)
        (folder / image.filename).write_bytes(image.file.read())
        self.uploads.append(image.filename)
        return web.json_response({"name": image.filename, "subfolder": subfolder, "type": form.get("type", "input")})

    async def _view(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        path = self.world.folder / query.get("type", "output") / query.get("subfolder", "") / query["filename"]
        return web.FileResponse(path) if path.is_file() else web.Response(status=404)

    async def _object_info(self, request: web.Request) -> web.Response:
        kind, known = request.match_info["kind"], classes(self.world)
        return web.json_response({kind: known[kind].info(kind)} if kind in known else {})

    async def _stats(self, _request: web.Request) -> web.Response:
        return web.json_response({"system": {"comfyui_version": "0.0.test"}, "devices": []})

    # --- work

    def _status(self) -> dict[str, Any]:
        return {"exec_info": {"queue_remaining": len(self.queue) + len(self.running)}}

    def _send(self, sid: str, kind: str, data: dict[str, Any]) -> None:
        self._post(sid, json.dumps({"type": kind, "data": data}))

    def _post(self, sid: str, message: str | bytes) -> None:
        socket = self._sockets.get(sid)
        if socket is None or not self._alive:
            return

        async def send() -> None:
            with suppress(ConnectionError, RuntimeError):  # it was dropped
                await (socket.send_str(message) if isinstance(message, str) else socket.send_bytes(message))

        self._call(send())

    def _work(self, generation: int) -> None:
        while generation == self._generation:
            if not self.queue:
                time.sleep(0.002)
                continue
            item = self.queue.pop(0)
            self.running = [item]
            result = self._execute(item, generation)
            if generation != self._generation:
                return
            self.history[item[1]] = {"prompt": item, **result}
            self.running = []
            self._send(item[3]["client_id"], "executing", {"node": None, "prompt_id": item[1]})

    def _execute(self, item: tuple[Any, ...], generation: int) -> dict[str, Any]:
        _number, job, prompt, extra, outputs = item
        sid, messages = extra["client_id"], []
        self._interrupt = False

        def tell(kind: str, **data: Any) -> None:
            if generation != self._generation:
                return  # a killed server says nothing
            messages.append([kind, {"prompt_id": job, **data, "timestamp": int(time.time() * 1000)}])
            self._send(sid, kind, messages[-1][1])

        tell("execution_start")
        keys = {node: _key(prompt, node) for node in prompt}
        tell("execution_cached", nodes=[node for node in prompt if keys[node] in self._cache])
        made: dict[str, Any] = {}
        ui: dict[str, Any] = {}
        node = ""
        try:
            for node in _order(prompt, outputs):
                self._run_node(node, prompt, keys, made, ui, (job, sid, generation))
        except Interrupted:
            tell("execution_interrupted", node_id=node, node_type=prompt[node]["class_type"], executed=list(made))
        except Exception as error:
            kind = (
                "torch.OutOfMemoryError" if self.out_of_memory else f"{type(error).__module__}.{type(error).__name__}"
            )
            tell(
                "execution_error", node_id=node, node_type=prompt[node]["class_type"], executed=list(made),
                exception_message=f"{error}\n", exception_type=kind.removeprefix("builtins."), traceback=[],
                current_inputs={}, current_outputs=list(made),
            )  # fmt: skip
        else:
            tell("execution_success")
        ok = bool(messages) and messages[-1][0] == "execution_success"
        status = {"status_str": "success" if ok else "error", "completed": ok, "messages": messages}
        return {"outputs": ui, "meta": {}, "status": status}

    def _run_node(
        self, node: str, prompt: Any, keys: Any, made: Any, ui: Any, run: tuple[str, str, int]
    ) -> None:  # fmt: skip
        job, sid, generation = run
        kind = prompt[node]["class_type"]
        known = classes(self.world)[kind]
        cached = self._cache.get(keys[node])
        if self._interrupt:
            raise Interrupted
        if cached is None:
            self._send(sid, "executing", {"node": node, "display_node": node, "prompt_id": job})
            if kind == self.fail_in:
                raise ValueError("mat1 and mat2 shapes cannot be multiplied (77x2048 and 768x320)")
            inputs = {
                name: made[value[0]][value[1]] if isinstance(value, list) else value
                for name, value in prompt[node]["inputs"].items()
            }
            cached = known.work(self.world, self._stepper(node, job, sid, generation), **inputs)
            self._cache[keys[node]] = cached
        made[node] = cached
        if known.output_node:
            ui[node] = cached
            self._send(sid, "executed", {"node": node, "display_node": node, "output": cached, "prompt_id": job})

    def _stepper(self, node: str, job: str, sid: str, generation: int) -> Any:
        self.begun.set()

        def step(value: int, most: int, preview: Image.Image | None) -> None:
            self.hold.wait()
            if self._interrupt or generation != self._generation:
                raise Interrupted
            state = {"value": value, "max": most, "state": "running", "node_id": node, "prompt_id": job}
            self._send(sid, "progress_state", {"prompt_id": job, "nodes": {node: state}})
            self._send(sid, "progress", {"value": value, "max": most, "prompt_id": job, "node": node})
            if preview is not None:
                self._post(sid, self._preview(preview, node, job, sid))

        return step

    def _preview(self, picture: Image.Image, node: str, job: str, sid: str) -> bytes:
        """Type 4 with facts for a client that said that it understands them, else type 1."""
        bytes_ = BytesIO()
        picture.save(bytes_, "JPEG", quality=95)
        if self._flags.get(sid, {}).get("supports_preview_metadata"):
            facts = json.dumps({"node_id": node, "prompt_id": job, "image_type": "image/jpeg"}).encode()
            return struct.pack(">II", 4, len(facts)) + facts + bytes_.getvalue()
        return struct.pack(">II", 1, 1) + bytes_.getvalue()


def _order(prompt: dict[str, Any], outputs: list[str]) -> list[str]:
    """Nodes that the outputs need, each after what it is made from."""
    done: list[str] = []

    def visit(node: str) -> None:
        for value in prompt[node]["inputs"].values():
            if isinstance(value, list):
                visit(value[0])
        if node not in done:
            done.append(node)

    for output in outputs:
        visit(output)
    return done


def _key(prompt: dict[str, Any], node: str) -> str:
    """Signature of a node with all that it is made from."""
    inputs = {
        name: [_key(prompt, value[0]), value[1]] if isinstance(value, list) else value
        for name, value in prompt[node]["inputs"].items()
    }
    return sha256(json.dumps([prompt[node]["class_type"], inputs], sort_keys=True).encode()).hexdigest()
