"""A show: its folder, its cuts, its pictures and everything that was ever decided about them.

The folder is the user's; Genzu keeps its own things in ``.genzu`` inside it. A picture or file is on the disk before
the ledger names it: a killed process leaves at worst a picture that nobody names, never a name without a picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from numpy.typing import NDArray
from sqlalchemy import Connection, insert, or_, select

from genzu.core.credit import Contribution, Role
from genzu.core.cut import Cut, FileRef
from genzu.core.own_art import TrainingRun
from genzu.core.place import Location
from genzu.core.review import Choice, Retake
from genzu.core.take import NewTake, Stage, Take
from genzu.errors import BadRecord, NotFound, Refused
from genzu.store import cuts, locations, review, takes, tracker, trainings
from genzu.store.build import Build
from genzu.store.cuts import ListChanges
from genzu.store.exports import Exports, State
from genzu.store.files import Files
from genzu.store.folder import Folder, Whereabouts
from genzu.store.ledger import Ledger
from genzu.store.models import CreditRow, CutRow, ShowRow
from genzu.store.pictures import Pictures, Pixels
from genzu.store.records import Event, add_event, events, person
from genzu.store.tracker import TrackerNews
from genzu.store.verify import Fault, Progress, faults, no_progress


class Show:
    """One show, open. Several processes and threads may have the same show open."""

    def __init__(self, folder: Folder, ledger: Ledger) -> None:
        self._places, self._ledger = folder, ledger
        self._pictures = Pictures(folder.blobs("pictures"))
        self._files = Files(folder.blobs("files"))
        self._exports = Exports(ledger, folder.root)
        self.build = Build(ledger, self._exports.key)
        with ledger.reading() as connection:
            title = connection.execute(select(ShowRow.title).where(ShowRow.id == 1)).scalar()
        if title is None:
            raise NotFound("there is no show in this ledger", where=ledger.where, do="make one with 'genzu init'")
        self.title: str = title

    @classmethod
    def create(cls, folder: Path, title: str, *, url: str | None = None, pictures: str | None = None) -> Show:
        """Make a show in ``folder`` (made if absent; other files in it are left alone).

        ``url`` puts the ledger on a database server, ``pictures`` the pictures and files into a store, instead of
        into the folder, which remembers both. Raises :class:`Refused` if a show is there already,
        :class:`CannotWrite`.
        """
        return cls(*Folder(folder).create(person(title, "title"), url, pictures))

    @classmethod
    def open(cls, folder: Path, *, url: str | None = None) -> Show:
        """Open a show; an older ledger is migrated, after a copy of it was put into ``.genzu/backup``.

        ``url`` is not needed: the folder remembers where its ledger lies. Raises :class:`NotFound` if the folder is
        no show, :class:`BadRecord` if a newer Genzu made it, :class:`LedgerBroken` if its ledger is damaged,
        :class:`Unreachable` if its server is away.
        """
        return cls(*Folder(folder).open(url))

    @classmethod
    def join(cls, folder: Path, *, url: str, pictures: str | None = None) -> Show:
        """Have ``folder`` open a show whose ledger lies at ``url`` already, as on a second machine."""
        return cls(*Folder(folder).join(url, pictures))

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

    @property
    def whereabouts(self) -> Whereabouts:
        """Where the ledger and the pictures lie."""
        return self._places.whereabouts(self._ledger)

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
        """The kept copy (read-only), to be read now; :class:`NotFound` if it is not there.

        Of a show whose files lie in a store, a checked local copy, which may be gone after some minutes.
        """
        return self._files.local(ref)

    # Takes

    def record(self, new: NewTake, *, answers: bool = True) -> Take:
        """Record a take whose picture is kept already, and the person's file too if ``original`` names one.

        A machine's take with the same cut, sheet, stage and recipe is recorded once: the first is given back. With it,
        the open retakes of its sheet are answered that it answers; ``answers`` is False for variants and candidates,
        which answer nothing before somebody picks them.
        """
        if not self._pictures.has(new.picture):
            raise NotFound("its picture is not in the show", where="take.picture", do="keep the picture first")
        if new.original is not None and self._files.find(new.original) is None:
            raise NotFound("its file is not in the show", where="take.original", do="keep the file first")

        def enter(connection: Connection) -> Take:
            take = takes.record(connection, new)
            if answers:
                review.answer_with(connection, take)
            return take

        return self._ledger.write(enter)

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

    # What people decide about takes

    def approve(self, take_id: int, by: str, *, closing: Mapping[int, str] | None = None) -> None:
        """Approve a take; the newest approval of a sheet counts.

        ``closing`` names the open retakes (id, note) that it answers with that; others are not looked at here.
        """
        with self._ledger.writing() as connection:
            for retake_id, note in (closing or {}).items():
                review.answer(connection, retake_id, by=by, take=take_id, note=note)
            review.approve(connection, take_id, by)

    def approved(self, cut: str, sheet: str) -> Take | None:
        """The take that was approved last."""
        with self._ledger.reading() as connection:
            return review.approved(connection, cut, sheet)

    def pick(self, take_id: int, by: str) -> Take:
        """Choose a painting or touch-up for its sheet; open retakes of the sheet's other takes are answered by it."""
        with self._ledger.writing() as connection:
            return review.pick(connection, take_id, by)

    def pick_all(self, picks: Iterable[tuple[int, str]]) -> None:
        """Several picks (take id, name): all of them, or (if one is refused, or the process ends) none."""
        with self._ledger.writing() as connection:
            for take_id, by in picks:
                review.pick(connection, take_id, by)

    def picked(self, cut: str, sheet: str) -> Take | None:
        """The take that was picked last."""
        with self._ledger.reading() as connection:
            return review.picked(connection, cut, sheet)

    def retake(
        self, take_id: int, *, reason: str, by: str, note: str = "", source: str | None = None, order: Cut | None = None
    ) -> Retake:
        """Send a take back (リテイク), with the reason and who asks for it.

        ``source`` says where it came from (a tracker's comment): the same source again gives the first retake back
        and changes nothing. ``order`` is the cut as it is asked for from now on; a machine's painting of it answers.
        """
        if order is not None:
            self._must_have_files(order)
        with self._ledger.writing() as connection:
            return review.ask(connection, take_id, reason=reason, by=by, note=note, source=source, order=order)

    def retakes(
        self, cut: str | None = None, sheet: str | None = None, *, open_only: bool = False
    ) -> tuple[Retake, ...]:
        """Retakes of the show, a cut or a sheet, oldest first."""
        with self._ledger.reading() as connection:
            return review.several(connection, cut, sheet, open_only=open_only)

    def answer_retake(self, retake_id: int, *, by: str, take: int | None = None, note: str = "") -> Retake:
        """Close a retake, by a take of its sheet or by word; :class:`Refused` if it is closed already."""
        with self._ledger.writing() as connection:
            return review.answer(connection, retake_id, by=by, take=take, note=note)

    def choices(self, cut: str | None = None) -> dict[tuple[str, str], Choice]:
        """By cut and sheet: the newest pick, approval or take that answered a retake, of one cut or of all."""
        with self._ledger.reading() as connection:
            return review.choices(connection, cut)

    # A production tracker

    def enter_news(self, news: TrackerNews) -> None:
        """Enter all that a tracker brings, or (if anything is wrong, or the process ends) nothing of it."""
        for _, cut in news.changes.cuts:
            self._must_have_files(cut)
        with self._ledger.writing() as connection:
            tracker.enter(connection, news)

    def followed(self) -> frozenset[str]:
        """Sources of what people said in a tracker and was entered."""
        with self._ledger.reading() as connection:
            return tracker.followed(connection)

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
