"""``genzu``: all commands, and one place where errors become one clear sentence and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from typing import cast

# Our matrix products are 3 wide: a second BLAS thread only fights with the second process for its core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import click
import typer
from typer.core import TyperGroup

from genzu import __version__
from genzu.cli.progress import errors
from genzu.errors import GenzuError

_COMMANDS = {
    "paint_commands": ("paint",),
    "demo_commands": ("demo",),
    "variant_commands": ("variants",),
    "repaint_commands": ("repaint",),
    "recipe_commands": ("recipe",),
    "show_commands": ("init", "add", "retouch", "credits", "credit", "deliver"),
    "status_command": ("status",),
    "review_commands": ("pick", "approve", "retake"),
    "history_commands": ("candidates", "history", "compare"),
    "storage_commands": ("ledger", "pictures"),
    "train_commands": ("train",),
    "film_commands": ("film",),
    "farm_commands": ("farm", "job-task"),
    "cuts_commands": ("cuts", "place"),
    "kitsu_commands": ("kitsu",),
    "info_commands": ("read", "words", "licences", "verify"),
    "model_commands": ("models",),
}
"""Modules of this package and the commands that each adds, in the order of the help. A module is imported when one of
its commands is asked for: ``genzu status`` need not wait for what only the film needs."""


class _Commands(TyperGroup):
    """Finds a command's module by its name."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return [name for names in _COMMANDS.values() for name in names]

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = next((module for module, names in _COMMANDS.items() if cmd_name in names), None)
        if module is None:
            return None
        group = typer.Typer()
        group.callback()(lambda: None)  # without one, Typer makes no group of a single command
        import_module(f"genzu.cli.{module}").add_to(group)
        return cast(click.Group, typer.main.get_command(group)).commands.get(cmd_name)


app = typer.Typer(
    name="genzu",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Genzu (原図): from a hand-drawn layout to a finished background, with the names of everyone who made it.",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"genzu {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    pass


def run() -> None:
    """Entry point. Exit codes: 0 done, 1 some cuts failed, 2 wrong usage or bad input, 130 stopped by hand."""
    try:
        code = app(standalone_mode=False)
        if code == 130:  # Typer has caught Ctrl-C and said nothing
            raise KeyboardInterrupt
    except GenzuError as error:
        _tell(error.sentence)
        code = error.exit_code
    except click.ClickException as error:
        _tell(f"{error.format_message()} Try 'genzu --help'.")
        code = 2
    except (KeyboardInterrupt, click.Abort):
        _tell("Stopped. What was finished is kept; run the same command again to go on.")
        code = 130
    except MemoryError:
        _tell("Not enough memory for this picture; close other programs or paint it smaller with --size.")
        code = 2
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        _tell(
            f"{name}the file system refused ({(error.strerror or str(error)).lower()}); check the path and the space."
        )
        code = 2
    except Exception as error:
        if os.environ.get("GENZU_DEBUG"):
            traceback.print_exc()
        _tell(
            f"A fault in Genzu itself ({type(error).__name__}: {error}); set GENZU_DEBUG=1 to see where, and report it."
        )
        code = 70
    sys.exit(code if isinstance(code, int) else 0)


def _tell(sentence: str) -> None:
    errors.print(f"genzu: {sentence}", markup=False)


if __name__ == "__main__":
    run()
