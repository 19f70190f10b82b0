"""Runs formulas as they are printed, and evaluates them in high precision."""

from __future__ import annotations

import math
import warnings
from typing import Any

import mpmath
import numpy as np

from nndsl.formulas.algebra.elementary import Elementary
from nndsl.formulas.expression import Expression
from nndsl.render.expressions.helpers import helper_constants, helper_functions
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import needs

mpmath.mp.dps = 60

HIGH_PRECISION = Elementary(
    exp=mpmath.exp,
    log=mpmath.log,
    log1p=mpmath.log1p,
    expm1=mpmath.expm1,
    sqrt=mpmath.sqrt,
    sin=mpmath.sin,
    cos=mpmath.cos,
    tanh=mpmath.tanh,
    erfc=mpmath.erfc,
    power=mpmath.power,
    divide=lambda a, b: mpmath.mpf(a) / b,
    floor=mpmath.floor,
    real=mpmath.mpf,
    pi=mpmath.pi,
    e=mpmath.e,
)


def printed_lines(
    expression: Expression, scalars: set[str], width: int = 88
) -> list[str]:
    return print_steps(expression, "result", width, None, scalars)


def run_printed(
    expression: Expression, values: dict[str, Any], precision: str = "float64"
) -> np.ndarray:
    """What the printed steps compute; arrays take `precision`, warnings are errors."""
    scalars = {name for name, value in values.items() if np.ndim(value) == 0}
    used = needs(expression, scalars)
    space: dict[str, Any] = {"np": np, "math": math, "ndarray": np.ndarray}
    space["DTYPE"] = getattr(np, precision)
    for name, value, _ in helper_constants(used, precision):
        space[name] = value
    for source in helper_functions(used, precision):
        exec(source, space)
    for name, value in values.items():
        plain = name in scalars
        space[name] = value if plain else np.asarray(value, dtype=precision)
    with warnings.catch_warnings(), np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("error")
        for line in printed_lines(expression, scalars):
            exec(line, space)
    return np.asarray(space["result"])


def ulps(computed: np.ndarray, exact: list[Any], precision: str = "float64") -> list:
    """The error of each value in units of its last place; 0 below normal numbers."""
    kind = getattr(np, precision)
    least = mpmath.mpf(float(np.finfo(kind).tiny))
    most = mpmath.mpf(float(np.finfo(kind).max))
    errors = []
    for value, true in zip(computed.ravel(), exact, strict=True):
        if abs(true) < least or abs(true) > most:
            errors.append(0.0)
            continue
        place = float(np.spacing(abs(kind(float(true)))))
        errors.append(float(abs(mpmath.mpf(float(value)) - true) / place))
    return errors
