"""What a gradient does not show: large inputs, dropout, running statistics."""

from collections.abc import Iterator
from types import ModuleType

import numpy as np

from nndsl.program.program import DropoutMask, Program, Standardise
from nndsl.verify.interpreter import values_of
from nndsl.verify.subject import Array, Batch, Subject

LARGE = 1e4
"""A factor for rows and parameters: exp overflows where a formula is not stable."""
DRAWN = 1_000_000
"""How many numbers of a dropout mask are drawn."""


def output_of_large_numbers(subject: Subject, batch: Batch) -> float:
    """How far the output is from the interpreter's in rows where no layer overflows."""
    x, p = LARGE * batch.x, type(subject.p)(*(LARGE * w for w in subject.p))
    values = values_of(subject.program, p._asdict(), x)
    of_rows = [a for a in values.values() if a.ndim == 2 and len(a) == len(x)]
    finite = np.all([np.isfinite(a).all(axis=1) for a in of_rows], axis=0)
    if not finite.any():
        return 0.0
    expected = values[subject.program.output][finite]
    error = np.abs(expected - subject.module.forward(p, x)[-1][finite]).max()
    return float(error / max(np.abs(expected).max(), 1.0))


def mean_of_masks(program: Program, module: ModuleType) -> float | None:
    """How far the mean of a dropout mask is from 1, in standard errors of the mean."""
    masks = [s for s in _statements(program) if isinstance(s, DropoutMask) and s.rate]
    if not masks:
        return None
    rng = np.random.default_rng(6)
    errors = []
    for rate in sorted({mask.rate for mask in masks}):
        mean = module.dropout_mask(rng, (DRAWN,), rate).mean()
        errors.append(abs(mean - 1) / np.sqrt(rate / (1 - rate) / DRAWN))
    return float(max(errors))


def running_statistics(subject: Subject, batch: Batch) -> float | None:
    """How far they are from what a step on the batch moves them to.

    The variance moves towards that of the rows without bias, as in PyTorch.
    """
    program, module, n = subject.program, subject.module, len(batch.x)
    norms = [s for s in _statements(program) if isinstance(s, Standardise)]
    norms = [norm for norm in norms if norm.running_mean is not None]
    if not norms:
        return None
    before = subject.p._asdict()
    values = values_of(program, before, batch.x, training=True)
    p = type(subject.p)(*(w.copy() for w in subject.p))
    module.update_running(p, module.forward(p, batch.x, training=True), n)
    keys, after = {a.name: a.key for a in program.running}, p._asdict()

    def error(norm: Standardise, name: str | None, of_batch: Array) -> float:
        key = keys[str(name)]
        expected = (1 - norm.momentum) * before[key] + norm.momentum * of_batch
        return float(np.abs(after[key] - expected).max() / np.abs(expected).max())

    errors = []
    for norm in norms:
        z = values[norm.source]
        errors.append(error(norm, norm.running_mean, z.mean(axis=0)))
        errors.append(error(norm, norm.running_variance, z.var(axis=0, ddof=1)))
    return max(errors)


def _statements(program: Program) -> Iterator[object]:
    for block in program.forward:
        yield from block.statements
