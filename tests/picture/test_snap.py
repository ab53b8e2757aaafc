from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from genzu.core.material import Material
from genzu.picture import snap as snap_module
from genzu.picture.regions import borders, distance_to, reduce_ink, trapped_balls
from genzu.picture.snap import connected, snap


def snapped(materials: np.ndarray, ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return snap(materials, ink, trapped_balls(reduce_ink(ink, 600)))


def canvas(width: int = 640, height: int = 540) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("L", (width, height), 0)
    return image, ImageDraw.Draw(image)


def test_a_border_beside_a_line_moves_onto_it() -> None:
    image, pen = canvas()
    pen.line((0, 270, 640, 270), 220, 3)
    materials = np.full((540, 640), Material.SKY, np.uint8)
    materials[280:] = Material.GRASS
    found, _ = snapped(materials, np.asarray(image))
    rows = np.argmax(found == Material.GRASS, axis=0)
    assert np.abs(rows - 270).max() <= 1


def test_a_border_without_a_line_stays() -> None:
    materials = np.full((540, 640), Material.SOIL, np.uint8)
    y, x = np.mgrid[:540, :640]
    materials[y < 200 + 0.2 * x] = Material.FOLIAGE
    found, _ = snapped(materials, np.zeros((540, 640), np.uint8))
    assert (found != materials).mean() < 0.003


def test_a_line_far_away_does_not_attract() -> None:
    image, pen = canvas()
    pen.line((0, 330, 640, 330), 220, 3)
    materials = np.full((540, 640), Material.SKY, np.uint8)
    materials[270:] = Material.GRASS
    found, _ = snapped(materials, np.asarray(image))
    assert np.abs(np.argmax(found == Material.GRASS, axis=0) - 270).max() <= 2


def test_thin_and_small_things_never_vanish() -> None:
    image, pen = canvas()
    rng = np.random.default_rng(2)
    for _ in range(12):
        pen.line([tuple(map(float, point)) for point in rng.uniform(0, 640, (2, 2))], 220, 3)
    materials = np.full((540, 640), Material.SKY, np.uint8)
    materials[300:] = Material.ROAD
    materials[40:500, 100:103] = Material.METAL  # a mast
    materials[350:352] = Material.WOOD  # a rail
    materials[100:300, 300:500] = Material.WALL
    for x in (330, 380, 430):
        materials[150:157, x : x + 6] = Material.WINDOW
    found, _ = snapped(materials, np.asarray(image))
    assert (found[45:345, 99:104] == Material.METAL).any(axis=1).all()
    assert (found[349:353, 120:] == Material.WOOD).any(axis=0).mean() > 0.99
    for x in (330, 380, 430):
        assert (found[148:159, x - 2 : x + 8] == Material.WINDOW).any()


def test_a_pole_between_its_two_lines_takes_their_width() -> None:
    image, pen = canvas()
    pen.line((300, 60, 300, 480), 220, 2)
    pen.line((318, 60, 318, 480), 220, 2)
    materials = np.full((540, 640), Material.SKY, np.uint8)
    materials[60:480, 303:313] = Material.WOOD
    found, _ = snapped(materials, np.asarray(image))
    width = (found[120:420] == Material.WOOD).sum(axis=1)
    assert np.abs(width - 18).max() <= 2


def test_a_small_thing_fills_the_room_that_its_lines_close() -> None:
    """A parasol's wing is drawn round before a shore and given as a triangle: deep wedges of sand and sea are in it."""
    image, pen = canvas(1280, 1080)
    pen.line([(300, 210), (352, 232), (384, 262), (408, 318), (328, 290), (300, 210)], 230, 3)
    pen.line((370, 244, 1280, 246), 230, 3)
    pen.line((0, 244, 300, 246), 230, 3)
    given = Image.new("L", image.size, int(Material.SOIL))
    fill = ImageDraw.Draw(given)
    fill.rectangle((0, 0, 1280, 244), fill=int(Material.WATER))
    fill.polygon([(300, 210), (408, 318), (328, 290)], fill=int(Material.CLOTH))
    materials = np.asarray(given)
    found, _ = snapped(materials, np.asarray(image))
    wing = Image.new("L", image.size, 0)
    ImageDraw.Draw(wing).polygon([(304, 216), (350, 237), (379, 266), (400, 310), (331, 285)], fill=1)
    inside = np.asarray(wing) > 0
    assert (materials[inside] == Material.CLOTH).mean() < 0.75
    assert (found[inside] == Material.CLOTH).mean() > 0.99
    assert (found == Material.CLOTH).sum() < 5100  # and no more than the room


def test_an_oval_crown_becomes_the_scalloped_one_that_is_drawn() -> None:
    image, pen = canvas()
    for angle in np.linspace(0, 2 * np.pi, 12, endpoint=False):
        x, y = 320 + 95 * np.cos(angle), 250 + 95 * np.sin(angle)
        pen.ellipse((x - 32, y - 32, x + 32, y + 32), outline=220, width=3)
    pen.ellipse((320 - 95, 250 - 95, 320 + 95, 250 + 95), fill=0)
    for angle in np.linspace(0, 2 * np.pi, 12, endpoint=False):
        x, y = 320 + 95 * np.cos(angle), 250 + 95 * np.sin(angle)
        pen.ellipse((x - 29, y - 29, x + 29, y + 29), fill=0)
    ink = np.asarray(image)
    materials = np.full((540, 640), Material.SKY, np.uint8)
    y, x = np.mgrid[:540, :640]
    materials[np.hypot(x - 320, y - 250) < 112] = Material.FOLIAGE
    found, _ = snapped(materials, ink)
    near = distance_to(ink > 60, 60)
    assert near[borders(found)].mean() < 0.35 * near[borders(materials)].mean()


def test_each_region_has_one_material_and_is_connected() -> None:
    image, pen = canvas()
    pen.line((0, 200, 640, 260), 220, 3)
    pen.rectangle((200, 100, 400, 400), outline=220, width=3)
    materials = np.full((540, 640), Material.SKY, np.uint8)
    materials[230:] = Material.GRASS
    materials[105:395, 204:398] = Material.WALL
    found, regions = snapped(materials, np.asarray(image))
    assert set(np.unique(regions)) == set(range(1, int(regions.max()) + 1))
    lowest, highest = np.full(regions.max() + 1, 99), np.zeros(regions.max() + 1, int)
    np.minimum.at(lowest, regions.ravel(), found.ravel())
    np.maximum.at(highest, regions.ravel(), found.ravel())
    assert (lowest[1:] == highest[1:]).all()
    assert int(connected(found).max()) <= int(regions.max())


def test_real_drawings_are_snapped_and_stay_what_they_are(shared_layouts) -> None:
    for name in ("beach", "river"):
        grey = np.asarray(Image.open(shared_layouts / f"{name}.png").convert("L").resize((960, 540), 4))
        ink = np.clip((228 - grey.astype(int)) * 2, 0, 255).astype(np.uint8)
        labels = np.asarray(Image.open(shared_layouts / f"{name}.labels.png").resize((960, 540), 0))
        found, _ = snapped(labels, ink)
        near = distance_to(ink > 60, 30)
        assert (found == labels).mean() > 0.93
        assert set(np.unique(found)) == set(np.unique(labels))
        assert near[borders(found)].mean() < 0.8 * near[borders(labels)].mean()


def test_strips_give_what_one_piece_gives(monkeypatch) -> None:
    image, pen = canvas(1200, 300)
    rng = np.random.default_rng(9)
    materials = np.full((300, 1200), Material.SKY, np.uint8)
    materials[150:] = Material.GRASS
    pen.line((0, 154, 1200, 146), 220, 3)
    for x in range(60, 1200, 110):
        y, width = int(rng.integers(60, 200)), int(rng.integers(15, 40))
        pen.rectangle((x, y, x + width, y + 60), outline=220, width=2)
        materials[y + 3 : y + 57, x + 4 : x + width - 3] = Material.WALL
    whole, _ = snapped(materials, np.asarray(image))
    monkeypatch.setattr("genzu.picture.snap._AT_ONCE", 100_000)
    strips, regions = snapped(materials, np.asarray(image))
    assert (whole == strips).mean() > 0.9995
    assert int(regions.max()) == len(np.unique(regions))


HILL, MEADOW, TREE = 1, 2, 3
MATERIAL_OF = np.array([0, Material.MOUNTAIN, Material.GRASS, Material.FOLIAGE], np.uint8)


def hill_and_tree() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Seeds as the flood may leave them, what was given, and ink: before a hill stands a tree that was given wider."""
    given = np.full((200, 300), Material.MOUNTAIN, np.uint8)
    given[100:] = Material.GRASS
    given[40:160, 120:180] = Material.FOLIAGE
    seeds = np.full(given.shape, HILL, np.int32)
    seeds[100:] = MEADOW
    seeds[40:160, 130:170] = TREE
    return seeds, given, np.zeros(given.shape, np.uint8)


def test_a_border_that_nobody_drew_stays_as_it_is_given() -> None:
    seeds, given, ink = hill_and_tree()
    sagging = seeds.copy()
    sagging[100:125, 100:120] = HILL
    snap_module._unmoved(sagging, MATERIAL_OF, given, ink)
    assert (sagging == seeds).all()
    sagging[100:125, 100:120] = HILL
    ink[124:127, 95:125] = ink[98:127, 97:99] = 200  # there it was called
    drawn = sagging.copy()
    snap_module._unmoved(sagging, MATERIAL_OF, given, ink)
    assert (sagging == drawn).all()


def test_what_a_thing_gives_up_is_what_lies_behind_it_in_the_same_row() -> None:
    seeds, given, ink = hill_and_tree()
    flooded = seeds.copy()
    flooded[40:160, 120:130] = flooded[40:160, 170:180] = HILL
    snap_module._behind(flooded, MATERIAL_OF, given, ink)
    assert (flooded == seeds).all()
    flooded[40:160, 120:130] = HILL
    ink[90:170, 118:120] = 200  # a line between the two: the flood has followed it
    snap_module._behind(flooded, MATERIAL_OF, given, ink)
    assert (flooded[100:160, 120:130] == HILL).all()
