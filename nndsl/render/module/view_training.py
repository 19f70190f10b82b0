"""The constructor's arguments, and how the model learns."""

from dataclasses import dataclass

from nndsl.formulas.traverse import variables
from nndsl.network import LearningRate, Network
from nndsl.program.program import Program
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
class Plateau:
    """When the learning rate is lowered, and how far."""

    factor: Code
    patience: Code
    threshold: Code


@dataclass(frozen=True, slots=True)
class Training:
    """`saves_best`: the best weights so far go into checkpoints, beside the last.

    `monitor` is the figure that is watched, `training_monitor` that of the training
    rows; `improves` says when it is better than the best, which begins as `worst`.
    """

    arguments: tuple[Argument, ...]
    stored: tuple[Code, ...]
    has_learning_rate: bool
    plans_steps: bool
    has_dropout: bool
    saves_best: bool
    watches_validation: bool
    monitor: Code
    training_monitor: Code
    worst: Code
    improves: Code
    kept_epoch: Code
    checkpoint_every: Code
    plateau: Plateau | None
    balanced: bool
    initial_class_weights: Code


def training(network: Network, program: Program) -> Training:
    train = network.train
    rate = train.optimizer.learning_rate
    stopping = train.early_stopping
    saves_best = stopping is not None and train.checkpoint_every is not None
    monitor = stopping.monitor if stopping else ""
    larger = stopping is not None and stopping.larger_is_better
    arguments = _arguments(network)
    return Training(
        arguments=tuple(arguments),
        stored=_stored([argument.name.text for argument in arguments]),
        has_learning_rate=rate.rate is not None,
        plans_steps=rate.formula is not None
        and "steps" in variables(rate.formula.value),
        has_dropout=has_dropout(program),
        saves_best=saves_best,
        watches_validation=monitor.startswith("val_"),
        monitor=literal(monitor),
        training_monitor=literal(monitor.removeprefix("val_")),
        worst=code(f"{'-' if larger else ''}{'1e300' if saves_best else 'math.inf'}"),
        improves=code(_improves(network)),
        kept_epoch=code(
            f"{'highest' if larger else 'lowest'} {monitor}"
            if stopping
            else "last epoch"
        ),
        checkpoint_every=number(train.checkpoint_every or 0),
        plateau=_plateau(rate) if rate.formula is None else None,
        balanced=train.class_weights == "balanced",
        initial_class_weights=code(_initial_class_weights(network, program)),
    )


def _plateau(rate: LearningRate) -> Plateau:
    arguments = dict(rate.arguments)
    return Plateau(
        number(arguments["factor"]),
        number(int(arguments["patience"])),
        number(arguments["threshold"]),
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
