"""How wide the network is, and what the module is told of its columns."""

from dataclasses import dataclass

from nndsl.network import Network
from nndsl.program.data import Data
from nndsl.program.program import Program
from nndsl.render.escape import Code, code, listing, literal, number, value
from nndsl.render.module.view_metrics import metric_names
from nndsl.render.shapes import shape


@dataclass(frozen=True, slots=True)
class Widths:
    """`settings`: the constants over the class.

    `n_inputs` is 0 where the data decide; `n_inputs_now` is then the model's own.  The
    last three are what `build` is given: by `fit`, by the first rows, by a file.
    """

    settings: tuple[Code, ...]
    n_inputs: Code
    n_outputs: Code
    n_inputs_now: Code
    n_outputs_now: Code
    output_shape: Code
    is_open: bool
    open_inputs: bool
    open_outputs: bool
    build_arguments: Code
    build_for_input: Code
    build_loaded: Code


_ATTRIBUTES = {"features": "self.n_features_in_", "outputs": "self.n_outputs_"}


def widths(network: Network, program: Program) -> Widths:
    data = program.data
    n_inputs, n_outputs = data.inputs.width, program.loss.outputs
    found = "answers.shape[1]" if data.labels is None else "len(self.classes_)"

    def build(features: str, outputs: str) -> Code:
        arguments = [f"n_features={features}"] * (n_inputs == "features")
        arguments += [f"n_outputs={outputs}"] * (n_outputs == "outputs")
        return code(", ".join(arguments))

    return Widths(
        settings=_settings(network, data),
        n_inputs=code("0" if n_inputs == "features" else str(n_inputs)),
        n_outputs=code(str(n_outputs) if isinstance(n_outputs, int) else "0"),
        n_inputs_now=code(_ATTRIBUTES.get(str(n_inputs), str(n_inputs))),
        n_outputs_now=code(_ATTRIBUTES.get(str(n_outputs), str(n_outputs))),
        output_shape=code(shape(("n", n_outputs))),
        is_open=not (isinstance(n_inputs, int) and isinstance(n_outputs, int)),
        open_inputs=n_inputs == "features",
        open_outputs=n_outputs == "outputs",
        build_arguments=build("rows.shape[1]", found),
        build_for_input=build("x.shape[1]", "width_of(y)"),
        build_loaded=build("widths[0]", "widths[1]"),
    )


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
