"""What y is, how it is read, and what the model answers."""

from __future__ import annotations

from dataclasses import dataclass

from nndsl.network import Network
from nndsl.render.escape import Code, code, literal, prose
from nndsl.render.module.view_widths import output_shape

PLACES = ("classes", "binary", "margin")
"""The tasks whose y becomes the places of labels in `classes_`."""


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


def answers(network: Network) -> Answers:
    task, target = network.task, network.target
    places = task in PLACES
    two = task in ("binary", "margin")
    learns_input = target.kind == "input"
    one_output = network.n_outputs == 1 or (
        task == "numbers" and network.n_outputs == "outputs"
    )
    keeps_shape = one_output and not learns_input
    learns_classes = places and not target.labels
    open_classes = learns_classes and not two and network.n_outputs == "outputs"
    count = 2 if two else network.n_outputs
    family = "two" if two else "classes" if places else "numbers"
    return Answers(
        answers_note=tuple(map(code, _note(network))),
        rows_phrase=code("X" if learns_input else f"X and their {_kind(network)} y"),
        y_default=code(" = None" if learns_input else ""),
        validation_type=code("tuple[Any, ...]" if learns_input else "tuple[Any, Any]"),
        reads_numbers=not learns_input and not places,
        learns_input=learns_input,
        places=places,
        keeps_shape=keeps_shape,
        margin=task == "margin",
        initial_classes=code(_initial_classes(network, count)),
        learns_classes=learns_classes,
        saves_classes=learns_classes,
        fixed_classes=not open_classes,
        open_classes=open_classes,
        classes_attribute=code("_labels" if open_classes else "classes_"),
        loaded_class_count=code("2" if two else "model.n_outputs_"),
        find_classes=code(
            "find_classes(y)" if open_classes else f"find_classes(y, {count})"
        ),
        class_count=code("t.shape[1]" if task == "classes" else "2"),
        class_count_parameter=code("" if open_classes else ", n: int"),
        learns_from_first_look=network.inputs.columns is None or learns_classes,
        reads_one_hot=task == "classes",
        perhaps_words=learns_classes,
        labels_note=code(
            "; one-hot rows are understood too" if task == "classes" else ""
        ),
        one_hot_shape=code(", (n, k)" if task == "classes" else ""),
        keys=code(_keys(network)),
        names_targets=bool(target.columns),
        unnamed_number=keeps_shape and not target.columns,
        target_width=code(
            "(np.shape(y) or (1,))[-1]"
            if network.n_outputs == "outputs"
            else "self.n_outputs_"
        ),
        target_options=code(_target_options(network)),
        target_is_binary=task == "labels",
        target_is_distribution=task == "distribution",
        target_signs=code("-1 or 1" if task == "margin" else "0 or 1"),
        network_target_template=f"tasks/target_{family}.py.jinja",
        predict_template=(
            "tasks/predict_labels.py.jinja"
            if task == "labels"
            else f"tasks/predict_{family}.py.jinja"
        ),
        predict_note=code(_predict_note(network, keeps_shape)),
        prepare_note=code(_prepare_note(network)),
        has_probabilities=network.loss.name
        in ("categorical_crossentropy", "binary_crossentropy"),
        has_narrowest=network.narrowest is not None,
        narrowest=literal(network.narrowest or ""),
        narrowest_name=prose(network.narrowest or ""),
    )


def _keys(network: Network) -> str:
    """What may stand for the classes in y: labels, their places, one-hot rows."""
    keys = ["*classes.tolist()"]
    if network.target.labels and isinstance(network.target.labels[0], str):
        keys.append("*range(k)")
    if network.task == "classes":
        keys.append("*map(tuple, np.eye(k).tolist())")
    return f"[{', '.join(keys)}]"


def _kind(network: Network) -> str:
    return "labels" if network.task in (*PLACES, "labels") else "numbers"


def _note(network: Network) -> list[str]:
    shape = output_shape(network)
    match network.task:
        case "classes":
            first = "y holds labels, their places in classes_, or one-hot rows."
        case "binary" | "margin":
            first = "y holds labels or their places in classes_."
        case "labels":
            first = f"y has 1 for each label that holds, 0 for the others {shape}."
        case "distribution":
            first = f"y has shares that add up to 1 in each row {shape}."
        case _ if network.target.kind == "input":
            first = "y is not needed: the network learns to draw X itself."
        case _:
            first = f"y holds numbers, {shape}."
            if network.n_outputs == 1:
                first = "y holds numbers, (n,) or (n, 1)."
    return [first]


def _initial_classes(network: Network, count: int | str) -> str:
    if network.target.labels:
        return "np.array(CLASSES)"
    return f"np.arange({count if isinstance(count, int) else 0})"


def _target_options(network: Network) -> str:
    if network.task in ("labels", "distribution"):
        return ", low=0, high=1"
    return ", low=0" if network.loss.name == "poisson" else ""


def _predict_note(network: Network, keeps_shape: bool) -> str:
    shape = output_shape(network)
    if network.target.kind == "input":
        return f"Each row as the network draws it again {shape}."
    if network.task == "distribution":
        return f"The shares for each row {shape}."
    if keeps_shape:
        return "The number for each row, in the shape that y had."
    return f"The numbers for each row {shape}."


def _prepare_note(network: Network) -> str:
    x = "X as the network sees it"
    if network.target.kind == "input":
        return f"{x}; y is the same."
    if network.task in PLACES:
        return f"{x}, and with y also the places of its labels."
    return f"{x}, and y likewise where it is given."
