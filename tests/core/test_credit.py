from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core.credit import BRUSHWORK_KEPT, REPAINTED_SHARE, TOUCHED_SHARE, Hand, Role, hand_of

SHARE = st.floats(0, 1)
ORDER = [Hand.AI, Hand.AI_AND_HUMAN, Hand.HUMAN]


@pytest.mark.parametrize(
    ("share", "hand"),
    [
        (0.0, Hand.AI),
        (TOUCHED_SHARE * 0.999, Hand.AI),
        (TOUCHED_SHARE, Hand.AI_AND_HUMAN),
        (0.5, Hand.AI_AND_HUMAN),
        (REPAINTED_SHARE * 0.999, Hand.AI_AND_HUMAN),
        (REPAINTED_SHARE, Hand.HUMAN),
        (1.0, Hand.HUMAN),
    ],
)
def test_the_share_decides_over_a_machine_s_picture(share: float, hand: Hand) -> None:
    assert hand_of(share, machine_made_base=True, brushwork_kept=0.0) is hand


@given(SHARE, SHARE, SHARE)
def test_more_paint_never_means_less_of_a_person(first: float, second: float, kept: float) -> None:
    less, more = sorted((first, second))
    hands = [hand_of(share, machine_made_base=True, brushwork_kept=kept) for share in (less, more)]
    assert ORDER.index(hands[0]) <= ORDER.index(hands[1])


@pytest.mark.parametrize(
    ("kept", "hand"), [(1.0, Hand.AI_AND_HUMAN), (BRUSHWORK_KEPT, Hand.AI_AND_HUMAN), (0.1, Hand.HUMAN)]
)
def test_a_colour_grade_does_not_make_the_machine_s_strokes_a_person_s(kept: float, hand: Hand) -> None:
    assert hand_of(1.0, machine_made_base=True, brushwork_kept=kept) is hand


@given(SHARE)
def test_what_no_machine_made_is_human(share: float) -> None:
    assert hand_of(share, machine_made_base=False) is Hand.HUMAN


def test_the_staff_roll_prints_these_words() -> None:
    assert [hand.value for hand in Hand] == ["AI", "AI (+ Human)", "Human"]


def test_every_role_has_a_japanese_name_and_two_of_them_paint() -> None:
    assert len({role.japanese for role in Role}) == len(Role)
    assert {role for role in Role if role.paints} == {Role.TOUCH_UP, Role.COLOUR_ROUGH}
