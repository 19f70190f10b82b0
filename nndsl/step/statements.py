"""The statements of a module: what each one reads, and what it gives a new value."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a statement whose value is looked at: `z1`, `p.w1`, `len(x)`."""

    text: str
    code: CodeType

    def value(self, names: dict[str, Any], module: dict[str, Any]) -> object:
        """Its value in a function with these names; None where it has none yet."""
        try:
            return eval(self.code, module, names)
        except NameError:
            return None


@dataclass(frozen=True, slots=True)
class Product:
    """`left @ right`, to which the arrays `added` are added, each cell to its own.

    `complete`: nothing else is added.
    """

    left: str
    left_turned: bool
    right: str
    right_turned: bool
    added: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, or the head of a loop, from line `first` to line `last`.

    `answer`: it returns the value of a formula, not arrays that have names already.
    `body` are the lines of the loop that it is the head of.
    """

    first: int
    last: int
    reads: tuple[Piece, ...]
    writes: tuple[Piece, ...]
    product: Product | None
    answer: bool
    body: range | None


def statements_of(text: str) -> dict[int, Statement]:
    """The statements in the functions of a module, by each of their lines."""
    found: dict[int, Statement] = {}
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef):
            for node in _statements(function.body):
                statement = _statement(node)
                for line in range(statement.first, statement.last + 1):
                    found[line] = statement
    return found


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node
        for inner in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(node, inner, []))


def _statement(node: ast.stmt) -> Statement:
    body = getattr(node, "body", None)
    last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
    read: list[ast.expr] = []
    written: list[ast.expr] = []
    value: ast.expr | None = None
    match node:
        case ast.Assign(targets=targets, value=value):
            written = [part for target in targets for part in _targets(target)]
            read = [value]
        case ast.AugAssign(target=target, value=value):
            written, read = list(_targets(target)), [target, value]
        case ast.For(target=target, iter=over):
            written, read = list(_targets(target)), [over]
        case ast.If(test=test) | ast.While(test=test):
            read = [test]
        case ast.Return(value=ast.expr() as value):
            read = [value]
        case ast.Expr(value=ast.expr() as only):
            read = [only]
    loop = None
    if isinstance(node, ast.For):
        loop = range(node.body[0].lineno, (node.body[-1].end_lineno or 0) + 1)
    pieces = {piece.text: piece for each in read for piece in _reads(each, frozenset())}
    return Statement(
        node.lineno,
        max(node.lineno, last),
        tuple(pieces.values()),
        tuple(piece for each in written if (piece := _piece(each)).text != "_"),
        _product(value),
        isinstance(node, ast.Return) and not _is_named(value),
        loop,
    )


def _piece(node: ast.expr) -> Piece:
    text = ast.unparse(node)
    return Piece(text, compile(text, "<piece>", "eval"))


def _targets(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Tuple(elts=parts):
            for part in parts:
                yield from _targets(part)
        case ast.Subscript(value=array):
            yield array
        case _:
            yield node


def _reads(node: ast.AST, bound: frozenset[str]) -> Iterator[Piece]:
    """The arrays and numbers in an expression; `bound` names are a loop's own."""
    match node:
        case ast.Call(func=ast.Name("len"), args=[ast.Name(name)]) if name not in bound:
            yield _piece(node)
        case ast.Subscript(value=ast.Attribute(attr="shape")):
            yield _piece(node)
        case ast.Attribute(value=ast.Name("np" | "math")):
            return
        case ast.Attribute(value=ast.Name(name), attr=attr) if attr not in (
            "T",
            "shape",
        ):
            if name not in bound:
                yield _piece(node)
        case ast.Name(name):
            if name not in bound:
                yield _piece(node)
        case ast.Call(func=ast.Attribute(value=owner), args=given, keywords=named):
            for part in (owner, *given, *named):
                yield from _reads(part, bound)
        case ast.GeneratorExp(generators=loops) | ast.ListComp(generators=loops):
            own = {
                inner.id
                for loop in loops
                for inner in ast.walk(loop.target)
                if isinstance(inner, ast.Name)
            }
            for child in ast.iter_child_nodes(node):
                yield from _reads(child, bound | own)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _reads(child, bound)


def _is_named(value: ast.expr | None) -> bool:
    """Whether a value is a name, or several, or `Parameters(…)` of them."""
    match value:
        case None | ast.Name() | ast.Call(func=ast.Name("Parameters")):
            return True
        case ast.Tuple(elts=parts):
            return all(map(_is_named, parts))
    return False


def _product(value: ast.expr | None) -> Product | None:
    """The product that a value begins with, if it does."""
    terms: list[ast.expr] = []
    while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        terms.append(value.right)
        value = value.left
    if not (isinstance(value, ast.BinOp) and isinstance(value.op, ast.MatMult)):
        return None
    left, left_turned = _factor(value.left)
    right, right_turned = _factor(value.right)
    named = [t for t in terms if isinstance(t, ast.Name | ast.Attribute)]
    added = tuple(ast.unparse(term) for term in reversed(named))
    complete = len(named) == len(terms)
    return Product(left, left_turned, right, right_turned, added, complete)


def _factor(node: ast.expr) -> tuple[str, bool]:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return ast.unparse(node.value), True
    return ast.unparse(node), False
