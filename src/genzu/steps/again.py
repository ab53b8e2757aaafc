"""A picture is painted again from its passport: inputs are found by their hashes, and the pixels are compared.

With the same versions of engine, reader and intake the pixels come out identical (bit for bit where the engine promises
that). Otherwise it is said what differs. Nothing is looked for by a path that stands in a file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from genzu.core.codec import Plain
from genzu.core.credit import Hand
from genzu.core.cut import Cut, FileRef
from genzu.core.lexicon import read_prompt
from genzu.core.passport import Made, Passport
from genzu.core.recipe import Recipe
from genzu.core.scene import Conditions
from genzu.core.take import NewTake, Stage, Take
from genzu.engines import registry
from genzu.errors import BadInput, NotFound, PictureTooLarge, Refused
from genzu.picture.arrays import Reading, UInt8
from genzu.picture.compare import Pixels, compare
from genzu.picture.files import to_uint8, write_png
from genzu.picture.headers import LARGEST_AREA, LARGEST_SIDE
from genzu.steps.engine_facts import version_for
from genzu.steps.given import Given, Inputs
from genzu.steps.inscription import inscription
from genzu.steps.intake import INTAKE_VERSION, TakenIn, take_in
from genzu.steps.journey import layout_take
from genzu.steps.making import SheetAtWork
from genzu.steps.painting import paint_painting
from genzu.steps.reading import READING_VERSION
from genzu.steps.region import Strength
from genzu.steps.repaint import make_region
from genzu.steps.rough import paint_rough
from genzu.steps.told import Told
from genzu.steps.watch import Watch, nobody
from genzu.store.show import Show


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What came out."""

    take: Take
    file: Path
    wanted: str
    """SHA-256 of the pixels that should come out."""
    differs: tuple[str, ...]
    """Sentences: versions that are not those of the recipe, and how far the pixels are from the first ones."""
    notes: tuple[str, ...] = ()

    @property
    def identical(self) -> bool:
        """True if every pixel is as it was."""
        return self.take.picture == self.wanted

    def to_dict(self) -> Plain:
        """For ``--json``."""
        return {
            "file": str(self.file), "identical": self.identical, "pixels_sha256": self.take.picture,
            "wanted_sha256": self.wanted, "differs": list(self.differs), "notes": list(self.notes),
        }  # fmt: skip


def paint_again(told: Told, out: Path, given: Given, *, source: Show | None = None, watch: Watch = nobody) -> Again:
    """Paint what a machine painted of a picture again, into the show ``out`` (made if absent).

    ``source`` is the show in which inputs are looked for. Raises :class:`BadInput` if the file has no recipe or a given
    file is not the one of the recipe, :class:`NotFound` for an input that is neither given nor in the show,
    :class:`Refused` if ``out`` is the show that the picture comes from.
    """
    passport = told.passport
    goal = passport.painting if passport else None
    if passport is None or goal is None or goal.recipe is None:
        raise BadInput("it holds no recipe of Genzu's, so that it cannot be painted again", where=told.file,
                       do="give a picture that Genzu wrote, or the JSON beside it")  # fmt: skip
    if source is not None and source.folder == out.resolve():
        raise Refused("this is the show that the picture comes from", where=out, do="choose another folder")
    _check_size(told.file, goal.recipe)
    inputs = Inputs(passport, given, source)
    layout, taken = inputs.layout(goal.recipe)
    if taken.extent != goal.recipe.extent:
        taken = take_in(layout, size=goal.recipe.extent)
    with Show.open_or_create(out, out.resolve().name) as show:
        work = _Painter(show, passport, goal.recipe, inputs, (layout, taken), watch)
        take = work.take(goal)
        stem = f"{told.file.stem}_again"
        picture, text = show.picture(take.picture), inscription(show, take).png()
        file = show.export(out / f"{stem}.png", lambda path: write_png(path, picture, text=text))
        differs = tuple(dict.fromkeys(work.differs))
        if take.picture != goal.pixels:
            differs += _distance(picture, inputs.first(goal, told))
    return Again(take=take, file=file, wanted=goal.pixels, differs=differs, notes=_notes(passport, goal))


def _check_size(file: Path, recipe: Recipe) -> None:
    """A recipe from anywhere may ask for any size: refuse it before anything is made of it."""
    extent = recipe.extent
    if max(extent.shape) > LARGEST_SIDE or extent.pixels > LARGEST_AREA:
        raise PictureTooLarge(
            f"its recipe asks for {extent} px", where=file,
            do=f"{LARGEST_SIDE:,} px a side or {LARGEST_AREA // 1_000_000} megapixels are taken",
        )  # fmt: skip


def _notes(passport: Passport, goal: Made) -> tuple[str, ...]:
    people = dict.fromkeys(one.by for one in passport.made if one.by and one.stage is Stage.RETOUCH)
    if goal.pixels == passport.take.pixels or not people:
        return ()
    return (f"what {', '.join(people)} painted into it is a person's work: only the painting under it is made again",)


def _distance(picture: Pixels, first: Pixels | None) -> tuple[str, ...]:
    if first is None or first.shape != picture.shape:
        return ("the pixels are not those of the recipe",)
    apart = compare(first, picture)
    largest = int(np.abs(first.astype(np.int32) - picture).max())
    count = float((first != picture).any(axis=2).mean()) if picture.ndim == 3 else 1.0
    return (
        f"{100 * count:.2f} % of the pixels are not the same, {100 * apart.changed_share:.2f} % visibly so "
        f"(largest step {largest})",
    )


class _Painter:
    """Makes the takes of a passport, each from its own recipe and each once."""

    def __init__(
        self,
        show: Show,
        passport: Passport,
        recipe: Recipe,
        inputs: Inputs,
        layout: tuple[Path, TakenIn],
        watch: Watch,
    ) -> None:
        self._show, self._passport, self._inputs, self._watch = show, passport, inputs, watch
        self.differs: list[str] = []
        path, taken = layout
        drawing = next((one for one in taken.sheets if one.name == recipe.sheet), None)
        if drawing is None:
            raise NotFound(f"the layout has no sheet {recipe.sheet}", where=path, do="give the layered PSD")
        self._drawing, self._source = drawing, taken.source
        self._cut = self._entered(recipe, path)
        self._layout = layout_take(show, self._cut.number, drawing)
        self._readings: dict[Conditions, Reading] = {}
        self._made: dict[str, Take | None] = {}

    def take(self, made: Made) -> Take:
        """A take of the passport, painted again; a person's is brought as it is."""
        if made.pixels not in self._made:
            self._made[made.pixels] = None  # at work
            self._made[made.pixels] = self._paint(made)
        take = self._made[made.pixels]
        if take is None:
            raise BadInput("its recipe names the picture itself as what it is made from", do="give the original file")
        return take

    def _paint(self, made: Made) -> Take:
        recipe = made.recipe
        if recipe is None:
            return self._brought(made)
        work = self._work(recipe)
        rough = self._rough(recipe)
        if recipe.stage is Stage.ROUGH:
            self._watch("rough", 0.2)
            return paint_rough(work, seed=recipe.seed)
        if rough is None:
            raise BadInput("its painting names no rough", do="the recipe is not whole; give the file as Genzu wrote it")
        self._watch("painting", 0.5)
        if recipe.base is None or recipe.mask is None:
            return paint_painting(work, rough, seed=recipe.seed)
        base = self.take(self._passport.of_pixels(recipe.base) or _unknown(recipe.base))
        mask = self._mask(recipe.mask)
        own = work.recipe(Stage.PAINTING, recipe.seed, rough)
        own = replace(own, base=base.picture, mask=self._show.keep_picture(mask))
        strength = Strength(plane=mask, grow=0.0, feather=0.0, words="as the recipe's mask says")
        return make_region(work, own, base=base, rough=rough, mask=strength)

    def _rough(self, recipe: Recipe) -> Take | None:
        if recipe.rough is None:
            return None
        known = self._passport.of_pixels(recipe.rough)
        if known is None:  # an older JSON: the rough of the same words and hand
            known = Made(
                stage=Stage.ROUGH, number=1, pixels=recipe.rough, hand=self._passport.take.hand,
                recipe=replace(recipe, stage=Stage.ROUGH, rough=None, base=None, mask=None),
            )  # fmt: skip
        return self.take(known)

    def _brought(self, made: Made) -> Take:
        """A picture by a person's hand is taken from the show or the given files."""
        pixels = self._inputs.picture(made.pixels, f"the {made.stage.value} by {made.by or 'hand'}")
        return self._show.record(
            NewTake(
                cut=self._cut.number, sheet=self._drawing.name, stage=made.stage, hand=made.hand, by=made.by,
                picture=self._show.keep_picture(pixels), parents=(self._layout.id,), note="brought to be painted upon",
            )
        )  # fmt: skip

    def _mask(self, sha: str) -> UInt8:
        plane = self._inputs.picture(sha, "the mask")
        if plane.dtype != np.uint8 or plane.shape != self._drawing.lines.extent.shape:
            raise BadInput("the mask of the recipe does not fit its picture", do="give the mask that Genzu wrote")
        return to_uint8(plane)

    def _work(self, recipe: Recipe) -> SheetAtWork:
        self.differs += _versions(recipe)
        name = recipe.reading.split("/")[0]
        known = name in registry.reader_names()
        words = read_prompt(recipe.prompt, recipe.seed)
        if words.conditions != recipe.conditions:
            self.differs.append("the prompt was understood otherwise then; what the recipe says holds")
        work = SheetAtWork(
            show=self._show,
            cut=replace(self._cut, prompt=recipe.prompt, seed=recipe.seed, engine=recipe.engine),
            drawing=self._drawing,
            source=self._source,
            words=replace(words, conditions=recipe.conditions),
            layout_take=self._layout,
            reader=registry.reader(name if known else registry.reader_names()[0]),
            read_under=recipe.read_under,
        )
        under = recipe.read_under or recipe.conditions
        if under not in self._readings:
            self._watch("reading", 0.1)
            self._readings[under] = work.reading
        vars(work)["reading"] = self._readings[under]
        return work

    def _entered(self, recipe: Recipe, layout: Path) -> Cut:
        """The cut in the new show; under another number if this one is taken by another order."""
        show = self._show

        def kept(key: str) -> FileRef | None:
            path = self._inputs.file(key, getattr(recipe, key))
            return show.keep_file(path) if path else None

        cut = Cut(
            number=self._passport.cut, layout=show.keep_file(layout), prompt=recipe.prompt, seed=recipe.seed,
            engine=recipe.engine, size=recipe.extent, materials=kept("materials"), marks=kept("marks"),
            board=kept("board"),
        )  # fmt: skip
        there = {one.number.casefold(): one for one in show.cuts()}
        for number in (cut.number, *(f"{cut.number[:26]}-again{k}" for k in range(1, 1000))):
            cut = replace(cut, number=number)
            if there.get(number.casefold()) == cut:
                return cut
            if number.casefold() not in there:
                show.add_cut(cut)
                return cut
        raise Refused("there are a thousand cuts of this name", where=show.folder, do="choose another folder")


def _unknown(sha: str) -> Made:
    """A picture that the recipe names and the passport does not tell of."""
    return Made(stage=Stage.RETOUCH, number=1, pixels=sha, hand=Hand.AI_AND_HUMAN)


def _versions(recipe: Recipe) -> list[str]:
    """Which versions here are not those of the recipe, one sentence each."""
    said = []
    engine = registry.engine(recipe.engine)
    version = version_for(engine, recipe.prompt, recipe.seed)
    if version != recipe.engine_version:
        said.append(
            f"engine {recipe.engine} is version {version} here, the picture was painted by {recipe.engine_version}"
        )
    if engine.capabilities.exactness != "bit-exact":
        said.append(f"engine {recipe.engine} promises nearly, not exactly, the same picture again")
    name, _, _ = recipe.reading.partition("/")
    if name in registry.reader_names():
        own = f"{name}/{registry.reader(name).version}/{READING_VERSION}"
    else:
        own = f"without a reader {name}"
    if own != recipe.reading:
        said.append(f"the reading is {own} here, the picture was read by {recipe.reading}")
    if recipe.intake != INTAKE_VERSION:
        said.append(f"the intake is version {INTAKE_VERSION} here, the layout was taken in by {recipe.intake}")
    return said
