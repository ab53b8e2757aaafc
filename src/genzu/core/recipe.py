"""A recipe: everything that decides the pixels of one take. Same recipe, same pixels."""

from __future__ import annotations

from dataclasses import dataclass

from genzu.core.codec import Fields, Plain, digest, shown, under, without_none
from genzu.core.cut import check_prompt, check_seed
from genzu.core.geometry import Extent
from genzu.core.scene import Conditions, Extra, Place, Season, Side, Time, Weather
from genzu.core.take import Stage
from genzu.errors import BadRecord

RECIPE_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Frozen and complete; pictures are named by the SHA-256 of their pixels."""

    stage: Stage
    engine: str
    engine_version: str
    extent: Extent
    seed: int
    prompt: str
    conditions: Conditions
    layout: str
    """SHA-256 of the layout as it came (pixels)."""
    reading: str
    """Name and version of the material reader, and the version of what makes regions of its votes: ``geometry/1/2``."""
    intake: str
    """Version of the intake."""
    sheet: str = "BG"
    materials: str | None = None
    """SHA-256 of a materials picture that a person gave."""
    marks: str | None = None
    """SHA-256 of sparse material marks that a person gave."""
    board: str | None = None
    rough: str | None = None
    """SHA-256 of the rough that a painting is made from."""
    read_under: Conditions | None = None
    """Conditions under which the lines were read, where they are not the picture's own: variants share one reading."""
    base: str | None = None
    """SHA-256 of the picture that stays where the mask of a regional repaint is black."""
    mask: str | None = None
    """SHA-256 of that mask: (H, W) uint8, 0 = the base, 255 = what this recipe paints, between: mixed."""

    def __post_init__(self) -> None:
        check_seed(self.seed, "recipe.seed")
        check_prompt(self.prompt, "recipe.prompt")
        if (self.base is None) != (self.mask is None):
            missing = "mask" if self.mask is None else "base"
            raise BadRecord("a repaint has a base and a mask", where=f"recipe.{missing}")

    @property
    def digest(self) -> str:
        """SHA-256 of the recipe itself."""
        return digest(self.to_dict())

    def to_dict(self) -> Plain:
        """Plain values for JSON; what is absent is left out."""
        return without_none(
            {
                "version": RECIPE_VERSION, "stage": self.stage.value, "engine": self.engine,
                "engine_version": self.engine_version, "width": self.extent.width,
                "height": self.extent.height, "seed": self.seed, "prompt": self.prompt,
                "conditions": conditions_to_dict(self.conditions), "layout": self.layout,
                "reading": self.reading, "intake": self.intake, "sheet": self.sheet,
                "materials": self.materials, "marks": self.marks, "board": self.board, "rough": self.rough,
                "read_under": conditions_to_dict(self.read_under) if self.read_under else None,
                "base": self.base, "mask": self.mask,
            }
        )  # fmt: skip

    @classmethod
    def from_dict(cls, record: object, path: str = "recipe") -> Recipe:
        """Validate and rebuild; raises :class:`BadRecord` with the path to the field."""
        fields = Fields(record, path)
        version = fields.take("version", int)
        if version != RECIPE_VERSION:
            raise BadRecord(f"version {version} is not known", where=fields.where("version"), do="update Genzu")
        stage = fields.word("stage", Stage)
        if stage is None:
            raise BadRecord("this field is missing", where=fields.where("stage"))
        extent = Extent.from_fields(fields)
        if extent is None:
            raise BadRecord("this field is missing", where=fields.where("width"))
        with under(path, "recipe"):
            recipe = cls(
                stage=stage,
                engine=fields.take("engine", str),
                engine_version=fields.take("engine_version", str),
                extent=extent,
                seed=fields.take("seed", int),
                prompt=fields.take("prompt", str),
                conditions=conditions_from_dict(fields.take("conditions", dict), fields.where("conditions")),
                layout=fields.take("layout", str),
                reading=fields.take("reading", str),
                intake=fields.take("intake", str),
                sheet=fields.take("sheet", str),
                materials=fields.take("materials", str, None),
                marks=fields.take("marks", str, None),
                board=fields.take("board", str, None),
                rough=fields.take("rough", str, None),
                read_under=_read_under(fields),
                base=fields.take("base", str, None),
                mask=fields.take("mask", str, None),
            )
        fields.nothing_else()
        return recipe


def _read_under(fields: Fields) -> Conditions | None:
    record = fields.take("read_under", dict, None)
    return None if record is None else conditions_from_dict(record, fields.where("read_under"))


def conditions_to_dict(conditions: Conditions) -> Plain:
    """Plain values; what is not said is left out."""
    return without_none(
        {
            "place": conditions.place, "season": conditions.season, "time": conditions.time,
            "weather": conditions.weather, "light": conditions.light, "extras": list(conditions.extras) or None,
        }
    )  # fmt: skip


def conditions_from_dict(record: object, path: str = "conditions") -> Conditions:
    """Validate and rebuild conditions."""
    fields = Fields(record, path)

    def extra(item: object, where: str) -> Extra:
        try:
            return Extra(str(item))
        except ValueError:
            raise BadRecord(f"{shown(item)} is not known", where=where, do="use " + ", ".join(Extra)) from None

    conditions = Conditions(
        place=fields.word("place", Place),
        season=fields.word("season", Season),
        time=fields.word("time", Time),
        weather=fields.word("weather", Weather),
        light=fields.word("light", Side),
        extras=fields.each("extras", extra),
    )
    fields.nothing_else()
    return conditions
