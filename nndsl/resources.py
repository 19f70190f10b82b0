"""Where the grammar and the templates are: inside the package, or beside it."""

import os
from pathlib import Path

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def folder(name: str) -> Path:
    """The folder `grammar` or `templates` of a wheel, or of a checkout."""
    from pathlib import Path

    return Path(place(name))


def library() -> Path:
    """The folder of the built-in formulas."""
    from pathlib import Path

    return Path(_PACKAGE, "language", "library")


def read(*parts: str) -> str:
    """The text of a file of the package, as in `read("grammar", "nn.lark")`."""
    with open(os.path.join(place(parts[0]), *parts[1:]), encoding="utf-8") as file:
        return file.read()


def stems(*parts: str, ending: str) -> tuple[str, ...]:
    """The names of the files with this ending in a folder of the package, sorted and
    without the ending."""
    listed = os.listdir(os.path.join(place(parts[0]), *parts[1:]))
    found = (name for name in listed if name.endswith(ending))
    return tuple(sorted(name.removesuffix(ending) for name in found))


def place(name: str) -> str:
    """The path of a folder that may be beside the package."""
    inside = os.path.join(_PACKAGE, name)
    beside = os.path.join(os.path.dirname(_PACKAGE), name)
    return inside if os.path.isdir(inside) else beside
