"""Statements of a program as calls that write into existing arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from nndsl.formulas.expression import Variable
from nndsl.formulas.traverse import variables
from nndsl.optimise.elementwise import Setting, schedule
from nndsl.optimise.expand import expanded
from nndsl.optimise.hoisting import Outward
from nndsl.program.in_place import Buffer, Call, Group
from nndsl.program.tree import (
    DropoutMask,
    Map,
    Product,
    Shape,
    Softmax,
    SoftmaxGradient,
    Standardise,
    StandardiseGradient,
    Statement,
    SumRows,
)
from nndsl.render.expressions.printer import print_numpy

Shapes = Mapping[str, Shape]

_FEW = 32
"""So many sums of a column cost less as a product with ones than one as a sum."""


def extra_arrays(statement: Statement, shapes: Shapes) -> tuple[Buffer, ...]:
    """Arrays that a statement leaves behind beside its target."""
    match statement:
        case Standardise(mean=mean, variance=variance):
            shape = shapes[mean]
            deviation = variance.replace("variance", "deviation")
            return tuple(Buffer(name, shape) for name in (mean, variance, deviation))
    return ()


@dataclass(frozen=True, slots=True)
class Arrays:
    """What is known of the arrays of a program.

    `epsilons`: the names of the layers' epsilon constants; `above_ones`: arrays that
    stand in memory above a row of ones; `joined`: for the weights of layers that read
    such an array, their biases, and for their gradients those of the biases; `added`:
    the biases and gradients that are.
    `helpers`: functions of the module that write into an array, and how many more they
    write over.
    """

    shapes: Shapes
    epsilons: Mapping[str, str]
    above_ones: Collection[str]
    joined: Mapping[str, str]
    added: Collection[str]
    helpers: Mapping[str, int]


def calls_of(
    statement: Statement, arrays: Arrays, storage: Mapping[str, str], prefix: str
) -> Group:
    """The calls of one statement.

    `storage`: arrays with one name here share their memory; `prefix` begins the names
    of scratch arrays.
    """
    shapes, epsilons = arrays.shapes, arrays.epsilons
    match statement:
        case Product():
            return _product(statement, arrays)
        case Map(target, value):
            scalars = _scalars(statement, shapes)
            outward = Outward(scalars, {}).whole(value)
            setting = Setting(
                shapes,
                scalars,
                storage,
                prefix=prefix,
                helpers=arrays.helpers,
                zeros=True,
            )
            calls, scratch = schedule(target, expanded(outward, scalars), setting)
            text = print_numpy(value, None, scalars)
            return Group(f"{target} = {text}", calls, scratch)
        case SumRows():
            return _sum_rows(statement, arrays, prefix)
        case Softmax(target, source):
            return _softmax(target, source, shapes[target], prefix)
        case SoftmaxGradient():
            return _softmax_gradient(statement, shapes, prefix)
        case Standardise():
            return _standardise(statement, shapes, epsilons, prefix)
        case StandardiseGradient():
            return _standardise_gradient(statement, shapes, prefix)
        case DropoutMask(target=target, rate=rate):
            kept = f"1 / (1 - {rate!r})"
            formula = f"{target} = 0 with probability {rate!r}, else {kept}"
            chosen = f"random.random_sample({target}.T.shape).T"
            calls = (
                Call("np.greater_equal", (chosen, repr(rate)), target),
                Call("np.divide", (target, f"1 - {rate!r}"), target),
            )
            return Group(formula, calls)
    raise TypeError(f"no calls for {type(statement).__name__}")


def _scalars(statement: Map | SumRows, shapes: Shapes) -> frozenset[str]:
    """Names of numbers; the rows' shares are as good as one."""
    return frozenset(
        name
        for name in variables(statement.value)
        if name not in shapes or name == "share"
    )


def with_ones(name: str) -> str:
    """The array that holds `name` above a row of ones."""
    return f"{name}_and_1"


def joined(weights: str, biases: str) -> str:
    """The array that holds the weights above a row that is the biases."""
    return f"{weights}_and_{biases}"


def _product(product: Product, arrays: Arrays) -> Group:
    """A product, rows of the data standing in memory as columns.

    Where the left factor stands above a row of ones, the biases are one more row of
    the weights, and both are multiplied, or found, at once.
    """
    target, left, right = product.target, product.left, product.right
    if product.transpose_left:
        formula = f"{target} = {left} @ {right}.T"
        together = arrays.joined.get(target)
        if together is not None:
            target, left = joined(target, together), with_ones(left)
        return Group(formula, (Call("dot", (left, f"{right}.T"), target),))
    if product.transpose_right:
        formula = f"{target} = {right} @ {left}"
        return Group(formula, (Call("dot", (right, left), target),))
    formula = f"{target} = {right}.T @ {left}"
    if product.bias is None:
        return Group(formula, (Call("dot", (f"{right}.T", left), target),))
    formula += f" + {product.bias}"
    if right in arrays.joined:
        both = joined(right, product.bias)
        call = Call("dot", (f"{both}.T", with_ones(left)), target)
        return Group(formula, (call,))
    calls = (
        Call("dot", (f"{right}.T", left), target),
        Call("np.add", (target, product.bias), target),
    )
    return Group(formula, calls)


def _sum_rows(statement: SumRows, arrays: Arrays, prefix: str) -> Group:
    shapes, target, value = arrays.shapes, statement.target, statement.value
    scalars = _scalars(statement, shapes)
    formula = f"{target} = sum of {print_numpy(value, None, scalars)} over its columns"
    if target in arrays.added:
        return Group(formula, ())
    if isinstance(value, Variable):
        return Group(formula, (Call("dot", (value.name, "ones"), target),))
    name = f"s{prefix}"
    full = max((shapes[n] for n in variables(value) if n in shapes), key=len)
    setting = Setting({**shapes, name: full}, scalars, prefix=f"{prefix}_")
    calls, scratch = schedule(name, expanded(value, scalars), setting)
    summed = Call("dot", (name, "ones"), target)
    return Group(formula, (*calls, summed), (Buffer(name, full), *scratch))


def _softmax(target: str, source: str, shape: Shape, prefix: str) -> Group:
    edge, sums = Buffer(f"top{prefix}", ("n", 1)), Buffer(f"s{prefix}", shape)
    width = shape[1]
    if isinstance(width, int) and width <= _FEW:
        adding = Call("dot", (f"ONES{width}", target), sums.name)
    else:
        adding, sums = Call("add.reduce", (target,), edge.name), edge
    calls = (
        Call("maximum.reduce", (source,), edge.name),
        Call("np.subtract", (source, edge.name), target),
        Call("np.exp", (target,), target),
        adding,
        Call("np.divide", (target, sums.name), target),
    )
    scratch = (edge,) if sums is edge else (edge, sums)
    formula = f"{target} = softmax({source}) = exp({source} - max) / sum"
    return Group(formula, calls, scratch)


def _softmax_gradient(s: SoftmaxGradient, shapes: Shapes, prefix: str) -> Group:
    product = Buffer(f"s{prefix}", shapes[s.target])
    edge = Buffer(f"e{prefix}", ("n", 1))
    calls = (
        Call("np.multiply", (s.upstream, s.output), product.name),
        Call("add.reduce", (product.name,), edge.name),
        Call("np.subtract", (s.upstream, edge.name), s.target),
        Call("np.multiply", (s.target, s.output), s.target),
    )
    da, a = s.upstream, s.output
    formula = f"{s.target} = {a} * ({da} - sum of {da} * {a} over each row)"
    return Group(formula, calls, (product, edge))


def _mean(source: str, target: str, axis: int, width: str) -> tuple[Call, ...]:
    if axis == 0:
        return (Call("dot", (source, "average"), target),)
    total = Call("add.reduce", (source,), target)
    return (total, Call("np.divide", (target, width), target))


def _standardise(
    s: Standardise, shapes: Shapes, epsilons: Mapping[str, str], prefix: str
) -> Group:
    squares = Buffer(f"s{prefix}", shapes[s.target])
    deviation = s.variance.replace("variance", "deviation")
    width = _width(s.target, shapes)
    h = s.target
    calls = (
        *_mean(s.source, s.mean, s.axis, width),
        Call("np.subtract", (s.source, s.mean), h),
        Call("np.square", (h,), squares.name),
        *_mean(squares.name, s.variance, s.axis, width),
        Call("np.add", (s.variance, epsilons[s.layer]), deviation),
        Call("np.sqrt", (deviation,), deviation),
        Call("np.divide", (h, deviation), h),
    )
    below = f"sqrt({s.variance} + {epsilons[s.layer]})"
    formula = f"{h} = ({s.source} - {s.mean}) / {below}"
    if s.running_mean is None or s.running_variance is None:
        return Group(formula, calls, (squares,))
    predicting = (
        Call("copyto", (s.running_mean,), s.mean, condition="not training"),
        Call("np.subtract", (s.source, s.mean), h, condition="not training"),
        Call("copyto", (s.running_variance,), s.variance, condition="not training"),
    )
    learning = tuple(
        Call(c.function, c.arguments, c.out, condition="training") for c in calls[:-3]
    )
    return Group(formula, (*learning, *predicting, *calls[-3:]), (squares,))


def _width(name: str, shapes: Shapes) -> str:
    size = shapes[name][1]
    return str(size) if isinstance(size, int) else f"len({name})"


def _standardise_gradient(s: StandardiseGradient, shapes: Shapes, prefix: str) -> Group:
    products = Buffer(f"s{prefix}", shapes[s.target])
    narrow = shapes[s.variance]
    mean = Buffer(f"mean_d{s.output}", narrow)
    along = Buffer(f"along_{s.output}", narrow)
    deviation = s.variance.replace("variance", "deviation")
    width = _width(s.target, shapes)
    dh, h = s.upstream, s.output
    inner = f"({dh} - mean of {dh} - {h} * mean of {dh} * {h}) / {deviation}"
    means: tuple[Call, ...] = (
        *_mean(dh, mean.name, s.axis, width),
        Call("np.multiply", (dh, h), products.name),
        *_mean(products.name, along.name, s.axis, width),
    )
    ends: tuple[Call, ...] = (Call("np.divide", (s.target, deviation), s.target),)
    if s.sums is not None and s.factor is not None:
        inner = f"{s.factor} * {inner}"
        means = tuple(
            Call("np.multiply", (total, "1 / len(ones)"), buffer.name)
            for total, buffer in zip(s.sums, (mean, along), strict=True)
        )
        ends = (
            Call("np.divide", (s.factor, deviation), mean.name),
            Call("np.multiply", (s.target, mean.name), s.target),
        )
    calls = (
        *means,
        Call("np.multiply", (h, along.name), products.name),
        Call("np.subtract", (dh, mean.name), s.target),
        Call("np.subtract", (s.target, products.name), s.target),
        *ends,
    )
    return Group(f"{s.target} = {inner}", calls, (products, mean, along))
