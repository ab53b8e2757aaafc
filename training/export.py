"""Hand a trained network over: ``python -m training.export training/runs/NAME -o src/genzu/data/reading.onnx``.

Convolutions take their normalisation in, weights are stored in half precision and widened when they are loaded, and
what the file answers is compared with what torch answers.
"""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from genzu.core.geometry import Extent
from genzu.engines.readers.network import CONDITIONS, GRID, MARK_PLANES, position
from training.model import ReadingNet, Voting
from training.train import load_run

OPSET = 17
_LARGE = 1024
"""Weights of more numbers than this are stored in half precision."""
_NAMES = ("lines", "distance", "position", "marks", "conditions")


def an_input(size: Extent, seed: int = 0) -> dict[str, np.ndarray]:
    """Something to ask with; every input has the size that it has in use."""
    rng = np.random.default_rng(seed)
    cells = (1, size.height // GRID, size.width // GRID)
    return {
        "lines": (rng.random((1, 1, size.height, size.width)) ** 6).astype(np.float32),
        "distance": rng.random((1, *cells)).astype(np.float32),
        "position": position(size)[None],
        "marks": (rng.random((1, MARK_PLANES, *cells[1:])) > 0.999).astype(np.float32),
        "conditions": (rng.random((1, CONDITIONS)) > 0.9).astype(np.float32),
    }


def folded(net: ReadingNet) -> ReadingNet:
    """Batch normalisation becomes part of the convolution before it."""
    fuse = torch.nn.utils.fusion.fuse_conv_bn_eval
    for module in list(net.modules()):
        for conv, norm in (("one", "one_norm"), ("two", "two_norm"), ("0", "1")):
            if isinstance(getattr(module, norm, None), nn.BatchNorm2d):
                setattr(module, conv, fuse(getattr(module, conv), getattr(module, norm)))
                setattr(module, norm, nn.Identity())
    with torch.no_grad():  # what is stored in half precision is compared as it is stored
        for weight in net.parameters():
            if weight.numel() > _LARGE:
                weight.copy_(weight.half())
    return net.eval()


def exported(net: ReadingNet, size: Extent) -> onnx.ModelProto:
    """The network as ONNX, any size, in full precision."""
    given = {k: torch.from_numpy(v) for k, v in an_input(size).items()}
    axes = {name: {0: "n", 2: f"{name}_h", 3: f"{name}_w"} for name in _NAMES[:-1]} | {
        "conditions": {0: "n"},
        "votes": {0: "n", 2: "h", 3: "w"},
    }
    out = io.BytesIO()
    torch.onnx.export(
        Voting(net).eval(), tuple(given.values()), out, input_names=list(_NAMES), output_names=["votes"],
        dynamic_axes=axes, opset_version=OPSET, dynamo=False,
    )  # fmt: skip
    return onnx.load_from_string(out.getvalue())


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """Large weights are stored as float16, with a cast that the runtime works out once when it loads the file."""
    casts = []
    for weight in model.graph.initializer:
        if weight.data_type == TensorProto.FLOAT and np.prod(weight.dims) > _LARGE:
            name = weight.name
            stored = numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float16), f"{name}_half")
            weight.CopyFrom(stored)
            casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def difference(path: Path, net: ReadingNet, size: Extent) -> float:
    """Largest difference of a vote between the file and torch."""
    given = an_input(size, 1)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    with torch.no_grad():
        wanted = Voting(net).eval()(*[torch.from_numpy(v) for v in given.values()]).numpy()
    return float(np.abs(session.run(None, given)[0] - wanted).max())


def export(run: Path, to: Path, size: Extent) -> float:
    """Write the file; returns the largest difference from torch at two sizes."""
    net = folded(load_run(run))
    model = halved(exported(net, size))
    plan = json.loads((run / "command.json").read_text())["plan"]
    about = {"area": str(size.width * size.height), "run": run.name, "steps": str(plan["steps"]),
             "licence": "Apache-2.0", "data": "drawings made by Genzu's own generator only"}  # fmt: skip
    helper.set_model_props(model, about)
    onnx.checker.check_model(model)
    to.write_bytes(model.SerializeToString())
    return max(difference(to, net, size), difference(to, net, Extent(size.height, size.width)))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("run", type=Path)
    parser.add_argument("-o", "--out", type=Path, default=Path("src/genzu/data/reading.onnx"))
    parser.add_argument("--size", type=Extent.parse, default=Extent(512, 288), help="working size of a 16:9 frame")
    asked = parser.parse_args()
    worst = export(asked.run, asked.out, asked.size)
    print(f"{asked.out}: {asked.out.stat().st_size / 1e6:.1f} MB, at most {worst:.1e} from torch")
    if worst > 0.002:
        raise SystemExit("the file does not answer as torch does")


if __name__ == "__main__":
    main()
