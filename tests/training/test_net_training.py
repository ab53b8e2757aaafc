from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra 'training' is not installed")
pytest.importorskip("onnxruntime", reason="the extra 'training' is not installed")

import torch
from tests.engines.test_network_reader import house, request
from tests.training.test_net_dataset import SIZE, fields
from training.dataset import KINDS, Cache
from training.model import ReadingNet, Shape, parameters
from training.train import Plan, Run, load_run, loss_of, mean_iou, rate_at, train, weights_of

from genzu.core.geometry import Extent
from genzu.core.scene import Conditions
from genzu.engines.base import ReadRequest
from genzu.engines.readers.network import CONDITIONS, NetworkReader
from training import export

TINY = Shape(widths=(8, 8, 16, 16), depths=(1, 1, 1, 1), dropout=0.0)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    cache = Cache(tmp_path / "cache", write=12, size=SIZE)
    for at in range(12):
        cache.put(at, *fields(at), "kept" if at % 4 else "measured", Conditions())
    return tmp_path / "cache"


def a_run(folder: Path, steps: int) -> Run:
    plan = Plan(steps=steps, batch=2, rate=5e-3, held_out=("measured",))
    for name in ("run", "state"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return Run(plan, TINY, folder / "run", folder / "state", None)


def go(run: Run, cache: Path) -> None:
    train(run, [cache], (Extent(96, 64),), workers=0, report=5)
    import json
    from dataclasses import asdict

    about = {"plan": asdict(run.plan), "shape": TINY.to_dict()}
    (run.run / "command.json").write_text(json.dumps(about))


def test_the_network_is_as_small_as_promised() -> None:
    assert parameters(ReadingNet(Shape())) < 5e6


@pytest.mark.parametrize("attention", [True, False])
def test_scores_have_half_the_size_of_the_lines_and_hear_the_prompt(attention: bool) -> None:
    torch.manual_seed(0)
    net = ReadingNet(Shape(attention=attention)).eval()
    given = [torch.from_numpy(v) for v in export.an_input(Extent(96, 64)).values()]
    assert net(*given).shape == (1, KINDS, 32, 48)
    for film in (net.film_a, net.film_b, net.film_c, net.film_d):
        torch.nn.init.normal_(film.table.weight, std=0.1)
    other = [*given[:-1], 1 - given[-1]]
    assert given[-1].shape == (1, CONDITIONS)
    assert (net(*given) - net(*other)).abs().max() > 1e-3


def test_the_loss_falls_with_the_right_answer_and_heeds_the_weights() -> None:
    answer = torch.randint(0, KINDS, (2, 8, 8))
    right = torch.nn.functional.one_hot(answer, KINDS).permute(0, 3, 1, 2) * 6.0
    even, plan = torch.ones(KINDS), Plan()
    assert loss_of(right, answer, even, plan) < 0.2 * loss_of(torch.zeros_like(right), answer, even, plan)
    lopsided = even.clone()
    lopsided[answer[0, 0, 0]] = 50.0
    wrong_there = right.clone()
    wrong_there[0, :, 0, 0] = 0
    assert loss_of(wrong_there, answer, lopsided, plan) > loss_of(wrong_there, answer, even, plan)


def test_the_rate_warms_up_and_comes_down() -> None:
    plan = Plan(steps=1000)
    rates = [rate_at(s, plan) for s in range(1000)]
    assert max(rates) == pytest.approx(plan.rate)
    assert rates[0] < 0.1 * plan.rate
    assert rates[-1] < 0.02 * plan.rate


def test_mean_iou_counts_only_what_is_there() -> None:
    answer = np.array([[0, 0, 1, 1]])
    assert mean_iou(answer, answer) == 1
    assert mean_iou(np.array([[0, 0, 1, 5]]), answer) == pytest.approx((1 + 0.5) / 2)


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path, cache: Path) -> None:
    first = a_run(tmp_path / "a", 8)
    go(first, cache)
    again = a_run(tmp_path / "a", 8)
    assert again.step == 8
    for key, value in weights_of(again.net).items():
        assert np.array_equal(value, weights_of(first.net)[key])
    for (name, kept), (other, taken) in zip(first._moments(), again._moments(), strict=True):
        assert name == other
        assert kept.keys() == taken.keys()
        assert all(torch.equal(kept[key], taken[key]) for key in kept)
    again.plan = Plan(steps=12, batch=2, held_out=("measured",))
    go(again, cache)
    assert again.step == 12
    assert len((tmp_path / "a/run/log.csv").read_text().splitlines()) > 3


@pytest.mark.parametrize("muon", [True, False])
def test_every_weight_is_stepped_by_one_optimiser(tmp_path: Path, cache: Path, muon: bool) -> None:
    plan = Plan(steps=1, batch=2, muon=muon, held_out=("measured",))
    run = Run(plan, Shape(), tmp_path / "run", tmp_path / "state", None)
    stepped = [p for optimiser in run.optimisers for group in optimiser.param_groups for p in group["params"]]
    assert sum(p.numel() for p in stepped) == sum(p.numel() for p in run.net.parameters())
    before = {name: p.detach().clone() for name, p in run.net.named_parameters()}
    for p in run.net.parameters():
        p.grad = torch.ones_like(p)
    for optimiser in run.optimisers:
        optimiser.step()
    assert all(not torch.equal(before[name], p) for name, p in run.net.named_parameters())


def test_the_exported_file_answers_as_torch_does_and_is_read(tmp_path: Path, cache: Path) -> None:
    run = a_run(tmp_path, 10)
    go(run, cache)
    plain = load_run(tmp_path / "run")
    assert export.export(tmp_path / "run", tmp_path / "net.onnx", Extent(128, 64)) < 1e-4
    given = [torch.from_numpy(v) for v in export.an_input(Extent(128, 64)).values()]
    with torch.no_grad():
        folded = export.folded(load_run(tmp_path / "run"))(*given)
        assert torch.allclose(folded, plain(*given), atol=0.05)
    asked: ReadRequest = request(house())
    votes = NetworkReader(tmp_path / "net.onnx").votes(asked)
    assert votes.shape == (64, 128, KINDS)
