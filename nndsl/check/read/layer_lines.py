"""The layers: what each line says."""

from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.formula_call import use_activation
from nndsl.check.read.initializer import initializer
from nndsl.check.read.options import statement_options
from nndsl.check.read.parts import (
    head_name,
    no_block,
    no_call,
    one_group,
    split_options,
    too_many,
)
from nndsl.check.read.places import read_places
from nndsl.check.read.values import found
from nndsl.diagnostics.codes_checks import UNEXPECTED, WRONG_VALUE
from nndsl.layers.activation import Activation
from nndsl.layers.layer import NAME, Draft, Layer
from nndsl.layers.registry import LAYERS
from nndsl.spec_text.texts import written
from nndsl.syntax.tree import Name, Option, Part, Statement, Text


def read_layer(findings: Findings, formulas: Formulas, statement: Statement) -> Draft:
    """One line of the network that is a layer or an activation."""
    before = len(findings.diagnostics)
    word = head_name(statement)
    layer = LAYERS.get(word.text, Activation)
    entry = layer.entry
    no_block(findings, statement)
    parts, options = split_options(one_group(findings, statement))
    parts, options = _unnamed(findings, layer, parts, options)
    activation = place = None
    if layer is Activation:
        place = statement.head
        activation = use_activation(findings, formulas, place)
    elif not no_call(findings, statement, entry.signature):
        parts, options = (), []
    values = statement_options(findings, word.text, entry.options, options)
    values.values.update({place.name: place.default for place in entry.places})
    text = written(statement)
    draft = Draft(layer, word, statement.span, text, values, activation, place)
    if layer is Activation or isinstance(statement.head, Name):
        parts = read_places(findings, formulas, draft, parts)
        too_many(findings, parts, f"write it as `{entry.signature}`")
    _read_options(findings, draft)
    wrong = draft.activation_place is not None and draft.activation is None
    draft.sound = not wrong and len(findings.diagnostics) == before
    return draft


def _unnamed(
    findings: Findings,
    layer: type[Layer],
    parts: tuple[Part, ...],
    options: list[Option],
) -> tuple[tuple[Part, ...], list[Option]]:
    """The value of `units=16` among the parts, as if its name were not there."""
    places = [place.name for place in layer.entry.places]
    for option in options:
        if option.key.text in places and isinstance(option.value, Part):
            value = option.value
            source = findings.source.text[value.span.start : value.span.end]
            plain = source.strip('"')
            findings.add(
                UNEXPECTED,
                option.span,
                f"the {option.key.text} of a layer are written without `=`"
                if option.key.text.endswith("s")
                else f"the {option.key.text} of a layer is written without `=`",
                f"write `{plain[:40]}`, as in `{layer.entry.example}`",
                fix=plain,
            )
            named = Name(plain, value.span) if isinstance(value, Text) else value
            place = places.index(option.key.text)
            parts = (*parts[:place], named, *parts[place:])
    return parts, [each for each in options if each.key.text not in places]


def _read_options(findings: Findings, draft: Draft) -> None:
    """Initializers, and the name, which is a plain word."""
    raw = draft.options.raw
    for option in draft.layer.entry.options:
        if option.kind == "initializer" and option.name in raw:
            value = initializer(findings, raw[option.name], option.name)
            if value is not None:
                draft.initializers[option.name] = value
    name = raw.get(NAME.name)
    if name is not None and not isinstance(name, Name):
        findings.add(
            WRONG_VALUE,
            name.span,
            f"{found(name)} where a name is expected",
            "for example `name=code`",
        )
        del raw[NAME.name]
