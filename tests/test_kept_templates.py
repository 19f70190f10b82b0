"""What the command line keeps of the templates, so that Jinja reads each only once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SPEC = PROJECT / "specs" / "iris.nn"
PROGRAM = """
import sys
from nndsl.cli.main import main
code = main(["compile", sys.argv[1], "--stdout"])
watched = ("inspect", "typing", "lark", "jinja2", "numpy")
print(*(name for name in watched if name in sys.modules))
sys.exit(code)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the compiler that has kept nothing yet."""
    for name in ("nndsl", "grammar", "templates"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=ignored)
    return tmp_path


def compiled(project: Path, *flags: str) -> tuple[str, str]:
    """The module of `SPEC`, and which packages were imported to compile it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, *flags, "-c", PROGRAM, str(SPEC)],
        cwd=project,
        env={**environment, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    text, _, imported = done.stdout.removesuffix("\n").rpartition("\n")
    return text, imported


def kept(project: Path) -> Path:
    return project / "templates" / "__pycache__" / "layouts.json"


def test_jinja_is_imported_once(project: Path) -> None:
    first, imported = compiled(project)
    assert imported == "inspect typing jinja2"
    assert [path.name for path in kept(project).parent.iterdir()] == ["layouts.json"]
    assert compiled(project) == (first, "")


def test_an_edited_template_is_read_again(project: Path) -> None:
    before, _ = compiled(project)
    template = project / "templates" / "heading.py.jinja"
    template.write_text(template.read_text() + "# edited\n")
    after, imported = compiled(project)
    assert imported.endswith("jinja2")
    assert "# edited" in after and "# edited" not in before
    assert compiled(project) == (after, "")


def test_another_reader_reads_all_templates_again(project: Path) -> None:
    compiled(project)
    reader = project / "nndsl" / "render" / "environment.py"
    reader.write_text(reader.read_text() + "\n")
    assert "jinja2" in compiled(project)[1]


@pytest.mark.parametrize("damage", ["", "[", "{}", "[]", "3", "[[], {}]"])
def test_a_damaged_file_is_replaced(project: Path, damage: str) -> None:
    before, _ = compiled(project)
    kept(project).write_text(damage)
    assert compiled(project) == (before, "inspect typing jinja2")
    assert compiled(project) == (before, "")


def test_nothing_is_kept_where_python_keeps_nothing(project: Path) -> None:
    before, _ = compiled(project, "-B")
    assert not kept(project).parent.exists()
    kept(project).parent.write_text("no folder can be made here")
    assert compiled(project) == (before, "inspect typing jinja2")
