"""The six layouts that Genzu brings along: ``python -m training.demo_layouts --out src/genzu/data/demo``.

Writes, for each cut, the layout in the few tones of ``packed.py`` and its materials (value = Material index, 0 = sky …
16 = glow), both as lossless WebP, and ``demo.json`` with the prompts and the names that they get when unpacked.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.hand import Hand
from training.packed import pack, sheet
from training.render import render
from training.scenes import draw

SIZE = (1920, 1080)
LAYOUT_BY = "Genzu layout generator"
LICENCE = "CC0-1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLayout:
    """One cut of the demo."""

    number: str
    kind: str
    seed: int
    """Chosen by eye from contact sheets."""
    prompt: str
    prompt_ja: str
    hand: Hand

    def files(self) -> dict[str, str]:
        """Names of what is written."""
        return {"layout": f"{self.number}_{self.kind}.png", "materials": f"{self.number}_{self.kind}.materials.png"}

    def record(self) -> dict[str, Any]:
        """The entry in demo.json."""
        return {
            "cut": self.number,
            **self.files(),
            "prompt": self.prompt,
            "prompt_ja": self.prompt_ja,
            "seed": self.seed,
            "layout_by": LAYOUT_BY,
        }


DEMO = (
    DemoLayout(
        number="001", kind="port_town", seed=2, prompt="port town, summer, morning", prompt_ja="港町、夏、朝",
        hand=Hand(seed=11, width=2.6),
    ),
    DemoLayout(
        number="002", kind="autumn_station", seed=5, prompt="autumn station, dusk", prompt_ja="秋の駅、夕方",
        hand=Hand(seed=12, width=2.8),
    ),
    DemoLayout(
        number="003", kind="snow_village", seed=8, prompt="snow village, winter, morning",
        prompt_ja="雪の村、冬、朝", hand=Hand(seed=13, width=3.0, double=0.24),
    ),
    DemoLayout(
        number="004", kind="forest", seed=9, prompt="forest, summer, noon", prompt_ja="森、夏、昼",
        hand=Hand(seed=14, width=2.7, wobble=1.2),
    ),
    DemoLayout(
        number="005", kind="city_fireworks", seed=3, prompt="city with fireworks, summer, night",
        prompt_ja="都会、夏、夜、花火", hand=Hand(seed=15, width=2.4, overshoot=7, tooth=0.38),
    ),
    DemoLayout(
        number="006", kind="ruins", seed=9, prompt="ruins, spring, after rain", prompt_ja="廃墟、春、雨上がり",
        hand=Hand(seed=16, width=2.7, double=0.22),
    ),
)  # fmt: skip


def make(layout: DemoLayout, *, size: tuple[int, int] = SIZE) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The sheet (H, W, 3) and its materials (H, W)."""
    inked = render(draw(layout.kind, layout.seed), layout.hand, size=size)
    return sheet(inked), inked.materials


def write(out: Path) -> None:
    """Write all six, and demo.json."""
    out.mkdir(parents=True, exist_ok=True)
    for layout in DEMO:
        drawn, materials = make(layout)
        names = layout.files()
        pack(drawn, out / Path(names["layout"]).with_suffix(".webp"))
        pack(materials, out / Path(names["materials"]).with_suffix(".webp"))
    text = {
        "layouts": [layout.record() for layout in DEMO],
        "size": list(SIZE),
        "licence": LICENCE,
        "made_with": "python -m training.demo_layouts",
    }
    (out / "demo.json").write_text(json.dumps(text, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path("src/genzu/data/demo"))
    write(parser.parse_args().out)


if __name__ == "__main__":
    main()
