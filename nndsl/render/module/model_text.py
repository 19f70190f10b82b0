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
from nndsl.render.module.fit_text import rows_index, shares_of
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
    expected, all_expected = _expected(program, of_rows, of_targets, widths)
    every = max(1, train.epochs // 10)
    return ModelText(
        kind=code(_kind(data)),
        about=tuple(map(code, textwrap.wrap(_about(data, program), WIDTH - 4))),
        fields=tuple(map(code, _fields(network))),
        too_small=code(_too_small(network, program)[0]),
        least=code(_too_small(network, program)[1]),
        has_scale=data.scaling.scales or data.filling.fills,
        learn=tuple(
            map(code, _learning(data, of_rows, of_targets, rows_index(network, data)))
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
        last=code(_last_weights(program)),
        saved=tuple(map(code, _saved(data, of_rows, of_targets))),
        loaded_widths=tuple(map(code, _loaded_widths(program, widths))),
        expected=tuple(map(code, expected)),
        all_expected=code(all_expected),
        restored=tuple(map(code, _restored(of_rows, of_targets))),
        print_every=code(str(every)),
        print_every_text=code("" if every == 1 else f"{_ordinal(every)} "),
    )


def learned_arrays(data: Data) -> tuple[list[str], list[str]]:
    """The arrays that the training rows teach, as they are called in a file."""
    rows = ["fill"] if data.filling.fills else []
    if data.scaling.learned:
        rows += ["mean", "std"] if data.scaling.is_standard else ["low", "range"]
    scaled = data.encoding == "numbers" and data.target_scaling.scales
    return rows, ["target_mean", "target_std"] if scaled else []


def _kind(data: Data) -> str:
    if data.encoding == "input":
        return "Autoencoder"
    return (
        "Classifier"
        if data.labels or data.decision.kind == "multilabel"
        else "Regressor"
    )


def _about(data: Data, program: Program) -> str:
    columns = "the columns in FEATURES"
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
    if data.filling.allows_missing:
        missing = " None, NaN and empty cells of X are missing values."
    return f"X is an array, a list or a DataFrame of {columns}{y}.{missing} After fit:"


def _fields(network: Network) -> list[str]:
    train = network.train
    made: list[tuple[str, str, str, str]] = []
    rate = train.optimizer.learning_rate.rate
    if rate is not None:
        made.append(("learning_rate", "float", repr(float(rate)), ""))
    if train.batch_size is not None:
        made.append(("batch_size", "int", str(train.batch_size), ""))
    made.append(("epochs", "int", str(train.epochs), ""))
    stopping = train.early_stopping
    if stopping is not None:
        figure = stopping.monitor.replace("val_", "validation ").replace("_", " ")
        note = f"epochs to wait for a better {figure}"
        made.append(("patience", "int", str(stopping.patience), note))
        if stopping.min_delta:
            value = format_number(stopping.min_delta)
            made.append(("min_delta", "float", value, "how much better it has to be"))
    shares = shares_of(network)
    if len(shares) > 1:
        kind = f"tuple[{', '.join(['float'] * len(shares))}]"
        values = ", ".join(map(_share, shares.values()))
        made.append(("split", kind, f"({values})", ", ".join(shares)))
    if train.checkpoint_every is not None:
        note = "file in which fit saves the best parameters so far"
        made.append(("checkpoint", "str | None", "None", note))
    made.append(("seed", "int", str(train.seed), ""))
    lines = []
    for name, kind, default, note in made:
        line = f"    {name}: {kind} = {default}"
        lines += commented(line, note) if note else [line]
    return [line[4:] for line in lines]


def _share(share: float) -> str:
    return f"{share:.2f}" if round(share, 2) == share else repr(share)


def _too_small(network: Network, program: Program) -> tuple[str, str]:
    """When the numbers of the model are too small, and what is said then."""
    names = ["batch_size"] * (network.train.batch_size is not None) + ["epochs"]
    names += ["patience"] * (network.train.early_stopping is not None)
    if program.running and "batch_size" in names:
        names.remove("batch_size")
        others = _least(names)
        return f"{others} or self.batch_size < 2", (
            f"{_and(names)} at 1, batch_size with batch_norm at 2"
        )
    return _least(names), f"{_and(names)} at 1"


def _least(names: list[str]) -> str:
    values = [f"self.{name}" for name in names]
    return f"{values[0]} < 1" if len(values) == 1 else f"min({', '.join(values)}) < 1"


def _and(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last} start" if most else f"{last} starts"


def _learning(
    data: Data, of_rows: list[str], of_targets: list[str], index: str
) -> list[str]:
    """What the training rows teach, line by line."""
    lines, known = [], f"rows{index}"
    if "fill" in of_rows:
        lines.append(f"self.fill_ = fill_values({known})")
        known = "filled"
        if data.scaling.learned:
            lines.append(f"filled = np.where(np.isnan(rows), self.fill_, rows){index}")
    weights = f", sample_weight{index}" if data.weight else ""
    if "mean" in of_rows and (of_targets or weights):
        lines.append(f"self.mean_, self.std_ = mean_and_std({known}{weights})")
    elif "mean" in of_rows:
        lines += [
            f"self.mean_, self.std_ = {known}.mean(axis=0), {known}.std(axis=0)",
            f"self.std_[np.ptp({known}, 0) <= 1e-15 * abs(self.mean_)] = 1  # constant",
        ]
    if "low" in of_rows:
        lines.append(f"self.low_, self.range_ = low_and_range({known})")
    if of_targets:
        given = f"targets{index}{weights}"
        lines.append(f"self.target_mean_, self.target_std_ = mean_and_std({given})")
    return lines


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
    if data.scaling.is_standard:
        return "self.mean_", "self.std_"
    return "self.low_", "self.range_"


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


def _saved(data: Data, of_rows: list[str], of_targets: list[str]) -> list[str]:
    learned = ["classes"] * bool(data.labels and not data.labels.declared) + of_rows
    pairs = [
        ", ".join(f'"{n}": self.{n}_' for n in names)
        for names in (learned, of_targets)
        if names
    ]
    whole = f"arrays = {{**self._fitted()._asdict(), {', '.join(pairs)}}}"
    if not pairs:
        return ["arrays = self._fitted()._asdict()"]
    if len(whole) + 8 <= WIDTH:
        return [whole]
    return [
        "arrays = self._fitted()._asdict()",
        *(f"arrays |= {{{pair}}}" for pair in pairs),
    ]


def _loaded_widths(program: Program, widths: list[str]) -> list[str]:
    first, last = program.parameters[0].array.key, _last_weights(program)
    read = {
        "n_features": f'n_features = len(np.atleast_1d(data.get("{first}", 0)))',
        "n_outputs": f'n_outputs = np.atleast_2d(data.get("{last}", 0)).shape[1]',
    }
    return [read[width] for width in widths]


def _inputs(program: Program, with_missing: bool = False) -> str:
    """The rows of X as the network sees them, where the parameters are p."""
    data = program.data
    width = f", len(p.{program.parameters[0].array.key})"
    known = isinstance(data.inputs.width, int)
    more = ", allow_missing=True" if with_missing else ""
    rows = f"check_rows(X{'' if known else width}{more})"
    return f"self._scale({rows})" if data.scaling.scales or data.filling.fills else rows


def _last_weights(program: Program) -> str:
    keys = [parameter.array.key for parameter in program.parameters]
    return [key for key in keys if key.startswith("w")][-1]


def _expected(
    program: Program, of_rows: list[str], of_targets: list[str], widths: list[str]
) -> tuple[list[str], str]:
    """The lines that say which arrays a file has to hold, and all of them together."""
    made = ", ".join(["np.random.default_rng()", *widths])
    if not (of_rows or of_targets or widths):
        return [], f"initialize({made})._asdict()"
    lines, parts = [f"expected = initialize({made})._asdict()"], ["expected"]
    for name, names, width in (
        ("scale", of_rows, program.data.inputs.width),
        ("target", of_targets, program.loss.outputs),
    ):
        if names:
            keys = ", ".join(f'"{each}"' for each in names)
            lines.append(
                f"{name} = dict.fromkeys([{keys}], np.zeros({dimension(width)}))"
            )
            parts.append(name)
    whole = f"{{{', '.join(f'**{part}' for part in parts)}}}"
    return lines, whole if len(parts) > 1 else "expected"


def _restored(of_rows: list[str], of_targets: list[str]) -> list[str]:
    lines = []
    for name, names in (("scale", of_rows), ("target", of_targets)):
        if names:
            given = ", ".join(f"model.{each}_" for each in names)
            if len(names) == 1:
                lines.append(f'{given} = data["{names[0]}"]')
            else:
                lines.append(f"{given} = (data[name] for name in {name})")
    return lines


def _ordinal(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"}
    end = "th" if number % 100 in (11, 12, 13) else ends.get(number % 10, "th")
    return f"{number}{end}"
