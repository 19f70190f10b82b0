"""Functions of the generated module whose text is always the same."""

from functools import cache

from nndsl.resources import read


@cache
def function_text(name: str) -> str:
    """The text of `templates/functions/<name>.py.jinja`, without its last line end."""
    return read("templates", "functions", f"{name}.py.jinja").rstrip("\n")


def function_lines(name: str) -> list[str]:
    """The same as lines."""
    return function_text(name).split("\n")
