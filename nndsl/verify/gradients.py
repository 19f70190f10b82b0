"""Gradients against differences of the loss."""

from dataclasses import dataclass

import numpy as np

from nndsl.program.program import Activate, Program
from nndsl.program.reads import reads
from nndsl.verify.subject import Array, Batch, Subject

STEP = 1e-4
MOST = 60
"""How many numbers of a parameter are tried."""
NEAR_A_KINK = 1e-5
"""Differences of two sizes that are further apart, as a share of the largest slope,
have a kink of the loss between them."""


@dataclass(frozen=True, slots=True)
class Slopes:
    """What differences say of one parameter's gradient.

    `error` is the largest difference from what `backward` gives, as a share of the
    largest slope of all parameters; `tried` numbers were compared, `kinks` left out.
    """

    name: str
    shape: tuple[int, ...]
    error: float
    tried: int
    kinks: int


def compare_gradients(subject: Subject, batch: Batch) -> list[Slopes]:
    """Compare each parameter's gradient with central differences of fourth order."""
    gradients = subject.gradients(batch)
    rng = np.random.default_rng(2)
    lent = behind_surrogates(subject.program)
    found: dict[str, tuple[Array, Array]] = {}
    for name, gradient in gradients.items():
        if name in lent:
            continue
        places = rng.permutation(gradient.size)[:MOST]
        w = getattr(subject.p, name)
        pairs = [_slopes(subject, batch, w, place) for place in places]
        found[name] = (np.array(pairs), gradient.reshape(-1)[places])
    largest = max(np.abs(slopes).max() for slopes, _ in found.values()) or 1.0
    rows = []
    for name, (slopes, expected) in found.items():
        unsure = np.abs(slopes[:, 0] - slopes[:, 1])  # how exact the differences are
        smooth = unsure <= NEAR_A_KINK * largest
        errors = (np.abs(slopes[:, 0] - expected) - unsure)[smooth] / largest
        error = float(errors.max(initial=0.0))
        kinks = int((~smooth).sum())
        shape = getattr(subject.p, name).shape
        rows.append(Slopes(name, shape, error, len(errors), kinks))
    return rows


def behind_surrogates(program: Program) -> set[str]:
    """Parameters whose gradient passes an activation that borrows a derivative.

    It is not the slope of the loss, and no difference shows it.
    """
    parameters = {p.array.name: p.array.key for p in program.parameters}
    statements = [s for block in program.forward for s in block.statements]
    borrows = [
        at
        for at, statement in enumerate(statements)
        if isinstance(statement, Activate) and statement.use.surrogate is not None
    ]
    before = statements[: borrows[-1]] if borrows else []
    read = {name for statement in before for name in reads(statement)}
    return {key for name, key in parameters.items() if name in read}


def _slopes(
    subject: Subject, batch: Batch, w: Array, place: int
) -> tuple[float, float]:
    """The slope at one number of a parameter, by differences of two sizes."""
    at = np.unravel_index(place, w.shape)
    before = w[at]

    def central(h: float) -> float:
        w[at] = before + h
        above = subject.loss(batch)
        w[at] = before - h
        return above - subject.loss(batch)

    one, two, four = (central(k * STEP) for k in (1, 2, 4))
    w[at] = before
    return (8 * one - two) / (12 * STEP), (8 * two - four) / (24 * STEP)
