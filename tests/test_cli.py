"""The command `nndsl` as a process: words, exit codes, what it imports and writes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import nndsl
from nndsl.cli.arguments import COMMANDS
from nndsl.cli.main import main
from nndsl.cli.stages import STAGES

ROOT = Path(__file__).parent.parent
IRIS = ROOT / "specs" / "iris.nn"
IRIS_DATA = ROOT / "specs" / "data" / "iris.csv"
XOR = "network Xor { input 2; dense 4 tanh; dense 1 sigmoid; loss binary_crossentropy }"


def run(
    *words: object, cwd: Path, stdin: bytes = b"", program: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[bytes]:
    command = program or (sys.executable, "-m", "nndsl")
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    return subprocess.run(
        [*command, *map(str, words)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        check=False,
        timeout=120,
    )


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "xor.nn"
    path.write_text(XOR)
    return path


IMPORTS = """
import sys
from nndsl.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print("numpy" in sys.modules)
"""


@pytest.mark.parametrize(
    "words", [["--help"], ["check", "xor.nn"], ["compile", "xor.nn"]]
)
def test_the_compiler_does_not_wait_for_numpy(spec: Path, words: list[str]) -> None:
    program = (sys.executable, "-c", IMPORTS)
    done = run(*words, cwd=spec.parent, program=program)
    assert done.stdout.decode().splitlines()[-1] == "False"
    assert done.stderr == b""


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    text = capsys.readouterr().out
    assert "nndsl train iris.nn iris.csv" in text
    for words, shown in (
        ("--help", text),
        ("--version", f"nndsl {nndsl.__version__}\n"),
    ):
        with pytest.raises(SystemExit) as stop:
            main([words])
        assert stop.value.code == 0
        assert capsys.readouterr().out == shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_help(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: nndsl {command} ")
    assert f"\n{COMMANDS[command][0]}.\n" in text
    assert "--debug" in text
    without = ("explain", "new", "evaluate", "predict", "export", "import", "fmt")
    of_specs = command not in without
    assert ("--allow-large" in text) == ("--set" in text) == of_specs


@pytest.mark.parametrize(
    "words",
    [["learn"], ["check"], ["show"], ["-x"], ["--"], ["learn", "check", "a.nn"]],
)
def test_wrong_usage_is_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2


def test_check(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(spec)]) == 0
    assert capsys.readouterr().out == "1 spec checked, nothing found\n"


def test_mistakes_of_all_specs_are_printed(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = spec.with_name("one.nn"), spec.with_name("other.nn")
    one.write_text(XOR.replace("tanh", "tahn"))
    other.write_text(XOR.replace("loss", "los"))
    assert main(["check", str(one), str(spec), str(other), "missing.nn"]) == 1
    captured = capsys.readouterr()
    assert f"{one}:1:" in captured.out
    assert f"{other}:1:" in captured.out
    assert "nndsl: missing.nn: no such file or directory" in captured.err


@pytest.mark.parametrize("form", ["json", "github"])
def test_other_forms_of_findings(
    spec: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spec.write_text(XOR.replace("tanh", "tahn"))
    assert main(["check", "--format", form, str(spec)]) == 1
    text = capsys.readouterr().out
    if form == "json":
        assert json.loads(text)[0]["file"] == str(spec)
    else:
        assert text.startswith(f"::error file={spec},line=1,")


def test_check_in_json_of_a_spec_without_mistakes(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--format", "json", str(spec)]) == 0
    assert json.loads(capsys.readouterr().out) == []


def _unreadable(folder: Path, kind: str) -> Path:
    path = folder / "bad.nn"
    match kind:
        case "folder":
            path.mkdir()
        case "empty":
            path.write_bytes(b"")
        case "binary":
            path.write_bytes(bytes(range(256)))
        case "large":
            path.write_bytes(b"#" * (1 << 20) + b"\n")
    return path


@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "binary", "large"])
@pytest.mark.parametrize("command", ["check", "compile", "show"])
def test_a_spec_that_cannot_be_read(
    tmp_path: Path, kind: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _unreadable(tmp_path, kind)
    assert main([command, str(path)]) == 1
    captured = capsys.readouterr()
    assert str(path) in captured.out + captured.err
    assert "Traceback" not in captured.err


def test_compile_writes_a_module_beside_the_spec(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", str(spec)]) == 0
    module = spec.with_suffix(".py")
    assert capsys.readouterr().out == f"wrote {module}\n"
    assert module.read_text() == nndsl.compile_text(XOR, "xor.nn")
    assert sorted(os.listdir(spec.parent)) == ["xor.nn", "xor.py"]
    assert main(["compile", str(spec)]) == 0


def test_compile_is_the_same_for_every_path_and_hash_seed(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", str(spec), "--stdout"]) == 0
    text = capsys.readouterr().out
    program = (sys.executable, "-X", "utf8", "-m", "nndsl")
    done = run("compile", "xor.nn", "--stdout", cwd=spec.parent, program=program)
    assert done.stdout.decode() == text


def test_compile_from_standard_input(tmp_path: Path) -> None:
    done = run("compile", "-", cwd=tmp_path, stdin=XOR.encode())
    assert done.returncode == 0
    assert b"class Xor" in done.stdout
    done = run("compile", "-", "-o", "made.py", cwd=tmp_path, stdin=XOR.encode())
    assert done.returncode == 0
    assert "class Xor" in (tmp_path / "made.py").read_text()


def test_one_bad_spec_keeps_all_modules_from_being_written(spec: Path) -> None:
    bad = spec.with_name("bad.nn")
    bad.write_text("network {")
    assert main(["compile", str(spec), str(bad)]) == 1
    assert not spec.with_suffix(".py").exists()


def test_several_specs_into_a_folder(spec: Path) -> None:
    folder = spec.parent / "made"
    folder.mkdir()
    assert main(["compile", str(spec), str(IRIS), "-o", str(folder)]) == 0
    assert sorted(os.listdir(folder)) == ["iris.py", "xor.py"]
    assert main(["compile", str(spec), str(spec), "-o", str(folder)]) == 2
    assert main(["compile", str(spec), str(IRIS), "-o", str(folder / "a.py")]) == 2


@pytest.mark.parametrize("stage", STAGES)
def test_stages(spec: Path, stage: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", str(spec), "--show", stage]) == 0
    words = {"inplace": "'a1': 'z1'"}
    assert words.get(stage, "tanh") in capsys.readouterr().out
    assert not spec.with_suffix(".py").exists()


def test_settings_change_the_module(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", str(spec), "--stdout", "--set", "train.epochs=7"]) == 0
    assert "epochs: int = 7" in capsys.readouterr().out
    assert main(["compile", str(spec), "--stdout", "--set", "train.epoch=7"]) == 1
    assert "epochs" in capsys.readouterr().err


def test_defaults_are_a_spec_that_means_the_same(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "--defaults", str(spec)]) == 0
    text = capsys.readouterr().out
    assert "batch_size" in text
    spec.write_text(text)
    assert main(["show", "--defaults", str(spec)]) == 0
    assert capsys.readouterr().out == text


def test_a_bug_is_70_and_asks_for_a_report(
    spec: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(options: object) -> int:
        raise KeyError("lost")

    monkeypatch.setattr("nndsl.cli.check_command.run", fail)
    assert main(["check", str(spec)]) == 70
    captured = capsys.readouterr()
    assert "a bug in nndsl" in captured.err
    assert "Please report it" in captured.err
    with pytest.raises(KeyError):
        main(["check", str(spec), "--debug"])


def test_a_pipe_that_closes_early(spec: Path) -> None:
    done = run(
        "-c",
        f"{sys.executable} -m nndsl compile {IRIS} --stdout | true",
        cwd=spec.parent,
        program=("/bin/sh",),
    )
    assert done.stderr == b""


def test_show_lists_the_layers(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(spec)]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == ["Xor"]
    assert ["dense", "4", "tanh", "(n,", "4)", "2·4", "+", "4"] in [r[:8] for r in rows]
    assert ["in", "all", "17", "12", "68"] in rows
    words = ["show", str(spec), "--defaults", "--set", "train.epochs=7"]
    assert main(words) == 0
    assert re.search("epochs +7", capsys.readouterr().out)


ADVICE = [
    (["train", "a.csv", "xor.nn"], 2, "nndsl train xor.nn a.csv"),
    (["train", "net.npz", "a.csv"], 2, "net.npz: is a model file, not a .nn file"),
    (["predict", "xor.nn", "a.csv"], 2, "write nndsl train xor.nn a.csv"),
    (["show", "no.npz"], 1, "no.npz: no such file or directory"),
    (["predict", "x.npz", "a.csv", "--epochs", "3"], 2, "see nndsl predict --help"),
    (["compile", "net.npz"], 1, "show --defaults net.npz"),
    (["check", "no.npz"], 1, "no.npz: no such file or directory"),
    (["evaluate", "a.csv", "xor.npz"], 2, "nndsl evaluate xor.npz a.csv"),
    (["predict", "no.npz", "a.csv"], 1, "no.npz: no such file or directory"),
    (["train", "xor.nn", "no.csv"], 1, "no.csv: no such file or directory"),
    (["check", "a.csv"], 1, "is a table, not a .nn file"),
    (["train", "xor.nn", "a.csv", "-o", "no/xor.npz"], 1, "there is no folder no"),
    (["compile", "xor.nn", "-o", "no/xor.py"], 1, "there is no folder no"),
    (["train", "xor.nn", "a.csv", "--lr", "3"], 2, "adam(learning_rate=3)'"),
    (["train", "xor.nn", "a.csv", "--batch-size=3"], 2, "--set train.batch_size=3"),
    (["check", "xor.nn", "--what"], 2, "see nndsl check --help"),
]


@pytest.mark.parametrize(("words", "code", "said"), ADVICE)
def test_a_slip_of_the_command_line_gets_a_line_that_says_what_to_do(
    words: list[str],
    code: int,
    said: str,
    spec: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(spec.parent)
    Path("a.csv").write_text("p,q,r\n1,2,0\n")
    Path("net.npz").write_bytes(b"PK\x03\x04")
    assert main(words) == code
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert sorted(os.listdir()) == ["a.csv", "net.npz", "xor.nn"]
