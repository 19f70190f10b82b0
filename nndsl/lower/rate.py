"""The schedule of the learning rate, its numbers named."""

from nndsl.formulas.algebra.simplify import simplify, substitute
from nndsl.formulas.expression import Expression, Number
from nndsl.lower.constant_names import Constants
from nndsl.network import LearningRate
from nndsl.program.program import Schedule


def lower_schedule(rate: LearningRate, constants: Constants) -> Schedule | None:
    """The formula of `rate`; None where it is constant or the operation `plateau`."""
    formula = rate.formula
    if formula is None:
        for name, value in rate.arguments:
            if name != "learning_rate":
                constants.add_setting(f"PLATEAU_{name.upper()}", value, "of plateau")
        return None
    if rate.name == "constant":
        return None
    put: dict[str, Expression] = {
        name: constants.add(name, value, rate.name) if value else Number(0.0)
        for name, value in rate.arguments
        if name != "learning_rate"
    }
    formula_of_rate = simplify(substitute(formula.value, put))
    return Schedule(rate.name, formula_of_rate, formula.documentation)
