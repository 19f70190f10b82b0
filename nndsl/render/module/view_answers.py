"""What y is, how it is read, and what the model answers."""

from dataclasses import dataclass

from nndsl.network import Network
from nndsl.program.data import Columns, Data, Labels
from nndsl.program.tree import Program
from nndsl.render.escape import Code, code, literal, number, prose
from nndsl.render.module.view_widths import output_shape


@dataclass(frozen=True, slots=True)
class Answers:
    """`places`: y becomes places in `classes_`; `keeps_shape`: answers look like y."""

    answers_note: tuple[Code, ...]
    rows_phrase: Code
    y_default: Code
    validation_type: Code
    reads_numbers: bool
    learns_input: bool
    places: bool
    keeps_shape: bool
    margin: bool
    initial_classes: Code
    learns_classes: bool
    saves_classes: bool
    fixed_classes: bool
    open_classes: bool
    classes_attribute: Code
    loaded_class_count: Code
    find_classes: Code
    class_count: Code
    class_count_parameter: Code
    learns_from_first_look: bool
    reads_one_hot: bool
    perhaps_words: bool
    labels_note: Code
    one_hot_shape: Code
    keys: Code
    names_targets: bool
    unnamed_number: bool
    target_width: Code
    target_options: Code
    target_is_binary: bool
    target_is_distribution: bool
    target_signs: Code
    network_target_template: str
    predict_template: str
    predict_note: Code
    prepare_note: Code
    has_probabilities: bool
    has_narrowest: bool
    narrowest: Code
    narrowest_name: Code


def answers(network: Network, program: Program) -> Answers:
    data, n_outputs = program.data, program.loss.outputs
    labels, targets, decision = data.labels, data.targets, data.decision
    one_hot, sign = data.encoding == "one_hot", data.encoding == "sign"
    two = decision.kind == "threshold"
    learns_input = data.encoding == "input"
    one_output = n_outputs == 1 or (
        decision.kind == "numbers" and n_outputs == "outputs"
    )
    keeps_shape = one_output and not learns_input
    learns_classes = labels is not None and not labels.declared
    count = labels.count if labels is not None else 0
    open_classes = learns_classes and count == "outputs"
    family = "two" if two else "classes" if labels else "numbers"
    return Answers(
        answers_note=(code(_note(program)),),
        rows_phrase=code("X" if learns_input else f"X and their {_kind(data)} y"),
        y_default=code(" = None" if learns_input else ""),
        validation_type=code("tuple[Any, ...]" if learns_input else "tuple[Any, Any]"),
        reads_numbers=not learns_input and labels is None,
        learns_input=learns_input,
        places=labels is not None,
        keeps_shape=keeps_shape,
        margin=sign,
        initial_classes=code(_initial_classes(labels)),
        learns_classes=learns_classes,
        saves_classes=learns_classes,
        fixed_classes=not open_classes,
        open_classes=open_classes,
        classes_attribute=code("_labels" if open_classes else "classes_"),
        loaded_class_count=code("2" if two else "model.n_outputs_"),
        find_classes=code(
            "find_classes(y)" if open_classes else f"find_classes(y, {count})"
        ),
        class_count=code("t.shape[1]" if one_hot else "2"),
        class_count_parameter=code("" if open_classes else ", n: int"),
        learns_from_first_look=not data.inputs.names or learns_classes,
        reads_one_hot=one_hot,
        perhaps_words=learns_classes,
        labels_note=code("; one-hot rows are understood too" if one_hot else ""),
        one_hot_shape=code(", (n, k)" if one_hot else ""),
        keys=code(_keys(labels, one_hot)),
        names_targets=bool(targets.names),
        unnamed_number=keeps_shape and not targets.names,
        target_width=code(
            "(np.shape(y) or (1,))[-1]" if n_outputs == "outputs" else "self.n_outputs_"
        ),
        target_options=code(_bounds(targets)),
        target_is_binary=decision.kind == "multilabel",
        target_is_distribution=decision.kind == "distribution",
        target_signs=code("-1 or 1" if sign else "0 or 1"),
        network_target_template=f"tasks/target_{family}.py.jinja",
        predict_template=(
            "tasks/predict_labels.py.jinja"
            if decision.kind == "multilabel"
            else f"tasks/predict_{family}.py.jinja"
        ),
        predict_note=code(_predict_note(program, keeps_shape)),
        prepare_note=code(_prepare_note(data)),
        has_probabilities=decision.probabilities,
        has_narrowest=network.narrowest is not None,
        narrowest=literal(network.narrowest or ""),
        narrowest_name=prose(network.narrowest or ""),
    )


def _keys(labels: Labels | None, one_hot: bool) -> str:
    """What may stand for the classes in y: labels, their places, one-hot rows."""
    keys = ["*classes.tolist()"]
    if labels is not None and labels.kind == "text":
        keys.append("*range(k)")
    if one_hot:
        keys.append("*map(tuple, np.eye(k).tolist())")
    return f"[{', '.join(keys)}]"


def _kind(data: Data) -> str:
    return "labels" if data.labels or data.decision.kind == "multilabel" else "numbers"


def _note(program: Program) -> str:
    shape = output_shape(program)
    match program.data.decision.kind:
        case "argmax":
            return "y holds labels, their places in classes_, or one-hot rows."
        case "threshold":
            return "y holds labels or their places in classes_."
        case "multilabel":
            return f"y has 1 for each label that holds, 0 for the others {shape}."
        case "distribution":
            return f"y has shares that add up to 1 in each row {shape}."
        case _ if program.data.encoding == "input":
            return "y is not needed: the network learns to draw X itself."
        case _ if program.loss.outputs == 1:
            return "y holds numbers, (n,) or (n, 1)."
        case _:
            return f"y holds numbers, {shape}."


def _initial_classes(labels: Labels | None) -> str:
    if labels is not None and labels.declared:
        return "np.array(CLASSES)"
    count = labels.count if labels is not None else 0
    return f"np.arange({count if isinstance(count, int) else 0})"


def _bounds(columns: Columns) -> str:
    """The arguments that bound the values of columns."""
    given = {"low": columns.low, "high": columns.high}
    return "".join(
        f", {name}={number(bound).text}"
        for name, bound in given.items()
        if bound is not None
    )


def _predict_note(program: Program, keeps_shape: bool) -> str:
    shape = output_shape(program)
    if program.data.encoding == "input":
        return f"Each row as the network draws it again {shape}."
    if program.data.decision.kind == "distribution":
        return f"The shares for each row {shape}."
    if keeps_shape:
        return "The number for each row, in the shape that y had."
    return f"The numbers for each row {shape}."


def _prepare_note(data: Data) -> str:
    x = "X as the network sees it"
    if data.encoding == "input":
        return f"{x}; y is the same."
    if data.labels is not None:
        return f"{x}, and with y also the places of its labels."
    return f"{x}, and y likewise where it is given."
