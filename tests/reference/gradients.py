"""Gradients judged by central differences of the loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]
STEP = 1e-5
OF_ARRAY, OF_ALL = 1e-6, 1e-9
"""The error allowed: of the array's largest gradient, or of the largest of all."""


def redraw(model: Any, random: np.random.RandomState, deviation: float = 0.5) -> None:
    """Draw every parameter from N(0, deviation)."""
    for array in model.parameters.values():
        array[...] = deviation * random.standard_normal(array.shape)


def differences_of(model: Any, x: Any, y: Any, most: int | None = None) -> Arrays:
    """The central differences of a model's loss, by parameter."""
    return all_differences(model.parameters, lambda: model.loss(x, y), most)


def all_differences(
    parameters: Arrays, loss: Callable[[], float], most: int | None = None
) -> Arrays:
    """The same for any loss of `parameters`, which are changed and put back."""
    return {name: differences(a, loss, most) for name, a in parameters.items()}


def differences(
    array: np.ndarray, loss: Callable[[], float], most: int | None = None
) -> np.ndarray:
    """(loss(w + h) - loss(w - h)) / 2h for every number w of `array`.

    With `most`, only for so many of them; NaN for the others.
    """
    result = np.full(array.shape, np.nan)
    places = np.random.RandomState(0).permutation(array.size)[:most]
    for place in zip(*np.unravel_index(places, array.shape), strict=True):
        before = array[place]
        array[place] = before + STEP
        above = loss()
        array[place] = before - STEP
        result[place] = (above - loss()) / (2 * STEP)
        array[place] = before
    return result


def worst_error_of(expected: Arrays, gradients: Arrays) -> dict[str, float]:
    """How many times the allowed error each parameter's gradient has, by name."""
    assert gradients.keys() == expected.keys()
    largest = max(np.nanmax(np.abs(array)) for array in expected.values())
    assert largest > 0, "a loss that no parameter changes tells nothing"
    errors = {}
    for name, array in expected.items():
        assert gradients[name].shape == array.shape, name
        assert np.isfinite(gradients[name]).all(), name
        allowed = max(OF_ARRAY * np.nanmax(np.abs(array)), OF_ALL * largest)
        errors[name] = float(np.nanmax(np.abs(gradients[name] - array)) / allowed)
    return errors


def worst_error(model: Any, x: Any, y: Any) -> float:
    """How many times the allowed error the worst gradient of `model` has."""
    errors = worst_error_of(differences_of(model, x, y), model.gradients(x, y))
    return max(errors.values())
