"""The mathematics of a formula: from the words of a spec to an expression."""

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NoReturn

from nndsl import limits
from nndsl.diagnostics.codes_formulas import (
    ARGUMENTS,
    NOT_A_FORMULA,
    NOT_FINITE,
    SUM,
    TOO_LARGE,
    UNKNOWN_VARIABLE,
)
from nndsl.formulas.algebra.evaluate import evaluate
from nndsl.formulas.build.scope import Scope
from nndsl.formulas.expression import (
    Expression,
    Formula,
    Number,
    Operation,
    Variable,
)
from nndsl.formulas.traverse import substitute, variables
from nndsl.syntax import tree

FUNCTIONS: dict[str, tuple[str, int]] = {
    "abs": ("abs", 1),
    "clip": ("clip", 3),
    "cos": ("cos", 1),
    "exp": ("exp", 1),
    "expm1": ("expm1", 1),
    "floor": ("floor", 1),
    "log": ("log", 1),
    "log1p": ("log1p", 1),
    "max": ("maximum", 2),
    "min": ("minimum", 2),
    "mod": ("mod", 2),
    "normal_cdf": ("normal_cdf", 1),
    "normal_pdf": ("normal_pdf", 1),
    "sigmoid": ("sigmoid", 1),
    "sign": ("sign", 1),
    "sin": ("sin", 1),
    "softplus": ("softplus", 1),
    "sqrt": ("sqrt", 1),
    "tanh": ("tanh", 1),
    "where": ("where", 3),
}
"""The functions of the language: the operation each is, and how much it takes."""

CONSTANTS = ("pi", "e")
_OPERATORS = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "^": "power",
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
    "==": "equal",
    "!=": "not_equal",
}
_WORDS = {"yes": 1.0, "no": 0.0}


class Unbuildable(Exception):
    """The formula has a mistake that hides what the rest means; it is in the scope."""


Size = tuple[int, int]
"""Nodes, and how many operations lie over one another."""


class Converter:
    """Converts the expressions of one formula.

    `names`: what may be read, with the expression each stands for.  `find` gives the
    formula of a name, None where it is unknown or has mistakes of its own.
    """

    def __init__(
        self,
        scope: Scope,
        names: Mapping[str, Expression],
        find: Callable[[tree.Name], Formula | None],
    ) -> None:
        self.scope = scope
        self.names = dict(names)
        self.find = find
        self._sizes: dict[int, tuple[Expression, Size]] = {}

    def convert(self, node: tree.Expression) -> Expression:
        """The expression; raises `Unbuildable` once the mistake is in the scope."""
        expression = self._convert(node)
        self._check_size(self._size(expression, {}), node.span)
        if not isinstance(expression, Number) and not variables(expression):
            self._check_finite(expression, node.span)
        return expression

    def _convert(self, node: tree.Expression) -> Expression:
        match node:
            case tree.Number(value=value):
                return self._number(float(value), node.span)
            case tree.Percent(value=value):
                return self._number(value / 100, node.span)
            case tree.Name():
                return self._name(node)
            case tree.Unary(operator=operator, operand=operand):
                inner = self.convert(operand)
                return inner if operator == "+" else _negative(inner)
            case tree.Binary(operator=operator, left=left, right=right):
                return Operation(_OPERATORS[operator], self._all(left, right))
            case tree.Call():
                return self._call(node)
        self._refuse(
            NOT_A_FORMULA,
            node.span,
            "a text is not a number",
            "write a number, a name or a call",
        )

    def _all(self, *nodes: tree.Expression) -> tuple[Expression, ...]:
        """Every part, so that each one's mistakes are found."""
        parts: list[Expression] = []
        for node in nodes:
            with suppress(Unbuildable):
                parts.append(self.convert(node))
        if len(parts) < len(nodes):
            raise Unbuildable
        return tuple(parts)

    def _number(self, value: float, span: tree.Span) -> Number:
        if not math.isfinite(value):
            self._refuse(NOT_FINITE, span, "too large for a 64-bit float", "")
        return Number(value)

    def _check_finite(self, expression: Expression, span: tree.Span) -> None:
        if not math.isfinite(evaluate(expression, {})):
            hint = "it divides by zero, or is too large for a 64-bit float"
            self._refuse(NOT_FINITE, span, "this has no finite value", hint)

    def _name(self, node: tree.Name) -> Expression:
        if node.text in self.names:
            return self.names[node.text]
        if node.text in CONSTANTS:
            return Operation(node.text, ())
        if node.text in FUNCTIONS or node.text in self.scope.formulas:
            hint = f"call it: `{node.text}(...)`"
            label = f"`{node.text}` is a function, not a number"
            self._refuse(UNKNOWN_VARIABLE, node.span, label, hint)
        self.scope.unknown(
            UNKNOWN_VARIABLE, "parameter", node, [*self.names, *CONSTANTS]
        )
        raise Unbuildable

    def _call(self, node: tree.Call) -> Expression:
        name = node.name.text
        if name == "sum":
            hint = "write it once, around everything: `loss name(...) = sum(...)`"
            label = "`sum` belongs around the whole formula of a loss"
            self._refuse(SUM, node.span, label, hint)
        if name in FUNCTIONS:
            return self._function(node, *FUNCTIONS[name])
        formula = self.find(node.name)
        if formula is None:
            raise Unbuildable
        return self._formula(node, formula)

    def _function(self, node: tree.Call, operation: str, arity: int) -> Expression:
        for argument in node.arguments:
            if argument.key is not None or argument.limits is not None:
                label = f"`{node.name.text}` takes its arguments by position"
                self._refuse(ARGUMENTS, argument.span, label, "leave the name out")
        if len(node.arguments) != arity:
            label = (
                f"`{node.name.text}` takes {arity} arguments, not {len(node.arguments)}"
            )
            self._refuse(ARGUMENTS, node.span, label, _usage(node.name.text, arity))
        values = [each.value for each in node.arguments]
        return Operation(operation, self._all(*values))

    def _formula(self, node: tree.Call, formula: Formula) -> Expression:
        """The formula with its arguments put in; its size is known before."""
        parameters = [parameter.name for parameter in formula.parameters]
        order = [*formula.inputs, *parameters]
        given: dict[str, Expression] = {
            parameter.name: Number(parameter.default)
            for parameter in formula.parameters
        }
        filled: set[str] = set()
        for position, argument in enumerate(node.arguments):
            name = self._slot(node, argument, position, order)
            if name in filled:
                self._refuse(ARGUMENTS, argument.span, f"`{name}` is given twice", "")
            filled.add(name)
            given[name] = self._argument(argument.value)
        missing = [name for name in formula.inputs if name not in filled]
        if missing:
            label = f"`{formula.name}` is not given its `{missing[0]}`"
            hint = f"write `{formula.name}({', '.join(formula.inputs)})`"
            self._refuse(ARGUMENTS, node.span, label, hint)
        leaves = {name: self._size(value, {}) for name, value in given.items()}
        size = self._size(formula.value, leaves, remember=False)
        self._check_size(size, node.span)
        return substitute(formula.value, given)

    def _slot(
        self, node: tree.Call, argument: tree.Argument, position: int, order: list[str]
    ) -> str:
        if argument.limits is not None:
            label = "limits belong where a parameter is defined"
            self._refuse(ARGUMENTS, argument.limits.span, label, "leave them out")
        if argument.key is None:
            if position < len(order):
                return order[position]
            label = f"`{node.name.text}` takes at most {len(order)}"
            hint = f"in this order: {', '.join(order)}"
            self._refuse(ARGUMENTS, argument.span, label, hint)
        if argument.key.text not in order:
            what = f"parameter of {node.name.text}"
            self.scope.unknown(ARGUMENTS, what, argument.key, order)
            raise Unbuildable
        return argument.key.text

    def _argument(self, value: tree.Expression) -> Expression:
        match value:
            case tree.Name(text=text) if text in _WORDS and text not in self.names:
                return Number(_WORDS[text])
        return self.convert(value)

    def _check_size(self, size: Size, span: tree.Span) -> None:
        nodes, deep = size
        if nodes > limits.FORMULA_NODES:
            label = f"{nodes} nodes with the formulas it calls put in"
            hint = f"at most {limits.FORMULA_NODES} are allowed; write it shorter"
            self._refuse(TOO_LARGE, span, label, hint)
        if deep > limits.FORMULA_DEPTH:
            label = f"{deep} operations inside one another"
            hint = f"at most {limits.FORMULA_DEPTH} are allowed; write it flatter"
            self._refuse(TOO_LARGE, span, label, hint)

    def _size(
        self, node: Expression, leaves: Mapping[str, Size], remember: bool = True
    ) -> Size:
        """Nodes and depth of a tree whose names are as large as `leaves` says."""
        known = self._sizes if remember else {}

        def of(part: Expression) -> Size:
            if isinstance(part, Variable):
                return leaves.get(part.name, (1, 1))
            if not isinstance(part, Operation):
                return 1, 1
            if id(part) not in known:
                sizes = [of(argument) for argument in part.arguments]
                nodes = 1 + sum(nodes for nodes, _ in sizes)
                deep = 1 + max((deep for _, deep in sizes), default=0)
                known[id(part)] = (part, (nodes, deep))
            return known[id(part)][1]

        return of(node)

    def _refuse(self, code: str, span: tree.Span, label: str, hint: str) -> NoReturn:
        self.scope.add(code, span, label, hint)
        raise Unbuildable


def _negative(inner: Expression) -> Expression:
    if isinstance(inner, Number) and inner.value > 0:
        return Number(-inner.value)
    return Operation("negate", (inner,))


def _usage(name: str, arity: int) -> str:
    places = {1: "x", 2: "a, b", 3: "condition, a, b" if name == "where" else "x, a, b"}
    return f"write `{name}({places[arity]})`"
