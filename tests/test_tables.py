"""Tables: what `nndsl train` reads, what it refuses, and how it says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import nndsl
from nndsl.compiler import understand
from nndsl.data.errors import DataError
from nndsl.data.schema import schema_of
from nndsl.data.table import Table, read_table
from nndsl.diagnostics.record import Source
from nndsl.lower.lower import lower

BODY = "dense 2 softmax; loss categorical_crossentropy"


def made(statements: str) -> Any:
    """How a spec reads its data."""
    source = Source("n.nn", f"network N {{ {statements} }}")
    return lower(understand(source).network).data


NAMED = made(f"input a, b; {BODY}; target kind: no | yes")
NUMERIC = made(f"input a, b; {BODY}; target kind: 0 | 1")
UNNAMED = made(f"input 2; {BODY}")
FILLED = made("input a, b; dense 1; target c; loss log_cosh; train { missing mean }")
DROPPED = made(f"input a, b; {BODY}; target kind: no | yes; train {{ missing drop }}")
SEVERAL = made("input a; dense 2; target c, d; loss log_cosh")


def table(data: Any, folder: Path, content: str | bytes, **known: Any) -> Table:
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(str(path), schema_of(data, **known))


def read(data: Any, folder: Path, content: str | bytes) -> tuple[Any, Any]:
    found = table(data, folder, content)
    return found.x, found.y


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
    *("", "NA", "?", "1e", ".", "+", "1 2", "--1", "1.2.3", "None", "1e5.0"),
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
        ("", "table.csv: the file is empty"),
        ("\n\n", "table.csv: the file is empty"),
        ("1,2,3\n4,5,6\n", "line 1: expected the names .*, found '1, 2, 3'"),
        ("a,b,kind\n", "expected rows under the names of the columns"),
        ("a,c,kind\n1,2,no\n", "line 1: expected a column 'b', found 'a, c"),
        ("a,long,kind\n1,2,no\n", "expected a column 'b', found 'a, long, kind'"),
        ("a,b,a,kind\n1,2,3,no\n", "line 1: 2 columns are called 'a'"),
        ("a,b,x,x,kind\n1,2,3,4,no\n", "line 1: 2 columns are called 'x'"),
        ("a,b,kind\n1,2\n", "line 2: expected 3 cells, not 2"),
        ("a,b,kind\n1,2,no\n1,2,no,4\n", "line 3: expected 3 cells, not 4"),
        ('a,b,kind\n1,2,no\n1,2,"no\n', "line 3: a quote is opened here and never"),
        ('a,b,kind\n1,2,no\n1,2,"n"o\n', "line 3: expected a comma after a closing"),
        ("a,b,kind\r1,2,no\r", "line 1: a carriage return alone"),
        ("a,b,kind\n1,2,maybe\n", r"line 2, column kind: expected one of no \| yes, f"),
        ("a,b,kind\n1,2,\n", "line 2, column kind: .*, found ''; leave the row out"),
        ("a,b,kind\n1,2,NA\n", "line 2, column kind: .*, found 'NA'; leave the row"),
        (f'a,b,kind\n1,2,"{"x" * 200_000}"\n', "line 2: a cell of more than 131,072"),
        (b"a,b,kind\n1,2,\xe9\n", "line 2: byte 0xe9 is not UTF-8"),
        (b"a,b,kind\n1,2\0,no\n", "line 2: holds a zero byte"),
        (b"PK\x03\x04\x14", "is a zip file; unpack it"),
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
        (["1_0", "12"], ["1_0", "12"]),
        (["True", "False"], ["True", "False"]),
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
    for cell in ("00", "1.0", "+1", "true", "１"):
        with pytest.raises(DataError, match=r"line 2, column kind: expected one of 0 "):
            read(NUMERIC, tmp_path, f"a,b,kind\n1,2,{cell}\n")


@pytest.mark.parametrize("cell", ["", "NA", "nan", "?", "null", "N/A"])
def test_a_missing_cell(tmp_path: Path, cell: str) -> None:
    x, _ = read(FILLED, tmp_path, f"a,b,c\n1,{cell},3\n4,5,6\n")
    assert np.array_equal(x, [[1, np.nan], [4, 5]], equal_nan=True)
    with pytest.raises(DataError, match="line 2, column c: expected a number"):
        read(FILLED, tmp_path, f"a,b,c\n1,2,{cell}\n4,5,6\n")
    x, y = read(DROPPED, tmp_path, f"a,b,kind\n1,2,{cell}\n1,{cell},no\n3,4,yes\n")
    assert y.tolist() == ["no", "yes"]
    assert np.array_equal(x, [[1, np.nan], [3, 4]], equal_nan=True)


def test_several_targets(tmp_path: Path) -> None:
    _, y = read(SEVERAL, tmp_path, "d,a,c\n1,2,3\n4,5,6\n")
    assert y.tolist() == [[3, 1], [6, 4]]


def test_a_table_is_read_fast(tmp_path: Path) -> None:
    numbers = np.random.default_rng(0).normal(size=(20_000, 10))
    head = ",".join("abcdefghij")
    np.savetxt(tmp_path / "n.csv", numbers, "%.17g", ",", header=head, comments="")
    data = made("input any; dense 1; loss huber; target y")
    schema = schema_of(data, reads_target=False)
    assert np.array_equal(read_table(str(tmp_path / "n.csv"), schema).x, numbers)


def test_numbers_written_in_other_ways_get_advice(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"found '1.0'; write 1$"):
        read(NUMERIC, tmp_path, "a,b,kind\n1,2,1.0\n")
    with pytest.raises(DataError, match="found '1,5'; write a decimal point"):
        read(NUMERIC, tmp_path, 'a,b,kind\n1,"1,5",0\n')


def test_the_first_wrong_cell_of_the_file_is_named(tmp_path: Path) -> None:
    rows = ["1,2,no"] * 3000
    rows[2500], rows[2600] = "1,x,no", "y,2,no"
    content = "a,b,kind\n" + "\n".join(rows)
    with pytest.raises(DataError, match=r"line 2502, column b: .*, found 'x'"):
        read(NAMED, tmp_path, content)
    rows[2500] = "1,2,no"
    with pytest.raises(DataError, match=r"line 2602, column a: .*, found 'y'"):
        read(NAMED, tmp_path, "a,b,kind\n" + "\n".join(rows))


@pytest.mark.parametrize("n", [1, 1023, 1024, 1025, 2048, 5000])
def test_no_row_is_lost_between_blocks(tmp_path: Path, n: int) -> None:
    pairs = [[i, -i] for i in range(n)]
    lines = "".join(f"{a},{b},k{a % 3}\n" for a, b in pairs)
    found = table(UNNAMED, tmp_path, f"a,b,kind\n{lines}")
    assert found.x.tolist() == pairs
    assert found.y is not None
    assert found.y.tolist() == [f"k{i % 3}" for i in range(n)]
    assert list(found.lines) == list(range(2, n + 2))


def test_declared_ranges_are_checked_with_their_line(tmp_path: Path) -> None:
    data = made(
        "input 2 in 0..16; dense 1 exponential; loss poisson; target c;"
        "train { missing median }"
    )
    x, _ = read(data, tmp_path, "a,b,c\n0,16,3\n,2,0\n")
    assert np.array_equal(x, [[0, 16], [np.nan, 2]], equal_nan=True)
    with pytest.raises(
        DataError, match="line 2, column b: expected a number from 0 to"
    ):
        read(data, tmp_path, "a,b,c\n0,16.5,3\n")
    with pytest.raises(
        DataError, match="line 2, column c: expected a number from 0, f"
    ):
        read(data, tmp_path, "a,b,c\n0,1,-3\n")


def test_several_labels_are_zeros_and_ones(tmp_path: Path) -> None:
    data = made("input 1; dense 2 sigmoid; loss binary_crossentropy; target c, d")
    _, y = read(data, tmp_path, "a,c,d\n1,0,1\n2,1.0,0\n")
    assert y.tolist() == [[0, 1], [1, 0]]
    with pytest.raises(DataError, match=r"column d: expected 0 or 1, found '0.5'"):
        read(data, tmp_path, "a,c,d\n1,0,0.5\n")


def test_how_many_columns_the_spec_says(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected 2 columns beside kind, found 3"):
        read(UNNAMED, tmp_path, "a,b,c,kind\n1,2,3,no\n")
    several = made("input 1; dense 2; loss huber")
    x, y = read(several, tmp_path, "a,c,d\n1,2,3\n")
    assert (x.tolist(), y.tolist()) == ([[1]], [[2, 3]])
    alone = made("input any; dense features; target input; loss huber")
    x, y = read(alone, tmp_path, "a,c,d\n1,2,3\n")
    assert (x.tolist(), y) == ([[1, 2, 3]], None)
    with pytest.raises(DataError, match="expected some columns beside a, found 0"):
        read(made("input any; dense 1; loss huber"), tmp_path, "a\n1\n")
    inputs_last = made("input a, b; dense 1; loss huber")
    with pytest.raises(DataError, match="the last column, 'b', is an input"):
        read(inputs_last, tmp_path, "y,a,b\n1,2,3\n")


def test_a_label_may_be_called_as_a_missing_value_is(tmp_path: Path) -> None:
    data = made(
        f'input a; {BODY}; target kind: "None" | some; train {{ missing drop }}'
    )
    assert read(data, tmp_path, "a,kind\n1,None\n2,some\n3,NA\n")[1].tolist() == [
        "None",
        "some",
    ]


def test_labels_that_training_found_are_asked_for_again(tmp_path: Path) -> None:
    content = "p,q,r\n1,2,u\n3,4,w\n"
    known = {"features": ("q", "p"), "targets": ("r",), "classes": ("u", "v")}
    with pytest.raises(DataError, match=r"line 3, column r: expected one of u \| v, f"):
        table(UNNAMED, tmp_path, content, **known)
    found = table(UNNAMED, tmp_path, content, **known, reads_target=False)
    assert (found.x.tolist(), found.y) == ([[2, 1], [4, 3]], None)


def test_a_message_of_a_module_gets_its_line(tmp_path: Path) -> None:
    found = table(UNNAMED, tmp_path, 'a,b,c\n1,2,"k\nl"\n\n3,4,m\n')
    path = str(tmp_path / "table.csv")
    assert found.in_file("y, row 1: no") == f"{path}, line 5: no"
    assert found.in_file("X, row 0, column 1: no") == f"{path}, line 2, column b: no"
    assert found.in_file("X, row 0, column a: no") == f"{path}, line 2, column a: no"
    assert found.in_file("row 1, a test row") == f"{path}, line 5, a test row"
    for other in ("X, row 9: no", "epoch 3: too large"):
        assert found.in_file(other) == other


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    schema = schema_of(NAMED)
    with pytest.raises(DataError, match=r"no\.csv: no such file or directory$"):
        read_table(str(tmp_path / "no.csv"), schema)
    with pytest.raises(DataError, match=r"is a folder, not a table$"):
        read_table(str(tmp_path), schema)


def test_a_table_agrees_with_pandas(tmp_path: Path) -> None:
    path = Path(__file__).parent.parent / "specs" / "data" / "diabetes.csv"
    frame = pd.read_csv(path)
    spec = path.parent.parent / "diabetes.nn"
    x, y = nndsl.read_table(path, spec)
    assert np.array_equal(x, frame.iloc[:, :-1]) and np.array_equal(
        y, frame.iloc[:, -1]
    )
    with pytest.raises(
        nndsl.DataError, match=r"iris\.csv, line 1: expected columns 'age'"
    ):
        nndsl.read_table(path.with_name("iris.csv"), spec)
