"""How a module for JAX learns: where its arrays are, and the rate of each step."""

from collections.abc import Iterable
from dataclasses import replace

from nndsl.language.module_names import class_name, variable_name
from nndsl.network import Network
from nndsl.program.program import Program
from nndsl.render.escape import Code, code
from nndsl.render.module.fit_text import FitText, measured
from nndsl.render.network.passes import has_dropout
from nndsl.render.network.schedule import ScheduleText

_GIVEN = {
    "learning_rate": "self.learning_rate",
    "epoch": "epoch - 1",
    "epochs": "self.epochs",
    "step": "step",
    "steps": "steps",
}
"""What `fit` gives a schedule."""

_THERE = {"x": "device_x", "t": "device_t", "sample_weight": "device_weight"}
"""What arrays are called on the devices."""


def jax_fit(
    fit: FitText,
    network: Network,
    program: Program,
    schedule: ScheduleText,
    has_unit: bool,
) -> FitText:
    """`fit` for JAX: rows stay on the devices; a step returns parameters anew."""
    name = program.update.name
    optimizer = variable_name(name)
    weighed = program.data.weight is not None
    weights, units = ["weights"] * bool(program.loss.weights), ["unit"] * has_unit
    arrays = ["x", "t", *["sample_weight"] * weighed]
    there = [_THERE[each] for each in arrays]
    batches = network.train.batch_size is not None
    whole = "train" if fit.rows.text else "np.arange(len(x))"
    rate, by_step = _rate(network, schedule, batches), schedule.by_step
    named = by_step or bool(schedule.name) or schedule.factor
    rows = "batch" if batches else whole
    spread = f"spread({rows}.astype(np.int32), in_parts=True)"
    batch = spread if batches else "batch"
    counted = "step" in schedule.given and batches
    given = ["p", optimizer, *there, batch, "current_rate" if named else rate]
    given += ["mask_seed"] * has_dropout(program)
    given += weights
    before = [
        f"{', '.join(there)} = {', '.join(f'spread({each})' for each in arrays)}",
        *["mask_seed = int(rng.integers(2**31))"] * has_dropout(program),
        *["step = 0"] * counted,
    ]
    if not batches:
        before.append(f"batch = {spread}")
    step = [
        *["step += 1"] * counted,
        *[f"current_rate = {rate}"] * by_step,
        f"p, {optimizer} = train_batch({', '.join(given)})",
    ]
    return replace(
        fit,
        before=_codes(before),
        initialize=code(f"Parameters(*map(spread, initialize({fit.drawn.text})))"),
        new_optimizer=code(f"{class_name(name)}.start(p)"),
        plateau=code(_own_rate(network)),
        rate_lines=_codes([f"current_rate = {rate}"] * (named and not by_step)),
        step=_codes(step),
        measure_train=measured("device_x", fit.rows.text, weighed, weights + units),
        measure_validation=measured("device_x", "[validation]", weighed, units),
        measure_test=measured("device_x", "[test]", weighed, units),
    )


def _codes(lines: Iterable[str]) -> tuple[Code, ...]:
    return tuple(map(code, lines))


def _own_rate(network: Network) -> str:
    own = network.train.optimizer.learning_rate.rate is not None
    return "self.learning_rate" if own else "0.0"


def _rate(network: Network, schedule: ScheduleText, batches: bool) -> str:
    """The learning rate of a step, as an expression."""
    rate = _own_rate(network)
    if network.train.optimizer.learning_rate.name == "plateau":
        rate = "plateau.learning_rate"
    elif schedule.name:
        known = _GIVEN if batches else {**_GIVEN, "step": "epoch"}
        rate = f"{schedule.name}({', '.join(known[each] for each in schedule.given)})"
    return f"min(1, epoch / WARMUP) * {rate}" if schedule.factor else rate
