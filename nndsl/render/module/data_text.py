"""How a module checks X and y: what it expects, and what it says of the rest."""

from dataclasses import dataclass

from nndsl.program.data import Data
from nndsl.program.program import Program
from nndsl.render.escape import Code, code, listing, literal
from nndsl.render.shapes import dimension


@dataclass(frozen=True, slots=True)
class DataText:
    """`bad_cells`, `bad_targets`: masks of what is refused because it is `not_cell` or
    `not_target`.  `encode`: the function that makes t of labels.  `wrong_count`: a
    comparison that the number of labels must not fulfil.  `one_hot_count`: one that
    the number of columns of one-hot rows must fulfil.
    """

    open_features: bool
    open_targets: bool
    one_target: bool
    named_targets: bool
    target_names: Code
    width: Code
    k: Code
    column: Code
    about_rows: Code
    bad_cells: Code
    not_cell: Code
    about_targets: Code
    bad_targets: Code
    not_target: Code
    reads_tables: bool
    uses_columns: bool
    allows_missing: bool
    filled_column: Code
    one_hot: bool
    has_targets: bool
    encode: Code
    learns_labels: bool
    fill: Code
    wrong_count: Code
    one_hot_count: Code
    label_count: Code
    encoded: Code
    encoding: Code
    fills: bool
    learns_std: bool
    learns_range: bool
    learns_quartiles: bool


_ENCODERS = {"one_hot": "one_hot", "sign": "signs", "binary": "zeros_and_ones"}


_ENCODED = {
    "one_hot": (
        "a row per label with a 1 in its column; y may be one-hot already",
        "np.eye(k, dtype=DTYPE)[[places[label] for label in labels]]",
    ),
    "sign": (
        "-1 for the first label and 1 for the second, (n, 1)",
        "np.array([[2 * places[label] - 1] for label in labels], DTYPE)",
    ),
    "binary": (
        "0 for the first label and 1 for the second, (n, 1)",
        "np.array([[places[label]] for label in labels], DTYPE)",
    ),
}
"""What t is, and how it is made of the places of the labels."""

_DROPPED = "(np.isnan(rows) & allow_missing)"
"""Cells of rows that are left out, where the caller leaves such rows out."""


def data_text(program: Program) -> DataText:
    data = program.data
    bad, wanted = cells(data)
    k = program.loss.outputs
    shape = f"(n, {dimension(data.inputs.width)})"
    rows = "an array of finite numbers"
    if data.filling.allows_missing:
        rows = "finite numbers, NaN where one is missing"
    targets = _targets(data)
    count = data.labels.count if data.labels else 0
    mixed = data.has_columns
    fillings = [data.filling, *(each.filling for each in data.number_columns)]
    scalings = [data.scaling, *(each.scaling for each in data.number_columns)]
    has_targets = data.labels is None and data.encoding != "input"
    reads_tables = bool(data.inputs.names or not isinstance(data.inputs.width, int))
    reads_numbers = bool(data.number_columns) if mixed else reads_tables
    return DataText(
        open_features=not isinstance(data.inputs.width, int),
        open_targets=not isinstance(k, int),
        one_target=k == 1,
        named_targets=len(data.targets.names) > 1,
        target_names=listing([literal(name) for name in data.targets.names], 8, 60),
        width=code(dimension(data.inputs.width)),
        k=code(dimension(k)),
        column=code("{FEATURES[j]}" if data.inputs.names else "{j}"),
        about_rows=code(f"Return X as {rows}, {shape}."),
        bad_cells=code(bad),
        not_cell=code(wanted),
        about_targets=code(
            f"Return y as an array of {targets[0]}, (n, {dimension(k)})."
        ),
        bad_targets=code(targets[1]),
        not_target=code(targets[2]),
        learns_labels=bool(data.labels and not data.labels.declared),
        fill=code(next((each.kind for each in fillings if each.fills), "")),
        reads_tables=reads_tables,
        uses_columns=has_targets or reads_numbers,
        allows_missing=any(each.allows_missing for each in fillings),
        filled_column=code(
            f"{{{'NUMBERS' if data.label_columns else 'FEATURES'}[j]}}"
            if data.inputs.names
            else "{j}"
        ),
        one_hot=data.encoding == "one_hot",
        has_targets=has_targets,
        encode=code(_ENCODERS.get(data.encoding, "")),
        wrong_count=code(f"!= {count}" if isinstance(count, int) else "< 2"),
        one_hot_count=code(f"== {count}" if isinstance(count, int) else "> 1"),
        label_count=code(str(count) if isinstance(count, int) else "two or more"),
        encoded=code(_ENCODED.get(data.encoding, ("", ""))[0]),
        encoding=code(_ENCODED.get(data.encoding, ("", ""))[1]),
        fills=any(each.fills for each in fillings),
        learns_std=(data.encoding == "numbers" and data.target_scaling.is_standard)
        or (
            (mixed or data.weight is not None) and any(s.is_standard for s in scalings)
        ),
        learns_range=any(each.is_minmax and each.learned for each in scalings),
        learns_quartiles=any(each.is_robust for each in scalings),
    )


def cells(data: Data) -> tuple[str, str]:
    """What no cell of X may be: a mask, and what such a cell is."""
    low, high = data.inputs.low, data.inputs.high
    if not data.inputs.is_bounded:
        check = "~np.isfinite(rows)"
        if not (data.scaling.scales or data.filling.allows_missing):
            check = "~(np.abs(rows) <= np.finfo(DTYPE).max)"
        if data.filling.drops:
            check = f"{check} & ~{_DROPPED}"
        elif data.filling.allows_missing:
            check = "np.isinf(rows)"
        return check, "not a finite number"
    parts = [
        f"(rows {sign} {name})"
        for sign, name, end in ((">=", "LOW", low), ("<=", "HIGH", high))
        if end is not None
    ]
    if None in (low, high):
        parts.append("~np.isinf(rows)")
    inside = " & ".join(parts)
    check = f"~({inside})" if len(parts) > 1 else f"~{inside}"
    if data.filling.drops:
        check = f"{check} & ~{_DROPPED}"
    elif data.filling.allows_missing:
        check = f"{check} & ~np.isnan(rows)"
    ends = (
        f"{'{LOW}' if low is not None else ''}..{'{HIGH}' if high is not None else ''}"
    )
    return check, f"not in {ends}"


def _targets(data: Data) -> tuple[str, str, str]:
    """What y holds, what it may not, and what is said of that."""
    match data.decision.kind:
        case "multilabel":
            return "zeros and ones", "~np.isin(targets, (0, 1))", "not 0 or 1"
        case "distribution":
            bad = "~((targets >= 0) & (targets <= 1))"
            return "parts that sum to 1", bad, "not within 0..1"
    if data.targets.low is not None:
        bad = "~((targets >= 0) & (targets < np.inf))"
        return "numbers from 0 up", bad, "not a finite number from 0 up"
    return "finite numbers", "~np.isfinite(targets)", "not a finite number"
