"""Tables: what `nndsl train` reads, what it refuses, and how it says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nndsl.compiler import understand
from nndsl.data.columns import complete, find_names, read_rows, read_targets
from nndsl.data.errors import DataError
from nndsl.data.table import read_table
from nndsl.diagnostics.record import Source
from nndsl.lower.lower import lower

BODY = "dense 2 softmax; loss categorical_crossentropy"


def made(statements: str) -> Any:
    """How a spec reads its data."""
    return lower(
        understand(Source("n.nn", f"network N {{ {statements} }}")).network
    ).data


NAMED = made(f"input a, b; {BODY}; target kind: no | yes")
NUMERIC = made(f"input a, b; {BODY}; target kind: 0 | 1")
UNNAMED = made(f"input 2; {BODY}")
FILLED = made("input a, b; dense 1; target c; loss log_cosh; train { missing mean }")
DROPPED = made(f"input a, b; {BODY}; target kind: no | yes; train {{ missing drop }}")
SEVERAL = made("input a; dense 2; target c, d; loss log_cosh")


def read(data: Any, folder: Path, content: str | bytes) -> tuple[Any, Any]:
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    table = read_table(str(path))
    names = find_names(table, data)
    return read_rows(table, names.features, data), read_targets(
        table, names.targets, data
    )


@pytest.mark.parametrize(
    "content",
    [
        "a,b,kind\n1,2,no\n-.5,3e2,yes\n",
        "kind,b,a\nno,2,1\nyes,300,-0.5\n",
        "a,b,kind\r\n1,2,no\r\n-.5,+3E+02,yes\r\n",
        "\ufeffa,b,kind\n1,2,no\n-.5,300.,yes",
        '"a","b","kind"\n"1","2","no"\n"-.5","300","yes"\n',
        " a , b , kind\n 1, 2 ,no \n\n-.5,300, yes\n\n",
        "note,a,b,kind,\nx,1,2,no,7\ny,-.5,300,yes,8\n",
    ],
)
def test_the_same_table_in_many_forms(tmp_path: Path, content: str) -> None:
    x, y = read(NAMED, tmp_path, content)
    assert x.dtype == np.float64
    assert x.tolist() == [[1.0, 2.0], [-0.5, 300.0]]
    assert y.tolist() == ["no", "yes"]


NO_NUMBERS = [
    *("1_000", "inf", "nan", "-Infinity", "1e400", "１２", "٣", "0x10", "1,5"),
    *("", "NA", "?", "1e", ".", "+", "1 2", "--1", "1.2.3", "None", "1\x00", "1e5.0"),
]


@pytest.mark.parametrize("cell", NO_NUMBERS)
def test_a_cell_that_is_no_number(tmp_path: Path, cell: str) -> None:
    with pytest.raises(DataError, match="expected a number") as caught:
        read(NAMED, tmp_path, f'a,b,kind\n1,2,no\n3,"{cell}",yes\n')
    assert f"{tmp_path / 'table.csv'}, line 3, column b: " in str(caught.value)
    assert repr(cell) in str(caught.value)
    assert ("missing" in str(caught.value)) == (cell in ("", "nan", "NA", "?", "None"))


def test_digits_of_any_length_take_linear_time(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match="line 2, column b: expected a number"
    ) as caught:
        read(NAMED, tmp_path, f"a,b,kind\n1,{'1' * 120_000}x,no\n")
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "line 1: expected the names of the columns, found ''"),
        ("\n\n", "line 1: expected the names of the columns"),
        ("1,2,3\n4,5,6\n", "line 1: expected a column 'a', found '1, 2, 3'"),
        ("a,b,kind\n", "expected rows under the names of the columns"),
        ("a,kind\n1,no\n", "line 1: expected a column 'b', found 'a, kind'"),
        ("a;b;kind\n1;2;no\n", "line 1: expected commas between the columns"),
        ("a,b,a,kind\n1,2,3,no\n", "line 1: 2 columns are called 'a'"),
        ("a,b,kind\n1,2\n", "line 2: expected 3 cells, not 2"),
        ("a,b,kind\n1,2,no\n1,2,no,4\n", "line 3: expected 3 cells, not 4"),
        ('a,b,kind\n1,2,no\n1,2,"no\n', "line 3: unexpected end of data"),
        ('a,b,kind\n1,2,no\n1,2,"n"o\n', "line 3: "),
        ("a,b,kind\n1,2,maybe\n", r"line 2, column kind: expected one of no \| yes, f"),
        ("a,b,kind\n1,2,\n", "line 2, column kind: expected a label, found ''"),
        (f"a,b,kind\n1,2,{'x' * 200_000}\n", "line 2: field larger than field limit"),
        (b"\xff\xfea\x00", "line 1: expected text in UTF-8"),
        (b"a,b,kind\n1,2,\xe9\n", "line 2: expected text in UTF-8"),
        (bytes(range(256)) * 20, "table.csv"),
    ],
)
def test_a_file_that_is_no_table(
    tmp_path: Path, content: str | bytes, words: str
) -> None:
    with pytest.raises(DataError, match=words) as caught:
        read(NAMED, tmp_path, content)
    assert str(tmp_path / "table.csv") in str(caught.value)
    assert len(str(caught.value)) < 500


def test_line_numbers_count_lines_inside_quotes(tmp_path: Path) -> None:
    content = 'a,b,note,kind\n1,2,"two\nlines",no\n\n1,x,"",no\n'
    with pytest.raises(DataError, match="line 5, column b"):
        read(NAMED, tmp_path, content)


def test_columns_without_names_go_by_position(tmp_path: Path) -> None:
    x, y = read(UNNAMED, tmp_path, "p,q,r\n1,2,u\n3,4,v\n")
    assert x.tolist() == [[1, 2], [3, 4]]
    assert y.tolist() == ["u", "v"]
    with pytest.raises(DataError, match="line 1: column 1 has no name"):
        read(UNNAMED, tmp_path, ",q,r\n1,2,u\n3,4,v\n")


@pytest.mark.parametrize(
    ("cells", "labels"),
    [
        (["0", "1"], [0, 1]),
        (["-1", "12"], [-1, 12]),
        (["007", "7"], ["007", "7"]),
        (["1.0", "2.5"], ["1.0", "2.5"]),
        (["+1", "2"], ["+1", "2"]),
        (["no", "1"], ["no", "1"]),
    ],
)
def test_learned_labels_are_as_they_are_written(
    tmp_path: Path, cells: list[str], labels: list[Any]
) -> None:
    rows = "".join(f"1,2,{cell}\n" for cell in cells)
    assert read(UNNAMED, tmp_path, f"p,q,r\n{rows}")[1].tolist() == labels


def test_declared_numbers_are_as_they_are_written(tmp_path: Path) -> None:
    assert read(NUMERIC, tmp_path, "a,b,kind\n1,2,0\n1,2,1\n")[1].tolist() == [0, 1]
    for cell in ("00", "1.0", "+1", "true"):
        with pytest.raises(DataError, match=r"line 2, column kind: expected one of 0 "):
            read(NUMERIC, tmp_path, f"a,b,kind\n1,2,{cell}\n")


@pytest.mark.parametrize("cell", ["", "NA", "nan", "?", "null", "N/A"])
def test_a_missing_cell(tmp_path: Path, cell: str) -> None:
    x, _ = read(FILLED, tmp_path, f"a,b,c\n1,{cell},3\n4,5,6\n")
    assert np.array_equal(x, [[1, np.nan], [4, 5]], equal_nan=True)
    with pytest.raises(DataError, match="line 2, column c: expected a number"):
        read(FILLED, tmp_path, f"a,b,c\n1,2,{cell}\n4,5,6\n")
    x, y = read(DROPPED, tmp_path, f"a,b,kind\n1,2,{cell}\n1,{cell},no\n3,4,yes\n")
    assert y.tolist() == [None, "no", "yes"]
    assert complete(y).tolist() == [False, True, True]
    assert np.isnan(x[1, 1])


def test_several_targets(tmp_path: Path) -> None:
    _, y = read(SEVERAL, tmp_path, "d,a,c\n1,2,3\n4,5,6\n")
    assert y.tolist() == [[3, 1], [6, 4]]


def test_a_table_is_read_fast(tmp_path: Path) -> None:
    numbers = np.random.default_rng(0).normal(size=(20_000, 10))
    head = ",".join("abcdefghij")
    np.savetxt(tmp_path / "n.csv", numbers, "%.17g", ",", header=head, comments="")
    table = read_table(str(tmp_path / "n.csv"))
    x = read_rows(table, table.names, made("input 9; dense 1; loss huber"))
    assert np.array_equal(x, numbers)
