"""How activations are written: short ones in place, longer ones as functions."""

from dataclasses import dataclass, field

from nndsl.formulas.algebra.construct import multiply
from nndsl.formulas.algebra.simplify import replace, simplify, substitute, variables
from nndsl.formulas.expression import Expression, Formula, Number, Variable
from nndsl.formulas.traverse import count
from nndsl.layers.uses import ActivationUse
from nndsl.program.program import ActivateGradient
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import needs, print_numpy
from nndsl.render.lines import WIDTH, call
from nndsl.render.prose import docstring

_SHORT = 3
"""A formula of at most so many nodes (`maximum(x, 0)`) stands where it is used."""
_SHORT_SLOPE = 7


@dataclass(slots=True)
class Activations:
    """Writes activations and their slopes, and collects the functions they need."""

    functions: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def value(self, use: ActivationUse, source: str) -> str:
        """`use` at the array written `source`."""
        formula = _formula(use)
        if _is_short(formula):
            return self._printed(formula.value, {"x": source})
        self._define(formula.name, formula, formula.value, formula.documentation)
        return _call(formula.name, use, source)

    def gradient(
        self, statement: ActivateGradient, upstream: str, source: str, output: str
    ) -> str:
        """`upstream` times the derivative of an activation at `source`.

        It is written in terms of `output`, what the activation gave there, where the
        derivative is known in the output (`tanh' = 1 - tanh²`).
        """
        surrogate = statement.use.surrogate
        use = surrogate or statement.use
        formula = _formula(use)
        slope = statement.slope.by_input
        if "x" not in variables(slope):
            slope = substitute(slope, {k: Number(v) for k, v in use.arguments})
            constant = simplify(multiply(slope, Variable("da")))
            return self._printed(constant, {"da": upstream})
        if _is_short(formula):
            known = slope
            if surrogate is None:
                known = simplify(replace(slope, formula.value, Variable("a")))
            if count(known) <= _SHORT_SLOPE and not needs(known):
                product = multiply(Variable("da"), known)
                names = {"x": source, "a": output, "da": upstream}
                return self._printed(simplify(product), names)
        name = f"{formula.name}_slope"
        self._define(name, formula, slope, f"The derivative of {formula.name}.")
        return f"{upstream} * {_call(name, use, source)}"

    def ordered(self) -> list[list[str]]:
        """The functions, every slope right behind its activation."""
        first = {
            formula: at for at, (formula, _) in reversed([*enumerate(self.functions)])
        }
        keys = sorted(self.functions, key=lambda key: (first[key[0]], len(key[1])))
        return [self.functions[key] for key in keys]

    def _printed(self, value: Expression, names: dict[str, str]) -> str:
        self.used.update(needs(value))
        return print_numpy(value, names)

    def _define(
        self, name: str, formula: Formula, value: Expression, documentation: str
    ) -> None:
        key = (formula.name, name)
        if key in self.functions:
            return
        scalars = {parameter.name for parameter in formula.parameters}
        self.used.update(needs(value, scalars))
        arguments = ["x: Array"]
        arguments += [f"{p.name}: float = {p.default!r}" for p in formula.parameters]
        *steps, last = print_steps(value, "y", WIDTH - 8, None, scalars)
        self.functions[key] = [
            *call(f"def {name}(", arguments, ") -> Array:"),
            *docstring(documentation or f"The activation {name} of the spec.", "    "),
            *(f"    {step}" for step in steps),
            *_returned(last.removeprefix("y = ")),
        ]


def _returned(text: str) -> list[str]:
    """`return text`; what NumPy's types say of a power is too little for a checker."""
    if "**" in text:
        return [f"    y: Array = {text}", "    return y"]
    return [f"    return {text}"]


def _is_short(formula: Formula) -> bool:
    return count(formula.value) <= _SHORT and not formula.parameters


def _formula(use: ActivationUse) -> Formula:
    if use.formula is None:
        raise ValueError(f"{use.name} is no formula")
    return use.formula


def _call(name: str, use: ActivationUse, source: str) -> str:
    defaults = {p.name: p.default for p in _formula(use).parameters}
    given = [f"{key}={v!r}" for key, v in use.arguments if defaults[key] != v]
    return f"{name}({', '.join([source, *given])})"
