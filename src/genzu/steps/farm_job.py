"""A show as a job of a render farm: an Open Job Description template, and the values that go with it.

Revision 2023-09: https://github.com/OpenJobDescription/openjd-specifications/wiki. Plain, without extensions, so that
every scheduler that knows the format takes it. Commands are lists of arguments: no shell sees the name of a folder.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from genzu.core.cut import Cut
from genzu.engines import registry
from genzu.errors import BadInput

REVISION = "jobtemplate-2023-09"
MOST_TASKS = 1024
"""Values that a parameter of tasks may have; more tasks become more steps."""
LONGEST_VALUE = 1024
"""Letters in one value."""
_LONGEST_NAME = 128
CHUNK, LARGEST_CHUNK = 4, 100
GENZU = "genzu"

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOrder:
    """How a job is wanted."""

    chunk: int = CHUNK
    """Cuts in one task."""
    film: bool = False
    """Whether the film is written at the end."""
    command: str = GENZU
    """The program, as the farm's machines know it."""

    def __post_init__(self) -> None:
        if not 1 <= self.chunk <= LARGEST_CHUNK:
            raise BadInput(f"{self.chunk} cuts in a task are not possible", do=f"give 1 to {LARGEST_CHUNK}")
        if not self.command.strip() or not self.command.isprintable():
            raise BadInput(f"{self.command!r} is not a command", do="name the program, such as /opt/genzu/bin/genzu")


def job_template(title: str, cuts: Sequence[Cut], order: JobOrder) -> Plain:
    """The template for painting these cuts, as they are asked; a dictionary to be written as JSON or YAML.

    Steps: the cuts for any machine, the cuts for machines with a GPU, then a check of the whole show, then the film.
    """
    apart = {False: [cut for cut in cuts if not registry.needs_gpu(cut.engine)]}
    apart[True] = [cut for cut in cuts if registry.needs_gpu(cut.engine)]
    paint = [step for on_gpu, some in apart.items() for step in _paint_steps(some, on_gpu, order.chunk)]
    return {
        "specificationVersion": REVISION,
        "name": job_name(title),
        "description": f"Paints {len(cuts)} cuts. Every machine must see the show's folder; see docs/farm.md of Genzu.",
        "parameterDefinitions": _parameters(order),
        "steps": [*paint, _check_step([step["name"] for step in paint]), *([_film_step()] if order.film else [])],
    }


def job_name(title: str) -> str:
    """A title as a job may be called: no control characters, and no braces, which would name a parameter."""
    kept = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in title)
    kept = kept.translate({ord("{"): "(", ord("}"): ")"})
    return f"Genzu: {' '.join(kept.split())}"[:_LONGEST_NAME]


def chunks(numbers: Sequence[str], size: int) -> Iterator[str]:
    """``001,002,003``: at most ``size`` numbers, and no value longer than the format allows."""
    chunk: list[str] = []
    for number in numbers:
        if chunk and (len(chunk) == size or len(",".join([*chunk, number])) > LONGEST_VALUE):
            yield ",".join(chunk)
            chunk = []
        chunk.append(number)
    if chunk:
        yield ",".join(chunk)


def tasks_of(template: Plain) -> int:
    """Tasks in which cuts are painted."""
    spaces = [step["parameterSpace"] for step in template["steps"] if "parameterSpace" in step]
    return sum(len(space["taskParameterDefinitions"][0]["range"]) for space in spaces)


def _parameters(order: JobOrder) -> list[Plain]:
    """What may be changed when the job is handed in."""
    show = {
        "name": "ShowFolder", "type": "PATH", "objectType": "DIRECTORY",
        "dataFlow": "NONE",  # a copy of the show is not the show: nothing may be carried to or fro
        "description": "The show's folder, on a drive that all machines share.",
        "userInterface": {"control": "CHOOSE_DIRECTORY", "label": "Show"},
    }  # fmt: skip
    command = {
        "name": "GenzuCommand", "type": "STRING", "default": order.command,
        "description": "The genzu program on the farm's machines.",
        "userInterface": {"control": "LINE_EDIT", "label": "Program"},
    }  # fmt: skip
    workers = {
        "name": "Workers", "type": "INT", "default": 0, "minValue": 0, "maxValue": 256,
        "description": "Processes that paint in one task; 0: one per core, one where weights are loaded.",
        "userInterface": {"control": "SPIN_BOX", "label": "Processes"},
    }  # fmt: skip
    film = {
        "name": "Film", "type": "PATH", "objectType": "FILE", "dataFlow": "NONE",
        "description": "The film that is written at the end: .mp4, or .mov for ProRes.",
        "userInterface": {"control": "CHOOSE_OUTPUT_FILE", "label": "Film"},
    }  # fmt: skip
    return [show, command, workers, *([film] if order.film else [])]


def _paint_steps(cuts: Sequence[Cut], on_gpu: bool, size: int) -> Iterator[Plain]:
    values = list(chunks([cut.number for cut in cuts], size))
    for part, first in enumerate(range(0, len(values), MOST_TASKS), 1):
        name = ("Paint on a GPU" if on_gpu else "Paint") + (f" {part}" if part > 1 else "")
        step = _step(name, "--workers={{Param.Workers}}", "--cuts={{Task.Param.Cuts}}")
        step["parameterSpace"] = {
            "taskParameterDefinitions": [
                {"name": "Cuts", "type": "STRING", "range": values[first : first + MOST_TASKS]}
            ]
        }  # fmt: skip
        if on_gpu:
            step["hostRequirements"] = {"amounts": [{"name": "amount.worker.gpu", "min": 1}]}
        yield step


def _check_step(after: Sequence[str]) -> Plain:
    step = _step("Check", "--check")
    return {**step, "dependencies": [{"dependsOn": name} for name in after]} if after else step


def _film_step() -> Plain:
    return {**_step("Film", "--film={{Param.Film}}"), "dependencies": [{"dependsOn": "Check"}]}


def _step(name: str, *words: str) -> Plain:
    """One call of ``genzu job-task``. Options are given as one word each: a value that begins with - stays a value."""
    run = {"command": "{{Param.GenzuCommand}}", "args": ["job-task", "--show={{Param.ShowFolder}}", *words]}
    return {"name": name, "script": {"actions": {"onRun": run}}}
