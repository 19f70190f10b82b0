"""Lines of a generated module, found by the names that its syntax tree has there."""

import ast
from collections.abc import Collection, Iterable, Iterator

Definitions = dict[str, ast.stmt]


class ModuleLines:
    """The definitions of the module `text`, functions of its classes among them.

    What a definition calls or reads belongs to it, unless it stands `apart`.
    """

    def __init__(self, text: str, apart: Collection[str]) -> None:
        self.apart = apart
        self.text = text.split("\n")
        self.known: Definitions = {}
        for statement in ast.parse(text).body:
            for name in _names_of(statement):
                self.known.setdefault(name, statement)
            if isinstance(statement, ast.ClassDef):
                for inner in statement.body:
                    if isinstance(inner, ast.FunctionDef):
                        self.known.setdefault(inner.name, inner)

    def defined(self, *names: str) -> set[int]:
        """The lines of definitions, and of those that they need."""
        return self.lines([self.known[name] for name in names if name in self.known])

    def lines(self, nodes: Iterable[ast.AST]) -> set[int]:
        """The lines of pieces of the tree, and of the definitions that they need."""
        waiting, found = list(nodes), list[ast.AST]()
        while waiting:
            node = waiting.pop()
            if any(node is other for other in found):
                continue
            found.append(node)
            waiting += [
                self.known[inner.id]
                for inner in ast.walk(node)
                if isinstance(inner, ast.Name)
                and inner.id in self.known
                and inner.id not in self.apart
            ]
        return self.alone(found)

    def alone(self, nodes: Iterable[ast.AST]) -> set[int]:
        """The lines of pieces of the tree; empty ones are left out."""
        lines = {line for node in nodes for line in _lines_of(node)}
        return {line for line in lines if self.text[line - 1].strip()}

    def head_of(self, name: str) -> set[int]:
        """The first line of a class or a function."""
        node = self.known.get(name)
        return set() if node is None else {node.lineno}

    def fields(self, name: str, fields: Collection[str]) -> Iterator[ast.stmt]:
        """Fields of a class."""
        for node in getattr(self.known.get(name), "body", ()):
            if isinstance(node, ast.AnnAssign) and _names_of(node) & set(fields):
                yield node

    def arguments(self, function: str, names: Collection[str]) -> Iterator[ast.AST]:
        """Arguments, by their names, of the calls in a function."""
        for node in ast.walk(self.known[function]):
            if isinstance(node, ast.keyword) and node.arg in names:
                yield node

    def reading(
        self, function: str, owner: str, names: Collection[str]
    ) -> Iterator[ast.AST]:
        """What in a function reads `owner.name`: statements, or the heads of blocks."""
        if function not in self.known:
            return
        for statement in _parts(self.known[function]):
            for node in ast.walk(statement):
                match node:
                    case ast.Attribute(ast.Name(id=base), attr):
                        if base == owner and attr in names:
                            yield statement
                            break

    def computing(
        self, function: str, wanted: Collection[str], computed: Collection[str]
    ) -> set[int]:
        """Where a function computes the arrays `wanted`, comments over it included.

        Every array in `computed` ends what is written to compute it.
        """
        node = self.known[function]
        assert isinstance(node, ast.FunctionDef)
        found: set[int] = set()
        steps: list[ast.stmt] = []
        before = node.body[0].end_lineno or 0
        for statement in node.body[1:]:
            last = statement.end_lineno or 0
            names = _names_of(statement)
            if isinstance(statement, ast.Return) or _takes_apart(statement):
                steps, before = [], last
                continue
            steps.append(statement)
            if names & set(computed):
                if names & set(wanted):
                    found |= set(range(before + 1, last + 1)) | self.lines(steps)
                steps, before = [], last
        return found


def _names_of(statement: ast.stmt) -> set[str]:
    """The names that a statement gives a value, or defines."""
    match statement:
        case ast.FunctionDef(name) | ast.ClassDef(name):
            return {name}
        case ast.Assign(targets):
            nodes = [node for target in targets for node in ast.walk(target)]
            return {node.id for node in nodes if isinstance(node, ast.Name)}
        case ast.AugAssign(ast.Name(name)) | ast.AnnAssign(ast.Name(name)):
            return {name}
    return set()


def _takes_apart(statement: ast.stmt) -> bool:
    """Whether it is `a1, a2 = outputs`."""
    return isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Name)


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """The plain statements in a function, and the conditions over its blocks."""
    for child in ast.iter_child_nodes(node):
        inner = getattr(child, "body", None)
        if isinstance(inner, list):
            heads = ("target", "iter", "test")
            yield from (getattr(child, h) for h in heads if hasattr(child, h))
            yield from _parts(child)
        elif isinstance(child, ast.stmt):
            yield child


def _lines_of(node: ast.AST) -> set[int]:
    position = node.value if isinstance(node, ast.keyword) else node
    first = getattr(node, "lineno", 0)
    decorators = getattr(node, "decorator_list", [])
    first = min([first, *(each.lineno for each in decorators)])
    return set(range(first, (getattr(position, "end_lineno", None) or first) + 1))
