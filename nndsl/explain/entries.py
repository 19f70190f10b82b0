"""The pages of what the tables of the language list: layers, settings, metrics, …"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from nndsl.compiler import understand
from nndsl.diagnostics.record import Source
from nndsl.explain.page import block, fields, paragraph, title
from nndsl.explain.statements import computed
from nndsl.language.entry import Entry, Option
from nndsl.language.initializers import FOR_WEIGHTS_ONLY, INITIALIZERS
from nndsl.language.loss_table import TASKS
from nndsl.language.metric_table import METRICS
from nndsl.language.settings import PLATEAU, SETTINGS
from nndsl.language.statements import DEFINITIONS, STATEMENTS
from nndsl.layers.activation import SOFTMAX
from nndsl.layers.registry import LAYERS
from nndsl.lower.lower import lower
from nndsl.spec_text.options import default_text, values_text

_INSIDE = "dense 1; loss mean_squared_error"
_AT_THE_END = "loss categorical_crossentropy"


def layer_page(name: str) -> list[str]:
    entry = LAYERS[name].entry
    line = entry.example or entry.signature
    return [
        *_entry(entry, "layer"),
        *_computed(line, _INSIDE),
    ]


def softmax_page(name: str) -> list[str]:
    return [
        *_entry(SOFTMAX, "activation of the last layer"),
        *_computed(f"dense 3 {name}", _AT_THE_END),
    ]


def plateau_page(name: str) -> list[str]:
    return [
        *title(name, "schedule"),
        *paragraph(
            "Lowers the rate when the loss of the validation rows stops improving, or "
            "that of the training rows where there are no others."
        ),
        *_options((), PLATEAU),
    ]


def setting_page(name: str) -> list[str]:
    setting = SETTINGS[name]
    return [
        *title(name, "setting of the train block"),
        *block(setting.signature),
        *paragraph(setting.documentation),
        *_options((), setting.options, plain=setting.form != "options"),
        *_on_input_lines(name),
    ]


def _on_input_lines(name: str) -> list[str]:
    """What an input line may say of its own columns."""
    said = [_said(each) for each in STATEMENTS["input"].options if each.name == name]
    return [
        line
        for text in said
        for line in (
            *paragraph(f"On an input line, `{name}=` is for its columns:"),
            *fields([(f"{name}=", text)]),
        )
    ]


def initializer_page(name: str) -> list[str]:
    use = "weights" if name in FOR_WEIGHTS_ONLY else "weights and biases"
    return [
        *_entry(INITIALIZERS[name], "initializer"),
        *fields([("for", use)]),
    ]


def metric_page(name: str) -> list[str]:
    metric = METRICS[name]
    better = "larger" if metric.larger_is_better else "smaller"
    tasks = ", ".join(TASKS[task] for task in metric.tasks)
    return [
        *title(name, "metric"),
        *block(metric.signature),
        *paragraph(metric.documentation),
        *fields(
            [
                ("for", f"a loss that learns {tasks}"),
                ("better", better if metric.monitored else ""),
            ]
        ),
        *_options((), metric.options),
    ]


def statement_page(name: str) -> list[str]:
    return _entry(STATEMENTS[name], "statement of a network")


def definition_page(name: str) -> list[str]:
    return _entry(DEFINITIONS[name], "statement of a file")


def option_page(name: str) -> list[str]:
    """An option by everything that takes it."""
    texts = [(owner, _said(option)) for owner, option in _owners(name)]
    return [*title(name, "option"), *fields(texts)]


def option_names() -> set[str]:
    return {option.name for _, options in _all_options() for option in options}


def _owners(name: str) -> Iterator[tuple[str, Option]]:
    for owner, options in _all_options():
        yield from ((owner, option) for option in options if option.name == name)


def _all_options() -> Iterator[tuple[str, Iterable[Option]]]:
    yield "plateau", PLATEAU
    for word, layer in LAYERS.items():
        yield word, (*layer.entry.places, *layer.entry.options)
    for table in (STATEMENTS, INITIALIZERS):
        yield from ((name, entry.options) for name, entry in table.items())
    yield from ((name, setting.options) for name, setting in SETTINGS.items())
    yield from ((name, metric.options) for name, metric in METRICS.items())


def _entry(entry: Entry, kind: str) -> list[str]:
    return [
        *title(entry.name, kind),
        *block(entry.signature),
        *paragraph(entry.documentation),
        *_options(entry.places, entry.options),
    ]


def _options(
    places: Iterable[Option], options: Iterable[Option], plain: bool = False
) -> list[str]:
    """Places and options; `plain`: these are not written as `name=value`."""
    pairs = [(place.name.upper(), place) for place in places]
    pairs += [(o.name if plain else f"{o.name}=", o) for o in options]
    return fields((label, _said(option)) for label, option in pairs)


def _said(option: Option) -> str:
    """What it is for, what it takes, and its default."""
    default = default_text(option)
    word = default if default in ("", "required") else f"default {default}"
    what = "; ".join(filter(None, (values_text(option), word))).replace("`", "")
    text = option.documentation
    return f"{text.removesuffix('.')} ({what})." if what else text


def _computed(line: str, rest: str) -> list[str]:
    """What a layer computes behind another one, and before the rest of a network."""
    before = "dense 8 tanh"
    text = f"network Example {{ input 4; {before}; {line}; {rest} }}"
    network = understand(Source("example.nn", text)).network
    return [
        *paragraph(f"`{line}` behind `{before}` and before `{rest}`:"),
        *computed(lower(network), network.layers[1].name),
    ]


PAGES: Mapping[str, tuple[Iterable[str], Callable[[str], list[str]]]] = {
    "layer": (LAYERS, layer_page),
    "softmax": ((SOFTMAX.name,), softmax_page),
    "plateau": (("plateau",), plateau_page),
    "initializer": (INITIALIZERS, initializer_page),
    "metric": (METRICS, metric_page),
    "setting": (SETTINGS, setting_page),
    "statement": (STATEMENTS, statement_page),
    "definition": (DEFINITIONS, definition_page),
}
"""By kind: the names, and the page of each."""
