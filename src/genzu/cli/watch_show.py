"""``genzu paint --all --watch``: whatever changes in the show, or in the files that its cuts came from, is painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter, sleep

from genzu.cli.build_show import ShowOrder, planned_for, report, run_build
from genzu.cli.common import say
from genzu.cli.progress import errors
from genzu.core.cut import Cut
from genzu.errors import BadInput, GenzuError, NotFound
from genzu.steps.build import Plan
from genzu.steps.follow import Follower
from genzu.store.show import Show

_EVERY_S = 1.0


def watch_show(folder: Path, asked: ShowOrder, folders: Sequence[Path]) -> None:
    """Paint what is stale, and again whenever something changes, until Ctrl-C."""
    for one in folders:
        if not one.is_dir():
            raise NotFound("this folder is not there", where=one, do="check its name")
    if asked.dry_run:
        raise BadInput("--dry-run paints nothing and --watch goes on painting", do="leave one of them out")
    round_ = _Rounds(folder, asked, Follower(folders))
    try:
        with Show.open(folder) as show:
            round_.begin(show)
            while True:
                round_.once(show)
                sleep(_EVERY_S)
    except KeyboardInterrupt:
        errors.print("Watching ended. What was finished is kept.", markup=False)


class _Rounds:
    def __init__(self, folder: Path, asked: ShowOrder, follower: Follower) -> None:
        self._folder, self._asked, self._follower = folder, asked, follower
        self._event = -1
        self._failed: dict[str, Cut] = {}
        """Cuts that could not be painted, as they were asked for: not tried again before they are asked otherwise."""
        self._said = ""

    def begin(self, show: Show) -> None:
        self._tell([arrival.sentence for arrival in self._follower.look(show)])
        places = ", ".join(str(path) for path in self._follower.folders[:4]) or "the show"
        self._tell([f"Watching {self._follower.files} files in {places}. Ctrl-C ends."])

    def once(self, show: Show) -> None:
        """Look, and paint if anything has changed. What goes wrong is told, once, and looked at again."""
        try:
            self._tell([arrival.sentence for arrival in self._follower.look(show)])
            if show.build.last_event() == self._event:
                return
            plan = self._fresh(planned_for(show, self._asked))
            if plan.planned:
                begin = perf_counter()
                results = run_build(self._folder, plan, self._asked)
                cuts = {one.order.number: one.state.cut for one in plan.planned}
                self._failed |= {result.number: cuts[result.number] for result in results if result.error}
                report(plan, results, perf_counter() - begin, as_json=self._asked.as_json)
            self._event = show.build.last_event()
            self._said = ""
        except GenzuError as error:
            if error.sentence != self._said:
                self._said = error.sentence
                self._tell([error.sentence])

    def _fresh(self, plan: Plan) -> Plan:
        planned = [one for one in plan.planned if self._failed.get(one.order.number) != one.state.cut]
        return replace(plan, planned=tuple(planned))

    def _tell(self, lines: Sequence[str]) -> None:
        for line in lines:
            if self._asked.as_json:
                errors.print(line, markup=False)
            else:
                say(line)
