"""Kitsu → Genzu: lengths, notes and places of shots, retakes and approvals; planned as a whole, then entered as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from genzu.core.codec import Plain
from genzu.core.cut import Cut
from genzu.core.cutlist import CutList, CutListEntry, ReadList
from genzu.core.findings import Finding, Spot, error, errors_of, few, warning
from genzu.core.take import Take
from genzu.core.timing import FrameRate
from genzu.errors import BadInput, BadRecord
from genzu.exchange.kitsu.records import Production, Shot
from genzu.steps.chosen import shown_of
from genzu.steps.cutlist import ListPlan, changes_of, fps_of, plan_found
from genzu.steps.cutlist_files import Layouts
from genzu.steps.film_plan import selected
from genzu.steps.kitsu_link import (
    Difference,
    Links,
    Naming,
    Newer,
    agreed,
    base_name,
    base_of,
    differences,
    fields_of_shot,
    link,
)
from genzu.steps.kitsu_marks import Mark
from genzu.steps.kitsu_statuses import Standing
from genzu.steps.kitsu_words import Heard, hear
from genzu.store.cuts import ListChanges
from genzu.store.show import Show
from genzu.store.tracker import TrackerNews


@dataclass(frozen=True, slots=True, kw_only=True)
class PullOrder:
    """What is asked for."""

    naming: Naming = field(default_factory=Naming)
    cuts: str = ""
    layouts: Path | None = None
    """Folder of layouts: a shot that has one there becomes a cut."""
    new_places: bool = False
    theirs: bool = False
    """True: what was changed on both sides is taken as Kitsu has it."""
    statuses: Mapping[Standing, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PullPlan:
    """Everything that a pull would do; nothing is done yet."""

    cutlist: ListPlan | None
    heard: Mapping[str, Heard]
    """By number of the cut."""
    findings: tuple[Finding, ...]
    settings: Mapping[str, str]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What stops it."""
        return errors_of(self.findings)

    @property
    def told(self) -> tuple[str, ...]:
        """Retakes and approvals, one line each."""
        return tuple(line for one in self.heard.values() for line in one.told)

    def to_dict(self) -> Plain:
        """For ``--json``."""
        words = [word for one in self.heard.values() for word in one.words]
        return {
            "cuts": None if self.cutlist is None else self.cutlist.to_dict(),
            "retakes": [
                {"take": one.take, "by": one.by, "reason": one.reason, "source": one.source}
                for one in words if one.reason is not None
            ],
            "approvals": [
                {"take": one.take, "by": one.by, "source": one.source} for one in words if one.reason is None
            ],
            "findings": [finding.to_dict() for finding in self.findings],
        }  # fmt: skip


def plan_pull(show: Show, production: Production, order: PullOrder) -> PullPlan:
    """Hold a production against the show; nothing is written."""
    cuts = show.cuts()
    links = link(cuts, production, order.naming, show.title)
    asked = selected(cuts, order.cuts) if order.cuts else cuts
    pairs = [(cut, links.shots[cut.number]) for cut in asked if cut.number in links.shots]
    findings = list(links.findings)
    if production.task_type is None:
        findings.append(warning("Kitsu has no such task type for shots, so nobody was heard; see --task-type"))
    same_rate = rates_agree(show, production)
    if not same_rate:
        findings.append(rate_finding(show, production))
    bases = {cut.number: base_of(show.setting(base_name(cut.number))) for cut, _ in pairs}
    entries = _changed(pairs, bases, findings, theirs=order.theirs, with_frames=same_rate)
    entries += _new(links, order, findings, with_frames=same_rate) if not order.cuts else []
    cutlist = _listed(show, production, order, entries)
    heard = heard_in(show, pairs, order.statuses)
    findings += [*(cutlist.findings if cutlist else ()), *(one for said in heard.values() for one in said.findings)]
    return PullPlan(
        cutlist=cutlist, heard=heard, findings=tuple(findings), settings=_agreed(show, pairs, bases, cutlist)
    )


def enter_pull(show: Show, plan: PullPlan) -> None:
    """Enter a plan: all of it, or (on any error, or if the process ends) nothing."""
    if plan.errors:
        count = len(plan.errors)
        raise BadInput(
            f"{count} error{'s' if count > 1 else ''} in what Kitsu holds, so nothing was pulled", where="Kitsu",
            do="correct what is named, here or in Kitsu, and pull again",
        )  # fmt: skip
    changes = changes_of(show, plan.cutlist) if plan.cutlist else ListChanges()
    words = tuple(word for one in plan.heard.values() for word in one.words)
    show.enter_news(TrackerNews(changes=changes, words=words, settings=plan.settings))


def heard_in(show: Show, pairs: Sequence[tuple[Cut, Shot]], statuses: Mapping[Standing, str]) -> dict[str, Heard]:
    """What people said about each cut and was not followed yet. A background that cuts share is judged once."""
    followed, choices = show.followed(), show.choices()
    found = {}
    for cut, shot in pairs:
        if shot.task is None or not shot.task.comments:
            continue
        takes = _Takes(show, cut.number)
        heard = hear(cut.number, shot, takes.find, followed=followed, choices=choices, chosen=statuses)
        if heard.words or heard.findings:
            found[cut.number] = heard
    return found


class _Takes:
    """The takes of the sheets that a cut shows, also those of the cut whose background it shares."""

    def __init__(self, show: Show, cut: str) -> None:
        self._show, self._cut = show, cut
        self._shown: dict[str, str] | None = None

    def find(self, mark: Mark) -> Take | None:
        """The take of a mark."""
        if self._shown is None:
            self._shown = shown_of(self._show, self._cut)
        fitting = (
            take
            for cut in dict.fromkeys((self._shown.get(mark.sheet, self._cut), self._cut))
            for take in self._show.takes(cut, mark.sheet)
            if Mark.of(take) == mark
        )
        return next(fitting, None)


def rates_agree(show: Show, production: Production) -> bool:
    """False if a frame is not the same length here and in Kitsu; true while one of them has no lengths."""
    said = show.setting("fps")
    if said is None or not production.project.fps:
        return True
    try:
        return FrameRate.parse(production.project.fps).rate == FrameRate.parse(said).rate
    except BadInput:
        return False


def rate_finding(show: Show, production: Production) -> Finding:
    """Said where lengths are left alone."""
    return warning(
        f"{production.project.name} runs at {production.project.fps} frames a second in Kitsu, the show at "
        f"{fps_of(show)}: lengths are left alone on both sides"
    )


def _changed(
    pairs: Sequence[tuple[Cut, Shot]], bases: Mapping[str, Any], findings: list[Finding], *, theirs: bool,
    with_frames: bool,
) -> list[CutListEntry]:  # fmt: skip
    """An entry for each cut that Kitsu changes, which holds only what it changes."""
    entries = []
    for cut, shot in pairs:
        taken: list[Difference] = []
        for one in differences(cut, shot, bases[cut.number], with_frames=with_frames):
            if one.newer is Newer.BOTH and not theirs:
                conflict = f"cut {cut.number} was changed on both sides: {one.sentence}; pull --theirs or push --ours"
                findings.append(warning(conflict, Spot(file=shot.where), one.name))
            elif one.newer is not Newer.HERE:
                taken.append(one)
        if taken:
            entries += _entry(cut.number, shot, {one.name: one.there or "" for one in taken}, findings)
    return entries


def _new(links: Links, order: PullOrder, findings: list[Finding], *, with_frames: bool) -> list[CutListEntry]:
    """An entry for each shot that is no cut yet and has a layout; the others are told."""
    folder = Layouts(order.layouts, None) if order.layouts else None
    entries, without = [], []
    for number, shot in links.others:
        if folder is None or not folder.of_cut(number):
            without.append(shot.where)
            continue
        said = {name: value for name, value in fields_of_shot(shot).items() if value}
        if not with_frames:
            said.pop("frames", None)
        entries += _entry(number, shot, said, findings)
    if without:
        where = f"in {order.layouts}" if order.layouts else "yet (give their folder by --layouts)"
        count = f"{len(without)} shots are" if len(without) > 1 else "one shot is"
        findings.append(warning(f"{count} no cut of this show and have no layout {where}: {few(without)}"))
    return entries


def _entry(number: str, shot: Shot, said: Mapping[str, Any], findings: list[Finding]) -> list[CutListEntry]:
    spot = Spot(file=shot.where)
    try:
        return [CutListEntry(number=number, spot=spot, held=frozenset(said), **said)]
    except BadRecord as wrong:
        findings.append(error(f"cut {number}: {wrong.sentence}", spot))
        return []


def _listed(show: Show, production: Production, order: PullOrder, entries: list[CutListEntry]) -> ListPlan | None:
    if order.layouts is not None and not order.layouts.is_dir():
        raise BadInput("this is no folder of layouts", where=order.layouts, do="name the folder that holds the layouts")
    if not entries:
        return None
    source = Path("Kitsu " + production.project.name.replace("/", "-"))
    found = ReadList(CutList(entries=tuple(entries), fps=fps_of(show)))
    layouts = Layouts(order.layouts or Path(), None)
    return plan_found(show, found, source, layouts, asked=False, new_places=order.new_places, in_film=False)


def _agreed(
    show: Show, pairs: Sequence[tuple[Cut, Shot]], bases: Mapping[str, Any], cutlist: ListPlan | None
) -> dict[str, str]:
    """What both sides say when the plan is entered, as far as it is not in the ledger already."""
    changes = (*cutlist.added, *cutlist.changed) if cutlist else ()
    after = {one.after.number: one.after for one in changes}
    said = {base_name(cut.number): agreed(after.get(cut.number, cut), shot, bases[cut.number]) for cut, shot in pairs}
    return {name: value for name, value in said.items() if show.setting(name) != value}
