"""A connection to a Kitsu server: the login, time limits, and foreign errors as one sentence.

gazu (LGPL-3) is imported only here and beside, when it is used: it is an extra. Its default client, which is global,
is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from genzu.errors import BadInput, NotFound, Refused, TrackerFailed

CONNECT_S, ANSWER_S = 10, 120
"""Seconds to wait for a connection, and for an answer (an upload is answered when its picture is processed)."""

OLDEST = (0, 18)
"""Version of Kitsu's server (zou) below which its comments do not hold their previews."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Where Kitsu is and who comes. Neither password nor token is ever written or shown."""

    host: str
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    """Of a bot; then there is no user and no password."""
    insecure: bool = False
    """True: plain http is taken for other machines too."""

    def checked(self) -> str:
        """The address without a slash at its end; :class:`BadInput` if it, or the login, cannot be used."""
        parts = urlsplit(self.host)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadInput(
                "this is no address of a Kitsu server", where="KITSU_HOST", do="write https://kitsu.studio.com/api"
            )
        if "@" in parts.netloc:
            raise BadInput(
                "the address holds a login", where="KITSU_HOST", do="give it by KITSU_LOGIN and KITSU_PASSWORD"
            )
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not self.insecure:
            raise BadInput(
                "the password would cross the network readable by all", where=self.host,
                do="use https, or say --insecure",
            )  # fmt: skip
        if not self.token and not (self.user and self.password):
            raise BadInput(
                "no login is given", where=self.host,
                do="set KITSU_LOGIN and KITSU_PASSWORD, or KITSU_TOKEN for a bot",
            )  # fmt: skip
        return self.host.rstrip("/")


def gazu_module() -> ModuleType:
    """The library; :class:`BadInput` if the extra is not installed."""
    try:
        import gazu
    except ImportError:
        raise BadInput("Kitsu needs an extra", where="kitsu", do="pip install 'genzu[kitsu]'") from None
    return gazu


@contextmanager
def logged_in(login: Login) -> Iterator[Any]:
    """A gazu client that is logged in; a login by password is ended with the block."""
    gazu, host = gazu_module(), login.checked()
    client = gazu.client.create_client(host)
    _limit(client.session)
    try:
        with translated(host):
            client.host = _api_of(gazu, client, host)
            _log_in(gazu, client, login)
        yield client
    finally:
        if client.access_token and not login.token:  # ending a bot's session would make its token worthless
            with _quiet():
                gazu.log_out(client=client)
        client.session.close()


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn what gazu, requests and broken answers raise into one sentence."""
    import requests

    gazu = gazu_module()
    try:
        yield
    except gazu.exception.NotAllowedException:
        raise Refused(
            "this account may not do that in Kitsu", where=where, do="ask for the right, or use another account"
        ) from None
    except (gazu.exception.NotAuthenticatedException, gazu.exception.AuthFailedException):
        raise TrackerFailed(
            "Kitsu does not take this login", where=where,
            do="check KITSU_LOGIN and KITSU_PASSWORD (with two factors: KITSU_TOKEN of a bot)",
        ) from None  # fmt: skip
    except gazu.exception.RouteNotFoundException:
        raise NotFound("Kitsu does not have it (any more)", where=where, do="run the command again") from None
    except (gazu.exception.ParameterException, gazu.exception.ValidationException) as error:
        said = str(error.args[-1]) if error.args else "no reason given"
        raise TrackerFailed(f"Kitsu refused ({said})", where=where) from None
    except gazu.exception.GazuException as error:
        kind = type(error).__name__.removesuffix("Exception")
        raise TrackerFailed(
            f"Kitsu could not do it ({kind})", where=where, do="run the command again; what was done stays"
        ) from None
    except requests.exceptions.SSLError:
        raise TrackerFailed("its certificate cannot be trusted", where=where, do="ask who runs this server") from None
    except requests.exceptions.Timeout:
        raise TrackerFailed(
            "Kitsu does not answer in time", where=where, do="run the command again later; what was done stays"
        ) from None
    except requests.exceptions.JSONDecodeError:
        raise NotFound("what answers there is not Kitsu", where=where, do="check KITSU_HOST") from None
    except requests.exceptions.RequestException:
        raise TrackerFailed(
            "no Kitsu can be reached there", where=where, do="check KITSU_HOST and the network; what was done stays"
        ) from None


def _api_of(gazu: ModuleType, client: Any, host: str) -> str:
    """Kitsu's interface lies at ``/api``; the bare server behind it has it at its root."""
    for address in (host,) if host.endswith("/api") else (f"{host}/api", host):
        client.host = address
        try:
            found = gazu.client.get("", client=client)
        except (gazu.exception.RouteNotFoundException, ValueError):
            continue
        if isinstance(found, dict) and "version" in found:
            check_version(str(found["version"]), host)
            return address
    raise NotFound("what answers there is not Kitsu", where=host, do="check KITSU_HOST; it mostly ends with /api")


def check_version(version: str, where: str) -> None:
    """:class:`TrackerFailed` for a server that is too old; what is no number is let be."""
    numbers = [int(part) for part in version.split(".")[:2] if part.isdecimal()]
    if len(numbers) == 2 and tuple(numbers) < OLDEST:
        least = ".".join(map(str, OLDEST))
        raise TrackerFailed(f"this Kitsu is of version {version}", where=where, do=f"update it to {least} or later")


def _log_in(gazu: ModuleType, client: Any, login: Login) -> None:
    if login.token:
        gazu.set_token(login.token, client=client)
        gazu.client.get_current_user(client=client)
    else:
        gazu.log_in(login.user, login.password, client=client)


def _limit(session: Any) -> None:
    """gazu sets no time limits; and a .netrc must not put another login over this one."""
    from requests.adapters import HTTPAdapter

    class Patient(HTTPAdapter):
        def send(self, request: Any, **options: Any) -> Any:  # type: ignore[override]
            options["timeout"] = options.get("timeout") or (CONNECT_S, ANSWER_S)
            return super().send(request, **options)

    session.auth = _as_it_is
    for scheme in ("https://", "http://"):
        session.mount(scheme, Patient())


def _as_it_is(request: Any) -> Any:
    return request


@contextmanager
def _quiet() -> Iterator[None]:
    """The work is done: a server that went away is no error any more."""
    import requests

    with suppress(gazu_module().exception.GazuException, requests.exceptions.RequestException):
        yield
