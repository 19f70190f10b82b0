"""How the data are scaled, checked for their range, and filled where they lack."""

from dataclasses import dataclass

from nndsl.program.data import Columns, Data
from nndsl.program.program import Program
from nndsl.render.escape import WIDTH, Code, code, number


@dataclass(frozen=True, slots=True)
class Scaling:
    """`seen`: the method that makes of checked rows what the network sees.

    `array` and `unit` hold the scale without which nothing can be predicted, and that
    of the answers.  `low` and `range` are the declared ones.
    """

    seen: Code
    array: Code
    unit: Code
    low: Code
    range: Code
    statistic: Code
    bounds: Code
    read_options: Code
    holes_allowed_in_fit: Code
    damaged: Code
    damaged_names: Code


def scaling(program: Program) -> Scaling:
    data, scale = program.data, program.data.scaling
    own = "_scaling" if data.encoding == "input" else "_target_scaling"
    with_target = data.target_scaling.scales and data.encoding != "input"
    spreads = ["scaling"] * scale.scales + ["target_scaling"] * with_target
    normed = bool(program.running)
    low, high = scale.low or 0.0, scale.high or 0.0
    return Scaling(
        seen=code("_scaled" if data.is_scaled or data.filling.fills else "_inputs"),
        array=code("_scaling" if scale.scales else "_target_scaling"),
        unit=code(own),
        low=number(float(low)),
        range=number(float(high - low)),
        statistic=code(data.filling.kind),
        bounds=code(bounds(data.inputs)),
        read_options=code(_read_options(data)),
        holes_allowed_in_fit=code(", holes=True" if data.filling.drops else ""),
        damaged=code(_condition(spreads, normed)),
        damaged_names=code(" or ".join(["counts", *spreads, *["variance"] * normed])),
    )


def bounds(columns: Columns) -> str:
    """The arguments that bound the values of columns."""
    given = {"low": columns.low, "high": columns.high}
    return "".join(
        f", {name}={number(bound).text}"
        for name, bound in given.items()
        if bound is not None
    )


def _read_options(data: Data) -> str:
    """The bounds and holes that a table of inputs may have."""
    holes = "True" if data.filling.fills else "holes"
    return bounds(data.inputs) + f", holes={holes}" * data.filling.allows_missing


def _condition(spreads: list[str], normed: bool) -> str:
    """The head of an `if` that is true when a file's counts or spreads are wrong."""
    parts = ["min(counts) < 0", "counts[2] > 10**6"]
    parts += [f'saved["{name}"][1].min() <= 0' for name in spreads]
    if normed:
        parts.append('any(a.min() < 0 for k, a in saved.items() if ".variance" in k)')
    line = f"if {' or '.join(parts)}:"
    if len(line) + 8 <= WIDTH:
        return line
    rows = "\n            or ".join(parts)
    return f"if (\n            {rows}\n        ):"
