"""What a show remembers of its Kitsu: which production on which server, and how its shots are named. No login."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from genzu.core.naming import Template
from genzu.steps.kitsu_link import Naming
from genzu.store.show import Show
from genzu.store.tracker import TrackerNews

SETTING = "kitsu"
TASK_TYPE = "Background"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """As it was said at the last push or pull."""

    host: str = ""
    project: str = ""
    """Its id: a production that is renamed stays the same."""
    shots: str = "{cut}"
    task_type: str = TASK_TYPE
    sequence: str = ""
    episode: str = ""

    @property
    def naming(self) -> Naming:
        """How the show's shots are told from others."""
        return Naming(shots=Template(self.shots), sequence=self.sequence, episode=self.episode)


def remembered(show: Show) -> Memory:
    """What the ledger knows; what is damaged or of a later Genzu is not known."""
    try:
        said = json.loads(show.setting(SETTING) or "{}")
        return Memory(**{name: str(value) for name, value in said.items()})
    except (ValueError, TypeError, AttributeError):
        return Memory()


def remember(show: Show, memory: Memory) -> None:
    """Keep it; the same again changes nothing."""
    if memory != remembered(show):
        show.enter_news(TrackerNews(settings={SETTING: json.dumps(asdict(memory), sort_keys=True)}))
