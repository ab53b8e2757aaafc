from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from genzu.errors import BadInput, GenzuError, NotFound, TrackerFailed
from genzu.exchange.kitsu import connection
from genzu.exchange.kitsu.connection import Login, check_version, logged_in
from genzu.exchange.kitsu.reading import comment_of, preview_of, project_of, shot_of, status_of
from genzu.exchange.kitsu.records import Meaning, Sequence


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("kitsu.studio.com", "no address"), ("ftp://kitsu.studio.com", "no address"), ("", "no address"),
        ("https://me:secret@kitsu.studio.com", "holds a login"), ("http://kitsu.studio.com", "use https"),
        ("http://127.0.0.1.studio.com", "use https"),
    ],
)  # fmt: skip
def test_addresses_that_are_not_taken(host: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        Login(host=host, user="a@b.c", password="secret").checked()
    assert "secret" not in refused.value.sentence


@pytest.mark.parametrize("host", ["https://kitsu.studio.com/api/", "http://localhost:5000", "http://[::1]:5000"])
def test_addresses_that_are_taken(host: str) -> None:
    assert Login(host=host, user="a@b.c", password="secret").checked() == host.rstrip("/")
    assert Login(host="http://far.com", token="t", insecure=True).checked()


def test_a_login_needs_both_parts_and_shows_neither() -> None:
    with pytest.raises(BadInput, match="KITSU_TOKEN"):
        Login(host="https://a.b", user="a@b.c").checked()
    login = Login(host="https://a.b", user="a@b.c", password="secret", token="bearer")
    assert "secret" not in repr(login) and "bearer" not in repr(login)


def test_an_old_server_is_told() -> None:
    check_version("0.18.3", "x")
    check_version("1.0.97", "x")
    check_version("unknown", "x")
    with pytest.raises(TrackerFailed, match=r"0\.17\.9.*0\.18 or later"):
        check_version("0.17.9", "x")


def test_without_gazu_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gazu", None)
    with pytest.raises(BadInput, match=r"genzu\[kitsu\]"), logged_in(Login(host="https://a.b", token="t")):
        pass


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """Something on this machine that is not Kitsu."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"<html>a web page</html>", NotFound), (200, b'{"hello": 1}', NotFound), (404, b"", NotFound),
        (500, b"oh", TrackerFailed), (200, b'{"version": "0.3.1"}', TrackerFailed),
    ],
)  # fmt: skip
def test_what_is_not_kitsu_is_told(
    monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, kind: type[GenzuError]
) -> None:
    pytest.importorskip("gazu")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with answering(status, body) as host, pytest.raises(kind), logged_in(Login(host=host, token="t")):
        pass


def test_a_server_that_says_nothing_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("gazu")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(connection, "ANSWER_S", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        host = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TrackerFailed, match="in time"), logged_in(Login(host=host, token="t")):
            pass


# Records


def test_what_a_status_means_stands_in_its_flags() -> None:
    raw = {"id": "1", "name": "Fix", "short_name": "fix", "is_retake": True}
    assert status_of(raw).meaning is Meaning.RETAKE
    assert status_of({**raw, "is_retake": False}).meaning is Meaning.OPEN


def test_a_comment_as_the_server_sends_it() -> None:
    status = status_of({"id": "s", "name": "Retake", "short_name": "retake", "is_retake": True})
    raw = {
        "id": "c", "text": None, "task_status_id": "s", "person_id": "p", "created_at": "2026-11-28T22:57:36",
        "person": {"first_name": "Keiko", "last_name": "Arai", "role": "supervisor"},
        "checklist": [{"text": "a", "checked": True}, {"text": "b"}],
        "attachment_files": [{"name": "a.png"}],
        "previews": [
            {"id": "2", "revision": 3, "position": 2, "status": "broken", "original_name": "x"},
            {"id": "1", "revision": 3, "position": 1, "status": "processing", "original_name": None},
        ],
    }  # fmt: skip
    comment = comment_of(raw, {"s": status}, frozenset(["other"]))
    assert (comment.author, comment.text, comment.created) == ("Keiko Arai", "", "2026-11-28T22:57:36Z")
    assert comment.leads and not comment.by_bot and comment.status == status
    assert comment.checklist == (("a", True), ("b", False)) and comment.files == ("a.png",)
    assert [(one.id, one.name, one.ready) for one in comment.previews] == [("1", "", True), ("2", "x", False)]
    assert comment_of(raw, {"s": status}, frozenset(["p"])).by_bot
    assert not comment_of({**raw, "person": {"full_name": "Ken Ito", "role": "user"}}, {"s": status}, frozenset()).leads


def test_shots_previews_and_projects_may_leave_things_out() -> None:
    there = shot_of({"id": "1", "name": "001", "parent_id": "q"}, {"q": Sequence(id="q", name="SQ", episode="EP")})
    assert (there.where, there.frames, there.description) == ("EP / SQ / 001", None, "")
    assert shot_of({"id": "1", "name": "001", "nb_frames": 0, "data": None}, {}).frames is None
    assert preview_of({"id": "1"}).revision == 0
    assert not project_of({"id": "1", "name": "Umi", "fps": None}).is_series
