"""The class of the model: its fields and documentation, its answers, its file."""

import textwrap
from dataclasses import dataclass

from nndsl.check.read.values import format_number
from nndsl.network import Network
from nndsl.program.data import Data
from nndsl.program.kept import kept_values
from nndsl.program.program import Program
from nndsl.render.escape import Code, code
from nndsl.render.lines import WIDTH, commented
from nndsl.render.module.file_text import (
    expected_arrays,
    last_weights,
    loaded_widths,
    restored,
    saved,
)
from nndsl.render.module.fit_text import rows_index, shares_of
from nndsl.render.module.learning import LEARNED, learned_arrays, learning
from nndsl.render.network.parameters import open_widths
from nndsl.render.shapes import dimension


@dataclass(frozen=True, slots=True)
class ModelText:
    """`has_scale`: rows become x by `_scale`; `learns_scale`: it is learned.

    `learned`: the attributes that are, by the name of the array in a file.
    """

    kind: Code
    about: tuple[Code, ...]
    fields: tuple[Code, ...]
    too_small: Code
    least: Code
    has_scale: bool
    start: Code
    spread: Code
    learn: tuple[Code, ...]
    scales_target: bool
    prediction: Code
    prediction_text: Code
    narrowest: Code | None
    inputs: Code
    all_inputs: Code
    take: Code
    give: Code
    first: Code
    last: Code
    saved: tuple[Code, ...]
    loaded_widths: tuple[Code, ...]
    expected: tuple[Code, ...]
    all_expected: Code
    restored: tuple[Code, ...]
    print_every: Code
    print_every_text: Code


def model_text(network: Network, program: Program) -> ModelText:
    data, train = program.data, network.train
    of_rows, of_targets = learned_arrays(data)
    widths = [each.removesuffix(": int") for each in open_widths(program)]
    expected, all_expected = expected_arrays(program, of_rows, of_targets, widths)
    every = max(1, train.epochs // 10)
    return ModelText(
        kind=code(_kind(data)),
        about=tuple(map(code, textwrap.wrap(about(data, program), WIDTH - 4))),
        fields=tuple(map(code, _fields(network))),
        too_small=code(too_small(network, program)[0]),
        least=code(too_small(network, program)[1]),
        has_scale=data.scaling.scales or data.filling.fills or data.has_columns,
        start=code(_scale_of_inputs(data)[0]),
        spread=code(_scale_of_inputs(data)[1]),
        learn=tuple(
            map(code, learning(data, of_rows, of_targets, rows_index(network, data)))
        ),
        scales_target=bool(of_targets),
        prediction=code(_prediction(program)),
        prediction_text=code(_prediction_text(program)),
        narrowest=_narrowest(program),
        inputs=code(_inputs(program)),
        all_inputs=code(_inputs(program, program.data.filling.drops)),
        take=code(f"{program.output} = "),
        give=code("return "),
        first=code(program.parameters[0].array.key),
        last=code(last_weights(program)),
        saved=tuple(map(code, saved(data, of_rows, of_targets))),
        loaded_widths=tuple(map(code, loaded_widths(program, widths))),
        expected=tuple(map(code, expected)),
        all_expected=code(all_expected),
        restored=tuple(map(code, restored(data, of_rows, of_targets))),
        print_every=code(str(every)),
        print_every_text=code("" if every == 1 else f"{_ordinal(every)} "),
    )


def _kind(data: Data) -> str:
    if data.encoding == "input":
        return "Autoencoder"
    return (
        "Classifier"
        if data.labels or data.decision.kind == "multilabel"
        else "Regressor"
    )


def about(data: Data, program: Program, estimator: bool = False) -> str:
    """What X and y are; an estimator leaves more to scikit-learn."""
    columns = "the columns in FEATURES"
    kinds = "an array, a list or a DataFrame"
    if data.has_columns:
        dicts = "" if estimator else ", a list of dicts,"
        kinds = f"a DataFrame{dicts} or an array"
    if not data.inputs.names:
        width = data.inputs.width
        columns = f"{width} columns" if isinstance(width, int) else "columns of numbers"
    k = program.loss.outputs
    if data.encoding == "input":
        y = "; there is no y"
    elif data.labels is not None:
        y = f", y {'one of CLASSES' if data.labels.declared else 'one label'} per row"
    elif data.decision.kind == "multilabel":
        y = f", y 0 or 1 for each of {k} labels per row"
    else:
        numbers = "one number" if k == 1 else f"{k} numbers"
        y = f", y {numbers if isinstance(k, int) else 'numbers'} per row"
    missing = ""
    fillings = data.filling, *(each.filling for each in data.number_columns)
    allowed = [each.allows_missing for each in fillings]
    if any(allowed + [column.fill is not None for column in data.label_columns]):
        cells = "NaN" if estimator and not data.has_columns else "None, NaN and empty"
        missing = f" {cells} cells of X are missing values."
    return f"X is {kinds} of {columns}{y}.{missing} After fit:"


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """A number of the train block that the constructor takes."""

    name: str
    kind: str
    default: str
    note: str = ""


def hyperparameters(network: Network, seed: str = "seed") -> list[Hyperparameter]:
    train = network.train
    made: list[Hyperparameter] = []
    rate = train.optimizer.learning_rate.rate
    if rate is not None:
        made.append(Hyperparameter("learning_rate", "float", repr(float(rate))))
    if train.batch_size is not None:
        made.append(Hyperparameter("batch_size", "int", str(train.batch_size)))
    made.append(Hyperparameter("epochs", "int", str(train.epochs)))
    stopping = train.early_stopping
    if stopping is not None:
        figure = stopping.monitor.replace("val_", "validation ").replace("_", " ")
        note = f"epochs to wait for a better {figure}"
        made.append(Hyperparameter("patience", "int", str(stopping.patience), note))
        if stopping.min_delta:
            value = format_number(stopping.min_delta)
            note = "how much better it has to be"
            made.append(Hyperparameter("min_delta", "float", value, note))
    shares = shares_of(network)
    if len(shares) > 1:
        kind = f"tuple[{', '.join(['float'] * len(shares))}]"
        values = ", ".join(map(_share, shares.values()))
        made.append(Hyperparameter("split", kind, f"({values})", ", ".join(shares)))
    if train.checkpoint_every is not None:
        note = "file in which fit saves the best parameters so far"
        made.append(Hyperparameter("checkpoint", "str | None", "None", note))
    return [*made, Hyperparameter(seed, "int", str(train.seed))]


def _fields(network: Network) -> list[str]:
    lines = []
    for each in hyperparameters(network):
        line = f"    {each.name}: {each.kind} = {each.default}"
        lines += commented(line, each.note) if each.note else [line]
    return [line[4:] for line in lines]


def _share(share: float) -> str:
    return f"{share:.2f}" if round(share, 2) == share else repr(share)


def too_small(network: Network, program: Program) -> tuple[str, str]:
    """When the numbers of the model are too small, and what is said then."""
    names = ["batch_size"] * (network.train.batch_size is not None) + ["epochs"]
    names += ["patience"] * (network.train.early_stopping is not None)
    if program.running and "batch_size" in names:
        names.remove("batch_size")
        others = _least(names)
        return f"{others} or self.batch_size < 2", (
            f"{_and(names)} must be at least 1, batch_size with batch_norm 2"
        )
    return _least(names), f"{_and(names)} must be at least 1"


def _least(names: list[str]) -> str:
    values = [f"self.{name}" for name in names]
    return f"{values[0]} < 1" if len(values) == 1 else f"min({', '.join(values)}) < 1"


def _and(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _prediction(program: Program) -> str:
    """The answer, of the output of the last layer."""
    data, k, a = program.data, program.loss.outputs, program.output
    scaling = data.target_scaling
    if data.encoding == "input" and scaling.scales:
        low, spread = _scale_of_inputs(data)
        return f"{a} * {spread} + {low}"
    if scaling.scales:
        a = f"({a} * self.target_std_ + self.target_mean_)"
    if data.encoding == "input" or (isinstance(k, int) and k > 1):
        return a.strip("()")
    if k == 1:
        return f"{a}.ravel()"
    return f"{a}.squeeze(axis=1) if {program.output}.shape[1] == 1 else {a}"


def _scale_of_inputs(data: Data) -> tuple[str, str]:
    if data.scaling.is_declared:
        return "LOW", "(HIGH - LOW)"
    start, spread = LEARNED.get(data.scaling.kind, ("low", "range"))
    return f"self.{start}_", f"self.{spread}_"


def _prediction_text(program: Program) -> str:
    data, k = program.data, program.loss.outputs
    if data.encoding == "input":
        return "the reconstruction of each row, like X"
    if data.decision.kind == "distribution":
        return f"the distribution of each row, (n, {dimension(k)})"
    if k == 1:
        return "the predicted number of each row, (n,)"
    several = f"the predicted numbers of each row, (n, {dimension(k)})"
    return several if isinstance(k, int) else f"{several}, or (n,) for one"


def _narrowest(program: Program) -> Code | None:
    """Which of the outputs `transform` gives."""
    if program.narrowest is None:
        return None
    return code(str(kept_values(program).index(program.narrowest)))


def _inputs(program: Program, with_missing: bool = False) -> str:
    """The rows of X as the network sees them, where the parameters are p."""
    data = program.data
    width = f", len(p.{program.parameters[0].array.key})"
    known = isinstance(data.inputs.width, int)
    more = ", allow_missing=True" if with_missing else ""
    if any(column.learned for column in data.label_columns):
        width, known = ", self.labels_", False
    rows = f"check_rows(X{'' if known else width}{more})"
    if data.has_columns:
        return f"self.encode({rows})"
    return f"self._scale({rows})" if data.scaling.scales or data.filling.fills else rows


def _ordinal(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"}
    end = "th" if number % 100 in (11, 12, 13) else ends.get(number % 10, "th")
    return f"{number}{end}"
