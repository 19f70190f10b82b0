"""The function `measure`: the loss and the metrics of a network."""

from collections.abc import Iterable
from dataclasses import dataclass

from nndsl.network import Metric, Network
from nndsl.program.data import Data
from nndsl.program.program import Program
from nndsl.render.escape import Code, code
from nndsl.render.functions import function_text
from nndsl.render.library import NUMPY, Library
from nndsl.render.lines import WIDTH, call
from nndsl.render.network.loss_function import loss_call
from nndsl.render.prose import docstring, listed
from nndsl.render.shapes import dimension

_CHOOSES = frozenset({"argmax", "threshold", "multilabel"})
_COUNTED = frozenset({"precision", "recall", "f1"})
_IN_UNITS = frozenset({"mean_absolute_error", "root_mean_squared_error"})
_VALUES = {
    "precision": "float((hits / np.maximum(guesses, 1)).mean())",
    "recall": "float((hits / np.maximum(positives, 1)).mean())",
    "f1": "float((2 * hits / np.maximum(guesses + positives, 1)).mean())",
    "mean_absolute_error": "float((np.abs(error){unit}).mean())",
    "root_mean_squared_error": "float(np.sqrt(((error{unit}) ** 2).mean()))",
    "r2": "r2({a}, t)",
}
_WEIGHTED = {
    "precision": "float((hits / np.where(guesses > 0, guesses, 1)).mean())",
    "recall": "float((hits / np.where(positives > 0, positives, 1)).mean())",
    "f1": "float((2 * hits / np.where(both > 0, both, 1)).mean())",
    "mean_absolute_error": (
        "float(np.average((np.abs(error){unit}).mean(axis=1), weights=sample_weight))"
    ),
    "root_mean_squared_error": (
        "float(np.sqrt(np.average(((error{unit}) ** 2).mean(axis=1), "
        "weights=sample_weight)))"
    ),
    "r2": "r2({a}, t, sample_weight)",
}


@dataclass(frozen=True, slots=True)
class Metrics:
    """`measure` with the functions it calls.

    `classes`: how many classes there are; `true`, `predicted`: each row's, of the
    output and of t.  `has_unit`: some figures are in the unit of the target.
    """

    functions: tuple[Code, ...]
    measure: tuple[Code, ...]
    has_unit: bool
    confusion: bool
    classes: Code
    width: Code
    threshold: Code
    true: Code
    predicted: Code


def score_name(data: Data) -> str:
    return "accuracy" if data.decision.kind in _CHOOSES else "r2"


def metrics(network: Network, program: Program, library: Library = NUMPY) -> Metrics:
    data, a = program.data, program.output
    used = [m for m in network.metrics if m.name != "confusion_matrix"]
    if score_name(data) not in {metric.name for metric in used}:
        used.insert(0, Metric(score_name(data)))
    names = {metric.name for metric in used}
    has_unit = bool(names & _IN_UNITS) and data.target_scaling.scales
    predicted, true = _choices(data, a)
    outputs = program.loss.outputs
    fixed = str(outputs) if isinstance(outputs, int) else "t.shape[1]"
    classes = "2" if data.decision.kind == "threshold" else fixed
    return Metrics(
        tuple(map(code, _functions(names, data))),
        tuple(map(code, _measure(used, program, has_unit, library))),
        has_unit,
        any(metric.name == "confusion_matrix" for metric in network.metrics),
        code(classes),
        code("2" if data.decision.kind == "threshold" else dimension(outputs)),
        code(_threshold(data)),
        code(_as_integers(true, data)),
        code(_as_integers(predicted, data)),
    )


def _as_integers(choice: str, data: Data) -> str:
    return choice if data.decision.kind == "argmax" else f"({choice}).astype(int)"


def _threshold(data: Data) -> str:
    return f"{data.decision.threshold or 0:g}"


def _choices(data: Data, a: str) -> tuple[str, str]:
    """What is predicted and what is true, as formulas of the output and of t."""
    at = _threshold(data)
    match data.decision.kind:
        case "argmax":
            return f"{a}.argmax(axis=1)", "t.argmax(axis=1)"
        case "threshold":
            sign = ">" if data.decision.probabilities else ">="  # as argmax decides
            return f"{a}[:, 0] {sign} {at}", f"t[:, 0] > {at}"
        case _:
            return f"{a} >= {at}", f"t > {at}"


def _functions(names: Iterable[str], data: Data) -> list[str]:
    needed = []
    if _COUNTED.intersection(names):
        family = "_of_classes" if data.decision.kind == "argmax" else ""
        needed.append(f"counts{family}")
    needed += [name for name in ("auc", "r2") if name in names]
    folder = "metrics" if data.weight is None else "weighted"
    return [function_text(f"{folder}/{name}") for name in needed]


def _measure(
    used: list[Metric], program: Program, has_unit: bool, library: Library
) -> list[str]:
    """The lines of `measure`; the figures are NumPy's, the loss is the library's."""
    data, a = program.data, program.output
    plain = library == NUMPY
    x = "ndarray" if plain else f"ndarray | {library.array}"
    arguments = ["p: Parameters", f"x: {x}", "t: ndarray"]
    weighed = data.weight is not None
    arguments += ["sample_weight: ndarray"] * weighed
    arguments += ["weights: ndarray | None = None"] * bool(program.loss.weights)
    arguments += ["unit: ndarray | float = 1"] * has_unit
    words = [metric.name.replace("_", " ") for metric in used]
    text = f"Return {listed(['the loss', *(f'the {word}' for word in words)])}."
    if has_unit:
        text += (
            "\n\nunit is what the targets were divided by; errors are in their unit."
        )
    names = {metric.name for metric in used}
    loss = loss_call(program, "weights")
    loss = loss if plain else f"float({loss})"
    lines = call("def measure(", arguments, ") -> dict[str, float]:")
    lines += [*docstring(text, "    "), _output(a, plain)]
    if names & _COUNTED or ("accuracy" in names and len(names) > 1):
        predicted, true = _choices(data, a)
        lines.append(f"    predicted, true = {predicted}, {true}")
    if names & _COUNTED:
        more = ", sample_weight" * weighed
        more += ", t.shape[1]" if data.decision.kind == "argmax" else ""
        guesses = "guesses" if names & {"precision", "f1"} else "_"
        positives = "positives" if names & {"recall", "f1"} else "_"
        lines.append(
            f"    hits, {guesses}, {positives} = counts(predicted, true{more})"
        )
        if weighed and "f1" in names:
            lines.append("    both = guesses + positives")
    if names & _IN_UNITS:
        lines.append(f"    error = {a}.astype(float) - t")
    if "top_k_accuracy" in names:
        lines.append(
            f"    own = ({a} * t).sum(axis=1, keepdims=True)  # the true class's"
        )
        lines.append(
            f"    rank = ({a} >= own).sum(axis=1)  # equal outputs rank above it"
        )
    if names == {"accuracy"}:
        predicted, true = _choices(data, a)
        all_ = ".all(axis=1)" if data.decision.kind == "multilabel" else ""
        both = [f"({each})" if " " in each else each for each in (predicted, true)]
        correct = f"(({a} > {_threshold(data)}) == t)"
        if data.encoding != "binary" or weighed:
            correct = "correct"
            lines.append(f"    correct = {' == '.join(both)}")
        items = [f'"loss": {loss}']
        items.append(f'"accuracy": {_mean(f"{correct}{all_}", data)}')
        return [*lines, f"    return {{{', '.join(items)}}}"]
    items = [f'"loss": {loss}']
    several = sum(metric.name == "top_k_accuracy" for metric in used) > 1
    for metric in used:
        k = int(dict(metric.arguments).get("k", 0))
        key = f"{metric.name}({k})" if k and several else metric.name
        items.append(f'"{key}": {_value(metric.name, data, a, k, has_unit)}')
    whole = f"    return {{{', '.join(items)}}}"
    if len(whole) <= WIDTH:
        return [*lines, whole]
    return [*lines, "    return {", *(f"        {item}," for item in items), "    }"]


def _output(a: str, plain: bool) -> str:
    output = "forward(p, x)[-1]"
    return f"    {a} = {output if plain else f'np.asarray({output})'}"


def _value(name: str, data: Data, a: str, k: int, has_unit: bool) -> str:
    match name:
        case "accuracy" if data.decision.kind == "multilabel":
            return _mean("(predicted == true).all(axis=1)", data)
        case "accuracy":
            return _mean("(predicted == true)", data)
        case "top_k_accuracy":
            return _mean(f"(rank <= {k})", data)
        case "auc":
            more = "" if data.weight is None else ", sample_weight"
            return f"auc({a}, t > {_threshold(data)}{more})"
        case _:
            values = _VALUES if data.weight is None else _WEIGHTED
            return values[name].format(a=a, unit=" * unit" if has_unit else "")


def _mean(rows: str, data: Data) -> str:
    """The mean of a figure that every row has."""
    if data.weight is None:
        return f"float({rows}.mean())"
    inner = rows[1:-1] if rows.endswith(")") and rows.count("(") == 1 else rows
    return f"float(np.average({inner}, weights=sample_weight))"
