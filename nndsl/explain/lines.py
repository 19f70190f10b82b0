"""What `nndsl explain` says of one line of a spec."""

from collections.abc import Callable, Iterator

from nndsl.check.check import Checked
from nndsl.compiler import module_text
from nndsl.explain import entries, formulas
from nndsl.explain.page import WIDTH, block, fields, paragraph
from nndsl.explain.statements import computed, gradient_of_loss
from nndsl.formulas.build.library import library_names
from nndsl.language.metric_table import METRICS
from nndsl.language.settings import SETTINGS
from nndsl.language.statements import STATEMENTS
from nndsl.layers.layer import Layer
from nndsl.lower.lower import lower
from nndsl.network import Network
from nndsl.program.program import Program
from nndsl.render.origins import origins
from nndsl.render.shapes import shape
from nndsl.show.table import arithmetic
from nndsl.spec_text.defaults import train_texts
from nndsl.spec_text.texts import initializer_text
from nndsl.syntax.tree import Definition, Line, Name, Span, Statement


def line_page(checked: Checked, number: int) -> list[str]:
    """What stands on a line of a spec, and what it becomes.

    Raises LookupError where no statement stands there.
    """
    network, program = checked.network, lower(checked.network)
    page: list[str] = []
    for layer in network.layers:
        if _on(layer.span, number):
            page += _layer(program, layer)
    if not page:
        for inside, line in _statements(checked.tree.lines, number):
            page += _PAGES[inside](network, program, line)
    if not page:
        raise LookupError(f"line {number} holds no statement")
    text = checked.source.text.split("\n")[number - 1].strip()
    head = f"{checked.source.name}:{number}: {text}"
    return [head, *page, *_generated(checked, number)]


def _on(span: Span, number: int) -> bool:
    return span.line <= number <= span.end_line


def _statements(
    lines: tuple[Line, ...], number: int, inside: str = ""
) -> Iterator[tuple[str, Line]]:
    """The innermost statements on a line, with the head of what they stand in."""
    for line in lines:
        if not _on(line.span, number):
            continue
        head = _word(line)
        if isinstance(line, Statement) and line.block and head in ("network", "train"):
            inner = list(_statements(line.block.lines, number, head))
            yield from inner
            if not inner and line.head.span.line == number:
                yield inside, line
        else:
            yield inside, line


def _word(line: Line) -> str:
    match line:
        case Definition(kind=kind):
            return kind.text
        case Statement(head=Name(text=text)):
            return text
    return ""


def _layer(program: Program, layer: Layer) -> list[str]:
    parameters = [p for p in program.parameters if p.array.layer == layer.name]
    pairs = [
        ("layer", f"{layer.name}: {layer.entry.documentation}"),
        ("reads", layer.reads),
        ("output", shape(("n", layer.n_outputs))),
    ]
    pairs += [
        (p.array.name, f"{shape(p.array.shape)}, {initializer_text(p.initializer)}")
        for p in parameters
    ]
    total = program.n_parameters_of(layer.name).fixed
    count = arithmetic([p.array for p in parameters])
    known = "" if total is None else f" = {total:,}"
    pairs.append(("parameters", f"{count}{known}" if parameters else ""))
    return [*fields(pairs), *computed(program, layer.name)]


def _of_file(network: Network, program: Program, line: Line) -> list[str]:
    """A definition, or the head of the network."""
    match line:
        case Definition(kind=Name(text="activation"), head=head):
            used = {
                use.name: use for each in network.layers for use in each.activations
            }
            use = used.get(head.name.text)
            if use is not None and use.formula is not None:
                return formulas.activation_fields(use.formula, use.arguments)
        case Definition(kind=Name(text="loss")):
            return _loss(network, program)
    return ["", *entries.definition_page(_word(line))]


def _of_network(network: Network, program: Program, line: Line) -> list[str]:
    """A statement beside the layers."""
    match _word(line):
        case "loss":
            return _loss(network, program)
        case "metrics":
            names = [each.name for each in network.metrics if each.name in METRICS]
            pages = (["", *entries.metric_page(name)] for name in names)
            return [part for page in pages for part in page]
        case word if word in STATEMENTS:
            return ["", *entries.statement_page(word)]
    return []


def _of_train(network: Network, program: Program, line: Line) -> list[str]:
    """A setting, with every default of its value."""
    word = _word(line)
    if word not in SETTINGS:
        return []
    values = [value for name, value in train_texts(network.train) if name == word]
    page = fields(("in full", f"{word} {value}") for value in values)
    if word != "optimizer":
        return [*page, "", *entries.setting_page(word)]
    use = network.train.optimizer
    page += _library("optimizer", use.name, formulas.optimizer_page)
    rate = use.learning_rate.name
    if rate != "constant":
        page += _library("schedule", rate, formulas.schedule_page)
    return page


_PAGES: dict[str, Callable[[Network, Program, Line], list[str]]] = {
    "": _of_file,
    "network": _of_network,
    "train": _of_train,
}
"""By the head of the block that a line stands in."""


def _loss(network: Network, program: Program) -> list[str]:
    loss = network.loss
    page = _library("loss", loss.name, formulas.loss_page)
    if not page:
        page = formulas.loss_fields(loss.formula, loss.arguments)
    return [*page, *gradient_of_loss(program)]


def _library(kind: str, name: str, page: Callable[[str], list[str]]) -> list[str]:
    """The page of a built-in formula; nothing for one of the spec's own."""
    return ["", *page(name)] if name in library_names(kind) else []


def _generated(checked: Checked, number: int) -> list[str]:
    """The lines of the module that this line became; a mark where some are between."""
    text = module_text(checked)
    lines = text.split("\n")
    shown: list[str] = []
    before = 0
    for at in origins(checked, text).get(number, ()):
        shown += ["..."] * (0 < before < at - 1)
        line = f"{at:4}  {lines[at - 1]}"
        shown.append(line if len(line) <= WIDTH - 2 else f"{line[: WIDTH - 3]}…")
        before = at
    if not shown:
        return []
    return [*paragraph("In the module:"), *block("\n".join(shown), indent=2)]
