"""Whether a worker fits the show: the same Genzu, and the very folder that the build was started in.

Pictures are the same on every machine only if the same code paints them; and a worker that has a copy of the show, not
the show, would paint into a folder that nobody looks at. Each is found out before anything is painted.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from genzu import __version__
from genzu.core.codec import digest
from genzu.engines import registry
from genzu.errors import FarmFailed, GenzuError
from genzu.steps.intake import INTAKE_VERSION
from genzu.steps.reading import READING_VERSION
from genzu.store.folder import Folder
from genzu.store.scratch import scratch_file
from genzu.store.show import Show

_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a worker must find to belong to a build. It crosses to the workers by value."""

    folder: Path
    """The show's folder, absolute."""
    mark: str
    """Name of a file in the show's scratch folder that holds nothing but this name."""
    version: str
    state: str
    """Digest of the versions of everything that decides pixels without weights of a studio."""
    machine: str
    alone: bool
    """True if the ledger is a file that one machine only may write to."""

    @property
    def path(self) -> Path:
        """Where the mark lies."""
        return Folder(self.folder).scratch / self.mark

    def seen(self) -> bool:
        """True where this very folder is seen, and not a copy of it."""
        try:
            return self.path.read_text(encoding="utf-8") == self.mark
        except OSError:
            return False


@contextmanager
def proof(folder: Path) -> Iterator[Proof]:
    """Lay the mark into the show's folder, and take it away at the end."""
    places = Folder(folder)
    with scratch_file(places.scratch, ".farm") as mark:
        mark.write_text(mark.name, encoding="utf-8")
        yield Proof(
            folder=places.root, mark=mark.name, version=__version__, state=pixel_state(), machine=this_machine(),
            alone=places.ledger.is_file(),
        )  # fmt: skip


def misfit(proof: Proof) -> FarmFailed | None:
    """What keeps this process from painting for a build; ``None`` if nothing does."""
    if __version__ != proof.version:
        return FarmFailed(
            f"Genzu {__version__} runs there, {proof.version} here", do="install the same version on every worker"
        )
    if pixel_state() != proof.state:
        return FarmFailed(
            f"another state of Genzu {__version__} runs there, which paints other pixels",
            do="install the same package on every worker",
        )
    if not proof.seen():
        return FarmFailed(
            f"it does not see this show's folder {proof.folder}",
            do="put the show where every worker has it under this path, on a shared drive",
        )
    if proof.alone and this_machine() != proof.machine:
        return FarmFailed(
            "it is another machine, and the ledger of this show is a file that only one machine may write to",
            do="keep the ledger on PostgreSQL (see docs/farm.md), or paint on workers of this machine",
        )
    return _cannot_open(proof.folder)


def pixel_state() -> str:
    """Digest of the versions of intake, reader, regions and the embedded engine."""
    reader = registry.reader(registry.reader_names()[0])
    painter = registry.engine(registry.engine_names()[0])
    return digest(
        {
            "intake": INTAKE_VERSION, "reader": f"{reader.name}/{reader.version}", "reading": READING_VERSION,
            "painter": f"{painter.name}/{painter.version}",
        }
    )  # fmt: skip


def this_machine() -> str:
    """One word for a machine (on Linux: for a running kernel, so that its containers are one machine)."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return platform.node()


def _cannot_open(folder: Path) -> FarmFailed | None:
    try:
        Show.open(folder).close()
    except GenzuError as error:
        return FarmFailed(f"it cannot open the show ({error.what})", do=error.do)
    return None
