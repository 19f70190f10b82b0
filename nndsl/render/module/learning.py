"""What `fit` learns from the training rows before the network: labels and scales."""

from nndsl.program.data import Data
from nndsl.render.module.column_text import LEARNERS, n_number_columns, scalings_of

LEARNED = {
    "standard": ["mean", "std"],
    "minmax": ["low", "range"],
    "robust": ["median", "iqr"],
}
"""What is learned to scale the inputs, by the names in a file."""


def learned_arrays(data: Data) -> tuple[list[str], list[str]]:
    """The arrays that the training rows teach, as they are called in a file."""
    fillings = data.filling, *(each.filling for each in data.number_columns)
    rows = ["fill"] if any(each.fills for each in fillings) else []
    if data.scaling.learned:
        rows += LEARNED[data.scaling.kind]
    if scalings_of(data):
        rows += ["start", "spread"]
    scaled = data.encoding == "numbers" and data.target_scaling.scales
    return rows, ["target_mean", "target_std"] if scaled else []


def learning(
    data: Data, of_rows: list[str], of_targets: list[str], index: str
) -> list[str]:
    """What the training rows teach, line by line."""
    lines, known = [], f"rows{index}"
    if data.has_columns:
        lines += _labels_learned(data, index)
        if of_rows and (index or data.label_columns):
            lines.append(f"numbers = {_numbers(data, known)}")
            known = "numbers"
    if "fill" in of_rows:
        lines.append(f"self.fill_ = fill_values({known})")
        if data.scaling.learned:
            lines.append(f"filled = np.where(np.isnan(rows), self.fill_, rows){index}")
            known = "filled"
        elif scalings_of(data):
            lines.append(f"filled = np.where(np.isnan({known}), self.fill_, {known})")
            known = "filled"
    weights = f", sample_weight{index}" if data.weight else ""
    if "mean" in of_rows and (of_targets or weights):
        lines.append(f"self.mean_, self.std_ = mean_and_std({known}{weights})")
    elif "mean" in of_rows:
        lines += [
            f"self.mean_, self.std_ = {known}.mean(axis=0), {known}.std(axis=0)",
            f"self.std_[np.ptp({known}, 0) <= 1e-15 * abs(self.mean_)] = 1  # constant",
        ]
    if "low" in of_rows:
        lines.append(f"self.low_, self.range_ = low_and_range({known})")
    if "median" in of_rows:
        lines.append(f"self.median_, self.iqr_ = median_and_iqr({known})")
    if "start" in of_rows:
        (way, *others) = scalings_of(data)
        alone = way.learned and not others
        learner = LEARNERS[way.kind] if alone else "start_and_spread"
        given = known if alone and not way.is_standard else f"{known}{weights}"
        lines.append(f"self.start_, self.spread_ = {learner}({given})")
    if of_targets:
        given = f"targets{index}{weights}"
        lines.append(f"self.target_mean_, self.target_std_ = mean_and_std({given})")
    return lines


def _numbers(data: Data, rows: str) -> str:
    """Of rows, the columns of numbers."""
    return f"{rows}[:, :{n_number_columns(data)}]" if data.label_columns else rows


def _labels_learned(data: Data, index: str) -> list[str]:
    """The labels that the training rows hold; then rows go by these."""
    if not any(column.learned for column in data.label_columns):
        return []
    if not index:
        return ["self.labels_ = labels"]
    drops = ", allow_missing=True" if data.filling.drops else ""
    return [
        "self.labels_ = find_labels(X, train)",
        "# a label that only other rows hold counts as none, since a random split must",
        "# not decide whether training runs",
        f"rows = check_rows(X, self.labels_{drops}, allow_unknown=True)",
    ]
