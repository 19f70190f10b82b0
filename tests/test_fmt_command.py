"""`nndsl fmt` on files: what it writes, says and leaves alone."""

from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path

import pytest

from nndsl.cli import fmt_command
from nndsl.cli.main import main
from nndsl.cli.spec_files import replace_spec
from nndsl.diagnostics.record import Source
from nndsl.fmt import format as format_module

UNTIDY = "network A{input 2 # two\n}"
TIDY = "network A {\n    input  2    # two\n}\n"
Output = pytest.CaptureFixture[str]


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("a.nn")
    path.write_text(UNTIDY)
    return path


def test_files_are_written_in_place(spec: Path, capsys: Output) -> None:
    Path("b.nn").write_text(TIDY)
    assert main(["fmt", "a.nn", "b.nn"]) == 0
    assert capsys.readouterr() == ("formatted a.nn\n", "")
    assert spec.read_text() == Path("b.nn").read_text() == TIDY
    assert main(["fmt", "a.nn", "b.nn"]) == 0
    assert capsys.readouterr() == ("2 specs, nothing to format\n", "")
    assert sorted(os.listdir()) == ["a.nn", "b.nn"]


def test_a_formatted_file_is_not_written_again(spec: Path) -> None:
    spec.write_text(TIDY)
    before = spec.stat()
    assert main(["fmt", "a.nn"]) == 0
    after = spec.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_check_names_what_would_change(spec: Path, capsys: Output) -> None:
    Path("b.nn").write_text(TIDY)
    assert main(["fmt", "--check", "b.nn", "a.nn"]) == 1
    assert capsys.readouterr() == ("would format a.nn\n", "")
    assert spec.read_text() == UNTIDY
    assert main(["fmt", "--check", "b.nn"]) == 0
    assert capsys.readouterr() == ("1 spec, nothing to format\n", "")


def test_diff_prints_what_would_change(spec: Path, capfdbinary: Output) -> None:
    assert main(["fmt", "--diff", "a.nn"]) == 1
    assert capfdbinary.readouterr().out.decode() == (
        """\
--- a.nn
+++ a.nn
@@ -1,2 +1,3 @@
-network A{input 2 # two
-}
\\ No newline at end of file
+network A {
+    input  2    # two
+}
"""
    )
    assert spec.read_text() == UNTIDY
    spec.write_text(TIDY)
    assert main(["fmt", "--diff", "--check", "a.nn"]) == 0
    assert capfdbinary.readouterr().out == b""


@pytest.mark.parametrize(
    ("options", "code", "printed"),
    [([], 0, TIDY), (["--check"], 1, "would format <stdin>\n")],
)
def test_standard_input_is_printed(
    options: list[str],
    code: int,
    printed: str,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: Output,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(UNTIDY.encode())))
    assert main(["fmt", "-", *options]) == code
    assert capfdbinary.readouterr().out.decode() == printed


def test_folders_are_searched(spec: Path, capsys: Output) -> None:
    for name in ("x/b.nn", "x/y/c.nn", "x/.git/d.nn", ".venv/e.nn", "x/other.txt"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(UNTIDY)
    Path("elsewhere.nn").write_text(UNTIDY)
    Path("x/link.nn").symlink_to("../elsewhere.nn")
    Path("x/loop").symlink_to(".", target_is_directory=True)
    assert main(["fmt", "--check", "x", "a.nn", "x/b.nn"]) == 1
    names = "x/b.nn", "x/y/c.nn", "a.nn"
    assert capsys.readouterr().out == "".join(f"would format {n}\n" for n in names)


def test_a_folder_without_specs_is_a_mistake(tmp_path: Path, capsys: Output) -> None:
    assert main(["fmt", str(tmp_path)]) == 1
    assert "there is no .nn file in this folder" in capsys.readouterr().err


def test_a_spec_with_a_mistake_stays_and_others_do_not(
    spec: Path, capsys: Output
) -> None:
    Path("bad.nn").write_text("network A {\ninput 'a'\n}")
    assert main(["fmt", "bad.nn", "a.nn", "missing.nn"]) == 1
    out, err = capsys.readouterr()
    assert out == "formatted a.nn\n"
    assert "bad.nn:2:7: error[E008]: wrong quotes" in err
    assert "missing.nn: no such file" in err
    assert Path("bad.nn").read_text() == "network A {\ninput 'a'\n}"


def test_line_ends_and_the_byte_order_mark_stay(spec: Path) -> None:
    mark = b"\xef\xbb\xbf"
    spec.write_bytes(mark + UNTIDY.replace("\n", "\r\n").encode())
    assert main(["fmt", "a.nn"]) == 0
    assert spec.read_bytes() == mark + TIDY.replace("\n", "\r\n").encode()


def test_mixed_line_ends_become_the_first(spec: Path) -> None:
    spec.write_bytes(b"network A {\r\ninput  2    # two\n}\n")
    assert main(["fmt", "a.nn"]) == 0
    assert spec.read_bytes() == TIDY.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_permissions_stay(spec: Path, mode: int) -> None:
    spec.chmod(mode)
    before = os.umask(0o077)
    try:
        assert main(["fmt", "a.nn"]) == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(spec.stat().st_mode) == mode
    assert spec.read_text() == TIDY


def test_a_link_is_not_followed(spec: Path, capsys: Output) -> None:
    Path("link.nn").symlink_to("a.nn")
    assert main(["fmt", "link.nn"]) == 1
    assert "link.nn: is a link" in capsys.readouterr().err
    assert spec.read_text() == UNTIDY
    assert main(["fmt", "--check", "link.nn"]) == 1
    assert "would format link.nn" in capsys.readouterr().out


def test_a_read_only_file_stays(
    spec: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    assert main(["fmt", "a.nn"]) == 1
    assert "a.nn: is read-only" in capsys.readouterr().err
    assert spec.read_text() == UNTIDY


def test_a_file_that_was_changed_meanwhile_stays(
    spec: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    def edit_first(source: Source, text: str) -> None:
        spec.write_text("network B {}")
        replace_spec(source, text)

    monkeypatch.setattr(fmt_command, "replace_spec", edit_first)
    assert main(["fmt", "a.nn"]) == 1
    assert "a.nn: was changed while nndsl read it" in capsys.readouterr().err
    assert spec.read_text() == "network B {}"


def test_a_bug_writes_nothing(
    spec: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setattr(format_module, "rows_of", lambda tree, words: [])
    assert main(["fmt", "a.nn"]) == 70
    assert "formatting a.nn would change what it says" in capsys.readouterr().err
    assert spec.read_text() == UNTIDY
