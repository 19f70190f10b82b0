"""The tables of the documentation, written from the tables that the compiler reads.

A Markdown file asks for one with two lines, `<!-- table: NAME -->` and
`<!-- end of table -->`; what stands between them is written by `filled`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from nndsl import limits
from nndsl.diagnostics.codes import CODES
from nndsl.formulas.build.convert import CONSTANTS, FUNCTIONS
from nndsl.formulas.build.library import library_names, library_text
from nndsl.language.entry import Entry, Option
from nndsl.language.initializers import (
    DEFAULT_WEIGHTS,
    FOR_WEIGHTS_ONLY,
    INITIALIZERS,
    WEIGHTS_BEFORE,
)
from nndsl.language.loss_table import ANY_LOSS, LOSSES, TASKS
from nndsl.language.metric_table import METRICS
from nndsl.language.settings import PLATEAU, SETTINGS, WARMUP, Setting
from nndsl.language.statements import DEFINITIONS, STATEMENTS
from nndsl.language.synonyms import ABSENT, ELSEWHERE
from nndsl.layers.activation import SOFTMAX, SURROGATE
from nndsl.layers.dense import UNITS
from nndsl.layers.registry import LAYERS
from nndsl.spec_text.options import default_text, values_text

_TABLE = re.compile(
    r"(?P<begin><!-- table: (?P<name>[a-z_]+) -->\n).*?(?P<end><!-- end of table -->)",
    re.DOTALL,
)
_SHOWN = ("number", "count", "name")
"""Kinds of options that the signature of their setting does not explain in full."""

_LIMITS = {
    "SPEC_BYTES": "bytes in a spec",
    "WORDS": "words, marks and line ends in a spec",
    "LAYERS": "layers",
    "LABELS": "labels of an input column",
    "PARAMETERS": "parameters, unless `--allow-large` is given",
    "NESTING": "brackets inside one another",
    "FORMULA_NODES": "nodes in a formula, those of the formulas it calls counted",
    "FORMULA_DEPTH": "nodes of a formula inside one another",
    "NAME_LENGTH": "characters in the name of a network, layer, formula or parameter",
    "TEXT_LENGTH": "characters in a column, a label or any other word",
    "SYNTAX_ERRORS": "syntax errors reported in one run; of other errors, all are",
}


def filled(text: str) -> str:
    """Markdown with every table it asks for written anew.

    Raises KeyError for a table that does not exist.
    """

    def table(match: re.Match[str]) -> str:
        body = "\n".join(TABLES[match["name"]]())
        return f"{match['begin']}{body}\n{match['end']}"

    return _TABLE.sub(table, text)


def _rows(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A Markdown table; a bar in a cell is kept from ending it."""
    for row in (head, ("---",) * len(head), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def _entries(entries: Iterable[Entry]) -> Iterator[str]:
    return _rows(
        ("written", "meaning"),
        ((f"`{entry.signature}`", entry.documentation) for entry in entries),
    )


def _options(options: Iterable[tuple[str, Option]]) -> Iterator[str]:
    """`options` with the name each is written by."""
    return _rows(
        ("option", "default", "values", "meaning"),
        (
            (f"`{name}`", _default(option), values_text(option), option.documentation)
            for name, option in options
        ),
    )


def _default(option: Option) -> str:
    text = default_text(option)
    return f"`{text}`" if text not in ("", "required") else text


def _layer_options() -> Iterator[str]:
    yield from _options(
        (f"{word} {option.name}=", option)
        for word, layer in LAYERS.items()
        for option in layer.entry.options
    )


def _input_options() -> Iterator[str]:
    yield from _options(
        (f"{option.name}=", option) for option in STATEMENTS["input"].options
    )


def _units() -> Iterator[str]:
    yield from _options([("UNITS", UNITS), ("surrogate=", SURROGATE)])


def _default_weights() -> Iterator[str]:
    """By initializer: the activations that stand behind it."""
    chosen: dict[str, list[str]] = {}
    for activation, initializer in WEIGHTS_BEFORE.items():
        chosen.setdefault(initializer, []).append(f"`{activation}`")
    chosen[DEFAULT_WEIGHTS] = ["everything else"]
    yield from _rows(
        ("weights of a layer before", "default"),
        ((", ".join(names), f"`{chosen_}`") for chosen_, names in chosen.items()),
    )


def _initializers() -> Iterator[str]:
    yield from _rows(
        ("written", "meaning", "options", "for"),
        (
            (
                f"`{entry.signature}`",
                entry.documentation,
                "; ".join(
                    f"`{option.name}` {_default(option)}, {values_text(option)}"
                    for option in entry.options
                ),
                "weights" if entry.name in FOR_WEIGHTS_ONLY else "weights and biases",
            )
            for entry in INITIALIZERS.values()
        ),
    )


def _library(kind: str) -> Callable[[], Iterator[str]]:
    """The library's own text, one formula behind the other."""

    def written() -> Iterator[str]:
        texts = (library_text(kind, name).rstrip() for name in library_names(kind))
        yield from ("```text", "\n\n".join(texts), "```")

    return written


def _losses() -> Iterator[str]:
    yield from _rows(
        ("loss", "last layer", "learns"),
        (
            (
                f"`{name}`",
                (" or ".join(f"`{each}`" for each in entry.last) or "any")
                + (" or an activation of your own" if entry.formulas else "")
                + (", one output" if entry.one_output else ""),
                TASKS[entry.task],
            )
            for name, entry in (
                (name, LOSSES.get(name, ANY_LOSS)) for name in library_names("loss")
            )
        ),
    )


def _metrics() -> Iterator[str]:
    yield from _rows(
        ("metric", "meaning", "where the loss learns"),
        (
            (
                f"`{entry.signature}`",
                entry.documentation,
                ", ".join(TASKS[task] for task in entry.tasks),
            )
            for entry in METRICS.values()
        ),
    )


def _settings() -> Iterator[str]:
    """A setting of options has no default: without it nothing is done."""
    yield from _rows(
        ("setting", "default", "meaning"),
        (
            (
                f"`{setting.signature}`",
                "" if setting.form == "options" else _default(setting.options[0]),
                setting.documentation,
            )
            for setting in SETTINGS.values()
        ),
    )


def _setting_options() -> Iterator[str]:
    yield from _options(
        (_written(setting, option), option)
        for setting in SETTINGS.values()
        for option in setting.options
        if setting.form != "call" and (option.kind in _SHOWN or option.words)
    )


def _written(setting: Setting, option: Option) -> str:
    if option.name == setting.name:
        return setting.name
    mark = "" if setting.form == "split" else "="
    return f"{setting.name} {option.name}{mark}"


def _operations() -> Iterator[str]:
    yield f"`{SOFTMAX.signature}` is not a formula: {SOFTMAX.documentation}"


def _plateau() -> Iterator[str]:
    yield from _options((f"plateau {option.name}=", option) for option in PLATEAU)


def _warmup() -> Iterator[str]:
    yield from _options([("warmup=", WARMUP)])


def _functions() -> Iterator[str]:
    arguments = ("x", "x, y", "x, low, high")
    special = {"where": "condition, x, y"}
    calls = (
        f"`{name}({special.get(name, arguments[count - 1])})`"
        for name, (_, count) in FUNCTIONS.items()
    )
    constants = " and ".join(f"`{name}`" for name in CONSTANTS)
    yield f"{', '.join(calls)}; the numbers {constants}."


def _all_limits() -> Iterator[str]:
    yield from _rows(
        ("at most", "of"),
        ((f"{getattr(limits, name):,}", of) for name, of in _LIMITS.items()),
    )


def _codes() -> Iterator[str]:
    yield from _rows(
        ("code", "title", "rule"),
        (
            (f"`{code}`", entry.title, entry.explanation)
            for code, entry in sorted(CODES.items())
        ),
    )


def _synonyms() -> Iterator[str]:
    """By kind: the name here, and what others call it."""
    for kind, names in ELSEWHERE.items():
        listed = (
            f"`{name}` for {', '.join(f'`{word}`' for word in words.split())}"
            for name, words in names.items()
        )
        yield f"- **{kind}**: {'; '.join(listed)}"


def _absent() -> Iterator[str]:
    yield from _rows(
        ("word", "instead"),
        ((f"`{word}`", advice) for word, advice in ABSENT.items()),
    )


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "definitions": lambda: _entries(DEFINITIONS.values()),
    "statements": lambda: _entries(STATEMENTS.values()),
    "input_options": _input_options,
    "layers": lambda: _entries(layer.entry for layer in LAYERS.values()),
    "layer_options": _layer_options,
    "units": _units,
    "initializers": _initializers,
    "default_weights": _default_weights,
    "activations": _library("activation"),
    "operations": _operations,
    "losses": _losses,
    "loss_formulas": _library("loss"),
    "metrics": _metrics,
    "settings": _settings,
    "setting_options": _setting_options,
    "optimizers": _library("optimizer"),
    "schedules": _library("schedule"),
    "plateau": _plateau,
    "warmup": _warmup,
    "functions": _functions,
    "limits": _all_limits,
    "codes": _codes,
    "synonyms": _synonyms,
    "absent": _absent,
}
"""What each table of the documentation is written by."""
