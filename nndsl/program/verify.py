"""Checks that a program holds together: every array is computed before it is read, the
shapes of every statement agree, and the data fit both ends.

Compiling a spec does not need it; it runs between the stages in the tests.
"""

from collections.abc import Iterable, Mapping

from nndsl.formulas.traverse import variables
from nndsl.program.program import (
    Array,
    Block,
    Map,
    Product,
    Program,
    Shape,
    Standardise,
    Statement,
    SumRows,
)
from nndsl.program.reads import reads
from nndsl.program.verify_data import misfits


class ProgramError(ValueError):
    """A program that no network can have: a bug of the compiler."""


def verify(program: Program) -> None:
    """Raise ProgramError where `program` does not hold together."""
    arrays = program.arrays
    for misfit in misfits(program.data, arrays["x"].shape[1], program.loss.outputs):
        raise ProgramError(misfit)
    known = {name for name, array in arrays.items() if array.kind in GIVEN}
    known |= {constant.name for constant in program.constants} | {"n_outputs", "n", "size"}
    known = _verify_blocks(program.forward, arrays, known)
    for name, gradient in program.gradients:
        if arrays[name].shape != arrays[gradient].shape:
            raise ProgramError(f"{gradient} has not the shape of {name}")
    known = _verify_blocks(program.backward, arrays, known)
    for wanted in (program.output, *(gradient for _, gradient in program.gradients)):
        if wanted not in known:
            raise ProgramError(f"{wanted} is never computed")


GIVEN = frozenset({"input", "target", "weights", "parameter", "running"})


def _verify_blocks(
    blocks: Iterable[Block], arrays: Mapping[str, Array], known: set[str]
) -> set[str]:
    known = set(known)
    for block in blocks:
        for statement in block.statements:
            missing = set(reads(statement)) - known
            if missing:
                names = ", ".join(sorted(missing))
                raise ProgramError(f"{statement.target} reads {names} too early")
            if statement.target in known:
                raise ProgramError(f"{statement.target} is computed twice")
            _verify_shape(statement, arrays)
            known.add(statement.target)
            if isinstance(statement, Standardise):
                known |= {statement.mean, statement.variance}
    return known


def _verify_shape(statement: Statement, arrays: Mapping[str, Array]) -> None:
    shape = arrays[statement.target].shape
    found = _shape(statement, arrays)
    if found != shape:
        raise ProgramError(f"{statement.target} is {shape}, its formula gives {found}")


def _shape(statement: Statement, arrays: Mapping[str, Array]) -> Shape:
    match statement:
        case Product():
            return _product_shape(statement, arrays)
        case SumRows(value=value):
            return _broadcast(value_shapes(variables(value), arrays))[1:]
        case Map(value=value):
            return _broadcast(value_shapes(variables(value), arrays))
        case _:
            shapes = [arrays[name].shape for name in reads(statement)]
            return _broadcast(shapes)


def value_shapes(names: Iterable[str], arrays: Mapping[str, Array]) -> list[Shape]:
    """The shapes of those names that are arrays."""
    return [arrays[name].shape for name in names if name in arrays]


def _product_shape(product: Product, arrays: Mapping[str, Array]) -> Shape:
    left, right = arrays[product.left].shape, arrays[product.right].shape
    left = left[::-1] if product.transpose_left else left
    right = right[::-1] if product.transpose_right else right
    if left[1] != right[0]:
        raise ProgramError(f"{product.target}: {left} @ {right} does not agree")
    if product.bias and arrays[product.bias].shape != (right[1],):
        raise ProgramError(f"{product.bias} does not fit {product.target}")
    return (left[0], right[1])


def _broadcast(shapes: Iterable[Shape]) -> Shape:
    """The shape of arrays taken together, by NumPy's rules."""
    result: Shape = ()
    for shape in shapes:
        length = max(len(result), len(shape))
        padded = [(1,) * (length - len(sizes)) + sizes for sizes in (result, shape)]
        merged = []
        for one, other in zip(*padded, strict=True):
            if one != other and 1 not in (one, other):
                raise ProgramError(f"{result} and {shape} do not go together")
            merged.append(other if one == 1 else one)
        result = tuple(merged)
    return result
