"""What people read for each mistake, kept beside the spec that makes it.

A file of `tests/errors/<stage>/` holds a bad spec, a line `-----`, and the message.
`pytest tests/test_error_goldens.py --update-golden` writes the messages anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from nndsl.diagnostics.codes import CODES
from nndsl.diagnostics.codes_syntax import SYNTAX
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.layout import render_text
from nndsl.diagnostics.record import Source
from nndsl.syntax.parse import parse

FOLDER = Path(__file__).parent / "errors"
LINE = "-----\n"
GOLDENS = sorted(path for path in FOLDER.rglob("*") if path.is_file())
UNSEEN = {
    "E001": "bytes",
    "E002": "size",
    "E003": "hidden characters",
    "E012": "fifty brackets",
    "E014": "a hundred thousand words",
}
"""Codes whose specs make no readable file; `test_syntax_refused.py` has them."""


def _check(source: Source) -> str:
    from nndsl.compiler import understand

    return render_text(source, understand(source).warnings)


def _parse(source: Source) -> str:
    parse(source)
    return ""


STAGES = {"syntax": _parse, "checks": _check}


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


def test_every_syntax_code_has_a_golden() -> None:
    texts = [path.read_text(encoding="utf-8") for path in GOLDENS]
    missing = {
        code for code in SYNTAX if not any(f"[{code}]" in text for text in texts)
    }
    assert missing == set(UNSEEN)


def test_titles_are_short_and_codes_well_formed() -> None:
    for code, entry in CODES.items():
        assert code[0] == entry.severity[0].upper(), code
        assert len(code) == 4 and code[1:].isdigit(), code
        assert 2 <= len(entry.title.split()) <= 6, code
