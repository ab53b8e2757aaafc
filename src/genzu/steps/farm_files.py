"""The files of a job: its template, its values for schedulers and for ``openjd run``, and a check of both."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genzu.errors import BadInput, FarmFailed
from genzu.steps.farm_job import JobOrder, job_template, tasks_of
from genzu.steps.farm_stale import asked_cuts, stale_cuts
from genzu.steps.film_plan import selected
from genzu.store.folder import Folder
from genzu.store.show import Show

TEMPLATE = "template.json"
VALUES = "parameter_values.json"
"""What AWS Deadline Cloud reads beside a template."""
RUN_VALUES = "openjd_parameters.json"
"""The same for ``openjd run --job-param file://…``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobWritten:
    """A job that was written."""

    template: Path
    values: Path
    run_values: Path
    cuts: tuple[str, ...]
    tasks: int
    checked_by: str = ""
    """The library that found it valid; empty: nobody looked."""
    one_machine: bool = False
    """True if the ledger is a file: then the job may run on one machine only."""

    @property
    def run(self) -> tuple[str, ...]:
        """The command that runs the job on this machine, word by word."""
        return ("openjd", "run", str(self.template), "--job-param", f"file://{self.run_values}")

    def to_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "template": str(self.template), "values": str(self.values), "run_values": str(self.run_values),
            "cuts": list(self.cuts), "tasks": self.tasks, "checked_by": self.checked_by or None,
            "one_machine": self.one_machine, "run": list(self.run),
        }  # fmt: skip


def write_job(
    show: Show,
    out: Path,
    order: JobOrder,
    *,
    everything: bool = False,
    only: str = "",
    film: Path | None = None,
    check: bool = False,
) -> JobWritten | None:
    """Write the job that paints what is stale into the folder ``out``.

    ``everything``: all cuts, painted or not; ``only``: of ``001-010, 015``; ``film``: write the film there at the end.
    ``None``, and no file, if there is nothing to do. A file there that a person changed is kept and the new one is put
    beside it. With ``check`` it is held against the format first; :class:`FarmFailed` if nothing here can do that.
    """
    cuts = asked_cuts(show) if everything else stale_cuts(show)
    if only:
        wanted = {cut.number for cut in selected(show.cuts(), only)}
        cuts = tuple(cut for cut in cuts if cut.number in wanted)
    if not cuts and film is None:
        return None
    template = job_template(show.title, cuts, order)
    values = {"ShowFolder": str(show.folder), **({"Film": os.path.abspath(film)} if film else {})}  # noqa: PTH100
    checked_by = check_job(template, values) if check else ""
    listed = {"parameterValues": [{"name": name, "value": value} for name, value in values.items()]}
    return JobWritten(
        template=_put(show, out / TEMPLATE, template),
        values=_put(show, out / VALUES, listed),
        run_values=_put(show, out / RUN_VALUES, values).absolute(),
        cuts=tuple(cut.number for cut in cuts),
        tasks=tasks_of(template),
        checked_by=checked_by,
        one_machine=Folder(show.folder).ledger.is_file(),
    )


def check_job(template: Mapping[str, Any], values: Mapping[str, str]) -> str:
    """Hold a job against the format; the name of the library that found it valid.

    Raises :class:`FarmFailed` if ``openjd-model`` is not installed, :class:`BadInput` with what it finds wrong.
    """
    try:
        from openjd.model import create_job, decode_job_template, preprocess_job_parameters
        from openjd.model import version as library_version
    except ImportError as error:
        raise FarmFailed(
            f"the job cannot be checked ({error})", where="--check", do="pip install 'genzu[farm]'"
        ) from error
    try:
        decoded = decode_job_template(template=dict(template))
        given = preprocess_job_parameters(
            job_template=decoded, job_parameter_values=dict(values), job_template_dir=Path.cwd(),
            current_working_dir=Path.cwd(),
        )  # fmt: skip
        create_job(job_template=decoded, job_parameter_values=given)
    except ValueError as error:
        raise BadInput(
            f"the job is not valid ({error})", do="give the show, its folder or the film another name"
        ) from error
    return f"openjd-model {library_version}"


def _put(show: Show, path: Path, record: Mapping[str, Any]) -> Path:
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    return show.export(path, lambda scratch: _write(scratch, text))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
