"""How activations are written: short ones in place, longer ones as functions."""

from dataclasses import dataclass, field

from nndsl.formulas.algebra.construct import multiply
from nndsl.formulas.algebra.simplify import simplify, substitute, variables
from nndsl.formulas.expression import Expression, Formula, Number, Variable
from nndsl.formulas.free_name import free_name
from nndsl.formulas.traverse import count
from nndsl.layers.uses import ActivationUse
from nndsl.program.activation_value import SHORT
from nndsl.program.program import ActivateGradient
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import needs, print_mathematics, print_numpy
from nndsl.render.library import NUMPY, Library
from nndsl.render.lines import WIDTH, call
from nndsl.render.prose import docstring

_SHORT_SLOPE = 7


@dataclass(slots=True)
class Activations:
    """Writes activations and their slopes, and collects the functions they need.

    `plain`: as the formulas of a comment.
    """

    functions: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    plain: bool = False
    library: Library = NUMPY

    def value(self, use: ActivationUse, source: str) -> str:
        """`use` at the array written `source`."""
        formula = _formula(use)
        if is_short(use):
            return self._printed(formula.value, {"x": source})
        self._define(formula.name, formula, formula.value, formula.documentation)
        return _call(formula.name, use, source)

    def gradient(self, statement: ActivateGradient, upstream: str, at: str) -> str:
        """`upstream` times the slope of an activation, at the array written `at`."""
        slope = self.short_slope(statement)
        if slope is not None:
            product = simplify(multiply(Variable("da"), slope))
            names = {"x": at, "output": at, "da": upstream}
            return self._printed(product, names)
        called = self.slope(statement, at)
        product = multiply(Variable("da"), Variable("slope"))
        return self._printed(product, {"da": upstream, "slope": called})

    def slope(self, statement: ActivateGradient, at: str) -> str:
        """The slope of an activation as the call of a function."""
        use = statement.use.surrogate or statement.use
        formula = _formula(use)
        name = f"{formula.name}_slope"
        text = f"The derivative of {formula.name}."
        if statement.by_output:
            text = f"The derivative of {formula.name} where its output is a."
        self._define(name, formula, statement.slope, text)
        return _call(name, use, at)

    def short_slope(self, statement: ActivateGradient) -> Expression | None:
        """The slope if it is so short that it needs no function."""
        use = statement.use.surrogate or statement.use
        slope = statement.slope
        if not variables(slope) & {"x", "output"}:
            return simplify(substitute(slope, {k: Number(v) for k, v in use.arguments}))
        short = count(slope) <= _SHORT_SLOPE and not needs(slope)
        return slope if short and not _formula(use).parameters else None

    def ordered(self) -> list[list[str]]:
        """The functions, every slope right behind its activation."""
        first = {
            formula: at for at, (formula, _) in reversed([*enumerate(self.functions)])
        }
        keys = sorted(self.functions, key=lambda key: (first[key[0]], len(key[1])))
        return [self.functions[key] for key in keys]

    def _printed(self, value: Expression, names: dict[str, str]) -> str:
        self.used.update(needs(value))
        if self.plain:
            return print_mathematics(value, names)
        return print_numpy(value, names, library=self.library)

    def _define(
        self, name: str, formula: Formula, value: Expression, documentation: str
    ) -> None:
        key = (formula.name, name)
        if key in self.functions or name in self.used:
            return
        if name == formula.name and _is_helper(name, value):
            self.used.add(name)
            return
        scalars = {parameter.name for parameter in formula.parameters}
        self.used.update(needs(value, scalars))
        argument = "a" if "output" in variables(value) else "z"
        argument = free_name(argument, scalars)
        taken = {name: name for name in scalars}
        names = taken | {"x": argument, "output": argument}
        array = self.library.array
        arguments = [f"{argument}: {array}"]
        arguments += [f"{p.name}: float = {p.default!r}" for p in formula.parameters]
        *steps, last = print_steps(value, "y", WIDTH - 8, names, scalars, self.library)
        self.functions[key] = [
            *call(f"def {name}(", arguments, f") -> {array}:"),
            *docstring(documentation or f"The activation {name} of the spec.", "    "),
            *(f"    {step}" for step in steps),
            f"    return {last.removeprefix('y = ')}",
        ]


def is_short(use: ActivationUse) -> bool:
    """Whether the activation needs no function of its own."""
    formula = _formula(use)
    return (
        count(formula.value) <= SHORT
        and not formula.parameters
        and not needs(formula.value)
    )


def _is_helper(name: str, value: Expression) -> bool:
    """Whether a function of the mathematics is the activation itself: sigmoid."""
    return needs(value) == {name}


def _formula(use: ActivationUse) -> Formula:
    if use.formula is None:
        raise ValueError(f"{use.name} is no formula")
    return use.formula


def _call(name: str, use: ActivationUse, source: str) -> str:
    defaults = {p.name: p.default for p in _formula(use).parameters}
    given = [f"{key}={v!r}" for key, v in use.arguments if defaults[key] != v]
    return f"{name}({', '.join([source, *given])})"
