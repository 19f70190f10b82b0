"""The forward pass over lists of floats, without NumPy."""

from dataclasses import dataclass, field

from nndsl.formulas.expression import Expression, Operation
from nndsl.formulas.free_name import free_name
from nndsl.formulas.traverse import count, names_in_order, variables
from nndsl.layers.uses import ActivationUse
from nndsl.program.activation_value import SHORT, value_of
from nndsl.program.predicting import Predicting
from nndsl.program.program import (
    Activate,
    Map,
    Product,
    Program,
    Softmax,
    Standardise,
    Statement,
)
from nndsl.render.escape import heading
from nndsl.render.expressions.integers import may_be_integer
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import print_scalar
from nndsl.render.functions import function_lines
from nndsl.render.inference.numpy_forward import norm_constants
from nndsl.render.inference.written import Written
from nndsl.render.lines import WIDTH, comprehension
from nndsl.render.prose import docstring

_HELPERS = ("product", "dense", "softmax", "standardise")


def plain_functions(program: Program, predicted: Predicting) -> Written:
    """`forward` and what it calls."""
    writer = _Writer(program)
    kind, last = "list[float]", predicted.output
    text = "Compute the output of the last layer for a row."
    if predicted.code is not None:
        last = f"{predicted.code}, {predicted.output}"
        kind = "tuple[list[float], list[float]]"
        text = "Compute the outputs of the narrowest and of the last layer for a row."
    lines = [f"def forward(x: list[float]) -> {kind}:", f'    """{text}"""']
    for block in predicted.blocks:
        lines.append(f"    {heading(block.text)}")
        lines += [line for each in block.statements for line in writer.lines(each)]
    lines.append(f"    return {last}")
    used = writer.used | ({"product"} if "dense" in writer.used else set())
    helpers = [function_lines(f"plain/{name}") for name in _HELPERS if name in used]
    functions = (*helpers, *writer.functions.values(), lines)
    return Written(functions, tuple(norm_constants(program, predicted)))


@dataclass(slots=True)
class _Writer:
    """Writes statements, and collects the functions they call."""

    program: Program
    used: set[str] = field(default_factory=set)
    functions: dict[tuple[str, object], list[str]] = field(default_factory=dict)
    names: dict[tuple[str, object], str] = field(default_factory=dict)

    def lines(self, statement: Statement) -> list[str]:
        head = f"    {statement.target} = "
        match statement:
            case Activate(source=source, use=use):
                text = self._activated(use, "z")
                return comprehension(head, text, f"for z in {source}")
            case Map(value=value):
                return comprehension(head, *self._mapped(value))
        return [f"{head}{self._value(statement)}"]

    def _value(self, statement: Statement) -> str:
        match statement:
            case Product(left=left, right=right, bias=None):
                return self._call("product", left, self._name(right))
            case Product(left=left, right=right, bias=str(bias)):
                return self._call("dense", left, self._name(right), self._name(bias))
            case Softmax(source=source):
                return self._call("softmax", source)
            case Standardise(source=source, layer=layer):
                epsilon = self.program.names.epsilon[layer]
                return self._call("standardise", source, epsilon)
        raise ValueError(f"{statement.target} is not of a forward pass")

    def _call(self, function: str, *arguments: str) -> str:
        self.used.add(function)
        return f"{function}({', '.join(arguments)})"

    def _name(self, array: str) -> str:
        return self.program.arrays[array].key

    def _mapped(self, value: Expression) -> tuple[str, str]:
        """A formula over the numbers of arrays, and the loop that goes over these."""
        arrays = [n for n in names_in_order(value) if n in self.program.arrays]
        letters: dict[str, str] = {}
        for array in arrays:
            plain = self._name(array).rstrip("_0123456789")
            letters[array] = free_name(plain, {*letters.values()}, link="")
        text = print_scalar(value, letters)
        each, given = ", ".join(letters.values()), ", ".join(map(self._name, arrays))
        source = given if len(arrays) == 1 else f"zip({given})"
        return text, f"for {each} in {source}"

    def _activated(self, use: ActivationUse, argument: str) -> str:
        value = value_of(use)
        if count(value) <= SHORT:
            text = print_scalar(value, {"x": argument})
            return f"float({text})" if _is_whole(value) else text
        key = use.name, use.arguments
        if key not in self.functions:
            taken = {*self.names.values(), *_HELPERS}
            self.names[key] = free_name(use.name, taken)
            self.functions[key] = _function(self.names[key], use, value)
        return f"{self.names[key]}({argument})"


def _is_whole(value: Expression) -> bool:
    """Whether Python computes it as an integer, or as true or false."""
    chosen = isinstance(value, Operation) and value.name in ("minimum", "maximum")
    return may_be_integer(value, ()) and not chosen


def _function(name: str, use: ActivationUse, value: Expression) -> list[str]:
    text = use.formula.documentation if use.formula else ""
    scalars = variables(value)
    *steps, last = print_steps(value, "y", WIDTH - 8, {"x": "z"}, scalars)
    return [
        f"def {name}(z: float) -> float:",
        *docstring(text or f"The activation {use.name} of the spec.", "    "),
        *(f"    {step}" for step in steps),
        f"    return {last.removeprefix('y = ')}",
    ]
