"""The CSV reader of a generated module: what it reads, refuses, and how it says so."""

from __future__ import annotations

import math
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from nndsl.api import compile_text, module_of

BODY = "dense 2 softmax; loss categorical_crossentropy"


def made(statements: str) -> ModuleType:
    text = compile_text(f"network Net {{ {statements} }}", "net.nn")
    return module_of(text, "net.nn")


NAMED = made(f"input a, b; {BODY}; target kind: no | yes")
NUMERIC = made(f"input a, b; {BODY}; target kind: 0 | 1")
UNNAMED = made(f"input 2; {BODY}")
HOLES = made("input a, b; dense 1; target c; loss log_cosh; train { missing mean }")
SEVERAL = made("input a; dense 2; target c, d; loss log_cosh")


def read(module: ModuleType, folder: Path, content: str | bytes, *names: Any) -> Any:
    path = folder / "table.csv"
    data = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(data)
    return module.read_csv(str(path), *names)


AB_KIND = (["a", "b"], ["kind"])


@pytest.mark.parametrize(
    "content",
    [
        "a,b,kind\n1,2,no\n-.5,3e2,yes\n",
        "kind,b,a\nno,2,1\nyes,300,-0.5\n",
        "a,b,kind\r\n1,2,no\r\n-.5,+3E+02,yes\r\n",
        "\ufeffa,b,kind\n1,2,no\n-.5,300.,yes",
        '"a","b","kind"\n"1","2","no"\n"-.5","300","yes"\n',
        " a , b , kind\n 1, 2 ,no \n\n-.5,300, yes\n\n",
    ],
)
def test_the_same_table_in_many_forms(tmp_path: Path, content: str) -> None:
    x, y = read(NAMED, tmp_path, content, *AB_KIND)
    assert x.dtype == np.float64
    assert x.tolist() == [[1.0, 2.0], [-0.5, 300.0]]
    assert y == ["no", "yes"]


NO_NUMBERS = [
    *("1_000", "inf", "nan", "-Infinity", "1e400", "１２", "٣", "0x10", "1,5"),
    *("", "NA", "?", "1e", ".", "+", "1 2", "--1", "1.2.3", "None", "1\x00", "1e5.0"),
]


@pytest.mark.parametrize("cell", NO_NUMBERS)
def test_a_cell_that_is_no_number(tmp_path: Path, cell: str) -> None:
    content = f'a,b,kind\n1,2,no\n3,"{cell}",yes\n'
    with pytest.raises(ValueError, match="expected a number, found") as caught:
        read(NAMED, tmp_path, content, *AB_KIND)
    assert f"{tmp_path / 'table.csv'}, line 3, column b: " in str(caught.value)
    assert repr(cell) in str(caught.value)


def test_digits_of_any_length_take_linear_time(tmp_path: Path) -> None:
    content = f"a,b,kind\n1,{'1' * 120_000}x,no\n"
    with pytest.raises(ValueError, match="line 2, column b: expected a number") as e:
        read(NAMED, tmp_path, content, *AB_KIND)
    assert len(str(e.value)) < 400


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "table.csv, line 1, expected one column 'a' between commas; found ''"),
        ("\n\n", "expected one column 'a' between commas; found ''"),
        ("1,2,3\n4,5,6\n", "line 1, expected one column 'a' .*; found '1, 2, 3'"),
        ("a,b,kind\n", "line 1, expected rows under the names of the columns"),
        ("a,kind\n1,no\n", "expected one column 'b' between commas; found 'a, kind'"),
        (
            "a;b;kind\n1;2;no\n",
            "one column 'a' between commas; found 'a;b;kind'",
        ),
        ("a,b,a,kind\n1,2,3,no\n", "expected one column 'a' .*; found 'a, b, a, kind'"),
        ("a,b,kind\n1,2\n", "line 2, expected 3 cells, not 2"),
        ("a,b,kind\n1,2,no\n1,2,no,4\n", "line 3, expected 3 cells, not 4"),
        ('a,b,kind\n1,2,no\n1,2,"no\n', "line 3, unexpected end of data"),
        ('a,b,kind\n1,2,no\n1,2,"n"o\n', "line 3, "),
        ("a,b,kind\n1,2,maybe\n", r"line 2, column kind: expected one of \['no', 'y"),
        ("a,b,kind\n1,2,\n", r"line 2, column kind: expected one of .* found ''"),
        ('a,b,"kind\n"\n1,2,no\n', None),
        (f"a,b,kind\n1,2,{'x' * 200_000}\n", "line 2, field larger than field limit"),
        (b"\xff\xfea\x00", "table.csv: expected text in UTF-8"),
        (b"a,b,kind\n1,2,\xe9\n", "table.csv: expected text in UTF-8"),
        (bytes(range(256)) * 20, "table.csv"),
    ],
)
def test_a_file_that_is_no_table(
    tmp_path: Path, content: str | bytes, words: str | None
) -> None:
    if words is None:
        assert read(NAMED, tmp_path, content, *AB_KIND)[1] == ["no"]
        return
    with pytest.raises(ValueError, match=words) as caught:
        read(NAMED, tmp_path, content, *AB_KIND)
    assert str(tmp_path / "table.csv") in str(caught.value)


def test_line_numbers_count_lines_inside_quotes(tmp_path: Path) -> None:
    content = 'a,b,note,kind\n1,2,"two\nlines",no\n\n1,x,"",no\n'
    with pytest.raises(ValueError, match="line 5, column b"):
        read(NAMED, tmp_path, content, *AB_KIND)


def test_columns_that_are_not_used_get_one_remark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read(NAMED, tmp_path, "z,a,id,b,kind\nq,1,7,2,no\n", *AB_KIND)
    captured = capsys.readouterr()
    assert captured.err == f"{tmp_path / 'table.csv'}: not used: id, z\n"
    assert captured.out == ""


def test_labels_that_are_declared_as_numbers(tmp_path: Path) -> None:
    _, y = read(NUMERIC, tmp_path, "a,b,kind\n1,2,0\n1,2,1.0\n", *AB_KIND)
    assert y == [0, 1]
    with pytest.raises(ValueError, match=r"line 2, column kind: expected one of \[0"):
        read(NUMERIC, tmp_path, "a,b,kind\n1,2,2\n", *AB_KIND)
    with pytest.raises(ValueError, match=r"expected one of \[0, 1\], found 'no'"):
        read(NUMERIC, tmp_path, "a,b,kind\n1,2,no\n", *AB_KIND)


@pytest.mark.parametrize(
    ("cells", "labels", "kind"),
    [
        (["1", "0"], [1, 0], "i"),
        (["1.0", "2"], [1, 2], "i"),
        (["1.5", "2"], [1.5, 2.0], "f"),
        (["1", "x"], ["1", "x"], "U"),
        (["1_0", "2"], ["1_0", "2"], "U"),
    ],
)
def test_labels_that_are_not_declared(
    tmp_path: Path, cells: list[str], labels: list[Any], kind: str
) -> None:
    rows = "".join(f"1,2,{cell}\n" for cell in cells)
    _, y = read(UNNAMED, tmp_path, f"p,q,r\n{rows}", ["p", "q"], ["r"])
    assert y.tolist() == labels
    assert y.dtype.kind == kind


def test_columns_by_their_place(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("p,q,r\n1,2,x\n")
    assert UNNAMED.find_columns(UNNAMED.Table(str(path))) == (["p", "q"], ["r"])


def test_an_empty_label_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line 2, column r: expected a label"):
        read(UNNAMED, tmp_path, "p,q,r\n1,2,\n", ["p", "q"], ["r"])


@pytest.mark.parametrize("hole", ["", "NA", "?", "nan", "NaN"])
def test_holes_where_the_spec_fills_them(tmp_path: Path, hole: str) -> None:
    names = (["a", "b"], ["c"])
    x, y = read(HOLES, tmp_path, f"a,b,c\n{hole},2,3\n1,2,4\n", *names)
    assert math.isnan(x[0, 0])
    assert x[1].tolist() == [1, 2]
    assert np.array(y).tolist() == [3, 4]
    with pytest.raises(ValueError, match="line 2, column c: expected a number"):
        read(HOLES, tmp_path, f"a,b,c\n1,2,{hole}\n", *names)
    with pytest.raises(ValueError, match="line 2, column a: expected a number"):
        read(HOLES, tmp_path, "a,b,c\ninf,2,3\n", *names)


def test_several_targets(tmp_path: Path) -> None:
    x, y = read(SEVERAL, tmp_path, "d,a,c\n1,2,3\n4,5,6\n", ["a"], ["c", "d"])
    assert x.tolist() == [[2], [5]]
    assert y.tolist() == [[3, 1], [6, 4]]


def test_without_targets_their_columns_are_not_read(tmp_path: Path) -> None:
    x, y = read(NAMED, tmp_path, "a,b,kind\n1,2,perhaps\n", ["a", "b"], [])
    assert x.tolist() == [[1, 2]]
    assert len(y) == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1, expected the names of the columns, between commas; found"),
        ("\n\n", "line 1, expected the names of the columns"),
        ("1,2,3\n4,5,6\n", "line 1, expected the names .* found '1, 2, 3'"),
        ("a;b;kind\n1;2;no\n", "line 1, .* between commas; found 'a;b;kind'"),
        ("a\tb\tkind\n1\t2\tno\n", "line 1, .* between commas; found 'a\\\\tb"),
        (b"\xff\xfea\x00", "table.csv: expected text in UTF-8"),
        (f"a,b,{'x' * 200_000}\n1,2,no\n", "line 1, field larger than field limit"),
    ],
)
def test_a_file_without_columns(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError, match=message):
        UNNAMED.find_columns(UNNAMED.Table(str(path)))
