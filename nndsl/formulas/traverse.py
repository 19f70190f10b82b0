"""Walks over expressions: size, depth, names, replacing."""

from collections.abc import Callable, Mapping

from nndsl.formulas.expression import Expression, Number, Operation, Variable


def count(expression: Expression) -> int:
    """How many nodes the tree has, a shared part counted wherever it stands."""
    known: dict[int, int] = {}

    def of(node: Expression) -> int:
        if not isinstance(node, Operation):
            return 1
        if id(node) not in known:
            known[id(node)] = 1 + sum(map(of, node.arguments))
        return known[id(node)]

    return of(expression)


def depth(expression: Expression) -> int:
    """How many operations lie over one another; a name or number alone is 1 deep."""
    known: dict[int, int] = {}

    def of(node: Expression) -> int:
        if not isinstance(node, Operation):
            return 1
        if id(node) not in known:
            known[id(node)] = 1 + max(map(of, node.arguments), default=0)
        return known[id(node)]

    return of(expression)


def variables(expression: Expression) -> frozenset[str]:
    """The names that stand in an expression."""
    return frozenset(names_in_order(expression))


def names_in_order(expression: Expression) -> tuple[str, ...]:
    """The names that stand in an expression, from left to right."""
    found: dict[str, None] = {}

    def see(node: Expression) -> None:
        if isinstance(node, Variable):
            found.setdefault(node.name)

    visit(expression, see)
    return tuple(found)


def visit(expression: Expression, see: Callable[[Expression], None]) -> None:
    """Show every different node once, arguments before what is made of them."""
    seen: set[int] = set()

    def walk(node: Expression) -> None:
        if id(node) in seen:
            return
        seen.add(id(node))
        if isinstance(node, Operation):
            for argument in node.arguments:
                walk(argument)
        see(node)

    walk(expression)


def rebuild(
    expression: Expression, change: Callable[[Expression], Expression]
) -> Expression:
    """Change every node from the leaves up; what is shared stays shared.

    `change` is given a node whose arguments are already changed.
    """
    known: dict[int, Expression] = {}

    def of(node: Expression) -> Expression:
        if id(node) not in known:
            known[id(node)] = change(_with(node, of))
        return known[id(node)]

    return of(expression)


def _with(node: Expression, of: Callable[[Expression], Expression]) -> Expression:
    if not isinstance(node, Operation):
        return node
    arguments = tuple(map(of, node.arguments))
    if all(a is b for a, b in zip(arguments, node.arguments, strict=True)):
        return node
    return Operation(node.name, arguments)


def substitute(
    expression: Expression, replacements: Mapping[str, Expression]
) -> Expression:
    """Put expressions in the place of names, all at once."""

    def change(node: Expression) -> Expression:
        if isinstance(node, Variable):
            return replacements.get(node.name, node)
        return node

    return rebuild(expression, change)


def replace(expression: Expression, part: Expression, by: Expression) -> Expression:
    """Put `by` wherever `part` stands."""
    known: dict[int, Expression] = {}

    def of(node: Expression) -> Expression:
        if id(node) not in known:
            known[id(node)] = by if node == part else _with(node, of)
        return known[id(node)]

    return of(expression)


class Shared:
    """Gives equal expressions one object, so that comparing them costs nothing."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Expression] = {}

    def __call__(self, node: Expression) -> Expression:
        match node:
            case Number(value):
                key: tuple[object, ...] = ("number", value)
            case Variable(name):
                key = ("variable", name)
            case Operation(name, arguments):
                key = (name, *map(id, arguments))
        return self._known.setdefault(key, node)


def share(expression: Expression) -> Expression:
    """The same expression with equal parts made one object."""
    return rebuild(expression, Shared())
