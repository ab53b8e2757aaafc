"""Genzu → Kitsu, planned: shots, pictures of the chosen takes, where each background stands. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from genzu.core.codec import Plain, without_none
from genzu.core.cut import Cut
from genzu.core.findings import Finding, Spot, error, errors_of, warning
from genzu.core.naming import plain_word
from genzu.core.take import Take
from genzu.exchange.kitsu.records import Production, Sequence, Shot, Status
from genzu.steps.chosen import shown_of
from genzu.steps.cutlist import fps_of
from genzu.steps.film_plan import selected
from genzu.steps.kitsu_link import (
    CUT_KEY,
    FREE_FIELDS,
    SHOW_KEY,
    Difference,
    Naming,
    Newer,
    base_name,
    base_of,
    differences,
    fields_of_cut,
    link,
)
from genzu.steps.kitsu_marks import Mark, Published, key_of, published
from genzu.steps.kitsu_pull import heard_in, rate_finding, rates_agree
from genzu.steps.kitsu_says import Remark, Stand, publication_text, remarks, stand_of, take_to_show
from genzu.steps.kitsu_statuses import Standing, statuses_for
from genzu.steps.kitsu_words import Heard
from genzu.store.show import Show


@dataclass(frozen=True, slots=True, kw_only=True)
class PushOrder:
    """What is asked for."""

    naming: Naming = field(default_factory=Naming)
    """Its sequence is where new shots come; empty: the only one that there is, else one with the show's title."""
    cuts: str = ""
    ours: bool = False
    """True: what differs and was not changed here alone is written as Genzu has it."""
    statuses: Mapping[Standing, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Pictures that become a revision."""

    takes: tuple[Take, ...]
    """One per sheet, the background first."""
    standing: Standing
    text: str
    begun: Published | None = None
    """The revision that a push which was stopped began."""

    @property
    def key(self) -> str:
        """Equal for the same pictures."""
        return key_of(Mark.of(take) for take in self.takes)

    @property
    def missing(self) -> tuple[Take, ...]:
        """The takes whose pictures must be sent."""
        wanted = self.begun.missing if self.begun else tuple(Mark.of(take) for take in self.takes)
        return tuple(take for take in self.takes if Mark.of(take).picture in {mark.picture for mark in wanted})


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPush:
    """What is done for one cut."""

    cut: Cut
    name: str
    """Of its shot."""
    shot: Shot | None
    """``None``: it is made."""
    changes: tuple[Difference, ...] = ()
    marked: bool = True
    """False: the shot is told which cut it is."""
    publication: Publication | None = None
    remarks: tuple[Remark, ...] = ()

    @property
    def makes_task(self) -> bool:
        """True if the shot has no task for its background yet."""
        return self.shot is None or self.shot.task is None

    @property
    def does_something(self) -> bool:
        """False if Kitsu has it all."""
        return bool(self.makes_task or self.changes or not self.marked or self.publication or self.remarks)

    @property
    def lines(self) -> tuple[str, ...]:
        """What is done, for a person."""
        said = [f"shot {self.name} made"] if self.shot is None else []
        said += [f"{one.name} {one.there or '–'} → {one.here or '–'}" for one in self.changes if self.shot is not None]
        if self.publication:
            shown = ", ".join(f"{one.sheet} {one.stage.value} {one.number}" for one in self.publication.takes)
            verb = "finished publishing" if self.publication.begun else "published"
            said.append(f"{shown} {verb} as {self.publication.standing.value}")
        said += [one.line for one in self.remarks]
        if not said and self.makes_task:
            said.append("task made")
        return tuple(said)

    def to_dict(self) -> Plain:
        """For ``--json``."""
        return without_none(
            {
                "cut": self.cut.number, "shot": self.name, "made": self.shot is None,
                "changed": [one.name for one in self.changes],
                "published": [take.id for take in self.publication.takes] if self.publication else [],
                "standing": self.publication.standing.value if self.publication else None,
                "remarks": [one.line for one in self.remarks],
            }
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PushPlan:
    """Everything that a push would do; nothing is done yet."""

    production: Production
    cuts: tuple[CutPush, ...]
    """Only those for which something is done."""
    unchanged: int
    statuses: Mapping[Standing, Status]
    sequence: Sequence | None
    """Where new shots come; ``None``: it is made."""
    sequence_name: str
    episode: str
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What stops it."""
        return errors_of(self.findings)

    def to_dict(self) -> Plain:
        """For ``--json``."""
        return {
            "project": self.production.project.name, "cuts": [one.to_dict() for one in self.cuts],
            "unchanged": self.unchanged, "findings": [finding.to_dict() for finding in self.findings],
        }  # fmt: skip


def plan_push(
    show: Show, production: Production, order: PushOrder, why_stale: Callable[[str], str] = lambda _: ""
) -> PushPlan:
    """Hold the show against a production. ``why_stale`` says why a cut must be painted anew; empty if it need not."""
    cuts = show.cuts()
    links = link(cuts, production, order.naming, show.title)
    asked = selected(cuts, order.cuts) if order.cuts else cuts
    findings = list(links.findings)
    same_rate = rates_agree(show, production)
    if not same_rate:
        findings.append(rate_finding(show, production))
    pairs = [(cut, links.shots[cut.number]) for cut in asked if cut.number in links.shots]
    statuses = statuses_for(production, order.statuses, findings)
    news = heard_in(show, pairs, order.statuses)
    planned = []
    for cut in asked:
        if cut.number not in links.shots and cut.number in links.canceled:
            continue
        work = _CutWork(show, production, order, statuses, findings, with_frames=same_rate)
        planned.append(work.plan(cut, links.shots.get(cut.number), news.get(cut.number), why_stale))
    sequence, name = _sequence(show, production, order, findings, needed=any(one.shot is None for one in planned))
    doing = tuple(one for one in planned if one.does_something)
    return PushPlan(
        production=production, cuts=doing, unchanged=len(planned) - len(doing),
        statuses=statuses, sequence=sequence, sequence_name=name,
        episode=order.naming.episode, findings=tuple(findings),
    )  # fmt: skip


class _CutWork:
    """Plans one cut."""

    def __init__(
        self, show: Show, production: Production, order: PushOrder, statuses: Mapping[Standing, Status],
        findings: list[Finding], *, with_frames: bool,
    ) -> None:  # fmt: skip
        self._show, self._production, self._order, self._statuses = show, production, order, statuses
        self._findings, self._with_frames = findings, with_frames

    def plan(self, cut: Cut, shot: Shot | None, news: Heard | None, why_stale: Callable[[str], str]) -> CutPush:
        """What is done for a cut."""
        name = shot.name if shot else self._order.naming.shots.render(self._values(cut))
        left = (shot.data.get(CUT_KEY), shot.data.get(SHOW_KEY)) if shot else ()
        done = CutPush(
            cut=cut, name=name, shot=shot, changes=self._changes(cut, shot),
            marked=left == (cut.number, self._show.title),
        )  # fmt: skip
        if news is not None and news.words:
            said = f"cut {cut.number}: people said something in Kitsu that this show has not heard; pull first"
            self._findings.append(warning(said, Spot(file=shot.where if shot else "")))
            return done
        takes = self._takes(cut)
        if not takes:
            return done
        stand = stand_of(self._show, takes, why_stale(cut.number))
        return self._with_pictures(done, stand)

    def _with_pictures(self, done: CutPush, stand: Stand) -> CutPush:
        task = done.shot.task if done.shot else None
        there, key = published(task), key_of(Mark.of(take) for take in stand.takes)
        same = [one for one in there if one.key == key]
        publication = None
        if not same or same[-1].missing:
            text = publication_text(self._show, done.cut.number, stand)
            publication = Publication(
                takes=stand.takes, standing=stand.standing, text=text, begun=same[-1] if same else None
            )
        said = remarks(
            self._show, stand, task, newest=there[-1] if there else None, same=same[-1] if same else None,
            statuses=self._statuses, chosen=self._order.statuses, publishing=publication is not None,
        )  # fmt: skip
        return CutPush(
            cut=done.cut, name=done.name, shot=done.shot, changes=done.changes, marked=done.marked,
            publication=publication, remarks=said,
        )  # fmt: skip

    def _takes(self, cut: Cut) -> tuple[Take, ...]:
        """What is to be seen of each sheet that the cut shows, BG first; one alone where Kitsu takes but one."""
        shown = shown_of(self._show, cut.number)
        ordered = sorted(shown.items(), key=lambda pair: pair[0] != "BG")
        takes = [take for sheet, of in ordered if (take := take_to_show(self._show, of, sheet)) is not None]
        return tuple(takes[:1] if self._production.project.one_picture else takes)

    def _changes(self, cut: Cut, shot: Shot | None) -> tuple[Difference, ...]:
        if shot is None:
            held = {name: value for name, value in fields_of_cut(cut).items() if value}
            if not self._with_frames:
                held.pop("frames", None)
            return tuple(
                Difference(name=name, here=value, there=None, newer=Newer.HERE) for name, value in held.items()
            )
        base = base_of(self._show.setting(base_name(cut.number)))
        found = []
        for one in differences(cut, shot, base, with_frames=self._with_frames):
            if one.newer is Newer.HERE or self._order.ours:
                found.append(one)
            else:
                do = "pull it" if one.newer is Newer.THERE else "pull it, or push --ours"
                said = f"cut {cut.number}: {one.sentence}; {do}"
                self._findings.append(warning(said, Spot(file=shot.where), one.name))
        return tuple(found)

    def _values(self, cut: Cut) -> dict[str, str]:
        values = {"show": plain_word(self._show.title), "cut": cut.number, "sheet": "BG"}
        return {**values, **{name: plain_word(getattr(cut, name)) for name in FREE_FIELDS if getattr(cut, name)}}


def shot_data(show: Show, cut: Cut, shot: Shot | None, changes: tuple[Difference, ...]) -> Plain:
    """Free fields of a shot that are written: which cut it is, its frames, its rate, its place and light.

    Frames are counted from 1, as on a time sheet; a shot that begins at another number keeps that.
    """
    data: Plain = {CUT_KEY: cut.number, SHOW_KEY: show.title}
    if shot is None:
        data["fps"] = str(fps_of(show))
    data |= {one.name: one.here or "" for one in changes if one.name in FREE_FIELDS}
    if any(one.name == "frames" for one in changes) and cut.frames is not None:
        first = shot.data.get("frame_in") if shot else None
        start = int(first) if isinstance(first, int) or (isinstance(first, str) and first.isdecimal()) else 1
        data |= {"frame_in": start, "frame_out": start + cut.frames - 1}
    return data


def _sequence(
    show: Show, production: Production, order: PushOrder, findings: list[Finding], *, needed: bool
) -> tuple[Sequence | None, str]:
    """Where new shots come."""
    if not needed:
        return None, ""
    if production.project.is_series and not order.naming.episode:
        known = ", ".join(list(production.episodes)[:6]) or "none yet"
        findings.append(error(f"{production.project.name} is a series: name the --episode (there are: {known})"))
        return None, ""
    there = [one for one in production.sequences if not order.naming.episode or one.episode == order.naming.episode]
    if not order.naming.sequence and len(there) == 1:
        return there[0], there[0].name
    name = order.naming.sequence or plain_word(show.title)
    return next((one for one in there if one.name.casefold() == name.casefold()), None), name
