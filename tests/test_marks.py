"""Points and commas that may begin a fraction or group thousands."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from test_tables import made

from nndsl.data.dialect import Dialect
from nndsl.data.errors import DataError
from nndsl.data.marks import advice_on_marks, marks_in
from nndsl.data.schema import schema_of
from nndsl.data.table import read_table
from nndsl.new.new import new_spec

DATA = made("input a, b; dense 1; target c; loss log_cosh")
UNCLEAR = "it is not clear what the {} in '{}' means; write --decimal {} if it begins"


def first_column(folder: Path, cells: list[str], **written: str) -> list[float]:
    path = folder / "t.csv"
    rows = "".join(f"{cell};2;{i}\n" for i, cell in enumerate(cells))
    path.write_text(f"a;b;c\n{rows}")
    found = read_table(str(path), schema_of(DATA), Dialect(**written))
    return list(found.x[:, 0])  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["1.461", "412", "950"], UNCLEAR.format("point", "1.461", ".")),
        (["412", "-12.500"], UNCLEAR.format("point", "-12.500", ".")),
        (["1,461", "412"], UNCLEAR.format("comma", "1,461", "','")),
        (
            ["1,461", "0.5"],
            "what the comma in '1,461' beside '0.5' means; write --decimal",
        ),
        (["1.234.567"], "'1.234.567'; take the thousands marks out of the file"),
        (["1,234,567"], "'1,234,567'; take the thousands marks out of the file"),
        (["1.234,5"], "out of the file and say --decimal ','"),
        (["1,234.5"], "'1,234.5'; take the thousands marks out of the file"),
        (["12 345,5"], "take the thousands marks out of the file and say --decimal"),
        (["1'000.5"], "take the thousands marks out of the file"),
    ],
)
def test_what_may_be_thousands_is_asked(
    tmp_path: Path, cells: list[str], words: str
) -> None:
    with pytest.raises(DataError) as caught:
        first_column(tmp_path, cells)
    assert words in str(caught.value)
    with pytest.raises(DataError) as caught:
        first_column(tmp_path, cells)
        new_spec(str(tmp_path / "t.csv"), None)


@pytest.mark.parametrize(
    ("cells", "written"),
    [
        (["1.461", "0.5"], {}),
        (["1.461", "0.461"], {}),
        (["1.461", "12.25"], {}),
        (["1,461", "0,5"], {}),
        (["1461", "412"], {}),
        (["1.461", "412"], {"decimal": "."}),
        (["1,461", "412"], {"decimal": ","}),
    ],
)
def test_where_one_cell_settles_it_nothing_is_asked(
    tmp_path: Path, cells: list[str], written: dict[str, str]
) -> None:
    found = first_column(tmp_path, cells, **written)
    decimal = "," if "," in "".join(cells) else "."
    judge = pd.read_csv(tmp_path / "t.csv", sep=";", decimal=decimal)
    assert found == judge["a"].tolist()


def test_between_commas_and_in_labels_points_are_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,c\n1.461,2,3\n412,3,4\n")
    assert read_table(str(path), schema_of(DATA)).x.tolist() == [[1.461, 2], [412, 3]]
    labelled = made('input a; input b: "1.461" | x; dense 1; target c; loss log_cosh')
    path.write_text("a;b;c\n5;1.461;3\n412;x;4\n")
    table = read_table(str(path), schema_of(labelled))
    assert list(table.x["b"]) == ["1.461", "x"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("cell", "decimal", "advice"),
    [
        ("1.461", ",", "take the point out of the file if it groups thousands, or say "
         "--decimal . if it begins a fraction"),
        ("1,461", ".", "take the comma out of the file if it groups thousands, or say "
         "--decimal ',' if it begins a fraction"),
        ("1,5", ".", "write a decimal point, not a comma, or say --decimal ','"),
        ("1.5", ",", "write a decimal comma, not a point, or say --decimal ."),
        ("1.500", ".", ""),
        ("-3", ".", ""),
        ("x", ".", ""),
        ("1.2.3", ".", ""),
        ("12.05.2024", ".", ""),
        ("1.234,567,8", ".", ""),
    ],
)  # fmt: skip
def test_what_to_do_about_a_cell(cell: str, decimal: str, advice: str) -> None:
    assert advice_on_marks(cell, decimal) == advice


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, "a sign") for text in ("12%", "$1,000", "€ 3.50", "-4 %", "3,5€")),
        *((text, "thousands marks") for text in ("1,000", "1.234,5", "12 000")),
        *((text, "") for text in ("12", "1.5", "x%", "%", "A12", "5 kg", "")),
    ],
)  # fmt: skip
def test_numbers_with_signs(text: str, kind: str) -> None:
    assert marks_in(text) == kind
