"""Every block of the documentation does what it shows.

A Markdown file's blocks run in their order, in a folder that holds a copy of `specs/`:

- `console`: lines that begin with `$ ` are run by bash; what follows is what they
  print, standard error included.  `...` stands for lines that are left out.  Set-up
  commands (pip, venv, pytest) are not run here: `.ci/run` runs them as they stand;
  nor are benchmarks, which take minutes.
- `python`: run in one namespace for each file.  A `text` block right behind it is what
  it prints.  `forward` and `backward` are excerpts of the module of `iris.nn`.
- `nn`: a spec that compiles without a warning; a `text` block right behind it is what
  is wrong with it instead.
- `text`: anything else that is read and not run.

Figures of a training run differ with NumPy and the machine: numbers with a point, and
all that `train`, `evaluate` and `predict` print, are compared without their digits.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import nndsl
from nndsl.compiler import understand
from nndsl.diagnostics.record import Source, SpecError
from nndsl.diagnostics.render import render_text
from nndsl.reference import TABLES, filled

PROJECT = Path(__file__).resolve().parent.parent
PAGES = [
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    PROJECT / "CHANGELOG.md",
    PROJECT / "SECURITY.md",
    *sorted((PROJECT / "docs").glob("*.md")),
]
IDS = [str(page.relative_to(PROJECT)) for page in PAGES]
LANGUAGES = ("console", "python", "nn", "text")
BLOCK = re.compile(
    r"^```(?P<language>\w*)\n(?P<text>.*?)^```\n(?P<behind>\n*```text\n)?",
    re.MULTILINE | re.DOTALL,
)
SET_UP = re.compile(r"pip install|-m venv|activate|-m pytest|\.ci/run|benchmarks/")
LEARNED = re.compile(r"\b(train|evaluate|predict)\b")
LEFT_OUT = "..."
EXCERPTS = ("def forward(p: Arrays", "def backward(p: Arrays")


@dataclass(frozen=True)
class Block:
    """`shown`: the text block right behind it; None where there is none."""

    language: str
    text: str
    line: int
    shown: str | None


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    place = 0
    while match := BLOCK.search(text, place):
        place, shown = match.end(), None
        if match["behind"] and match["language"] in ("python", "nn"):
            end = text.index("\n```", place - 1) + 1
            shown, place = text[place:end], end + len("```\n")
        elif match["behind"]:
            place = match.start("behind")
        line = text.count("\n", 0, match.start()) + 1
        yield Block(match["language"], match["text"], line, shown)


def folded(text: str, learned: bool) -> list[str]:
    """Lines to compare: measured figures without digits, rows of a table once."""
    figure = r"[-+]?\d[\d.,]*(e[-+]?\d+)?" if learned else r"[-+]?\d+\.\d+(e[-+]?\d+)?"
    lines: list[str] = []
    for line in text.strip("\n").splitlines():
        plain = re.sub(r"[ ]+", " ", re.sub(figure, "#", line)).strip()
        if plain not in lines or plain == LEFT_OUT or not learned:
            lines.append(plain)
    return lines


def assert_shown(shown: str, printed: str, learned: bool, where: str) -> None:
    """Whether `printed` is what is shown, `...` standing for any lines."""
    wanted = [re.escape(line) + "\n" for line in folded(shown, learned)]
    pattern = "".join(wanted).replace(re.escape(LEFT_OUT) + "\n", r"(?:.*\n)*?")
    found = "".join(f"{line}\n" for line in folded(printed, learned))
    assert re.fullmatch(pattern, found), f"{where} prints\n\n{printed}"


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, and what is shown under it."""
    _, *parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
    for part in parts:
        first, _, shown = part.partition("\n")
        while first.endswith("\\"):
            more, _, shown = shown.partition("\n")
            first = f"{first[:-1]}{more}"
        yield first, shown


def without_set_up(command: str) -> str:
    parts = [each for each in command.split(" && ") if not SET_UP.search(each)]
    return " && ".join(parts)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the specs; `nndsl` and `python` are those of this checkout."""
    shutil.copytree(PROJECT / "specs", tmp_path / "specs")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, words in (("nndsl", '-m nndsl "$@"'), ("python", '"$@"')):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words}\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_block_does_what_it_shows(page: Path, folder: Path) -> None:
    namespace: dict[str, object] = {}
    try:
        for block in blocks(page):
            where = f"{page.name}, line {block.line}"
            assert block.language in LANGUAGES, where
            match block.language:
                case "console":
                    run_console(block, where)
                case "python":
                    run_python(block, namespace, where)
                case "nn":
                    check_spec(block, where)
    finally:
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", "")).startswith(str(folder)):
                del sys.modules[name]


def run_console(block: Block, where: str) -> None:
    for command, shown in commands(block.text):
        wanted = without_set_up(command)
        if not wanted:
            continue
        done = subprocess.run(
            ["bash", "-c", wanted],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        if not shown.strip():
            assert done.returncode == 0, f"{where}, {wanted}\n{done.stdout}"
            continue
        learned = LEARNED.search(wanted) is not None
        assert_shown(shown, done.stdout, learned, f"{where}, {wanted},")


def run_python(block: Block, namespace: dict[str, object], where: str) -> None:
    if block.text.startswith(EXCERPTS):
        return
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block.text, where, "exec"), namespace)
    assert_shown(block.shown or "", printed.getvalue(), False, where)


def check_spec(block: Block, where: str) -> None:
    source = Source("model.nn", block.text)
    try:
        message = render_text(source, understand(source).warnings)
    except SpecError as error:
        message = str(error)
    assert message.strip() == (block.shown or "").strip(), where
    if block.shown is None:
        compile(nndsl.compile_text(block.text), where, "exec")


def test_the_readme_shows_the_spec_and_the_module_it_becomes() -> None:
    spec = (PROJECT / "specs" / "iris.nn").read_text(encoding="utf-8")
    module = nndsl.compile_text(spec, "iris.nn")
    shown = list(blocks(PROJECT / "README.md"))
    assert next(block.text for block in shown if block.language == "nn") == spec
    excerpts = [block.text for block in shown if block.text.startswith(EXCERPTS)]
    assert len(excerpts) == len(EXCERPTS)
    for excerpt in excerpts:
        assert f"\n\n{excerpt}\n\n" in module


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_tables_are_those_of_the_compiler(
    page: Path, request: pytest.FixtureRequest
) -> None:
    text = page.read_text(encoding="utf-8")
    if request.config.getoption("--update-golden"):
        page.write_text(filled(text), encoding="utf-8")
    else:
        assert text == filled(text), "run pytest tests/test_docs.py --update-golden"


def test_every_table_is_shown_once() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert sorted(re.findall(r"<!-- table: (\w+) -->", text)) == sorted(TABLES)
    assert text.count("<!-- end of table -->") == len(TABLES)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_to_files(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        target, _, anchor = link.partition("#")
        if "://" in link:
            continue
        file = page if not target else page.parent / target
        assert file.exists(), link
        assert not anchor or anchor in anchors(file), link


def anchors(page: Path) -> set[str]:
    """What the headings of a page are linked by."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles
    }


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_paths_in_the_text_exist(page: Path) -> None:
    """`nndsl/tables/layers.py` and the like, written in backticks."""
    text = re.sub(BLOCK, "", page.read_text(encoding="utf-8"))
    for path in re.findall(
        r"`((?:nndsl|tests|templates|grammar|specs|benchmarks|docs|\.ci)/[\w./-]*)`",
        text,
    ):
        assert (PROJECT / path).exists(), path
