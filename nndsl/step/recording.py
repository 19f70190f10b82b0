"""The first steps of a training, recorded while the module takes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from nndsl.language.module_names import class_name
from nndsl.program.program import Program, Shape
from nndsl.render.network.loss_function import loss_name
from nndsl.step.arrays import Arrays, Names
from nndsl.step.first_batch import FirstBatch
from nndsl.step.statements import statements_of
from nndsl.step.tracer import Moment, Tracer

PHASES = "forward", "loss", "backward", "update"
NUMBERS = 200_000
"""So many numbers a page holds, about; then it ends with the step it is in."""
_CORNERS = 16, 8, 4, 2


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the training: what ran, and the loss that it started from."""

    loss: float | None
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """`arrays` are the values of all steps; `wanted` steps were asked for."""

    steps: tuple[Step, ...]
    arrays: Arrays
    wanted: int


def record(
    program: Program, module: ModuleType, text: str, batch: FirstBatch, steps: int
) -> Recording:
    """Take up to `steps` steps on the batch; `text` is the module's.

    The parameters and the optimizer of the batch are changed.
    """
    arrays = Arrays(_corner(program, len(batch.x)))
    statements = statements_of(text)
    phases = _phases(program, module)
    taken: list[Step] = []
    for _ in range(steps):
        tracer = Tracer(module, statements, phases, arrays, _names(batch))
        taken.append(_step(program, module, batch, tracer))
        if arrays.count * (len(taken) + 1) > NUMBERS * len(taken):
            break
    return Recording(tuple(taken), arrays, steps)


def _step(
    program: Program, module: ModuleType, batch: FirstBatch, tracer: Tracer
) -> Step:
    """Take one step; the loss is that of its own forward pass."""
    before = type(batch.p)(*(w.copy() for w in batch.p))
    with np.errstate(all="ignore"), tracer.watching():
        module.train_batch(**batch.given)
        output = tracer.returned["forward"][-1]
        loss = getattr(module, loss_name(program))(output, batch.t, *batch.more)
        if program.penalties:
            loss += module.penalty(before)
    by_phase = [[m for m in tracer.moments if m.phase == phase] for phase in PHASES]
    moments = tuple(moment for part in by_phase for moment in part)
    return Step(float(loss) if np.isfinite(loss) else None, moments)


def _phases(program: Program, module: ModuleType) -> dict[CodeType, str]:
    """Which part of a step each function is, by its code."""
    names = {
        "forward": "forward",
        loss_name(program): "loss",
        "penalty": "loss",
        "backward": "backward",
        "clip_gradients": "update",
        "limit_norms": "update",
        "update_running": "update",
    }
    optimizer = getattr(module, class_name(program.update.name))
    functions = {getattr(module, n, None): phase for n, phase in names.items()}
    functions[optimizer.update] = "update"
    return {f.__code__: phase for f, phase in functions.items() if f is not None}


def _names(batch: FirstBatch) -> Names:
    """What is there before a step: the parameters, and what the optimizer remembers."""
    names = Names()
    named: Mapping[str, Any] = batch.p._asdict()
    for key, array in named.items():
        names.learn(array, f"p.{key}")
    for state, kept in vars(batch.optimizer).items():
        for key, array in zip(
            named, kept if isinstance(kept, list) else (), strict=False
        ):
            names.learn(array, f"{state} of {key}")
    for key in ("x", "t", "sample_weight"):
        names.learn(batch.given.get(key), key)
    return names


def _corner(program: Program, rows: int) -> int:
    """How much of each array is kept, so that one step fits."""

    def size(shape: Shape, corner: int) -> int:
        known = (rows if isinstance(width, str) else width for width in shape)
        return int(np.prod([min(width, corner) for width in known]))

    learned = [p.array.shape for p in program.parameters] * 8
    computed = [array.shape for array in program.arrays.values()]
    for corner in _CORNERS:
        if sum(size(shape, corner) for shape in learned + computed) <= NUMBERS:
            return corner
    return _CORNERS[-1]
