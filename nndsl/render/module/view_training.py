"""The constructor's arguments, and how the model learns."""

from dataclasses import dataclass

from nndsl.formulas.traverse import variables
from nndsl.network import Network
from nndsl.program.tree import Program
from nndsl.render.escape import WIDTH, Code, code, literal, name, number
from nndsl.render.textbook.passes import has_dropout


@dataclass(frozen=True, slots=True)
class Argument:
    """A keyword argument of the constructor; `note` is a comment or empty."""

    name: Code
    type: Code
    default: Code
    note: Code


@dataclass(frozen=True, slots=True)
class Training:
    """`saves_best`: the best weights so far go into checkpoints, beside the last."""

    arguments: tuple[Argument, ...]
    stored: tuple[Code, ...]
    counted: Code
    stratified: bool
    divided: Code
    shuffles: bool
    has_learning_rate: bool
    remedy: Code
    plans_steps: bool
    has_dropout: bool
    early_stopping: bool
    monitor: Code
    training_monitor: Code
    watches_validation: bool
    without_validation: Code
    best_of: Code
    saves_best: bool
    best: Code
    kept: Code
    worst: Code
    improves: Code
    kept_epoch: Code
    stops: Code
    checkpoints: bool
    checkpoint_every: Code
    plateau: bool
    plateau_factor: Code
    plateau_patience: Code
    plateau_threshold: Code
    class_weights: bool
    balanced: bool
    initial_class_weights: Code
    class_weights_template: str
    class_weights_note: Code


def training(network: Network, program: Program) -> Training:
    train = network.train
    rate = train.optimizer.learning_rate
    stopping = train.early_stopping
    plateau = dict(rate.arguments) if rate.formula is None else {}
    saves_best = stopping is not None and train.checkpoint_every is not None
    balanced = train.class_weights == "balanced"
    monitor = stopping.monitor if stopping else ""
    larger = stopping is not None and stopping.larger_is_better
    return Training(
        arguments=tuple(_arguments(network)),
        stored=_stored([argument.name.text for argument in _arguments(network)]),
        counted=code(
            '{"epochs": 1, "batch_size": 1, "patience": 1, "seed": 0}'
            if stopping
            else '{"epochs": 1, "batch_size": 1, "seed": 0}'
        ),
        stratified=train.split.stratified,
        divided=code("answers" if train.split.stratified else "len(rows)"),
        shuffles=train.shuffle,
        has_learning_rate=rate.rate is not None,
        remedy=code(_remedy(network, program)),
        plans_steps=rate.formula is not None
        and "steps" in variables(rate.formula.value),
        has_dropout=has_dropout(program),
        early_stopping=stopping is not None,
        monitor=literal(monitor),
        training_monitor=literal(monitor.removeprefix("val_")),
        watches_validation=monitor.startswith("val_"),
        without_validation=code(
            "; without any\n        the figure of the training rows decides"
            if monitor.startswith("val_")
            else ""
        ),
        best_of=code("max" if larger else "min"),
        saves_best=saves_best,
        best=code("self._best" if saves_best else "best"),
        kept=code("self._kept" if saves_best else "kept"),
        worst=code(f"{'-' if larger else ''}{'1e300' if saves_best else 'math.inf'}"),
        improves=code(_improves(network)),
        kept_epoch=code(
            f"{'highest' if larger else 'lowest'} {monitor}"
            if stopping
            else "last epoch"
        ),
        stops=code(
            "stop"
            if stopping is None
            else "stop or epoch - self.best_epoch_ >= self.patience"
            if saves_best
            else "stop or epoch - max(self.best_epoch_, first - 1) >= self.patience"
        ),
        checkpoints=train.checkpoint_every is not None,
        checkpoint_every=number(train.checkpoint_every or 0),
        plateau=rate.formula is None,
        plateau_factor=number(plateau.get("factor", 0.0)),
        plateau_patience=number(int(plateau.get("patience", 0))),
        plateau_threshold=number(plateau.get("threshold", 0.0)),
        class_weights=train.class_weights is not None,
        balanced=balanced,
        initial_class_weights=code(_initial_class_weights(network, program)),
        class_weights_template=(
            "tasks/weights_of_classes.py.jinja"
            if program.data.encoding == "one_hot"
            else "tasks/weights_of_two.py.jinja"
        ),
        class_weights_note=code(
            "Give every class the same weight in all, 1 in the mean over the rows."
            if balanced
            else "Take the declared weights, scaled to 1 in the mean over the rows."
        ),
    )


def _arguments(network: Network) -> list[Argument]:
    train, split = network.train, network.train.split
    rate = train.optimizer.learning_rate.rate
    size = train.batch_size
    shares = (split.train, split.validation, split.test)
    made = [("epochs", "int", str(train.epochs), "")]
    made.append(("batch_size", "int | None", str(size), "  # None: all rows"))
    if rate is not None:
        made.append(("learning_rate", "float", number(rate).text, ""))
    if train.early_stopping is not None:
        made.append(("patience", "int", str(train.early_stopping.patience), ""))
    default = "None" if shares == (1.0, 0.0, 0.0) else repr(shares)
    made.append(("split", "Shares | None", default, ""))
    if train.checkpoint_every is not None:
        made.append(("checkpoint_path", "str | None", "None", ""))
    made += [("seed", "int", str(train.seed), ""), ("verbose", "int", "0", "")]
    return [Argument(name(n), code(t), code(d), code(note)) for n, t, d, note in made]


def _stored(names: list[str]) -> tuple[Code, ...]:
    """Assignments of the arguments to the model, two or three on a line."""
    lines = []
    while names:
        fits = len(_assignment(names[:3])) <= WIDTH - 8
        count = 3 if len(names) != 4 and fits else 2
        lines.append(code(_assignment(names[:count])))
        names = names[count:]
    return tuple(lines)


def _assignment(names: list[str]) -> str:
    return f"{', '.join(f'self.{name}' for name in names)} = {', '.join(names)}"


def _remedy(network: Network, program: Program) -> str:
    scaled = "" if program.data.scaling.scales else " or scale X"
    if network.train.optimizer.learning_rate.rate is None:
        return f"lower the learning rate{scaled}"
    return f"lower the learning_rate{scaled}"


def _improves(network: Network) -> str:
    stopping = network.train.early_stopping
    if stopping is None:
        return ""
    sign, change = (">", "+") if stopping.larger_is_better else ("<", "-")
    margin = (
        f" {change} {number(stopping.min_delta).text}" if stopping.min_delta else ""
    )
    best = "self._best" if network.train.checkpoint_every is not None else "best"
    return f"watched {sign} {best}{margin}"


def _initial_class_weights(network: Network, program: Program) -> str:
    one_hot = program.data.encoding == "one_hot"
    if network.train.class_weights != "balanced":
        brackets = "[CLASS_WEIGHTS]" if one_hot else "CLASS_WEIGHTS"
        return f"np.array({brackets}, dtype=FLOAT)"
    width = program.loss.outputs if isinstance(program.loss.outputs, int) else 1
    return f"np.ones(({1 if one_hot else 2}, {width}), dtype=FLOAT)"
