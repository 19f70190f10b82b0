"""What a program gives, computed without any generated code.

Formulas are worth what the reference interpreter says, one number at a time.
"""

from collections.abc import Mapping

import numpy as np

from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.expression import Expression
from nndsl.formulas.traverse import variables
from nndsl.program.program import (
    Activate,
    DropoutMask,
    Map,
    Product,
    Program,
    Softmax,
    Standardise,
    Statement,
)
from nndsl.verify.subject import Array

Values = Mapping[str, Array]


def predicted(program: Program, parameters: Values, x: Array) -> Array:
    """The network's output for rows, as it predicts."""
    return values_of(program, parameters, x)[program.output]


def values_of(
    program: Program, parameters: Values, x: Array, *, training: bool = False
) -> dict[str, Array]:
    """Every array of the forward pass; nothing is dropped.

    In training, batch norm takes the mean and the variance of these rows.
    """
    values: dict[str, Array] = {"x": x}
    arrays = [*(p.array for p in program.parameters), *program.running]
    values |= {array.name: parameters[array.key] for array in arrays}
    for block in program.forward:
        for statement in block.statements:
            values[statement.target] = _value(statement, values, training)
    return values


def loss_of(program: Program, output: Array, t: Array) -> float:
    """The loss of an output, without penalties and weights of classes."""
    loss = program.loss
    values = {loss.prediction: output, loss.target: t}
    numbers = {"n_outputs": float(output.shape[1])}
    numbers |= {each.name: each.value for each in program.constants}
    if loss.smoothed is not None:
        values[loss.smoothed.target] = _each(loss.smoothed.value, values, numbers)
    each = _each(loss.each, values, numbers)
    return float(each.sum(axis=1).mean() if loss.summed else each.mean())


def _value(statement: Statement, values: Values, training: bool) -> Array:
    match statement:
        case Product(left=left, right=right, bias=bias):
            return values[left] @ values[right] + (values[bias] if bias else 0)
        case Activate(source=source, use=use):
            assert use.formula is not None  # softmax is a statement of its own
            (x,) = use.formula.inputs
            given = {x: values[source]}
            return _each(use.formula.value, given, dict(use.arguments))
        case Softmax(source=source):
            z = values[source]
            powers = np.exp(z - z.max(axis=1, keepdims=True))
            return np.asarray(powers / powers.sum(axis=1, keepdims=True))
        case DropoutMask(like=like):
            return np.ones_like(values[like])
        case Standardise(source=source, running_mean=str(mean)) if not training:
            variance = values[str(statement.running_variance)] + statement.epsilon
            return (values[source] - values[mean]) / np.sqrt(variance)
        case Standardise(source=source, axis=axis):
            z = values[source]
            variance = z.var(axis=axis, keepdims=True) + statement.epsilon
            centred = z - z.mean(axis=axis, keepdims=True)
            return np.asarray(centred / np.sqrt(variance))
        case Map(value=value):
            return _each(value, values, {})
    raise TypeError(f"{statement} is no statement of a forward pass")


def _each(value: Expression, values: Values, numbers: Mapping[str, float]) -> Array:
    """A formula for every number of the arrays that it names, which broadcast."""
    names = sorted(variables(value) - numbers.keys())
    arrays = np.broadcast_arrays(*(values[name] for name in names))

    def of(*given: float) -> float:
        return evaluate(value, {**numbers, **dict(zip(names, given, strict=True))})

    return np.asarray(np.vectorize(of, otypes=[np.float64])(*arrays))
