"""How the data are scaled, checked for their range, and filled where they lack."""

from __future__ import annotations

from dataclasses import dataclass

from nndsl.layers.batch_norm import BatchNorm
from nndsl.network import Network
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


def scaling(network: Network) -> Scaling:
    train, inputs = network.train, network.inputs
    scales = train.scale != "none"
    fills = train.missing in ("mean", "median")
    drops = train.missing == "drop"
    declared = train.scale == "minmax" and inputs.low is not None
    has_bounds = (
        inputs.low is not None
        or network.task in ("labels", "distribution")
        or network.loss.name == "poisson"
    )
    low, high = inputs.low or 0.0, inputs.high or 0.0
    with_target = train.scale_target
    needs_fit = scales or with_target
    scale = "_scaling" if scales else "_target_scaling"
    spreads = ["scaling"] * scales + ["target_scaling"] * with_target
    normed = any(isinstance(layer, BatchNorm) for layer in network.layers)
    return Scaling(
        needs_fit=needs_fit,
        scales=scales,
        scale_standard=train.scale == "standard",
        scale_minmax=train.scale == "minmax" and not declared,
        scale_declared=declared,
        low=number(float(low)),
        range=number(float(high - low)),
        scales_target=with_target,
        converts_units=with_target or (network.target.kind == "input" and scales),
        uses_mean_and_deviation=with_target or train.scale == "standard",
        scaling_data=code("rows[train].astype(np.float64)"),
        scale=code(scale),
        unit=code("_target_scaling" if with_target else "_scaling"),
        unready=code(
            f"self.{scale}[1, 0] == 0" if needs_fit else "not self.parameters"
        ),
        damaged=code(_condition(spreads, normed)),
        damaged_names=code(" or ".join(["counts", *spreads, *["variance"] * normed])),
        has_holes=fills or drops,
        fills=fills,
        fill=code(f"np.{'median' if train.missing == 'median' else 'mean'}(column)"),
        fill_name=code("median" if train.missing == "median" else "mean"),
        drops_rows=drops,
        holes_parameter=code(", holes: bool = False" if drops else ""),
        read_parameters=code(
            "self, X: Any, y: Any"
            + " = None" * (network.target.kind == "input")
            + ", *, holes: bool = False" * drops
        ),
        holes_allowed_in_fit=code(", holes=True" if drops else ""),
        has_bounds=has_bounds,
        looks_twice=fills or drops or not has_bounds,
        read_rows=code(
            "self._read_rows(X)"
            if inputs.columns is None
            else f"read_table(X, FEATURES{_read_options(network, drops=False)})"
        ),
        read_rows_of_both=code(
            f"self._read_rows(X{', holes' * drops})"
            if inputs.columns is None
            else f"read_table(X, FEATURES{_read_options(network, drops=drops)})"
        ),
        read_options=code(_read_options(network, drops=drops)),
        read_table=_read_table(has_bounds, fills or drops),
        adapts=needs_fit or fills,
        answers=code(
            "self._in_units(self._answer(self._seen(X))).astype(FLOAT)"
            if with_target or (network.target.kind == "input" and scales)
            else "self._answer(self._seen(X))"
        ),
        seen=code("_scaled" if needs_fit or fills else "_inputs"),
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


def _read_options(network: Network, drops: bool) -> str:
    """The bounds and holes that a table of inputs may have."""
    options = ""
    if network.inputs.low is not None and network.inputs.high is not None:
        low, high = number(network.inputs.low).text, number(network.inputs.high).text
        options += f", low={low}, high={high}"
    match network.train.missing:
        case "mean" | "median":
            return options + ", holes=True"
        case "drop" if drops:
            return options + ", holes=holes"
        case _:
            return options


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
