"""The spec of an imported network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from nndsl.check.read.values import format_number
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.importing.imported import Column, Imported, NumberColumn, WordColumn
from nndsl.importing.layers import (
    Activation,
    Array,
    BatchNorm,
    Dense,
    Dropout,
    Layer,
    LayerNorm,
)
from nndsl.spec_text.canonical import input_label
from nndsl.spec_text.texts import argument_texts, call_text, column, label, percent

_EPSILON = 1e-5
_SHOWN = 10
"""The most labels or columns in a comment."""
_LOSSES = {
    "softmax": "categorical_crossentropy",
    "sigmoid": "binary_crossentropy",
}
"""Those that make probabilities of what these activations give."""
_SIGNS = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "power": "^",
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "==",
    "not_equal": "!=",
}
_WRITTEN = {
    "negate": "(-{0})",
    "square": "{0}^2",
    "reciprocal": "(1 / {0})",
    "times_normal_cdf": "({0} * normal_cdf({0}))",
    "minimum": "min({0}, {1})",
    "maximum": "max({0}, {1})",
}
"""Operations that the language writes otherwise than as functions of their name."""


def spec_of(imported: Imported, network: str) -> str:
    """The spec of a network called `network`; every setting of the training is open."""
    own = [each for each in imported.layers if _is_own(each)]
    lines = [f"# Imported: {imported.source}."]
    for place, each in enumerate(own, 1):
        assert isinstance(each, Activation) and each.formula is not None
        text = formula_text(each.formula)
        lines.append(f"activation imported{place}(x) = {text}")
    lines.append(f"network {network} {{")
    lines += [f"    {line}" for line in _inputs(imported)]
    lines += [f"    {line}" for line in _layers(imported, own)]
    lines.append(f"    {_target(imported)}")
    lines.append(f"    loss {loss_of(imported)}")
    if settings := list(_settings(imported)):
        lines.append(f"    train {{ {'; '.join(settings)} }}")
    return "\n".join([*lines, "}", ""])


def is_mixed(columns: Sequence[Column]) -> bool:
    """Whether columns need lines of their own: for words, or several ways to scale."""
    words = any(isinstance(each, WordColumn) for each in columns)
    return words or len({_treatment(each) for each in columns}) > 1


def _treatment(each: Column) -> tuple[str, str]:
    """How a column of numbers is filled and scaled; a column of words by its own."""
    if isinstance(each, NumberColumn):
        return each.missing, each.scale
    return "", " | ".join(map(input_label, each.labels))


def _target(imported: Imported) -> str:
    """The `target` line, or a comment that says how to write one."""
    width = imported.n_targets
    names = ", ".join(column(each, ("input",)) for each in imported.targets)
    blanks = ", ".join(["COLUMN"] * min(width, _SHOWN)) + ", …" * (width > _SHOWN)
    labels = [] if imported.classes is None else _labels(imported.classes)
    if names:
        return f"target {names}: {' | '.join(labels)}" if labels else f"target {names}"
    more = ["…"] * (len(labels) > _SHOWN)
    shown = " | ".join([*labels[:_SHOWN], *more])
    listed = f": {shown}" * (bool(labels) and len(shown) < 200 and shown.isprintable())
    return f"# name the target column{'s' * (width > 1)}: target {blanks}{listed}"


def _labels(classes: Array) -> list[str]:
    """Labels as the spec writes them; truths are words, as in tables."""
    values = classes.astype(str) if classes.dtype.kind == "b" else classes
    return [label(each) for each in values.tolist()]


def _settings(imported: Imported) -> Iterator[str]:
    first = imported.columns[0]
    if isinstance(first, NumberColumn) and not is_mixed(imported.columns):
        missing, scale = _treatment(first)
        target = ", target=standard" if imported.target else ""
        if scale != "none" or target:
            yield f"scale {scale}{target}"
        if missing != "error":
            yield f"missing {missing}"
    elif imported.target:
        yield "scale none, target=standard"
    if imported.precision == "float64":
        yield "precision float64"


def _inputs(imported: Imported) -> Iterator[str]:
    names = imported.names
    if not is_mixed(imported.columns):
        words = ("any",) if len(names) == 1 else ()
        listed = ", ".join(column(name, words) for name in names)
        yield f"input {listed or len(imported.columns)}"
        return
    pairs = zip(names, imported.columns, strict=True)
    for _, group in groupby(pairs, key=lambda pair: _options(pair[1])):
        alike = list(group)
        words = ("any",) if len(alike) == 1 else ()
        listed = ", ".join(column(name, words) for name, _ in alike)
        yield f"input {listed}{_options(alike[0][1])}"


def _options(each: Column) -> str:
    """What stands behind the names of columns."""
    if isinstance(each, WordColumn):
        labels = [*map(input_label, each.labels), *["other"] * each.other]
        fill = "" if each.fill is None else f" missing={input_label(each.fill)}"
        return f": {' | '.join(labels)}{fill}"
    missing = "" if each.missing == "error" else f" missing={each.missing}"
    return f"{missing} scale={each.scale}"


def _layers(imported: Imported, own: list[Layer]) -> Iterator[str]:
    """A line for each layer, an activation behind its dense layer."""
    layers = (*imported.layers, None)
    for before, layer, below in zip((None, *layers), layers, layers[1:], strict=False):
        if layer is None or _stands_behind(layer, before):
            continue
        words = [_words(layer, own)]
        if below is not None and _stands_behind(below, layer):
            words.append(_words(below, own))
        yield " ".join(words)


def _stands_behind(layer: Layer, before: Layer | None) -> bool:
    return isinstance(layer, Activation) and isinstance(before, Dense)


def _words(layer: Layer, own: list[Layer]) -> str:
    match layer:
        case Dense(weights=weights):
            return f"dense {weights.shape[1]}"
        case Activation(name=name, arguments=arguments):
            if _is_own(layer):
                return f"imported{own.index(layer) + 1}"
            if name == "step":  # which has no slope to learn by
                return "step(surrogate=sigmoid)"
            return call_text(name, argument_texts(arguments))
        case BatchNorm(epsilon=epsilon):
            return f"batch_norm{_epsilon(epsilon)}"
        case LayerNorm(epsilon=epsilon):
            return f"layer_norm{_epsilon(epsilon)}"
        case Dropout(rate=rate):
            return f"dropout {percent(rate)}"
        case _:
            raise TypeError(layer)


def _epsilon(epsilon: float) -> str:
    return "" if epsilon == _EPSILON else f" epsilon={format_number(epsilon)}"


def _is_own(layer: Layer) -> bool:
    return isinstance(layer, Activation) and layer.formula is not None


def loss_of(imported: Imported) -> str:
    """The loss that makes of the output what it is in the source."""
    last = imported.layers[-1]
    if isinstance(last, Activation) and imported.target is None:
        return _LOSSES.get(last.name, "mean_squared_error")
    return "mean_squared_error"


def formula_text(formula: Expression) -> str:
    """A formula as the language writes it, every part in parentheses."""
    match formula:
        case Number(value):
            text = format_number(value)
            return f"({text})" if value < 0 else text
        case Variable(name):
            return name
        case Operation(name, (left, right)) if name in _SIGNS:
            return f"({formula_text(left)} {_SIGNS[name]} {formula_text(right)})"
        case Operation(name, arguments):
            texts = list(map(formula_text, arguments))
            form = _WRITTEN.get(name)
            return call_text(name, texts) if form is None else form.format(*texts)
