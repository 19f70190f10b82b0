"""What y is, how it is read, and what the model answers."""

from dataclasses import dataclass

from nndsl.network import Network
from nndsl.program.program import Program
from nndsl.render.escape import Code, code, literal, prose
from nndsl.render.module.view_scaling import bounds


@dataclass(frozen=True, slots=True)
class Answers:
    """How targets are encoded, and what they are.

    `keeps_shape`: answers look like y.  `learns_classes`: the labels are those of y,
    and with `open_classes` as many.  `narrowest`: the layer that `transform` gives.
    """

    learns_input: bool
    reads_numbers: bool
    one_hot: bool
    sign: bool
    multilabel: bool
    distribution: bool
    keeps_shape: bool
    learns_classes: bool
    open_classes: bool
    learns_from_first_look: bool
    class_count: Code
    y_default: Code
    target_options: Code
    narrowest: Code | None
    narrowest_name: Code


def answers(network: Network, program: Program) -> Answers:
    data, n_outputs = program.data, program.loss.outputs
    labels, decision = data.labels, data.decision.kind
    learns_input = data.encoding == "input"
    one_output = n_outputs == 1 or (decision == "numbers" and n_outputs == "outputs")
    learns_classes = labels is not None and not labels.declared
    count = labels.count if labels is not None else 0
    open_classes = learns_classes and count == "outputs"
    return Answers(
        learns_input=learns_input,
        reads_numbers=data.encoding == "numbers",
        one_hot=data.encoding == "one_hot",
        sign=data.encoding == "sign",
        multilabel=decision == "multilabel",
        distribution=decision == "distribution",
        keeps_shape=one_output and not learns_input,
        learns_classes=learns_classes,
        open_classes=open_classes,
        learns_from_first_look=not data.inputs.names or learns_classes,
        class_count=code(str(count)),
        y_default=code(" = None" if learns_input else ""),
        target_options=code(bounds(data.targets)),
        narrowest=literal(network.narrowest) if network.narrowest else None,
        narrowest_name=prose(network.narrowest or ""),
    )
