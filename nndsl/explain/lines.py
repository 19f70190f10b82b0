"""What `nndsl explain` says of one line of a spec."""

from collections.abc import Callable, Iterator

from nndsl.check.check import Checked
from nndsl.explain import entries, formulas
from nndsl.explain.page import block, fields, paragraph
from nndsl.explain.statements import computed, gradient_of_loss
from nndsl.formulas.build.library import library_names
from nndsl.language.statements import STATEMENTS
from nndsl.layers.layer import Layer
from nndsl.lower.lower import lower
from nndsl.network import Network
from nndsl.program.program import Program
from nndsl.render.shapes import shape
from nndsl.spec_text.defaults import train_texts
from nndsl.spec_text.texts import activation_text, initializer_text
from nndsl.syntax.tree import Assignment, Definition, Line, Name, Statement


def line_page(checked: Checked, number: int) -> list[str]:
    """What stands on a line of a spec, and what it becomes.

    Raises LookupError where no statement stands there.
    """
    text = checked.source.text.split("\n")
    network, program = checked.network, lower(checked.network)
    layers = [each for each in network.layers if _on(each.span, number)]
    page: list[str] = []
    for layer in layers:
        page += _layer(network, program, layer)
    if not layers:
        for inside, line in _statements(checked.tree.lines, number):
            page += _statement(checked, program, inside, line)
    if not page:
        raise LookupError(f"line {number} holds no statement")
    return [f"{checked.source.name}:{number}: {text[number - 1].strip()}", *page]


def _on(span: object, number: int) -> bool:
    first, last = getattr(span, "line", 0), getattr(span, "end_line", 0)
    return first <= number <= last


def _statements(
    lines: tuple[Line, ...], number: int, inside: str = ""
) -> Iterator[tuple[str, Line]]:
    """The innermost statements on a line, with the head of what they stand in."""
    for line in lines:
        if not _on(line.span, number):
            continue
        block_ = line.block if isinstance(line, Statement) else None
        head = _head(line)
        if block_ is None or inside == "" and head == "optimizer":
            yield inside, line
        elif line.span.line == number:
            yield inside, line
        else:
            yield from _statements(block_.lines, number, head)
