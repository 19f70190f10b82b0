"""Documentation as docstrings: nothing in it can end the docstring."""

import textwrap
from collections.abc import Sequence

from nndsl.render.lines import WIDTH


def first_paragraph(text: str) -> str:
    """The first paragraph of a documentation, on one line, harmless in a docstring."""
    line = " ".join(text.split("\n\n")[0].split())
    return "".join(c if c.isprintable() else " " for c in line).replace('"', "'")


def first_sentence(text: str) -> str:
    """What comes before the first full stop at the end of a word."""
    return first_paragraph(text).partition(". ")[0]


def docstring(text: str, indent: str) -> list[str]:
    """A docstring of lines that fit: its first line, then the rest as paragraphs."""
    parts = [first_paragraph(part) for part in text.split("\n\n")]
    shown = [part.replace("\\", "/").strip() for part in parts if part.strip()]
    first, *others = shown or ["A formula of the spec"]
    first = first if first.endswith((".", "!", "?")) else f"{first}."
    whole = f'{indent}"""{first}"""'
    if not others and len(whole) <= WIDTH:
        return [whole]
    lines = _wrapped(first, f'{indent}"""', indent)
    if len(lines) == 1 and not others:  # its quotes would stand on the line, too
        lines = _wrapped(first, f'{indent}"""', indent, 3)
    for part in others:
        lines += ["", *_wrapped(part, indent, indent)]
    return [*lines, f'{indent}"""']


def _wrapped(text: str, first: str, indent: str, less: int = 0) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH - less,
        initial_indent=first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def listed(words: Sequence[str], link: str = "and") -> str:
    """`a`, `a and b`, or `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} {link} {last}" if most else last


def lowered(sentence: str) -> str:
    """A sentence as it stands behind other words: `Half` is `half`, `ELU` stays."""
    plain = sentence[1:2].islower() or sentence[1:2] == " "
    return sentence[:1].lower() + sentence[1:] if plain else sentence
