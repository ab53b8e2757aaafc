"""What a user asks for one layout: checked as a whole before anything is written, then entered into a show."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as changed
from pathlib import Path

from genzu.core.credit import Contribution, Role
from genzu.core.cut import LARGEST_SEED, Cut, FileRef
from genzu.core.geometry import Extent
from genzu.engines import registry
from genzu.errors import BadInput
from genzu.steps.check import check_order
from genzu.store.show import Show


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The options that ``genzu paint`` and ``genzu add`` share."""

    layout: Path
    prompt: str
    seed: int
    engine: str
    size: Extent | None
    materials: Path | None
    marks: Path | None
    board: Path | None
    layout_by: str | None
    board_by: str | None

    def check(self, *, candidates: int = 1) -> None:
        """Raise for the first thing that cannot be used."""
        if not 0 <= self.seed <= LARGEST_SEED - candidates:
            raise BadInput(f"seed {self.seed} is out of range", do="use 0 to 2**63 - 1")
        registry.engine(self.engine)
        check_order(self.layout, size=self.size, materials=self.materials, marks=self.marks, board=self.board)

    def enter(self, show: Show, number: str, *, replace: bool) -> None:
        """Keep the files, add the cut (or change it, with ``replace``), and name the people."""

        def kept(path: Path | None) -> FileRef | None:
            return show.keep_file(path) if path is not None else None

        layout = show.keep_file(self.layout)
        # What a cut list says of the cut (length, place, camera …) is not this order's and stays.
        known = show.cut(number) if replace else Cut(number=number, layout=layout)
        cut = changed(
            known, layout=layout, prompt=self.prompt, seed=self.seed, engine=self.engine, size=self.size,
            materials=kept(self.materials), marks=kept(self.marks), board=kept(self.board),
        )  # fmt: skip
        (show.update_cut if replace else show.add_cut)(cut)
        for name, role in ((self.layout_by, Role.LAYOUT), (self.board_by, Role.BOARD)):
            if name:
                show.credit(Contribution(name=name, role=role, cut=number))
