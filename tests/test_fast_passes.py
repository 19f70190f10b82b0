"""Each pass of the fast style by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nndsl.diagnostics.record import Source
from nndsl.formulas.algebra.construct import apply, multiply
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.optimise.buffers import Life, shared
from nndsl.optimise.elementwise import Setting, schedule
from nndsl.optimise.expand import expanded
from nndsl.optimise.flat_update import in_place_update
from nndsl.optimise.hoisting import Outward
from nndsl.optimise.optimise import optimise
from nndsl.optimise.ranges import is_positive, scalar_range
from nndsl.program.in_place import Buffer
from nndsl.program.program import Program
from nndsl.program.verify_in_place import verify_in_place
from nndsl.render.expressions.printer import print_numpy
from nndsl.render.inplace.calls import call_lines

X, Y, S = Variable("x"), Variable("y"), Variable("s")
B = Variable("B")
STEP = Variable("step")
DECAYED = apply("subtract", Number(1.0), apply("power", B, STEP))


def program(text: str) -> Program:
    from nndsl.compiler import understand
    from nndsl.lower.lower import lower

    return lower(understand(Source("pass.nn", text)).network)


def with_optimizer(optimizer: str) -> Program:
    return program(
        "network Pass {\ninput 2\ndense 2 softmax\nloss categorical_crossentropy\n"
        f"train {{ optimizer {optimizer} }}\n}}\n"
    )


@pytest.mark.parametrize(
    ("optimizer", "passes", "scratch"),
    [
        ("adam", 10, 1),
        ("adamw", 11, 1),
        ("sgd", 2, 0),
        ("sgd(momentum=0.9)", 4, 1),
        ("rmsprop", 8, 1),
        ("adagrad", 7, 1),
        ("adamax", 9, 1),
        ("lion", 7, 2),
    ],
)
def test_an_optimizer_takes_so_many_passes(
    optimizer: str, passes: int, scratch: int
) -> None:
    lowered = with_optimizer(optimizer)
    plan = in_place_update(lowered)
    assert sum(len(group.calls) for group in plan.groups) == passes
    assert len(plan.scratch) == scratch


def test_linear_states_are_kept_divided_in_float32_only() -> None:
    lowered = with_optimizer("adam")
    scales = {
        precision: [
            None if state.scale is None else print_numpy(state.scale)
            for state in in_place_update(replace(lowered, precision=precision)).states
        ]
        for precision in ("float32", "float64")
    }
    assert scales == {
        "float32": ["1 - BETA1", "1 - BETA2"],
        "float64": [None, None],
    }


FORMULAS: dict[str, Expression] = {
    "sum": apply("add", multiply(X, X), multiply(X, Y)),
    "shared": multiply(apply("exp", X), apply("add", apply("exp", X), Y)),
    "both sides": apply("subtract", apply("exp", Y), apply("sin", X)),
    "clip": apply("clip", X, Number(-0.5), Number(0.5)),
    "sigmoid": apply("sigmoid", X),
    "softplus": apply("softplus", X),
    "switch": apply(
        "where", apply("greater", X, Number(0.0)), Number(2.0), Number(0.5)
    ),
    "choice": apply("where", apply("greater", X, Y), apply("exp", X), multiply(Y, X)),
    "leaky": apply(
        "where", apply("greater", X, Number(0.0)), X, multiply(Number(0.1), X)
    ),
    "masks": multiply(apply("greater", X, Number(-1.0)), apply("less", X, Number(1.0))),
    "number": Number(3.0),
    "name": Y,
    "scalar": multiply(apply("sqrt", multiply(S, apply("square", X))), S),
}
HELPERS = {"S": 1.5, "LARGEST": 709.0, "SMALLEST": 1e-308}


@pytest.mark.parametrize("target", ["out", "x", "y"])
@pytest.mark.parametrize("name", FORMULAS)
def test_calls_compute_the_formula(name: str, target: str) -> None:
    """Into an array of its own, and over one that the formula reads."""
    shapes = dict.fromkeys(("out", "x", "y"), ("n", 4))
    setting = Setting(shapes, {"s"}, mine=())
    calls, scratch = schedule(target, expanded(FORMULAS[name], frozenset("s")), setting)
    random = np.random.RandomState(0)
    arrays = {k: random.standard_normal((3, 4)) for k in shapes}
    given = {"np": np, "FLOAT": np.float64, "number": float, "s": 1.5, **HELPERS}
    from nndsl.render.expressions.helpers import helper_functions

    text = "Array = object\n" + "\n".join(
        helper_functions(["sigmoid", "softplus"], "float64")
    )
    exec(text, given)
    expected = eval(print_numpy(FORMULAS[name], None, {"s"}), {**given, **arrays})
    kept = {k: v.copy() for k, v in arrays.items()}
    for buffer in scratch:
        kind = bool if buffer.dtype == "bool" else float
        arrays[buffer.name] = np.empty((3, 4), kind)
    exec("\n".join(call_lines(calls, "", {"s"})), {**given, **arrays})
    assert np.allclose(arrays[target], expected, rtol=1e-13, atol=0)
    for other in {"x", "y"} - {target}:
        assert np.array_equal(arrays[other], kept[other])


def test_in_place_calls_read_as_one_would_write_them() -> None:
    shapes = dict.fromkeys(("v", "g"), ("n",))
    value = apply("add", multiply(B, Variable("v")), apply("square", Variable("g")))
    calls, _ = schedule("v", value, Setting(shapes, {"B"}, mine=("g",)))
    lines = ["v *= number(B)", "np.square(g, out=g)", "v += g"]
    assert call_lines(calls, "", {"B"}) == lines


def test_numbers_move_outward_only_where_they_are_positive() -> None:
    root = apply("sqrt", multiply(S, X))
    assert Outward({"s"}, {"s": 2.0}).split(root) == (
        apply("sqrt", S),
        apply("sqrt", X),
    )
    assert Outward({"s"}, {"s": -2.0}).split(root)[0] == Number(1.0)
    assert Outward({"s"}, {}).split(root)[0] == Number(1.0)


def test_ranges_of_corrections() -> None:
    assert scalar_range(DECAYED, {"B": 0.75}) == (0.25, 1.0)
    assert is_positive(DECAYED, {"B": 0.999})
    assert not is_positive(apply("power", B, STEP), {"B": 0.9})
    assert not is_positive(Variable("learning_rate"), {})


def test_memory_is_shared_by_arrays_that_never_meet() -> None:
    def life(name: str, first: int, last: int, *after: str) -> Life:
        return Life(Buffer(name, ("n", 4)), first, last, after)

    lives = [
        life("z1", 0, 1),
        life("a1", 1, 9, "z1"),
        life("z2", 2, 3),
        life("a2", 3, 4),
        life("z3", 4, 5),
        Life(Buffer("k", ("n", 4), "bool"), 5, 5),
    ]
    names = [memory.names for memory in shared(lives)]
    assert names == [("z1", "a1"), ("z2", "z3"), ("a2",), ("k",)]


def test_an_activation_known_from_its_output_needs_no_array_of_its_own() -> None:
    from nndsl.optimise.plan import in_place_passes

    for activation, alone in (("relu", True), ("tanh", True), ("softsign", False)):
        lowered = program(
            f"network Pass {{\ninput 2\ndense 3 {activation}\ndense 2 softmax\n"
            "loss categorical_crossentropy\n}\n"
        )
        passes = in_place_passes(lowered)
        together = [set(memory.names) >= {"z1", "a1"} for memory in passes.values]
        assert any(together) is alone


def test_slopes_never_read_what_was_overwritten() -> None:
    """Two names in one memory: the first is not read once the second is written."""
    lowered = program(
        "network Pass {\ninput 3\ndense 4 gelu\nlayer_norm\ndense 4 elu\ndropout 10%\n"
        "dense 4 leaky_relu\ndense 2 softmax\nloss categorical_crossentropy\n}\n"
    )
    verify_in_place(lowered, optimise(lowered))


def test_every_operation_of_a_formula_can_be_written_in_place() -> None:
    from nndsl.formulas.algebra.operations import OPERATIONS

    for name, operation in OPERATIONS.items():
        if operation.arity == 0:
            continue
        arguments = (X, Y, X)[: operation.arity]
        shapes = dict.fromkeys(("out", "x", "y"), ("n", 4))
        value = expanded(Operation(name, arguments), frozenset())
        calls, _ = schedule("out", value, Setting(shapes, ()))
        assert calls, name


def test_batch_norm_uses_the_sums_of_its_own_parameters() -> None:
    from nndsl.optimise.batch_norm_sums import sums_used
    from nndsl.program.program import StandardiseGradient

    blocks = program(
        "network Pass {\ninput 3\ndense 4\nbatch_norm\nrelu\ndense 5\nlayer_norm\n"
        "dense 1\nloss mean_squared_error\n}\n"
    ).backward
    before = {s.target: s for block in blocks for s in block.statements}
    after = {s.target: s for block in sums_used(blocks) for s in block.statements}
    norms = [s for s in after.values() if isinstance(s, StandardiseGradient)]
    units, rows = norms
    assert before.keys() - after.keys() == {"dh1"}
    assert (rows.upstream, rows.factor) == ("dy1", "scale1")
    assert rows.sums == ("dshift1", "dscale1")
    assert units.sums is None
    assert before[units.target] == units
