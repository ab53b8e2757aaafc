"""What a recipe names by its hash, found again: among the files that a person gives, else in a show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from genzu.core.cut import FileRef
from genzu.core.passport import Made, Passport
from genzu.core.recipe import Recipe
from genzu.errors import BadInput, GenzuError, NotFound
from genzu.picture.compare import Pixels
from genzu.picture.files import pixels_digest, read_picture
from genzu.steps.intake import TakenIn, take_in
from genzu.steps.told import Told
from genzu.store.show import Show


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Files that a person gives; each must be the one that the recipe names."""

    layout: Path | None = None
    materials: Path | None = None
    marks: Path | None = None
    board: Path | None = None
    pictures: tuple[Path, ...] = ()
    """Pictures that the recipe names by their pixels: a base, a mask, a rough by hand."""


class Inputs:
    """Finds what a recipe names by its hash: among the given files, else in the show."""

    def __init__(self, passport: Passport, given: Given, source: Show | None) -> None:
        self._passport, self._given, self._source = passport, given, source

    def layout(self, recipe: Recipe) -> tuple[Path, TakenIn]:
        """The layout whose pixels are those of the recipe, taken in at its own size."""
        if self._given.layout is not None:
            taken = take_in(self._given.layout)
            if taken.source != recipe.layout:
                raise BadInput("this is not the layout of the recipe: its pixels are others", where=self._given.layout,
                               do=f"give {self._named('layout')}")  # fmt: skip
            return self._given.layout, taken
        for path in self._layouts():
            try:
                taken = take_in(path)
            except GenzuError:
                continue
            if taken.source == recipe.layout:
                return path, taken
        raise self._missing("layout", "--layout FILE")

    def file(self, key: str, sha: str | None) -> Path | None:
        """The materials, marks or board with this SHA-256 of its bytes."""
        given: Path | None = getattr(self._given, key)
        if sha is None:
            if given is not None:
                raise BadInput(f"the recipe has no {key}", where=given, do=f"leave out --{key}")
            return None
        if given is not None:
            if _sha(given) != sha:
                raise BadInput(f"this is not the {key} of the recipe: its bytes are others", where=given,
                               do=f"give {self._named(key)}")  # fmt: skip
            return given
        found = self._kept(FileRef(sha=sha, name=self._named(key, "")))
        if found is None:
            raise self._missing(key, f"--{key} FILE")
        return found

    def picture(self, sha: str, what: str) -> Pixels:
        """A picture by the SHA-256 of its pixels."""
        for path in self._given.pictures:
            pixels = read_picture(path).pixels
            if pixels_digest(pixels) == sha:
                return pixels
        try:
            if self._source is not None:
                return self._source.picture(sha)
        except NotFound:
            pass
        raise self._missing(what, "--picture FILE")

    def first(self, goal: Made, told: Told) -> Pixels | None:
        """The pixels as they came out the first time, if they can be had."""
        if told.pixels == "same" and goal.pixels == self._passport.take.pixels and told.kind.startswith("PNG"):
            return read_picture(told.file).pixels
        try:
            return self.picture(goal.pixels, "picture")
        except GenzuError:
            return None

    def _layouts(self) -> Iterator[Path]:
        """Where it should be first, then every layout of the show."""
        if self._source is None:
            return
        ref = self._passport.files.get("layout")
        kept = self._kept(ref) if ref else None
        if kept is not None:
            yield kept
        for cut in sorted(self._source.cuts(), key=lambda cut: cut.number != self._passport.cut):
            path = self._kept(cut.layout)
            if path is not None and path != kept:
                yield path

    def _kept(self, ref: FileRef) -> Path | None:
        """A file of the show by its hash; its name says only the suffix under which it may be kept."""
        if self._source is None:
            return None
        of_cuts = (
            known
            for cut in self._source.cuts()
            for known in (cut.layout, cut.materials, cut.marks, cut.board)
            if known is not None and known.sha == ref.sha
        )
        for one in (ref, *of_cuts):
            try:
                return self._source.file(one)
            except NotFound:
                continue
        return None

    def _named(self, key: str, otherwise: str | None = None) -> str:
        ref = self._passport.files.get(key)
        return ref.name if ref else f"the {key}" if otherwise is None else otherwise

    def _missing(self, key: str, option: str) -> NotFound:
        where = "is not in the show" if self._source is not None else "is needed, and no show is named"
        return NotFound(f"{self._named(key)} {where}", do=f"give it with {option}, or its show with --show DIR")


def _sha(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        raise NotFound("there is no such file", where=path, do="check the name and the folder") from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise BadInput(f"it cannot be read ({reason})", where=path, do="give a readable file") from None
