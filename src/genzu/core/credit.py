"""Who made the picture: people with roles, and what the staff roll may truthfully say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Roles in the staff roll of a background."""

    LAYOUT = "layout"
    BOARD = "board"
    COLOUR_ROUGH = "colour rough"
    TOUCH_UP = "touch-up"
    ART_DIRECTOR = "art director"

    @property
    def english(self) -> str:
        """As an English staff roll writes it."""
        return {"layout": "Layout", "board": "Art Board", "colour rough": "Colour Rough", "touch-up": "Touch-up",
                "art director": "Art Director"}[self.value]  # fmt: skip

    @property
    def japanese(self) -> str:
        """As a Japanese staff roll writes it."""
        return {"layout": "レイアウト", "board": "美術ボード", "colour rough": "色ラフ", "touch-up": "加筆",
                "art director": "美術監督"}[self.value]  # fmt: skip

    @property
    def paints(self) -> bool:
        """True if this role puts pixels into the finished picture."""
        return self in (Role.TOUCH_UP, Role.COLOUR_ROUGH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One person in one role on one cut; ``cut`` is empty for the whole show."""

    name: str
    role: Role
    cut: str = ""


class Hand(StrEnum):
    """Whose pixels are in a picture. The values are what the staff roll prints."""

    AI = "AI"
    AI_AND_HUMAN = "AI (+ Human)"
    HUMAN = "Human"


# Below this share of changed pixels a file went through a person's program, but not under a person's brush
# (a re-encode or a colour-profile rounding).
TOUCHED_SHARE = 0.0005
# A picture is a person's own only if nearly every pixel changed AND the machine's brushwork is gone: a colour grade
# changes every pixel and leaves every stroke.
REPAINTED_SHARE = 0.995
BRUSHWORK_KEPT = 0.25


def hand_of(changed_share: float, *, machine_made_base: bool, brushwork_kept: float = 1.0) -> Hand:
    """Decide whose pixels are in a picture, from what differs from the machine's painting.

    ``changed_share`` (0–1) is the share of visibly changed pixels, ``brushwork_kept`` (0–1) the share of the
    picture in which the machine's strokes are still there. ``machine_made_base`` is False when the picture under
    the touch-up was itself painted by a person.
    """
    if not machine_made_base or (changed_share >= REPAINTED_SHARE and brushwork_kept < BRUSHWORK_KEPT):
        return Hand.HUMAN
    return Hand.AI_AND_HUMAN if changed_share >= TOUCHED_SHARE else Hand.AI
