"""Programs hold together, and reverse mode is right over any acyclic graph."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nndsl.check.check import check
from nndsl.diagnostics.record import Source
from nndsl.formulas.expression import Operation, Variable
from nndsl.lower.array_names import Arrays
from nndsl.lower.backward import Backward, active_arrays, backward_blocks
from nndsl.lower.lower import lower
from nndsl.optimise.optimise import optimise
from nndsl.program.in_place import InPlace
from nndsl.program.program import Block, Map, Product, Program, Statement, SumRows
from nndsl.program.verify import ProgramError, verify
from nndsl.program.verify_in_place import verify_in_place
from nndsl.render.expressions.printer import print_numpy
from nndsl.syntax.parse import parse

SPECS = sorted((Path(__file__).parent.parent / "specs").glob("*.nn"))


def program_of(path: Path) -> Program:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    return lower(check(source, parse(source)).network)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_spec_becomes_a_program_that_holds_together(path: Path) -> None:
    program = program_of(path)
    verify(program)
    verify_in_place(program, optimise(program))


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ({"a3": "a2"}, "not the shape of a2"),
        ({"a2": "a1"}, "reads a1, which was overwritten"),
        ({"z1": "x"}, "not the shape of x"),
        ({"a1": "b1"}, "shape|not ours"),
        ({"dz3": "a3"}, "a3 is overwritten and needed"),
    ],
)
def test_memory_that_was_taken_over_is_not_read(
    over: dict[str, str], message: str
) -> None:
    program = program_of(next(path for path in SPECS if path.stem == "iris"))
    verify_in_place(program, optimise(program))
    with pytest.raises(ProgramError, match=message):
        verify_in_place(program, InPlace(over))


def test_an_activation_known_from_its_output_needs_no_array_of_its_own() -> None:
    for activation, alone in (("relu", True), ("tanh", True), ("softsign", False)):
        text = (
            f"network Pass {{\ninput 2\ndense 3 {activation}\ndense 2 softmax\n"
            "loss categorical_crossentropy\n}\n"
        )
        source = Source("pass.nn", text)
        program = lower(check(source, parse(source)).network)
        assert (optimise(program).over.get("a1") == "z1") is alone


def test_the_first_layers_input_has_no_gradient() -> None:
    program = program_of(SPECS[5])
    computed = {s.target for block in program.backward for s in block.statements}
    assert "dx" not in program.arrays
    assert "dw1" in computed


def first_block(program: Program, statement: Statement) -> Program:
    block = replace(program.forward[0], statements=(statement,))
    return replace(program, forward=(block, *program.forward[1:]))


def test_a_product_whose_inner_dimensions_differ_is_found() -> None:
    program = program_of(next(path for path in SPECS if path.stem == "iris"))
    with pytest.raises(ProgramError, match="does not agree"):
        verify(first_block(program, Product("z1", "x", "w2", "b1")))


def test_an_array_read_before_it_is_computed_is_found() -> None:
    program = program_of(next(path for path in SPECS if path.stem == "iris"))
    with pytest.raises(ProgramError, match="too early"):
        verify(first_block(program, Product("z1", "a2", "w1", "b1")))


def run(statement: Statement, values: dict[str, np.ndarray]) -> np.ndarray:
    """The value of a statement, for the kinds the graphs below are made of."""
    match statement:
        case Product(_, left, right, bias, transpose_left, transpose_right):
            a = values[left].T if transpose_left else values[left]
            b = values[right].T if transpose_right else values[right]
            return a @ b + (0 if bias is None else values[bias])
        case Map(_, value):
            return eval(print_numpy(value), {"np": np}, dict(values))
        case SumRows(_, value):
            return eval(print_numpy(value), {"np": np}, dict(values)).sum(axis=0)
    raise TypeError(statement)


def op(name: str, *arguments: str) -> Operation:
    return Operation(name, tuple(map(Variable, arguments)))


def test_gradients_of_a_graph_with_a_skip_and_a_shared_array() -> None:
    """y = z2 * z1 + z1, z1 = x @ w + b, z2 = tanh(z1) @ u: z1 is used three times."""
    arrays = Arrays()
    for name, shape, kind in (
        ("x", ("n", 3), "input"),
        ("w", (3, 4), "parameter"),
        ("b", (4,), "parameter"),
        ("u", (4, 4), "parameter"),
    ):
        arrays.add(name, shape, kind)
    for name in ("z1", "h", "z2", "y"):
        arrays.add(name, ("n", 4))
    forward = (
        Product("z1", "x", "w", "b"),
        Map("h", Operation("tanh", (Variable("z1"),))),
        Product("z2", "h", "u"),
        Map("y", Operation("add", (op("multiply", "z2", "z1"), Variable("z1")))),
    )
    blocks = (Block("graph", "graph", forward),)
    parameters = ["w", "b", "u"]
    backward = Backward(arrays, active_arrays(blocks, parameters))
    backward.reached("y", arrays.add("dy", ("n", 4), "gradient"))
    done = backward_blocks(blocks, backward, [], 0)

    random = np.random.RandomState(0)
    values = {
        name: random.standard_normal(shape)
        for name, shape in (("x", (5, 3)), ("w", (3, 4)), ("b", (4,)), ("u", (4, 4)))
    }
    weight = random.standard_normal((5, 4))

    def total(given: dict[str, np.ndarray]) -> float:
        current = dict(given)
        for statement in forward:
            current[statement.target] = run(statement, current)
        values.update(current)
        return float((current["y"] * weight).sum())

    total(values)
    current = {**values, "dy": weight}
    for block in done:
        for statement in block.statements:
            current[statement.target] = run(statement, current)
    given = {name: values[name].copy() for name in ("x", *parameters)}
    for name in parameters:
        gradient = current[backward.gradients[name]]
        for place in np.ndindex(gradient.shape):
            sides = []
            for step in (1e-6, -1e-6):
                moved = {key: array.copy() for key, array in given.items()}
                moved[name][place] += step
                sides.append(total(moved))
            slope = (sides[0] - sides[1]) / 2e-6
            assert gradient[place] == pytest.approx(slope, rel=1e-6, abs=1e-7)
