"""What people read for each mistake, kept beside the spec that makes it.

A file of `tests/errors/<folder>/` holds a bad spec, a line `-----`, and the message.
`syntax` shows what the reader of a spec says, the other folders what the whole compiler
says.  In `bytes` the spec is a list: pieces of the file, and how often each is there.
`pytest tests/test_error_goldens.py --update-golden` writes the messages anew.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from nndsl.diagnostics.codes import CODES
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.layout import render_text
from nndsl.diagnostics.record import Source
from nndsl.syntax.characters import decode
from nndsl.syntax.parse import parse

FOLDER = Path(__file__).parent / "errors"
LINE = "-----\n"
GOLDENS = sorted(path for path in FOLDER.rglob("*") if path.is_file())


def _check(source: Source) -> str:
    from nndsl.compiler import understand

    return render_text(source, understand(source).warnings)


def _parse(source: Source) -> str:
    parse(source)
    return ""


def _check_bytes(source: Source) -> str:
    pieces = ast.literal_eval(source.text)
    return _check(
        decode(b"".join(piece * count for piece, count in pieces), source.name)
    )


STAGES = {
    "bytes": _check_bytes,
    "checks": _check,
    "formulas": _check,
    "habits": _check,
    "syntax": _parse,
}


@pytest.mark.parametrize(
    "path", GOLDENS, ids=[str(path.relative_to(FOLDER)) for path in GOLDENS]
)
def test_message(path: Path, request: pytest.FixtureRequest) -> None:
    spec, line, expected = path.read_text(encoding="utf-8").partition(LINE)
    source = Source(f"{path.stem}.nn", spec)
    try:
        message = STAGES[path.parent.name](source)
    except SpecError as error:
        message = str(error)
    assert message, "a golden spec must have a mistake"
    if request.config.getoption("--update-golden"):
        path.write_text(spec + LINE + message, encoding="utf-8")
    else:
        assert line, f"{path.name} has no message; run with --update-golden"
        assert message == expected


def test_no_file_is_left_over() -> None:
    for path in GOLDENS:
        assert path.suffix == ".txt", path
        assert path.parent.parent == FOLDER, path
        assert path.parent.name in STAGES, path


def test_every_code_has_a_golden() -> None:
    texts = [path.read_text(encoding="utf-8") for path in GOLDENS]
    assert len(texts) >= 120
    missing = [code for code in CODES if not any(f"[{code}]" in text for text in texts)]
    assert not missing


def test_a_habit_has_one_cause_and_one_error() -> None:
    """A habit that shows on several lines is an error on each of them."""
    for path in (FOLDER / "habits").iterdir():
        message = path.read_text(encoding="utf-8").partition(LINE)[2]
        places = re.findall(r"^[\w.]+:(\d+):\d+: \w+\[", message, re.MULTILINE)
        assert len(places) == len(set(places)), path


def test_titles_are_short_and_codes_well_formed() -> None:
    for code, entry in CODES.items():
        assert code[0] == entry.severity[0].upper(), code
        assert len(code) == 4 and code[1:].isdigit(), code
        assert 2 <= len(entry.title.split()) <= 6, code
