"""`nndsl step`: its words, where a page goes, and what no page is made of."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from test_step import Page

from nndsl.cli import step_command
from nndsl.cli.main import main

SPECS = Path(__file__).parent.parent / "specs"


DEEP = f"network A {{ input 2; {'dense 2 relu; ' * 201} dense 1; loss huber }}"
XOR = str(SPECS / "xor.nn")
TABLE = str(SPECS / "data" / "xor.csv")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([XOR, "-o", "notes.html"], 1, "notes.html: is not an nndsl step page"),
        ([XOR, "-o", "-"], 2, "-o '-' names no file"),
        ([XOR, "-o", "none/a.html"], 1, "there is no folder none"),
        ([XOR, "-o", "link.html"], 1, "is a link; nndsl writes through none"),
        ([XOR, "--rows", "1"], 2, "--rows is from 2 to 16"),
        ([XOR, "--steps", "0"], 2, "--steps is from 1 to 100"),
        ([TABLE, XOR], 2, "the spec stands before the table"),
        (["-", "-"], 2, "only one of spec and table can be standard input"),
        ([XOR, "bad.csv"], 1, "bad.csv, line 2, column a: expected a number"),
        ([XOR, "narrow.csv"], 1, "narrow.csv"),
        ([XOR, "none.csv"], 1, "none.csv: no such file"),
        (["broken.nn"], 1, "broken.nn:1:"),
        (["deep.nn"], 1, "deep.nn: has 202 layers; a page walks through 200 at most"),
    ],
)
def test_what_no_page_is_made_of(
    words: list[str],
    code: int,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "notes.html": "<!doctype html><p>mine",
        "bad.csv": "a,b,y\nx,1,0\n",
        "narrow.csv": "a,y\n1,0\n",
        "broken.nn": "network A {",
        "deep.nn": DEEP,
    }
    for name, text in files.items():
        Path(name).write_text(text, encoding="utf-8")
    Path("link.html").symlink_to("notes.html")
    assert main(["step", *words]) == code
    assert message in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {*files, "link.html"}
    assert Path("notes.html").read_text(encoding="utf-8") == files["notes.html"]


def test_where_a_page_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["--steps", "1", "--set", "train.seed=3"]
    assert main(["step", XOR, TABLE, *words]) == 0
    assert capsys.readouterr().out == "wrote xor.step.html\n"
    first = Path("xor.step.html").read_text(encoding="utf-8")
    assert main(["step", XOR, TABLE, *words]) == 0
    assert Path("xor.step.html").read_text(encoding="utf-8") == first
    Path("mine.html").write_text("mine", encoding="utf-8")
    assert main(["step", XOR, "-o", "mine.html", *words, "--force"]) == 0
    assert Page(Path("mine.html")).data["steps"]
    assert (
        "8 rows of xor.csv: the first that training takes"
        in Page(Path("xor.step.html")).text
    )


def test_an_interrupt_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tracing = sys.gettrace()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nndsl.step.arrays.Arrays.add", interrupted)
    assert main(["step", XOR, TABLE]) == 130
    assert list(tmp_path.iterdir()) == []
    assert sys.gettrace() is tracing
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(step_command, "write_all", interrupted)
    assert main(["step", XOR, TABLE]) == 130
    assert list(tmp_path.iterdir()) == []
