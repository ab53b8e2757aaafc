"""The training loop: AdamW on LoRA layers, every random number a function of the seed and the step.

So a training that was stopped or killed goes on from its checkpoint to the very weights that it would have had
(bit-exact on the CPU; on a GPU as exact as its kernels are).
"""

from __future__ import annotations

import math
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, perf_counter
from typing import Any

import torch

from genzu.engines.diffusion.memory import free, out_of_memory
from genzu.engines.diffusion.training.cache import Cache
from genzu.engines.diffusion.training.checkpoint import RunFolder
from genzu.engines.diffusion.training.examples import Example, plan, stir
from genzu.engines.diffusion.training.trainee import Batch, Draws, Trainee
from genzu.errors import EngineFailed

Progress = Callable[[str, float], None]
"""Called with what is being done and the share done, 0–1."""
AfterSave = Callable[[int], None]
"""Called with the step whenever a checkpoint was written."""

SAVE_AFTER = 600.0
"""Seconds after which a checkpoint is written although no ``save_every`` is reached."""
_CLIP = 1.0
"""Longest gradient (norm over all weights of a step)."""


@dataclass(slots=True)
class Training:
    """One training at work."""

    trainee: Trainee
    examples: tuple[Example, ...]
    cache: Cache
    run: RunFolder
    after_save: AfterSave = lambda _step: None
    chunk: int = field(init=False)
    """Pictures that the network sees at once; halves when memory runs out, which changes nothing but rounding."""
    _saved: float = field(init=False, default=0.0)
    _epochs: dict[int, tuple[tuple[int, ...], ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.chunk = self.trainee.settings.batch

    def train(self, progress: Progress, *, stop_after: int | None = None) -> int:
        """Train to the last step, or until ``stop_after`` steps are done; give the number of steps that are done."""
        settings = self.trainee.settings
        optimizer = torch.optim.AdamW(
            self.trainee.groups(), lr=settings.rate, weight_decay=settings.weight_decay, foreach=False
        )
        done = self.run.load(self.trainee, optimizer)
        self.run.open_log(done)
        if done == 0:
            self.run.tell(step=0, epoch=0, evaluation=self.evaluate(), rate=0, seconds=0)
            self.run.save(0, self.trainee, optimizer)
            self.after_save(0)
        last = settings.steps if stop_after is None else min(settings.steps, stop_after)
        self._saved = monotonic()
        with _stop_is_asked() as asked:
            while done < last:
                done += 1
                self._one(done, optimizer, last)
                progress(f"step {done} of {settings.steps}", done / settings.steps)
                if asked():
                    self.run.save(done, self.trainee, optimizer)
                    raise KeyboardInterrupt
        return done

    def _one(self, step: int, optimizer: Any, last: int) -> None:
        """A step, its line in the log, and now and then a checkpoint."""
        settings, began = self.trainee.settings, perf_counter()
        for group in optimizer.param_groups:
            group["lr"] = group["highest"] * schedule(step, settings.steps, settings.warmup)
        loss = self._with_room(step, optimizer)
        seconds = perf_counter() - began
        saves = step % settings.save_every == 0 or step == last
        told = self.evaluate() if saves else None
        rate = optimizer.param_groups[0]["lr"]
        self.run.tell(step=step, epoch=self._epoch(step), loss=loss, evaluation=told, rate=rate, seconds=seconds)
        if saves or monotonic() - self._saved > SAVE_AFTER:
            self.run.save(step, self.trainee, optimizer)
            self._saved = monotonic()
        if saves:
            self.after_save(step)

    def _with_room(self, step: int, optimizer: Any) -> float:
        """The step, again with fewer pictures at once while memory runs out."""
        while True:
            try:
                return self._step(step, optimizer)
            except Exception as error:
                if not out_of_memory(error):
                    raise
                self._halve()
            optimizer.zero_grad(set_to_none=True)
            free()

    def _halve(self) -> None:
        settings = self.trainee.settings
        if self.chunk > 1:
            self.chunk //= 2
        elif not getattr(self.trainee.network()[1], "is_gradient_checkpointing", False):
            self.trainee.save_memory()
        else:
            raise EngineFailed(
                f"memory ran out with one picture of {settings.resolution} px at once",
                do="train at a lower --resolution or --rank, or close other programs",
            ) from None

    def _step(self, step: int, optimizer: Any) -> float:
        """One optimiser step over ``accumulate`` batches; the mean loss of its pictures."""
        settings = self.trainee.settings
        batches = [
            self._batch_at((step - 1) * settings.accumulate + number) for number in range(settings.accumulate)
        ]  # fmt: skip
        count = sum(len(places) for places in batches)
        optimizer.zero_grad(set_to_none=True)
        total = 0.0
        for number, places in enumerate(batches):
            for start in range(0, len(places), self.chunk):
                seeds = [
                    stir(settings.seed, "step", step, number, place)
                    for place in range(start, min(len(places), start + self.chunk))
                ]
                part = [self.examples[place] for place in places[start : start + self.chunk]]
                held = _chance(stir(settings.seed, "control", step, number)) < settings.control_share
                loss = self.trainee.losses(self.batch(part, seeds, held=held)).sum() / count
                loss.backward()
                total += loss.item()
        if not math.isfinite(total):
            raise EngineFailed(
                f"the loss of step {step} is no number any more", where=self.run.folder,
                do="begin anew with a lower --rate; the checkpoints before it are whole",
            )  # fmt: skip
        torch.nn.utils.clip_grad_norm_([weight for _, weight in self.trainee.named_parameters()], _CLIP)
        optimizer.step()
        return total

    def evaluate(self) -> float:
        """Mean loss on fixed pictures, noises and levels, spread over all of both."""
        settings = self.trainee.settings
        total = 0.0
        with torch.no_grad():
            for number in range(settings.evaluations):
                one = self.examples[number * len(self.examples) // settings.evaluations]
                seed = stir(settings.seed, "evaluation", number)
                level = (number * 0.6180339887 + 0.5 / settings.evaluations) % 1  # golden section: any count is spread
                total += float(self.trainee.losses(self.batch([one], [seed], level=level)).sum())
        return total / settings.evaluations

    def batch(
        self, examples: Sequence[Example], seeds: Sequence[int], *, level: float | None = None, held: bool = False
    ) -> Batch:
        """The pictures with their draws, ``held`` by their lines or not; a fixed ``level`` drops no caption."""
        trainee, device, settings = self.trainee, self.trainee.device, self.trainee.settings
        latents = [self.cache.latents(trainee, one) for one in examples]
        drawn = [_draw(seed, one["mean"].shape) for seed, one in zip(seeds, latents, strict=True)]
        chances = torch.stack([chance for _, chance in drawn])  # (B, 2): level, caption
        blank = chances[:, 1] < settings.caption_dropout if level is None else chances[:, 1] < 0
        captions = ["" if bare else one.caption for one, bare in zip(examples, blank.tolist(), strict=True)]
        draws = Draws(
            **{key: torch.stack([one[key] for one, _ in drawn]) for key in ("posterior", "noise", "offset")},
            level=chances[:, 0] if level is None else torch.full((len(examples),), level),
        )
        return Batch(
            mean=torch.stack([one["mean"] for one in latents]).to(device),
            std=torch.stack([one["std"] for one in latents]).to(device),
            texts={key: value.to(device) for key, value in self._texts(captions, level is None).items()},
            sizes=torch.tensor([_sizes(one) for one in examples], dtype=torch.float32),
            draws=draws.to(device),
            control=self._lines(examples).to(device) if held else None,
        )

    def _texts(self, captions: list[str], learns: bool) -> dict[str, Any]:
        if self.trainee.settings.trains_text and learns:
            found = self.trainee.encode_text(captions)
        elif self.trainee.settings.trains_text:
            with torch.no_grad():
                found = self.trainee.encode_text(captions)
        else:
            found = [self.cache.text(self.trainee, caption) for caption in captions]
        return {key: torch.stack([one[key] for one in found]) for key in found[0]}

    def _lines(self, examples: Sequence[Example]) -> Any:
        """(B, 3, H, W) 0–1, white on black as line-art ControlNets are shown."""
        planes = torch.stack([self.cache.lines(one) for one in examples]).float() / 255
        return planes[:, None].expand(-1, 3, -1, -1)

    def _batch_at(self, number: int) -> tuple[int, ...]:
        """The places of the batch with this number, counted over all epochs."""
        epoch, place = divmod(number, len(self._plan(0)))
        return self._plan(epoch)[place]

    def _plan(self, epoch: int) -> tuple[tuple[int, ...], ...]:
        settings = self.trainee.settings
        if epoch not in self._epochs:
            self._epochs = {key: value for key, value in self._epochs.items() if key in (0, epoch - 1)}
            self._epochs[epoch] = plan(self.examples, settings.batch, settings.seed, epoch)
        return self._epochs[epoch]

    def _epoch(self, step: int) -> int:
        return ((step - 1) * self.trainee.settings.accumulate) // len(self._plan(0)) + 1


@contextmanager
def _stop_is_asked() -> Iterator[Callable[[], bool]]:
    """Ctrl-C and the farm's SIGTERM wait for the end of the step, so that nothing is lost; a second one does not."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    asked: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def note(number: int, _frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    try:
        for number in before:
            signal.signal(number, note)
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def schedule(step: int, steps: int, warmup: int) -> float:
    """Share of the highest rate at a step (1 … steps): a rise along a line, then a cosine down to a hundredth."""
    warmup = min(warmup, steps // 4)
    if step <= warmup:
        return step / (warmup + 1)
    way = (step - warmup - 1) / max(1, steps - warmup - 1)
    return 0.01 + 0.99 * (1 + math.cos(math.pi * way)) / 2


def _draw(seed: int, shape: Sequence[int]) -> tuple[dict[str, Any], Any]:
    """Normal draws for one picture, and two numbers 0–1, all on the CPU: the same on every machine."""
    generator = torch.Generator().manual_seed(seed)
    chances = torch.rand(2, generator=generator)
    drawn = {
        "posterior": torch.randn(*shape, generator=generator),
        "noise": torch.randn(*shape, generator=generator),
        "offset": torch.randn(shape[0], 1, 1, generator=generator),
    }
    return drawn, chances


def _chance(seed: int) -> float:
    """Uniform 0–1."""
    return float(torch.rand((), generator=torch.Generator().manual_seed(seed)))


def _sizes(one: Example) -> list[float]:
    left, top = one.crop
    return [one.original.height, one.original.width, top, left, one.bucket.height, one.bucket.width]
