"""The expression tree of formulas, and of the array statements of a program.

A formula is a number, a variable, or an operation over formulas.  Which operations
there are, how each is evaluated, differentiated and printed is said once, in the
table of `operations.py`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Variable:
    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """`name` is a key of the operations' table: `add`, `multiply`, `exp`, `where`, …"""

    name: str
    arguments: tuple[Expression, ...]


Expression = Number | Variable | Operation


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a formula with its default and the limits it must keep.

    A bound is inclusive unless it is marked open; None is no bound.  `switch`: it is
    `yes` or `no`, written 1.0 and 0.0 in the formula.
    """

    name: str
    default: float
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False
    switch: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """An activation over `x`, a loss over `prediction` and `target`, or a schedule.

    `inputs` are the names a formula is given (a loss may also use `outputs`, a
    schedule names some of `epoch`, `epochs`, `step`, `steps`); `parameters` are filled
    in by the spec.  Other formulas it calls are already put in.  `summed`: a loss that
    is added over the outputs (it was wrapped in `sum`) instead of averaged.
    """

    kind: str
    name: str
    inputs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    value: Expression
    documentation: str = ""
    summed: bool = False
    built_in: bool = True


@dataclass(frozen=True, slots=True)
class State:
    """What an optimizer remembers.  `scalar`: no array reaches it, it is one number."""

    name: str
    start: float
    scalar: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """`target = value`; the target is `weight`, a state, or a local name."""

    target: str
    value: Expression


@dataclass(frozen=True, slots=True)
class OptimizerFormula:
    """Updates `weight` from `gradient`, `step` (from 1), the parameters and the states.

    `learning_rate` is among the parameters.  `notes`: the comments behind the lines of
    its states and steps, by the name that the line sets.
    """

    name: str
    parameters: tuple[Parameter, ...]
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    documentation: str = ""
    built_in: bool = True
    notes: tuple[tuple[str, str], ...] = ()
