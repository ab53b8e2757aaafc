"""The film demo: a wordless short of 48 cuts, from the cut list to the film, in the same steps as a user's own show.

cut list and layouts → import → places → paint what is missing → film with staff roll → page and table
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from time import perf_counter

from genzu.core.codec import Plain
from genzu.core.credit import Contribution, Role
from genzu.core.geometry import Extent
from genzu.core.place import Location
from genzu.core.timing import FILM
from genzu.errors import BadInput, GenzuError
from genzu.exchange.video import load_pyav
from genzu.picture.files import probe
from genzu.steps.batch import CutResult
from genzu.steps.cutlist import enter_list, plan_list
from genzu.steps.cutlist_files import read_list
from genzu.steps.demo_cuts import CutReport, paint_missing, report
from genzu.steps.demo_film_page import write_film_page
from genzu.steps.demo_pack import FilmPack, at_height, film_pack
from genzu.steps.film import FULL, FilmOrder, make_film
from genzu.steps.film_plan import plan_shots
from genzu.steps.training_facts import training_facts
from genzu.steps.watch import Watch, nobody, part_of
from genzu.store.show import Show

FILM_NAME = "film.mp4"
_CRF = 21
_PAINTING, _FILM = 0.62, 0.36
"""Shares of the whole work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmDemo:
    """What the film demo left behind."""

    page: Path
    table: Path
    """``demo.json``: cut by cut."""
    film: Path | None
    no_film: str
    """Why there is no film; empty if there is one."""
    cuts: tuple[CutReport, ...]
    results: tuple[CutResult, ...]
    """Of the cuts that were painted now."""
    seconds: Mapping[str, float]
    """Wall time of this run: ``painting``, ``film``."""

    @property
    def failed(self) -> tuple[CutResult, ...]:
        """Cuts that could not be painted."""
        return tuple(result for result in self.results if result.error)


def make_film_demo(
    folder: Path,
    *,
    workers: int | None = None,
    watch: Watch = nobody,
    only: Sequence[str] | None = None,
    size: Extent | None = None,
    engine: str | None = None,
) -> FilmDemo:
    """Make the show in ``folder``, paint it, and write film, page and table; run again, it goes on where it stopped.

    ``only``: numbers of the cuts to paint and show; ``size``: height of all backgrounds and size of the film, for a
    quick look; ``engine``: another one than the embedded. Raises ``BadInput`` if the folder holds another show.
    """
    with film_pack() as pack, Show.open_or_create(folder, str(pack.facts["title"])) as show:
        _set_up(show, pack, size, engine)
        begun = perf_counter()
        results = paint_missing(show, only=only, workers=workers, watch=part_of(watch, "painting", 0.0, _PAINTING))
        painted = perf_counter()
        film, why_not = _film(show, only, size, part_of(watch, "film", _PAINTING, _FILM))
        seconds = {"painting": round(painted - begun, 2), "film": round(perf_counter() - painted, 2)}
        cuts = tuple(report(show, cut) for cut in show.cuts() if only is None or cut.number in only)
        table = _write_table(show, cuts, film, why_not, seconds)
        page = write_film_page(show, f"{show.title} {pack.facts['title_ja']}", cuts, film, why_not)
    watch("done", 1.0)
    return FilmDemo(
        page=page, table=table, film=film, no_film=why_not, cuts=cuts, results=results, seconds=seconds
    )  # fmt: skip


def _set_up(show: Show, pack: FilmPack, size: Extent | None, engine: str | None) -> None:
    """Unpack the layouts, import the cut list as a user would, name the places and who drew."""
    if show.title != pack.facts["title"]:
        raise BadInput(
            f"this folder holds another show, {show.title!r}", where=show.folder, do="give the film demo its own folder"
        )
    cutlist = show.export(show.folder / "cuts.csv", lambda path: _copy(pack.cutlist, path))
    materials = {}
    for name in _layouts_in(cutlist):
        found = pack.unpack(name, show.folder, height=size.height if size else None)
        if found is not None:
            materials[name] = found
    plan = plan_list(show, cutlist, layouts=show.folder / "layouts", new_places=True)
    if plan.errors or plan.added or plan.changed or plan.places:
        enter_list(show, plan)
    known = {place.name: place for place in show.places()}
    for place in pack.facts["places"]:
        if known[place["name"]].words != place["words"]:
            show.put_place(Location(name=place["name"], words=place["words"]))
    named = {one.cut for one in show.contributions() if one.role is Role.LAYOUT}
    for cut in show.cuts():
        given = materials.get(cut.layout.name)
        wanted = replace(
            cut,
            materials=show.keep_file(given) if given and not cut.uses else None,
            size=at_height(probe(show.file(cut.layout)).extent, size.height) if size else None,
            engine=engine or cut.engine,
        )
        if wanted != cut:
            show.update_cut(wanted)
        if cut.number not in named and not cut.uses:
            show.credit(Contribution(name=str(pack.facts["layout_by"]), role=Role.LAYOUT, cut=cut.number))


def _layouts_in(cutlist: Path) -> tuple[str, ...]:
    """File names of the layouts in the list."""
    entries = read_list(cutlist, fps=None, usual=FILM, template=None).cutlist.entries
    return tuple(dict.fromkeys(entry.layout for entry in entries if entry.layout))


def _film(show: Show, only: Sequence[str] | None, size: Extent | None, watch: Watch) -> tuple[Path | None, str]:
    """The film, made anew only if something that is seen in it has changed; or why there is none."""
    out = show.folder / FILM_NAME
    try:
        load_pyav()
    except BadInput as missing:
        return None, f"{missing.what}; {missing.do}, then run the same command again: nothing is painted twice"
    wanted = ", ".join(only) if only else ""
    digest = sha256(repr((plan_shots(show, cuts=wanted, usual=72), size, _CRF, _credits(show))).encode()).hexdigest()
    mark = show.folder / ".genzu" / "demo-film.txt"
    if out.is_file() and mark.is_file() and mark.read_text(encoding="utf-8") == f"{digest} {out.stat().st_size}":
        return out, ""
    try:
        done = make_film(
            show, out, FilmOrder(cuts=wanted, size=size or FULL, crf=_CRF), training=training_facts(), watch=watch
        )
    except GenzuError as error:
        return None, error.sentence
    if done.path == out and not done.missing:
        mark.write_text(f"{digest} {out.stat().st_size}", encoding="utf-8")
    return done.path, ""


def _credits(show: Show) -> list[tuple[str, str, str | None]]:
    return [(one.name, one.role.value, one.cut) for one in show.contributions()]


def _write_table(
    show: Show, cuts: Sequence[CutReport], film: Path | None, why_not: str, seconds: Mapping[str, float]
) -> Path:
    folder = show.folder
    own = [one for one in cuts if one.seconds]
    table: Plain = {
        "title": show.title,
        "cuts": [one.to_dict(folder) for one in cuts],
        "backgrounds": len(own),
        "frames": sum(one.cut.frames or 0 for one in cuts),
        "seconds_of_backgrounds": round(sum(one.took for one in own), 2),
        "seconds_of_this_run": dict(seconds),
        "film": film.relative_to(folder).as_posix() if film else None,
        "no_film": why_not or None,
    }
    text = json.dumps(table, ensure_ascii=False, indent=2) + "\n"
    return show.export(folder / "demo.json", lambda path: _write_text(path, text))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    target.write_bytes(source.read_bytes())
