"""Printed formulas are formatted already, and of the module's precision."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from reference.printed import printed_lines, run_printed

from nndsl.formulas.algebra.construct import apply, multiply
from nndsl.formulas.algebra.differentiate import differentiate
from nndsl.formulas.algebra.simplify import simplify
from nndsl.formulas.build.library import (
    library_formula,
    library_names,
    library_optimizer,
)
from nndsl.formulas.expression import Variable
from nndsl.render.expressions.helpers import HELPERS, helper_constants, helper_functions
from nndsl.render.expressions.named_steps import print_steps
from nndsl.render.expressions.printer import needs, print_scalar

INPUT = {"activation": "x", "loss": "prediction"}


def module() -> str:
    """Every printed formula, its slope and every helper, as one module."""
    constants = "".join(
        f"{name} = {value!r}  # {note}\n"
        for name, value, note in helper_constants(HELPERS, "float64")
    )
    head = (
        '"""Every formula."""\n\nimport math\n\n'
        "import numpy as np\nfrom numpy import ndarray\n\nDTYPE = np.float64\n"
        + constants
    )
    functions = [text.strip() for text in helper_functions(HELPERS, "float64")]
    for kind, name in INPUT.items():
        for each in library_names(kind):
            formula = library_formula(kind, each)
            scalars = {p.name for p in formula.parameters} | {"outputs"}
            slope = multiply(Variable("da"), differentiate(formula.value, name))
            for title, value in (("value", formula.value), ("slope", simplify(slope))):
                body = "\n".join(f"    {s}" for s in printed_lines(value, scalars, 84))
                arrays = {"x", "prediction", "target", "da"}
                arguments = [f"{a}: ndarray" for a in sorted(arrays)]
                arguments += [f"{s}: float" for s in sorted(scalars)]
                lines = ",\n    ".join(arguments)
                functions.append(
                    f"def {each}_{kind}_{title}(\n    {lines},\n) -> ndarray | float:\n"
                    f"{body}\n    return result"
                )
    for each in library_names("schedule"):
        formula = library_formula("schedule", each)
        names = [*formula.inputs, *(p.name for p in formula.parameters)]
        lines = ",\n    ".join(f"{name}: float" for name in names)
        steps = printed_lines(formula.value, set(names), 84)
        body = "\n".join(f"    {step}" for step in steps)
        functions.append(
            f"def {each}_rate(\n    {lines},\n) -> float:\n{body}\n    return result"
        )
    return head + "".join(f"\n\n{text}\n" for text in functions)


@pytest.mark.parametrize(
    "arguments", [["format", "--diff"], ["check", "--ignore", "RET504"]]
)
def test_printed_text_is_formatted_already(
    arguments: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "every.py"
    path.write_text(module())
    command = [sys.executable, "-m", "ruff", *arguments, "--isolated", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[:4000]


@pytest.mark.parametrize("name", library_names("optimizer"))
def test_a_float32_step_stays_float32(name: str) -> None:
    optimizer = library_optimizer(name)
    values: dict[str, object] = {
        each.name: each.default for each in optimizer.parameters
    }
    values |= {"step": 3.0, "nesterov": 1.0}
    array = np.full(4, 0.25, dtype=np.float32)
    values |= {"weight": array, "gradient": array}
    for state in optimizer.states:
        values[state.name] = state.start if state.scalar else array
    for step in optimizer.steps:
        used = {k: v for k, v in values.items() if k in _names(step.value)}
        result = run_printed(step.value, used, "float32")
        values[step.target] = result if result.ndim else float(result)
        assert result.ndim == 0 or result.dtype == np.float32
    assert np.ndim(values["weight"]) == 1


def _names(value: object) -> frozenset[str]:
    from nndsl.formulas.algebra.simplify import variables

    return variables(value)


def test_numbers_print_with_math_alone() -> None:
    for name in library_names("schedule"):
        assert "np." not in print_scalar(library_formula("schedule", name).value)


def test_a_named_part_brings_no_guard_that_the_whole_did_not_need() -> None:
    sine = apply("sin", Variable("x"))
    expression = apply("add", sine, apply("exp", sine))
    assert print_steps(expression, "y") == [
        "y_sin = np.sin(x)",
        "y = y_sin + np.exp(y_sin)",
    ]
    assert not needs(expression)
