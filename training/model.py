"""The reading network: a U-Net of residual blocks with attention at the bottom, steered by the prompt.

Everything that is costly happens at a quarter of the working picture's resolution and below: the lines are folded into
channels (space to depth, Shi et al. 2016, arXiv 1609.05158), and the last layer unfolds its scores again. Plain 3×3
convolutions, because onnxruntime and the CPU run them best. The words of the prompt scale and shift channels
(FiLM, Perez et al. 2018, arXiv 1709.07871) at the bottom and on the way up.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor, nn

from genzu.core.material import Material
from genzu.engines.readers.network import CONDITIONS, GRID, MARK_PLANES

KINDS = len(Material)
DENSITIES = 3
"""Local line density, averaged over 2, 4 and 8 cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a network is built from."""

    widths: tuple[int, int, int, int] = (48, 96, 160, 192)
    """Channels at 1/4, 1/8, 1/16 and 1/32 of the working picture."""
    depths: tuple[int, int, int, int] = (1, 2, 2, 2)
    """Residual blocks on the way down."""
    attention: bool = True
    distance: bool = True
    """False leaves the distance to the nearest line out."""
    dropout: float = 0.1

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Shape:
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in data.items()})


class Block(nn.Module):
    """Two 3×3 convolutions around which the signal also runs straight."""

    def __init__(self, width: int, dilation: int = 1) -> None:
        super().__init__()
        self.one = nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation, bias=False)
        self.one_norm = nn.BatchNorm2d(width)
        self.two = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.two_norm = nn.BatchNorm2d(width)
        nn.init.zeros_(self.two_norm.weight)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.one_norm(self.one(x)))
        return F.relu(x + self.two_norm(self.two(y)))


class Film(nn.Module):
    """Scale and shift of channels by the words of the prompt."""

    def __init__(self, code: int, width: int) -> None:
        super().__init__()
        self.table = nn.Linear(code, 2 * width)
        nn.init.zeros_(self.table.weight)
        nn.init.zeros_(self.table.bias)

    def forward(self, x: Tensor, code: Tensor) -> Tensor:
        scale, shift = self.table(code)[:, :, None, None].chunk(2, 1)
        return x * (1 + scale) + shift


class Overview(nn.Module):
    """Every cell at the bottom looks at all others: a layout is read from its whole composition."""

    def __init__(self, width: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(1, width)
        self.ask = nn.Conv2d(width, 3 * width, 1)
        self.answer = nn.Conv2d(width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        n, c, h, w = x.shape
        query, key, value = self.ask(self.norm(x)).reshape(n, 3, self.heads, c // self.heads, h * w).unbind(1)
        weight = torch.softmax(query.transpose(2, 3) @ key * (c // self.heads) ** -0.5, dim=-1)
        return x + self.answer((value @ weight.transpose(2, 3)).reshape(n, c, h, w))


def _join(before: int, after: int, *, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()
    )


class ReadingNet(nn.Module):
    """Lines (N, 1, H, W), distance, position and marks per cell, words (N, CONDITIONS) → scores (N, 17, H/2, W/2)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        a, b, c, d = shape.widths
        code = 64
        self.read_words = nn.Sequential(nn.Linear(CONDITIONS, code), nn.ReLU())
        seen = GRID * GRID + DENSITIES + int(shape.distance) + 2 + MARK_PLANES
        self.stem = _join(seen, a)
        self.down_a = nn.Sequential(*[Block(a) for _ in range(shape.depths[0])])
        self.down_b = nn.Sequential(_join(a, b, stride=2), *[Block(b) for _ in range(shape.depths[1])])
        self.down_c = nn.Sequential(_join(b, c, stride=2), *[Block(c, 1 + i % 2) for i in range(shape.depths[2])])
        self.into_d = _join(c, d, stride=2)
        self.film_d = Film(code, d)
        self.down_d = nn.Sequential(*[Block(d, 1 + i % 2) for i in range(shape.depths[3])])
        self.overview = Overview(d) if shape.attention else nn.Identity()
        self.after = Block(d)
        self.drop = nn.Dropout2d(shape.dropout)
        self.lift_c, self.film_c, self.up_c = nn.Conv2d(d, c, 1), Film(code, c), Block(c)
        self.lift_b, self.film_b, self.up_b = nn.Conv2d(c, b, 1), Film(code, b), Block(b)
        self.lift_a, self.film_a, self.up_a = nn.Conv2d(b, a, 1), Film(code, a), Block(a)
        self.score = nn.Conv2d(a, KINDS * 4, 3, padding=1)

    def forward(self, lines: Tensor, distance: Tensor, position: Tensor, marks: Tensor, conditions: Tensor) -> Tensor:
        code = self.read_words(conditions)
        cell = F.avg_pool2d(lines, GRID)
        density = [
            F.interpolate(F.avg_pool2d(cell, k), scale_factor=float(k), mode="bilinear", align_corners=False) * 3
            for k in (2, 4, 8)
        ]
        known = [distance] if self.shape.distance else []
        a = self.stem(torch.cat([F.pixel_unshuffle(lines, GRID), *density, *known, position, marks], 1))
        a = self.down_a(a)
        b = self.down_b(a)
        c = self.down_c(b)
        d = self.film_d(self.into_d(c), code)
        d = self.drop(self.after(self.overview(self.down_d(d))))
        c = self.up_c(F.relu(self.film_c(c + _double(self.lift_c(d)), code)))
        b = self.up_b(F.relu(self.film_b(b + _double(self.lift_b(c)), code)))
        a = self.up_a(F.relu(self.film_a(a + _double(self.lift_a(b)), code)))
        return F.pixel_shuffle(self.score(a), 2)


class Voting(nn.Module):
    """The network as it is shipped: probabilities at the size of the lines instead of scores at half of it."""

    def __init__(self, net: ReadingNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, lines: Tensor, distance: Tensor, position: Tensor, marks: Tensor, conditions: Tensor) -> Tensor:
        scores = self.net(lines, distance, position, marks, conditions)
        return torch.softmax(_double(scores.float()), dim=1)


def _double(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


def parameters(net: nn.Module) -> int:
    """How many numbers were learned."""
    return sum(p.numel() for p in net.parameters())
