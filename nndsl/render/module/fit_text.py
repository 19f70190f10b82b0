"""How a module learns: the split, the rows of a step, what is watched."""

import textwrap
from dataclasses import dataclass

from nndsl.language.module_names import class_name, variable_name
from nndsl.network import EarlyStopping, Network
from nndsl.program.data import Data
from nndsl.program.program import Program
from nndsl.render.escape import Code, code
from nndsl.render.lines import WIDTH
from nndsl.render.network.parameters import open_widths
from nndsl.render.network.passes import has_dropout
from nndsl.render.network.schedule import ScheduleText, first_rate, rate_lines
from nndsl.render.prose import listed


@dataclass(frozen=True, slots=True)
class FitText:
    """`parts`: the names of the split's parts, none where all rows are learned.

    `rows`: which of the rows are learned, as an index; `of_rows`, `count`: X there, and
    how many.  `drawn`: what the parameters are drawn with.  `before`: lines that make
    ready for the steps; `step`: those of one.  `improves`: whether the watched figure,
    `monitor`, is the best so far.
    """

    text: Code
    learns_all: bool
    draws_once: bool
    parts: Code
    parts_text: Code
    draw_split: Code
    validates: bool
    tests: bool
    rows: Code
    count: Code
    order: Code
    batches: Code
    unit: Code
    has_norm: bool
    has_batches: bool
    drawn: Code
    before: tuple[Code, ...]
    initialize: Code
    needs_steps: bool
    optimizer: Code
    new_optimizer: Code
    is_plateau: bool
    plateau: Code
    rate_lines: tuple[Code, ...]
    step: tuple[Code, ...]
    measure_train: Code
    measure_validation: Code
    measure_test: Code
    keeps_best: bool
    worst: Code
    monitor: Code
    undefined: Code
    """Why the monitored metric may be nan; empty where it cannot be."""
    improves: Code


_UNDEFINED = {
    "auc": "needs rows of both classes; stratify the split",
    "r2": "needs two rows or more",
}


def fit_text(
    network: Network,
    program: Program,
    schedule: ScheduleText,
    has_unit: bool,
    seed: str,
) -> FitText:
    train, data = network.train, program.data
    shares = shares_of(network)
    parts = list(shares) if len(shares) > 1 else []
    validates, tests = "validation" in parts, "test" in parts
    index = rows_index(network, data)
    chosen = bool(index)
    count = "len(train)" if chosen else "len(x)"
    optimizer = variable_name(program.update.name)
    stopping = train.early_stopping
    batch = "[batch]" if train.batch_size is not None else index
    given = [f"p, {optimizer}, x{batch}, t{batch}"]
    weighed = data.weight is not None
    given += [f"sample_weight{batch}"] * weighed
    given += ["rng"] * has_dropout(program) + ["weights"] * bool(program.loss.weights)
    units = ["unit"] if has_unit else []
    weights = ["weights"] * bool(program.loss.weights)
    made = [
        "p",
        first_rate(schedule, network.train.optimizer.learning_rate.rate is not None),
    ]
    made += [
        {"steps": "steps", "epochs": "self.epochs"}[n] for n in schedule.of_optimizer
    ]
    widths = {"n_features": "x.shape[1]", "n_outputs": "t.shape[1]"}
    wanted = [widths[each.removesuffix(": int")] for each in open_widths(program)]
    once = not (parts or has_dropout(program) or train.batch_size)
    rng = f"np.random.default_rng(self.{seed})" if once else "rng"
    monitor = stopping.monitor if stopping else "val_loss"
    return FitText(
        learns_all=not parts,
        draws_once=once,
        text=code(_text(stopping, tests, bool(parts))),
        parts=code(", ".join(parts)),
        parts_text=code(listed(["training", *parts[1:]])),
        draw_split=code(_split(network, data)),
        validates=validates,
        tests=tests,
        rows=code(index),
        count=code(count),
        order=code(_order(train.shuffle, chosen)),
        batches=code(_batches(network, count)),
        unit=code(unit(data)),
        has_norm=bool(program.running),
        has_batches=train.batch_size is not None,
        drawn=code(", ".join([rng, *wanted])),
        before=(),
        initialize=code(f"initialize({', '.join([rng, *wanted])})"),
        needs_steps="steps" in schedule.of_optimizer,
        optimizer=code(optimizer),
        new_optimizer=code(f"{class_name(program.update.name)}({', '.join(made)})"),
        is_plateau=train.optimizer.learning_rate.name == "plateau",
        plateau=code(optimizer),
        rate_lines=tuple(map(code, rate_lines(schedule, optimizer))),
        step=(code(f"train_batch({', '.join(given)})"),),
        measure_train=measured("x", index, weighed, [*weights, *units]),
        measure_validation=measured("x", "[validation]", weighed, units),
        measure_test=measured("x", "[test]", weighed, units),
        keeps_best=stopping is not None or validates,
        worst=code("-np.inf" if stopping and stopping.larger_is_better else "np.inf"),
        monitor=code(monitor),
        undefined=code(_UNDEFINED.get(monitor.removeprefix("val_"), "")),
        improves=code(_improves(stopping)),
    )


def measured(inputs: str, rows: str, weighed: bool, more: list[str]) -> Code:
    """The arguments of `measure` for the rows of `inputs` with this index."""
    given = [f"p, {inputs}{rows}, t{rows}", *[f"sample_weight{rows}"] * weighed, *more]
    return code(", ".join(given))


def shares_of(network: Network) -> dict[str, float]:
    """The parts of the split that hold rows, with their shares."""
    split = network.train.split
    shares = {
        "train": split.train,
        "validation": split.validation,
        "test": split.test,
    }
    return {part: share for part, share in shares.items() if share > 0}


def rows_index(network: Network, data: Data) -> str:
    """Which rows are learned, as an index; nothing where all are."""
    return "[train]" if len(shares_of(network)) > 1 or data.leaves_out else ""


def unit(data: Data) -> str:
    """What targets were divided by, as an expression."""
    scaling = data.target_scaling
    if data.encoding != "input":
        return "self.target_std_"
    if scaling.is_declared:
        return "HIGH - LOW"
    spreads = {"standard": "std", "robust": "iqr"}
    return f"self.{spreads.get(scaling.kind, 'range')}_"


def _text(stopping: EarlyStopping | None, tests: bool, splits: bool) -> str:
    if stopping is not None:
        figure = stopping.monitor.replace("val_", "validation ").replace("_", " ")
        text = f"Train until the {figure} stops improving; keep the best parameters."
        return textwrap.fill(text, WIDTH - 11, subsequent_indent=" " * 8)
    if tests:
        return "Train for all epochs; the test rows are looked at once, at the end."
    return "Train for all epochs." if splits else "Train on all rows."


def _split(network: Network, data: Data) -> str:
    stratified, drops = network.train.split.stratified, data.leaves_out
    scaled = data.scaling.scales or data.filling.fills or data.has_columns
    what = "len(complete)" if drops else f"len({'rows' if scaled else 'x'})"
    if stratified:
        what = f"{'t' if data.labels else 'targets'}{'[complete]' if drops else ''}"
    drawn = f"split_rows({what}, self.split, rng)"
    return f"[complete[part] for part in {drawn}]" if drops else drawn


def _order(shuffle: bool, chosen: bool) -> str:
    if shuffle:
        return f"rng.permutation({'train' if chosen else 'len(x)'})"
    return "train" if chosen else "np.arange(len(x))"


def _batches(network: Network, count: str) -> str:
    return "1" if network.train.batch_size is None else "(len(cuts) + 1)"


def _improves(stopping: EarlyStopping | None) -> str:
    if stopping is None:
        return 'log["val_loss"] < best'
    sign, change = (">", "+") if stopping.larger_is_better else ("<", "-")
    margin = f" {change} self.min_delta" if stopping.min_delta else ""
    return f'log["{stopping.monitor}"] {sign} best{margin}'
