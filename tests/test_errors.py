from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from genzu import errors
from genzu.errors import GenzuError

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GenzuError)]


def test_a_sentence_says_where_what_and_what_to_do() -> None:
    error = errors.NoDrawing("nothing is drawn", where=Path("c 012.png"), do="scan it again")
    assert str(error) == error.sentence == "c 012.png: nothing is drawn; scan it again."


@pytest.mark.parametrize(
    ("what", "where", "do", "sentence"),
    [
        ("it broke", None, None, "it broke."),
        ("it broke.", None, None, "it broke."),
        ("it\nbroke  twice", "a", None, "a: it broke twice."),
        ("it broke", None, "mend it.", "it broke; mend it."),
        ("it broke", "", "", "it broke."),
    ],
)
def test_a_sentence_is_one_line_with_one_stop(what: str, where: str | None, do: str | None, sentence: str) -> None:
    assert GenzuError(what, where=where, do=do).sentence == sentence


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_error_crosses_from_a_worker_process_whole(kind: type[GenzuError]) -> None:
    error = kind("what", where=Path("there"), do="this")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - how multiprocessing carries an exception
    assert type(again) is kind
    assert (again.what, again.where, again.do, str(again)) == ("what", "there", "this", str(error))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_stands_in_the_tree_with_its_exit_code(kind: type[GenzuError]) -> None:
    drawn = errors.__doc__ or ""
    assert re.search(rf"\b{kind.__name__}\b", drawn)
    assert kind.__doc__
    line = next((line for line in drawn.splitlines() if kind.__name__ in line and "exit code" in line), None)
    if line:
        assert f"exit code {kind.exit_code}" in line
    if kind is not GenzuError:
        assert kind.exit_code == kind.__mro__[1].exit_code or line  # type: ignore[attr-defined]
