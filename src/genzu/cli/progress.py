"""Progress for a person: what is being done, how much, and the time that is left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from genzu.steps.watch import Watch, nobody

errors = Console(stderr=True, soft_wrap=True, highlight=False)
"""Progress and errors go to stderr, so that stdout stays clean for ``--json``."""


@contextmanager
def watching(title: str, *, quiet: bool) -> Iterator[Watch]:
    """A watch that draws a bar on stderr; silent with ``quiet`` or when nobody looks at a terminal."""
    if quiet or not errors.is_terminal:
        yield nobody
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=32),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as bar:
        task = bar.add_task(title, total=1.0)

        def watch(what: str, share: float) -> None:
            bar.update(task, completed=share, description=f"{title}: {what}")

        yield watch
