"""From the syntax tree to the network: names looked up, defaults filled in."""

from collections.abc import Sequence
from dataclasses import dataclass

from nndsl.check.assemble import build_network
from nndsl.check.causes import causes
from nndsl.check.definitions import Formulas, Own, read_definitions
from nndsl.check.findings import Findings
from nndsl.check.overrides import apply_settings
from nndsl.check.read.elsewhere import without_quotes
from nndsl.check.read.named_use import callee
from nndsl.check.read.parts import head_name, no_call, spread
from nndsl.check.rules.python_names import KINDS, check_name
from nndsl.diagnostics.codes_checks import (
    MISSING,
    NETWORKS,
    UNEXPECTED,
    UNFIT_NAME,
    WRONG_PLACE,
    WRONG_VALUE,
)
from nndsl.diagnostics.codes_formulas import SIGNATURE
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Diagnostic, Related, Source
from nndsl.language.module_names import class_name
from nndsl.language.settings import SETTINGS
from nndsl.language.statements import DEFINITIONS, STATEMENTS
from nndsl.layers.registry import LAYERS
from nndsl.network import Network
from nndsl.syntax.tree import Call, Definition, File, Name, Span, Statement
from nndsl.syntax.tree import Option as OptionPart


@dataclass(frozen=True, slots=True)
class Checked:
    """A network and the warnings about it.

    `source` and `tree` are the spec that was checked, settings of `--set` put in.
    """

    network: Network
    warnings: tuple[Diagnostic, ...]
    source: Source
    tree: File


def check(
    source: Source,
    tree: File,
    *,
    settings: Sequence[str] = (),
    allow_large: bool = False,
) -> Checked:
    """The network that a tree describes.

    `settings` change the train block, as in `["train.epochs=5"]`.  `allow_large` lifts
    the limit on parameters.  Raises `SpecError` with all mistakes of the spec.
    """
    if settings:
        source, tree = apply_settings(source, tree, settings)
    findings = Findings(source)
    networks, definitions = _sort(findings, tree)
    formulas = read_definitions(findings, definitions, tree.comments)
    network = None
    for statement in _only(findings, networks, source):
        network = _network(findings, formulas, statement, allow_large)
    if network is not None:
        formulas.warn_unused()
    if findings.errors:
        raise SpecError(source, causes(findings.in_order("error"), tree))
    assert network is not None
    return Checked(network, findings.in_order("warning"), source, tree)


def _sort(findings: Findings, tree: File) -> tuple[list[Statement], list[Own]]:
    """The networks of a file, and its own formulas."""
    networks: list[Statement] = []
    definitions: list[Own] = []
    stray: list[Statement] = []
    for line in tree.lines:
        match line:
            case Statement() if head_name(line).text == "network":
                networks.append(line)
            case Statement(head=Name(text="optimizer"), groups=((Call() as call,),)):
                definitions.append(Own("optimizer", call.name, line))
            case Definition() if line.kind.text in KINDS:
                definitions.append(Own(line.kind.text, callee(line.head), line))
            case Definition() if line.kind.text not in DEFINITIONS:
                findings.unknown("definition", line.kind, DEFINITIONS)
                findings.misdefined.add(callee(line.head).text)
            case Statement(Name(text=kind), ((OptionPart(key=name), *_), *_)) if (
                kind in KINDS
            ):
                findings.unread = True
                findings.add(
                    SIGNATURE,
                    name.span,
                    f"`{name.text}` has no parameters",
                    f"write `{kind} {name.text}(x) = …`",
                )
            case Statement() if _of_networks(line):
                stray.append(line)
            case Statement() if head_name(line).text not in DEFINITIONS:
                findings.unread = True
                findings.unknown("definition", head_name(line), DEFINITIONS)
                first = line.groups[0][0] if line.groups else None
                if isinstance(first, Call):
                    findings.misdefined.add(first.name.text)
            case _:
                findings.unread = True
                place = line.head if isinstance(line, Statement) else line
                findings.add(
                    UNEXPECTED,
                    place.span,
                    "this is neither a network nor a definition",
                    "for example `activation bent(x) = sqrt(x^2 + 1)`",
                )
    _outside(findings, networks, stray)
    return networks, definitions


def _of_networks(line: Statement) -> bool:
    """Whether a statement belongs in a network or its train block."""
    name = head_name(line).text
    if name in ("loss", "optimizer"):
        return not isinstance(line.groups[0][0] if line.groups else None, Call)
    return name in STATEMENTS or name in LAYERS or name in SETTINGS


def _outside(
    findings: Findings, networks: list[Statement], stray: list[Statement]
) -> None:
    """A finding for the lines that stand outside of every network."""
    if networks and networks[0].block is None:
        return
    if stray and not networks:
        findings.add(
            NETWORKS,
            stray[0].span,
            "this line and those that follow are in no network",
            "put them into one: `network Iris { input 4; dense 3 softmax; … }`",
        )
        return
    findings.unread |= bool(stray)
    for line in stray:
        name = head_name(line)
        setting = name.text in SETTINGS
        findings.add(
            WRONG_PLACE,
            name.span,
            f"`{name.text}` belongs in the {'train block' if setting else 'network'}",
            "move it inside the braces: "
            f"`{'train' if setting else 'network Iris'} {{ … }}`",
        )


def _only(
    findings: Findings, networks: list[Statement], source: Source
) -> list[Statement]:
    """The file's networks; a finding where there is not exactly one."""
    if not networks and not findings.errors:
        start = Span(0, 0, 1, 1, 1, 1)
        findings.add(
            NETWORKS,
            start,
            "this file has no network",
            "for example `network Xor { input 2; dense 1 sigmoid; … }`",
        )
    for second in networks[1:]:
        findings.add(
            NETWORKS,
            second.head.span,
            "a second network",
            "a file describes one network; move this one to its own file",
            related=(Related(networks[0].head.span, "the first network"),),
        )
    return networks[:1]


def _network(
    findings: Findings, formulas: Formulas, statement: Statement, allow_large: bool
) -> Network | None:
    if not no_call(findings, statement, DEFINITIONS["network"].signature):
        return None
    parts = [part for group in statement.groups for part in group]
    if parts and without_quotes(
        findings, WRONG_VALUE, parts[0], "the name of a network"
    ):
        return None
    if not parts or not isinstance(parts[0], Name):
        findings.add(
            MISSING,
            spread(tuple(parts)) if parts else statement.head.span,
            "the name of the network is missing",
            "for example `network Iris { … }`",
        )
        name = Name("Network", statement.head.span)
    else:
        name = parts[0]
        own = formulas.own.get(name.text) or next(
            (
                each
                for each in formulas.own.values()
                if each.kind == "optimizer" and class_name(each.name.text) == name.text
            ),
            None,
        )
        if check_name(findings, name, "network") and own is not None:
            findings.add(
                UNFIT_NAME,
                name.span,
                f"the {own.kind} `{own.name.text}` has this name already",
                "choose another name for the network",
                related=(Related(own.name.span, "defined here"),),
            )
        if parts[1:]:
            findings.add(
                UNEXPECTED,
                spread(tuple(parts[1:])),
                "a network has one name, of one word",
                "for example `network Iris { … }`",
            )
    if statement.block is None:
        findings.add(
            MISSING,
            name.span,
            f"`{name.text}` has no block",
            "its lines go in braces: `network Iris { … }`",
        )
        return None
    return build_network(findings, formulas, statement, name, allow_large)
