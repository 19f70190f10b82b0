"""Lines of a generated module, found by the names that its syntax tree has there."""

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

Named = dict[str, list[ast.AST]]
"""Pieces of the tree by a name that they have or read."""


class ModuleLines:
    """The definitions of the module `text`, functions of its classes among them.

    What a definition calls or reads belongs to it, unless it stands `apart`.
    """

    def __init__(self, text: str, apart: Collection[str]) -> None:
        self.apart = apart
        self.text = text.split("\n")
        self.known: dict[str, ast.stmt] = {}
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
        waiting, found = list(nodes), dict[int, ast.AST]()
        while waiting:
            node = waiting.pop()
            if id(node) in found:
                continue
            found[id(node)] = node
            waiting += [
                self.known[inner.id]
                for inner in ast.walk(node)
                if isinstance(inner, ast.Name)
                and inner.id in self.known
                and inner.id not in self.apart
            ]
        return self.alone(found.values())

    def alone(self, nodes: Iterable[ast.AST]) -> set[int]:
        """The lines of pieces of the tree; empty ones are left out."""
        lines = {line for node in nodes for line in _lines_of(node)}
        return {line for line in lines if self.text[line - 1].strip()}

    def head_of(self, name: str) -> set[int]:
        """The first line of a class or a function."""
        node = self.known.get(name)
        return set() if node is None else {node.lineno}

    def fields(self, name: str) -> Named:
        """The fields of a class."""
        found: Named = defaultdict(list)
        for node in getattr(self.known.get(name), "body", ()):
            if isinstance(node, ast.AnnAssign):
                for field in _names_of(node):
                    found[field].append(node)
        return found

    def arguments(self, function: str) -> Named:
        """The named arguments of the calls in a function."""
        found: Named = defaultdict(list)
        for node in ast.walk(self.known[function]):
            if isinstance(node, ast.keyword) and node.arg is not None:
                found[node.arg].append(node)
        return found

    def reading(self, function: str, owner: str) -> Named:
        """What in a function reads `owner.name`: statements, or the heads of blocks."""
        found: Named = defaultdict(list)
        if function in self.known:
            for part in _parts(self.known[function]):
                for name in _attributes(part, owner):
                    found[name].append(part)
        return found

    def computing(
        self, function: str, computed: Collection[str]
    ) -> dict[str, list[ast.AST]]:
        """For each of the arrays that a function computes, the statements for it."""
        node = self.known[function]
        assert isinstance(node, ast.FunctionDef)
        found: dict[str, list[ast.AST]] = defaultdict(list)
        steps: list[ast.AST] = []
        for statement in node.body[1:]:
            if _takes_apart(statement):
                continue
            steps.append(statement)
            targets = [name for name in _names_of(statement) if name in computed]
            for name in targets:
                found[name] += steps
            if targets:
                steps = []
        return found

    def comments_over(self, nodes: Collection[ast.AST]) -> set[int]:
        """The lines of the comments right over statements."""
        found: set[int] = set()
        for node in nodes:
            line = getattr(node, "lineno", 1) - 1
            while line and self.text[line - 1].lstrip().startswith("#"):
                found.add(line)
                line -= 1
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


def _attributes(node: ast.AST, owner: str) -> set[str]:
    return {
        inner.attr
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute)
        and isinstance(inner.value, ast.Name)
        and inner.value.id == owner
    }


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
