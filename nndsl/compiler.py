"""The compiler's table of contents: from the text of a spec to the text of a module."""

from collections.abc import Sequence

from nndsl.check.check import Checked, check
from nndsl.diagnostics.record import Source
from nndsl.lower.lower import lower
from nndsl.optimise.optimise import optimise
from nndsl.program.in_place import Style
from nndsl.render.module.module import render
from nndsl.syntax.parse import parse


def compile_text(
    text: str,
    name: str = "network.nn",
    *,
    settings: Sequence[str] = (),
    allow_large: bool = False,
    style: Style = "textbook",
) -> str:
    """The Python module of the spec `text`.

    `name` is what the spec goes by in messages and in the module's docstring;
    `settings` change it, as in `["train.epochs=5"]`.  Raises `SpecError` with every
    mistake of the spec.
    """
    checked = understand(Source(name, text), settings, allow_large)
    return module_text(checked, style)


def understand(
    source: Source, settings: Sequence[str] = (), allow_large: bool = False
) -> Checked:
    """The network that a spec describes, and the warnings about it."""
    tree = parse(source)
    return check(source, tree, settings=settings, allow_large=allow_large)


def module_text(checked: Checked, style: Style = "textbook") -> str:
    """The Python module of a network: one formula a line, or `fast`, in place.

    Raises ValueError for any other style.
    """
    if style not in ("fast", "textbook"):
        raise ValueError(f"style is {style!r}; expected 'fast' or 'textbook'")
    program = lower(checked.network)
    in_place = optimise(program) if style == "fast" else None
    return render(checked.network, program, in_place, checked.source)
