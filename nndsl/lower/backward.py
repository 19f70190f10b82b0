"""Reverse mode: from the statements of the forward pass to those of the backward pass.

One rule a statement, read from the last to the first; where an array is used more
than once its gradients add up.  Only gradients that lead to a parameter are computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from nndsl.formulas.algebra.differentiate import differentiate
from nndsl.formulas.algebra.simplify import simplify
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.lower.array_names import Arrays
from nndsl.lower.batch_norm_sums import sums_used
from nndsl.lower.slopes import slope_of
from nndsl.program.program import (
    Activate,
    ActivateGradient,
    Block,
    Map,
    Product,
    Softmax,
    SoftmaxGradient,
    Standardise,
    StandardiseGradient,
    Statement,
    SumRows,
)
from nndsl.program.reads import depends_on


@dataclass(slots=True)
class Backward:
    """The backward pass while it is being built.

    `gradients` names the array that holds the gradient of an array, so far.
    """

    arrays: Arrays
    active: frozenset[str]
    gradients: dict[str, str] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)

    def new(self, of: str) -> str:
        """The name for a (further) gradient of the array `of`."""
        array = self.arrays.known[of]
        return self.arrays.add(f"d{of}", array.shape, "gradient", array.layer)

    def reached(self, of: str, gradient: str) -> None:
        """`gradient` is (a part of) the gradient of the array `of`."""
        before = self.gradients.get(of)
        if before is not None:
            total = self.new(of)
            parts = (Variable(before), Variable(gradient))
            self.statements.append(Map(total, Operation("add", parts)))
            gradient = total
        self.gradients[of] = gradient


def active_arrays(blocks: Sequence[Block], parameters: Sequence[str]) -> frozenset[str]:
    """The arrays that a change of a parameter changes."""
    active = set(parameters)
    for block in blocks:
        for statement in block.statements:
            if active.intersection(depends_on(statement)):
                active.add(statement.target)
    return frozenset(active)


def backward_blocks(
    blocks: Sequence[Block], backward: Backward, first: Sequence[Statement], skip: int
) -> tuple[Block, ...]:
    """The backward pass: `first` starts it, inside the block of the last layer.

    `skip` is the number of statements at the end of the forward pass that `first`
    has already gone through.
    """
    result = []
    backward.statements = list(first)
    for block in reversed(blocks):
        statements = list(block.statements)
        while skip and statements:
            statements.pop()
            skip -= 1
        for statement in reversed(statements):
            _gradients(backward, statement)
        if backward.statements:
            done = sums_used(backward.statements)
            result.append(Block(block.text, block.layer, done, block.span))
        backward.statements = []
    return tuple(result)


def _gradients(backward: Backward, statement: Statement) -> None:
    upstream = backward.gradients.get(statement.target)
    if upstream is None:
        return
    match statement:
        case Product():
            _product(backward, statement, upstream)
        case Map(value=value):
            _map(backward, statement, value, upstream)
        case Activate(target=target, source=source, use=use):
            gradient = backward.new(source)
            slope, by_output = slope_of(use)
            at = target if by_output else source
            backward.statements.append(
                ActivateGradient(gradient, upstream, at, use, slope, by_output)
            )
            backward.reached(source, gradient)
        case Softmax(target=target, source=source):
            gradient = backward.new(source)
            backward.statements.append(SoftmaxGradient(gradient, upstream, target))
            backward.reached(source, gradient)
        case Standardise(target=target, source=source):
            gradient = backward.new(source)
            backward.statements.append(
                StandardiseGradient(
                    gradient,
                    upstream,
                    target,
                    statement.variance,
                    statement.axis,
                    statement.epsilon,
                    statement.layer,
                )
            )
            backward.reached(source, gradient)
        case _:
            raise TypeError(f"no gradient rule for {type(statement).__name__}")


def _product(backward: Backward, product: Product, upstream: str) -> None:
    if product.transpose_left or product.transpose_right:
        raise TypeError("no gradient rule for a product of transposed arrays")
    for array, statement in (
        (
            product.right,
            lambda name: Product(name, product.left, upstream, transpose_left=True),
        ),
        (product.bias, lambda name: SumRows(name, Variable(upstream))),
        (
            product.left,
            lambda name: Product(name, upstream, product.right, transpose_right=True),
        ),
    ):
        if array is not None and array in backward.active:
            gradient = backward.new(array)
            backward.statements.append(statement(gradient))
            backward.reached(array, gradient)


def _map(backward: Backward, statement: Map, value: Expression, upstream: str) -> None:
    for array in depends_on(statement):
        if array not in backward.active:
            continue
        slope = differentiate(value, array)
        part = simplify(Operation("multiply", (Variable(upstream), slope)))
        if part == Number(0.0):
            continue
        gradient = backward.new(array)
        rows_added = backward.arrays.shape(array)[0] != "n"
        done = SumRows(gradient, part) if rows_added else Map(gradient, part)
        backward.statements.append(done)
        backward.reached(array, gradient)
