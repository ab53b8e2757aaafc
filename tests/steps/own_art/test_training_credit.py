from __future__ import annotations

from pathlib import Path

import numpy as np

from genzu.core.credit import Hand
from genzu.core.cut import Cut
from genzu.core.geometry import Extent
from genzu.core.model_facts import ModelFacts
from genzu.core.own_art import TrainingFile, TrainingRun
from genzu.core.recipe import Recipe
from genzu.core.scene import Conditions
from genzu.core.take import NewTake, Stage
from genzu.steps.own_art.credit import training_credit, training_credits
from genzu.steps.staff_roll import staff_roll
from genzu.store.show import Show


def run() -> TrainingRun:
    files = [("Studio Aoi", "own work"), ("David Revoy", "CC-BY-4.0"), ("Studio Aoi", "own work")]
    return TrainingRun(
        lora="a" * 64, name="s.safetensors", title="港町", author="Mori", licence="", family="sd15", base="base",
        trigger="", created="2026-01-01T00:00:00Z",
        files=tuple(
            TrainingFile(file=f"{n}.png", sha=f"{n:064x}", width=8, height=8, owner=owner, licence=licence)
            for n, (owner, licence) in enumerate(files)
        ),
    )  # fmt: skip


def test_every_owner_is_named_with_licence_and_number() -> None:
    credit = training_credit(run())
    assert credit.text == (
        "港町 (trained by Mori): Studio Aoi (2 paintings, own work); David Revoy (1 painting, CC-BY-4.0)"
    )
    assert credit.to_dict()["owners"][1] == {"owner": "David Revoy", "licence": "CC-BY-4.0", "paintings": 1}


def test_a_show_credits_the_styles_that_it_used_and_knows(tmp_path: Path) -> None:
    used = [
        ModelFacts(kind="model", title="base", sha256="b" * 64), ModelFacts(kind="lora", title="x", sha256="a" * 64),
        ModelFacts(kind="lora", title="x again", sha256="a" * 64), ModelFacts(kind="lora", title="no hash"),
    ]  # fmt: skip
    with Show.create(tmp_path / "show", "犬と少年") as show:
        assert training_credits(show, used) == ()
        show.record_training(run())
        assert training_credits(show, used) == (training_credit(run()),)
        assert training_credits(show, used[:1]) == ()


def test_the_staff_roll_names_the_owners_of_what_a_style_learned_from(tmp_path: Path) -> None:
    with Show.create(tmp_path / "show", "犬と少年") as show:
        layout = tmp_path / "layout.png"
        layout.write_text("a layout")
        show.add_cut(Cut(number="001", layout=show.keep_file(layout)))
        show.add_cut(Cut(number="002", layout=show.keep_file(layout)))
        lora = ModelFacts(kind="lora", title="港町", author="Mori", sha256="a" * 64, weight=0.8)
        said = {"engine": {"training": "as stated", "learned": True, "models": [lora.to_dict()]}}
        for cut, measures in (("001", said), ("002", {})):
            recipe = Recipe(
                stage=Stage.PAINTING, engine=f"diffusers:{cut}", engine_version="1", extent=Extent(12, 8), seed=0,
                prompt="", conditions=Conditions(), layout="b" * 64, reading="geometry/1", intake="1",
            )  # fmt: skip
            picture = show.keep_picture(np.zeros((8, 12, 3), np.uint8))
            show.record(
                NewTake(
                    cut=cut, sheet="BG", stage=Stage.PAINTING, picture=picture, hand=Hand.AI, recipe=recipe,
                    measures=measures,
                )
            )  # fmt: skip
        assert "Training Art" not in staff_roll(show).text
        show.record_training(run())
        line = f"Training Art (学習素材): {training_credit(run()).text}"
        assert line in staff_roll(show).text and line in staff_roll(show, cut="001").text
        assert "Training Art" not in staff_roll(show, cut="002").text
        assert staff_roll(show).to_dict()["training_art"] == [training_credit(run()).to_dict()]
