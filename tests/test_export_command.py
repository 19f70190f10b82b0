"""`nndsl export` writes source text, and replaces only what it wrote itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nndsl.cli.main import main

PROJECT = Path(__file__).parent.parent
SPEC, TABLE = PROJECT / "specs" / "xor.nn", PROJECT / "specs" / "data" / "xor.csv"
Output = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> Path:
    """A folder with a trained model."""
    monkeypatch.chdir(tmp_path)
    assert main(["train", str(SPEC), str(TABLE), "--epochs", "2"]) == 0
    capsys.readouterr()
    return tmp_path


def refused(capsys: Output, words: list[str], code: int) -> str:
    assert main(["export", "xor.npz", *words]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


@pytest.mark.parametrize("name", ["answer.py", "answer.c"])
def test_what_it_wrote_is_replaced_and_nothing_else(
    folder: Path, name: str, capsys: Output
) -> None:
    path = folder / name
    assert main(["export", "xor.npz", "-o", name]) == 0
    assert capsys.readouterr().out == f"wrote {name}\n"
    text = path.read_text()
    assert main(["export", "xor.npz", "-o", name]) == 0
    assert path.read_text() == text
    capsys.readouterr()
    path.write_text(text.replace("0", "1", 1) + "\n")
    edited = path.read_text()
    assert "was edited by hand" in refused(capsys, ["-o", name], 1)
    assert path.read_text() == edited
    assert main(["export", "xor.npz", "-o", name, "--force"]) == 0
    assert path.read_text() == text
    path.write_text("mine")
    capsys.readouterr()
    assert "was not written by nndsl" in refused(capsys, ["-o", name], 1)
    assert path.read_text() == "mine"
    assert sorted(each.name for each in folder.iterdir()) == [name, "xor.npz"]


@pytest.mark.parametrize("name", ["answer.c", "a b.c"])
def test_the_head_of_a_c_file_says_how_to_compile_it(folder: Path, name: str) -> None:
    assert main(["export", "xor.npz", "-o", name]) == 0
    shown = name if name == "answer.c" else "'a b.c'"
    assert f"Compile it by `cc -O2 -c {shown}`, " in (folder / name).read_text()


def test_a_compiled_module_is_not_replaced(folder: Path, capsys: Output) -> None:
    assert main(["compile", str(SPEC), "-o", "xor.py"]) == 0
    capsys.readouterr()
    assert "stays as it is" in refused(capsys, ["-o", "xor.py"], 1)


def test_no_numpy_is_for_python(folder: Path, capsys: Output) -> None:
    message = refused(capsys, ["-o", "xor.c", "--no-numpy"], 2)
    assert message == "nndsl: --no-numpy is for files that end in .py\n"
    assert not (folder / "xor.c").exists()


@pytest.mark.parametrize("name", ["numpy.py", "struct.py", "my-net.py", "class.py"])
def test_a_module_that_could_not_be_imported_is_refused(
    folder: Path, name: str, capsys: Output
) -> None:
    assert "write -o" in refused(capsys, ["-o", name], 2)
    assert not (folder / name).exists()


def test_the_module_is_imported_and_answers(folder: Path) -> None:
    assert main(["export", "xor.npz", "-o", "answer.py", "--no-numpy"]) == 0
    code = "import answer; print(len(answer.predict([[0, 1], [1, 1]])))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "2\n"


def test_a_damaged_file_is_refused(folder: Path, capsys: Output) -> None:
    (folder / "xor.npz").write_bytes((folder / "xor.npz").read_bytes()[:300])
    message = refused(capsys, ["-o", "xor.c"], 1)
    assert message.startswith("nndsl: xor.npz")
    assert "Traceback" not in message
