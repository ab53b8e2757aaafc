"""Commands are imported when they are asked for: the list of them must be whole, and quick ones must stay light."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import typer

from genzu.cli import main


def test_every_command_of_every_module_is_in_the_list() -> None:
    found = {}
    for path in Path(main.__file__).parent.glob("*.py"):
        module = import_module(f"genzu.cli.{path.stem}")
        if hasattr(module, "add_to"):
            group = typer.Typer()
            group.callback()(lambda: None)
            module.add_to(group)
            made = typer.main.get_command(group)
            assert isinstance(made, click.Group)
            found[path.stem] = set(made.commands)
    assert found == {module: set(names) for module, names in main._COMMANDS.items()}


def test_status_does_not_wait_for_what_it_does_not_need() -> None:
    program = (
        "import sys; from genzu.cli import main; "
        "main.typer.main.get_command(main.app).get_command(None, 'status'); "
        "from genzu.engines import registry; registry.engine('embedded').version; registry.reader('embedded').version; "
        "print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "genzu.steps.stale" in loaded
    assert not loaded & {"psd_tools", "scipy", "onnxruntime", "av", "opentimelineio", "torch", "alembic"}
