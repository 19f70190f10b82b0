"""Every block of the documentation does what it shows.

A Markdown file's blocks run in their order, in a folder that holds a copy of `specs/`:

- `console`: lines that begin with `$ ` are run by bash; what follows is what they
  print, standard error included.  `...` stands for lines that are left out.  Set-up
  commands (pip, venv, pytest) are not run here: `.ci/run` runs them as they stand;
  nor are benchmarks, which take minutes.  `cc` is left out where there is none.
- `python`: run in one namespace for each file.  A `text` block right behind it is what
  it prints.
- `nn`: a spec that compiles without a warning; a `text` block right behind it is what
  is wrong with it instead.
- `text`: anything else that is read and not run.

Above a block, `<!-- from: FILE -->` says that it is a copy of the file, and
`<!-- from: SPEC, STYLE -->` that it is an excerpt of the spec's module.  What has
`<!-- saved as: FILE -->` above it is written to the file.

A page with `<!-- needs: LIBRARY -->` is passed over where that is not installed.

Figures of a training run differ with NumPy and the machine: numbers with a point, and
all that is printed of tables and model files, are compared without their digits.
`--update-golden` writes anew what is shown, but where lines are left out.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import nndsl
from nndsl.compiler import understand
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.layout import render_text
from nndsl.diagnostics.record import Source

PROJECT = Path(__file__).resolve().parent.parent
REFERENCE = runpy.run_path(str(PROJECT / "docs" / "reference.py"))
TABLES, filled = REFERENCE["TABLES"], REFERENCE["filled"]
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
    r"^(?:<!-- from: (?P<origin>[^\n]*) -->\n)?"
    r"(?:<!-- saved as: (?P<file>[\w.]+) -->\n)?"
    r"```(?P<language>\w*)\n(?P<text>.*?)^```\n(?P<behind>\n*```text\n)?",
    re.MULTILINE | re.DOTALL,
)
NEEDS = re.compile(r"^<!-- needs: (\w+) -->$", re.MULTILINE)
SET_UP = re.compile(r"pip install|-m venv|activate|-m pytest|\.ci/run|benchmarks/")
LEARNED = re.compile(r"\.csv|\.npz")
LEFT_OUT = "..."


@dataclass(frozen=True)
class Block:
    """`shown`: the text block right behind it; None where there is none.

    `origin`: what it is a copy or an excerpt of.  `file`: what it is saved as.
    """

    language: str
    text: str
    line: int
    shown: str | None
    origin: str | None
    file: str | None


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
        origin, file = match["origin"], match["file"]
        yield Block(match["language"], match["text"], line, shown, origin, file)


def folded(text: str, learned: bool) -> list[str]:
    """Lines to compare: measured figures without digits, rows of a table once."""
    figure = r"[-+]?\d[\d.,]*(e[-+]?\d+)?" if learned else r"[-+]?\d+\.\d+(e[-+]?\d+)?"
    lines: list[str] = []
    for line in text.strip("\n").splitlines():
        plain = re.sub(r"[ ]+", " ", re.sub(figure, "#", line)).strip()
        if plain not in lines or plain == LEFT_OUT or not learned:
            lines.append(plain)
    return lines


def is_shown(shown: str, printed: str, learned: bool) -> bool:
    """Whether `printed` is what is shown, `...` standing for any lines."""
    wanted = [re.escape(line) + "\n" for line in folded(shown, learned)]
    pattern = "".join(wanted).replace(re.escape(LEFT_OUT) + "\n", r"(?:.*\n)*?")
    found = "".join(f"{line}\n" for line in folded(printed, learned))
    return re.fullmatch(pattern, found) is not None


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, and what is shown under it."""
    _, *parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
    for part in parts:
        command, _, shown = part.partition("\n")
        yield command, shown


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
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_block_does_what_it_shows(
    page: Path, folder: Path, request: pytest.FixtureRequest
) -> None:
    for library in NEEDS.findall(page.read_text(encoding="utf-8")):
        pytest.importorskip(library)
    namespace: dict[str, object] = {}
    stale: list[tuple[str, str]] = []
    try:
        for block in blocks(page):
            where = f"{page.name}, line {block.line}"
            assert block.language in LANGUAGES, where
            if block.file:
                Path(block.file).write_text(block.text, encoding="utf-8")
            match block.language:
                case _ if block.origin is not None:
                    stale += copied(block)
                case "console":
                    stale += run_console(block, where)
                case "python":
                    stale += run_python(block, namespace, where)
                case "nn":
                    stale += check_spec(block, where)
    finally:
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", "")).startswith(str(folder)):
                del sys.modules[name]
    settle(page, stale, request)


def settle(
    page: Path, stale: list[tuple[str, str]], request: pytest.FixtureRequest
) -> None:
    """Fail if something on the page is stale, or with --update-golden write it anew."""
    if not request.config.getoption("--update-golden"):
        assert not stale, "\n".join(
            f"{page.name} shows\n\n{a}\nnot\n\n{b}" for a, b in stale
        )
    if not stale:
        return
    text = page.read_text(encoding="utf-8")
    for shown, now in stale:
        whole = f"\n{LEFT_OUT}\n" not in f"{shown}\n"
        assert shown.strip() and shown in text and whole, f"{shown}\nis now\n{now}"
        text = text.replace(shown, now)
    page.write_text(text, encoding="utf-8")


def run_console(block: Block, where: str) -> Iterator[tuple[str, str]]:
    """What the commands show and print, where that differs."""
    for command, shown in commands(block.text):
        wanted = without_set_up(command)
        if not wanted or (wanted.startswith("cc ") and shutil.which("cc") is None):
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
        elif not is_shown(shown, done.stdout, LEARNED.search(wanted) is not None):
            yield f"$ {command}\n{shown}", f"$ {command}\n{done.stdout}"


def run_python(
    block: Block, namespace: dict[str, object], where: str
) -> Iterator[tuple[str, str]]:
    """What the block shows and prints, where that differs."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block.text, where, "exec"), namespace)
    if not is_shown(block.shown or "", printed.getvalue(), False):
        shown = f"```\n\n```text\n{block.shown or ''}```"
        yield block.text + shown, f"{block.text}```\n\n```text\n{printed.getvalue()}```"


def copied(block: Block) -> Iterator[tuple[str, str]]:
    """The block and what it is a copy or an excerpt of now, where that differs."""
    name, _, style = (block.origin or "").partition(", ")
    text = Path(name).read_text(encoding="utf-8")
    if style:
        module = nndsl.compile_text(text, Path(name).name, style=style)  # type: ignore[arg-type]
        heads = re.findall(r"^(?:def|class) \w+", block.text, re.MULTILINE)
        parts = [module[module.index(f"\n{head}") + 1 :] for head in heads]
        text = "\n\n".join(part.partition("\n\n\n")[0] + "\n" for part in parts)
    if text.rstrip() != block.text.rstrip():
        yield f"```{block.language}\n{block.text}", f"```{block.language}\n{text}"


def check_spec(block: Block, where: str) -> Iterator[tuple[str, str]]:
    """What the page says of the spec and what nndsl does, where that differs."""
    source = Source("model.nn", block.text)
    try:
        message = render_text(source, understand(source).warnings)
    except SpecError as error:
        message = str(error)
    if block.shown is None:
        assert not message, f"{where}\n{message}"
        compile(nndsl.compile_text(block.text), where, "exec")
    elif message.strip() != block.shown.strip():
        yield block.shown, f"{message.strip()}\n"


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
    """`nndsl/language/settings.py` and the like, written in backticks."""
    text = re.sub(BLOCK, "", page.read_text(encoding="utf-8"))
    for path in re.findall(
        r"`((?:nndsl|tests|templates|grammar|specs|benchmarks|docs|\.ci)/[\w./-]*)`",
        text,
    ):
        assert (PROJECT / path).exists(), path
