"""Train the reading network: ``nice -n 15 python -m training.train CACHE… --run training/runs/NAME --steps 6000``.

Writes into the run's folder: ``log.csv`` (one line per report), ``command.json``, ``weights.npz`` (the averaged weights
in half precision, small enough for the repository), and into ``--state`` (outside the repository) ``state.npz``, from
which the same command goes on where it stopped.
"""

from __future__ import annotations

import argparse
import copy
import csv
import json
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor, nn

from genzu.core.geometry import Extent
from genzu.engines.readers.network import mark_planes
from training.dataset import KINDS, Cache, Example, example, shares
from training.marks import NO_MARK, corrected
from training.model import ReadingNet, Shape, parameters

SIZES = (Extent(352, 192), Extent(384, 224), Extent(448, 256), Extent(512, 288), Extent(416, 288))
HALF = torch.cpu._is_amx_tile_supported()  # type: ignore[no-untyped-call]
"""Convolutions in bfloat16: five times as fast with AMX, slower than single precision without."""
_FIELDS = ("lines", "distance", "position", "marks", "conditions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that decides a run."""

    steps: int = 6000
    batch: int = 16
    rate: float = 2e-3
    decay: float = 0.02
    smoothing: float = 0.05
    muon: bool = True
    """Kernels between the first and the last layer are stepped by Muon instead of AdamW."""
    focus: float = 1.0
    """Exponent of the focal loss (Lin et al. 2017, arXiv 1708.02002); 0 = plain cross entropy."""
    balance: float = 0.35
    """Materials are weighted by their share of the pixels to the power of minus this."""
    average: float = 0.998
    """Decay of the moving average of the weights."""
    seed: int = 1
    corrected: int = 3
    """Every so many batches half of the pictures get strokes through the network's own mistakes; 0 = never."""
    held_out: tuple[str, ...] = ()
    """Kinds of scene that are never trained on, only measured."""


class Pictures(torch.utils.data.IterableDataset[dict[str, Tensor]]):
    """Endless batches, each of one size; batch ``n`` is the same in every run with the same cache and seed."""

    def __init__(self, folders: list[Path], plan: Plan, sizes: tuple[Extent, ...], start: int) -> None:
        self.folders, self.plan, self.sizes, self.start = folders, plan, sizes, start

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        caches = [Cache(folder) for folder in self.folders]
        numbers = [cache.ready(without=self.plan.held_out) for cache in caches]
        worker = torch.utils.data.get_worker_info()
        first, every = (worker.id, worker.num_workers) if worker else (0, 1)
        at = self.start + first
        while True:
            rng = np.random.default_rng([self.plan.seed, at])
            if at % 400 < every:  # the caches may have grown
                numbers = [cache.ready(without=self.plan.held_out) for cache in caches]
            size = self.sizes[int(rng.integers(len(self.sizes)))]
            share = np.array([len(n) for n in numbers], float)
            chosen = rng.choice(len(caches), self.plan.batch, p=share / share.sum())
            yield stack([example(caches[c], int(numbers[c][rng.integers(len(numbers[c]))]), size, rng) for c in chosen])
            at += every


def stack(examples: list[Example]) -> dict[str, Tensor]:
    """A batch of examples of one size."""
    return {name: torch.from_numpy(np.stack([getattr(e, name) for e in examples])) for name in (*_FIELDS, "answer")}


def ask(net: torch.nn.Module, batch: dict[str, Tensor]) -> Tensor:
    """Scores of a batch."""
    planes = [batch[n].contiguous(memory_format=torch.channels_last) for n in _FIELDS[:-1]]
    scores: Tensor = net(*planes, batch["conditions"])
    return scores


@torch.no_grad()
def correct(net: ReadingNet, batch: dict[str, Tensor], rng: np.random.Generator) -> None:
    """Mark some of what ``net`` reads wrongly, in place, so that it learns what a person's correction means.

    As in interactive segmentation (Sofiiuk et al. 2021, arXiv 2102.06583): marks that only fall anywhere teach little.
    """
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
        guesses = ask(net, batch).argmax(1).numpy().astype(np.uint8)
    for at in np.flatnonzero(rng.random(len(guesses)) < 0.5):
        answer = batch["answer"][at].numpy().astype(np.uint8)
        marks = np.full(answer.shape, NO_MARK, np.uint8)
        longest, width = float(rng.uniform(0.03, 0.7)) * len(answer), float(rng.uniform(1, 3))
        for _ in range(int(rng.integers(1, 5))):
            if not corrected(guesses[at], answer, marks, longest=longest, width=width):
                break
        planes = mark_planes(marks, Extent(2 * answer.shape[1], 2 * answer.shape[0]))
        batch["marks"][at] = torch.maximum(batch["marks"][at], torch.from_numpy(planes))


def loss_of(scores: Tensor, answer: Tensor, weight: Tensor, plan: Plan) -> Tensor:
    """Focal cross entropy with label smoothing, balanced by material."""
    # Scores lie channels last in memory: taken along the last axis, the softmax is several times as fast.
    logs = F.log_softmax(scores.permute(0, 2, 3, 1).float(), dim=-1)
    hit = logs.gather(-1, answer[..., None])[..., 0]
    blunt = (1 - plan.smoothing) * hit + plan.smoothing * logs.mean(-1)
    scale = weight[answer]
    if plan.focus:
        scale = scale * (1 - hit.detach().exp()) ** plan.focus
    return -(scale * blunt).sum() / weight[answer].sum()


def rate_at(step: int, plan: Plan) -> float:
    """Warm-up, then a cosine down to a hundredth."""
    warm = min(300, max(1, plan.steps // 20))
    if step < warm:
        return plan.rate * (step + 1) / warm
    share = (step - warm) / max(1, plan.steps - warm)
    return plan.rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, share))))


@torch.no_grad()
def measured(net: ReadingNet, batches: list[dict[str, Tensor]]) -> tuple[float, float]:
    """Pixel accuracy, and mean IoU over the materials present, averaged over pictures."""
    net.eval()
    hits, unions = [], []
    for batch in batches:
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
            guess = ask(net, batch).argmax(1).numpy()
        for g, a in zip(guess, batch["answer"].numpy(), strict=True):
            hits.append(float((g == a).mean()))
            unions.append(mean_iou(g, a))
    return float(np.mean(hits)), float(np.mean(unions))


def mean_iou(guess: np.ndarray, answer: np.ndarray) -> float:
    """Over the materials that are present in the answer."""
    return float(np.mean([((guess == k) & (answer == k)).sum() / ((guess == k) | (answer == k)).sum()
                          for k in np.unique(answer)]))  # fmt: skip


def save(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write an archive in one step: a killed run keeps the last one."""
    part = path.with_suffix(".part.npz")
    np.savez(part, **arrays)  # type: ignore[arg-type]
    part.replace(path)


def weights_of(net: torch.nn.Module) -> dict[str, np.ndarray]:
    return {k: v.float().numpy() for k, v in net.state_dict().items() if v.is_floating_point()}


def load_weights(net: torch.nn.Module, arrays: dict[str, np.ndarray]) -> None:
    state = net.state_dict()
    for key, value in state.items():
        if value.is_floating_point():
            value.copy_(torch.from_numpy(np.asarray(arrays[key], np.float32)))


def load_run(run: Path) -> ReadingNet:
    """The averaged weights of a run."""
    about = json.loads((run / "command.json").read_text())
    net = ReadingNet(Shape.from_dict(about["shape"]))
    with np.load(run / "weights.npz", allow_pickle=False) as arrays:
        load_weights(net, dict(arrays))
    return net.eval()


class Kernels(torch.optim.Muon):
    """Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon) for convolutions: a kernel is a matrix, out × rest.

    The matrices share their memory with the kernels; steps are scaled to the size that AdamW's would have
    (Liu et al. 2025, arXiv 2502.16982), so that both live with one rate.
    """

    def __init__(self, kernels: list[Tensor], plan: Plan) -> None:
        self.kernels = kernels
        super().__init__([nn.Parameter(_matrix(k.detach())) for k in kernels], lr=plan.rate,
                         weight_decay=plan.decay, adjust_lr_fn="match_rms_adamw")  # fmt: skip

    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """One step from the gradients of the kernels."""
        for matrix, kernel in zip(self.param_groups[0]["params"], self.kernels, strict=True):
            matrix.grad = None if kernel.grad is None else _matrix(kernel.grad)
        super().step(closure)


def _matrix(kernel: Tensor) -> Tensor:
    """(out, rest) view of an (out, in, h, w) kernel that is stored channels last."""
    return kernel.permute(0, 2, 3, 1).flatten(1)


def optimisers(net: ReadingNet, plan: Plan) -> list[torch.optim.Optimizer]:
    """Muon for the inner kernels, AdamW for everything else; weight decay spares norms and biases."""
    ends = {id(net.stem[0].weight), id(net.score.weight)}
    inner = [p for p in net.parameters() if plan.muon and p.ndim == 4 and id(p) not in ends]
    chosen = {id(p) for p in inner}
    rest = [p for p in net.parameters() if id(p) not in chosen]
    adam = torch.optim.AdamW(
        [{"params": [p for p in rest if p.ndim > 1], "weight_decay": plan.decay},
         {"params": [p for p in rest if p.ndim <= 1], "weight_decay": 0.0}],
        lr=plan.rate, betas=(0.9, 0.99),
    )  # fmt: skip
    return [adam, Kernels(inner, plan)] if inner else [adam]


class Run:
    """A training run that can be stopped and taken up again."""

    def __init__(self, plan: Plan, shape: Shape, run: Path, state: Path, begin: Path | None) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.run, self.state = plan, run, state
        self.net = ReadingNet(shape).to(memory_format=torch.channels_last)
        self.optimisers = optimisers(self.net, plan)
        self.step, self.seconds = 0, 0.0
        if begin is not None:
            with np.load(begin / "weights.npz", allow_pickle=False) as arrays:
                load_weights(self.net, dict(arrays))
        self.averaged = copy.deepcopy(self.net).eval()
        if (state / "state.npz").exists():
            self._take_up()

    def _take_up(self) -> None:
        with np.load(self.state / "state.npz", allow_pickle=False) as arrays:
            load_weights(self.net, {k[4:]: v for k, v in arrays.items() if k.startswith("net/")})
            load_weights(self.averaged, {k[4:]: v for k, v in arrays.items() if k.startswith("avg/")})
            self.step, self.seconds = int(arrays["step"]), float(arrays["seconds"])
            for name, kept in self._moments():
                for key in (k for k in arrays.files if k.startswith(name)):
                    kept[key.removeprefix(name)] = torch.from_numpy(arrays[key])

    def _moments(self) -> Iterator[tuple[str, dict[str, Tensor]]]:
        """What the optimisers remember of each parameter, under a name of its own."""
        for number, optimiser in enumerate(self.optimisers):
            listed = [p for group in optimiser.param_groups for p in group["params"]]
            for at, p in enumerate(listed):
                yield f"moments/{number}/{at}/", optimiser.state[p]

    def keep(self) -> None:
        """Write the state, and the averaged weights in half precision."""
        arrays = {f"net/{k}": v for k, v in weights_of(self.net).items()}
        arrays |= {f"avg/{k}": v for k, v in weights_of(self.averaged).items()}
        arrays |= {f"{name}{key}": value.numpy() for name, kept in self._moments() for key, value in kept.items()}
        arrays["step"], arrays["seconds"] = np.array(self.step), np.array(self.seconds)
        save(self.state / "state.npz", arrays)
        save(self.run / "weights.npz", {k: v.astype(np.float16) for k, v in weights_of(self.averaged).items()})

    def one(self, batch: dict[str, Tensor], weight: Tensor) -> float:
        """One step; returns the loss."""
        self.net.train()
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate_at(self.step, self.plan)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
            scores = ask(self.net, batch)
        loss = loss_of(scores, batch["answer"], weight, self.plan)
        self.net.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        for optimiser in self.optimisers:
            optimiser.step()
        self.step += 1
        keep = min(self.plan.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for mean, now in zip(self.averaged.state_dict().values(), self.net.state_dict().values(), strict=True):
                if mean.is_floating_point():
                    mean.lerp_(now, 1 - keep)
        return float(loss.detach())


def held_out(caches: list[Cache], plan: Plan, size: Extent, count: int = 64) -> list[dict[str, Tensor]]:
    """Pictures of the kinds that are never trained on, with their place as the prompt."""
    rng = np.random.default_rng(0)
    found = [(c, int(at)) for c in caches for at in (c.ready(only=plan.held_out) if plan.held_out else [])]
    chosen = found[:: max(1, len(found) // count)][:count]
    examples = [example(c, at, size, rng, plain=True) for c, at in chosen]
    return [stack(examples[i : i + 8]) for i in range(0, len(examples), 8)]


def train(run: Run, folders: list[Path], sizes: tuple[Extent, ...], *, workers: int, report: int = 100) -> None:
    """Train until the plan is done."""
    caches = [Cache(folder) for folder in folders]
    plan = run.plan
    spread = np.mean([shares(c, c.ready(without=plan.held_out)) for c in caches], axis=0)
    weight = torch.from_numpy(np.clip((np.maximum(spread, 1e-5) * KINDS) ** -plan.balance, 0.4, 5.0).astype(np.float32))
    check = held_out(caches, plan, max(sizes))
    loader = iter(torch.utils.data.DataLoader(Pictures(folders, plan, sizes, run.step), batch_size=None,
                                              num_workers=workers, prefetch_factor=3 if workers else None))  # fmt: skip
    losses: list[float] = []
    start = time.monotonic() - run.seconds
    log = run.run / "log.csv"
    while run.step < plan.steps:
        batch = next(loader)
        if plan.corrected and run.step % plan.corrected == 0:
            correct(run.averaged, batch, np.random.default_rng([plan.seed, run.step]))
        losses.append(run.one(batch, weight))
        if run.step % report and run.step < plan.steps:
            continue
        run.seconds = time.monotonic() - start
        scored = run.step % (5 * report) == 0 or run.step == plan.steps
        accuracy, iou = measured(run.averaged, check) if check and scored else (math.nan, math.nan)
        fresh = not log.exists()
        with log.open("a", newline="") as file:
            out = csv.writer(file)
            if fresh:
                out.writerow(["step", "seconds", "pictures", "rate", "loss", "held_out_accuracy", "held_out_iou"])
            out.writerow([run.step, round(run.seconds), run.step * plan.batch, f"{rate_at(run.step, plan):.2e}",
                          f"{np.mean(losses):.4f}", f"{accuracy:.4f}", f"{iou:.4f}"])  # fmt: skip
        print(run.step, round(run.seconds), f"{np.mean(losses):.4f}", f"{accuracy:.3f} {iou:.3f}", flush=True)
        losses.clear()
        if scored:
            run.keep()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    plain = Plan()
    parser.add_argument("cache", type=Path, nargs="+", help="folders that training.dataset filled")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True, help="folder for the full state, outside the repository")
    parser.add_argument("--begin", type=Path, help="a run whose weights are the start")
    parser.add_argument("--steps", type=int, default=plain.steps)
    parser.add_argument("--batch", type=int, default=plain.batch)
    parser.add_argument("--rate", type=float, default=plain.rate)
    parser.add_argument("--focus", type=float, default=plain.focus)
    parser.add_argument("--balance", type=float, default=plain.balance)
    parser.add_argument("--seed", type=int, default=plain.seed)
    parser.add_argument("--corrected", type=int, default=plain.corrected, help="0 = marks only at random places")
    parser.add_argument("--held-out", nargs="*", default=[], help="kinds of scene that are only measured")
    parser.add_argument("--adam", action="store_true", help="AdamW for all kernels, too")
    parser.add_argument("--no-attention", action="store_true")
    parser.add_argument("--no-distance", action="store_true")
    parser.add_argument("--sizes", nargs="*", help="working sizes, such as 448x256")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    plan = Plan(steps=asked.steps, batch=asked.batch, rate=asked.rate, focus=asked.focus, balance=asked.balance,
                corrected=asked.corrected, seed=asked.seed, muon=not asked.adam,
                held_out=tuple(asked.held_out))  # fmt: skip
    shape = Shape(attention=not asked.no_attention, distance=not asked.no_distance)
    sizes = tuple(Extent(*map(int, s.split("x"))) for s in asked.sizes) if asked.sizes else SIZES
    for folder in (asked.run, asked.state):
        folder.mkdir(parents=True, exist_ok=True)
    about = {"plan": asdict(plan), "shape": shape.to_dict(),
             "sizes": [str(s) for s in sizes], "caches": [c.name for c in asked.cache],
             "begin": asked.begin.name if asked.begin else None}  # fmt: skip
    (asked.run / "command.json").write_text(json.dumps(about, indent=1) + "\n")
    run = Run(plan, shape, asked.run, asked.state, asked.begin)
    print(f"{parameters(run.net) / 1e6:.2f} M parameters, step {run.step} of {plan.steps}", flush=True)
    train(run, asked.cache, sizes, workers=asked.workers)


if __name__ == "__main__":
    main()
