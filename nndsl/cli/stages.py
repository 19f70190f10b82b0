"""`nndsl compile --show`: the stages of the compiler, printed."""

import dataclasses
from argparse import Namespace
from collections.abc import Callable, Iterator

from nndsl.check.check import Checked
from nndsl.cli.errors import FINE
from nndsl.cli.report import for_each_spec
from nndsl.lower.lower import lower
from nndsl.optimise.optimise import optimise

STAGES: dict[str, Callable[[Checked], object]] = {
    "tree": lambda checked: checked.tree,
    "network": lambda checked: checked.network,
    "program": lambda checked: lower(checked.network),
    "inplace": lambda checked: optimise(lower(checked.network)),
}
"""What each word of `--show` prints."""


def print_stage(options: Namespace) -> int:
    """Print the stage `options.show` of the compiler for each spec."""
    for tree in for_each_spec(options.specs, options, STAGES[options.show]):
        print("\n".join(outline(tree)))
    return FINE


def outline(value: object, name: str = "", depth: int = 0) -> Iterator[str]:
    """Lines that show a tree of dataclasses: a field a line, children indented."""
    label = "  " * depth + (f"{name} = " if name else "")
    if dataclasses.is_dataclass(value):
        shown = [field.name for field in dataclasses.fields(value) if field.repr]
        yield f"{label}{type(value).__name__}"
        for field in shown:
            yield from outline(getattr(value, field), field, depth + 1)
    elif isinstance(value, tuple | list) and any(map(_is_tree, value)):
        yield f"{label}{len(value)} items"
        for item in value:
            yield from outline(item, "", depth + 1)
    elif isinstance(value, dict) and any(map(_is_tree, value.values())):
        yield f"{label}{len(value)} items"
        for key, item in value.items():
            yield from outline(item, str(key), depth + 1)
    else:
        yield f"{label}{value!r}"


def _is_tree(value: object) -> bool:
    return dataclasses.is_dataclass(value) or (
        isinstance(value, tuple) and any(map(_is_tree, value))
    )
