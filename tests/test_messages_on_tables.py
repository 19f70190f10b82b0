"""What is said of tables that do not fit: once, in full, and what to do about it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import nndsl
from nndsl.cli.main import main
from nndsl.data.columns import meant

Output = pytest.CaptureFixture[str]
SPEC = """network N {{
    input    {inputs}
    dense    2 softmax
    target   kind: no | yes
    loss     categorical_crossentropy
    train {{ epochs 1; {train} }}
}}
"""
ROWS = "".join(f"{i},{i * i % 7},{('no', 'yes')[i % 2]}\n" for i in range(12))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    spec("a, b")
    Path("t.csv").write_text("a,b,kind\n" + ROWS)
    return tmp_path


def spec(inputs: str, train: str = "", name: str = "n.nn") -> None:
    Path(name).write_text(SPEC.format(inputs=inputs, train=train))


def said(capsys: Output, *words: str, code: int = 1) -> str:
    capsys.readouterr()
    assert main([*words]) == code
    return capsys.readouterr().err


def test_all_missing_columns_are_named_at_once(folder: Path, capsys: Output) -> None:
    Path("u.csv").write_text("aa,c,kind\n1,2,no\n")
    spec("aaa, b")
    assert said(capsys, "train", "n.nn", "u.csv") == (
        "nndsl: u.csv, line 1: expected columns 'aaa' (is it 'aa'?), 'b', "
        "found 'aa, c, kind'\n"
    )
    spec(", ".join(f"wide_{i}" for i in range(40)))
    assert "'wide_9' and 30 more, found" in said(capsys, "train", "n.nn", "u.csv")


@pytest.mark.parametrize("row", ["3,4,no", "x,y,no", "x,3,z"])
def test_a_header_that_is_a_row(folder: Path, capsys: Output, row: str) -> None:
    Path("u.csv").write_text(f"{row}\n{ROWS}")
    question = "; is the first line the names of the columns?\n"
    assert said(capsys, "train", "n.nn", "u.csv").endswith(question)
    Path("u.csv").write_text("p,q,r\n" + ROWS)
    assert "is the first line" not in said(capsys, "train", "n.nn", "u.csv")


def test_a_column_of_words_is_one_mistake(folder: Path, capsys: Output) -> None:
    words = [("Male", "Female", "NA")[i % 3] for i in range(600)]
    rows = "".join(f"{i},{word},no\n" for i, word in enumerate(words))
    Path("u.csv").write_text("a,b,kind\n" + rows.replace("7,F", "x7,F", 1))
    assert said(capsys, "train", "n.nn", "u.csv") == (
        "nndsl: u.csv, column b: expected numbers, found words such as 'Female' and "
        "'Male'; for labels the spec says `input b: Female | Male`\n"
        "nndsl: u.csv, line 9, column a: expected a number, found 'x7'\n"
    )
    spec('a, "b c"')
    many = "".join(f"{i},w{'abcdefgh'[i % 8]},no\n" for i in range(40))
    Path("u.csv").write_text("a,b c,kind\n" + many)
    assert said(capsys, "train", "n.nn", "u.csv").endswith('says `input "b c": any`\n')


@pytest.mark.parametrize("cells", [["5 kg", "6 kg"], ["x", "1"], ["1,5", "2,5"]])
def test_other_wrong_numbers_are_shown_one_by_one(
    folder: Path, capsys: Output, cells: list[str]
) -> None:
    rows = "".join(f'{i},"{cells[i % 2]}",no\n' for i in range(8))
    Path("u.csv").write_text("a,b,kind\n" + rows)
    assert said(capsys, "train", "n.nn", "u.csv").count("\n") == 8 - 4 * ("1" in cells)


def test_the_cure_for_a_gap_is_named(folder: Path, capsys: Output) -> None:
    Path("gap.csv").write_text("a,b,kind\n1,,no\n")
    assert main(["train", "n.nn", "t.csv"]) == 0
    assert "; `missing median` in" in said(capsys, "predict", "n.npz", "gap.csv")
    spec("a, b", "missing drop")
    assert main(["train", "n.nn", "t.csv", "--force"]) == 0
    assert "; `missing=median` on" in said(capsys, "predict", "n.npz", "gap.csv")


@pytest.mark.parametrize("train", ["", "missing drop"])
def test_evaluate_leaves_out_rows_without_a_target(
    folder: Path, capsys: Output, train: str
) -> None:
    spec("a, b", train)
    assert main(["train", "n.nn", "t.csv"]) == 0
    capsys.readouterr()
    Path("few.csv").write_text("a,b,kind\n" + ROWS)
    Path("gaps.csv").write_text("a,b,kind\n3,4,\n" + ROWS + "5,6,NA\n")
    assert main(["evaluate", "n.npz", "few.csv"]) == 0
    expected = capsys.readouterr().out
    assert main(["evaluate", "n.npz", "gaps.csv"]) == 0
    found = capsys.readouterr()
    assert found.out == expected
    assert "gaps.csv: 2 rows without a target are left out\n" in found.err
    Path("gaps.csv").write_text("a,b,kind\n3,4,\n")
    assert said(capsys, "evaluate", "n.npz", "gaps.csv") == (
        "nndsl: gaps.csv: no row has a target\n"
    )
    Path("gaps.csv").write_text("a,b,kind\n3,4,\n1,1,yes\n")
    error = said(capsys, "evaluate", "n.npz", "gaps.csv", code=0)
    assert "1 row without a target is left out" in error
    assert "nndsl: this row was trained on; on new rows" in error


def test_training_refuses_a_row_without_a_target_unless_told(
    folder: Path, capsys: Output
) -> None:
    Path("gaps.csv").write_text("a,b,kind\n3,4,\n" + ROWS)
    assert "or write `missing drop`" in said(capsys, "train", "n.nn", "gaps.csv")


def book(*names: str) -> None:
    made = openpyxl.Workbook()
    for name in names:
        sheet = made.create_sheet(name)
        lines = (["a", "b", "kind"], *([i, i, "no"] for i in range(4)))
        for line in lines if name == "Data" else (["hello"], ["world"]):
            sheet.append(line)
    made.remove(made.worksheets[0])
    made.save("book.xlsx")


def test_a_sheet_is_named(folder: Path, capsys: Output) -> None:
    book("Notes", "Data")
    hint = "this is the sheet 'Notes'; --sheet NAME reads another: 'Data'\n"
    assert said(capsys, "train", "n.nn", "book.xlsx").endswith(hint)
    assert said(capsys, "new", "book.xlsx").endswith(hint)
    assert said(capsys, "train", "n.nn", "book.xlsx", "--sheet", "data") == (
        "nndsl: book.xlsx: has no sheet 'data'; there are 'Notes', 'Data'\n"
    )
    assert main(["train", "n.nn", "book.xlsx", "--sheet", "Data"]) == 0
    next_line = capsys.readouterr().out.splitlines()[-1]
    assert next_line == "next: nndsl predict n.npz book.xlsx --sheet Data"
    assert main(["predict", "n.npz", "book.xlsx", "--sheet", "Data"]) == 0
    X, y = nndsl.read_table("book.xlsx", "n.nn", sheet="Data")
    assert (X.tolist(), [*y]) == ([[i, i] for i in range(4)], ["no"] * 4)
    with pytest.raises(ValueError, match=r"^sheet has no meaning for t\.csv; leave it"):
        nndsl.read_table("t.csv", "n.nn", sheet="Data")
    book("Notes")
    assert "--sheet" not in said(capsys, "train", "n.nn", "book.xlsx")


@pytest.mark.parametrize(
    ("option", "data"),
    [
        ("--separator=;", "t.xlsx"),
        ("--separator=;", "t.jsonl"),
        ("--encoding=latin-1", "t.parquet"),
        ("--sheet=Data", "t.csv"),
    ],
)
def test_an_option_that_a_file_has_no_use_for(
    folder: Path, capsys: Output, option: str, data: str
) -> None:
    assert said(capsys, "train", "n.nn", data, option, code=2) == (
        f"nndsl: {option.partition('=')[0]} has no meaning for {data}; leave it out\n"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("predict n.npz t.csv -o p.xlsx", "written there is CSV; write -o p.csv\n"),
        ("predict n.npz t.csv -o p.csv.gz", "written there is CSV; write -o p.csv\n"),
        ("train n.nn t.csv --report x.pdf", "is HTML; write --report x.html"),
        ("evaluate n.npz t.csv --report x", "is HTML; write --report x.html"),
        ("train n.nn t.csv -o n.pkl", "is NPZ; write -o n.npz"),
        ("train n.nn t.csv --seed x", "--seed: expected a whole number, found 'x'"),
        ("train n.nn", "arguments are required: DATA; see nndsl train --help"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_line(
    folder: Path, capsys: Output, words: str, message: str
) -> None:
    before = {*folder.iterdir()}
    try:
        code = main(words.split())
    except SystemExit as end:
        code = int(end.code or 0)
    error = capsys.readouterr().err
    assert code == 2 and error.startswith("nndsl: ") and error.count("\n") == 1
    assert message in error and {*folder.iterdir()} == before


def test_predict_says_what_it_wrote(folder: Path, capsys: Output) -> None:
    assert main(["train", "n.nn", "t.csv"]) == 0
    capsys.readouterr()
    for name in ("p.csv", "p.TSV", "p.txt", "p"):
        assert main(["predict", "n.npz", "t.csv", "-o", name]) == 0
        assert capsys.readouterr().out == f"wrote {name}\n"
        assert Path(name).read_text().count("\n") == 13


def test_a_file_of_the_module_cannot_be_resumed(folder: Path, capsys: Output) -> None:
    spec("a, b", "checkpoint every=1")
    module = nndsl.load("n.nn")
    x, y = np.arange(24).reshape(12, 2), ["no", "yes"] * 6
    module.N(checkpoint="py.npz").fit(x, y)
    words = ("train", "n.nn", "t.csv", "-o", "py.npz", "--resume")
    assert said(capsys, *words) == (
        "nndsl: py.npz: holds no spec: a module saved it, not `nndsl train`; --resume "
        "continues only what `nndsl train` saved\n"
    )


def test_truths_of_json_are_written_as_those_of_pandas(folder: Path) -> None:
    inputs = "a; input b: False | True"
    spec(inputs)
    rows = [(i, i % 3 == 0, ("no", "yes")[i % 2]) for i in range(12)]
    lines = [json.dumps({"a": a, "b": b}) for a, b, _ in rows]
    Path("new.jsonl").write_text("\n".join(lines))
    Path("t.csv").write_text(
        "a,b,kind\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows)
    )
    assert main(["train", "n.nn", "t.csv"]) == 0
    for data in ("t.csv", "new.jsonl"):
        assert main(["predict", "n.npz", data, "-o", f"{data}.txt"]) == 0
    assert Path("t.csv.txt").read_text() == Path("new.jsonl.txt").read_text()


def test_a_zip_file_is_to_be_unpacked(folder: Path, capsys: Output) -> None:
    with zipfile.ZipFile("t.csv.zip", "w") as archive:
        archive.write("t.csv")
    assert "is a zip file; unpack it" in said(capsys, "train", "n.nn", "t.csv.zip")


@pytest.mark.parametrize(
    ("cell", "labels", "question"),
    [
        ("A", ["N", "U", "Y"], ""),
        ("n", ["N", "U"], "is it 'N'?"),
        ("n", ["no", "yes"], "is it 'no'?"),
        ("GB", ["DE", "GE"], ""),
        ("ye", ["no", "yes"], "is it 'yes'?"),
        ("1", ["10", "11"], ""),
        ("1234", ["1235"], ""),
        ("virginca", ["virginica"], "is it 'virginica'?"),
        ("", ["N"], ""),
    ],
)
def test_which_label_was_meant(cell: str, labels: list[str], question: str) -> None:
    assert meant(cell, labels) == question


@pytest.mark.parametrize(
    ("setting", "meaning"),
    [
        ("epochs=3", "train.epochs=3"),
        ("train.epochs", "train.epochs=VALUE"),
        (
            "optimizer=adam(learning_rate=0.1)",
            "train.optimizer=adam(learning_rate=0.1)",
        ),
        ("foo=3", "train.epochs=5"),
    ],
)
def test_a_setting_outside_the_block_is_written_right(
    folder: Path, capsys: Output, setting: str, meaning: str
) -> None:
    assert main(["check", "n.nn", "--set", setting]) == 1
    assert f"= write it as `{meaning}`\n" in capsys.readouterr().out


def test_a_module_names_the_columns_that_a_file_lacks(folder: Path) -> None:
    module = nndsl.load("n.nn")
    Path("g.csv").write_text("a;b;kind\n1;2;no\n")
    with pytest.raises(ValueError, match=r"^g.csv lacks \['a', 'b', 'kind'\]; it has "
                       r"\['a;b;kind'\]$"):  # fmt: skip
        module.read_csv("g.csv")
    assert module.read_csv("t.csv")[1] == ["no", "yes"] * 6
    Path("g.csv").write_text("a,b,kind\n")
    with pytest.raises(ValueError, match=r"it has \[\]$"):
        module.read_csv("g.csv")


@pytest.mark.parametrize("missing", [None, float("nan"), ""])
def test_missing_targets_in_python_are_refused_with_a_hint(
    folder: Path, missing: object
) -> None:
    spec("a, b", "missing drop")
    model = nndsl.load("n.nn").N()
    X = [[1, 2]] * 3
    with pytest.raises(ValueError, match=r"^y, row 1: .* 'yes'\]; leave it out$"):
        model.fit(X, ["no", missing, "yes"])
    with pytest.raises(ValueError, match=r"is not one of \['no' 'yes'\]$"):
        model.fit(X, ["no", "maybe", "yes"])
