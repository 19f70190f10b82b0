"""What is known of the values of an ONNX graph: constants, and what layers compute.

The values of a chain of layers are `Flow`s.  Elementwise operators do not make layers
at once: they grow the `formula` of a flow, so that an activation which an exporter took
apart (gelu as a product with `1 + erf(…)`) is seen whole when the next layer comes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.build.library import library_formula
from nndsl.formulas.expression import Expression, Operation, Variable
from nndsl.formulas.traverse import count
from nndsl.importing.imported import InexpressibleError
from nndsl.importing.layers import Activation, Affine, Array, Layer, affine

X = Variable("x")
_PROBES = (
    -9.0,
    -3.5,
    -3.0,
    -1.7,
    -1.0,
    -0.4,
    -0.01,
    0.0,
    0.3,
    0.9,
    1.0,
    2.6,
    3.0,
    5.5,
    7.0,
)
_KNOWN = (
    *("relu", "sigmoid", "tanh", "gelu", "silu", "mish", "hard_sigmoid", "hard_swish"),
    *("relu6", "hard_tanh", "softplus", "softsign", "selu", "elu", "exponential"),
    "step",
)
_TOLERANCE = 2e-6
"""What the rounding of an exporter's float32 constants explains."""
_LONGEST = 200


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """`formula` of what `layers` compute, each unit for itself.

    `width`: how many units, 0 while nobody says.  `named`: the activation that the
    formula is.  `fill`: what stands for missing values of the table.
    """

    layers: tuple[Layer, ...]
    width: int
    formula: Expression = X
    named: Activation | None = None
    fill: Array | None = None

    def over(self, formula: Expression, named: Activation | None = None) -> Flow:
        """The same layers under another formula."""
        if count(formula) > _LONGEST:
            raise InexpressibleError("an activation of more than 200 operations")
        return replace(self, formula=formula, named=named if self.is_bare else None)

    def then(self, layer: Layer, width: int = 0) -> Flow:
        """One more layer behind this."""
        before = self.settled()
        width = width or before.width
        return Flow((*before.layers, layer), width, fill=self.fill)

    @property
    def is_bare(self) -> bool:
        return self.formula == X

    def settled(self) -> Flow:
        """The same with the formula as a layer."""
        if self.is_bare:
            return self
        layer: Layer = self.named or _layer_of(self.formula, self.width)
        return Flow((*self.layers, layer), self.width, fill=self.fill)


Kind: TypeAlias = (
    Literal["mean", "centred", "squared", "variance", "deviation"]
    | Literal["missing", "pair", "place", "holds"]
)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of a layer norm that an exporter took apart, and other marks of a flow.

    `variance` and `deviation` have `epsilon`; `missing` is whether a value is there,
    `pair` the complement of a flow beside it, `place` that of each row's label, `holds`
    whether `condition` does.
    """

    kind: Kind
    flow: Flow
    epsilon: float = 0.0
    condition: Expression | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """The label of each row, decided by a flow."""

    flow: Flow
    classes: Array


Value = Array | Flow | Part | Labelled


def _layer_of(formula: Expression, width: int) -> Layer:
    """A scaling, a built-in activation, or one of its own."""
    at = np.array([evaluate(formula, {"x": x}) for x in _PROBES])
    shift = evaluate(formula, {"x": 0.0})
    slope = evaluate(formula, {"x": 1.0}) - shift
    if _agree(at, [slope * x + shift for x in _PROBES]):
        return _scaling(slope, shift, width)
    for name in _KNOWN:
        value = library_formula("activation", name)
        arguments = {each.name: each.default for each in value.parameters}
        if _agree(at, [evaluate(value.value, {"x": x, **arguments}) for x in _PROBES]):
            return Activation(name)
    return Activation("", (), formula)


def _scaling(slope: float, shift: float, width: int) -> Affine:
    if width == 0:
        raise InexpressibleError("a scaling before the width of the table is said")
    return affine(slope, shift, width)


def _agree(found: Array, expected: list[float]) -> bool:
    """Whether numbers are the same but for the rounding of float32."""
    other = np.array(expected)
    within = _TOLERANCE * np.maximum(1.0, np.abs(other))
    return bool((np.abs(found - other) <= within).all())


def operation(name: str, *arguments: Expression) -> Expression:
    return Operation(name, arguments)


def flow_of(value: Value) -> Flow:
    """A value that has to be units."""
    if not isinstance(value, Flow):
        raise InexpressibleError("operators over something else than units")
    return value


def constant(value: Value) -> Array:
    """A value that has to be a constant."""
    if not isinstance(value, np.ndarray):
        raise InexpressibleError("weights that the graph computes")
    return value


def vector(array: Array) -> Array:
    """A number for each unit; an array that would make columns of rows is refused."""
    if array.size != 1 and array.shape[-1] != array.size:
        raise InexpressibleError("constants that are no row")
    return array.ravel()


def short(number: float) -> float:
    """The number that a float32 attribute stands for: 1e-5, not 9.99999974e-06."""
    return float(f"{number:.7g}")
