"""Statements of a program in place: products by `dot`, the rest in their result."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from nndsl.formulas.algebra.guard import guard
from nndsl.formulas.expression import Expression, Operation, Variable
from nndsl.formulas.traverse import variables
from nndsl.optimise.optimise import CHANGES, in_place_function
from nndsl.program.in_place import InPlace
from nndsl.program.program import (
    Activate,
    ActivateGradient,
    Map,
    Product,
    Program,
    Softmax,
    Standardise,
    Statement,
    SumRows,
)
from nndsl.render.expressions.forms import FORMS
from nndsl.render.expressions.printer import needs, print_numpy, print_operand
from nndsl.render.network.activation_functions import Activations
from nndsl.render.network.statement_lines import Writer, array_names


def fast_names(program: Program, in_place: InPlace) -> dict[str, str]:
    """How arrays are written: each by the last name that its memory has."""
    names = {name: in_place.memory(name) for name in program.arrays}
    return names | array_names(program)


@dataclass(slots=True)
class FastWriter(Writer):
    """Writes the statements of one function in place.

    `gradients`: the arrays that are there already, to be written into.
    """

    in_place: InPlace = field(kw_only=True)
    gradients: frozenset[str] = frozenset()

    def lines(self, statement: Statement) -> list[str]:
        target = self.name(statement.target)
        over = statement.target in self.in_place.over
        match statement:
            case Product():
                return self._dot(statement)
            case SumRows(value=value):
                return self._sum(statement.target, value)
            case Activate(use=use) if over and (done := in_place_function(use)):
                self.activations.used.update(needs(done))
                return self._activation(guard(done), target)
            case Softmax(source=source):
                self.used.add("softmax")
                copied = f"{self.indent}{target} = {self.name(source)}.copy()"
                return [*([] if over else [copied]), f"{self.indent}softmax({target})"]
            case ActivateGradient(at=at) if over:
                return [f"{self.indent}{target} *= {self._slope(statement, at)}"]
            case Map(value=value):
                return self._map(statement.target, value)
            case Standardise(axis=0) if over:
                return self._standardise_over(statement)
        return Writer.lines(self, statement)

    def _dot(self, product: Product) -> list[str]:
        left = self.name(product.left) + (".T" if product.transpose_left else "")
        right = self.name(product.right) + (".T" if product.transpose_right else "")
        if product.target in self.gradients:
            line = f"{self.indent}{left}.dot({right}, {product.target})"
            return [line, *self._penalty(product.target)]
        self.shape_before = None
        lines = self._assign(product.target, f"{left}.dot({right})")
        if product.bias is not None:
            target = self.name(product.target)
            lines.append(f"{self.indent}{target} += {self.name(product.bias)}")
        return lines

    def _sum(self, target: str, value: Expression) -> list[str]:
        text = self.print(value)
        return [f"{self.indent}ones.dot({text}, {target})", *self._penalty(target)]

    def _penalty(self, target: str) -> list[str]:
        slopes = self.penalty_slopes(target)
        return [f"{self.indent}{target} += {slope}" for slope in slopes]

    def _activation(self, value: Expression, target: str) -> list[str]:
        """One operation after another on `target`; what the innermost sees is x."""
        if not isinstance(value, Operation):
            return []
        first, *others = value.arguments
        texts = [print_numpy(argument) for argument in others]
        given = ", ".join([target, *texts, f"out={target}"])
        line = f"{self.indent}{FORMS[value.name].ufunc}({given})"
        return [*self._activation(first, target), line]

    def _slope(self, statement: ActivateGradient, at: str) -> str:
        """The slope, which the gradient is multiplied by."""
        slope = self.activations.short_slope(statement)
        written = self.name(at)
        if slope is None:
            return self.activations.slope(statement, written)
        self.activations.used.update(needs(slope))
        return print_operand(slope, {"x": written, "output": written})

    def _map(self, target: str, value: Expression) -> list[str]:
        """`dz = a - t`, then `dz /= n`: one operation of the formula after another."""
        changes: list[tuple[str, Expression]] = []
        shape = self.program.arrays[target].shape
        while isinstance(value, Operation) and value.name in CHANGES:
            left, right = value.arguments
            if not self._is_whole(left, shape):
                break
            changes.insert(0, (CHANGES[value.name], right))
            value = left
        name = self.name(target)
        lines = []
        if not (isinstance(value, Variable) and self.name(value.name) == name):
            if isinstance(value, Variable) and changes:
                sign, right = changes.pop(0)
                names = {v: k for k, v in CHANGES.items()}
                value = Operation(names[sign], (value, right))
            lines += self._formula(target, value)
        for sign, right in changes:
            lines.append(f"{self.indent}{name} {sign}= {self.print(right)}")
        return lines

    def _is_whole(self, value: Expression, shape: object) -> bool:
        """Whether the formula has the full shape of the result."""
        return any(
            self.program.arrays[name].shape == shape
            for name in variables(value)
            if name in self.program.arrays
        )

    def _standardise_over(self, s: Standardise) -> list[str]:
        z = self.name(s.target)
        running = self.name(str(s.running_mean)), self.name(str(s.running_variance))
        return [
            *self._assign(s.mean, f"{z}.mean(axis=0) if training else {running[0]}"),
            f"{self.indent}{z} -= {s.mean}",
            *self._assign(
                s.variance, f"({z}**2).mean(axis=0) if training else {running[1]}"
            ),
            f"{self.indent}{z} /= {self.root(s.variance, s.layer)}",
        ]


def formulas(
    program: Program, in_place: InPlace, statements: Iterable[Statement]
) -> list[str]:
    """What statements compute, as a comment says it: `a1 = maximum(x @ w1 + b1, 0)`.

    A value that the next statement overwrites has no name of its own.
    """
    names = array_names(program) | {"n": "n"}
    names |= {p.array.name: p.array.key for p in program.parameters}
    writer = Writer(program, Activations(plain=True), names, indent="", plain=True)
    over = in_place.over
    texts: list[str] = []
    following = [*statements, None]
    for statement, after in pairwise(following):
        assert statement is not None
        lines = writer.lines(statement)
        target = statement.target
        joined = isinstance(after, Map | Activate | ActivateGradient | Softmax)
        if joined and after is not None and over.get(after.target) == target:
            names[target] = lines[-1].removeprefix(f"{target} = ")
            texts += lines[:-1]
        else:
            texts += lines
    return texts
