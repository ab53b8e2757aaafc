from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from genzu.errors import WrongSize
from genzu.picture.arrays import LineArt
from genzu.picture.fidelity import measure

SIZE = (640, 540)


def shapes(seed: int = 4) -> list[tuple[float, float, float, float, tuple[int, int, int]]]:
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(14):
        x, y = rng.uniform(0.1, 0.9, 2) * SIZE
        w, h = rng.uniform(20, 70, 2)
        found.append((x, y, w, h, tuple(int(v) for v in rng.integers(0, 255, 3))))
    return found


def painting(dx: float = 0, dy: float = 0, fine: int = 5) -> np.ndarray:
    image = Image.new("RGB", (SIZE[0] * fine, SIZE[1] * fine), (150, 180, 220))
    pen = ImageDraw.Draw(image)
    for x, y, w, h, colour in shapes():
        pen.ellipse([(x - w + dx) * fine, (y - h + dy) * fine, (x + w + dx) * fine, (y + h + dy) * fine], fill=colour)
    return np.asarray(image.resize(SIZE, Image.Resampling.BOX))


def layout(fine: int = 5) -> LineArt:
    """Outlines of what is visible in the painting, 2 px wide."""
    image = Image.new("L", (SIZE[0] * fine, SIZE[1] * fine), 0)
    pen = ImageDraw.Draw(image)
    for x, y, w, h, _ in shapes():
        box = [(x - w) * fine, (y - h) * fine, (x + w) * fine, (y + h) * fine]
        pen.ellipse(box, fill=0)
        box = [box[0] - fine, box[1] - fine, box[2] + fine, box[3] + fine]
        pen.ellipse(box, outline=230, width=2 * fine)
    return art(np.asarray(image.resize(SIZE, Image.Resampling.BOX)))


def art(contour: np.ndarray) -> LineArt:
    empty = np.zeros_like(contour)
    return LineArt(contour=contour, highlight=empty, shadow=empty, cel=empty)


def test_a_painting_on_its_lines_scores_high_and_far_above_chance() -> None:
    found = measure(layout(), painting())
    assert found.line_fidelity > 0.9
    assert found.chance < 0.25
    assert found.shift < 0.1


@pytest.mark.parametrize(("dx", "dy"), [(0.3, 0), (-0.5, 0.8), (2.0, -1.2), (5, 3)])
def test_the_shift_is_measured_to_a_tenth_of_a_pixel(dx: float, dy: float) -> None:
    still, moved = measure(layout(), painting()), measure(layout(), painting(dx, dy))
    assert moved.shift_x - still.shift_x == pytest.approx(dx, abs=0.1)
    assert moved.shift_y - still.shift_y == pytest.approx(dy, abs=0.1)


def test_the_shift_holds_when_half_of_the_lines_have_no_edge() -> None:
    picture = painting(1.5, -0.5).copy()
    picture[:, 320:] = picture[0, 0]
    found = measure(layout(), picture)
    assert (found.shift_x, found.shift_y) == (pytest.approx(1.5, abs=0.15), pytest.approx(-0.5, abs=0.15))
    assert found.line_fidelity < 0.75


def test_a_displaced_painting_scores_low() -> None:
    assert measure(layout(), painting(9, 7)).line_fidelity < 0.45


def test_a_flat_picture_keeps_nothing() -> None:
    found = measure(layout(), np.full((SIZE[1], SIZE[0], 3), 90, np.uint8))
    assert (found.line_fidelity, found.chance, found.shift) == (0, 0, 0)


def test_noise_does_not_fill_the_score() -> None:
    rng = np.random.default_rng(8)
    noise = np.clip(rng.normal(128, 30, (SIZE[1], SIZE[0], 3)), 0, 255).astype(np.uint8)
    found = measure(layout(), noise)
    assert found.line_fidelity < 0.15
    assert abs(found.line_fidelity - found.chance) < 0.05


def test_without_contours_nothing_can_be_lost() -> None:
    found = measure(art(np.zeros((SIZE[1], SIZE[0]), np.uint8)), painting())
    assert found.line_fidelity == 1
    assert found.shift == 0


def test_what_alpha_hides_is_not_measured() -> None:
    alpha = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    alpha[:, :320] = 255
    picture = painting().copy()
    picture[:, 324:] = 90
    assert measure(layout(), picture, alpha).line_fidelity > measure(layout(), picture).line_fidelity + 0.2


def test_large_and_long_pictures_are_reduced_and_tiled() -> None:
    lines, picture = layout(), painting()
    wide = art(np.tile(lines.contour, (1, 5)))
    tiled = measure(wide, np.tile(picture, (1, 5, 1)))
    assert tiled.line_fidelity == pytest.approx(measure(lines, picture).line_fidelity, abs=0.03)
    big = (SIZE[0] * 4, SIZE[1] * 4)
    large = art(np.asarray(Image.fromarray(lines.contour).resize(big)))
    found = measure(large, np.asarray(Image.fromarray(picture).resize(big)))
    assert found.line_fidelity > 0.9
    assert found.shift < 0.5


def test_sizes_must_agree() -> None:
    with pytest.raises(WrongSize):
        measure(layout(), np.zeros((10, 10, 3), np.uint8))


def test_it_is_plain_data() -> None:
    plain = measure(layout(), painting()).to_dict()
    assert set(plain) == {"line_fidelity", "chance", "shift_x", "shift_y", "shift"}
    assert all(type(value) is float for value in plain.values())


def test_light_from_one_side_is_no_shift() -> None:
    """A traced line between a bright and a dim flat has its strongest edge on the bright side, yet lies true."""
    ink = np.zeros((360, 640), np.uint8)
    ink[100:103] = ink[200:203] = 255
    ink[100:203, 150:153] = ink[100:203, 400:403] = 255
    picture = np.full((360, 640, 3), 235, np.uint8)
    picture[102:, :] = 110
    picture[202:, :] = 140
    picture[102:, 151:401] = 170
    picture[ink > 0] = 60
    none = np.zeros_like(ink)
    found = measure(LineArt(contour=ink, highlight=none, shadow=none, cel=none), picture)
    assert found.shift < 0.2


@pytest.mark.parametrize("down", [0, 2])
def test_shade_that_falls_from_a_line_is_no_shift_and_hides_none(down: int) -> None:
    """A fold is lit above its line and darkest a little below it; brushwork lies over both."""
    ink, light = np.zeros((360, 640), np.uint8), np.random.default_rng(1).normal(190, 9, (360, 640))
    for row in range(40, 340, 60):
        ink[row - 1 : row + 2, 60:580] = 255
        fall = np.clip(np.arange(24), 0, 1) * np.linspace(70, 0, 24)
        light[row - 1 + down : row + 23 + down] -= fall[:, None]
    none = np.zeros_like(ink)
    picture = np.repeat(np.clip(light, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    found = measure(LineArt(contour=ink, highlight=none, shadow=none, cel=none), picture)
    assert found.shift_y == pytest.approx(down, abs=0.5)


def fence(bar: int = 12, height: int = 1080, width: int = 960) -> tuple[np.ndarray, np.ndarray]:
    """Ink and colours of narrow planks, as drawn for 1080 rows."""
    x = np.arange(width)
    colours = np.array([(170, 120, 80), (120, 80, 50)], np.uint8)[(x // bar) % 2]
    ink = np.where(x % bar < 2, 220, 0).astype(np.uint8)
    return np.repeat(ink[None], height, 0), np.repeat(colours[None], height, 0)


def test_a_picture_at_half_the_size_is_judged_like_the_whole_one() -> None:
    ink, colours = fence()
    half = ink.shape[1] // 2, ink.shape[0] // 2
    small_ink, small = (np.asarray(Image.fromarray(p).resize(half, Image.Resampling.BOX)) for p in (ink, colours))
    whole, halved = measure(art(ink), colours), measure(art(small_ink), small)
    assert whole.line_fidelity > 0.9
    assert halved.line_fidelity == pytest.approx(whole.line_fidelity, abs=0.08)
