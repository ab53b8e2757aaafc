from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from genzu.picture.arrays import UInt8
from genzu.picture.likeness import fingerprint, near_duplicates


def scene(seed: int, size: tuple[int, int] = (320, 180)) -> Image.Image:
    rng = np.random.default_rng(seed)
    picture = Image.new("RGB", size, tuple(int(v) for v in rng.integers(60, 220, 3)))
    pen = ImageDraw.Draw(picture)
    for _ in range(9):
        x, y = int(rng.integers(0, size[0])), int(rng.integers(0, size[1]))
        w, h = int(rng.integers(20, 120)), int(rng.integers(20, 90))
        pen.rectangle([x, y, x + w, y + h], fill=tuple(int(v) for v in rng.integers(0, 255, 3)))
    return picture.filter(ImageFilter.GaussianBlur(1))


def saved_again(picture: Image.Image, quality: int) -> Image.Image:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(BytesIO(buffer.getvalue())).convert("RGB")


def pixels(picture: Image.Image) -> UInt8:
    return np.asarray(picture, np.uint8)


def test_the_same_picture_saved_again_smaller_or_trimmed_is_found() -> None:
    first = scene(1)
    again = [saved_again(first, 40), first.resize((200, 112)), first.crop((2, 2, 318, 178))]
    for other in again:
        assert near_duplicates([fingerprint(pixels(first)), fingerprint(pixels(other))]) == ((0, 1),)


def test_different_pictures_are_none() -> None:
    assert near_duplicates([fingerprint(pixels(scene(seed))) for seed in range(40)]) == ()


def test_one_layout_under_another_light_is_none() -> None:
    noon = pixels(scene(3))
    dusk = np.clip(noon * np.array([0.95, 0.6, 0.45]), 0, 255).astype(np.uint8)
    assert near_duplicates([fingerprint(noon), fingerprint(dusk)]) == ()


def test_each_later_one_is_told_once() -> None:
    one = fingerprint(pixels(scene(5)))
    assert near_duplicates([one, one, fingerprint(pixels(scene(6))), one]) == ((0, 1), (0, 3))
