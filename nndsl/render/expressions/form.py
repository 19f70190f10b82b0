"""How an operation is laid out as Python text: a template and what binds tighter."""

from __future__ import annotations

from dataclasses import dataclass

# How tightly a text holds together; the gaps are Python's own levels.
CONDITIONAL = 1
COMPARED = 2
ADDED = 3
MULTIPLIED = 4
SIGNED = 5
RAISED = 6
CALL = 7


@dataclass(frozen=True, slots=True)
class Layout:
    """`needs[i]`: an argument that binds less tightly stands in parentheses."""

    text: str
    precedence: int
    needs: tuple[int, ...]


def template(text: str, precedence: int, *needs: int) -> Layout:
    """A text with `{}` holes for the arguments."""
    return Layout(text, precedence, needs)


def infix(symbol: str, precedence: int, *, left: int, right: int) -> Layout:
    """`left symbol right`."""
    return Layout(f"{{}} {symbol} {{}}", precedence, (left, right))


def call(name: str, arity: int) -> Layout:
    """`name(argument, …)`."""
    return Layout(f"{name}({', '.join(['{}'] * arity)})", CALL, (CONDITIONAL,) * arity)
