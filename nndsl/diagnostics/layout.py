"""How diagnostics look: for people, for programs, for a code host's annotations."""

import json
from collections.abc import Callable, Sequence

from nndsl.diagnostics.codes import CODES
from nndsl.diagnostics.excerpt import excerpt, visible
from nndsl.diagnostics.record import Diagnostic, Source
from nndsl.syntax.tree import Span

Found = Sequence[tuple[Source, Sequence[Diagnostic]]]
"""Specs and what was found in each."""


def render_text(source: Source, diagnostics: Sequence[Diagnostic]) -> str:
    """One paragraph a diagnostic; empty without any.

    Safe to print: characters that a terminal might obey are written as escapes.
    """
    return "\n".join(_paragraph(source, each) for each in diagnostics)


def render_json(found: Found) -> str:
    """A JSON array with one object a diagnostic."""
    records = [_record(source, each) for source, all_ in found for each in all_]
    return json.dumps(records, indent=2) + "\n"


def render_github(found: Found) -> str:
    """One workflow command a diagnostic, shown beside the line in a pull request."""
    return "".join(_command(source, each) for source, all_ in found for each in all_)


def _render_texts(found: Found) -> str:
    texts = (render_text(source, all_) for source, all_ in found if all_)
    return "\n".join(texts)


RENDERERS: dict[str, Callable[[Found], str]] = {
    "text": _render_texts,
    "json": render_json,
    "github": render_github,
}
"""What each value of `--format` prints for all specs of a command."""


def _paragraph(source: Source, diagnostic: Diagnostic) -> str:
    code = CODES[diagnostic.code]
    spans = [diagnostic.span, *(related.span for related in diagnostic.related)]
    gutter = max(len(str(span.line)) for span in spans)
    place = f"{visible(source.name)}:{diagnostic.span.line}:{diagnostic.span.column}"
    lines = [f"{place}: {code.severity}[{diagnostic.code}]: {code.title}"]
    lines += _excerpt(source, diagnostic.span, diagnostic.label, "^", gutter)
    for related in diagnostic.related:
        lines += _excerpt(source, related.span, related.label, "-", gutter)
    if diagnostic.hint:
        lines.append(f"{'':{gutter}}  = {visible(diagnostic.hint)}")
    return "\n".join(lines) + "\n"


def _excerpt(
    source: Source, span: Span, label: str, mark: str, gutter: int
) -> list[str]:
    line, marks = excerpt(source.text, span, label, mark)
    number = f" {span.line:{gutter}} | {line}".rstrip()
    return [number, f" {'':{gutter}} | {marks}"]


def _record(source: Source, diagnostic: Diagnostic) -> dict[str, object]:
    code = CODES[diagnostic.code]
    return {
        "file": source.name,
        "code": diagnostic.code,
        "severity": code.severity,
        "title": code.title,
        "message": diagnostic.label,
        "hint": diagnostic.hint,
        "span": _place(diagnostic.span),
        "related": [
            {"span": _place(related.span), "message": related.label}
            for related in diagnostic.related
        ],
        "fixes": [
            {
                "span": _place(edit.span),
                "text": edit.text,
                "certain": edit.certain,
            }
            for edit in diagnostic.fixes
        ],
    }


def _place(span: Span) -> dict[str, int]:
    return {
        "start": span.start,
        "end": span.end,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _command(source: Source, diagnostic: Diagnostic) -> str:
    code = CODES[diagnostic.code]
    span = diagnostic.span
    properties = {
        "file": source.name,
        "line": span.line,
        "col": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
        "title": f"{diagnostic.code} {code.title}",
    }
    listed = ",".join(f"{key}={_property(str(v))}" for key, v in properties.items())
    message = ". ".join(filter(None, (diagnostic.label, diagnostic.hint)))
    return f"::{code.severity} {listed}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
