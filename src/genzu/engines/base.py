"""What an engine is: it turns a request into a picture for one stage and says honestly what it can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from genzu.core.geometry import Extent
from genzu.core.model_facts import ModelFacts
from genzu.core.scene import Conditions
from genzu.core.take import Stage
from genzu.picture.arrays import Float32, LineArt, Reading, UInt8

Progress = Callable[[float], None]
"""Called with the share done, 0–1."""


def no_progress(_share: float) -> None:
    """A progress that nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Facts about an engine that shared code relies on."""

    stages: tuple[Stage, ...]
    """Stages that it paints: ``ROUGH``, ``PAINTING`` or both."""
    size_multiple: int = 1
    """Width and height must be multiples of this (always ≥ 1); shared code pads and crops."""
    largest_side: int | None = None
    """Longest side that it takes in one piece, in px; ``None`` = any."""
    needs_gpu: bool = False
    exactness: Literal["bit-exact", "close"] = "bit-exact"
    """What the same recipe gives again on the same kind of machine."""
    reads_text: bool = False
    """True if it understands free prompt text beyond the lexicon."""
    reads_board: bool = False
    """True if it takes colours from a board."""
    learned: bool = True
    """False only if nothing in it was trained on anything."""
    training: str = "what it was trained on is not stated"
    """What it learned from, as the staff roll says it after the engine's name."""
    models: tuple[ModelFacts, ...] = ()
    """Weights that it did not bring itself: their names, authors and licences go into the ledger with every take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintRequest:
    """Everything that a picture of one stage is made from. Nothing else may decide its pixels."""

    stage: Stage
    lines: LineArt
    reading: Reading
    conditions: Conditions
    prompt: str
    seed: int
    """0 … 2**63 − 1."""
    board: UInt8 | None = None
    """(h, w, 3) sRGB of any size."""
    rough: UInt8 | None = None
    """(H, W, 3) sRGB; given for the painting stage, ``None`` for the rough."""

    @property
    def extent(self) -> Extent:
        """Size of the picture to paint."""
        return self.lines.extent


class Engine(Protocol):
    """The contract; ``tests/engines/contract.py`` holds every engine to it."""

    @property
    def name(self) -> str:
        """Name in the registry and in recipes."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same request would give other pixels."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    def paint(self, request: PaintRequest, progress: Progress = no_progress) -> UInt8:
        """Paint: (H, W, 3) sRGB uint8 of the request's size."""
        ...


@runtime_checkable
class CallsModels(Protocol):
    """An engine whose prompt can call further weights by name: ``<lora:stem:0.5>``."""

    def models_in(self, prompt: str) -> tuple[ModelFacts, ...]:
        """What a prompt calls, beside ``capabilities.models``, with hashes: they enter recipe and ledger.

        Alternatives in the prompt are already chosen.

        Raises ``NotFound`` for a name that is not there.
        """
        ...


@runtime_checkable
class WarmsUp(Protocol):
    """An engine whose first picture in a process takes longer than the next ones, unless it is told before."""

    def warm(self) -> None:
        """Make ready what every picture needs; harmless beside other work, never called beside ``paint``."""
        ...


@runtime_checkable
class Reports(Protocol):
    """An engine that has something to tell about its last picture."""

    def report(self) -> Mapping[str, Any]:
        """Plain JSON values: tries, tiles, what was given up for want of memory. They stand with the take."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """What a material reader sees."""

    lines: LineArt
    conditions: Conditions
    marks: UInt8 | None = None
    """(H, W) sparse marks by a person: value = ``Material`` index, 255 = no mark."""


class MaterialReader(Protocol):
    """From lines to materials. The seam where the reading network enters."""

    @property
    def name(self) -> str:
        """Name in the registry and in recipes."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same request would give other votes."""
        ...

    def votes(self, request: ReadRequest) -> Float32:
        """(h, w, 17) float32 ≥ 0, sums to 1 along the last axis; any h, w that keep the proportions."""
        ...
