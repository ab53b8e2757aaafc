from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core.cut import Cut, FileRef
from genzu.core.numbers import CUT_NUMBER
from genzu.errors import BadInput
from genzu.steps.farm_files import check_job
from genzu.steps.farm_job import LONGEST_VALUE, MOST_TASKS, JobOrder, chunks, job_name, job_template, tasks_of

LAYOUT = FileRef(sha="0" * 64, name="layout.png")


def cuts(*numbers: str, engine: str = "embedded") -> list[Cut]:
    return [Cut(number=number, layout=LAYOUT, engine=engine) for number in numbers]


def steps(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {step["name"]: step for step in template["steps"]}


def values(step: dict[str, Any]) -> list[str]:
    (definition,) = step["parameterSpace"]["taskParameterDefinitions"]
    return list(definition["range"])


def test_cuts_are_spread_over_tasks_and_checked_after_all_of_them() -> None:
    template = job_template("Umi", cuts("001", "002", "003"), JobOrder(chunk=2, film=True))
    found = steps(template)
    assert list(found) == ["Paint", "Check", "Film"]
    assert values(found["Paint"]) == ["001,002", "003"]
    assert tasks_of(template) == 2
    assert found["Check"]["dependencies"] == [{"dependsOn": "Paint"}]
    assert found["Film"]["dependencies"] == [{"dependsOn": "Check"}]
    assert {one["name"] for one in template["parameterDefinitions"]} == {
        "ShowFolder",
        "GenzuCommand",
        "Workers",
        "Film",
    }


def test_only_cuts_whose_engine_needs_one_ask_for_a_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENZU_MODELS", str(tmp_path))
    some = [*cuts("001", "003"), *cuts("002", engine="diffusers:studio"), *cuts("004", engine="comfyui:farm")]
    found = steps(job_template("Umi", some, JobOrder()))
    assert values(found["Paint"]) == ["001,003,004"] and "hostRequirements" not in found["Paint"]
    assert values(found["Paint on a GPU"]) == ["002"]
    assert found["Paint on a GPU"]["hostRequirements"] == {"amounts": [{"name": "amount.worker.gpu", "min": 1}]}
    assert {one["dependsOn"] for one in found["Check"]["dependencies"]} == {"Paint", "Paint on a GPU"}


def test_more_tasks_than_a_step_may_have_become_more_steps() -> None:
    numbers = [str(number) for number in range(2 * MOST_TASKS + 1)]
    found = steps(job_template("Umi", cuts(*numbers), JobOrder(chunk=1)))
    assert list(found) == ["Paint", "Paint 2", "Paint 3", "Check"]
    assert [value for name in list(found)[:3] for value in values(found[name])] == numbers
    assert len(found["Check"]["dependencies"]) == 3


def test_without_cuts_there_is_only_the_check_and_the_film() -> None:
    found = steps(job_template("Umi", [], JobOrder(film=True)))
    assert list(found) == ["Check", "Film"] and "dependencies" not in found["Check"]


NUMBERS = st.lists(st.from_regex(CUT_NUMBER, fullmatch=True), max_size=60, unique=True)


@given(NUMBERS, st.integers(1, 100))
def test_chunks_hold_every_cut_once_in_order_and_fit(numbers: list[str], size: int) -> None:
    made = list(chunks(numbers, size))
    assert [number for chunk in made for number in chunk.split(",")] == numbers
    assert all(len(chunk.split(",")) <= size and len(chunk) <= LONGEST_VALUE for chunk in made)


@given(st.text(max_size=300))
def test_any_title_is_a_name_that_the_format_takes(title: str) -> None:
    name = job_name(title)
    assert (1 <= len(name) <= 128 and name.isprintable()) or " " in name
    assert "{" not in name and "}" not in name


@pytest.mark.parametrize("chunk", [0, -1, 101])
def test_chunks_of_no_size_are_refused(chunk: int) -> None:
    with pytest.raises(BadInput, match="cuts in a task"):
        JobOrder(chunk=chunk)


@pytest.mark.parametrize("command", ["", " ", "genzu\nrm"])
def test_a_command_is_one_line(command: str) -> None:
    with pytest.raises(BadInput, match="is not a command"):
        JobOrder(command=command)


class TestHeldAgainstTheFormat:
    """With openjd-model, which the studio's scheduler uses, too."""

    @pytest.fixture(autouse=True)
    def _needs_the_library(self) -> None:
        pytest.importorskip("openjd.model", reason="pip install 'genzu[farm]' to check jobs")

    @pytest.mark.parametrize("title", ["海 {{Param.X}} の町", "--flag", "a\tb\x00c", "", "x" * 500, "\u2028\x85"])
    def test_odd_titles_and_folders_are_valid(self, title: str) -> None:
        template = job_template(title, cuts("001", "4.5-x"), JobOrder(film=True))
        values = {"ShowFolder": "/-港 町's {{Param.X}} $(touch x)", "Film": "/out/film.mp4"}
        assert check_job(json.loads(json.dumps(template)), values).startswith("openjd-model ")

    def test_large_shows_are_valid(self) -> None:
        numbers = [f"{number:05}" for number in range(MOST_TASKS + 5)]
        some = [*cuts(*numbers), *cuts("gpu-1", engine="diffusers:studio")]
        check_job(job_template("Umi", some, JobOrder(chunk=1)), {"ShowFolder": "/show"})

    def test_what_is_wrong_is_told(self) -> None:
        template = job_template("Umi", cuts("001"), JobOrder())
        template["steps"][0]["dependencies"] = [{"dependsOn": "Nothing"}]
        with pytest.raises(BadInput, match="the job is not valid"):
            check_job(template, {"ShowFolder": "/show"})
        with pytest.raises(BadInput, match="ShowFolder"):
            check_job(job_template("Umi", cuts("001"), JobOrder()), {})
