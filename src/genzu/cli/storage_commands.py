"""Commands on where a show's things lie: its ledger on a database server, its pictures in a store."""

from __future__ import annotations

from typing import Annotated

import typer

from genzu.cli.common import JsonOption, ShowOption, find_show, say, say_json
from genzu.cli.progress import watching
from genzu.store.moving import Copied, copy_ledger, move_ledger, move_pictures

LEDGER_HELP = (
    "Put the ledger on a PostgreSQL server: postgresql+psycopg://USER@HOST/DATABASE (no password in it: see docs)."
)
PICTURES_HELP = "Put pictures and files into a shared folder (/mnt/share/show) or an fsspec store (s3://bucket/show)."

ToArgument = Annotated[str, typer.Argument(metavar="TO", help="A URL, or 'folder' for the show's own folder.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    ledger = typer.Typer(no_args_is_help=True, help="Copy or move the show's ledger: to a PostgreSQL server and back.")
    ledger.command(name="copy")(copy)
    ledger.command(name="move")(move)
    app.add_typer(ledger, name="ledger")
    pictures = typer.Typer(no_args_is_help=True, help="Move the show's pictures and files: to a store and back.")
    pictures.command(name="move")(move_pictures_)
    app.add_typer(pictures, name="pictures")


def copy(
    to: Annotated[str, typer.Argument(metavar="TO", help="The URL of an empty database, or a new file (x.db).")],
    show: ShowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the ledger as it is now; the show goes on with its own."""
    done = copy_ledger(find_show(show), to)
    _tell(done, as_json, f"{done.target}: a copy of the ledger, {done.rows} rows, compared and the same")


def move(to: ToArgument, show: ShowOption = None, as_json: JsonOption = False) -> None:
    """Move the ledger, whole or not at all; the old one is kept and takes nothing more."""
    done = move_ledger(find_show(show), to)
    _tell(
        done, as_json,
        f"the ledger lies at {done.target} now ({done.rows} rows, compared and the same); the old one: {done.backup}",
    )  # fmt: skip


def move_pictures_(to: ToArgument, show: ShowOption = None, as_json: JsonOption = False) -> None:
    """Move pictures and files; the old ones stay where they are, as a backup."""
    with watching("pictures", quiet=as_json) as watch:
        done = move_pictures(find_show(show), to, lambda share: watch("copied", share))
    _tell(
        done, as_json,
        f"pictures and files lie at {done.target} now ({done.blobs} copied); the old ones are still at {done.backup}: "
        "run 'genzu verify' before you delete them",
    )  # fmt: skip


def _tell(done: Copied, as_json: bool, sentence: str) -> None:
    if not as_json:
        say(sentence)
        return
    say_json(
        {
            "from": done.source, "to": done.target, "rows": done.rows, "digest": done.digest, "copied": done.blobs,
            "backup": done.backup,
        }
    )  # fmt: skip
