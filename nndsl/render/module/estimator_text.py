"""What the templates of an estimator print besides what those of every module do."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from nndsl.network import Network
from nndsl.program.data import Data
from nndsl.program.program import Program
from nndsl.render.escape import Code, code
from nndsl.render.lines import WIDTH, commented
from nndsl.render.module.model_text import about, hyperparameters
from nndsl.render.module.view import ModuleView

_ENCODINGS = {
    "one_hot": "np.eye(len(self.classes_), dtype=DTYPE)[places]",
    "binary": "places.reshape(-1, 1).astype(DTYPE)",
    "sign": "(2 * places.reshape(-1, 1) - 1).astype(DTYPE)",
}
"""What t is, of the places of the labels."""


@dataclass(frozen=True, slots=True)
class EstimatorText:
    """`validated`, `at_predict`: the statements in which scikit-learn checks data, in
    `fit` and before an answer.  `complete`: the mask of the rows that are learned;
    `filtered`: the statement that leaves them.  `sorts`: the labels of the spec are not
    in the order of `classes_`, which is theirs sorted.
    """

    bases: Code
    about: tuple[Code, ...]
    signature: tuple[Code, ...]
    stored: tuple[Code, ...]
    tags: tuple[Code, ...]
    validated: Code
    validated_rows: Code
    at_predict: Code
    complete: Code
    filtered: Code
    checked: Code
    inputs: Code
    rows: Code
    encoding: Code
    output: Code
    code_width: Code
    given: Code
    names_columns: bool
    names_targets: bool
    fixed_width: bool
    has_limits: bool
    fixed_outputs: bool
    checks_targets: bool
    n_labels: Code
    sorts: bool
    has_functions: bool


def estimator_text(
    network: Network, program: Program, view: ModuleView
) -> EstimatorText:
    data, outputs = program.data, program.loss.outputs
    rows = "rows" if view.model.has_scale else "x"
    into = "X" if data.has_columns else rows
    named = bool(data.inputs.names)
    X = "by_name(X, FEATURES)" if named else "X"
    y = "by_name(y, TARGETS)" if len(data.targets.names) > 1 else "y"
    options = _options(data)
    missing = data.filling.allows_missing and not data.has_columns
    nan = ', ensure_all_finite="allow-nan"'
    of_y = "".join(f", {option}" for option in _options_of_y(program))
    both, given = (into, X) if view.learns_input else (f"{into}, y", f"{X}, {y}")
    filtered = ", ".join(
        f"{each}[complete]" for each in (*both.split(", "), "sample_weight")
    )
    labels = data.labels.values if data.labels else ()
    has_limits = data.inputs.is_bounded and not data.has_columns
    return EstimatorText(
        bases=code(", ".join(_bases(data))),
        about=tuple(
            map(code, textwrap.wrap(about(data, program, estimator=True), WIDTH - 4))
        ),
        signature=tuple(map(code, _signature(network))),
        stored=tuple(
            code(f"self.{each.name} = {each.name}")
            for each in hyperparameters(network, "random_state")
        ),
        tags=tuple(map(code, _tags(program))),
        validated=code(
            f"{both} = validate_data(self, {given}{options}{nan * missing}{of_y})"
        ),
        validated_rows=code(into),
        at_predict=code(
            f"{into} = validate_data(self, {X}, reset=False{options}"
            f"{nan * (missing and data.filling.fills)})"
        ),
        complete=code(_complete(view, rows)),
        checked=code(_checked(view)),
        inputs=code(_inputs(view)),
        filtered=code(f"{both}, sample_weight = {filtered}"),
        rows=code(rows),
        encoding=code(_ENCODINGS.get(data.encoding, "")),
        output=code(f"self._forward(X)[-1]{_as_numbers(program)}"),
        code_width=code(_code_width(program)),
        given=code(X),
        names_columns=named,
        names_targets=y != "y",
        fixed_width=isinstance(data.inputs.width, int),
        has_limits=has_limits,
        fixed_outputs=isinstance(outputs, int) and outputs != 1,
        checks_targets=data.encoding == "numbers"
        and "isfinite" not in view.rows.bad_targets.text,
        n_labels=code(str(len(labels))),
        sorts=list(labels) != sorted(labels, key=_order),
        has_functions=named or y != "y" or has_limits or _has_functions(view),
    )


def _bases(data: Data) -> Iterator[str]:
    """What the class inherits; BaseEstimator comes last, as scikit-learn asks."""
    if data.encoding == "input":
        yield from ("ClassNamePrefixFeaturesOutMixin", "TransformerMixin")
    elif data.labels is not None or data.decision.is_multilabel:
        yield "ClassifierMixin"
    else:
        yield "RegressorMixin"
    yield "BaseEstimator"


def _options(data: Data) -> str:
    """How scikit-learn checks X."""
    if data.has_columns:
        return ", dtype=object, ensure_all_finite=False"
    scaled = data.scaling.scales or data.filling.fills
    return f", dtype={'float' if scaled else 'DTYPE'}"


def _options_of_y(program: Program) -> Iterator[str]:
    if program.data.encoding == "numbers":
        if program.loss.outputs != 1:
            yield "multi_output=True"
        yield "y_numeric=True"


def _signature(network: Network) -> Iterator[str]:
    for each in hyperparameters(network, "random_state"):
        line = f"        {each.name}={each.default},"
        lines = commented(line, each.note) if each.note else [line]
        yield from (line[8:] for line in lines)


def _tags(program: Program) -> Iterator[str]:
    """What scikit-learn does not assume of an estimator."""
    data, outputs = program.data, program.loss.outputs
    fillings = data.filling, *(each.filling for each in data.number_columns)
    if any(each.allows_missing for each in fillings):
        yield "tags.input_tags.allow_nan = True"
    if data.label_columns:
        yield "tags.input_tags.string = True"
    if data.decision.is_threshold:
        yield "tags.classifier_tags.multi_class = False"
    if data.decision.is_multilabel:
        yield "tags.classifier_tags.multi_label = True"
        yield "tags.target_tags.two_d_labels = True"
    elif data.encoding == "numbers" and outputs != 1:
        yield "tags.target_tags.multi_output = True"
        if isinstance(outputs, int):
            yield "tags.target_tags.single_output = False"
    if data.targets.low is not None and not data.decision.is_multilabel:
        yield "tags.target_tags.positive_only = True"
    if data.encoding == "input" and program.precision == "float32":
        yield 'tags.transformer_tags.preserves_dtype = ["float32"]'


def _checked(view: ModuleView) -> str:
    """Cells of X as numbers, where columns are not all treated alike."""
    columns = view.columns
    labels = "find_labels(X)" if columns.learns_part else "labels"
    return f"check_rows(X{f', {labels}' if columns.learns else ''})"


def _complete(view: ModuleView, rows: str) -> str:
    if not view.data.filling.drops:
        return "sample_weight > 0"
    if not view.data.has_columns:
        return f"(sample_weight > 0) & ~np.isnan({rows}).any(axis=1)"
    labels = ", find_labels(X)" if view.columns.learns else ""
    checked = f"check_rows(X{labels}, allow_missing=True)"
    return f"(sample_weight > 0) & complete_rows({checked})"


def _inputs(view: ModuleView) -> str:
    """The rows that `predict` was given as the network sees them."""
    if view.data.has_columns:
        labels = ", self.labels_" if view.columns.learns else ""
        return f"self.encode(check_rows(X{labels}))"
    return "self._scale(rows)" if view.model.has_scale else "x"


def _has_functions(view: ModuleView) -> bool:
    rows = view.rows
    return bool(
        view.columns.mixed
        or rows.fills
        or rows.learns_std
        or rows.learns_range
        or rows.learns_quartiles
        or view.fit.parts.text
    )


def _as_numbers(program: Program) -> str:
    """What makes float64 of a regressor's output, as scikit-learn expects of it."""
    data = program.data
    scaled = data.target_scaling.scales or data.encoding == "input"
    return "" if scaled or program.precision == "float64" else ".astype(float)"


def _code_width(program: Program) -> str:
    """How many numbers `transform` gives for a row."""
    if program.narrowest is None:
        return ""
    width = program.arrays[program.narrowest].shape[1]
    return str(width) if isinstance(width, int) else "self.n_features_in_"


def _order(label: str | int | float) -> tuple[bool, str | int | float]:
    return isinstance(label, str), label
