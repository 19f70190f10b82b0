"""The formulas a spec may use: the built-in ones, read when used, and its own."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from nndsl.check.findings import Findings
from nndsl.check.rules.python_names import KINDS, check_formula_name
from nndsl.diagnostics.codes_checks import DUPLICATE, UNFIT_NAME, UNUSED
from nndsl.diagnostics.codes_formulas import NAME
from nndsl.diagnostics.record import Related
from nndsl.formulas.build.definition import build_formula
from nndsl.formulas.build.library import (
    Activations,
    library_formula,
    library_names,
    library_optimizer,
)
from nndsl.formulas.build.optimizer_definition import build_optimizer
from nndsl.formulas.build.scope import Scope
from nndsl.formulas.expression import Formula, OptimizerFormula
from nndsl.language.module_names import NEEDED, of_the_module
from nndsl.language.settings import WARMUP
from nndsl.layers.activation import SURROGATE
from nndsl.syntax.tree import Call, Comment, Definition, Name, Span, Statement

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COMMON = {"activation": SURROGATE.name, "schedule": WARMUP.name}
"""The argument that all formulas of a kind take, whoever defined them."""


@dataclass(frozen=True, slots=True)
class Own:
    """A definition of the spec: its kind, its name, and where it stands."""

    kind: str
    name: Name
    node: Definition | Statement


@dataclass(slots=True)
class Formulas:
    """All formulas of one spec by kind and name; `used` are its own that are used."""

    findings: Findings
    scope: Scope
    own: dict[str, Own] = field(default_factory=dict)
    built: dict[str, Formula | OptimizerFormula | None] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def names(self, kind: str) -> tuple[str, ...]:
        """The spec's own names of this kind, then the built-in ones."""
        mine = (name for name, own in self.own.items() if own.kind == kind)
        return (*mine, *library_names(kind))

    def find(self, kind: str, name: str) -> Formula | None:
        """A formula that `names` lists; None if its definition has mistakes."""
        if name in self.own and self.own[name].kind == kind:
            self.used.add(name)
            formula = self.built[name]
            return formula if isinstance(formula, Formula) else None
        return library_formula(kind, name)

    def optimizer(self, name: str) -> OptimizerFormula | None:
        """An optimizer that `names` lists; None if its definition has mistakes."""
        if name in self.own and self.own[name].kind == "optimizer":
            self.used.add(name)
            formula = self.built[name]
            return formula if isinstance(formula, OptimizerFormula) else None
        return library_optimizer(name)

    def warn_unused(self) -> None:
        """A warning for each definition that nothing uses."""
        called = _called(self)
        for name, own in self.own.items():
            if name not in called and self.built[name] is not None:
                self.findings.add(
                    UNUSED,
                    own.name.span,
                    f"the {own.kind} `{name}` is not used",
                    "use it, or leave it out",
                )


def read_definitions(
    findings: Findings, definitions: list[Own], comments: tuple[Comment, ...]
) -> Formulas:
    """Build every formula the spec defines; the mistakes are findings."""
    words = Counter(_WORD.findall(findings.source.text))
    scope = Scope(comments=comments, words=words)
    formulas = Formulas(findings, scope)
    refused: set[Span] = set()
    if not definitions:
        return formulas
    library = frozenset(name for kind in KINDS for name in library_names(kind))
    for own in definitions:
        name = own.name
        if name.text in formulas.own:
            first = formulas.own[name.text].name.span
            findings.add(
                DUPLICATE,
                name.span,
                f"`{name.text}` is defined a second time",
                "every definition has a name of its own",
                related=(Related(first, "defined here first"),),
            )
            continue
        if not check_formula_name(findings, name, own.kind, library):
            refused.add(name.span)
        formulas.own[name.text] = own
        findings.defined[name.text] = name.span
        _parameters(findings, own)
    scope.formulas = Activations()
    scope.pending = {
        name: own.node
        for name, own in formulas.own.items()
        if isinstance(own.node, Definition)
    }
    for text, own in formulas.own.items():
        if isinstance(own.node, Definition):
            formulas.built[text] = build_formula(own.node, scope)
        else:
            formulas.built[text] = build_optimizer(own.node, scope)
    for each in scope.diagnostics:
        if not (each.code == NAME and each.span in refused):
            findings.diagnostics.append(each)
    return formulas


def _parameters(findings: Findings, own: Own) -> None:
    """A finding for each parameter named like a part of the generated module."""
    match own.node:
        case Definition(head=Call() as head) | Statement(groups=((Call() as head,),)):
            pass
        case _:
            return
    for argument in head.arguments:
        key = argument.key
        if key is None:
            continue
        if key.text == _COMMON.get(own.kind):
            findings.add(
                UNFIT_NAME,
                key.span,
                f"every {own.kind} takes `{key.text}` already",
                "choose another name for the parameter",
            )
        elif of_the_module(key.text.upper()):
            findings.add(
                UNFIT_NAME,
                key.span,
                f"`{key.text}` {NEEDED}",
                "choose another name for the parameter",
            )


def _called(formulas: Formulas) -> set[str]:
    """The spec's own formulas that the network uses, or a used one calls."""
    called: set[str] = set()
    waiting = list(formulas.used)
    while waiting:
        name = waiting.pop()
        if name in called or name not in formulas.own:
            continue
        called.add(name)
        waiting.extend(_names_in(formulas.own[name].node))
    return called


def _names_in(node: object) -> Iterator[str]:
    """The names of all calls in a definition."""
    if isinstance(node, Call):
        yield node.name.text
    for name in getattr(node, "__slots__", ()):
        value = getattr(node, name)
        for each in value if isinstance(value, tuple) else (value,):
            if hasattr(each, "__slots__"):
                yield from _names_in(each)
