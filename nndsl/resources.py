"""Where the grammar and the templates are: inside the package, or beside it."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `grammar` or `templates` of a wheel, or of a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def library() -> Path:
    """The folder of the built-in formulas."""
    return _PACKAGE / "language" / "library"


def read(*parts: str) -> str:
    """The text of a file in one of them, as in `read("grammar", "nn.lark")`."""
    return folder(parts[0]).joinpath(*parts[1:]).read_text(encoding="utf-8")
