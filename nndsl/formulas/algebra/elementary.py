"""The elementary functions over one kind of number: floats here, others in tests.

The reference interpreter is written once over such a table; complex numbers and
numbers of any precision bring a table of their own.
"""

import cmath
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Function: TypeAlias = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Elementary:
    """`real` is what comparisons look at; `power` takes base and exponent."""

    exp: Function
    log: Function
    log1p: Function
    expm1: Function
    sqrt: Function
    sin: Function
    cos: Function
    tanh: Function
    erfc: Function
    power: Function
    divide: Function
    floor: Function
    real: Function
    pi: Any
    e: Any


def _guarded(function: Callable[..., float], overflow: float) -> Callable[..., float]:
    """As NumPy answers: a number where `math` raises."""

    def answer(*arguments: float) -> float:
        try:
            return function(*arguments)
        except OverflowError:
            return overflow
        except ValueError:
            return math.nan

    return answer


def _logarithm(x: float) -> float:
    return -math.inf if x == 0 else math.log(x)


def _logarithm_of_one_more(x: float) -> float:
    return -math.inf if x == -1 else math.log1p(x)


def _quotient(a: float, b: float) -> float:
    if b == 0:
        sign = math.copysign(1.0, a) * math.copysign(1.0, b)
        return math.nan if a == 0 or math.isnan(a) else math.inf * sign
    return a / b


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        return math.inf
    return math.pow(base, exponent)


def _floor(x: float) -> float:
    return float(math.floor(x)) if math.isfinite(x) else x


REAL = Elementary(
    exp=_guarded(math.exp, math.inf),
    log=_guarded(_logarithm, math.inf),
    log1p=_guarded(_logarithm_of_one_more, math.inf),
    expm1=_guarded(math.expm1, math.inf),
    sqrt=_guarded(math.sqrt, math.inf),
    sin=_guarded(math.sin, math.nan),
    cos=_guarded(math.cos, math.nan),
    tanh=math.tanh,
    erfc=math.erfc,
    power=_guarded(_power, math.inf),
    divide=_quotient,
    floor=_floor,
    real=float,
    pi=math.pi,
    e=math.e,
)


def _no_complex(*arguments: complex) -> complex:
    raise ValueError("not analytic")


# For complex steps: f(x + ih) gives the derivative without cancellation.
COMPLEX = Elementary(
    exp=cmath.exp,
    log=cmath.log,
    log1p=lambda z: cmath.log(1 + z),
    expm1=lambda z: cmath.exp(z) - 1,
    sqrt=cmath.sqrt,
    sin=cmath.sin,
    cos=cmath.cos,
    tanh=cmath.tanh,
    erfc=_no_complex,
    power=lambda a, b: a**b,
    divide=lambda a, b: a / b,
    floor=_no_complex,
    real=lambda z: complex(z).real,
    pi=math.pi,
    e=math.e,
)
