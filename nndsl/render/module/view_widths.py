"""How wide the network is, and what the module is told of its columns."""

from dataclasses import dataclass

from nndsl.network import Network
from nndsl.program.data import Data
from nndsl.program.tree import Dimension, Program
from nndsl.render.escape import Code, code, listing, literal, number, value
from nndsl.render.module.view_metrics import metric_names
from nndsl.render.shapes import shape


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


def widths(network: Network, program: Program) -> Widths:
    data, n_outputs = program.data, program.loss.outputs
    n_inputs = data.inputs.width if isinstance(data.inputs.width, int) else None
    is_open = n_inputs is None or not isinstance(n_outputs, int)
    has_columns = bool(data.inputs.names)
    open_labels = data.labels is not None and not data.labels.declared
    numbers = data.encoding == "numbers" and not data.targets.names
    return Widths(
        settings=_settings(network, data),
        n_inputs=code(str(n_inputs or 0)),
        n_outputs=code(str(n_outputs if isinstance(n_outputs, int) else 0)),
        n_inputs_text=code(str(n_inputs or "n_features")),
        output_shape=code(output_shape(program)),
        has_columns=has_columns,
        fixed_widths=not is_open,
        open_widths=is_open,
        open_inputs=n_inputs is None,
        open_outputs=n_outputs == "outputs",
        learns_names=not has_columns,
        numbers_columns=not has_columns or numbers,
        build_arguments=code(_build_arguments(data, n_outputs)),
        build_loaded=code(_build_loaded(n_inputs, n_outputs)),
        count=code(_count(n_outputs)),
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
        free_members=not has_columns or open_labels,
        free=code(
            "dict.fromkeys(["
            + ", ".join(
                ['"classes"'] * open_labels + ['"features"'] * (not has_columns)
            )
            + "])"
        ),
    )


def _count(n_outputs: Dimension) -> str:
    """The number of outputs, as an expression of a method."""
    words = {"features": "self.n_features_in_", "outputs": "self.n_outputs_"}
    return words[n_outputs] if isinstance(n_outputs, str) else str(n_outputs)


def output_shape(program: Program) -> str:
    """The shape of the outputs, as in a comment."""
    return shape(("n", program.loss.outputs))


def _build_arguments(data: Data, n_outputs: Dimension) -> str:
    arguments = []
    if data.inputs.width == "features":
        arguments.append("n_features=rows.shape[1]")
    if n_outputs == "outputs":
        count = "answers.shape[1]" if data.labels is None else "len(self.classes_)"
        arguments.append(f"n_outputs={count}")
    return ", ".join(arguments)


def _build_loaded(n_inputs: int | None, n_outputs: Dimension) -> str:
    """The arguments that build a network of the widths of a file."""
    arguments = []
    if n_inputs is None:
        arguments.append("n_features=widths[0]")
    if n_outputs == "outputs":
        arguments.append("n_outputs=widths[1]")
    return ", ".join(arguments)


def _settings(network: Network, data: Data) -> tuple[Code, ...]:
    lines = []
    if data.inputs.names:
        lines.append(_list("FEATURES", [literal(name) for name in data.inputs.names]))
    if data.targets.names:
        lines.append(_list("TARGETS", [literal(name) for name in data.targets.names]))
    if data.labels is not None and data.labels.declared:
        lines.append(_list("CLASSES", [value(label) for label in data.labels.values]))
    note = "  # a weights file keeps these lines and fits no other network"
    rows = "".join(f"    {literal(line).text},\n" for line in network.lines)
    lines.append(code(f"NETWORK = [{note}\n{rows}]"))
    figures = ["loss", *metric_names(network)]
    lines.append(_list("LOGGED", [literal(name) for name in figures]))
    weights = network.train.class_weights
    if isinstance(weights, tuple):
        each = [number(float(weight)) for _, weight in weights]
        if data.encoding != "one_hot":
            each = [listing([one], 4) for one in each]
        lines.append(_list("CLASS_WEIGHTS", each))
    return tuple(lines)


def _list(constant: str, items: list[Code]) -> Code:
    return code(f"{constant} = {listing(items, 0, len(constant) + 3).text}")
