"""Derive the coefficients of the normal distribution helpers of generated modules.

The tail of the distribution function is written as

    Phi(-t) = exp(-t²/2) · P(u) / (t + c)     u = (t - c) / (t + c)     for t >= 0

The function P stands for, (t + c)·exp(t²/2)·erfc(t/√2)/2, falls gently from c/2 to
0.4, and u runs from -1 to nearly 1, so that few digits cancel in Horner's rule.  P is
the minimax polynomial in relative error (Remez exchange in high precision).

    python benchmarks/derive_normal.py

prints the coefficients, highest power first, the relative error reached, and where
each function falls below the smallest normal number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mpmath import mp, mpf

mp.dps = 60

CENTRE = mpf(7) / 2
GRID = 2000


@dataclass(frozen=True, slots=True)
class Target:
    """The degree of P, the range's end, the smallest normal number."""

    precision: str
    degree: int
    end: float
    smallest: float


TARGETS = (
    Target("float64", 23, 37.7, 2.0**-1022),
    Target("float32", 9, 13.2, 2.0**-126),
)
FUNCTIONS: dict[str, Callable[[mpf], mpf]] = {
    "normal_cdf": lambda t: mp.ncdf(-t),
    "normal_pdf": mp.npdf,
    "times_normal_cdf": lambda t: t * mp.ncdf(-t),
}


def smooth(u: mpf) -> mpf:
    """What P approximates, at t = c·(1 + u)/(1 - u)."""
    t = CENTRE * (1 + u) / (1 - u)
    return (t + CENTRE) * mp.exp(t * t / 2) * mp.erfc(t / mp.sqrt(2)) / 2


def points(count: int, end: float) -> list[mpf]:
    """Chebyshev's extreme points on the range of u."""
    width = (mpf(end) - CENTRE) / (mpf(end) + CENTRE) + 1
    return [(1 - mp.cos(mp.pi * i / (count - 1))) / 2 * width - 1 for i in range(count)]


def levelled(reference: list[mpf], degree: int) -> list[mpf]:
    """The polynomial whose relative error there is one size with alternating sign."""
    system = mp.matrix(len(reference))
    right = mp.matrix(len(reference), 1)
    for i, u in enumerate(reference):
        right[i] = smooth(u)
        for power in range(degree + 1):
            system[i, power] = u**power
        system[i, degree + 1] = (-1) ** i * right[i]
    return list(mp.lu_solve(system, right))[degree::-1]


def extremes(errors: list[mpf], count: int) -> list[int]:
    """Where each run of one sign is largest: `count` neighbouring runs."""
    chosen: list[int] = []
    for i, error in enumerate(errors):
        if not chosen or error * errors[chosen[-1]] < 0:
            chosen.append(i)
        elif abs(error) > abs(errors[chosen[-1]]):
            chosen[-1] = i
    while len(chosen) > count:
        chosen.pop(0 if abs(errors[chosen[0]]) < abs(errors[chosen[-1]]) else -1)
    return chosen


def minimax(degree: int, end: float) -> tuple[list[mpf], mpf]:
    """The coefficients, highest power first, and the largest relative error."""
    grid = points(GRID, end)
    values = [smooth(u) for u in grid]
    reference = points(degree + 2, end)
    for _ in range(8):
        coefficients = levelled(reference, degree)
        errors = [
            mp.polyval(coefficients, u) / value - 1
            for u, value in zip(grid, values, strict=True)
        ]
        reference = [grid[i] for i in extremes(errors, degree + 2)]
    return coefficients, max(abs(error) for error in errors)


def limit(function: Callable[[mpf], mpf], smallest: float) -> float:
    """The last t, to seven decimals, at which `function` is a normal number."""
    low, high = mpf(10), mpf(40)
    while high - low > mpf(10) ** -12:
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > smallest else (low, middle)
    return float(mp.floor(low * 10**7) / 10**7)


def main() -> None:
    for target in TARGETS:
        coefficients, worst = minimax(target.degree, target.end)
        print(f"{target.precision}: relative error {mp.nstr(worst, 2)}")
        print(*map(float, coefficients), sep="\n")
        for name, function in FUNCTIONS.items():
            print(f"{name} is 0 below -{limit(function, target.smallest)}")


if __name__ == "__main__":
    main()
