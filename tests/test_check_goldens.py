"""Every mistake the checker knows has a spec that makes it, with its message."""

from __future__ import annotations

from pathlib import Path

from nndsl.diagnostics.codes_checks import CHECKS

FOLDER = Path(__file__).parent / "errors" / "checks"


def test_every_code_of_the_checker_has_a_golden() -> None:
    texts = [path.read_text(encoding="utf-8") for path in FOLDER.glob("*.txt")]
    assert not {code for code in CHECKS if not any(f"[{code}]" in t for t in texts)}
