"""The imports of a generated module: those of its names that it uses."""

import ast

MODULES = ("csv", "math", "os", "sys")
MEMBERS = {"dataclasses": "dataclass", "typing": "NamedTuple"}


def standard_imports(text: str) -> tuple[str, ...]:
    """Import lines, sorted, for the names that the module `text` uses."""
    used = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Attribute(value=ast.Name(id=name)):
                used.add(name)
    whole = [f"import {module}" for module in MODULES if module in used]
    return *whole, *(f"from {module} import {name}" for module, name in MEMBERS.items())
