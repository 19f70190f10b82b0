"""Statements of a program in NumPy, as a textbook writes them: one formula a line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from nndsl.formulas.expression import Expression, Variable
from nndsl.formulas.traverse import variables
from nndsl.program.program import (
    Activate,
    ActivateGradient,
    Array,
    DropoutMask,
    Map,
    Product,
    Softmax,
    SoftmaxGradient,
    Standardise,
    StandardiseGradient,
    Statement,
    SumRows,
)
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import needs, print_numpy
from nndsl.render.lines import WIDTH, commented
from nndsl.render.shapes import shape
from nndsl.render.textbook.activation_functions import Activations


@dataclass(slots=True)
class Writer:
    """Writes the statements of one function.

    `names` says how an array is written there (`z1` is `v.z1` in the backward pass);
    `used` collects the functions the lines call.
    """

    arrays: Mapping[str, Array]
    activations: Activations
    epsilons: Mapping[str, str]
    names: Callable[[str], str]
    used: set[str] = field(default_factory=set)
    indent: str = "    "

    def lines(self, statement: Statement) -> list[str]:
        match statement:
            case Product():
                return self._assign(statement.target, self._product(statement))
            case Map(target, value):
                return self._formula(target, value)
            case SumRows(target, value):
                return self._sum_rows(target, value)
            case Activate(target, source, use):
                text = self.activations.value(use, self.names(source))
                return self._assign(target, text)
            case ActivateGradient():
                return self._activate_gradient(statement)
            case Softmax(target, source):
                self.used.add("softmax")
                return self._assign(target, f"softmax({self.names(source)})")
            case SoftmaxGradient():
                return self._softmax_gradient(statement)
            case Standardise():
                return self._standardise(statement)
            case StandardiseGradient():
                return self._standardise_gradient(statement)
            case DropoutMask(target, like, rate):
                self.used.add("dropout_mask")
                text = f"dropout_mask(random, {self.names(like)}.shape, {rate!r})"
                return self._assign(target, text)

    def _assign(self, target: str, text: str) -> list[str]:
        line = f"{self.indent}{target} = {text}"
        return commented(line, shape(self.arrays[target].shape))

    def _formula(self, target: str, value: Expression) -> list[str]:
        names, scalars = self._names(value)
        self.used.update(needs(value, scalars))
        *steps, last = print_steps(
            value, target, WIDTH - len(self.indent), names, scalars
        )
        text = last.removeprefix(f"{target} = ")
        return [*(self.indent + step for step in steps), *self._assign(target, text)]

    def _names(self, value: Expression) -> tuple[dict[str, str], frozenset[str]]:
        """How the arrays in `value` are written, and which names are numbers."""
        found = variables(value)
        names = {name: self.names(name) for name in found if name in self.arrays}
        if "n_outputs" in found:
            names["n_outputs"] = "t.shape[1]"
        return names, frozenset(n for n in found if n not in self.arrays)

    def _product(self, product: Product) -> str:
        left = self.names(product.left) + (".T" if product.transpose_left else "")
        right = self.names(product.right) + (".T" if product.transpose_right else "")
        bias = f" + {self.names(product.bias)}" if product.bias else ""
        return f"{left} @ {right}{bias}"

    def _sum_rows(self, target: str, value: Expression) -> list[str]:
        names, scalars = self._names(value)
        self.used.update(needs(value, scalars))
        text = print_numpy(value, names, scalars)
        if not isinstance(value, Variable):
            text = f"({text})"
        return self._assign(target, f"{text}.sum(axis=0)")

    def _activate_gradient(self, statement: ActivateGradient) -> list[str]:
        text = self.activations.gradient(
            statement,
            self.names(statement.upstream),
            self.names(statement.source),
            self.names(statement.output),
        )
        return self._assign(statement.target, text)

    def _softmax_gradient(self, statement: SoftmaxGradient) -> list[str]:
        da, a = self.names(statement.upstream), self.names(statement.output)
        total = f"({da} * {a}).sum(axis=1, keepdims=True)"
        return self._assign(statement.target, f"{a} * ({da} - {total})")

    def _standardise(self, s: Standardise) -> list[str]:
        x, mean, variance = (
            self.names(name) for name in (s.source, s.mean, s.variance)
        )
        inner = shape(self.arrays[s.mean].shape)
        if s.axis == 1:
            lines = [
                *commented(
                    f"{self.indent}{mean} = {x}.mean(axis=1, keepdims=True)", inner
                ),
                *commented(
                    f"{self.indent}{variance} = {x}.var(axis=1, keepdims=True)", inner
                ),
            ]
        else:
            lines = [
                f"{self.indent}if training:",
                f"{self.indent}    {mean} = {x}.mean(axis=0)",
                f"{self.indent}    {variance} = {x}.var(axis=0)",
                f"{self.indent}else:",
                f"{self.indent}    {mean} = {self.names(str(s.running_mean))}",
                f"{self.indent}    {variance} = {self.names(str(s.running_variance))}",
            ]
        deviation = f"np.sqrt({variance} + {self.epsilons[s.layer]})"
        return lines + self._assign(s.target, f"({x} - {mean}) / {deviation}")

    def _standardise_gradient(self, s: StandardiseGradient) -> list[str]:
        dh, h = self.names(s.upstream), self.names(s.output)
        axis = "axis=0" if s.axis == 0 else "axis=1, keepdims=True"
        variance = f"{self.names(s.variance)} + {self.epsilons[s.layer]}"
        along = f"along_{s.output}"
        return [
            f"{self.indent}{along} = ({dh} * {h}).mean({axis})",
            *self._assign(
                s.target,
                f"{dh} - {dh}.mean({axis}) - {h} * {along}",
            ),
            f"{self.indent}{s.target} /= np.sqrt({variance})",
        ]
