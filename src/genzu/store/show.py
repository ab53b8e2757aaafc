"""A show: its folder, its cuts, its pictures and everything that was ever decided about them.

The folder is the user's; Genzu keeps its own things in ``.genzu`` inside it. A picture or file is on the disk before
the ledger names it: a killed process leaves at worst a picture that nobody names, never a name without a picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from numpy.typing import NDArray
from sqlalchemy import insert, or_, select

from genzu.core.credit import Contribution, Role
from genzu.core.cut import Cut, FileRef
from genzu.core.own_art import TrainingRun
from genzu.core.place import Location
from genzu.core.take import NewTake, Stage, Take
from genzu.errors import BadRecord, NotFound, Refused
from genzu.store import cuts, locations, takes, trainings
from genzu.store.build import Build
from genzu.store.cuts import ListChanges
from genzu.store.exports import Exports, State
from genzu.store.files import Files
from genzu.store.folder import Folder
from genzu.store.ledger import Ledger
from genzu.store.models import CreditRow, CutRow, ShowRow
from genzu.store.pictures import Pictures, Pixels
from genzu.store.records import Event, add_event, events, person
from genzu.store.verify import Fault, Progress, faults, no_progress


class Show:
    """One show, open. Several processes and threads may have the same show open."""

    def __init__(self, folder: Folder, ledger: Ledger) -> None:
        self._places, self._ledger = folder, ledger
        self._pictures = Pictures(folder.pictures, folder.scratch)
        self._files = Files(folder.files, folder.scratch)
        self._exports = Exports(ledger, folder.root)
        self.build = Build(ledger, self._exports.key)
        with ledger.reading() as connection:
            title = connection.execute(select(ShowRow.title).where(ShowRow.id == 1)).scalar()
        if title is None:
            raise NotFound("there is no show in this ledger", where=ledger.where, do="make one with 'genzu init'")
        self.title: str = title

    @classmethod
    def create(cls, folder: Path, title: str, *, url: str | None = None) -> Show:
        """Make a show in ``folder`` (made if absent; other files in it are left alone).

        ``url`` puts the ledger on a database server instead of into the folder; give it to :meth:`open` too.
        Raises :class:`Refused` if a show is there already, :class:`CannotWrite`.
        """
        return cls(*Folder(folder).create(person(title, "title"), url))

    @classmethod
    def open(cls, folder: Path, *, url: str | None = None) -> Show:
        """Open a show; an older ledger is migrated, after a copy of it was put into ``.genzu/backup``.

        Raises :class:`NotFound` if the folder is no show, :class:`BadRecord` if a newer Genzu made it,
        :class:`LedgerBroken` if its ledger is damaged.
        """
        return cls(*Folder(folder).open(url))

    @classmethod
    def open_or_create(cls, folder: Path, title: str, *, url: str | None = None) -> Show:
        """Open the show in ``folder``; make it with ``title`` if there is none."""
        try:
            return cls.open(folder, url=url)
        except NotFound:
            try:
                return cls.create(folder, title, url=url)
            except Refused:  # another process made it at this moment
                return cls.open(folder, url=url)

    @property
    def folder(self) -> Path:
        """The show's folder, absolute."""
        return self._places.root

    def close(self) -> None:
        """Close the ledger."""
        self._ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Cuts

    def add_cut(self, cut: Cut) -> None:
        """Add a cut. :class:`Refused` if its number exists; :class:`NotFound` if a file of it is not kept yet."""
        self._must_have_files(cut)
        with self._ledger.writing() as connection:
            cuts.add(connection, cut)

    def update_cut(self, cut: Cut) -> None:
        """Change what is asked for in a cut; the event keeps what it was before. The same again changes nothing."""
        self._must_have_files(cut)
        with self._ledger.writing() as connection:
            cuts.change(connection, cut)

    def enter_list(self, changes: ListChanges) -> None:
        """Enter all that a cut list brings, or (if anything is wrong, or the process ends) nothing of it.

        Raises :class:`Refused` if a cut is not any more what the list was held against; :class:`NotFound` if a file
        is not kept yet.
        """
        for _, cut in changes.cuts:
            self._must_have_files(cut)
        with self._ledger.writing() as connection:
            cuts.enter(connection, changes)

    def cuts(self) -> tuple[Cut, ...]:
        """All cuts in the order of the film: as a list ordered them, the others by number (2 before 2A before 10)."""
        with self._ledger.reading() as connection:
            return cuts.all_of(connection)

    def cut(self, number: str) -> Cut:
        """One cut; :class:`NotFound` if there is none."""
        with self._ledger.reading() as connection:
            return cuts.one(connection, number)

    # Places and the show as a whole

    def put_place(self, place: Location) -> None:
        """Add a place, or change the one of this name; the event keeps what it was before."""
        for board in place.boards:
            self.file(board.file)
        with self._ledger.writing() as connection:
            locations.put(connection, place)

    def places(self) -> tuple[Location, ...]:
        """All places by name."""
        with self._ledger.reading() as connection:
            return locations.all_of(connection)

    def place(self, name: str) -> Location:
        """One place; :class:`NotFound`, with the name that is nearest, if there is none."""
        with self._ledger.reading() as connection:
            return locations.one(connection, name)

    def setting(self, name: str) -> str | None:
        """What the show says of itself, such as ``fps``; ``None`` if it does not."""
        with self._ledger.reading() as connection:
            return locations.setting(connection, name)

    # Pictures and files

    def keep_picture(self, pixels: NDArray[Any]) -> str:
        """Store (H, W), (H, W, 3) or (H, W, 4) pixels of uint8 or uint16; give their SHA-256."""
        return self._pictures.keep(pixels)

    def has_picture(self, sha: str) -> bool:
        """True if a file is there; whether it is whole, :meth:`verify` tells."""
        return self._pictures.has(sha)

    def picture(self, sha: str) -> Pixels:
        """The pixels, checked; :class:`NotFound`, or :class:`LedgerBroken` if they are damaged."""
        return self._pictures.load(sha)

    def keep_file(self, path: Path) -> FileRef:
        """Copy a person's file into the show, byte for byte, and remember where it came from."""
        ref = self._files.keep(path)
        self.build.came_from(path, ref)
        return ref

    def file(self, ref: FileRef) -> Path:
        """Where the kept copy lies (read-only); :class:`NotFound` if it is not there."""
        path = self._files.path(ref)
        if not path.is_file():
            raise NotFound(f"the file {ref.name} is not in the show", where=path, do="give the file again")
        return path

    # Takes

    def record(self, new: NewTake) -> Take:
        """Record a take whose picture is kept already, and the person's file too if ``original`` names one.

        A machine's take with the same cut, sheet, stage and recipe is recorded once: the first is given back.
        """
        if not self._pictures.has(new.picture):
            raise NotFound("its picture is not in the show", where="take.picture", do="keep the picture first")
        if new.original is not None and self._files.find(new.original) is None:
            raise NotFound("its file is not in the show", where="take.original", do="keep the file first")
        with self._ledger.writing() as connection:
            return takes.record(connection, new)

    def take(self, take_id: int) -> Take:
        """One take by its id; :class:`NotFound` if there is none."""
        with self._ledger.reading() as connection:
            return takes.by_id(connection, take_id)

    def take_by_recipe(self, cut: str, sheet: str, stage: Stage, recipe_digest: str) -> Take | None:
        """The take that an engine made with this very recipe."""
        with self._ledger.reading() as connection:
            return takes.by_recipe(connection, cut, sheet, stage, recipe_digest)

    def takes(self, cut: str | None = None, sheet: str | None = None, stage: Stage | None = None) -> tuple[Take, ...]:
        """Takes in the order in which they were recorded; what is ``None`` does not matter."""
        with self._ledger.reading() as connection:
            return takes.several(connection, cut, sheet, stage)

    def latest(self, cut: str, sheet: str, stage: Stage) -> Take | None:
        """The take with the highest number."""
        with self._ledger.reading() as connection:
            return takes.latest(connection, cut, sheet, stage)

    def approve(self, take_id: int, by: str) -> None:
        """Approve a take; the newest approval of a sheet counts."""
        with self._ledger.writing() as connection:
            takes.approve(connection, take_id, by)

    def approved(self, cut: str, sheet: str) -> Take | None:
        """The take that was approved last."""
        with self._ledger.reading() as connection:
            return takes.approved(connection, cut, sheet)

    # Trainings on own art

    def record_training(self, run: TrainingRun) -> None:
        """Record what a style (LoRA) was trained on; the same LoRA file is recorded once."""
        with self._ledger.writing() as connection:
            trainings.record(connection, run)

    def trainings(self, *, with_picture: str | None = None) -> tuple[TrainingRun, ...]:
        """Trainings in the order of recording; only those that learned from a picture (SHA-256) if it is given."""
        with self._ledger.reading() as connection:
            return trainings.several(connection, with_picture)

    def training(self, lora: str) -> TrainingRun | None:
        """What the LoRA file with this SHA-256 was trained on; ``None`` if the ledger does not know it."""
        with self._ledger.reading() as connection:
            return trainings.by_lora(connection, lora)

    # People and history

    def credit(self, contribution: Contribution) -> None:
        """Name a person in a role, on one cut or (with an empty cut) on the whole show; the same again is let be."""
        name, role, cut = person(contribution.name, "credit.name"), Role(contribution.role), contribution.cut
        with self._ledger.writing() as connection:
            if cut and not connection.execute(select(CutRow.number).where(CutRow.number == cut)).scalar():
                raise cuts.no_cut(cut)
            row = {"cut": cut, "name": name, "role": role.value}
            same = (CreditRow.cut == cut, CreditRow.name == name, CreditRow.role == role.value)
            if connection.execute(select(CreditRow.id).where(*same)).scalar() is None:
                connection.execute(insert(CreditRow).values(**row))
                add_event(connection, "credit added", cut=cut, detail={"name": name, "role": role.value})

    def contributions(self, cut: str | None = None) -> tuple[Contribution, ...]:
        """Who did what: all of it, or a cut's own and the whole show's, in the order of naming."""
        query = select(CreditRow.cut, CreditRow.name, CreditRow.role).order_by(CreditRow.id)
        if cut is not None:
            query = query.where(or_(CreditRow.cut == cut, CreditRow.cut == ""))
        with self._ledger.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(Contribution(name=row.name, role=_role(row.role), cut=row.cut) for row in rows)

    def history(self, cut: str | None = None) -> tuple[Event, ...]:
        """Everything that changed the show, or one cut of it, in order."""
        with self._ledger.reading() as connection:
            return events(connection, cut)

    # Files for people

    def export(self, path: Path, write: Callable[[Path], None]) -> Path:
        """Write a file for a person at ``path``; give the path where it really is.

        ``write`` gets a scratch path with the same suffix. If the file at ``path`` is not what Genzu wrote there last,
        a person changed or brought it: it is kept, and the new one is put beside it as ``<stem>_new<N><suffix>``.
        Raises :class:`Refused` for a path in ``.genzu`` or one that begins in the show and leaves it by ``..``.
        """
        return self._exports.export(path, write)

    def export_all(self, files: Sequence[tuple[Path, Callable[[Path], None]]]) -> list[Path]:
        """Write several files as :meth:`export` does, in one go; where each really is."""
        return self._exports.export_all(files)

    def exported(self, path: Path) -> State:
        """What lies at ``path``: ``ours``, ``edited`` since, ``missing``, or ``foreign`` (never written by Genzu)."""
        return self._exports.state(path)

    def verify(self, progress: Progress = no_progress) -> tuple[Fault, ...]:
        """Check the ledger, and that every picture and file in it is there and right; give what is broken."""
        return faults(self._ledger, self._pictures, self._files, progress)

    def _must_have_files(self, cut: Cut) -> None:
        for ref in (cut.layout, cut.materials, cut.marks, cut.board):
            if ref is not None:
                self.file(ref)


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError:
        raise BadRecord(f"the role {word!r} is not known", where="credits", do="update Genzu") from None
