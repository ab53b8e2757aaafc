"""How the calls of a denoising network are cut into tiles: by rows and columns, or by tokens that stand for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from genzu.core.geometry import Bounds, Extent


@dataclass(frozen=True, slots=True)
class Call:
    """What a pipeline passes to its network at one step, positional arguments by their names."""

    named: Mapping[str, Any]
    picture: Any
    """The latents (…, h, w) of the whole canvas or of one tile."""

    @property
    def extent(self) -> Extent:
        """Size in cells."""
        return Extent(self.picture.shape[-1], self.picture.shape[-2])


class Grid(Protocol):
    """One way of laying out latents."""

    @property
    def unit(self) -> int:
        """Pixels along the side of a cell."""
        ...

    def read(self, given: tuple[Any, ...], named: Mapping[str, Any]) -> Call:
        """Understand a call of the pipeline."""
        ...

    def tile(self, call: Call, bounds: Bounds) -> Call:
        """The call for one rectangle of cells."""
        ...

    def spread(self, said: Any, tile: Call) -> Any:
        """What the network says of a tile as (batch, channels, h, w)."""
        ...

    def whole(self, joined: Any) -> Any:
        """Back to the form in which the pipeline expects it."""
        ...


@dataclass(frozen=True, slots=True)
class Planes:
    """(batch, channels, h, w), as UNets and Stable Diffusion 3 have it."""

    unit: int
    name: str = "sample"
    """Name of the latents among the arguments of the network."""

    def read(self, given: tuple[Any, ...], named: Mapping[str, Any]) -> Call:
        """The latents come first, and after them, for UNets, the time."""
        arguments = dict(zip((self.name, "timestep"), given, strict=False)) | dict(named)
        return Call(arguments, arguments[self.name])

    def tile(self, call: Call, bounds: Bounds) -> Call:
        """A rectangle of the latents; all else holds everywhere."""
        rows, columns = bounds.slices
        picture = call.picture[..., rows, columns]
        return Call({**call.named, self.name: picture}, picture)

    def spread(self, said: Any, tile: Call) -> Any:  # noqa: ARG002
        """As it is."""
        return said

    def whole(self, joined: Any) -> Any:
        """As it is."""
        return joined


@dataclass(frozen=True, slots=True)
class Tokens:
    """(batch, h·w, channels), as Flux and Qwen-Image have it: 2 × 2 latents in each token, places beside them."""

    unit: int

    def read(self, given: tuple[Any, ...], named: Mapping[str, Any]) -> Call:
        """The size stands in the places (Flux: ``img_ids``, Qwen-Image: ``img_shapes``)."""
        arguments = dict(zip(("hidden_states",), given, strict=False)) | dict(named)
        tokens = arguments["hidden_states"]
        if "img_shapes" in arguments:
            _, height, width = _first_shape(arguments["img_shapes"])
        else:
            height, width = (int(arguments["img_ids"][:, axis].max()) + 1 for axis in (1, 2))
        picture = tokens.reshape(tokens.shape[0], height, width, tokens.shape[-1]).movedim(-1, 1)
        return Call(arguments, picture)

    def tile(self, call: Call, bounds: Bounds) -> Call:
        """The tokens of a rectangle, with the places of a picture of that size: what the network was trained on."""
        rows, columns = bounds.slices
        picture = call.picture[..., rows, columns]
        named: dict[str, Any] = {**call.named, "hidden_states": self.whole(picture)}
        if "img_shapes" in named:
            named["img_shapes"] = [[(1, bounds.height, bounds.width)]] * picture.shape[0]
        else:
            places = named["img_ids"].reshape(*call.extent.shape, -1)
            named["img_ids"] = places[: bounds.height, : bounds.width].reshape(-1, places.shape[-1])
        return Call(named, picture)

    def spread(self, said: Any, tile: Call) -> Any:
        """Tokens to rows and columns."""
        return said.reshape(said.shape[0], *tile.extent.shape, said.shape[-1]).movedim(-1, 1)

    def whole(self, joined: Any) -> Any:
        """Rows and columns to tokens."""
        return joined.movedim(1, -1).flatten(1, 2)


def _first_shape(shapes: Any) -> tuple[int, int, int]:
    """``img_shapes`` is a list of lists of (frames, h, w); older versions passed one list."""
    first = shapes[0]
    return first[0] if isinstance(first, list) else first
