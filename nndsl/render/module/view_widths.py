"""How wide the network is, and what the module is told of its columns."""

from __future__ import annotations

from dataclasses import dataclass

from nndsl.network import Network
from nndsl.render.escape import Code, code, listing, literal, value
from nndsl.render.module.view_metrics import metric_names


@dataclass(frozen=True, slots=True)
class Widths:
    """`settings`: the constants over the class."""

    settings: tuple[Code, ...]
    n_inputs: Code
    n_outputs: Code
    n_inputs_text: Code
    output_shape: Code
    has_columns: bool
    fixed_widths: bool
    open_widths: bool
    open_inputs: bool
    open_outputs: bool
    learns_names: bool
    numbers_columns: bool
    build_arguments: Code
    build_for_input: Code
    build_loaded: Code
    count: Code
    and_y: Code
    y_parameter: Code
    n_inputs_now: Code
    expected_inputs: Code
    n_inputs_first: Code
    n_outputs_first: Code
    others: Code
    free_members: bool
    free: Code


def widths(network: Network) -> Widths:
    n_inputs, n_outputs = network.inputs.width, network.n_outputs
    is_open = n_inputs is None or not isinstance(n_outputs, int)
    has_columns = network.inputs.columns is not None
    return Widths(
        settings=_settings(network),
        n_inputs=code(str(n_inputs or 0)),
        n_outputs=code(str(n_outputs if isinstance(n_outputs, int) else 0)),
        n_inputs_text=code(str(n_inputs or "n_features")),
        output_shape=code(output_shape(network)),
        has_columns=has_columns,
        fixed_widths=not is_open,
        open_widths=is_open,
        open_inputs=n_inputs is None,
        open_outputs=n_outputs == "outputs",
        learns_names=not has_columns,
        numbers_columns=not has_columns or _unnamed_numbers(network),
        build_arguments=code(_build_arguments(network)),
        build_loaded=code(_build_loaded(network)),
        count=code(_count(network)),
        and_y=code(", y" if n_outputs == "outputs" else ""),
        y_parameter=code(", y: Any = None" if n_outputs == "outputs" else ""),
        n_inputs_now=code(str(n_inputs or "self.n_features_in_")),
        expected_inputs=code(f"(n, {n_inputs or '{self.n_features_in_}'})"),
        n_inputs_first=code(str(n_inputs or 1)),
        n_outputs_first=code(str(n_outputs if isinstance(n_outputs, int) else 1)),
        others=code("others" if is_open else "OPTIONAL"),
        build_for_input=code(
            ", ".join(
                ["n_features=x.shape[1]"] * (n_inputs is None)
                + ["n_outputs=width_of(y)"] * (n_outputs == "outputs")
            )
        ),
        free_members=not has_columns or _open_labels(network),
        free=code(
            "dict.fromkeys(["
            + ", ".join(
                ['"classes"'] * _open_labels(network)
                + ['"features"'] * (not has_columns)
            )
            + "])"
        ),
    )


def _count(network: Network) -> str:
    """The number of outputs, as an expression of a method."""
    match network.n_outputs:
        case "features":
            return "self.n_features_in_"
        case "outputs":
            return "self.n_outputs_"
        case count:
            return str(count)


def output_shape(network: Network) -> str:
    """The shape of the outputs, as in a comment."""
    match network.n_outputs:
        case "features":
            return "(n, n_features)"
        case "outputs":
            return "(n, n_outputs)"
        case count:
            return f"(n, {count})"


def _unnamed_numbers(network: Network) -> bool:
    """Whether y is a table of numbers whose columns the spec does not name."""
    labels = ("classes", "binary", "margin")
    target = network.target
    return network.task not in labels and not target.columns and target.kind != "input"


def _open_labels(network: Network) -> bool:
    return network.task in ("classes", "binary", "margin") and not network.target.labels


def _build_arguments(network: Network) -> str:
    arguments = []
    if network.inputs.width is None:
        arguments.append("n_features=rows.shape[1]")
    if network.n_outputs == "outputs":
        classes = network.task == "classes"
        arguments.append(
            "n_outputs=len(self.classes_)" if classes else "n_outputs=answers.shape[1]"
        )
    return ", ".join(arguments)


def _build_loaded(network: Network) -> str:
    """The arguments that build a network of the widths of a file."""
    arguments = []
    if network.inputs.width is None:
        arguments.append("n_features=widths[0]")
    if network.n_outputs == "outputs":
        arguments.append("n_outputs=widths[1]")
    return ", ".join(arguments)


def _settings(network: Network) -> tuple[Code, ...]:
    lines = []
    if network.inputs.columns is not None:
        lines.append(_list("FEATURES", [literal(c) for c in network.inputs.columns]))
    if network.target.columns:
        lines.append(_list("TARGETS", [literal(c) for c in network.target.columns]))
    if network.target.labels:
        lines.append(
            _list("CLASSES", [value(label) for label in network.target.labels])
        )
    note = "  # a weights file keeps these lines and fits no other network"
    rows = "".join(f"    {literal(line).text},\n" for line in network.lines)
    lines.append(code(f"NETWORK = [{note}\n{rows}]"))
    figures = ["loss", *metric_names(network)]
    lines.append(_list("LOGGED", [literal(name) for name in figures]))
    weights = network.train.class_weights
    if isinstance(weights, tuple):
        lines.append(_list("CLASS_WEIGHTS", _class_weights(network, dict(weights))))
    return tuple(lines)


def _class_weights(
    network: Network, weights: dict[str | int | float, float]
) -> list[Code]:
    """A weight for every class; two classes and labels: negatives, then positives."""
    if network.task == "labels":
        positives = [value(float(weights.get(c, 1.0))) for c in network.target.columns]
        return [
            listing([value(1.0)] * len(positives), 4),
            listing(positives, 4),
        ]
    each = [value(float(weights.get(label, 1.0))) for label in network.target.labels]
    return each if network.task == "classes" else [listing([one], 4) for one in each]


def _list(constant: str, items: list[Code]) -> Code:
    return code(f"{constant} = {listing(items, 0, len(constant) + 3).text}")
