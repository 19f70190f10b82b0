"""The lines of a network, sorted by what they are."""

from dataclasses import dataclass, field
from functools import partial

from nndsl import limits
from nndsl.check.definitions import Formulas
from nndsl.check.findings import Findings
from nndsl.check.read.elsewhere import no_equals, python_layer
from nndsl.check.read.formula_call import activation_names
from nndsl.check.read.parts import head_name
from nndsl.diagnostics.codes_checks import (
    DUPLICATE,
    MISSING,
    TOO_LARGE,
    WRONG_PLACE,
)
from nndsl.diagnostics.record import Related
from nndsl.language.settings import SETTINGS
from nndsl.language.statements import DEFINITIONS, STATEMENTS
from nndsl.language.synonyms import SYNONYMS
from nndsl.layers.registry import LAYERS
from nndsl.syntax.tree import Name, Span, Statement

_REQUIRED = {
    "input": "say what the network is given, for example `input 4`",
    "loss": "say what training makes small, for example `loss mean_squared_error`",
}


@dataclass(slots=True)
class Body:
    """A network's statements by name, and its layers from top to bottom.

    `inputs` are all `input` lines, of which there may be several.

    It is not `complete` where nobody knows what a line is: it may be any of these.
    """

    statements: dict[str, Statement] = field(default_factory=dict)
    inputs: list[Statement] = field(default_factory=list)
    layers: list[Statement] = field(default_factory=list)
    complete: bool = True

    def span(self, name: str) -> Span | None:
        statement = self.statements.get(name)
        return None if statement is None else statement.span


def read_body(
    findings: Findings, formulas: Formulas, network: Statement, name: Name
) -> Body:
    """Sort the lines; what is unknown, doubled or missing is a finding."""
    body = Body()
    misspelt = 0
    activations = activation_names(formulas)
    unknown = partial(_unknown, findings, activations)
    for line in network.block.lines if network.block else ():
        if not isinstance(line, Statement):
            known = (*STATEMENTS, *LAYERS, *SETTINGS)
            if no_equals(findings, line, known, "statement", unknown):
                misspelt += 1
                body.complete = False
            continue
        head = head_name(line)
        if head.text in STATEMENTS:
            _statement(findings, body, head, line)
        elif head.text in LAYERS or head.text in activations:
            body.layers.append(line)
        else:
            misspelt += 1
            if python_layer(findings, line):
                body.complete = False
                continue
            unknown(head)
            body.complete &= head.text in (*SETTINGS, *DEFINITIONS)
    if len(body.layers) > limits.LAYERS:
        findings.add(
            TOO_LARGE,
            body.layers[limits.LAYERS].span,
            f"a network of {len(body.layers)} layers",
            f"at most {limits.LAYERS} layers are allowed",
        )
    if not misspelt:
        _missing(findings, body, name)
    return body


def _statement(findings: Findings, body: Body, head: Name, line: Statement) -> None:
    if head.text == "input":
        body.inputs.append(line)
    elif head.text in body.statements:
        findings.add(
            DUPLICATE,
            head.span,
            f"`{head.text}` is here a second time",
            "leave one of the lines out",
            related=(Related(body.statements[head.text].span, "the first one"),),
        )
        return
    if head.text == "input" and body.layers:
        findings.add(
            WRONG_PLACE,
            line.span,
            "the input is below a layer",
            "a network is read from top to bottom: `input` comes first",
            related=(Related(body.layers[0].span, "the first layer"),),
        )
    body.statements.setdefault(head.text, line)


def _unknown(findings: Findings, activations: tuple[str, ...], head: Name) -> None:
    if head.text in SETTINGS:
        findings.add(
            WRONG_PLACE,
            head.span,
            f"`{head.text}` belongs to the train block",
            f"write it there: `train {{ {head.text} … }}`",
        )
    elif head.text in DEFINITIONS:
        findings.add(
            WRONG_PLACE,
            head.span,
            f"`{head.text}` does not belong in a network",
            "move it before the network",
        )
    elif head.text.lower() in SYNONYMS["activation"]:
        findings.unknown("activation", head, activations)
    else:
        names = (*STATEMENTS, *LAYERS, *activations)
        findings.unknown("statement", head, names, "of a network")


def _missing(findings: Findings, body: Body, name: Name) -> None:
    """What is not there, unless its word stands misplaced on another line."""
    lines = (*body.statements.values(), *body.layers)
    words = {
        part.text
        for line in lines
        if not _is_target_input(line)
        for group in line.groups
        for part in group
        if isinstance(part, Name)
    }
    for required, hint in _REQUIRED.items():
        if required not in body.statements and required not in words:
            label = f"`{name.text}` has no `{required}`"
            findings.add(MISSING, name.span, label, hint)
    words |= {head_name(layer).text for layer in body.layers}
    if words.isdisjoint(word for word, layer in LAYERS.items() if layer.resizes):
        findings.add(
            MISSING,
            name.span,
            f"`{name.text}` has no layer that learns",
            "for example `dense 16 relu`",
        )


def _is_target_input(line: Statement) -> bool:
    """`target input`, where the word `input` is no statement that went astray."""
    match line:
        case Statement(Name(text="target"), ((Name(text="input"),),)):
            return True
    return False
