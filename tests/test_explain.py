"""What `nndsl explain` says: every code, every name, every line."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from nndsl.cli.main import main
from nndsl.compiler import module_text, understand
from nndsl.diagnostics.codes import CODES
from nndsl.diagnostics.record import Source
from nndsl.explain.codes import findings
from nndsl.explain.entries import option_names
from nndsl.explain.examples import example_of, expanded
from nndsl.explain.explain import UnknownName, explained
from nndsl.explain.libraries import ELSEWHERE
from nndsl.explain.lines import line_page
from nndsl.explain.plot import plot
from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.build.convert import FUNCTIONS
from nndsl.formulas.build.definition import build_formula
from nndsl.formulas.build.library import (
    Activations,
    library_formula,
    library_names,
)
from nndsl.formulas.build.scope import Scope
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.language.initializers import INITIALIZERS
from nndsl.language.metric_table import METRICS
from nndsl.language.settings import SETTINGS
from nndsl.language.statements import DEFINITIONS, STATEMENTS
from nndsl.language.synonyms import ABSENT, SYNONYMS
from nndsl.layers.registry import LAYERS
from nndsl.spec_text.formula_text import formula_text
from nndsl.syntax.parse import parse
from nndsl.syntax.tree import Definition

PROJECT = Path(__file__).resolve().parent.parent
SPECS = sorted((PROJECT / "specs").glob("*.nn"))
EXAMPLES = PROJECT / "nndsl" / "explain" / "examples"
KINDS = ("activation", "loss", "schedule", "optimizer")
NAMES = sorted(
    {name for kind in KINDS for name in library_names(kind)}
    | {*LAYERS, *SETTINGS, *STATEMENTS, *DEFINITIONS, *METRICS, *INITIALIZERS}
    | {*FUNCTIONS, "softmax", "plateau", *option_names()}
)


@pytest.mark.one_in(2)
@pytest.mark.parametrize("code", CODES)
def test_the_example_has_this_mistake_alone_and_the_mended_one_has_none(
    code: str,
) -> None:
    example = example_of(code)
    _, found = findings(example.spec)
    assert [each.code for each in found] == [code]
    source, found = findings(example.mended)
    assert not found
    compile(module_text(understand(source)), code, "exec")


def test_there_are_two_files_for_every_code_and_no_others() -> None:
    wanted = {f"{code}{end}" for code in CODES for end in (".nn", ".fixed.nn")}
    assert {path.name for path in EXAMPLES.iterdir()} == wanted


def test_what_no_file_should_hold() -> None:
    assert expanded("a<3 times b >c<U+202E><byte FF>d < e > f") == (
        b"ab b b c\xe2\x80\xae\xffd < e > f"
    )


@pytest.mark.parametrize("what", [*CODES, *NAMES])
def test_every_page_is_plain_and_at_most_80_columns_wide(what: str) -> None:
    page = explained(what)
    assert page.startswith(what)
    for line in page.splitlines():
        assert len(line) <= 80, line
        assert line == line.rstrip() and line.isprintable(), line


def test_a_code_page_shows_the_message_and_both_specs() -> None:
    page = explained("e122")
    assert "E122 (error: widths do not fit)" in page
    assert "Line 4: 4 outputs where `target` has 3 labels; write `dense 3`." in page
    assert page.count("    network Flowers {") == 2
    assert page.index("dense  4 softmax") < page.index("dense  3 softmax")


def field(page: str, label: str) -> str:
    """What stands behind a word at the left, put on one line."""
    lines = page.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"  {label}  "))
    text = [lines[start].strip().removeprefix(label)]
    for line in lines[start + 1 :]:
        if not line.startswith(" " * 10) or ":" in line:
            break
        text.append(line)
    return " ".join(" ".join(text).split())


def central(value: Expression, name: str, values: dict[str, float]) -> float:
    h = 1e-5
    above, below = (
        evaluate(value, values | {name: values[name] + step}) for step in (h, -h)
    )
    return (above - below) / (2 * h)


def read(definition: str) -> Expression:
    """The formula of a definition, as the compiler reads it."""
    file = parse(Source("shown.nn", definition))
    scope = Scope(Activations(), comments=file.comments)
    (line,) = file.lines
    assert isinstance(line, Definition)
    formula = build_formula(line, scope)
    assert formula is not None, scope.diagnostics
    return formula.value


def shown(text: str, kind: str, name: str) -> Expression:
    """The formula on a page, read as a definition with the parameters of another."""
    formula = library_formula(kind, name)
    given = ["x"] if kind == "activation" else ["prediction", "target"]
    unread = "".join(f" + 0 * {p.name}" for p in formula.parameters)
    unread += "".join(f" + 0 * {each}" for each in given)
    given += [f"{each.name}={each.default!r}" for each in formula.parameters]
    return read(f"{kind} shown({', '.join(given)}) = ({text}){unread}")


@pytest.mark.parametrize("name", library_names("activation"))
def test_the_derivative_of_an_activation_is_its_slope(name: str) -> None:
    formula = library_formula("activation", name)
    slope = shown(field(explained(name), "derivative"), "activation", name)
    given = {each.name: each.default for each in formula.parameters}
    for x in (-4.1, -1.3, -0.2, 0.3, 0.9, 2.6, 5.2, 7.7):
        values = given | {"x": x}
        expected = central(formula.value, "x", values)
        assert evaluate(slope, values) == pytest.approx(expected, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", library_names("loss"))
def test_the_derivative_of_a_loss_is_its_slope(name: str) -> None:
    formula = library_formula("loss", name)
    text = field(explained(name), "derivative").removeprefix("by prediction: ")
    slope = shown(text, "loss", name)
    given = {each.name: each.default for each in formula.parameters} | {"outputs": 3.0}
    for target in (0.0, 1.0):
        for prediction in (0.13, 0.4, 0.77, 0.93):
            values = given | {"prediction": prediction, "target": target}
            expected = central(formula.value, "prediction", values)
            found = evaluate(slope, values)
            assert found == pytest.approx(expected, rel=1e-6, abs=1e-8)


X, Y = Variable("x"), Variable("y")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Operation("power", (Operation("negate", (X,)), Number(3.0))), "(-x)^3"),
        (Operation("negate", (Operation("square", (X,)),)), "-x^2"),
        (Operation("subtract", (X, Operation("subtract", (X, Y)))), "x - (x - y)"),
        (Operation("divide", (X, Operation("multiply", (X, Y)))), "x / (x * y)"),
        (Operation("multiply", (X, Operation("greater", (X, Y)))), "x * (x > y)"),
        (Operation("power", (Number(-2.0), X)), "(-2)^x"),
        (Operation("power", (X, Operation("power", (X, Y)))), "x^x^y"),
        (Operation("power", (Operation("power", (X, X)), Y)), "(x^x)^y"),
        (Operation("reciprocal", (Operation("add", (X, Y)),)), "1 / (x + y)"),
        (Operation("maximum", (X, Number(0.0))), "max(x, 0)"),
        (Operation("times_normal_cdf", (X,)), "x * normal_cdf(x)"),
    ],
)
def test_formulas_are_written_as_the_language_reads_them(
    value: Expression, text: str
) -> None:
    assert formula_text(value) == text
    again = read(f"activation shown(x, y=0.7) = {text} + 0 * (x + y)")
    for x in (-1.5, 0.4, 2.0):
        values = {"x": x, "y": 0.7}
        expected = evaluate(value, values)
        assert evaluate(again, values) == pytest.approx(expected, nan_ok=True)


def test_a_curve_is_as_high_as_the_function() -> None:
    lines = plot("title", lambda x: x * x, -2, 2)
    assert lines[0].split() == ["title"]
    assert lines[1].startswith("     4 *") and lines[1].endswith("*")
    assert lines[-2].startswith("     0 ") and lines[-2].index("*") > 15
    assert lines[-1].split() == ["-2", "2"]
    assert all("*" not in line for line in plot("none", math.log, -2, -1))
    flat = plot("flat", lambda x: 0.0, -1, 1)
    assert sum("*" * 29 in line for line in flat) == 1


@pytest.mark.parametrize(
    ("word", "name"), [(w, n) for words in SYNONYMS.values() for w, n in words.items()]
)
def test_the_words_of_other_libraries_lead_to_a_page(word: str, name: str) -> None:
    try:
        page = explained(word)
    except UnknownName as error:
        assert word in ABSENT or name not in NAMES, error
    else:
        assert page.startswith((f"{word} (", f"nndsl calls {word} `")) or (
            word in ELSEWHERE and name in page
        )


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("StandardScaler", "`scale standard`"),
        ("OneHotEncoder", "`input sex: any`"),
        ("SimpleImputer", "`missing=mean`"),
        ("MLPClassifier", "`dense 3 softmax`"),
        ("MLPRegressor", "`loss mean_squared_error`"),
        ("Sequential", "`network`"),
        ("alpha", "setting `l2`"),
        ("alpha", "elu "),
        ("missing", "On an input line, `missing=`"),
        ("EarlyStopping", "nndsl calls EarlyStopping `early_stopping`."),
        ("E101", "did you mean `relu`?\n"),
    ],
)
def test_what_a_word_is_answered_with(word: str, answer: str) -> None:
    assert " ".join(answer.split()) in " ".join(explained(word).split())


def test_several_words_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "relu", "adam"]) == 0
    assert capsys.readouterr().out == explained("relu") + "\n" + explained("adam")


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("rleu", "did you mean `relu`?"),
        ("early_stoping", "did you mean `early_stopping`?"),
        ("E12", "did you mean"),
        ("lbfgs", "nndsl has no full-batch optimizer"),
        ("qwertyuiop", "a code such as E122"),
        ("", "nothing is called ``"),
    ],
)
def test_an_unknown_name_is_answered(word: str, answer: str) -> None:
    with pytest.raises(UnknownName, match=answer.replace("?", r"\?")):
        explained(word)


def test_the_line_of_a_layer() -> None:
    spec = next(path for path in SPECS if path.stem == "iris")
    checked = understand(Source("iris.nn", spec.read_text(encoding="utf-8")))
    page = "\n".join(line_page(checked, 5))
    assert page.startswith("iris.nn:5: dense    16 relu\n")
    for line in (
        "  parameters    16·16 + 16 = 272",
        "    z2 = a1 @ w2 + b2",
        "    a2 = maximum(z2, 0)",
        "    dw2 = a1.T @ dz2",
        "    da1 = dz2 @ w2.T",
    ):
        assert f"\n{line}\n" in page
    module = module_text(checked).splitlines()
    generated = page.partition("In the module:\n\n")[2].splitlines()
    assert any("z2 = a1 @ p.w2 + p.b2" in line for line in generated)
    for line in generated:
        if line.strip() != "...":
            number, text = line[2:6], line[8:]
            assert module[int(number) - 1].startswith(text.removesuffix("…"))


@pytest.mark.one_in(3)
@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_every_line_of_every_spec(spec: Path) -> None:
    text = spec.read_text(encoding="utf-8")
    checked = understand(Source(spec.name, text))
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.partition("#")[0].strip()
        if bare in ("", "}"):
            continue
        page = line_page(checked, number)
        assert len(page) > 2, line
        assert all(len(each) <= 80 for each in page[1:])
