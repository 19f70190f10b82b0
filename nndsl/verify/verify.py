"""Proof for one program: its gradients, its two styles, its formulas, its files."""

import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from nndsl.api import module_of
from nndsl.compiler import module_text, understand
from nndsl.diagnostics.record import Source
from nndsl.language.module_names import class_name
from nndsl.lower.lower import lower
from nndsl.network import Network
from nndsl.program.program import Program
from nndsl.render.network.schedule import schedule_text
from nndsl.verify.gradients import behind_surrogates, compare_gradients
from nndsl.verify.interpreter import loss_of, predicted
from nndsl.verify.parts import (
    mean_of_masks,
    output_of_large_numbers,
    running_statistics,
)
from nndsl.verify.subject import Batch, Subject, drawn_batch, drawn_table, subject_of

FLOAT64 = "train.precision=float64"
EPOCHS, STEPS = 3, 5
ALLOWED = 1e-7
"""Of a gradient: differences of the loss are no more exact."""
EQUAL = 1e-9
"""Of values that are the same sums in another order."""

_BORROWED = "not compared: it passes a surrogate, whose derivative is borrowed"
ROUGHLY = 0.02
"""Of a training: where a slope is 0, rounding decides where an optimizer goes."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One comparison: `error` relative to the largest value, at most `allowed`."""

    what: str
    error: float
    allowed: float
    remark: str = ""

    @property
    def holds(self) -> bool:
        return self.error <= self.allowed


def verify(source: Source, settings: Sequence[str] = ()) -> list[Proof]:
    """Compare what a spec became with independent computations, in float64.

    Raises `SpecError` for a spec that has errors.
    """
    checked = understand(source, (*settings, FLOAT64))
    program = lower(checked.network)
    textbook, fast = (
        module_of(module_text(checked, style), source.name)
        for style in ("textbook", "fast")
    )
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        proofs = [*_of_batches(program, textbook, fast)]
        proofs.append(_of_optimizers(checked.network, program, textbook, fast))
        proofs += _of_models(checked.network.name, program, textbook, fast)
    return proofs


def _of_batches(
    program: Program, textbook: ModuleType, fast: ModuleType
) -> Iterator[Proof]:
    batch = drawn_batch(program, textbook)
    one, other = subject_of(program, textbook), subject_of(program, fast)
    for slopes in compare_gradients(one, batch):
        kinks = f", {slopes.kinks} near kinks left out" if slopes.kinks else ""
        size = int(np.prod(slopes.shape))
        remark = f"{slopes.tried} of {size:,} compared{kinks}"
        if not slopes.tried:
            remark = "the loss has kinks everywhere; nothing compared"
        yield Proof(f"gradient of {slopes.name}", slopes.error, ALLOWED, remark)
    for name in sorted(behind_surrogates(program)):
        yield Proof(f"gradient of {name}", 0.0, 0.0, _BORROWED)
    gradients = [subject.gradients(batch) for subject in (one, other)]
    pairs = zip(*(each.values() for each in gradients), strict=True)
    largest = max(np.abs(g).max() for g in gradients[0].values()) or 1.0
    error = max(np.abs(a - b).max() for a, b in pairs) / largest
    yield Proof("gradients of the fast style", float(error), EQUAL)
    for style, subject in (("", one), (" in the fast style", other)):
        error = _of_formulas(subject, batch)
        yield Proof(f"output and loss by the formulas{style}", error, EQUAL)
    error = output_of_large_numbers(one, batch)
    yield Proof("output of large numbers by the formulas", error, EQUAL)
    mean = mean_of_masks(program, textbook)
    if mean is not None:
        yield Proof("mean of the dropout masks", mean, 5.0, "in standard errors")
    running = running_statistics(one, batch)
    if running is not None:
        yield Proof("running statistics after a step", running, EQUAL)


def _of_formulas(subject: Subject, batch: Batch) -> float:
    """How far output and loss are from those of the interpreter of formulas."""
    program, module, x, t = subject.program, subject.module, batch.x, batch.t
    expected = predicted(program, subject.p._asdict(), x)
    found = module.forward(subject.p, x)[-1]
    if batch.weights:
        return _apart(expected, found)
    loss = loss_of(program, expected, t)
    ours = module.measure(subject.p, x, t)["loss"]
    if program.penalties:
        ours -= module.penalty(subject.p)
    return max(_apart(expected, found), float(abs(loss - ours) / max(abs(loss), 1.0)))


def _of_optimizers(
    network: Network, program: Program, textbook: ModuleType, fast: ModuleType
) -> Proof:
    """Some steps with the same random gradients."""
    schedule = schedule_text(program, network.train.optimizer.learning_rate)
    lengths = [{"steps": 100, "epochs": 10}[word] for word in schedule.of_optimizer]
    after = []
    for module in (textbook, fast):
        p, rng = subject_of(program, module).p, np.random.default_rng(4)
        made = getattr(module, class_name(program.update.name))(p, 0.01, *lengths)
        for _ in range(STEPS):
            drawn = (rng.standard_normal(w.shape) for w in p)
            made.update(p, type(p)(*drawn))
        after.append(p)
    error = max(_apart(a, b) for a, b in zip(*after, strict=True))
    return Proof(
        f"{STEPS} steps of {program.update.name} in the fast style", error, EQUAL
    )


def _of_models(
    name: str, program: Program, textbook: ModuleType, fast: ModuleType
) -> Iterator[Proof]:
    given = drawn_table(program)

    def fitted(module: ModuleType) -> Any:
        return getattr(module, name)(epochs=EPOCHS).fit(**given)

    try:
        one, again, other = fitted(textbook), fitted(textbook), fitted(fast)
    except FloatingPointError:
        yield Proof("training", 0.0, 0.0, "diverges on random rows; not compared")
        return
    error = _apart(np.array(one.history_["loss"]), np.array(other.history_["loss"]))
    yield Proof(f"loss of {EPOCHS} epochs in the fast style", error, ROUGHLY)
    yield Proof("the same seed twice", _bits(one, again, given["X"]), 0.0)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model.npz")
        one.save(path)
        for style, module in (("", textbook), (" by the fast style", fast)):
            loaded = getattr(module, name).load(path)
            allowed = EQUAL if style else 0.0
            error = _bits(one, loaded, given["X"], exact=not style)
            yield Proof(f"saved and loaded{style}", error, allowed)


def _bits(one: Any, other: Any, X: Any, *, exact: bool = True) -> float:
    """How far two models' parameters and answers are apart; 0 for equal bits."""
    pairs = [*zip(one.parameters_, other.parameters_, strict=True)]
    answers = [np.asarray(each.predict(X)) for each in (one, other)]
    if answers[0].dtype.kind == "f":
        pairs.append((answers[0], answers[1]))
    elif exact and not np.array_equal(answers[0], answers[1]):
        return float("inf")
    return max(_apart(a, b) for a, b in pairs)


def _apart(one: Any, other: Any) -> float:
    """The largest difference, relative to the largest number but at least 1."""
    return float(np.abs(one - other).max() / max(np.abs(one).max(), 1.0))
