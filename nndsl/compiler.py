"""The compiler's table of contents: from the text of a spec to the text of a module."""

from collections.abc import Sequence
from dataclasses import replace

from nndsl.check.check import Checked, check
from nndsl.diagnostics.record import Source
from nndsl.lower.lower import lower
from nndsl.optimise.optimise import optimise
from nndsl.program.in_place import Style
from nndsl.render.targets import TargetName, target_of
from nndsl.syntax.parse import parse


def compile_text(
    text: str,
    name: str = "network.nn",
    *,
    settings: Sequence[str] = (),
    allow_large: bool = False,
    style: Style = "textbook",
    target: TargetName = "numpy",
) -> str:
    """The Python module of the spec `text`.

    `name` is what the spec goes by in messages and in the module's docstring;
    `settings` change it, as in `["train.epochs=5"]`.  `target` "sklearn" gives a class
    that inherits scikit-learn's, "jax" functions that JAX computes.  Raises `SpecError`
    with every mistake of the spec.
    """
    checked = understand(Source(name, text), settings, allow_large)
    return module_text(checked, style, target)


def understand(
    source: Source, settings: Sequence[str] = (), allow_large: bool = False
) -> Checked:
    """The network that a spec describes, and the warnings about it."""
    tree = parse(source)
    return check(source, tree, settings=settings, allow_large=allow_large)


def module_text(
    checked: Checked, style: Style = "textbook", target: TargetName = "numpy"
) -> str:
    """The Python module of a network: one formula a line, or `fast`, in place.

    Raises ValueError for any other style or target.
    """
    network, printer = checked.network, target_of(target)
    if style not in printer.styles:
        names = " or ".join(map(repr, sorted(printer.styles)))
        raise ValueError(f"style is {style!r}; expected {names}")
    if printer.weighs_rows and network.weight is None:
        network = replace(network, weight="sample_weight")
    program = lower(network)
    in_place = optimise(program) if style == "fast" else None
    return printer.render(network, program, in_place, checked.source)
