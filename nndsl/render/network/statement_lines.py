"""Statements of a program in NumPy, as a textbook writes them: one formula a line."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nndsl.formulas.expression import Expression, Variable
from nndsl.formulas.traverse import variables
from nndsl.program.program import (
    Activate,
    ActivateGradient,
    DropoutMask,
    Map,
    Product,
    Program,
    Softmax,
    SoftmaxGradient,
    Standardise,
    StandardiseGradient,
    Statement,
    SumRows,
)
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import needs, print_mathematics, print_numpy
from nndsl.render.library import JAX
from nndsl.render.lines import WIDTH
from nndsl.render.network.activation_functions import Activations
from nndsl.render.shapes import shape

NUMBERS = {"n": "len(x)", "size": "t.size", "n_outputs": "t.shape[1]"}
"""How the numbers of a program's formulas are written in a function of x and t."""


def array_names(program: Program) -> dict[str, str]:
    """How arrays are written where they are not called by their own name."""
    kept = [*(p.array for p in program.parameters), *program.running]
    names = {array.name: f"p.{array.key}" for array in kept}
    if program.loss.weights is not None:
        names[program.loss.weights] = "row_weights(t, weights)"
    if program.loss.sample_weight is not None:
        names[program.loss.sample_weight] = "sample_weight[:, None]"
    return NUMBERS | names


@dataclass(slots=True)
class Writer:
    """Writes the statements of one function; `used`: the functions the lines call.

    `plain`: as the formulas of a comment, without modules, guards and shapes.
    """

    program: Program
    activations: Activations
    names: Mapping[str, str]
    used: set[str] = field(default_factory=set)
    indent: str = "    "
    shape_before: object = None
    plain: bool = False

    def lines(self, statement: Statement) -> list[str]:
        match statement:
            case Product():
                return self._product(statement)
            case Map(target, value):
                return self._formula(target, value)
            case SumRows(target, value):
                return self._sum_rows(target, value)
            case Activate(target, source, use):
                text = self.activations.value(use, self.name(source))
                return self._assign(target, text)
            case ActivateGradient(target, upstream, at):
                names = self.name(upstream), self.name(at)
                text = self.activations.gradient(statement, *names)
                return self._assign(target, text)
            case Softmax(target, source):
                self.used.add("softmax")
                return self._assign(target, f"softmax({self.name(source)})")
            case SoftmaxGradient():
                return self._softmax_gradient(statement)
            case Standardise(axis=0):
                return self._standardise_units(statement)
            case Standardise():
                return self._standardise_rows(statement)
            case StandardiseGradient():
                return self._standardise_gradient(statement)
            case DropoutMask(target, like):
                self.used.add("dropout_mask")
                rate = self.program.names.dropout[target]
                drawn = "rng"
                if self.activations.library == JAX:
                    drawn = f"key, {[*self.program.names.dropout].index(target)}"
                text = f"dropout_mask({drawn}, {self.name(like)}.shape, {rate})"
                return self._assign(target, text)

    def name(self, array: str) -> str:
        return self.names.get(array, array)

    def _assign(self, target: str, text: str) -> list[str]:
        """The shape stands behind the line where it is another than just before."""
        sizes = self.program.arrays[target].shape
        line = f"{self.indent}{self.name(target)} = {text}"
        if self.plain:
            return [line]
        changed, self.shape_before = sizes != self.shape_before, sizes
        noted = f"{line}  # {shape(sizes)}"
        return [noted if changed and len(noted) <= WIDTH else line]

    def _formula(self, target: str, value: Expression) -> list[str]:
        if self.plain:
            return self._assign(target, self.print(value))
        scalars = self._scalars(value)
        self.used.update(needs(value, scalars))
        room = WIDTH - len(self.indent)
        *steps, last = print_steps(
            value, target, room, self.names, scalars, self.activations.library
        )
        text = last.removeprefix(f"{target} = ")
        return [*(self.indent + step for step in steps), *self._assign(target, text)]

    def print(self, value: Expression) -> str:
        """A formula over the arrays."""
        scalars = self._scalars(value)
        self.used.update(needs(value, scalars))
        if self.plain:
            return print_mathematics(value, self.names, scalars)
        return print_numpy(value, self.names, scalars, self.activations.library)

    def root(self, variance: str, layer: str) -> str:
        """The deviation of a unit: the root of its variance."""
        return f"{self._module}sqrt({variance} + {self.program.names.epsilon[layer]})"

    @property
    def _module(self) -> str:
        return "" if self.plain else f"{self.activations.library.name}."

    def _scalars(self, value: Expression) -> frozenset[str]:
        return frozenset(variables(value) - self.program.arrays.keys())

    def _product(self, product: Product) -> list[str]:
        left = self.name(product.left) + (".T" if product.transpose_left else "")
        right = self.name(product.right) + (".T" if product.transpose_right else "")
        bias = f" + {self.name(product.bias)}" if product.bias else ""
        self.shape_before = None
        text = f"{left} @ {right}{bias}"
        return self._with_penalty(product.target, text)

    def _sum_rows(self, target: str, value: Expression) -> list[str]:
        text = self.print(value)
        if not isinstance(value, Variable):
            text = f"({text})"
        return self._with_penalty(target, f"{text}.sum(axis=0)")

    def _with_penalty(self, target: str, text: str) -> list[str]:
        """A gradient with that of its penalty, on a line of its own where too long."""
        slopes = self.penalty_slopes(target)
        whole = " + ".join([text, *slopes])
        if len(f"{self.indent}{target} = {whole}") <= WIDTH:
            return self._assign(target, whole)
        more = f"{self.indent}{target} += {' + '.join(slopes)}"
        return [*self._assign(target, text), more]

    def _softmax_gradient(self, statement: SoftmaxGradient) -> list[str]:
        da, a = self.name(statement.upstream), self.name(statement.output)
        total = f"({da} * {a}).sum(axis=1, keepdims=True)"
        return self._assign(statement.target, f"{a} * ({da} - {total})")

    def _standardise_units(self, s: Standardise) -> list[str]:
        lines: list[str] = []
        for moment, name, running in (
            ("mean", s.mean, s.running_mean),
            ("var", s.variance, s.running_variance),
        ):
            computed = f"{self.name(s.source)}.{moment}(axis=0)"
            text = f"{computed} if training else {self.name(str(running))}"
            lines += self._assign(name, text)
        return lines + self._standardised(s)

    def _standardise_rows(self, s: Standardise) -> list[str]:
        lines: list[str] = []
        for moment, name in (("mean", s.mean), ("var", s.variance)):
            text = f"{self.name(s.source)}.{moment}(axis=1, keepdims=True)"
            lines += self._assign(name, text)
        return lines + self._standardised(s)

    def _standardised(self, s: Standardise) -> list[str]:
        deviation = self.root(s.variance, s.layer)
        text = f"({self.name(s.source)} - {s.mean}) / {deviation}"
        return self._assign(s.target, text)

    def _standardise_gradient(self, s: StandardiseGradient) -> list[str]:
        dy, z, target = self.name(s.upstream), self.name(s.output), s.target
        std = s.variance.replace("variance", "std")
        lines = [f"{self.indent}{std} = {self.root(s.variance, s.layer)}"]
        if s.sums is not None and s.factor is not None:
            shift, scale = s.sums
            centred = f"{dy} - ({shift} + {z} * {scale}) / {self.name('n')}"
            text = f"{self.name(s.factor)} / {std} * ({centred})"
            return lines + self._assign(target, text)
        axis = "axis=0" if s.axis == 0 else "axis=1, keepdims=True"
        mean, along = f"{dy}.mean({axis})", f"({dy} * {z}).mean({axis})"
        lines.append(f"{self.indent}along = {along}")
        return lines + self._assign(target, f"({dy} - {mean} - {z} * along) / {std}")

    def penalty_slopes(self, gradient: str) -> list[str]:
        """The terms that a penalty adds to the array `gradient`."""
        terms = []
        for penalty in self.program.penalties:
            if penalty.gradient == gradient:
                w = self.name(penalty.parameter)
                terms += (
                    [f"{penalty.l1} * {self._module}sign({w})"] if penalty.l1 else []
                )
                terms += [f"2 * {penalty.l2} * {w}"] if penalty.l2 else []
        return terms
