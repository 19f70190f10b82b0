"""What `nndsl train` leaves behind when it is stopped, and what it says on the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nndsl.cli import fitting, train_command
from nndsl.cli.main import main
from nndsl.cli.progress import Progress
from nndsl.data.model_file import read_model_file

ROOT = Path(__file__).parent.parent
SPECS = ROOT / "specs"
XOR, TABLE = str(SPECS / "xor.nn"), str(SPECS / "data" / "xor.csv")
Output = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: Patch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def stopped_after(epochs: int, monkeypatch: Patch, *words: str) -> int:
    """The exit code of a training that is stopped by Ctrl-C in that epoch."""
    told = Progress.epoch

    def epoch(self: Progress, number: int, log: Any) -> None:
        told(self, number, log)
        if number == epochs:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "epoch", epoch)
        return main(["train", XOR, TABLE, *words])


def test_a_stopped_training_is_saved(
    folder: Path, monkeypatch: Patch, capsys: Output
) -> None:
    assert stopped_after(3, monkeypatch) == 130
    said = "nndsl: interrupted after 3 epochs; the best parameters so far are saved as"
    assert capsys.readouterr().err == f"{said} xor.npz\n"
    file = read_model_file("xor.npz")
    assert (file.epochs, file.finished) == (3, False)
    assert main(["show", "xor.npz"]) == 0
    assert "trained for 3 epochs, then interrupted" in capsys.readouterr().out
    assert main(["predict", "xor.npz", TABLE]) == 0


def test_a_stopped_training_never_replaces_more(
    folder: Path, monkeypatch: Patch, capsys: Output
) -> None:
    path = folder / "xor.npz"
    assert stopped_after(5, monkeypatch) == 130
    for epochs, kept in ((3, 5), (5, 5), (6, 6)):
        assert stopped_after(epochs, monkeypatch) == 130
        assert read_model_file("xor.npz").epochs == kept
    assert main(["train", XOR, TABLE, "--epochs", "2"]) == 0
    finished = path.read_bytes()
    capsys.readouterr()
    assert stopped_after(8, monkeypatch) == 130
    said = "nndsl: interrupted after 8 epochs; xor.npz holds more than that"
    assert capsys.readouterr().err == f"{said} and was left unchanged\n"
    assert path.read_bytes() == finished
    assert stopped_after(8, monkeypatch, "--force") == 130
    assert read_model_file("xor.npz").epochs == 8
    assert os.listdir() == ["xor.npz"]


def test_nothing_is_saved_before_the_first_epoch(
    folder: Path, monkeypatch: Patch, capsys: Output
) -> None:
    def interrupt(*_: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(train_command, "answer", interrupt)
    assert main(["train", XOR, TABLE]) == 130
    assert capsys.readouterr().err == "nndsl: interrupted\n"
    assert os.listdir() == []


def test_checkpoints_are_model_files(folder: Path, monkeypatch: Patch) -> None:
    seen = []
    told = Progress.epoch

    def epoch(self: Progress, number: int, log: Any) -> None:
        told(self, number, log)
        if number % 2 and Path("xor.npz").exists():
            file = read_model_file("xor.npz")
            seen.append((number, file.epochs, file.finished))

    monkeypatch.setattr(Progress, "epoch", epoch)
    words = ["train", XOR, TABLE, "--epochs", "9", "--set", "train.checkpoint=every=4"]
    assert main(words) == 0
    assert seen == [(5, 4, False), (7, 4, False), (9, 8, False)]
    assert read_model_file("xor.npz").finished
    seen.clear()
    assert main(words) == 0  # a finished file stays until the new one is finished
    assert [each[1:] for each in seen] == [(9, True)] * 5


NAMES = ["-x.npz", "my model's.npz", "a;b$HOME`.npz", "new\nline.npz", "größe.npz"]


@pytest.mark.one_in(2)
@pytest.mark.parametrize("name", NAMES)
def test_a_shell_understands_the_next_command(
    name: str, folder: Path, capsys: Output
) -> None:
    table = folder / f"table of {name}.csv"
    table.write_text(Path(TABLE).read_text())
    words = ["train", XOR, table.name if name[0] != "-" else str(table)]
    assert main([*words, "--epochs", "1", f"--output={name}"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    command = last.removeprefix("next: nndsl ")
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m nndsl {command}"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == len(table.read_text().splitlines())


@pytest.mark.parametrize(
    ("words", "threads"),
    [
        ([], 1),
        (["--set", "train.batch_size=16"], 1),
        (["--set", "train.batch_size=999"], 1),
    ],
)
def test_small_products_get_one_thread(
    words: list[str], threads: int, folder: Path, monkeypatch: Patch
) -> None:
    assert limits_of(words, monkeypatch) == [threads]


def test_large_products_get_all_threads(folder: Path, monkeypatch: Patch) -> None:
    Path("wide.nn").write_text(Path(XOR).read_text().replace("8 tanh", "8000 tanh"))
    monkeypatch.setattr(sys.modules[__name__], "XOR", "wide.nn")
    assert limits_of([], monkeypatch) == [None]


def limits_of(words: list[str], monkeypatch: Patch) -> list[int | None]:
    """What the training asked of threadpoolctl."""
    limits, limit = [], fitting.threadpool_limits

    def recording(threads: int | None, **options: Any) -> Any:
        limits.append(threads)
        return limit(threads, **options)

    monkeypatch.setattr(fitting, "threadpool_limits", recording)
    assert main(["train", XOR, TABLE, "--epochs", "1", *words]) == 0
    return limits


def test_a_terminal_gets_a_bar_and_a_file_does_not(folder: Path) -> None:
    pty, termios = map(pytest.importorskip, ("pty", "termios"))
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    words = [sys.executable, "-m", "nndsl", "train", XOR, TABLE, "--epochs", "20"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=theirs, env=environment)
    assert b"/20 [" in os.read(ours, 100_000)
    os.close(theirs)
    os.close(ours)
    plain = subprocess.run(words, capture_output=True, env=environment)
    assert plain.stderr == b""
    tables = [each.stdout.partition(b"kept")[0] for each in (done, plain)]
    assert tables[0] == tables[1]
    assert tables[0].count(b"\n") == 12


def test_predictions_replace_predictions_alone(folder: Path, capsys: Output) -> None:
    assert main(["train", XOR, TABLE, "--epochs", "2"]) == 0
    Path("other.csv").write_text("a,b\n1,2\n")
    Path("link.csv").symlink_to("told.csv")
    model = Path("xor.npz").read_bytes()
    words = ["predict", "xor.npz", TABLE, "-o"]
    for name in ("other.csv", "link.csv", "no/told.csv", "."):
        assert main([*words, name]) == 1
        error = capsys.readouterr().err
        assert error.startswith(f"nndsl: {name}: ") and error.count("\n") == 1
    assert Path("other.csv").read_text() == "a,b\n1,2\n"
    assert main([*words, "xor.npz"]) == 2
    assert Path("xor.npz").read_bytes() == model
    assert main([*words, "told.csv"]) == main([*words, "told.csv"]) == 0
    assert main([*words, "other.csv", "--force"]) == 0
    assert Path("other.csv").read_text() == Path("told.csv").read_text()


def test_what_a_model_refuses_is_said_in_lines_of_the_table(
    folder: Path, capsys: Output
) -> None:
    assert main(["train", XOR, TABLE, "--epochs", "2"]) == 0
    assert main(["train", XOR, TABLE, "--set", "train.missing=drop", "--force"]) == 0
    Path("holes.csv").write_text("a,b,differ\n1,0,1\n\n1,NA,0\n")
    capsys.readouterr()
    assert main(["predict", "xor.npz", "holes.csv"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("nndsl: holes.csv, line 4, column b: ")


def test_a_seed_and_epochs_go_into_the_file(folder: Path, capsys: Output) -> None:
    words = ["train", XOR, TABLE, "--epochs", "2", "--seed", "9"]
    assert main([*words, "-o", "a.npz"]) == main([*words, "-o", "b.npz"]) == 0
    assert Path("a.npz").read_bytes() == Path("b.npz").read_bytes()
    capsys.readouterr()
    assert main(["show", "--defaults", "a.npz"]) == 0
    text = capsys.readouterr().out
    assert {("seed", "9"), ("epochs", "2")} <= {
        (*line.split(),) for line in text.splitlines()
    }
    assert main(["show", "a.npz", "--set", "train.seed=1"]) == 2
    assert main(["train", XOR, TABLE, "--epochs", "0"]) == 1
    assert "epochs" in capsys.readouterr().err
