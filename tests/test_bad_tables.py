"""A hundred bad files: each is answered by one message that says what is wrong."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import polars as pl
import pytest
from test_tables import FILLED, NAMED, NUMERIC, SEVERAL, UNNAMED, made

from nndsl.__main__ import main
from nndsl.data import excel, frames, reading, text
from nndsl.data.dialect import Dialect
from nndsl.data.errors import DataError
from nndsl.data.formats import open_table
from nndsl.data.schema import schema_of
from nndsl.data.table import read_table

HEAD = "a,b,kind\n"
GOOD = HEAD + "1,2,no\n3,4,yes\n"
RANGED = made("input a, b in 0..10; dense 1 exponential; loss poisson; target c")
MANY = made("input any; dense 2 sigmoid; loss binary_crossentropy; target c, d")


def saved(save: Any, *given: Any, **named: Any) -> bytes:
    file = io.BytesIO()
    save(file, *given, **named)
    return file.getvalue()


def sheet(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    return saved(lambda file: book.save(file))


def packed(name: str, content: bytes) -> bytes:
    def save(file: io.BytesIO) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)

    return saved(save)


PARQUET = saved(
    lambda f: pl.DataFrame({"a": [1], "b": ["x"], "c": [2]}).write_parquet(f)
)
LISTS = saved(lambda f: pl.DataFrame({"a": [1], "b": [[1]], "c": [2]}).write_parquet(f))

TEXTS: list[tuple[Any, str | bytes, str]] = [
    # nothing there
    (NAMED, "", ": the file is empty"),
    (NAMED, "\n\n\n", ": the file is empty"),
    (NAMED, "\ufeff", ": the file is empty"),
    (NAMED, "\n" + GOOD, "line 1: is empty; expected the names of the columns"),
    (NAMED, " , ,\n1,2,no\n", "line 1: expected the names of the columns"),
    (NAMED, HEAD, "expected rows under the names of the columns"),
    (NAMED, HEAD.strip(), "expected rows under the names of the columns"),
    (NAMED, HEAD + "\n\n", "expected rows under the names of the columns"),
    # the header
    (NAMED, "1,2,3\n4,5,6\n", "expected the names of the columns, found '1, 2, 3'"),
    (NAMED, "a,kind\n1,no\n", "line 1: expected a column 'b', found 'a, kind'"),
    (NAMED, "a,B,kind\n1,2,no\n", "line 1: expected a column 'b'; is it 'B'?"),
    (NAMED, "a,b,knd\n1,2,no\n", "line 1: expected a column 'kind'; is it 'knd'?"),
    (
        NAMED,
        "a b kind\n1 2 no\n",
        "line 1: expected columns 'a', 'b', 'kind', found 'a b kind'",
    ),
    (
        NAMED,
        "a:b:kind\n1:2:no\n",
        "line 1: expected columns 'a', 'b', 'kind', found 'a:b:kind'",
    ),
    (NAMED, "a,b,b,kind\n1,2,2,no\n", "line 1: 2 columns are called 'b'"),
    (NAMED, "a,b,kind,x,x,x\n1,2,no,,,\n", "line 1: 3 columns are called 'x'"),
    (UNNAMED, ",p,q\n0,1,no\n", "line 1: column 1 has no name; name it, or leave it"),
    (UNNAMED, "p,q,\n0,1,no\n", "line 1: column 3 has no name; name it, or leave it"),
    (UNNAMED, "Unnamed: 0,p,q\n0,1,u\n", "line 1: column 1 is called 'Unnamed: 0'; na"),
    (UNNAMED, "p,q,r,s\n1,2,3,u\n", "line 1: expected 2 columns beside s, found 3"),
    (UNNAMED, "p,q\n1,u\n", "line 1: expected 2 columns beside q, found 1"),
    (SEVERAL, "a,c\n1,2\n", "line 1: expected a column 'd'"),
    (NAMED, '"a,b,kind\n1,2,no\n', "line 1: a quote is opened here and never closed"),
    # the shape of rows
    (NAMED, GOOD + "1,2\n", "line 4: expected 3 cells, not 2"),
    (NAMED, GOOD + "1,2,no,\n", "line 4: expected 3 cells, not 4"),
    (NAMED, GOOD + "1\n", "line 4: expected 3 cells, not 1"),
    (NAMED, GOOD + "total: 2 rows\n", "line 4: expected 3 cells, not 1"),
    (NAMED, GOOD + "1;2;no\n", "line 4: expected 3 cells, not 1"),
    (
        NAMED,
        "# made by x\n" + GOOD,
        "line 1: expected columns 'a', 'b', 'kind', found '# m",
    ),
    (NAMED, GOOD + '1,2,"no\n', "line 4: a quote is opened here and never closed"),
    (NAMED, GOOD + '1,2,"n"o\n', "line 4: expected a comma after a closing quote"),
    (NAMED, 'a;b;kind\n1;2;"n"o\n', "line 2: expected a semicolon after a closing"),
    (NAMED, 'a\tb\tkind\n1\t2\t"n"o\n', "line 2: expected a tab after a closing qu"),
    (NAMED, "a,b,kind\r1,2,no\r", "line 1: a carriage return alone; end lines with"),
    (NAMED, GOOD + "1,2,no\r1,2,no\n", "line 4: a carriage return alone"),
    (NAMED, f'{GOOD}1,2,"{"x" * 200_000}"\n', "line 4: a cell of more than 131,072"),
    (
        NAMED,
        f"{HEAD}1,2,{'x' * (1 << 25)}\n",
        "longer than 16,777,216 characters; this",
    ),
    # numbers
    (NAMED, HEAD + "x,2,no\n", "line 2, column a: expected a number, found 'x'"),
    (
        NAMED,
        HEAD + "1,,no\n",
        "column b: expected a number, found ''; `missing median`",
    ),
    (NAMED, HEAD + "1,NA,no\n", "column b: expected a number, found 'NA'; `missing me"),
    (NAMED, HEAD + "1,?,no\n", "column b: expected a number, found '?'; `missing me"),
    (NAMED, HEAD + "1,-,no\n", "line 2, column b: expected a number, found '-'"),
    (NAMED, HEAD + "1,inf,no\n", "line 2, column b: expected a number, found 'inf'"),
    (
        NAMED,
        HEAD + "1,1e999,no\n",
        "line 2, column b: expected a number, found '1e999'",
    ),
    (
        NAMED,
        HEAD + "1,1_000,no\n",
        "line 2, column b: expected a number, found '1_000'",
    ),
    (NAMED, HEAD + "1,0x1F,no\n", "line 2, column b: expected a number, found '0x1F'"),
    (NAMED, HEAD + "1,５,no\n", "line 2, column b: expected a number, found '５'"),
    (NAMED, HEAD + "1,$5,no\n", "line 2, column b: expected a number, found '$5'"),
    (NAMED, HEAD + "1,5%,no\n", "line 2, column b: expected a number, found '5%'"),
    (NAMED, HEAD + "1,5 kg,no\n", "line 2, column b: expected a number, found '5 kg'"),
    (NAMED, HEAD + "1,2024-01-02,no\n", "expected a number, found '2024-01-02'"),
    (NAMED, HEAD + "1,true,no\n", "line 2, column b: expected a number, found 'true'"),
    (NAMED, HEAD + "1,yes,no\n", "line 2, column b: expected a number, found 'yes'"),
    (NAMED, HEAD + '1,"1,5",no\n', "found '1,5'; write a decimal point, not a comma"),
    (
        NAMED,
        HEAD + '1,"1,234",no\n',
        "found '1,234'; take the comma out of the file if it",
    ),
    (NAMED, HEAD + "1,2\u00a0000,no\n", "expected a number, found '2\\xa0000'"),
    (NAMED, HEAD + f"1,{'9' * 200}x,no\n", "expected a number, found '99999"),
    (FILLED, "a,b,c\n1,2,\n", "line 2, column c: expected a number, found ''; leave"),
    (
        RANGED,
        "a,b,c\n1,11,1\n",
        "line 2, column b: expected a number from 0 to 10, fou",
    ),
    (RANGED, "a,b,c\n-1,1,1\n", "column a: expected a number from 0 to 10, found '-1'"),
    (
        RANGED,
        "a,b,c\n1,1,-1\n",
        "line 2, column c: expected a number from 0, found '-1",
    ),
    # labels
    (
        NAMED,
        HEAD + "1,2,maybe\n",
        "column kind: expected one of no | yes, found 'maybe'",
    ),
    (NAMED, HEAD + "1,2,ye\n", "expected one of no | yes, found 'ye'; is it 'yes'?"),
    (NAMED, HEAD + "1,2,Yes\n", "expected one of no | yes, found 'Yes'; is it 'yes'?"),
    (
        NAMED,
        HEAD + "1,2,\n",
        "column kind: expected one of no | yes, found ''; leave t",
    ),
    (
        NAMED,
        HEAD + "1,2,NA\n",
        "expected one of no | yes, found 'NA'; leave the row out",
    ),
    (NUMERIC, HEAD + "1,2,1.0\n", "expected one of 0 | 1, found '1.0'; write 1"),
    (
        NUMERIC,
        HEAD + "1,2,2\n",
        "line 2, column kind: expected one of 0 | 1, found '2'",
    ),
    (NUMERIC, HEAD + "1,2,01\n", "expected one of 0 | 1, found '01'; write 1"),
    (NUMERIC, HEAD + "1,2,true\n", "expected one of 0 | 1, found 'true'"),
    (MANY, "a,c,d\n1,0,2\n", "line 2, column d: expected 0 or 1, found '2'"),
    (MANY, "a,c,d\n1,0,0.5\n", "line 2, column d: expected 0 or 1, found '0.5'"),
    (UNNAMED, "p,q,r\n1,2,\n", "column r: expected a label of at most 1,000 character"),
    (UNNAMED, f"p,q,r\n1,2,{'x' * 2000}\n", "column r: expected a label of at most 1"),
    # separators and decimals in doubt
    (NAMED, "a,x;b;kind,z\n1,2;3;no,5\n", "a comma and a semicolon could both separ"),
    (
        NAMED,
        "a\tb, c\n1\t2, 3\n",
        "a comma and a tab could both separate its cells; say",
    ),
    (
        NAMED,
        "a;b;kind\n1,5;2.5;no\n",
        "what the comma in '1,5' beside '2.5' means; write",
    ),
    (
        NAMED,
        "a;b;kind\n1,500;2;no\n",
        "what the comma in '1,500' means; write --decimal",
    ),
    (
        NAMED,
        "a\tb\tkind\n1,234,567\t2\tno\n",
        "column a: expected a number, found '1,2",
    ),
    # text and its encoding
    (NAMED, HEAD.encode() + b"1,2,\xe9\n", "line 2: byte 0xe9 is not UTF-8; say which"),
    (NAMED, b"\xffa,b,kind\n", "line 1: byte 0xff is not UTF-8; say which encoding"),
    (NAMED, GOOD.encode() + b"\xc3", "line 4: byte 0xc3 is not UTF-8; say which enco"),
    (NAMED, b"a,b,kind\n1,2\0,no\n", "line 2: holds a zero byte, which no text does"),
    (NAMED, GOOD.encode("utf-16-le"), "line 1: holds a zero byte, which no text does"),
    (NAMED, b"\xff\xfe" + GOOD.encode("utf-16-le")[:-1], "byte 0x0a is not UTF-16-LE"),
    (NAMED, bytes(range(256)) * 20, "line 2: byte 0x80 is not UTF-8; say which"),
    # other files that are called table.csv
    (
        NAMED,
        packed("table.csv", GOOD.encode()),
        "is a zip file; unpack it, or name an Excel file .xlsx",
    ),
    (NAMED, PARQUET, "is a Parquet file; its name has to end in .parquet"),
    (NAMED, b"ARROW1\0\0", "is a Feather file; its name has to end in .feather"),
    (NAMED, saved(np.save, [1]), "is a NumPy file; its name has to end in .npy"),
    (
        NAMED,
        b"\xd0\xcf\x11\xe0\xa1\xb1",
        "is an old Excel file; save it as .xlsx or CSV",
    ),
    (NAMED, b"BZh91AY", "is compressed with bzip2; gzip is read, or unpack it"),
    (NAMED, b"%PDF-1.7", "is a PDF, not a table"),
    (
        NAMED,
        gzip.compress(GOOD.encode(), mtime=0)[:-9],
        "its compressed data is damaged",
    ),
    (
        NAMED,
        gzip.compress(GOOD.encode(), mtime=0)[:9] + b"xxxxx",
        "its compressed data is damaged",
    ),
    (
        NAMED,
        gzip.compress((HEAD + "1,2,x\n").encode(), mtime=0),
        "line 2, column kind: expected",
    ),
]

FILES: list[tuple[Any, str, bytes, str]] = [
    (NAMED, "t.json", b"[]", ".json files are not read here; write an object on each"),
    (NAMED, "t.xls", b"", ".xls files are not read here; save it as .xlsx or CSV"),
    (NAMED, "t.pkl", b"", "a pickle can run code when it is read; save it as Parquet"),
    (NAMED, "t.jsonl", b"", "t.jsonl: the file is empty"),
    (NAMED, "t.jsonl", b"[1]\n", "line 1: expected a JSON object, as in {"),
    (NAMED, "t.jsonl", b'{"a": 1\n', "line 1: expected a JSON object, as in {"),
    (NAMED, "t.jsonl", b"[" * 100_000, "line 1: expected a JSON object, as in {"),
    (NAMED, "t.jsonl", b'{"a":1,"b":[2],"kind":"no"}', "a number, found '[\"2\"]'"),
    (NAMED, "t.jsonl", b'{"a":1,"b":null,"kind":"no"}', "expected a number, found ''"),
    (
        NAMED,
        "t.jsonl",
        b'{"a":1,"kind":"no"}',
        "expected a column 'b', found 'a, kind'",
    ),
    (FILLED, "t.parquet", b"PAR1", "is no Parquet file, or damaged"),
    (FILLED, "t.parquet", PARQUET[:-20], "is no Parquet file, or damaged"),
    (FILLED, "t.parquet", PARQUET, "row 1, column b: expected a number, found 'x'"),
    (
        FILLED,
        "t.parquet",
        LISTS,
        "column b: expected numbers or text, found List(Int64)",
    ),
    (FILLED, "t.feather", GOOD.encode(), "is no Feather file, or damaged"),
    (NAMED, "t.xlsx", GOOD.encode(), "is no Excel file, or damaged"),
    (NAMED, "t.xlsx", packed("x", b""), "is no Excel file, or damaged"),
    (NAMED, "t.xlsx", sheet(), "row 1: is empty; expected the names of the columns"),
    (NAMED, "t.xlsx", sheet(["a", "b", "kind"]), "expected rows under the names"),
    (
        NAMED,
        "t.xlsx",
        sheet(["a", "b", "kind"], [], [1, "x", "no"]),
        "row 3, column b: ",
    ),
    (NUMERIC, "t.npy", b"\x93NUMPY", "the file is not an array"),
    (
        NUMERIC,
        "t.npy",
        saved(np.save, np.zeros((2, 4))),
        "columns of X and y: expected 2 and 1, found 3 and 1",
    ),
    (
        NUMERIC,
        "t.npy",
        saved(np.save, np.zeros((2, 3, 1))),
        "expected rows and columns",
    ),
    (
        NUMERIC,
        "t.npy",
        saved(np.save, np.array([[0, np.nan, 1]])),
        "row 0, column b: expec",
    ),
    (
        NUMERIC,
        "t.npy",
        saved(np.save, np.array([{}])),
        "holds object; expected numbers",
    ),
    (NUMERIC, "t.npy", saved(np.save, np.zeros(9))[:-8], "not as long as it says"),
    (NUMERIC, "t.npz", saved(np.savez, z=[1]), "expected arrays X and y, found z"),
    (
        NUMERIC,
        "t.npz",
        saved(np.savez, X=np.zeros((2, 2)), y=[1]),
        "as many rows in y as",
    ),
    (NUMERIC, "t.npz", saved(np.savez_compressed, X=[1], y=[1]), "X.npy is compressed"),
    (NUMERIC, "t.npz", saved(np.savez, network=""), "is a model file, not a table"),
    (NUMERIC, "t.npz", b"PK\x03\x04", "is not a NumPy file, or is damaged"),
]


def test_there_are_a_hundred() -> None:
    assert len(TEXTS) + len(FILES) >= 100


def answer(data: Any, path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_table(str(path), schema_of(data))
    (message,) = caught.value.args
    assert message.startswith(str(path))
    assert len(message) < 500 + len(str(path))
    return message


@pytest.mark.parametrize(("data", "content", "words"), TEXTS)
def test_a_bad_text(
    tmp_path: Path, data: Any, content: str | bytes, words: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert words in answer(data, path)


@pytest.mark.parametrize(("data", "name", "content", "words"), FILES)
def test_a_bad_file_of_another_format(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    data: Any,
    name: str,
    content: bytes,
    words: str,
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert words in answer(data, path)
    assert capfd.readouterr() == ("", "")


def test_the_first_twenty_mistakes_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "n.nn"
    spec.write_text(
        "network N { input a, b; dense 2 softmax; loss categorical_crossentropy\n"
        "target kind: no | yes }"
    )
    path = tmp_path / "t.csv"
    rows = ["1,2,no"] * 5000
    rows[10], rows[20], rows[21] = "x,2,yse", "1,2", '1,"?",n'
    rows[3000:3030] = ["1,y,no"] * 30
    path.write_text(HEAD + "\n".join(rows))
    assert main(["train", str(spec), str(path)]) == 1
    *lines, last = capsys.readouterr().err.splitlines()
    assert len(lines) == 20
    expected = [
        "line 12, column a: expected a number, found 'x'",
        "line 12, column kind: expected one of no | yes, found 'yse'; is it 'yes'?",
        "line 22: expected 3 cells, not 2",
        "line 23, column b: expected a number, found '?'; `missing median` in the "
        "spec's train block, for example, fills such cells",
        "line 23, column kind: expected one of no | yes, found 'n'; is it 'no'?",
        *(
            f"line {n}, column b: expected a number, found 'y'"
            for n in range(3002, 3017)
        ),
    ]
    assert lines == [f"nndsl: {path}, {words}" for words in expected]
    assert last == "nndsl: … and 15 more"


def test_nothing_grows_beyond_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def words(name: str, content: bytes, data: Any = NAMED) -> str:
        (tmp_path / name).write_bytes(content)
        return answer(data, tmp_path / name).removeprefix(str(tmp_path / name))

    monkeypatch.setattr(text, "TEXT_BYTES", 1 << 22)
    bomb = gzip.compress(HEAD.encode() + b"\n" * (1 << 23), mtime=0)
    assert words("bomb.csv.gz", HEAD.encode()) == (
        ": expected rows under the names of the columns"
    )
    assert "holds more than 0 GiB; unpack it" in words("bomb.csv", bomb)
    monkeypatch.setattr(excel, "EXCEL_BYTES", 1 << 20)
    bomb = packed("xl/workbook.xml", b" " * (1 << 21))
    assert words("bomb.xlsx", bomb) == ": unpacks to more than 1 MiB; save it as CSV"
    monkeypatch.setattr(frames, "VALUES", 2)
    assert words("t.parquet", PARQUET, FILLED) == ": holds more than 2 numbers"
    monkeypatch.setattr(reading, "VALUES", 5)
    assert words("t.csv", GOOD.encode()) == ": holds more than 5 numbers"
    monkeypatch.setattr(reading, "LABELS", 5)
    monkeypatch.setattr(reading, "VALUES", 50)
    assert words("t.csv", b"p,q,r\n1,2,abc\n3,4,d\n", UNNAMED) == (
        ", column r: expected labels, found 2 texts of up to 3 characters"
    )


def test_arrays_have_no_names_for_those_who_ask(tmp_path: Path) -> None:
    path = tmp_path / "t.npz"
    np.savez(path, X=[[1]], y=[1])
    with pytest.raises(DataError, match="its columns have no names; save it as CSV"):
        open_table(str(path), Dialect())
