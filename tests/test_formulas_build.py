"""Formulas from the words of a spec: what is built, and every refusal at its place."""

from __future__ import annotations

import pytest

from nndsl.diagnostics.record import Source
from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.build.definition import build_formula
from nndsl.formulas.build.library import Activations
from nndsl.formulas.build.optimizer_definition import build_optimizer
from nndsl.formulas.build.scope import Scope
from nndsl.formulas.expression import Formula, OptimizerFormula, Parameter
from nndsl.render.expressions.printer import print_numpy
from nndsl.syntax.parse import parse
from nndsl.syntax.tree import Definition, Statement


def build(text: str) -> tuple[list[Formula | OptimizerFormula | None], Scope]:
    file = parse(Source("t.nn", text))
    definitions = [line for line in file.lines if isinstance(line, Definition)]
    pending = {line.head.name.text: line for line in definitions}
    scope = Scope(
        Activations(),
        reserved=frozenset({"dense", "relu"}),
        comments=file.comments,
        pending=pending,
    )
    built: list[Formula | OptimizerFormula | None] = []
    for line in file.lines:
        if isinstance(line, Definition):
            built.append(build_formula(line, scope))
        elif isinstance(line, Statement):
            built.append(build_optimizer(line, scope))
    return built, scope


OPTIMIZER = "optimizer o(learning_rate=0.1) {\n%s\nweight = weight - learning_rate\n}"
REFUSED = [
    ("activation bent(x, beta=1) = x * bta * beta", "E201", (1, 34), "`beta`"),
    ("activation bent(x) = sigmod(x)", "E202", (1, 22), "`sigmoid`"),
    ("activation bent(x) = exp", "E201", (1, 22), "exp(...)"),
    ("activation bent(x) = max(x)", "E203", (1, 22), "max(a, b)"),
    ("activation bent(x) = exp(x=1)", "E203", (1, 26), ""),
    ("activation bent(x) = leaky_relu(x, slop=1)", "E203", (1, 36), "`slope`"),
    ("activation bent(x) = leaky_relu(slope=1)", "E203", (1, 22), "leaky_relu(x)"),
    ("activation bent(x) = bent(x) + 1", "E204", (1, 22), ""),
    ("activation aa(x) = bb(x)\nactivation bb(x) = aa(x)", "E204", (2, 20), ""),
    ("activation bent(x) = x + 1/0", "E206", (1, 26), ""),
    ("activation bent(x, k=0^-1) = x * k", "E206", (1, 22), ""),
    ("activation bent(x, k=2 in 0..1) = x * k", "E207", (1, 22), ""),
    ("activation bent(x, k=0 in above(0)..1) = x * k", "E207", (1, 22), ""),
    ("activation bent(x, k=1 in 3..2) = x * k", "E207", (1, 24), ""),
    ("activation dense(x) = x", "E208", (1, 12), ""),
    ("activation exp(x) = x", "E208", (1, 12), ""),
    ("activation np(x) = x", "E208", (1, 12), ""),
    ("activation print(x) = x", "E208", (1, 12), ""),
    ("activation bent(x, lambda=1) = x * lambda", "E208", (1, 20), ""),
    ("activation bent(x, match=1) = x * match", "E208", (1, 20), ""),
    ("activation bent(x, __k=1) = x * __k", "E208", (1, 20), ""),
    (f"activation bent(x, {'k' * 65}=1) = x * {'k' * 65}", "E208", (1, 20), ""),
    ("activation bent(x, k=1, k=2) = x * k", "E209", (1, 25), ""),
    ("activation bent(x) = sum(x)", "E210", (1, 22), ""),
    ("loss miss(prediction, target) = 1 + sum(prediction)", "E210", (1, 37), ""),
    ("activation bent(z) = z", "E211", (1, 17), ""),
    ("activation bent(x, k) = x * k", "E211", (1, 20), "k=1.0"),
    ("loss miss(target, prediction) = prediction", "E211", (1, 6), ""),
    ("activation bent(x, k=1) = x", "E212", (1, 20), ""),
    ('activation bent(x) = x + "a"', "E215", (1, 26), ""),
    (OPTIMIZER % "u = gradient", "E212", (2, 1), ""),
    (OPTIMIZER % "state m = 0", "E213", (2, 7), ""),
    (OPTIMIZER % "state m = 0\nm = gradient", "E212", (2, 7), ""),
    (OPTIMIZER % "u = v\nv = u", "E201", (2, 5), ""),
    (OPTIMIZER % "step = 1 + step", "E214", (2, 1), ""),
    (OPTIMIZER % "gradient = 2 * gradient", "E214", (2, 1), ""),
    ("optimizer o(learning_rate=0.1) {\nu = 1 * learning_rate\n}", "E213", (1, 11), ""),
    ("optimizer o(k=0.1) {\nweight = weight - k * gradient\n}", "E211", (1, 11), ""),
]


@pytest.mark.parametrize(("text", "code", "place", "hint"), REFUSED)
def test_refused_at_its_place(
    text: str, code: str, place: tuple[int, int], hint: str
) -> None:
    built, scope = build(text)
    assert None in built
    mistake = next(each for each in scope.diagnostics if each.code == code)
    assert (mistake.span.line, mistake.span.column) == place
    assert hint in mistake.hint


def test_several_mistakes_of_one_formula_are_found_together() -> None:
    _, scope = build("activation bent(x) = alpha * x + sqrr(x) + exp(x, 2)")
    assert [each.code for each in scope.diagnostics] == ["E201", "E202", "E203"]


def test_size_is_counted_before_formulas_are_put_in() -> None:
    text = "activation q0(x) = x + x + x + x\n"
    for n in range(1, 40):
        text += f"activation q{n}(x) = q{n - 1}(q{n - 1}(x))\n"
    built, scope = build(text)
    assert built[0] is not None and built[-1] is None
    assert [each.code for each in scope.diagnostics] == ["E205"]


def test_depth_is_limited_with_the_formulas_put_in() -> None:
    text = "activation p0(x) = exp(exp(exp(exp(exp(exp(exp(exp(exp(x)))))))))\n"
    for n in range(1, 8):
        text += f"activation p{n}(x) = p{n - 1}(p0(x))\n"
    _, scope = build(text)
    assert [each.code for each in scope.diagnostics] == ["E205"]
    assert scope.diagnostics[0].span.line == 6


def test_formulas_call_one_another_in_any_order() -> None:
    text = "activation outer(x, k=2) = inner(k * x, s=3) + relu(x)\n"
    text += "activation inner(x, s=1) = s * x^2\n"
    built, scope = build(text)
    assert not scope.diagnostics
    outer = built[0]
    assert isinstance(outer, Formula)
    assert evaluate(outer.value, {"x": 2.0, "k": 5.0}) == 3 * 100 + 2


def test_what_a_formula_remembers() -> None:
    text = (
        "# Bends.\n# Twice.\nactivation bent(x, k=0.5 in above(0)..infinity) = k * x\n"
    )
    text += "loss miss(prediction, target) = sum((prediction - target) / outputs)\n"
    (bent, miss), scope = build(text)
    assert not scope.diagnostics
    assert isinstance(bent, Formula) and isinstance(miss, Formula)
    assert bent.documentation == "Bends.\nTwice."
    assert bent.parameters == (Parameter("k", 0.5, 0.0, None, low_open=True),)
    assert miss.summed and miss.inputs == ("prediction", "target", "outputs")
    assert not bent.built_in


def test_an_optimizer_with_a_switch_and_a_scalar_state() -> None:
    text = """optimizer o(learning_rate=0.1 in 0..1, ahead=yes) {
        state m = 0
        state p = 1
        p = 0.9 * p
        q = 1 - p
        m = m + gradient
        weight = weight - learning_rate * where(ahead, m, gradient) / q
    }"""
    (optimizer,), scope = build(text)
    assert not scope.diagnostics
    assert isinstance(optimizer, OptimizerFormula)
    assert [(s.name, s.start, s.scalar) for s in optimizer.states] == [
        ("m", 0.0, False),
        ("p", 1.0, True),
    ]
    assert optimizer.parameters[1].switch and optimizer.parameters[1].default == 1.0
    assert [step.target for step in optimizer.steps] == ["p", "q", "m", "weight"]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("1 / (1 + exp(-x))", "sigmoid(x)"),
        ("log(1 + exp(x))", "softplus(x)"),
        ("log(1 + x)", "np.log1p(x)"),
        ("exp(x) - 1", "np.expm1(np.minimum(x, LARGEST))"),
        ("exp(-x^2)", "np.exp(-(x**2))"),
        ("exp(-abs(x))", "np.exp(-np.abs(x))"),
        ("max(x, 0)", "np.maximum(x, 0)"),
        ("x^2 + -x", "x**2 - x"),
        (
            "where(x > 0, x, exp(x) - 1)",
            "np.where(x > 0, x, np.expm1(np.minimum(x, 0)))",
        ),
        ("(x > 0) * 2 * x", "2 * x * (x > 0)"),
        ("x > 0", "(x > 0).astype(DTYPE)"),
        ("x * sqrt(2)", "math.sqrt(2) * x"),
        ("x / 3 + 1 / 3", "x / 3 + 1 / 3"),
        ("-(x - 1)^2", "-((x - 1) ** 2)"),
    ],
)
def test_forms(written: str, printed: str) -> None:
    (formula,), scope = build(f"activation bent(x) = {written}")
    assert not scope.diagnostics and isinstance(formula, Formula)
    assert print_numpy(formula.value) == printed
