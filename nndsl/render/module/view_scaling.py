"""How the data are scaled, checked for their range, and filled where they lack."""

from dataclasses import dataclass

from nndsl.program.data import Data
from nndsl.program.tree import Program
from nndsl.render.escape import WIDTH, Code, code, number


@dataclass(frozen=True, slots=True)
class Scaling:
    """`needs_fit`: nothing can be predicted before the scale is known."""

    needs_fit: bool
    scales: bool
    scale_standard: bool
    scale_minmax: bool
    scale_declared: bool
    low: Code
    range: Code
    scales_target: bool
    converts_units: bool
    uses_mean_and_deviation: bool
    scaling_data: Code
    scale: Code
    unit: Code
    unready: Code
    damaged: Code
    damaged_names: Code
    has_holes: bool
    fills: bool
    fill: Code
    fill_name: Code
    drops_rows: bool
    holes_parameter: Code
    read_parameters: Code
    holes_allowed_in_fit: Code
    has_bounds: bool
    looks_twice: bool
    read_options: Code
    read_rows: Code
    read_rows_of_both: Code
    read_table: Code
    adapts: bool
    seen: Code
    answers: Code


def scaling(program: Program) -> Scaling:
    data = program.data
    filling, scale, back = data.filling, data.scaling, data.target_scaling
    is_input = data.encoding == "input"
    holes = filling.fills or filling.drops
    has_bounds = data.inputs.is_bounded or data.targets.is_bounded
    with_target = back.scales and not is_input
    needs_fit = scale.scales or with_target
    array = "_scaling" if scale.scales else "_target_scaling"
    spreads = ["scaling"] * scale.scales + ["target_scaling"] * with_target
    normed = bool(program.running)
    low, high = scale.low or 0.0, scale.high or 0.0
    return Scaling(
        needs_fit=needs_fit,
        scales=scale.scales,
        scale_standard=scale.is_standard,
        scale_minmax=scale.kind == "minmax" and not scale.is_declared,
        scale_declared=scale.is_declared,
        low=number(float(low)),
        range=number(float(high - low)),
        scales_target=with_target,
        converts_units=back.scales,
        uses_mean_and_deviation=with_target or scale.is_standard,
        scaling_data=code("rows[train].astype(np.float64)"),
        scale=code(array),
        unit=code("_target_scaling" if with_target else "_scaling"),
        unready=code(
            f"self.{array}[1, 0] == 0" if needs_fit else "not self.parameters"
        ),
        damaged=code(_condition(spreads, normed)),
        damaged_names=code(" or ".join(["counts", *spreads, *["variance"] * normed])),
        has_holes=holes,
        fills=filling.fills,
        fill=code(f"np.{filling.kind}(column)"),
        fill_name=code(filling.kind),
        drops_rows=filling.drops,
        holes_parameter=code(", holes: bool = False" if filling.drops else ""),
        read_parameters=code(
            "self, X: Any, y: Any"
            + " = None" * is_input
            + ", *, holes: bool = False" * filling.drops
        ),
        holes_allowed_in_fit=code(", holes=True" if filling.drops else ""),
        has_bounds=has_bounds,
        looks_twice=holes or not has_bounds,
        read_rows=code(
            "self._read_rows(X)"
            if not data.inputs.names
            else f"read_table(X, FEATURES{_read_options(data, drops=False)})"
        ),
        read_rows_of_both=code(
            f"self._read_rows(X{', holes' * filling.drops})"
            if not data.inputs.names
            else f"read_table(X, FEATURES{_read_options(data, drops=filling.drops)})"
        ),
        read_options=code(_read_options(data, drops=filling.drops)),
        read_table=_read_table(has_bounds, holes),
        adapts=needs_fit or filling.fills,
        answers=code(
            "self._in_units(self._answer(self._seen(X))).astype(FLOAT)"
            if back.scales
            else "self._answer(self._seen(X))"
        ),
        seen=code("_scaled" if needs_fit or filling.fills else "_inputs"),
    )


def _read_table(has_bounds: bool, has_holes: bool) -> Code:
    """The head of the function `read_table`."""
    parameters = ["data: Any", "names: Sequence[str]"]
    if has_bounds:
        parameters += ["low: float = -math.inf", "high: float = math.inf"]
    if has_holes:
        parameters.append("holes: bool = False")
    line = f"def read_table({', '.join(parameters)}) -> Array:"
    if len(line) > WIDTH:
        rows = "".join(f"    {parameter},\n" for parameter in parameters)
        line = f"def read_table(\n{rows}) -> Array:"
    return code(line)


def _read_options(data: Data, drops: bool) -> str:
    """The bounds and holes that a table of inputs may have."""
    options = ""
    low, high = data.inputs.low, data.inputs.high
    if low is not None and high is not None:
        options += f", low={number(low).text}, high={number(high).text}"
    if data.filling.fills:
        return f"{options}, holes=True"
    return f"{options}, holes=holes" if drops else options


def _condition(spreads: list[str], normed: bool) -> str:
    """The head of an `if`: whether counts or spreads of a file cannot be."""
    parts = ["min(counts) < 0", "counts[2] > 10**6"]
    parts += [f'saved["{name}"][1].min() <= 0' for name in spreads]
    if normed:
        parts.append('any(a.min() < 0 for k, a in saved.items() if ".variance" in k)')
    line = f"if {' or '.join(parts)}:"
    if len(line) + 8 <= WIDTH:
        return line
    rows = "\n            or ".join(parts)
    return f"if (\n            {rows}\n        ):"
