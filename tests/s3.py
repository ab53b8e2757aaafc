"""A real S3-speaking server for tests (moto's), reached by s3fs: both are optional and no part of the test extra."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest

_NUMBERS = count(1)
_SETTINGS = {
    "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}  # fmt: skip


@dataclass(frozen=True)
class Bucket:
    """An empty bucket."""

    name: str
    endpoint: str

    @property
    def url(self) -> str:
        """A folder in it."""
        return f"s3://{self.name}/film/one"


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The server's address; the driver finds it, and its credentials, in the environment, as a person's would."""
    reason = "an S3 server for tests needs moto and s3fs (pip install 'moto[server]' s3fs)"
    pytest.importorskip("s3fs", reason=reason)
    server_module = pytest.importorskip("moto.server", reason=reason)
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    before = {name: os.environ.get(name) for name in (*_SETTINGS, "AWS_ENDPOINT_URL")}
    os.environ.update(_SETTINGS, AWS_ENDPOINT_URL=endpoint)
    yield endpoint
    server.stop()
    for name, value in before.items():
        os.environ.pop(name, None) if value is None else os.environ.update({name: value})


@pytest.fixture
def bucket(s3_server: str) -> Bucket:
    """A bucket of the test's own."""
    import s3fs

    made = Bucket(f"genzu-{os.getpid()}-{next(_NUMBERS)}", s3_server)
    s3fs.S3FileSystem().mkdir(made.name)
    return made
