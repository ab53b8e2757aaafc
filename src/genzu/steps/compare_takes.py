"""Two takes (or two files) beside each other: a picture for the eye, and the figures and words that explain it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genzu.core.codec import Plain, without_none
from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.recipe import Recipe
from genzu.core.recipe_words import recipe_differences
from genzu.core.take import Stage, Take
from genzu.errors import BadInput, GenzuError, WrongSize
from genzu.exchange.psd_flat import read_flat_psd
from genzu.picture.arrays import Bool, Float32, LineArt, UInt8, extent_of
from genzu.picture.beside import Panel, panels_for, sheet_of
from genzu.picture.compare import JUST_VISIBLE, Pixels, boxes_of, distances
from genzu.picture.contact import thumbnail
from genzu.picture.fidelity import measure
from genzu.picture.files import as_rgb8, probe, read_picture, to_uint8, write_png
from genzu.picture.fonts import Fonts
from genzu.picture.registration import SURE, shift_between
from genzu.steps.chosen import lineage, painting_under
from genzu.steps.history import measured
from genzu.steps.intake import take_in
from genzu.steps.told import read_told
from genzu.store.show import Show

_MOST_MATERIALS = 6
"""On the sheet; ``--json`` has all."""
HUNDRED = 100
"""OKLab distances are told times a hundred: 2 is what an eye just sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two pictures."""

    name: str
    """``painting 3 (take 12)``, or the file's name."""
    pixels: Pixels
    take: Take | None = None
    recipe: Recipe | None = None
    """Of the machine's painting that it goes back to."""
    materials: UInt8 | None = None
    fidelity: float | None = None
    shift: float | None = None
    """Px against the layout."""

    @property
    def words(self) -> str:
        """For the caption under it."""
        if self.fidelity is None or self.shift is None:
            return self.name
        return f"{self.name}   line fidelity {self.fidelity:.3f}, shift {self.shift:.2f} px"

    def to_dict(self) -> Plain:
        """For ``--json``."""
        take = self.take
        return without_none(
            {
                "name": self.name, "take": take.id if take else None, "stage": take.stage.value if take else None,
                "number": take.number if take else None, "by": (take.by or None) if take else None,
                "line_fidelity": self.fidelity, "shift": self.shift,
                "recipe": self.recipe.to_dict() if self.recipe else None,
            }
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialDifference:
    """How far one material (or, with ``None``, the whole picture) lies apart."""

    material: Material | None
    share: float
    """Of the picture, 0–1."""
    mean: float
    """Mean ΔE of all its pixels: OKLab distance × 100."""
    changed: float
    """Share of its pixels that look different, 0–1."""
    largest: Bounds | None
    """Box of the place with the most such pixels."""

    @property
    def words(self) -> str:
        """``sky: ΔE 4.1, 83 % differ, most at 0,0 (640×180)``."""
        name = self.material.word if self.material is not None else "whole picture"
        box = self.largest
        place = f", most at {box.x},{box.y} ({box.width}×{box.height} px)" if box else ""
        return f"{name}: ΔE {self.mean:.1f}, {HUNDRED * self.changed:.0f} % differ{place}"

    def to_dict(self) -> Plain:
        """For ``--json``."""
        box = self.largest
        return {
            "material": self.material.word if self.material is not None else None, "share": round(self.share, 4),
            "mean_delta_e": round(self.mean, 3), "changed_share": round(self.changed, 4),
            "largest": [box.x, box.y, box.width, box.height] if box else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What was found."""

    one: Side
    other: Side
    moved: tuple[float, float] | None
    """B against A in px, right and down; ``None`` where they have too little in common to tell."""
    whole: MaterialDifference
    materials: tuple[MaterialDifference, ...]
    """The largest difference first."""
    recipe: tuple[str, ...]
    """What differs in how they were made, in words."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything in sentences."""
        same = "made from the same recipe" if self.one.recipe and self.other.recipe else "how both were made is unknown"
        moved = "too little in common to tell"
        if self.moved is not None:
            moved = f"{round(self.moved[0], 2) + 0.0:+.2f} px across, {round(self.moved[1], 2) + 0.0:+.2f} px down"
        return (
            "from A to B: " + ("; ".join(self.recipe) or same),
            f"B against A: {moved}",
            self.whole.words,
            *(one.words for one in self.materials),
        )

    def to_dict(self) -> Plain:
        """For ``--json``."""
        return {
            "a": self.one.to_dict(), "b": self.other.to_dict(), "recipe_differences": list(self.recipe),
            "shift_between": [round(part, 3) for part in self.moved] if self.moved else None,
            "whole": self.whole.to_dict(), "materials": [one.to_dict() for one in self.materials],
        }  # fmt: skip


def compare_sides(one: Side, other: Side, out: Path, show: Show | None = None) -> tuple[Comparison, Path]:
    """Compare, and write the sheet (PNG); through the show if there is one, so that nobody's file is overwritten.

    Raises :class:`WrongSize` if the pictures are not of one size.
    """
    if one.pixels.shape[:2] != other.pixels.shape[:2]:
        raise WrongSize(
            f"A is {extent_of(one.pixels)} px, B {extent_of(other.pixels)} px", do="compare pictures of one size"
        )
    apart = distances(one.pixels, other.pixels)
    first, second = _seen(one.pixels), _seen(other.pixels)
    shift = shift_between(first, second)
    plane = other.materials if other.materials is not None else one.materials
    found = Comparison(
        one=one, other=other, moved=(shift.dx, shift.dy) if shift.confidence >= SURE else None,
        whole=_difference(None, apart, np.ones(apart.shape, bool)),
        materials=_by_material(apart, plane) if plane is not None and plane.shape == apart.shape else (),
        recipe=recipe_differences(one.recipe, other.recipe) if one.recipe and other.recipe else (),
    )  # fmt: skip
    panels = panels_for(first, second, apart, (one.words, other.words))
    return found, _written(panels, found, out, show, Fonts.on_system())


def side_of_take(show: Show, take: Take) -> Side:
    """A take of the show; a touch-up is measured against the layout of the painting under it."""
    painting = painting_under(show, take)
    pixels = show.picture(take.picture)
    scores = measured(take) if "fidelity" in take.measures else _measured_now(show, take, painting, pixels)
    plane = painting.measures.get("materials") if painting else None
    return Side(
        name=f"{take.stage.value} {take.number} (take {take.id}{f', {take.by}' if take.by else ''})", pixels=pixels,
        take=take, recipe=take.recipe or (painting.recipe if painting else None),
        materials=to_uint8(show.picture(plane)) if plane else None,
        fidelity=scores.get("line_fidelity"), shift=scores.get("shift"),
    )  # fmt: skip


def side_of_file(path: Path) -> Side:
    """A picture file; if Genzu wrote it, it tells its recipe itself."""
    try:
        passport = read_told(path).passport
    except GenzuError:
        passport = None
    made = passport.painting if passport else None
    reader = read_flat_psd if probe(path).format == "PSD" else read_picture
    return Side(name=path.name, pixels=reader(path).pixels, recipe=made.recipe if made else None)


def _measured_now(show: Show, take: Take, painting: Take | None, pixels: Pixels) -> Plain:
    lines = _layout_of(show, take, painting)
    if lines is None or lines.extent != extent_of(pixels):
        return {}
    alpha = np.ascontiguousarray(to_uint8(pixels)[..., 3]) if pixels.ndim == 3 and pixels.shape[2] == 4 else None
    score = measure(lines, _seen(pixels), alpha).to_dict()
    return {"line_fidelity": score["line_fidelity"], "shift": score["shift"]}


def _layout_of(show: Show, take: Take, painting: Take | None) -> LineArt | None:
    """The drawing that the picture was painted from; ``None`` if the cut has another one by now."""
    recipe = painting.recipe if painting else None
    if recipe is None or not any(one.stage is Stage.LAYOUT for one in lineage(show, take)):
        return None
    try:
        taken = take_in(show.file(show.cut(take.cut).layout), size=recipe.extent)
    except GenzuError:
        return None
    drawing = next((one for one in taken.sheets if one.name == take.sheet), None)
    return drawing.lines if drawing is not None and taken.source == recipe.layout else None


def _by_material(apart: Float32, plane: UInt8) -> tuple[MaterialDifference, ...]:
    found = [_difference(Material(int(index)), apart, plane == index) for index in np.unique(plane)]
    return tuple(sorted(found, key=lambda one: -one.mean * one.share))


def _difference(
    material: Material | None,
    apart: Float32,
    where: Bool,
) -> MaterialDifference:
    there = apart[where]
    changed = (apart > JUST_VISIBLE) & where
    boxes = boxes_of(changed, most=1) if changed.any() else ()
    return MaterialDifference(
        material=material, share=float(where.mean()), mean=HUNDRED * float(there.mean(dtype=np.float64)),
        changed=float((there > JUST_VISIBLE).mean()), largest=boxes[0] if boxes else None,
    )  # fmt: skip


def _seen(pixels: Pixels) -> UInt8:
    """(H, W, 3) of 8 bit for the eye; see-through parts show a grey ground."""
    eight = to_uint8(pixels)
    return thumbnail(eight, eight.shape[1]) if eight.ndim == 3 and eight.shape[2] == 4 else as_rgb8(eight)


def _written(panels: tuple[Panel, ...], found: Comparison, out: Path, show: Show | None, fonts: Fonts) -> Path:
    if out.suffix.lower() != ".png":
        raise BadInput("the sheet is written as PNG", where=out, do="give it a name that ends with .png")
    sheet = sheet_of(panels, found.lines[: 3 + _MOST_MATERIALS], fonts)
    if show is not None:
        return show.export(out, lambda path: write_png(path, sheet))
    write_png(out, sheet)
    return out
