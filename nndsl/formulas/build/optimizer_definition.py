"""Optimizers from the syntax tree: states, statements in order, and their checks."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from nndsl.diagnostics.codes_formulas import (
    NEVER_READ,
    NOT_A_FORMULA,
    NOT_ASSIGNABLE,
    SIGNATURE,
    STATE,
    TWICE,
)
from nndsl.diagnostics.record import Related
from nndsl.diagnostics.suggest import suggest
from nndsl.formulas.algebra.simplify import simplify
from nndsl.formulas.build.convert import CONSTANTS, FUNCTIONS, Converter, Unbuildable
from nndsl.formulas.build.definition import find_formula
from nndsl.formulas.build.misspelt import misspelt_parameters
from nndsl.formulas.build.scope import Scope
from nndsl.formulas.build.signature import Signature, constant, read_signature
from nndsl.formulas.expression import OptimizerFormula, State, Step, Variable
from nndsl.formulas.traverse import variables
from nndsl.syntax import tree

_RATE = "learning_rate"
_GIVEN = ("weight", "gradient", "step")


@dataclass(slots=True)
class _Body:
    states: dict[str, State] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    spans: list[tree.Span] = field(default_factory=list)
    state_spans: dict[str, tree.Span] = field(default_factory=dict)
    complete: bool = True


def build_optimizer(statement: tree.Statement, scope: Scope) -> OptimizerFormula | None:
    """The optimizer of a statement; None if it has mistakes, which the scope collects.

    A state that no array reaches, through any statement, is marked as one number.
    """
    before = len(scope.diagnostics)
    calls = [part for group in statement.groups for part in group]
    if len(calls) != 1 or not isinstance(calls[0], tree.Call) or not statement.block:
        hint = "write `optimizer name(learning_rate=0.001) { ... }`"
        label = "an optimizer has parameters and a block"
        scope.add(SIGNATURE, statement.span, label, hint)
        return None
    head = calls[0]
    if not scope.built_in:
        scope.check_name(head.name, "optimizer", scope.reserved | frozenset(FUNCTIONS))
    signature = read_signature("optimizer", head, scope)
    if _RATE not in signature.spans:
        _no_rate(signature, head, scope)
    if any(each.code == SIGNATURE for each in scope.diagnostics[before:]):
        return None
    body = _Body()
    _read_states(statement.block, signature, body, scope)
    _read_steps(statement.block, signature, body, scope)
    if body.complete:
        _check_use(signature, body, head, scope)
    if len(scope.diagnostics) > before:
        return None
    arrays = _arrays(body.steps)
    return OptimizerFormula(
        head.name.text,
        signature.parameters,
        tuple(
            State(state.name, state.start, state.name not in arrays)
            for state in body.states.values()
        ),
        tuple(body.steps),
        scope.documentation(statement.span),
        scope.built_in,
        tuple(_notes(statement.block, scope)),
    )


def _no_rate(signature: Signature, head: tree.Call, scope: Scope) -> None:
    near = suggest(_RATE, signature.spans)
    if not near:
        hint = f"add it: `{_RATE}=0.001`"
        scope.add(SIGNATURE, head.span, f"there is no `{_RATE}`", hint)
        return
    label = f"an optimizer needs a `{_RATE}`"
    hint = f"did you mean `{_RATE}`?"
    scope.add(SIGNATURE, signature.spans[near[0]], label, hint, fix=_RATE)


def _notes(block: tree.Block, scope: Scope) -> Iterator[tuple[str, str]]:
    """The comment behind each line that sets something."""
    behind = {comment.span.line: comment.text for comment in scope.comments}
    for line in block.lines:
        state = _state(line)
        name = state[0] if state else getattr(line, "target", None)
        if isinstance(name, tree.Name) and line.span.end_line in behind:
            yield name.text, behind[line.span.end_line]


def _state(line: tree.Line) -> tuple[tree.Name, tree.Expression] | None:
    """The name and start of `state m = 0`; None for another line."""
    match line:
        case tree.Definition(tree.Name(text="state"), tree.Name() as name, start):
            return name, start
        case tree.Statement(tree.Name(text="state"), ((tree.Option(name, start),),)):
            return name, start
    return None


def _read_states(
    block: tree.Block, signature: Signature, body: _Body, scope: Scope
) -> None:
    for name, value in filter(None, map(_state, block.lines)):
        earlier = body.state_spans.get(name.text) or signature.spans.get(name.text)
        if earlier is not None:
            related = (Related(earlier, "first named here"),)
            label = f"`{name.text}` is named twice"
            scope.add(TWICE, name.span, label, "choose another name", related=related)
            continue
        body.state_spans[name.text] = name.span
        if scope.check_name(name, "state", frozenset(_GIVEN)):
            start = constant(value, scope)
            if start is not None:
                body.states[name.text] = State(name.text, start)


def _read_steps(
    block: tree.Block, signature: Signature, body: _Body, scope: Scope
) -> None:
    if _unreadable(block, scope):
        body.complete = False
        return
    lines = [line for line in block.lines if isinstance(line, tree.Assignment)]
    others = *_GIVEN, *CONSTANTS, *body.state_spans, *(e.target.text for e in lines)
    values = [line.value for line in lines]
    misspelt_parameters(signature.spans, others, values, scope)
    known = [*_GIVEN, *signature.spans, *body.state_spans]
    converter = Converter(
        scope, {name: Variable(name) for name in known}, find_formula(scope)
    )
    fixed = {"gradient", "step", *signature.spans}
    for line in lines:
        target = line.target
        if target.text in fixed:
            hint = "give the result a name of its own"
            scope.add(
                NOT_ASSIGNABLE, target.span, f"`{target.text}` is given, not set", hint
            )
        elif target.text not in converter.names:
            scope.check_name(target, "value", frozenset())
        try:
            value = simplify(converter.convert(line.value))
        except Unbuildable:
            converter.names.setdefault(target.text, Variable(target.text))
            body.complete = False
            continue
        converter.names[target.text] = Variable(target.text)
        body.steps.append(Step(target.text, value))
        body.spans.append(target.span)


def _unreadable(block: tree.Block, scope: Scope) -> bool:
    """A mistake for each line that is none of an optimizer's; whether there are any."""
    found = False
    for line in block.lines:
        if isinstance(line, tree.Assignment) or _state(line) is not None:
            continue
        found = True
        head = line.kind if isinstance(line, tree.Definition) else line.head
        if isinstance(head, tree.Name) and suggest(head.text, ("state",)):
            label = f"no line of an optimizer begins with `{head.text}`"
            scope.add(
                NOT_A_FORMULA, head.span, label, "did you mean `state`?", fix="state"
            )
        else:
            hint = "an optimizer holds `state m = 0` and `name = formula`"
            scope.add(NOT_A_FORMULA, line.span, "this computes nothing", hint)
    return found


def _check_use(
    signature: Signature, body: _Body, head: tree.Call, scope: Scope
) -> None:
    """Everything set is read, every state and the weight are updated."""
    targets = {step.target for step in body.steps}
    if "weight" not in targets:
        _no_weight(body, head, scope)
        return
    read = {name for step in body.steps for name in variables(step.value)}
    blamed = {each.span for each in scope.diagnostics}
    for name, span in signature.spans.items():
        if name not in read and span not in blamed:
            hint = "use it, or leave it out"
            scope.add(NEVER_READ, span, f"`{name}` is never read", hint)
    for name, span in body.state_spans.items():
        if name not in targets:
            hint = f"add a line `{name} = ...`, or make it a parameter"
            scope.add(STATE, span, f"`{name}` is never updated", hint)
        elif name not in read:
            hint = "use it, or leave it out"
            scope.add(NEVER_READ, span, f"`{name}` is never read", hint)
    for index, step in enumerate(body.steps):
        if step.target == "weight" or step.target in body.states:
            continue
        if step.target in (*_GIVEN, *signature.spans):
            continue
        if not _read_later(step.target, body.steps[index + 1 :]):
            label = f"`{step.target}` is never read"
            scope.add(NEVER_READ, body.spans[index], label, "use it, or leave it out")


def _no_weight(body: _Body, head: tree.Call, scope: Scope) -> None:
    spans = {
        step.target: span for step, span in zip(body.steps, body.spans, strict=True)
    }
    near = suggest("weight", spans)
    label = "`weight` is never updated"
    if near:
        hint = "did you mean `weight`?"
        scope.add(STATE, spans[near[0]], label, hint, fix="weight")
        return
    hint = "add a line such as `weight = weight - learning_rate * gradient`"
    scope.add(STATE, head.span, label, hint)


def _read_later(name: str, steps: list[Step]) -> bool:
    for step in steps:
        if name in variables(step.value):
            return True
        if step.target == name:
            return False
    return False


def _arrays(steps: list[Step]) -> set[str]:
    """The names that hold an array after any of the steps."""
    arrays = {"weight", "gradient"}
    while True:
        reached = {s.target for s in steps if variables(s.value) & arrays} - arrays
        if not reached:
            return arrays
        arrays |= reached
