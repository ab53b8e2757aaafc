"""``genzu``: all commands, and one place where errors become one clear sentence and an exit code."""

from __future__ import annotations

import os
import sys
import traceback

# Our matrix products are 3 wide: a second BLAS thread only fights with the second process for its core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import click
import typer

from genzu import __version__
from genzu.cli import (
    cuts_commands,
    demo_commands,
    film_commands,
    info_commands,
    model_commands,
    paint_commands,
    recipe_commands,
    repaint_commands,
    show_commands,
    train_commands,
    variant_commands,
)
from genzu.cli.progress import errors
from genzu.errors import GenzuError

app = typer.Typer(
    name="genzu",
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


paint_commands.add_to(app)
demo_commands.add_to(app)
variant_commands.add_to(app)
repaint_commands.add_to(app)
recipe_commands.add_to(app)
show_commands.add_to(app)
train_commands.add_to(app)
film_commands.add_to(app)
cuts_commands.add_to(app)
info_commands.add_to(app)
model_commands.add_to(app)


def run() -> None:
    """Entry point. Exit codes: 0 done, 1 some cuts failed, 2 wrong usage or bad input, 130 stopped by hand."""
    try:
        code = app(standalone_mode=False)
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
