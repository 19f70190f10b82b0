"""Documentation of formulas as docstrings: nothing in it can end the docstring."""

import textwrap

from nndsl.render.lines import WIDTH


def first_paragraph(text: str) -> str:
    """The first paragraph of a documentation, on one line, harmless in a docstring."""
    line = " ".join(text.split("\n\n")[0].split())
    return "".join(c if c.isprintable() else " " for c in line).replace('"', "'")


def first_sentence(text: str) -> str:
    """What comes before the first full stop at the end of a word."""
    return first_paragraph(text).partition(". ")[0]


def docstring(text: str, indent: str) -> list[str]:
    """The first paragraph as a docstring of lines that fit."""
    line = first_paragraph(text).replace("\\", "/").strip()
    line = line if line.endswith((".", "!", "?")) else f"{line}."
    whole = f'{indent}"""{line}"""'
    if len(whole) <= WIDTH:
        return [whole]
    wrapped = textwrap.wrap(
        line,
        WIDTH,
        initial_indent=f'{indent}"""',
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
    return [*wrapped, f'{indent}"""']
