from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core.codec import canonical
from genzu.core.geometry import Extent
from genzu.core.recipe import Recipe, conditions_from_dict, conditions_to_dict
from genzu.core.scene import Conditions, Extra, Place, Season, Side, Time, Weather
from genzu.core.take import Stage
from genzu.errors import BadRecord

SHA = st.text("0123456789abcdef", min_size=64, max_size=64)
CONDITIONS = st.builds(
    Conditions,
    place=st.none() | st.sampled_from(Place),
    season=st.none() | st.sampled_from(Season),
    time=st.none() | st.sampled_from(Time),
    weather=st.none() | st.sampled_from(Weather),
    light=st.sampled_from([None, *Side]),
    extras=st.lists(st.sampled_from(Extra), unique=True).map(tuple),
)
RECIPES = st.builds(
    Recipe,
    stage=st.sampled_from([Stage.ROUGH, Stage.PAINTING]),
    engine=st.sampled_from(["embedded", "fake"]),
    engine_version=st.text(max_size=5),
    extent=st.builds(Extent, st.integers(1, 30_000), st.integers(1, 30_000)),
    seed=st.integers(0, 2**63 - 1),
    prompt=st.text(max_size=20),
    conditions=CONDITIONS,
    layout=SHA,
    reading=st.just("geometry/1"),
    intake=st.just("1"),
    sheet=st.sampled_from(["BG", "BOOK1"]),
    materials=st.none() | SHA,
    marks=st.none() | SHA,
    board=st.none() | SHA,
    rough=st.none() | SHA,
    read_under=st.none() | CONDITIONS,
).flatmap(lambda recipe: st.just(recipe) | st.builds(replace, st.just(recipe), base=SHA, mask=SHA))
ONE = Recipe(
    stage=Stage.ROUGH, engine="embedded", engine_version="1", extent=Extent(96, 64), seed=7, prompt="港町、秋",
    conditions=Conditions(place=Place.PORT_TOWN, season=Season.AUTUMN), layout="a" * 64, reading="geometry/1",
    intake="1",
)  # fmt: skip


@given(RECIPES)
def test_a_recipe_comes_back_from_its_json(recipe: Recipe) -> None:
    again = Recipe.from_dict(json.loads(canonical(recipe.to_dict())))
    assert again == recipe
    assert again.digest == recipe.digest
    assert None not in recipe.to_dict().values()


@given(CONDITIONS)
def test_conditions_come_back_from_their_json(conditions: Conditions) -> None:
    assert conditions_from_dict(json.loads(json.dumps(conditions_to_dict(conditions)))) == conditions


@given(RECIPES, RECIPES)
def test_digests_agree_exactly_when_recipes_do(first: Recipe, second: Recipe) -> None:
    assert (first.digest == second.digest) == (first == second)


def test_every_field_is_in_the_digest() -> None:
    other = {
        "stage": Stage.PAINTING, "extent": Extent(97, 64), "seed": 8, "conditions": Conditions(),
        "read_under": Conditions(season=Season.WINTER),
    }  # fmt: skip
    repainted = replace(ONE, base="b" * 64, mask="c" * 64)
    for field in fields(Recipe):
        before = repainted if field.name in ("base", "mask") else ONE
        changed = replace(before, **{field.name: other.get(field.name, "other")})
        assert changed.digest != before.digest, field.name
    assert repainted.digest != ONE.digest


@pytest.mark.parametrize("half", ["base", "mask"])
def test_a_repaint_has_a_base_and_a_mask(half: str) -> None:
    with pytest.raises(BadRecord, match="a repaint has a base and a mask"):
        replace(ONE, **{half: "b" * 64})


def test_the_digest_is_the_same_for_ever() -> None:
    assert ONE.digest == "961c3a2545855715f39d023bcecbb36ad2187d97d274378b55d3a843400f3839", (
        "recipes in people's shows would no longer be found: raise RECIPE_VERSION"
    )


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"version": 2}, "version"),
        ({"version": None}, "version"),
        ({"stage": "pencil"}, "stage"),
        ({"stage": None}, "stage"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**63}, "seed"),
        ({"seed": 1.0}, "seed"),
        ({"width": 0}, "width"),
        ({"width": None, "height": None}, "width"),
        ({"height": None}, "height"),
        ({"prompt": "caf\udce9"}, "prompt"),
        ({"conditions": []}, "conditions"),
        ({"conditions": {"season": "fall"}}, "conditions.season"),
        ({"conditions": {"extras": ["moon", "cheese"]}}, "conditions.extras[1]"),
        ({"conditions": {"mood": "sad"}}, "conditions.mood"),
        ({"materials": 5}, "materials"),
        ({"colour": "red"}, "colour"),
    ],
)
@pytest.mark.parametrize("path", ["recipe", "cuts[12].takes[3].recipe"])
def test_what_is_wrong_is_named_by_its_path(change: dict[str, object], where: str, path: str) -> None:
    with pytest.raises(BadRecord) as caught:
        Recipe.from_dict({**ONE.to_dict(), **change}, path)
    assert caught.value.where == f"{path}.{where}"


def test_a_seed_that_does_not_fit_is_refused_at_once() -> None:
    with pytest.raises(BadRecord, match=r"recipe\.seed: -1 is out of range"):
        replace(ONE, seed=-1)
    with pytest.raises(BadRecord, match=r"recipe\.prompt: it is not text"):
        replace(ONE, prompt="\udce9")
