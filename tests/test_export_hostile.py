"""Names and labels that want to be code stay text, in exported Python and C."""

from __future__ import annotations

import ast
import ctypes
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.exported import (
    COMPILER,
    FLAGS,
    CModel,
    c_text,
    python_module,
    python_text,
    trained_model,
)
from test_injection import blanked

from nndsl.data.errors import DataError
from nndsl.exporting.c.arrays import c_number
from nndsl.exporting.c.escape import RESERVED, c_comment, c_name, c_string, prefix

needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C compiler")
NASTY = [
    '"',
    "\\",
    '\\"',
    "??/",
    "??/\n",
    "*/",
    "/*",
    "*\\",
    "a\nb",
    "a\r\n#error x",
    "\t",
    "%s %n",
    "\u2028",
    "\u202e",
    "é漢🐍",
    "\x7f",
    '"); system("true"); ("',
    "*/ int main(void) { return 3; } /*",
    "'''",
    '"""',
    "{x}",
    "{{ view }}",
    "\\\n",
    "x" * 199,
    "0",
    "int",
]
SPEC = """network Hostile {
    input  a, b
    dense  3 softmax
    target y
    loss   categorical_crossentropy
    train { epochs 1 }
}
"""


def trained_with(labels: list[str], features: tuple[str, ...] = ("a", "b")) -> Any:
    """A model whose file says so, whatever a spec would be allowed to say."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 2))
    y = np.array(labels)[np.arange(30) % 3]
    text = SPEC.replace("3 softmax", "classes softmax")
    text = text.replace("a, b", "any").replace("    target y\n", "")
    model, trained = trained_model(text, (X, y))
    return X, model, replace(trained, features=features)


@cache
def harmless(numpy: bool) -> str:
    """The shape of the module where labels and columns want nothing."""
    return blanked(python_text(trained_with(["u", "v", "w"])[2], numpy))


@needs_compiler
@pytest.mark.parametrize("number", range(0, len(NASTY), 2))
def test_labels_and_columns_stay_text(number: int, tmp_path: Path) -> None:
    one, other = NASTY[number : number + 2]
    labels, features = [one, other, f"{one}{other}"], (other, f"{one}{one}")
    X, model, trained = trained_with(labels, features)
    compiled = CModel(trained, tmp_path)
    places = compiled.number("predict", X, ctypes.c_int)
    assert compiled.labels == sorted(labels)
    assert [compiled.labels[place] for place in places] == model.predict(X).tolist()
    for numpy in (True, False):
        module = python_module(trained, numpy)
        assert sorted(labels) == module.CLASSES
        assert list(features) == module.FEATURES
        assert list(module.predict(X)) == model.predict(X).tolist()
        assert blanked(python_text(trained, numpy)) == harmless(numpy)


@given(st.text())
def test_a_comment_of_c_cannot_be_left(text: str) -> None:
    shown = c_comment(text)
    assert shown.isascii()
    assert shown.isprintable()
    whole = f"/* {shown} */"
    assert whole.index("*/") == len(whole) - 2
    assert "/*" not in whole[2:]
    assert "??" not in whole
    assert not shown.endswith("\\")


@given(st.text(st.characters(exclude_categories=())))
def test_a_string_of_c_holds_the_text(text: str) -> None:
    """Read by the rules of C99, 6.4.4.4 and 5.2.1.1: octal escapes, no trigraphs."""
    printed = c_string(text).text
    assert printed.isascii()
    assert printed.isprintable()
    assert "??" not in printed
    assert ast.literal_eval(f"b{printed}".replace("\\?", "?")) == text.encode(
        "utf-8", "surrogatepass"
    )


@given(st.lists(st.text(max_size=70), max_size=6))
def test_every_column_has_a_member_of_its_own(columns: list[str]) -> None:
    names: set[str] = set()
    for column in columns:
        name = c_name(column, names)
        assert name.isascii()
        assert name.isidentifier()
        assert name not in RESERVED | names
        names.add(name)


@pytest.mark.parametrize("name", ["Iris", "_x", "_1", "_", "DOUBLE", "X" * 64])
def test_a_network_gives_a_prefix(name: str) -> None:
    assert f"{prefix(name)}_predict".isidentifier()
    assert prefix(name)[0].isalpha()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_of_c_has_the_same_bits(value: float) -> None:
    assert float.fromhex(c_number(value)).hex() == value.hex()


@pytest.mark.parametrize("label", ["x" * 5000, "a\0b"])
def test_labels_that_no_c_string_holds_are_refused(label: str) -> None:
    _, _, trained = trained_with(["a", "b", label])
    with pytest.raises(DataError, match="cannot be a string of C"):
        c_text(trained)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("classes", np.array(["a", "b"]), "2 labels for 3 outputs"),
        ("classes", np.array([1.0, 2.0, np.nan]), "a label that is no number"),
        ("features", ("a", "b", "c"), "names of 3 columns for 2"),
    ],
)
def test_files_that_contradict_themselves_are_refused(
    field: str, value: Any, message: str
) -> None:
    _, _, trained = trained_with(["a", "b", "c"])
    damaged = replace(trained, **{field: value})
    for write in (c_text, lambda each: python_text(each, numpy=False)):
        with pytest.raises(DataError, match=message):
            write(damaged)


def test_what_is_too_large_is_refused() -> None:
    _, _, trained = trained_with(["a", "b", "c"])
    large = np.broadcast_to(np.float32(0), (2_000_000, 3))
    with pytest.raises(DataError, match="too many for a source text"):
        python_text(replace(trained, values={**trained.values, "w1": large}), True)
    wide = np.broadcast_to(np.float32(0), (2, 20_000))
    with pytest.raises(DataError, match="20,000 numbers wide"):
        c_text(replace(trained, values={**trained.values, "w1": wide}))


MIXED = """network Mixed {
    input  "int" missing=mean
    input  "1st \\"x\\" */ ??/" in -100..100
    input  "kind": "a\\"b" | "??/" | "c\\\\" missing="??/"
    input  "double": no | yes
    input  "Int": any | other
    dense  3 tanh
    dense  1
    target t
    loss   mean_squared_error
    train { epochs 1; scale standard, target=standard }
}
"""


def mixed_rows() -> list[list[Any]]:
    rng = np.random.default_rng(1)
    kinds, more = ['a"b', "??/", "c\\"], ["é*/", "q", "\\"]
    rows: list[list[Any]] = [
        [*rng.normal(size=2), kinds[i % 3], ("no", "yes")[i % 2], more[i % 3]]
        for i in range(40)
    ]
    rows[3][0] = None
    rows[4][2] = ""
    return rows


@needs_compiler
def test_columns_of_all_kinds(tmp_path: Path) -> None:
    """Missing numbers and labels are filled, unknown labels are `other`."""
    rows = mixed_rows()
    targets = np.arange(40.0) % 7
    model, trained = trained_model(MIXED, (rows, targets))
    rows[5][4] = "never seen"
    wanted = model.predict(rows)
    compiled = CModel(trained, tmp_path)
    found = compiled.number("predict", rows, ctypes.c_double)
    assert np.allclose(found, wanted, rtol=0, atol=1e-5)
    modules = [python_module(trained, numpy) for numpy in (True, False)]
    for module in modules:
        assert np.allclose(module.predict(rows), wanted, rtol=0, atol=1e-5)
        dicts = [dict(zip(trained.features, row, strict=True)) for row in rows]
        assert np.allclose(module.predict(dicts), wanted, rtol=0, atol=1e-5)
    for place, bad in ((1, None), (1, 101.0), (0, np.inf), (2, "b"), (3, ""), (3, "x")):
        row = [*rows[0]]
        row[place] = bad
        assert np.isnan(compiled.number("predict", [row], ctypes.c_double)).all()
        for each in (model, *modules):
            with pytest.raises(ValueError, match=r"not|expected"):
                each.predict([row])


@needs_compiler
def test_a_c_program_reads_the_header_comment_as_it_stands(tmp_path: Path) -> None:
    """A program of its own declares what the file declares, and links with it."""
    X, model, trained = trained_with(["u", "v", "w"])
    (tmp_path / "model.c").write_text(c_text(trained), "utf-8")
    cells = ", ".join(map(repr, X[0].tolist()))
    (tmp_path / "main.c").write_text(
        "#include <stdio.h>\n"
        "extern const char *const hostile_labels[3];\n"
        "int hostile_predict(const double *x);\n"
        f"int main(void) {{ const double x[] = {{ {cells} }};\n"
        'printf("%s", hostile_labels[hostile_predict(x)]); return 0; }\n'
    )
    program = str(tmp_path / "program")
    files = [str(tmp_path / "model.c"), str(tmp_path / "main.c")]
    subprocess.run([str(COMPILER), *FLAGS, "-o", program, *files, "-lm"], check=True)
    done = subprocess.run([program], capture_output=True, text=True)
    assert done.stdout == model.predict(X[:1])[0]
