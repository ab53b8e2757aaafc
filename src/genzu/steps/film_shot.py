"""One cut of a film, ready to give the picture of any of its frames."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from genzu.core.camera import CameraPath
from genzu.core.geometry import Extent
from genzu.core.take import Stage
from genzu.errors import BadInput, GenzuError
from genzu.exchange.psd_flat import read_flat_psd
from genzu.picture.arrays import UInt8, extent_of
from genzu.picture.camera_move import Camera
from genzu.picture.files import as_rgb8, probe, read_picture, to_uint8
from genzu.picture.layers import drawing_over, over
from genzu.picture.resample import PULSES, damped, reduced, sample
from genzu.steps.camera_words import spoken_move
from genzu.steps.film_plan import Shot, ShownSheet
from genzu.store.show import Show


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A sheet and the camera before it."""

    pixels: UInt8
    """(H, W, 3), or (H, W, 4) for a BOOK."""
    camera: Camera


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadedShot:
    """The pictures of one cut. Several threads may ask it for frames."""

    film: Extent
    seen: int
    layers: tuple[Layer, ...] = ()
    """From the back to the front."""
    still: UInt8 | None = None
    """(h, w, 3): the one picture of a cut in which nothing moves."""
    draft: bool = False
    remarks: tuple[str, ...] = ()
    error: GenzuError | None = None
    """Why there is no picture."""

    def picture(self, frame: int) -> UInt8:
        """(h, w, 3) of a frame, counted from the first in which the cut is seen."""
        if self.still is not None:
            return self.still
        result = np.zeros((*self.film.shape, 3), np.uint8)
        for layer in self.layers:
            seen = sample(layer.pixels, layer.camera.view_at(frame, self.seen), self.film, draft=self.draft)
            result = over(result, seen) if seen.shape[2] == 4 else seen
        return result


def load_shot(show: Show, shot: Shot, film: Extent, *, draft: bool = False) -> LoadedShot:
    """Read the sheets of a cut and set the camera up; what cannot be read becomes ``error``, not an exception."""
    try:
        sheets = [(one.name, _pixels(show, one)) for one in shot.sheets]
    except GenzuError as error:
        return LoadedShot(film=film, seen=shot.seen, error=error)
    ground = sheets[0][1]
    path, remarks = shot.camera, []
    if path is None:
        spoken = spoken_move(shot.camera_words, extent_of(ground), film)
        path, remarks = spoken.path, [spoken.remark] if spoken.remark else []
    camera = Camera.over(extent_of(ground), film, path)
    if shot.camera is not None:
        remarks += _judged(camera, shot.camera, extent_of(ground), film)
    layers = [Layer(ground, camera)]
    for name, pixels in sheets[1:]:
        layers.append(Layer(pixels, _pulled(camera, shot.pulls.get(name.upper(), 1.0))))
        remarks += _running_out(name, layers[-1])
    loaded = LoadedShot(film=film, seen=shot.seen, layers=_merged(layers), draft=draft, remarks=tuple(remarks))
    return _prepared(loaded)


def _pixels(show: Show, sheet: ShownSheet) -> UInt8:
    """(H, W, 3) of a BG, (H, W, 4) of a BOOK; a drawing of a BOOK is laid over as strokes without paper."""
    if sheet.take is not None:
        pixels = to_uint8(show.picture(sheet.take.picture))
    elif sheet.layout is not None:
        pixels = to_uint8(_layout(show.file(sheet.layout)))
    else:
        raise BadInput("nothing is there to be shown", where=sheet.name)
    if sheet.name == "BG":
        return as_rgb8(pixels)
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        return pixels
    rgb = as_rgb8(pixels)
    if sheet.stage is Stage.LAYOUT:
        return drawing_over(rgb)
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])


def _layout(path: Path) -> UInt8:
    """The layout as it was given."""
    return to_uint8((read_flat_psd(path) if probe(path).format == "PSD" else read_picture(path)).pixels)


def _pulled(camera: Camera, pull: float | CameraPath) -> Camera:
    """The camera before a BOOK: pulled at its own speed, or along its own path."""
    return replace(camera, path=pull) if isinstance(pull, CameraPath) else camera.pulled(pull)


def _judged(camera: Camera, path: CameraPath, sheet: Extent, film: Extent) -> list[str]:
    """What a person should know about a path on this sheet."""
    found = []
    fitting = Camera.over(sheet, film, None).frame_width
    if camera.frame_width < fitting * 0.98:
        frames = f"{sheet.width / fitting:.1f} × {sheet.height / fitting * film.width / film.height:.1f}"
        found.append(f"the move {path} is longer than the sheet, which is {frames} frames large; it is shown closer")
    if not all(camera.view(share).lies_on(sheet, slack=2) for share in (0.0, 0.5, 1.0)):
        found.append(f"the move {path} leaves the sheet; the picture's edge is drawn out there")
    return found


def _running_out(name: str, layer: Layer) -> list[str]:
    """A BOOK that is painted up to its edge must not show that edge."""
    alpha, extent = layer.pixels[..., 3], extent_of(layer.pixels)
    edges = {"left": alpha[:, 0], "right": alpha[:, -1], "upper": alpha[0], "lower": alpha[-1]}
    gone = []
    for share in (0.0, 1.0):
        view = layer.camera.view(share)
        beyond = {
            "left": -view.x, "right": view.x + view.width - extent.width,
            "upper": -view.y, "lower": view.y + view.height - extent.height,
        }  # fmt: skip
        gone += [side for side, by in beyond.items() if by > 1 and edges[side].any()]
    return [f"the {side} edge of {name} comes into the picture; its sheet is too small" for side in dict.fromkeys(gone)]


def _merged(layers: list[Layer]) -> tuple[Layer, ...]:
    """BOOKs that move with the background are one picture with it."""
    ground = layers[0]
    rest = list(layers[1:])
    while rest and rest[0].camera == ground.camera and rest[0].pixels.shape[:2] == ground.pixels.shape[:2]:
        ground = Layer(over(ground.pixels, rest.pop(0).pixels), ground.camera)
    return ground, *rest


def _prepared(loaded: LoadedShot) -> LoadedShot:
    """Sheets much larger than the film are reduced once; where nothing moves, the one picture is made now."""
    layers = tuple(_ready(layer, loaded.film, draft=loaded.draft) for layer in loaded.layers)
    loaded = replace(loaded, layers=layers)
    if any(layer.camera.moves for layer in layers):
        return loaded
    return replace(loaded, still=loaded.picture(0), layers=())


def _ready(layer: Layer, film: Extent, *, draft: bool) -> Layer:
    least, _ = layer.camera.scales(film)
    times = int(least + 1e-6)
    camera, pixels = layer.camera, layer.pixels
    if times > 1:
        pixels = reduced(pixels, times)
        camera = replace(camera, frame_width=camera.frame_width / times, frame_height=camera.frame_height / times)
    least, largest = camera.scales(film)
    if camera.moves and not draft and least < PULSES[1] and largest > PULSES[0]:
        down, across = camera.axes
        pixels = damped(pixels, down=down, across=across)
    return Layer(pixels, camera)
