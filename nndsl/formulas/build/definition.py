"""Activations, losses and schedules from the syntax tree: names resolved, formulas
they call put in, everything checked.
"""

from collections.abc import Callable

from nndsl import limits
from nndsl.diagnostics.codes_formulas import (
    NEVER_READ,
    RECURSION,
    SIGNATURE,
    TOO_LARGE,
    UNKNOWN_FUNCTION,
)
from nndsl.formulas.algebra.simplify import simplify
from nndsl.formulas.build.convert import CONSTANTS, FUNCTIONS, Converter, Unbuildable
from nndsl.formulas.build.misspelt import misspelt_parameters
from nndsl.formulas.build.scope import Scope
from nndsl.formulas.build.signature import read_signature
from nndsl.formulas.expression import Formula, Variable
from nndsl.formulas.traverse import variables
from nndsl.syntax import tree


def build_formula(definition: tree.Definition, scope: Scope) -> Formula | None:
    """The activation, loss or schedule of a definition; None if it has mistakes.

    They are added to `scope.diagnostics`.  A formula of `scope.pending` that this one
    calls is built first; each is built once, however often it is asked for.
    """
    head = definition.head
    name = head.name if isinstance(head, tree.Call) else head
    if scope.pending.get(name.text) is not definition:
        return _build(definition, scope)
    if name.text not in scope.built:
        scope.building.append(name.text)
        scope.built[name.text] = _build(definition, scope)
        scope.building.pop()
    return scope.built[name.text]


def _build(definition: tree.Definition, scope: Scope) -> Formula | None:
    kind, head = definition.kind.text, definition.head
    before = len(scope.diagnostics)
    if not isinstance(head, tree.Call):
        label = f"`{head.text}` has no parameters"
        scope.add(SIGNATURE, head.span, label, f"write `{kind} {head.text}(x) = ...`")
        return None
    if not scope.built_in:
        scope.check_name(head.name, kind, scope.reserved | frozenset(FUNCTIONS))
    signature = read_signature(kind, head, scope)
    if any(each.code == SIGNATURE for each in scope.diagnostics[before:]):
        return None
    value, summed = definition.value, False
    if kind == "loss":
        value, summed = _unwrapped(value)
    misspelt_parameters(signature.spans, ("outputs", *CONSTANTS), [value], scope)
    names = {name: Variable(name) for name in signature.spans}
    if kind == "loss":
        names |= {"outputs": Variable("outputs")}
    try:
        expression = Converter(scope, names, find_formula(scope)).convert(value)
    except Unbuildable:
        return None
    read = variables(expression)
    blamed = {each.span for each in scope.diagnostics[before:]}
    for name, span in signature.spans.items():
        if span in blamed:
            continue
        if name not in read and name not in ("x", "target"):
            hint = "use it in the formula, or leave it out"
            scope.add(NEVER_READ, span, f"`{name}` is never read", hint)
    if len(scope.diagnostics) > before:
        return None
    inputs = signature.inputs
    if kind == "loss" and "outputs" in read and "outputs" not in inputs:
        inputs = (*inputs, "outputs")
    return Formula(
        kind,
        head.name.text,
        inputs,
        signature.parameters,
        simplify(expression),
        scope.documentation(definition.span),
        summed,
        scope.built_in,
    )


def find_formula(scope: Scope) -> Callable[[tree.Name], Formula | None]:
    """Looks a called formula up; an unknown or recursive one is a mistake."""

    def find(name: tree.Name) -> Formula | None:
        if name.text in scope.building:
            ring = " calls ".join(
                f"`{each}`"
                for each in (
                    *scope.building[scope.building.index(name.text) :],
                    name.text,
                )
            )
            scope.add(RECURSION, name.span, ring, "a formula may not call itself")
            return None
        if name.text in scope.pending and len(scope.building) >= limits.NESTING:
            label = f"more than {limits.NESTING} formulas that call one another"
            scope.add(TOO_LARGE, name.span, label, "write some of them as one")
            return None
        if name.text in scope.pending:
            return build_formula(scope.pending[name.text], scope)
        if name.text in scope.formulas:
            return scope.formulas[name.text]
        known = {*FUNCTIONS, *scope.formulas, *scope.pending}
        scope.unknown(UNKNOWN_FUNCTION, "function", name, known)
        return None

    return find


def _unwrapped(value: tree.Expression) -> tuple[tree.Expression, bool]:
    """What a loss adds up over its outputs, and whether it does."""
    match value:
        case tree.Call(
            name=tree.Name("sum"), arguments=(tree.Argument(key=None, value=inner),)
        ):
            return inner, True
    return value, False
