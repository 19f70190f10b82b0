"""Gradients judged by differences of the loss, of the fourth order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.modules import Run

Arrays = dict[str, np.ndarray]
STEP = 1e-4
OF_ARRAY, OF_ALL = 1e-8, 1e-9
"""The error allowed: of the array's largest gradient, or of the largest of all."""
LOGARITHMIC = ("cross_entropy", "kl_divergence")
NEAR_CERTAIN = 1e-6


class KinkError(AssertionError):
    """The loss has a kink nearby: differences of two sizes disagree."""


def redraw(run: Run, random: np.random.RandomState, deviation: float = 0.5) -> None:
    """Draw every learned parameter from N(0, deviation)."""
    for name, array in run.p._asdict().items():
        if not name.startswith(("mean", "variance")):
            array[...] = deviation * random.standard_normal(array.shape)


def copied(run: Run, other: Run) -> Run:
    """`other` with the parameters of `run`."""
    for mine, theirs in zip(run.p, other.p, strict=True):
        theirs[...] = mine
    return other


def differences_of(run: Run, x: Any, t: Any, most: int | None = None) -> Arrays:
    """The slopes of a run's loss, by parameter; KinkError where they cannot be known.

    With `most`, only for so many numbers of an array; NaN for the others.
    """
    return all_differences(run.p._asdict(), lambda: run.loss(x, t), most)


def all_differences(
    parameters: Arrays, loss: Callable[[], float], most: int | None = None
) -> Arrays:
    """The same for any loss of `parameters`, which are changed and put back."""
    fine: Arrays = {}
    coarse: Arrays = {}
    for name, array in parameters.items():
        fine[name] = np.full(array.shape, np.nan)
        coarse[name] = np.full(array.shape, np.nan)
        for flat in np.random.RandomState(0).permutation(array.size)[:most]:
            place = np.unravel_index(flat, array.shape)
            before = array[place]

            def central(h: float) -> float:
                array[place] = before + h  # noqa: B023
                above = loss()
                array[place] = before - h  # noqa: B023
                return above - loss()

            one, two, four = (central(k * STEP) for k in (1, 2, 4))
            fine[name][place] = (8 * one - two) / (12 * STEP)
            coarse[name][place] = (8 * two - four) / (24 * STEP)
            array[place] = before
    if max(errors_of(fine, coarse).values()) > 1 / 2:
        raise KinkError
    return fine


def errors_of(expected: Arrays, gradients: Any) -> dict[str, float]:
    """How many times the allowed error each parameter's gradient has, by name."""
    found = gradients if isinstance(gradients, dict) else gradients._asdict()
    assert found.keys() == expected.keys()
    largest = max(np.nanmax(np.abs(array)) for array in expected.values())
    assert largest > 0, "a loss that no parameter changes says nothing"
    errors = {}
    for name, array in expected.items():
        assert found[name].shape == array.shape, name
        given = found[name][~np.isnan(array)]
        assert np.isfinite(given).all(), name
        array = array[~np.isnan(array)]
        allowed = max(OF_ARRAY * np.abs(array).max(), OF_ALL * largest)
        errors[name] = float(np.abs(given - array).max() / allowed)
    return errors


def worst_error(run: Run, x: Any, t: Any) -> float:
    """How many times the allowed error the worst gradient of `run` has."""
    return max(errors_of(differences_of(run, x, t), run.gradients(x, t)).values())


def off_the_clip(run: Run, x: Any) -> bool:
    """Whether no probability of a crossentropy is near 0 or 1, where it is cut."""
    if not any(hasattr(run.module, name) for name in LOGARITHMIC):
        return True
    output = run.outputs(x)[-1]
    return bool(min(output.min(), (1 - output).min()) > NEAR_CERTAIN)
