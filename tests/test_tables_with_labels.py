"""Files with columns of labels: what is read, what is refused, and the commands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nndsl
from nndsl.cli.main import main
from nndsl.compiler import understand
from nndsl.data.errors import DataError
from nndsl.data.frame import Frame
from nndsl.data.schema import schema_of
from nndsl.data.table import read_table
from nndsl.diagnostics.record import Source
from nndsl.lower.lower import lower
from nndsl.program.data import Data

SPEC = """network Titanic {
    input  age, fare    missing=median scale=standard
    input  pclass: 1 | 2 | 3
    input  sex: female | male
    input  port: S | C | other
    input  deck: any
    input  smoker: no | yes   missing=no
    dense  2 tanh
    dense  1 sigmoid
    target survived: 0 | 1
    loss   binary_crossentropy
    train { epochs 3 }
}
"""
ROWS = """survived,deck,pclass,age,fare,sex,port,smoker,name
1,A,1,22,7.25,female,S,no,x
0,B,3,,8.5,male,,NA,y
1,C,2,31.5,10,female,Q,yes,z
"""


def data() -> Data:
    return lower(understand(Source("titanic.nn", SPEC)).network).data


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "titanic.nn").write_text(SPEC)
    (tmp_path / "titanic.csv").write_text(ROWS)
    return tmp_path


def test_columns_are_read_as_numbers_and_as_text(files: Path) -> None:
    table = read_table("titanic.csv", schema_of(data()))
    x = table.x
    assert isinstance(x, Frame)
    assert x.columns == ("age", "fare", "pclass", "sex", "port", "deck", "smoker")
    np.testing.assert_array_equal(x["age"], [22, np.nan, 31.5])
    assert x["age"].dtype == x["fare"].dtype == np.float64
    assert x["pclass"].tolist() == ["1", "3", "2"]
    assert x["port"].tolist() == ["S", "", "Q"]
    assert x["smoker"].tolist() == ["no", "", "yes"]
    assert x[1:].columns == x.columns
    assert x[np.array([2, 0])]["deck"].tolist() == ["C", "A"]
    assert table.unused == ("name",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("male,,NA", "mle,,NA", "line 3, column sex: expected one of female | male, "
         "found 'mle'; is it 'male'?"),
        ("male,,NA", ",,NA", "line 3, column sex: expected one of female | male, "
         "found ''; `missing=LABEL`"),
        ("B,3,", "B,3.0,", "line 3, column pclass: expected one of 1 | 2 | 3, "
         "found '3.0'; write 3"),
        ("B,3,", "B,03,", "expected one of 1 | 2 | 3, found '03'; write 3"),
        ("B,3,", ",3,", "line 3, column deck: expected a label"),
        ("8.5", "", "none"),
        ("8.5", "much", "line 3, column fare: expected a number, found 'much'"),
    ],
)  # fmt: skip
def test_cells_that_are_refused(files: Path, old: str, new: str, message: str) -> None:
    (files / "titanic.csv").write_text(ROWS.replace(old, new))
    if message == "none":
        assert np.isnan(read_table("titanic.csv", schema_of(data())).x["fare"][1])
        return
    with pytest.raises(DataError) as caught:
        read_table("titanic.csv", schema_of(data()))
    assert message in str(caught.value)


def test_a_model_is_trained_and_asked_by_commands(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words: str) -> str:
        assert main(list(words)) == 0
        return capsys.readouterr().out

    run("train", "titanic.nn", "titanic.csv")
    assert len(run("predict", "titanic.npz", "titanic.csv").splitlines()) == 4
    run("evaluate", "titanic.npz", "titanic.csv")
    (files / "new.csv").write_text(ROWS.replace("1,C,2", "1,Cc,2"))
    assert main(["predict", "titanic.npz", "new.csv"]) != 0
    said = capsys.readouterr().err
    assert "line 4, column deck: expected one of A | B | C, found 'Cc'" in said
    shown = run("show", "titanic.npz")
    assert "  deck         3  any missing=error\n" in shown
    assert "  port         3  S | C | other missing=other\n" in shown
    assert "  deck         ?  any missing=error\n" in run("show", "titanic.nn")
    written = run("show", "--defaults", "titanic.npz")
    (files / "again.nn").write_text(written)
    assert run("show", "--defaults", "again.nn") == written
    X, y = nndsl.read_table("titanic.csv", "titanic.nn")
    model = nndsl.load("titanic.nn").Titanic.load("titanic.npz")
    assert model.predict(X).shape == y.shape == (3,)
