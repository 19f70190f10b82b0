"""Tables as people have them: separators, decimals, encodings, and other formats."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pytest
from test_tables import DROPPED, FILLED, NAMED, NUMERIC, SEVERAL, UNNAMED, made

from nndsl.data import csv_rows, text
from nndsl.data.dialect import Dialect
from nndsl.data.errors import DataError
from nndsl.data.plain import open_plain
from nndsl.data.schema import schema_of
from nndsl.data.table import Table, read_table

PLAIN = "a,b,kind\n1,2.5,no\n-.5,3e2,yes\n"
ROWS = ([[1.0, 2.5], [-0.5, 300.0]], ["no", "yes"])


def table(data: Any, path: Path, **written: Any) -> Table:
    return read_table(str(path), schema_of(data), Dialect(**written))


def values(found: Table) -> tuple[Any, Any]:
    return found.x.tolist(), None if found.y is None else found.y.tolist()


def write(folder: Path, content: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        PLAIN.replace(",", ";").replace(".", ","),
        PLAIN.replace(",", "\t").replace(".", ","),
        PLAIN.replace(",", ";").replace(".", ",").replace("no", '"no"'),
        "note;a;b;kind\nx, y;1;2,5;no\nu, v;-,5;3e2;yes\n",
        'a,"b",kind,"x;y"\n1,2.5,no,"p;q"\n-.5,300,yes,"r;s"\n',
        "a,b,kind,x|y\n1,2.5,no,p\n-.5,300,yes,q|r\n",
        "\ufeff" + PLAIN,
        PLAIN.encode("utf-16"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-32"),
        PLAIN.replace("\n", "\r\n").encode("utf-16"),
        gzip.compress(PLAIN.encode(), mtime=0),
        gzip.compress(PLAIN.replace(",", ";").encode(), mtime=0),
        gzip.compress(b"a,b,kind\n1,2.5,no\n", mtime=0)
        + gzip.compress(b"-.5,3e2,yes\n", mtime=0),
    ],
)
def test_how_a_table_is_written_is_recognised(
    tmp_path: Path, content: str | bytes
) -> None:
    assert values(table(NAMED, write(tmp_path, content))) == ROWS


@pytest.mark.parametrize(
    ("content", "written"),
    [
        (PLAIN.replace(",", ":"), {"separator": ":"}),
        (PLAIN.replace(",", "\t"), {"separator": "\t"}),
        ('a,b,kind\n1,"2,5",no\n"-,5",3e2,yes\n', {"decimal": ","}),
        (PLAIN.encode("utf-16-le"), {"encoding": "utf-16-le"}),
        (PLAIN.encode("utf-16-be"), {"encoding": "UTF-16BE"}),
    ],
)
def test_how_a_table_is_written_can_be_said(
    tmp_path: Path, content: str | bytes, written: dict[str, str]
) -> None:
    schema = made(
        "input a, b; dense 2 softmax; loss categorical_crossentropy; target kind"
    )
    assert values(table(schema, write(tmp_path, content), **written)) == ROWS


def test_other_encodings(tmp_path: Path) -> None:
    data = made("input a; dense 2 softmax; loss categorical_crossentropy; target size")
    content = "a,size\n1,groß\n2,klein\n"
    for encoding in ("latin-1", "cp1252"):
        path = write(tmp_path, content.encode(encoding))
        assert values(table(data, path, encoding=encoding))[1] == ["groß", "klein"]
    assert values(table(data, write(tmp_path, content)))[1] == ["groß", "klein"]


@pytest.mark.parametrize("size", [4, 7, 64])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_text_is_the_same_in_pieces_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, encoding: str
) -> None:
    monkeypatch.setattr(text, "_PIECE", size)
    content = 'ä,b,kind\n1,2,"two\nlines"\n\n3,4,ö\r\n5,6,x'
    path = write(tmp_path, content.encode(encoding))
    given = encoding if encoding == "latin-1" else None
    assert "".join(text.read_text(str(path), given)) == content
    found = table(UNNAMED, path, encoding=given, separator=",")
    assert values(found) == ([[1, 2], [3, 4], [5, 6]], ["two\nlines", "ö", "x"])
    assert list(found.lines) == [2, 5, 6]


def random_cells(generator: np.random.Generator, n: int) -> pd.DataFrame:
    numbers = (
        generator.normal(size=(n, 2))
        * 10.0 ** generator.integers(-300, 300, n)[:, None]
    )
    frame = pd.DataFrame(numbers, columns=["a", "b"])
    frame["kind"] = generator.choice(["no", "yes"], n)
    return frame


@pytest.mark.parametrize(
    ("separator", "decimal"), [(",", "."), (";", "."), (";", ","), ("\t", ",")]
)
@pytest.mark.parametrize("quoting", [0, 1])
@pytest.mark.parametrize("rows", [3, 700])
def test_numbers_agree_with_pandas_to_the_bit(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    separator: str,
    decimal: str,
    quoting: int,
    rows: int,
) -> None:
    monkeypatch.setattr(text, "_PIECE", 5000)
    frame = random_cells(np.random.default_rng(rows), rows)
    path = tmp_path / "table.csv"
    frame.to_csv(path, sep=separator, decimal=decimal, quoting=quoting, index=False)
    found = table(NAMED, path)
    assert found.x.tobytes() == frame[["a", "b"]].to_numpy().tobytes("C")
    assert values(found)[1] == frame["kind"].tolist()


def test_the_quick_way_and_the_exact_way_are_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = random_cells(np.random.default_rng(1), 2000)
    path = tmp_path / "table.csv"
    frame.to_csv(path, index=False)
    quick = table(NAMED, path)
    monkeypatch.setattr(csv_rows._Rows, "_quickly", lambda *_: None)
    exact = table(NAMED, path)
    assert quick.x.tobytes() == exact.x.tobytes()
    assert list(quick.lines) == list(exact.lines) == list(range(2, 2002))
    assert values(quick)[1] == values(exact)[1]


def test_missing_values_can_be_added(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,c\n1,-,3\n4,none,6\n7,8,9\n-999,1,-1\n")
    found = table(FILLED, path, missing=frozenset({"-", "none", "-999"}))
    nan = np.nan
    expected = [[1, nan], [4, nan], [7, 8], [nan, 1]]
    assert np.array_equal(found.x, expected, equal_nan=True)
    path = write(tmp_path, "a,b,kind\n1,-,no\n4,5,-\n4,5,yes\n")
    found = table(DROPPED, path, missing=frozenset({"-"}))
    assert values(found)[1] == ["no", "yes"]
    assert found.dropped == 1
    with pytest.raises(DataError, match=r"line 3, column kind: .* found '-'; leave"):
        table(NAMED, write(tmp_path, "a,b,kind\n1,2,no\n1,2,-\n"), missing={"-"})


def test_words_for_yes_and_no_are_labels(tmp_path: Path) -> None:
    for words in (["true", "false"], ["yes", "no"], ["True", "False"]):
        rows = "".join(f"1,2,{word}\n" for word in words)
        path = write(tmp_path, f"p,q,r\n{rows}")
        assert values(table(UNNAMED, path))[1] == words


FRAME = pd.DataFrame(
    {
        "more": ["x", None, "z"],
        "b": [2.5, None, 1e-300],
        "a": [1, 2, 3],
        "c": [0.1, 7.0, -1.0],
    }
)


def write_excel(path: Path, frame: pd.DataFrame) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append([*frame.columns])
    for row in frame.astype(object).itertuples(index=False):
        book.active.append([None if pd.isna(cell) else cell for cell in row])
    book.save(path)


def to_polars(frame: pd.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(
        {
            name: [None if pd.isna(cell) else cell for cell in column.tolist()]
            for name, column in frame.items()
        }
    )


WRITERS = {
    "t.parquet": lambda path, frame: to_polars(frame).write_parquet(path),
    "t.pq": lambda path, frame: to_polars(frame).write_parquet(path),
    "t.feather": lambda path, frame: to_polars(frame).write_ipc(path),
    "t.arrow": lambda p, frame: to_polars(frame).write_ipc(p, compression="zstd"),
    "T.XLSX": write_excel,
    "t.jsonl": lambda path, frame: frame.to_json(
        path, orient="records", lines=True, double_precision=15
    ),
    "t.ndjson": lambda path, frame: to_polars(frame).write_ndjson(path),
    "t.jsonl.gz": lambda path, frame: path.write_bytes(
        gzip.compress(to_polars(frame).write_ndjson().encode())
    ),
    "t.csv.gz": lambda path, frame: frame.to_csv(path, index=False),
    "t.tsv": lambda path, frame: frame.to_csv(path, index=False, sep="\t"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_table_in_every_format(tmp_path: Path, name: str) -> None:
    frame = FRAME.assign(b=[2.5, None, 1e-10])
    WRITERS[name](tmp_path / name, frame)
    found = table(FILLED, tmp_path / name)
    expected = frame[["a", "b"]].to_numpy()
    assert np.array_equal(found.x, expected, equal_nan=True)
    assert found.y is not None
    assert found.y.tolist() == frame["c"].tolist()
    assert found.unused == ("more",)


LABELS = pd.DataFrame(
    {"p": [1.0, 2.0, 3.0], "q": [4, 5, 6], "r": [10, 20, 10], "s": ["u", "v", "u"]}
)


@pytest.mark.parametrize("name", WRITERS)
def test_labels_in_every_format(tmp_path: Path, name: str) -> None:
    known: dict[str, Any] = {"features": ("p", "q")}
    WRITERS[name](tmp_path / name, LABELS)
    for target, dtype in (("r", np.integer), ("s", np.str_)):
        schema = schema_of(UNNAMED, targets=(target,), **known)
        found = read_table(str(tmp_path / name), schema)
        assert found.y is not None
        assert found.y.tolist() == LABELS[target].tolist()
        assert np.issubdtype(found.y.dtype, dtype)


def test_switches_and_dates_of_frames_are_text(tmp_path: Path) -> None:
    frame = pl.DataFrame({"p": [1, 2], "q": [1, 2], "r": [True, False]})
    frame.write_parquet(tmp_path / "t.parquet")
    assert values(table(UNNAMED, tmp_path / "t.parquet"))[1] == ["True", "False"]
    path = write(
        tmp_path,
        '{"p": 1, "q": 2, "r": true}\n\n{"q": 4.0, "r": false, "p": "3"}\n',
        "t.jsonl",
    )
    found = table(UNNAMED, path)
    assert values(found) == ([[1, 2], [3, 4]], ["True", "False"])
    assert list(found.lines) == [1, 3]


@pytest.mark.parametrize(
    ("name", "library"), [("t.parquet", "polars"), ("t.xlsx", "openpyxl")]
)
def test_what_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, library: str
) -> None:
    WRITERS[name.replace("t.x", "T.X").replace("lsx", "LSX")](tmp_path / name, LABELS)
    for each in ("polars", "openpyxl", "pyarrow"):
        monkeypatch.setitem(sys.modules, each, None)
    message = rf"{name}: reading it needs {library}.*pip install 'nndsl\[tables\]'"
    with pytest.raises(DataError, match=message):
        table(UNNAMED, tmp_path / name)


@pytest.mark.parametrize("kind", ["parquet", "feather"])
def test_pyarrow_reads_where_polars_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    pytest.importorskip("pyarrow")
    getattr(FRAME, f"to_{kind}")(tmp_path / f"t.{kind}")
    monkeypatch.setitem(sys.modules, "polars", None)
    found = table(FILLED, tmp_path / f"t.{kind}")
    expected = FRAME[["a", "b"]].to_numpy()
    assert np.array_equal(found.x, expected, equal_nan=True)


X, Y = np.array([[1.0, 2.5], [-0.5, 300.0]]), np.array(["no", "yes"])


@pytest.mark.parametrize(
    ("arrays", "data", "expected"),
    [
        ({"X": X, "y": Y}, NAMED, ROWS),
        ({"x": np.asfortranarray(X), "y": Y, "z": X}, NAMED, ROWS),
        ({"X": X.astype(">f4"), "y": Y[:, None]}, NAMED, ROWS),
        ({"X": X, "y": np.array([1, 0])}, NUMERIC, (ROWS[0], [1, 0])),
        ({"X": X, "y": np.array([1, 0])}, UNNAMED, (ROWS[0], [1, 0])),
        ({"X": X, "y": np.array([True, False])}, UNNAMED, (ROWS[0], ["True", "False"])),
        ({"X": X[:, 0], "y": X}, SEVERAL, ([[1.0], [-0.5]], ROWS[0])),
    ],
)
def test_arrays_in_npz(
    tmp_path: Path, arrays: dict[str, Any], data: Any, expected: Any
) -> None:
    np.savez(tmp_path / "t.npz", **arrays)
    assert values(table(data, tmp_path / "t.npz")) == expected


def test_an_array_ends_with_its_targets(tmp_path: Path) -> None:
    path = tmp_path / "t.npy"
    np.save(path, [[1, 2.5, 0], [-0.5, 300, 1]])
    assert values(table(NUMERIC, path)) == (ROWS[0], [0, 1])
    found = read_table(str(path), schema_of(NUMERIC, reads_target=False))
    assert values(found) == (ROWS[0], None)
    np.save(path, X)
    found = read_table(str(path), schema_of(NUMERIC, reads_target=False))
    assert values(found) == (ROWS[0], None)
    alone = made("input any; dense features; target input; loss huber")
    assert values(table(alone, path)) == (ROWS[0], None)
    np.save(path, [["1", "2.5", "no"], ["-.5", "3e2", "yes"]])
    assert values(table(NAMED, path)) == ROWS


def test_cells_as_text(tmp_path: Path) -> None:
    path = write(tmp_path, 'a;"b";c\n 1,5 ;NA;"x, y"\n2;- ;1,5x\n')
    source, blocks = open_plain(str(path), Dialect(missing=frozenset({"-"})))
    assert source.names == ("a", "b", "c")
    assert [*blocks] == [(["1.5", "2"], ["", ""], ["x, y", "1,5x"])]
    source, blocks = open_plain(str(write(tmp_path, "a,b\n1,2\n3\n")), Dialect())
    with pytest.raises(DataError, match="line 3: expected 2 cells, not 1"):
        list(blocks)
