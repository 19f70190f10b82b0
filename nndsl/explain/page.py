"""Pages of plain text, at most 80 columns wide."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from textwrap import wrap

WIDTH = 80
_LABEL = 13


def title(name: str, kind: str) -> list[str]:
    return [f"{name} ({kind})"]


def paragraph(text: str) -> list[str]:
    """Words, indented, with a line above them that is empty; nothing of nothing."""
    lines = wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")
    return ["", *lines] if lines else []


def block(text: str, indent: int = 4) -> list[str]:
    """Lines as they stand, indented, an empty one above them; long ones are folded."""
    lines = text.rstrip("\n").split("\n") if text else []
    folded = (_folded(f"{'':{indent}}{line}".rstrip()) for line in lines)
    return ["", *chain.from_iterable(folded)] if lines else []


def _folded(line: str) -> list[str]:
    """A line of code, cut at spaces where it is too long; later parts stand deeper."""
    if len(line) <= WIDTH:
        return [line]
    deeper = " " * (len(line) - len(line.lstrip()) + 4)
    return wrap(line, WIDTH, subsequent_indent=deeper, break_on_hyphens=False)


def fields(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Words at the left, and what there is to say at the right of them.

    An empty line stands above them; a word without a text is left out.
    """
    said = [pair for pair in pairs if pair[1]]
    wide = max((len(label) for label, _ in said), default=0)
    lines = [_field(*pair, max(wide, _LABEL)) for pair in said]
    return ["", *chain.from_iterable(lines)] if lines else []


def _field(label: str, text: str, wide: int) -> list[str]:
    return wrap(
        text,
        WIDTH,
        initial_indent=f"  {label:<{wide}} ",
        subsequent_indent=" " * (wide + 3),
        break_on_hyphens=False,
    )


def beside(left: Sequence[str], right: Sequence[str]) -> Iterator[str]:
    """Two drawings of the same height next to each other."""
    wide = max(map(len, left))
    for one, other in zip(left, right, strict=True):
        yield f"{one:<{wide}}   {other}".rstrip()
