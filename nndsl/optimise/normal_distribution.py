"""The normal distribution in float32: functions that write into existing arrays."""

from nndsl.formulas.algebra.construct import apply, multiply
from nndsl.formulas.expression import Expression, Operation
from nndsl.formulas.traverse import rebuild

IN_PLACE = {"normal_cdf": 2, "normal_pdf": 0}
"""The functions, and how many arrays each writes over beside its result."""


def in_place_helpers(precision: str) -> dict[str, int]:
    """The functions there are; float64 has none, its own are more accurate."""
    return IN_PLACE if precision == "float32" else {}


def for_precision(expression: Expression, precision: str) -> Expression:
    """In float32 `x * normal_cdf(x)` is written as that product."""

    def change(node: Expression) -> Expression:
        match node:
            case Operation("times_normal_cdf", (x,)):
                return multiply(x, apply("normal_cdf", x))
        return node

    return rebuild(expression, change) if precision == "float32" else expression
