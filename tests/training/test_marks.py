from __future__ import annotations

import numpy as np
import pytest
from training.marks import NO_MARK, corrected, largest_mistake, stroke

WIDE = np.zeros((60, 100), bool)
WIDE[20:40, 10:90] = True


def unmarked() -> np.ndarray:
    return np.full((60, 100), NO_MARK, np.uint8)


def test_the_largest_connected_mistake_of_one_material_is_found() -> None:
    answer = np.zeros((60, 100), np.uint8)
    answer[:, 50:] = 3
    guess = np.zeros_like(answer)
    guess[:10, :10] = 5
    assert (largest_mistake(guess, answer, unmarked()) == (answer == 3)).all()


def test_a_mistake_that_was_marked_is_not_marked_again() -> None:
    answer = np.zeros((60, 100), np.uint8)
    answer[:, 50:] = 3
    marks = unmarked()
    marks[30, 70] = 3
    assert largest_mistake(np.zeros_like(answer), answer, marks) is None


def test_a_stroke_runs_along_what_is_long_and_stays_inside() -> None:
    line = stroke(WIDE, longest=50, width=3)
    rows, columns = np.nonzero(line)
    assert not (line & ~WIDE).any()
    assert 40 <= np.ptp(columns) <= 51
    assert np.ptp(rows) <= 3


@pytest.mark.parametrize("size", [1, 3])
def test_the_smallest_mistake_gets_at_least_one_pixel(size: int) -> None:
    part = np.zeros((20, 20), bool)
    part[5 : 5 + size, 7 : 7 + size] = True
    assert 1 <= stroke(part, longest=40, width=1).sum() <= size * size


def test_marks_say_the_true_material_and_only_in_the_mistake() -> None:
    answer = np.zeros((60, 100), np.uint8)
    answer[WIDE] = 7
    marks = unmarked()
    assert corrected(np.zeros_like(answer), answer, marks, longest=30, width=3)
    assert set(np.unique(marks)) == {7, NO_MARK}
    assert (answer[marks == 7] == 7).all()
    assert not corrected(answer, answer, marks, longest=30, width=3)
