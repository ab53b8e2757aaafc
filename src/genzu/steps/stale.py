"""What of a show is up to date, and why not what is not: compared from the ledger, nothing is decoded or read.

A sheet is up to date if the ledger holds the painting of the very recipe that would be asked for now. What is in a
layout's file is remembered from its last intake by the file's SHA-256.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from genzu.core.cut import Cut
from genzu.core.geometry import Extent
from genzu.core.lexicon import PromptReading, read_prompt
from genzu.core.recipe import Recipe
from genzu.core.take import Stage
from genzu.engines import registry
from genzu.engines.base import Engine
from genzu.errors import GenzuError
from genzu.steps.asked import all_as_asked
from genzu.steps.files_there import why_written
from genzu.steps.intake import INTAKE_VERSION
from genzu.steps.recipes import EngineName, SheetAsked, reading_name
from genzu.steps.why import REPAINTED, differences, in_words
from genzu.store.build import SeenLayout, Standing, TakeLine
from genzu.store.show import Show

Sheet = tuple[str, str]
"""Cut and sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetState:
    """Where one sheet of a cut stands."""

    sheet: str
    why: tuple[str, ...] = ()
    """Why it is stale, in words for a production assistant; empty if it is painted as it is asked for."""
    paintings: tuple[TakeLine, ...] = ()
    """What is painted as asked, the chosen hand first."""
    takes: Mapping[str, int] = field(default_factory=dict)
    """Number of takes by stage."""
    retouch: TakeLine | None = None
    """The newest touch-up by a person."""
    retouch_is_old: bool = False
    """True if that was painted over a picture that would be painted otherwise now."""
    approved: TakeLine | None = None
    sent_back: str = ""
    """Why somebody sent it back, while nothing answers that. By itself it makes nothing stale: the same recipe would
    give the same picture."""

    @property
    def warning(self) -> str:
        """What nobody may overlook; empty if there is nothing."""
        if self.retouch is None or not self.retouch_is_old:
            return ""
        return (
            f"a person's retouch is on an older painting (retouch {self.retouch.number} by {self.retouch.by}); "
            "it stays as it is: look whether it must be painted over again"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CutState:
    """Where one cut stands."""

    cut: Cut
    """As it is asked for."""
    source: str
    """The cut whose background it shows: its own number, or another's (兼用)."""
    sheets: tuple[SheetState, ...]
    extent: Extent | None
    """Size of its sheets; ``None`` while nobody has looked at the layout."""
    files: str = ""
    """Why the files that people work with must be written again; empty if they are there."""

    @property
    def number(self) -> str:
        """The cut's number."""
        return self.cut.number

    @property
    def shared(self) -> bool:
        """True if it shows another cut's background, which is painted there."""
        return self.source != self.number

    @property
    def stale(self) -> bool:
        """True if something must be painted."""
        return any(sheet.why for sheet in self.sheets)

    @property
    def why(self) -> str:
        """All reasons in one line; what holds for all sheets stands once."""
        reasons = [reason for sheet in self.sheets for reason in sheet.why]
        common = [reason for reason in dict.fromkeys(reasons) if all(reason in sheet.why for sheet in self.sheets)]
        own = [f"{sheet.sheet}: {reason}" for sheet in self.sheets for reason in sheet.why if reason not in common]
        return "; ".join((*common, *own))


def state_of_cuts(
    show: Show,
    *,
    candidates: int = 1,
    only: str | None = None,
) -> tuple[CutState, ...]:
    """Compare what is asked for with what is painted: every cut in the order of the film, or ``only`` one.

    ``candidates``: how many hands are wanted of each sheet.
    """
    standing = show.build.standing(only)
    asked = all_as_asked(standing.cuts, standing.places)
    compare = _Comparison(show, standing, candidates, _sent_back(show))
    return tuple(compare.cut(source, cut) for number, (source, cut) in asked.items() if only is None or number == only)


def _sent_back(show: Show) -> dict[Sheet, str]:
    """Sheets that somebody sent back and nothing answers yet, and why."""
    return {(one.cut, one.sheet): f"“{one.reason}” by {one.by}" for one in show.retakes(open_only=True)}


class _Comparison:
    """One look at the whole show."""

    def __init__(self, show: Show, standing: Standing, candidates: int, sent_back: Mapping[Sheet, str]) -> None:
        self._show, self._standing, self._candidates, self._sent_back = show, standing, candidates, sent_back
        self._reading = reading_name(registry.reader(registry.reader_names()[0]))
        self._engines: dict[str, Engine] = {}
        self._cuts = {cut.number: cut for cut in standing.cuts}
        self._sources = {seen.source for seen in standing.seen.values()}
        self._seen_files = {file for file, _, _ in standing.seen}
        self._of_sheet: dict[Sheet, list[TakeLine]] = {}
        self._by_id = {take.id: take for take in standing.takes}
        for take in standing.takes:
            self._of_sheet.setdefault((take.cut, take.sheet), []).append(take)
        self._sheets_of: dict[str, list[str]] = {}
        for cut, sheet in self._of_sheet:
            self._sheets_of.setdefault(cut, []).append(sheet)

    def cut(self, source: str, cut: Cut) -> CutState:
        """One cut. What another cut's background is painted from is told there, not here."""
        if source != cut.number:
            sheets = tuple(self._sheet(cut.number, name, (), ()) for name in self._sheets_of.get(cut.number, ()))
            return CutState(cut=cut, source=source, sheets=sheets, extent=None)
        seen = self._seen(cut)
        words = read_prompt(cut.prompt, cut.seed)
        if seen is None:
            names = tuple(self._sheets_of.get(cut.number, ())) or ("BG",)
            sheets = tuple(self._unseen(cut, name, words) for name in names)
            return CutState(cut=cut, source=source, sheets=sheets, extent=cut.size)
        asked = SheetAsked(
            cut=cut, sheet="BG", extent=seen.extent, source=seen.source, words=words, reading=self._reading
        )
        sheets = tuple(self._compared(replace(asked, sheet=name)) for name in seen.sheets)
        state = CutState(cut=cut, source=source, sheets=sheets, extent=seen.extent)
        return state if state.stale else replace(state, files=self._files(state))

    def _seen(self, cut: Cut) -> SeenLayout | None:
        return self._standing.seen.get((cut.layout.sha, INTAKE_VERSION, str(cut.size) if cut.size else ""))

    def _engine_for(self, cut: Cut, seed: int) -> EngineName | None:
        """The engine that a cut asks for, as recipes name it.

        One that cannot be had on this machine stands in the version in which it painted this cut last: nobody here
        can say that it is newer. ``None`` if it never did.
        """
        try:
            if cut.engine not in self._engines:
                self._engines[cut.engine] = registry.engine(cut.engine)
            return EngineName.of(self._engines[cut.engine], cut.prompt, seed)
        except GenzuError:
            takes = (take for take in reversed(self._standing.takes) if take.cut == cut.number and take.recipe_digest)
            recipes = (recipe for take in takes if (recipe := take.recipe) and recipe.engine == cut.engine)
            last = next(recipes, None)
            return EngineName(last.engine, last.engine_version) if last else None

    def _compared(self, asked: SheetAsked) -> SheetState:
        key, cut = (asked.cut.number, asked.sheet), asked.cut
        made = {(take.stage, take.recipe_digest): take for take in self._of_sheet.get(key, ()) if take.recipe_digest}
        hands = [self._hand(asked, cut.seed + k, made) for k in range(self._candidates)]
        reasons: list[str] = []
        missing = sum(take is None for _, take, _ in hands)
        wanted, first, _ = hands[0]
        if any(lost for _, _, lost in hands):
            reasons.append("painting is missing on disk")
        elif first is None:
            reasons += self._against(cut, asked.sheet, wanted)
        elif missing:
            reasons.append(f"{missing} of {len(hands)} candidates are not painted")
        paintings = tuple(take for _, take, _ in hands if take is not None)
        return self._sheet(cut.number, asked.sheet, tuple(reasons), paintings, asked)

    def _hand(
        self, asked: SheetAsked, seed: int, made: Mapping[tuple[str, str], TakeLine]
    ) -> tuple[Recipe | None, TakeLine | None, bool]:
        """The recipe of one hand's painting, the take if it is painted, and whether a picture of it is lost."""
        engine = self._engine_for(asked.cut, seed)
        if engine is None:
            return None, None, False
        rough = made.get((Stage.ROUGH, asked.recipe(Stage.ROUGH, seed, engine).digest))
        wanted = asked.recipe(Stage.PAINTING, seed, engine, rough.picture if rough else None)
        painting = made.get((Stage.PAINTING, wanted.digest)) if rough else None
        lost = any(take and not self._show.has_picture(take.picture) for take in (rough, painting))
        return wanted, painting, lost

    def _against(self, cut: Cut, sheet: str, wanted: Recipe | None) -> tuple[str, ...]:
        """How what is wanted differs from what was painted last."""
        made = self._whole(cut.number, sheet)
        painted = [(take, recipe) for take, recipe in made if take.stage == Stage.PAINTING]
        if wanted is None:
            return (f"its engine {cut.engine} is not on this machine",)
        if not painted:
            return ("only its rough is painted",) if made else ("never painted",)
        nearest = _last_painted(painted, wanted)
        own = self._cuts[cut.number]
        own_words = ", ".join(word for word in (own.season, own.time, own.weather, own.prompt) if word)
        return in_words(own, own_words, nearest, wanted)

    def _whole(self, cut: str, sheet: str) -> list[tuple[TakeLine, Recipe]]:
        """Machine takes that are no repaint of a part."""
        takes = (take for take in self._of_sheet.get((cut, sheet), ()) if take.recipe_digest)
        return [(take, recipe) for take in takes if (recipe := take.recipe) is not None and recipe.base is None]

    def _unseen(self, cut: Cut, name: str, words: PromptReading) -> SheetState:
        """Nobody has taken this file in yet: compare with what was painted from the layout before."""
        newest = next((recipe for _, recipe in reversed(self._whole(cut.number, name))), None)
        if newest is None:
            return self._sheet(cut.number, name, ("never painted",), ())
        asked = SheetAsked(
            cut=cut, sheet=name, extent=cut.size or newest.extent, source=newest.layout, words=words,
            reading=self._reading,
        )  # fmt: skip
        engine = self._engine_for(cut, cut.seed)
        wanted = asked.recipe(Stage.PAINTING, cut.seed, engine, newest.rough) if engine else None
        reasons = [reason for reason in self._against(cut, name, wanted) if reason != REPAINTED]
        if newest.layout in self._sources and cut.layout.sha not in self._seen_files:
            reasons.insert(0, "the layout changed")
        reasons = reasons or ["its layout must be looked at once; nothing is painted if all is as it was"]
        return self._sheet(cut.number, name, tuple(reasons), ())

    def _sheet(
        self, cut: str, name: str, why: tuple[str, ...], paintings: tuple[TakeLine, ...],
        asked: SheetAsked | None = None,
    ) -> SheetState:  # fmt: skip
        takes = self._of_sheet.get((cut, name), ())
        stages = [take.stage for take in takes]
        retouch = next((take for take in reversed(takes) if take.stage == Stage.RETOUCH), None)
        approved = self._standing.approved.get((cut, name))
        sent_back = self._sent_back.get((cut, name), "")
        return SheetState(
            sheet=name,
            why=(f"sent back ({sent_back})", *why) if why and sent_back else why,
            paintings=paintings,
            takes={stage.value: stages.count(stage.value) for stage in Stage},
            retouch=retouch,
            retouch_is_old=retouch is not None and bool(why or asked) and self._is_old(retouch, asked),
            approved=self._by_id.get(approved) if approved else None,
            sent_back=sent_back,
        )

    def _is_old(self, retouch: TakeLine, asked: SheetAsked | None) -> bool:
        """True if no painting below a touch-up is one that would be painted now (by any hand, or as a variant)."""
        for take in self._below(retouch) if asked else ():
            recipe = take.recipe if take.stage == Stage.PAINTING else None
            engine = self._engine_for(asked.cut, recipe.seed) if asked and recipe and recipe.base is None else None
            if asked and recipe and engine:
                free = {"seed", "rough"} | ({"prompt", "conditions", "read_under"} if recipe.read_under else set())
                if not differences(recipe, asked.recipe(Stage.PAINTING, recipe.seed, engine)) - free:
                    return False
        return True

    def _below(self, take: TakeLine) -> Iterable[TakeLine]:
        waiting, seen = [take.id], set[int]()
        while waiting:
            one = waiting.pop()
            if one not in seen and one in self._by_id:
                seen.add(one)
                waiting += self._standing.parents.get(one, ())
                yield self._by_id[one]

    def _files(self, state: CutState) -> str:
        """Why the files of a painted cut must be written again."""
        sheets = [
            (sheet.sheet, [take.picture for take in sheet.paintings], sheet.retouch is not None)
            for sheet in state.sheets
        ]
        return why_written(
            self._show, self._standing, state.number, sheets, out=self._show.folder / state.number, stem=state.number
        )


_OF_ONE_RUN = {"seed", "rough", "conditions", "read_under"}
"""In which candidates of one run differ from each other."""


def _last_painted(painted: Sequence[tuple[TakeLine, Recipe]], wanted: Recipe) -> Recipe:
    """The newest painting that is no variant; of several candidates of one run the one that comes nearest."""
    recipes = [recipe for _, recipe in painted]
    newest = next((recipe for recipe in reversed(recipes) if recipe.read_under is None), recipes[-1])
    run = [recipe for recipe in reversed(recipes) if differences(newest, recipe) <= _OF_ONE_RUN]
    return min(run, key=lambda recipe: len(differences(recipe, wanted)))


def limited(states: Collection[CutState], numbers: Collection[str] | None) -> tuple[CutState, ...]:
    """Those cuts that are asked for, and those whose background they show."""
    if numbers is None:
        return tuple(states)
    wanted = set(numbers) | {state.source for state in states if state.number in set(numbers)}
    return tuple(state for state in states if state.number in wanted)
