"""Statements of a program as calls that write into existing arrays."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from nndsl.formulas.algebra.construct import ONE, subtract
from nndsl.formulas.expression import Number, Variable
from nndsl.formulas.traverse import variables
from nndsl.optimise.elementwise import Setting, schedule
from nndsl.optimise.expand import expanded
from nndsl.optimise.hoisting import Outward
from nndsl.program.in_place import (
    Buffer,
    Call,
    Condition,
    Draw,
    Group,
    Length,
    Ones,
    Operand,
    Ref,
    Value,
)
from nndsl.program.program import (
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

Shapes = Mapping[str, Shape]

_FEW = 32
"""So many sums of a column cost less as a product with ones than one as a sum."""


def extra_arrays(statement: Statement, shapes: Shapes) -> tuple[Buffer, ...]:
    """Arrays that a statement leaves behind beside its target."""
    match statement:
        case Standardise(mean=mean, variance=variance):
            shape = shapes[mean]
            names = (mean, variance, deviation_of(variance))
            return tuple(Buffer(name, shape) for name in names)
    return ()


@dataclass(frozen=True, slots=True)
class Surroundings:
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
    statement: Statement, arrays: Surroundings, storage: Mapping[str, str], prefix: str
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
            return Group(statement, calls, scratch, scalars)
        case SumRows():
            return _sum_rows(statement, arrays, prefix)
        case Softmax(target):
            return _softmax(statement, shapes[target], prefix)
        case SoftmaxGradient():
            return _softmax_gradient(statement, shapes, prefix)
        case Standardise():
            return _standardise(statement, shapes, epsilons, prefix)
        case StandardiseGradient():
            return _standardise_gradient(statement, shapes, prefix)
        case DropoutMask(target=target, rate=rate):
            kept = Value(subtract(ONE, Number(rate)))
            calls = (
                Call("greater_equal", (Draw(target), Value(Number(rate))), target),
                Call("divide", (Ref(target), kept), target),
            )
            return Group(statement, calls)
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


def _product(product: Product, arrays: Surroundings) -> Group:
    """A product, rows of the data standing in memory as columns.

    Where the left factor stands above a row of ones, the biases are one more row of
    the weights, and both are multiplied, or found, at once.
    """
    target, left, right = product.target, product.left, product.right
    calls: tuple[Call, ...]
    if product.transpose_left:
        together = arrays.joined.get(target)
        if together is not None:
            target, left = joined(target, together), with_ones(left)
        calls = (Call("dot", (Ref(left), Ref(right, transposed=True)), target),)
    elif product.transpose_right:
        calls = (Call("dot", (Ref(right), Ref(left)), target),)
    elif product.bias is not None and right in arrays.joined:
        weights = Ref(joined(right, product.bias), transposed=True)
        calls = (Call("dot", (weights, Ref(with_ones(left))), target),)
    else:
        weights = Ref(right, transposed=True)
        calls = (Call("dot", (weights, Ref(left)), target),)
        if product.bias is not None:
            calls += (Call("add", (Ref(target), Ref(product.bias)), target),)
    return Group(product, calls)


def _sum_rows(statement: SumRows, arrays: Surroundings, prefix: str) -> Group:
    shapes, target, value = arrays.shapes, statement.target, statement.value
    scalars = _scalars(statement, shapes)
    ones = Ref("ones")
    if target in arrays.added:
        return Group(statement, (), (), scalars)
    if isinstance(value, Variable):
        calls = (Call("dot", (Ref(value.name), ones), target),)
        return Group(statement, calls, (), scalars)
    name = f"s{prefix}"
    full = max((shapes[n] for n in variables(value) if n in shapes), key=len)
    setting = Setting({**shapes, name: full}, scalars, prefix=f"{prefix}_")
    parts, scratch = schedule(name, expanded(value, scalars), setting)
    summed = Call("dot", (Ref(name), ones), target)
    buffers = (Buffer(name, full), *scratch)
    return Group(statement, (*parts, summed), buffers, scalars)


def _softmax(statement: Softmax, shape: Shape, prefix: str) -> Group:
    edge, sums = Buffer(f"top{prefix}", ("n", 1)), Buffer(f"s{prefix}", shape)
    target, source = Ref(statement.target), Ref(statement.source)
    width = shape[1]
    if isinstance(width, int) and width <= _FEW:
        adding = Call("dot", (Ones(width), target), sums.name)
    else:
        adding, sums = Call("sum", (target,), edge.name), edge
    calls = (
        Call("max", (source,), edge.name),
        Call("subtract", (source, Ref(edge.name)), target.name),
        Call("exp", (target,), target.name),
        adding,
        Call("divide", (target, Ref(sums.name)), target.name),
    )
    scratch = (edge,) if sums is edge else (edge, sums)
    return Group(statement, calls, scratch)


def _softmax_gradient(s: SoftmaxGradient, shapes: Shapes, prefix: str) -> Group:
    product = Buffer(f"s{prefix}", shapes[s.target])
    edge = Buffer(f"e{prefix}", ("n", 1))
    upstream, output, target = Ref(s.upstream), Ref(s.output), Ref(s.target)
    calls = (
        Call("multiply", (upstream, output), product.name),
        Call("sum", (Ref(product.name),), edge.name),
        Call("subtract", (upstream, Ref(edge.name)), s.target),
        Call("multiply", (target, output), s.target),
    )
    return Group(s, calls, (product, edge))


def _mean(source: str, target: str, axis: int, width: Operand) -> tuple[Call, ...]:
    if axis == 0:
        return (Call("dot", (Ref(source), Ref("average")), target),)
    total = Call("sum", (Ref(source),), target)
    return (total, Call("divide", (Ref(target), width), target))


_LEARNS = Variable("training")


def _standardise(
    s: Standardise, shapes: Shapes, epsilons: Mapping[str, str], prefix: str
) -> Group:
    squares = Buffer(f"s{prefix}", shapes[s.target])
    deviation = deviation_of(s.variance)
    width = _width(s.target, shapes)
    h = Ref(s.target)
    epsilon = Value(Variable(epsilons[s.layer]))
    numbers = frozenset({epsilons[s.layer], _LEARNS.name})
    centred = Call("subtract", (Ref(s.source), Ref(s.mean)), s.target)
    moments = (
        *_mean(s.source, s.mean, s.axis, width),
        centred,
        Call("square", (h,), squares.name),
        *_mean(squares.name, s.variance, s.axis, width),
    )
    ending = (
        Call("add", (Ref(s.variance), epsilon), deviation),
        Call("sqrt", (Ref(deviation),), deviation),
        Call("divide", (h, Ref(deviation)), s.target),
    )
    if s.running_mean is None or s.running_variance is None:
        return Group(s, (*moments, *ending), (squares,), numbers)
    predicting = (
        Call("copyto", (Ref(s.running_mean),), s.mean),
        centred,
        Call("copyto", (Ref(s.running_variance),), s.variance),
    )
    calls = (
        *(replace(call, condition=Condition(_LEARNS)) for call in moments),
        *(replace(call, condition=Condition(_LEARNS, False)) for call in predicting),
        *ending,
    )
    return Group(s, calls, (squares,), numbers)


def deviation_of(variance: str) -> str:
    """The array of the square root of a variance."""
    return variance.replace("variance", "deviation")


def _width(name: str, shapes: Shapes) -> Operand:
    size = shapes[name][1]
    return Value(Number(float(size))) if isinstance(size, int) else Length(name)


def _standardise_gradient(s: StandardiseGradient, shapes: Shapes, prefix: str) -> Group:
    products = Buffer(f"s{prefix}", shapes[s.target])
    narrow = shapes[s.variance]
    mean = Buffer(f"mean_d{s.output}", narrow)
    along = Buffer(f"along_{s.output}", narrow)
    deviation = Ref(deviation_of(s.variance))
    width = _width(s.target, shapes)
    dh, h, target = Ref(s.upstream), Ref(s.output), Ref(s.target)
    means: tuple[Call, ...] = (
        *_mean(dh.name, mean.name, s.axis, width),
        Call("multiply", (dh, h), products.name),
        *_mean(products.name, along.name, s.axis, width),
    )
    ends: tuple[Call, ...] = (Call("divide", (target, deviation), s.target),)
    if s.sums is not None and s.factor is not None:
        share = Length("ones", inverse=True)
        means = tuple(
            Call("multiply", (Ref(total), share), buffer.name)
            for total, buffer in zip(s.sums, (mean, along), strict=True)
        )
        ends = (
            Call("divide", (Ref(s.factor), deviation), mean.name),
            Call("multiply", (target, Ref(mean.name)), s.target),
        )
    calls = (
        *means,
        Call("multiply", (h, Ref(along.name)), products.name),
        Call("subtract", (dh, Ref(mean.name)), s.target),
        Call("subtract", (target, Ref(products.name)), s.target),
        *ends,
    )
    return Group(s, calls, (products, mean, along))
