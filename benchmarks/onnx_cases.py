"""ONNX's own test cases, run on what `nndsl import` makes of their graphs.

A case is a graph, its input and its output.  The graph is written to a file, imported,
and the module of the spec that comes out answers the input.  The optimizers of ONNX are
run by `onnx.reference` beside those of generated modules.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from nndsl.api import compile_text, module_of
from nndsl.cli.main import main

VERSION = f"onnx {onnx.__version__}"
DATA = Path(onnx.__file__).parent / "backend" / "test" / "data"
OPERATORS = (
    *("abs", "batch_normalization", "celu", "clip", "cos", "elu", "erf", "exp"),
    *("floor", "gelu", "gemm", "hardsigmoid", "hardswish", "identity"),
    *("layernormalization", "leakyrelu", "matmul", "mish", "neg", "relu", "selu"),
    *("sigmoid", "sign", "sin", "softmax", "softplus", "softsign", "tanh"),
)
"""The files of `onnx.backend.test.case.node` whose operators dense networks hold."""
WITHIN = 2e-6
"""How far apart numbers may be, relative to the largest of an output, in float32."""

Result = dict[str, Any]


def cases() -> Iterator[tuple[str, Callable[[], list[Result]]]]:
    """A name and a function for each group of cases."""
    yield "operators: ONNX's node tests", lambda: [*map(_result, node_tests())]
    yield "layers: graphs that PyTorch wrote", lambda: [*map(_result, graphs())]
    yield "optimizers: five steps of ONNX's", optimizers


@dataclass(frozen=True, slots=True)
class Case:
    """A graph over a table `x` of floats, a row for each row of `expected`."""

    name: str
    model: Any
    x: Any
    others: tuple[Any, ...]
    expected: Any


def node_tests() -> Iterator[Case]:
    """The cases over tables of floats, without those of functions written out."""
    package = import_module("onnx.backend.test.case.node")
    for name in OPERATORS:
        import_module(f"{package.__name__}.{name}")
    found = {case.name: case for case in package._NodeTestCases}
    for name, case in sorted(found.items()):
        if "_expanded" not in name:
            inputs, (expected, *_) = case.data_sets[0]
            yield from _over_table(name, case.model, inputs, expected)


def graphs() -> Iterator[Case]:
    """The cases over tables among the graphs that come with ONNX."""
    for folder in sorted((DATA / "pytorch-converted").iterdir()):
        model = onnx.load(folder / "model.onnx")
        data = folder / "test_data_set_0"
        inputs = [_tensor(path) for path in sorted(data.glob("input_*.pb"))]
        expected = _tensor(data / "output_0.pb")
        yield from _over_table(folder.name, model, inputs, expected)


def _tensor(path: Path) -> Any:
    return numpy_helper.to_array(onnx.load_tensor(str(path)))


def _over_table(name: str, model: Any, inputs: Any, expected: Any) -> Iterator[Case]:
    """The case, if its first input is a table of floats or can be laid out as one."""
    x, *others = inputs
    kind = model.graph.node[0].op_type
    if getattr(x, "dtype", None) not in (np.float32, np.float64) or x.ndim == 0:
        return
    if kind == "BatchNormalization":
        x, expected = np.moveaxis(x, 1, -1), np.moveaxis(expected, 1, -1)
    elif x.ndim != 2 and (kind not in ROW_BY_ROW or _axis(model) != -1):
        return
    elif x.ndim == 1:
        x, expected = x[:, None], expected[:, None]
    if expected.ndim == x.ndim and expected.shape[:-1] == x.shape[:-1]:
        rows = [each.reshape(-1, each.shape[-1]) for each in (x, expected)]
        yield Case(name, model, rows[0], tuple(others), rows[1])


def _axis(model: Any) -> int:
    """Along which axis the first operator goes; -1 for the units of a row."""
    given = [each.i for each in model.graph.node[0].attribute if each.name == "axis"]
    return given[0] if given else -1


def _result(case: Case) -> Result:
    """Whether the module that the graph becomes gives the output."""
    with tempfile.TemporaryDirectory() as folder:
        code, said = _imported(Path(folder), as_network(case))
        if code != 0:
            refused = "cannot be imported: " in said
            reason = said.partition("cannot be imported: ")[2] or said
            return _said(case.name, "skipped" if refused else "failed", reason)
        found = _answers(Path(folder), case.x)
    found = found.reshape(len(case.x), -1)[:, -case.expected.shape[1] :]
    apart = np.abs(found - case.expected).max()
    holds = apart <= WITHIN * max(1.0, np.abs(case.expected).max())
    status = "passed" if holds else "failed"
    return _said(case.name, status, f"differs by {apart:.1e}")


ROW_BY_ROW = (
    *("Relu", "Elu", "Celu", "Selu", "LeakyRelu", "Sigmoid", "Tanh", "Softplus"),
    *("Softsign", "HardSigmoid", "HardSwish", "Mish", "Gelu", "Clip", "Erf", "Exp"),
    *("Neg", "Abs", "Sin", "Cos", "Floor", "Sign", "Identity", "Softmax"),
    "LayerNormalization",
)
"""Operators that do the same to every row, however many dimensions the rows have."""


def _said(name: str, status: str, reason: str) -> Result:
    return {"check_name": name, "status": status, "exception": reason}


def as_network(case: Case) -> bytes:
    """The graph as a network: other inputs are constants, and a dense layer that
    changes nothing comes first, since nndsl has no network without one."""
    copy = onnx.ModelProto()
    copy.CopyFrom(case.model)
    copy.ir_version = 8  # initializers need not be inputs
    graph = copy.graph
    known = {each.name for each in graph.initializer}
    names = [each.name for each in graph.input if each.name not in known]
    for name, value in zip(names[1:], case.others, strict=True):
        graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
    width, kind = case.x.shape[1], helper.np_dtype_to_tensor_dtype(case.x.dtype)
    same = numpy_helper.from_array(np.eye(width, dtype=case.x.dtype), "same_")
    graph.initializer.append(same)
    graph.node.insert(0, helper.make_node("MatMul", ["x_", "same_"], [names[0]]))
    output = graph.output[0].name
    del graph.input[:], graph.output[:]
    shapes = ["n", width], ["n", case.expected.shape[1]]
    graph.input.append(helper.make_tensor_value_info("x_", kind, shapes[0]))
    graph.output.append(helper.make_tensor_value_info(output, kind, shapes[1]))
    return bytes(copy.SerializeToString())


def _imported(folder: Path, content: bytes) -> tuple[int, str]:
    (folder / "net.onnx").write_bytes(content)
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = main(["import", f"{folder / 'net.onnx'}", "-o", f"{folder / 'net.nn'}"])
    return code, said.getvalue()


def _answers(folder: Path, x: Any) -> Any:
    """What the module of the imported spec says."""
    text = (folder / "net.nn").read_text(encoding="utf-8")
    module: Any = module_of(compile_text(text, "net.nn"), "net.nn")
    model = module.Net.load(str(folder / "net.npz"))
    return getattr(model, "predict_proba", model.predict)(x)


STEPS = 5
_NET = """network Net {{
    input 3; dense 4 tanh; dense 2; loss mean_squared_error
    train {{ precision float64; optimizer {optimizer} }}
}}"""
_OPTIMIZERS = {
    "adam": (
        "adam(beta1=0.875, beta2=0.984375, epsilon=1e-30)",
        "Adam",
        2,
        {"epsilon": 1e-30},
    ),
    "adam with weight decay": (
        "adam(beta1=0.875, beta2=0.984375, epsilon=1e-30, weight_decay=0.125)",
        "Adam",
        2,
        {"epsilon": 1e-30, "norm_coefficient": 0.125},
    ),
    "adagrad": ("adagrad(epsilon=1e-30)", "Adagrad", 1, {"epsilon": 1e-30}),
    "momentum": (
        "sgd(momentum=0.875)",
        "Momentum",
        1,
        {"alpha": 0.875, "mode": "standard"},
    ),
    "nesterov": (
        "sgd(momentum=0.875, nesterov=yes, weight_decay=0.125)",
        "Momentum",
        1,
        {"alpha": 0.875, "mode": "nesterov", "norm_coefficient": 0.125},
    ),
}
"""Our words, ONNX's operator, how many states it has, its attributes.

All numbers are fractions that float32 holds, as attributes do.  Adam's epsilon is tiny,
since ONNX adds it before the correction for the start at 0, and Kingma and Ba after it.
"""
_DEFAULTS: dict[str, dict[str, Any]] = {
    "Adam": {"alpha": 0.875, "beta": 0.984375, "norm_coefficient": 0.0},
    "Adagrad": {"decay_factor": 0.0, "norm_coefficient": 0.0},
    "Momentum": {"beta": 1.0, "norm_coefficient": 0.0},
}


def optimizers() -> list[Result]:
    """Five steps of each optimizer, in both styles."""
    return [
        _of_optimizer(f"{name}, {style}", style, *entry)
        for name, entry in _OPTIMIZERS.items()
        for style in ("textbook", "fast")
    ]


def _of_optimizer(
    name: str, style: Any, words: str, kind: str, states: int, attributes: Any
) -> Result:
    module: Any = module_of(
        compile_text(_NET.format(optimizer=words), "net.nn", style=style), "net.nn"
    )
    rng, rate = np.random.default_rng(1), 0.05
    p = module.initialize(rng)
    classes = {"Adam": "Adam", "Adagrad": "AdaGrad", "Momentum": "SGD"}
    optimizer = getattr(module, classes[kind])(p, rate)
    run = _reference(kind, states, _DEFAULTS[kind] | attributes)
    theirs = {
        key: [w.copy(), *[np.zeros_like(w)] * states] for key, w in p._asdict().items()
    }
    for step in range(1, STEPS + 1):
        gradients = module.Parameters(*(rng.normal(size=w.shape) for w in p))
        optimizer.update(p, gradients)
        for key, g in gradients._asdict().items():
            w, *state = theirs[key]
            theirs[key] = run(rate, step, w, g, *state)
    apart = max(np.abs(w - theirs[key][0]).max() for key, w in p._asdict().items())
    status = "passed" if apart <= 1e-12 else "failed"
    return _said(name, status, f"differs by {apart:.1e}")


def _reference(kind: str, states: int, attributes: Any) -> Callable[..., list[Any]]:
    """ONNX's operator: weight and states after a step."""
    given = ["rate", "step", "w", "g", *(f"s{i}" for i in range(states))]
    made = ["w_", *(f"s{i}_" for i in range(states))]
    domain = "ai.onnx.preview.training"
    node = helper.make_node(kind, given, made, domain=domain, **attributes)
    types = [onnx.TensorProto.DOUBLE, onnx.TensorProto.INT64]
    infos = [
        helper.make_tensor_value_info(each, types[each == "step"], None)
        for each in (*given, *made)
    ]
    graph = helper.make_graph([node], "g", infos[: len(given)], infos[len(given) :])
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(domain, 1)]
    session = ReferenceEvaluator(helper.make_model(graph, opset_imports=opsets))

    def run(rate: float, step: int, *arrays: Any) -> list[Any]:
        values = [np.array(rate), np.array(step, np.int64), *arrays]
        return list(session.run(None, dict(zip(given, values, strict=True))))

    return run


if __name__ == "__main__":
    for title, group in cases():
        for each in group():
            print(
                f"{each['status']:8}{title}: {each['check_name']}: {each['exception']}"
            )
