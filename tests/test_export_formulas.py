"""Every operation in exported C and plain Python is worth what the reference says."""

from __future__ import annotations

import ctypes
import math
import subprocess
from pathlib import Path
from random import Random

import mpmath
import numpy as np
import pytest
from reference.exported import COMPILER, FLAGS

from nndsl.exporting.c.expressions import helpers_in, print_c
from nndsl.exporting.c.forms import FORMS, HELPERS
from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.algebra.operations import OPERATIONS
from nndsl.formulas.build.library import library_formula, library_names
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.render.expressions.forms import CALL
from nndsl.render.expressions.printer import print_scalar
from nndsl.resources import read

needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C compiler")
POINTS = [-800.0, -40.0, -3.0, -1.0, -0.3, 0.0, 1e-9, 0.5, 1.0, 2.5, 30.0, 800.0]


def test_every_operation_has_a_form_in_c() -> None:
    assert {*FORMS} | {"where"} == {*OPERATIONS}


def random_expression(random: Random, depth: int) -> Expression:
    """Anything the language can say, over x and y."""
    if depth == 0 or random.random() < 0.1:
        number = Number(random.choice([-2.0, -0.5, 0.0, 0.1, 1.0, 3.0, 1e20]))
        return random.choice([Variable("x"), Variable("y"), number])
    name = random.choice([*OPERATIONS])
    arguments = (random_expression(random, depth - 1) for _ in range(9))
    return Operation(name, tuple(arguments)[: OPERATIONS[name].arity])


def over_names(name: str) -> Operation:
    given = Variable("x"), Variable("y"), Number(1.5)
    return Operation(name, given[: OPERATIONS[name].arity])


def is_open(name: str) -> bool:
    """Whether the operation is written with a sign, and not as a call."""
    return FORMS[name].precedence < CALL or "?" in FORMS[name].text


def library(texts: list[str], folder: Path) -> ctypes.CDLL:
    """Each text of C as a function f0, f1, … of x and y."""
    used = helpers_in("\n".join(texts))
    names = [name for name in HELPERS if name in used]
    parts = ["#include <math.h>", *(helper(name) for name in names)]
    parts += [
        f"double f{i}(double x, double y)\n{{\n    (void)x, (void)y;\n"
        f"    return {text};\n}}"
        for i, text in enumerate(texts)
    ]
    source, built = folder / "f.c", folder / "f.so"
    source.write_text("\n".join(parts))
    words = [str(COMPILER), *FLAGS, "-shared", "-fPIC", "-o", str(built), str(source)]
    done = subprocess.run([*words, "-lm"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:2000]
    return ctypes.CDLL(str(built))


def helper(name: str) -> str:
    return read("templates", "c", "functions", f"{name}.c.jinja")


def alike(found: float, wanted: float) -> bool:
    if math.isnan(wanted) or math.isinf(wanted):
        return math.isnan(found) if math.isnan(wanted) else found == wanted
    return abs(found - wanted) <= 1e-12 * max(1.0, abs(wanted))


@needs_compiler
def test_random_formulas_in_c(tmp_path: Path) -> None:
    """Each operation; each that is no call in each place of such, for the parentheses;
    and nested ones."""
    random = Random(5)
    cases: list[Expression] = [over_names(name) for name in OPERATIONS]
    infix = [name for name in OPERATIONS if name not in FORMS or is_open(name)]
    cases += [
        Operation(outer, (*given[:place], over_names(inner), *given[place + 1 :]))
        for outer in infix
        for given in [over_names(outer).arguments]
        for place in range(len(given))
        for inner in infix
    ]
    cases += [random_expression(random, 3) for _ in range(150)]
    compiled = library(
        [print_c(case, {"x": "x", "y": "y"}) for case in cases], tmp_path
    )
    compared = 0
    for number, case in enumerate(cases):
        call = getattr(compiled, f"f{number}")
        call.restype, call.argtypes = ctypes.c_double, [ctypes.c_double] * 2
        for _ in range(12):
            at = {"x": random.choice(POINTS), "y": random.choice(POINTS)}
            wanted = evaluate(case, at)
            if settled(case, at, wanted):
                compared += 1
                assert alike(call(at["x"], at["y"]), wanted), (case, at)
    assert compared > 1500


def settled(case: Expression, at: dict[str, float], wanted: float) -> bool:
    """Whether a change of the last bits of x and y leaves the value about as it is."""
    if abs(wanted) > 1e15 or not has_value(case, at):
        return False
    moved = [
        evaluate(case, {"x": at["x"] * (1 + h), "y": at["y"] * (1 - h)})
        for h in (1e-13, -1e-13)
    ]
    return all(abs(each - wanted) <= 1e-11 * max(1.0, abs(wanted)) for each in moved)


def has_value(case: Expression, at: dict[str, float]) -> bool:
    """Whether the formula and all its parts are finite."""
    parts = case.arguments if isinstance(case, Operation) else ()
    whole = math.isfinite(evaluate(case, at))
    return whole and all(has_value(part, at) for part in parts)


def activation(name: str, x: float) -> float:
    """The published formulas, to forty digits."""
    mp, z = mpmath.mp, mpmath.mpf(x)
    with mp.workdps(40):
        formulas = {
            "relu": lambda: max(z, mpmath.mpf(0)),
            "sigmoid": lambda: 1 / (1 + mpmath.exp(-z)),
            "tanh": lambda: mpmath.tanh(z),
            "softplus": lambda: mpmath.log(1 + mpmath.exp(z)),
            "silu": lambda: z / (1 + mpmath.exp(-z)),
            "mish": lambda: z * mpmath.tanh(mpmath.log(1 + mpmath.exp(z))),
            "gelu": lambda: z * mpmath.erfc(-z / mpmath.sqrt(2)) / 2,
            "softsign": lambda: z / (1 + abs(z)),
            "elu": lambda: z if z > 0 else mpmath.exp(z) - 1,
        }
        return float(formulas[name]())


@needs_compiler
def test_activations_against_their_published_formulas(tmp_path: Path) -> None:
    names = ["relu", "sigmoid", "tanh", "softplus", "silu", "mish", "gelu", "softsign"]
    assert {*names} <= {*library_names("activation")}
    values = [library_formula("activation", name).value for name in names]
    compiled = library([print_c(value, {"x": "x"}) for value in values], tmp_path)
    for number, name in enumerate(names):
        call = getattr(compiled, f"f{number}")
        call.restype, call.argtypes = ctypes.c_double, [ctypes.c_double] * 2
        plain = eval(f"lambda x: {print_scalar(values[number])}", {"math": math})
        for x in np.linspace(-12, 12, 49):
            wanted = activation(name, float(x))
            assert abs(call(x, 0.0) - wanted) <= 1e-14 * max(1.0, abs(wanted)), name
            assert abs(plain(float(x)) - wanted) <= 1e-14 * max(1.0, abs(wanted)), name
