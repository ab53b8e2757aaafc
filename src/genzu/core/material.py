"""What a region is made of. The index is the value in a materials picture; add at the end only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from genzu.errors import UnknownWord


class Material(IntEnum):
    """Materials in the order of the materials picture (8 bit, value = index)."""

    SKY = 0
    CLOUD = 1
    MOUNTAIN = 2
    FOLIAGE = 3
    TRUNK = 4
    GRASS = 5
    SOIL = 6
    ROAD = 7
    ROCK = 8
    WATER = 9
    WALL = 10
    ROOF = 11
    WINDOW = 12
    WOOD = 13
    METAL = 14
    CLOTH = 15
    GLOW = 16

    @property
    def word(self) -> str:
        """English name in lower case."""
        return self.name.lower()

    @property
    def japanese(self) -> str:
        """Name as a background department writes it."""
        return _JAPANESE[self]

    @property
    def legend(self) -> tuple[int, int, int]:
        """Colour (sRGB 0–255) that stands for it in colour-coded pictures and scribbles."""
        return _LEGEND[self]

    @classmethod
    def named(cls, word: str) -> Material:
        """Look a material up by its English or Japanese name."""
        for material in cls:
            if word.strip().lower() in (material.word, material.japanese):
                return material
        raise UnknownWord(f"{word!r} is not a material", do="use one of " + ", ".join(m.word for m in cls))


_JAPANESE = {
    Material.SKY: "空", Material.CLOUD: "雲", Material.MOUNTAIN: "山", Material.FOLIAGE: "葉",
    Material.TRUNK: "幹", Material.GRASS: "草", Material.SOIL: "土", Material.ROAD: "道",
    Material.ROCK: "岩", Material.WATER: "水", Material.WALL: "壁", Material.ROOF: "屋根",
    Material.WINDOW: "窓", Material.WOOD: "木材", Material.METAL: "金属", Material.CLOTH: "布",
    Material.GLOW: "光",
}  # fmt: skip

# Pairwise at least 50 apart (Euclid, sRGB), so that a hand-painted mark is read back without doubt.
_LEGEND = {
    Material.SKY: (150, 200, 240), Material.CLOUD: (245, 245, 250), Material.MOUNTAIN: (120, 130, 180),
    Material.FOLIAGE: (30, 120, 40), Material.TRUNK: (95, 60, 25), Material.GRASS: (140, 210, 70),
    Material.SOIL: (200, 150, 90), Material.ROAD: (170, 170, 170), Material.ROCK: (85, 85, 85),
    Material.WATER: (30, 80, 190), Material.WALL: (240, 220, 180), Material.ROOF: (190, 60, 50),
    Material.WINDOW: (70, 220, 220), Material.WOOD: (160, 95, 140), Material.METAL: (45, 35, 110),
    Material.CLOTH: (245, 130, 180), Material.GLOW: (255, 235, 60),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Family:
    """Materials that a person repaints together; one layer group of the PSD."""

    name: str
    japanese: str
    materials: tuple[Material, ...]


FAMILIES = (
    Family("sky", "空", (Material.SKY, Material.CLOUD)),
    Family("distance", "遠景", (Material.MOUNTAIN,)),
    Family("water", "水", (Material.WATER,)),
    Family("ground", "地面", (Material.SOIL, Material.ROAD, Material.ROCK)),
    Family("green", "緑", (Material.FOLIAGE, Material.TRUNK, Material.GRASS)),
    Family("buildings", "建物", (Material.WALL, Material.WINDOW, Material.WOOD, Material.METAL, Material.CLOTH)),
    Family("roofs", "屋根", (Material.ROOF,)),
    Family("light", "光", (Material.GLOW,)),
)
