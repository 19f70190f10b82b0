"""Files that are no specs at all: what they are, said once."""

import re

from nndsl.diagnostics.record import Diagnostic
from nndsl.syntax.spans import at

_NETWORK = re.compile(r"^[ \t]*network\b", re.MULTILINE)
_FIRST = re.compile(r"(?:[ \t\r\n\ufeff]|#[^\n]*\n)*")
_FORMATS = {
    "JSON": re.compile(r"\{\s*\"[^\"\n]*\"\s*:|\[\s*[\[{\"]"),
    "TOML": re.compile(r"\[+[\w.\- ]+\]+[ \t]*(?:#|\r?\n|$)", re.ASCII),
    "YAML": re.compile(r"---|[A-Za-z_]\w*:[ \t]*(?:#|\r?\n|$)|- [A-Za-z_]", re.ASCII),
    "Python": re.compile(
        r"(?:import|from|class|def|async|with) |\"\"\"[^\"]|print\("
        r"|[A-Za-z_]\w* = (?:\w+\.)*[A-Z]\w*\(|[A-Za-z_]\w*\.[A-Za-z_][\w.]*\(",
        re.ASCII,
    ),
    "XML": re.compile(r"<[?!A-Za-z]"),
}


def other_format(text: str) -> Diagnostic | None:
    """A finding for a text without a network whose first line is no statement."""
    if _NETWORK.search(text):
        return None
    start = _FIRST.match(text)
    if start is None:
        return None
    for name, form in _FORMATS.items():
        if form.match(text, start.end()):
            line = text[start.end() :].split("\n", 1)[0].rstrip()
            span = at(text, start.end(), start.end() + len(line))
            label = f"this looks like {name}"
            hint = "a spec is written `network Iris { input 4; dense 3 softmax; … }`"
            return Diagnostic("E111", span, label, hint)
    return None
