"""Lines of Python as the formatter would leave them, at most 88 columns wide."""

from collections.abc import Sequence

WIDTH = 88


def commented(line: str, comment: str) -> list[str]:
    """`line  # comment`, or the comment on a line above where both do not fit."""
    if len(line) + len(comment) + 4 <= WIDTH:
        return [f"{line}  # {comment}"]
    indent = line[: len(line) - len(line.lstrip())]
    return [f"{indent}# {comment}", line]


def call(head: str, arguments: Sequence[str], tail: str = ")") -> list[str]:
    """`head(a, b)`: on one line, or its arguments on one, or one argument a line.

    `head` ends with the opening parenthesis and carries the indentation.
    """
    whole = f"{head}{', '.join(arguments)}{tail}"
    if len(whole) <= WIDTH:
        return [whole]
    indent = head[: len(head) - len(head.lstrip())]
    inner = f"{indent}    {', '.join(arguments)}"
    if len(inner) <= WIDTH:
        return [head, inner, f"{indent}{tail}"]
    return [head, *(f"{indent}    {a}," for a in arguments), f"{indent}{tail}"]


def unpack(indent: str, names: Sequence[str], values: Sequence[str]) -> list[str]:
    """`w1, b1 = p["…"], p["…"]`, or one assignment a line where that is too wide."""
    line = f"{indent}{', '.join(names)} = {', '.join(values)}"
    if len(line) <= WIDTH:
        return [line]
    return [
        text
        for name, value in zip(names, values, strict=True)
        for text in _subscript(f"{indent}{name} = {value}", indent)
    ]


def _subscript(line: str, indent: str) -> list[str]:
    if len(line) <= WIDTH:
        return [line]
    head, key = line[:-1].split("[", 1)
    return [f"{head}[", f"{indent}    {key}", f"{indent}]"]


def comprehension(head: str, each: str, source: str) -> list[str]:
    """`head [each source]`, where `source` begins with `for`; `head` has the indent."""
    whole = f"{head}[{each} {source}]"
    if len(whole) <= WIDTH:
        return [whole]
    indent = head[: len(head) - len(head.lstrip())]
    inner = f"{indent}    {each} {source}"
    rows = (
        [inner]
        if len(inner) <= WIDTH
        else [f"{indent}    {each}", f"{indent}    {source}"]
    )
    return [f"{head}[", *rows, f"{indent}]"]
