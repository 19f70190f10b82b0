"""What a program says of the data around the network, told by hand from the specs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from reference.data import SPECS

from nndsl.compiler import understand
from nndsl.diagnostics.record import Source
from nndsl.lower.lower import lower
from nndsl.program.data import (
    Columns,
    Data,
    Decision,
    Filling,
    LabelColumn,
    Labels,
    NumberColumns,
    Scaling,
)
from nndsl.program.program import Program
from nndsl.program.verify import ProgramError, verify


def program_of(text: str) -> Program:
    return lower(understand(Source("network.nn", text)).network)


ERROR, NONE = Filling("error"), Scaling("none")
DIABETES = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")
FLOWERS = ("setosa", "versicolor", "virginica")
IRIS = ("sepal_length", "sepal_width", "petal_length", "petal_width")
ARGMAX = Decision("argmax", probabilities=True)
SECOND = Decision("threshold", 0.5, probabilities=True)
TWO = Data(
    Columns(2), ERROR, NONE, Columns(1), Labels("learned", 2), "binary", NONE, SECOND
)

DATA = {
    "any_table": Data(
        inputs=Columns("features"),
        filling=ERROR,
        scaling=NONE,
        targets=Columns(1),
        labels=Labels("learned", "outputs"),
        encoding="one_hot",
        target_scaling=NONE,
        decision=ARGMAX,
    ),
    "autoencoder": Data(
        inputs=Columns(64, low=0, high=16),
        filling=ERROR,
        scaling=Scaling("minmax", 0, 16),
        targets=Columns(64),
        labels=None,
        encoding="input",
        target_scaling=Scaling("minmax", 0, 16),
        decision=Decision("numbers"),
    ),
    "diabetes": Data(
        inputs=Columns(10, DIABETES),
        filling=Filling("mean"),
        scaling=Scaling("standard"),
        targets=Columns(1, ("progression",)),
        labels=None,
        encoding="numbers",
        target_scaling=Scaling("standard"),
        decision=Decision("numbers"),
    ),
    "digits": Data(
        inputs=Columns(64, low=0, high=16),
        filling=ERROR,
        scaling=Scaling("minmax", 0, 16),
        targets=Columns(1, ("digit",)),
        labels=Labels("integer", 10, (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)),
        encoding="one_hot",
        target_scaling=NONE,
        decision=ARGMAX,
    ),
    "formulas": Data(
        inputs=Columns("features"),
        filling=ERROR,
        scaling=NONE,
        targets=Columns("outputs"),
        labels=None,
        encoding="numbers",
        target_scaling=NONE,
        decision=Decision("numbers"),
    ),
    "iris": Data(
        inputs=Columns(4, IRIS),
        filling=ERROR,
        scaling=Scaling("standard"),
        targets=Columns(1, ("species",)),
        labels=Labels("text", 3, FLOWERS),
        encoding="one_hot",
        target_scaling=NONE,
        decision=ARGMAX,
    ),
    "perceptron": TWO,
    "spiral": Data(
        inputs=Columns(2),
        filling=ERROR,
        scaling=NONE,
        targets=Columns(1),
        labels=Labels("learned", 3),
        encoding="one_hot",
        target_scaling=NONE,
        decision=ARGMAX,
    ),
    "tags": Data(
        inputs=Columns(20),
        filling=ERROR,
        scaling=NONE,
        targets=Columns(4, ("urgent", "billing", "bug", "praise"), 0, 1),
        labels=None,
        encoding="numbers",
        target_scaling=NONE,
        decision=Decision("multilabel", 0.5, probabilities=True),
    ),
    "xor": TWO,
}

PARAMETERS: dict[str, tuple[tuple[int, tuple[str, ...]], ...]] = {
    "any_table": ((64, ("features",)), (64, ()), (64 + 1, ("outputs",))),
    "autoencoder": ((65 * 32 + 33 * 8 + 9 * 32 + 33 * 64, ()),),
    "diabetes": ((11 * 32 + 33 * 16 + 17, ()),),
    "digits": ((64 * 128 + 2 * 128 + 129 * 64 + 65 * 10, ()),),
    "formulas": ((32, ("features",)), (32 + 33 * 32, ()), (32 + 1, ("outputs",))),
    "iris": ((5 * 16 + 17 * 16 + 17 * 3, ()),),
    "perceptron": ((3 * 8 + 9, ()),),
    "spiral": ((3 * 64 + 65 * 3, ()),),
    "tags": ((21 * 32 + 33 * 4, ()),),
    "xor": ((3 * 8 + 9, ()),),
}


@pytest.mark.parametrize("name", SPECS)
def test_every_spec_says_what_its_data_are(name: str) -> None:
    program = program_of(SPECS[name].read_text("utf-8"))
    assert program.data == DATA[name]
    assert program.n_parameters.terms == PARAMETERS[name]


def test_a_count_of_parameters_may_wait_for_the_data() -> None:
    program = program_of(SPECS["any_table"].read_text("utf-8"))
    assert program.n_parameters.fixed is None
    assert program.n_parameters.least == 64 + 64 + 65
    assert program.n_parameters_of("dense1").terms == ((64, ("features",)), (64, ()))
    iris = program_of(SPECS["iris"].read_text("utf-8"))
    assert iris.n_parameters.fixed == iris.n_parameters.least == 403
    assert iris.n_parameters_of("dense2").fixed == 17 * 16
    assert iris.n_parameters_of("dropout1").fixed == 0


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "input 3; dense 1; target k: ham | spam; loss hinge",
            {
                "labels": Labels("text", 2, ("ham", "spam")),
                "encoding": "sign",
                "decision": Decision("threshold", 0.0),
            },
        ),
        (
            "input 3; dense 1 sigmoid; target k: -1 | 1; loss mean_squared_error",
            {
                "labels": Labels("integer", 2, (-1, 1)),
                "encoding": "binary",
                "decision": Decision("threshold", 0.5),
            },
        ),
        (
            "input 3; dense 3; target k: 0.5 | 1 | 2; loss mean_squared_error",
            {
                "labels": Labels("float", 3, (0.5, 1.0, 2.0)),
                "encoding": "one_hot",
                "decision": Decision("argmax"),
            },
        ),
        (
            "input 3; dense 2 softmax; target a, b; loss kl_divergence",
            {
                "targets": Columns(2, ("a", "b"), 0, 1),
                "encoding": "numbers",
                "decision": Decision("distribution"),
            },
        ),
        (
            "input 3; dense 1 softplus; target visits; loss poisson",
            {"targets": Columns(1, ("visits",), low=0), "encoding": "numbers"},
        ),
        (
            "input any; dense 2 tanh; dense features; target input\n"
            "loss mean_squared_error; train { scale standard; missing drop }",
            {
                "filling": Filling("drop"),
                "targets": Columns("features"),
                "encoding": "input",
                "target_scaling": Scaling("standard"),
            },
        ),
        (
            "input any; dense 1; loss mean_squared_error\n"
            "train { scale minmax; missing median }",
            {
                "inputs": Columns("features"),
                "filling": Filling("median"),
                "scaling": Scaling("minmax"),
            },
        ),
        (
            "input 2 in -1..1; dense 1; loss mean_squared_error\n"
            "train { scale standard }",
            {"inputs": Columns(2, low=-1, high=1), "scaling": Scaling("standard")},
        ),
    ],
)
def test_other_tasks_and_settings(lines: str, expected: dict[str, Any]) -> None:
    program = program_of(f"network Net {{ {lines} }}")
    verify(program)
    assert {name: getattr(program.data, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("iris", {"decision": Decision("numbers")}, "does not answer"),
        ("iris", {"decision": Decision("argmax", 0.5)}, "with the threshold"),
        ("xor", {"decision": Decision("threshold")}, "with the threshold"),
        ("iris", {"labels": None}, "no labels"),
        ("tags", {"labels": Labels("learned", 4)}, "its labels"),
        ("iris", {"labels": Labels("text", 2, ("a", "b"))}, "2 labels for 3 outputs"),
        ("iris", {"labels": Labels("text", 3, ("a", "a", "b"))}, "2 labels are"),
        ("iris", {"labels": Labels("text", 3, (1, 2, 3))}, "of the kind text"),
        ("iris", {"labels": Labels("learned", 3, FLOWERS)}, "learned labels"),
        ("iris", {"labels": Labels("integer", 3)}, "integer labels"),
        ("iris", {"inputs": Columns(5)}, "inputs: 5 columns for 4"),
        ("iris", {"inputs": Columns(4, ("a", "b"))}, "2 names for 4"),
        ("digits", {"inputs": Columns(64, low=16, high=0)}, "no number lies between"),
        ("tags", {"targets": Columns(1)}, "targets: 1 columns for 4"),
        ("iris", {"scaling": Scaling("standard", 0, 1)}, "scaling from 0 to 1"),
        ("digits", {"scaling": Scaling("minmax", 0, 8)}, "scaling from 0 to 8"),
        ("autoencoder", {"target_scaling": NONE}, "scaled back in another way"),
        ("tags", {"target_scaling": Scaling("standard")}, "targets that are scaled"),
    ],
)
def test_data_that_do_not_fit_are_found(
    name: str, change: dict[str, Any], message: str
) -> None:
    program = program_of(SPECS[name].read_text("utf-8"))
    with pytest.raises(ProgramError, match=message):
        verify(replace(program, data=replace(program.data, **change)))


MIXED = """network Titanic {
    input sex: female | male
    input age, fare missing=median scale=minmax
    input size in 0..9
    input deck: any | other missing=drop
    dense 1; target price; loss mean_squared_error
    train { missing drop; scale standard }
}"""
SEX = LabelColumn("sex", ("female", "male"), False, False, None, True)
DECK = LabelColumn("deck", ("other",), True, True, None, True)
AGE = NumberColumns(("age", "fare"), Filling("median"), Scaling("minmax"))
SIZE = NumberColumns(("size",), Filling("drop"), Scaling("standard"), 0, 9)


def test_columns_that_are_treated_in_their_own_ways() -> None:
    program = program_of(MIXED)
    verify(program)
    assert program.arrays["x"].shape == ("n", "features")
    assert program.data == Data(
        inputs=Columns(5, ("sex", "age", "fare", "size", "deck")),
        filling=Filling("drop"),
        scaling=NONE,
        targets=Columns(1, ("price",)),
        labels=None,
        encoding="numbers",
        target_scaling=NONE,
        decision=Decision("numbers"),
        number_columns=(AGE, SIZE),
        label_columns=(SEX, DECK),
        drops_targets=True,
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"number_columns": (AGE,)}, "are not"),
        ({"number_columns": (AGE, SIZE, SIZE)}, "are not"),
        ({"label_columns": (SEX, replace(DECK, learned=False))}, "columns for 5"),
        ({"filling": Filling("error")}, "say otherwise"),
        ({"filling": Filling("mean")}, "say otherwise"),
        ({"scaling": Scaling("standard")}, "each in its own way"),
        ({"number_columns": (AGE, replace(SIZE, low=10))}, "no number lies"),
        (
            {"number_columns": (AGE, replace(SIZE, scaling=Scaling("minmax", 0, 8)))},
            "scaling from 0 to 8",
        ),
        ({"label_columns": (replace(SEX, labels=("a", "a")), DECK)}, "told apart"),
        ({"label_columns": (replace(SEX, has_other=True), DECK)}, "not `other`"),
        ({"label_columns": (SEX, replace(DECK, labels=("a", "other")))}, "learned"),
        ({"label_columns": (replace(SEX, fill="male"), DECK)}, "becomes male"),
        (
            {"label_columns": (replace(SEX, fill="x", drops=False), DECK)},
            "becomes x",
        ),
    ],
)
def test_columns_that_do_not_fit_are_found(
    change: dict[str, Any], message: str
) -> None:
    program = program_of(MIXED)
    with pytest.raises(ProgramError, match=message):
        verify(replace(program, data=replace(program.data, **change)))


@pytest.mark.parametrize(
    ("lines", "plain", "fills", "drops_targets"),
    [
        ("input a, b", "error", None, False),
        ("input a\ninput b", "error", None, False),
        ("input a missing=mean\ninput b missing=mean", "mean", None, False),
        ("input a, b; train { missing drop }", "drop", None, True),
        ("input a, b missing=drop", "drop", ["drop"], False),
        ("input a, b missing=mean; train { missing drop }", "error", ["mean"], True),
        ("input 2 missing=median; train { missing mean }", "median", None, False),
    ],
)
def test_lines_that_agree_are_one(
    lines: str, plain: str, fills: list[str] | None, drops_targets: bool
) -> None:
    """A line says nothing of targets, the train block does."""
    body = f"dense 1; loss mean_squared_error; {lines.partition('; ')[2]}"
    program = program_of(f"network Net {{ {lines.partition('; ')[0]}; {body} }}")
    verify(program)
    data = program.data
    assert data.filling.kind == plain and data.drops_targets == drops_targets
    kinds = [each.filling.kind for each in data.number_columns]
    assert kinds == (fills or [])
