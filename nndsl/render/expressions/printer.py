"""Prints expressions as Python: NumPy over arrays, plain floats where no array is.

Every printed part is of one of three kinds.  A *scalar* is a Python float, which
leaves an array's precision alone; a *mask* is the array of a comparison, which may be
multiplied with an array but is no number by itself; everything else is an *array*.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from nndsl.formulas.algebra.guard import guard
from nndsl.formulas.algebra.rewrites import MIRRORED
from nndsl.formulas.expression import Expression, Number, Operation, Variable
from nndsl.formulas.traverse import variables, visit
from nndsl.render.expressions.forms import (
    CALL,
    CONDITIONAL,
    FORMS,
    HELPERS_OF,
    MULTIPLIED,
    RAISED,
    SIGNED,
    Layout,
)
from nndsl.render.library import NUMPY, Library

_SIMPLE = re.compile(r"-?[A-Za-z_0-9.]+([eE][+-]?[0-9]+)?")
_HOLE = re.compile(r"\{(\d*)\}")


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    precedence: int
    kind: Literal["scalar", "mask", "array"]


def print_numpy(
    expression: Expression,
    names: Mapping[str, str] | None = None,
    scalars: Collection[str] = (),
    library: Library = NUMPY,
) -> str:
    """One line of NumPy, or of another library with NumPy's functions.

    `names` gives the Python text of a name where it is another.  `scalars` are the
    names that are Python numbers; all others are arrays of the module's precision,
    and so is the result where one of them takes part.
    """
    return print_guarded(guard(expression, frozenset(scalars)), names, scalars, library)


def print_guarded(
    expression: Expression,
    names: Mapping[str, str] | None = None,
    scalars: Collection[str] = (),
    library: Library = NUMPY,
) -> str:
    """The same for an expression whose guards are written out already."""
    printer = _Printer(names or {}, frozenset(scalars), library=library)
    return printer.whole(expression)


def print_operand(
    expression: Expression,
    names: Mapping[str, str] | None = None,
    scalars: Collection[str] = (),
) -> str:
    """The same as an argument of a call: a comparison of arrays stays true or false."""
    return _Printer(names or {}, frozenset(scalars)).operand(expression)


def print_mathematics(
    expression: Expression,
    names: Mapping[str, str] | None = None,
    scalars: Collection[str] = (),
) -> str:
    """The formula as a comment says it: functions by their names, nothing guarded."""
    return _Printer(names or {}, frozenset(scalars), plain=True).whole(expression)


def print_scalar(expression: Expression, names: Mapping[str, str] | None = None) -> str:
    """One line of plain Python over floats."""
    return print_numpy(expression, names, variables(expression))


def needs(expression: Expression, scalars: Collection[str] = ()) -> frozenset[str]:
    """The helpers of `helpers.py` that the printed expression calls."""
    found: set[str] = set()
    known = frozenset(scalars)

    def see(node: Expression) -> None:
        if isinstance(node, Operation):
            helper = HELPERS_OF.get(node.name)
            plain = node.arguments and variables(node) <= known
            if helper is not None and not plain:
                found.add(helper)

    visit(guard(expression, known), see)
    return frozenset(found)


class _Printer:
    def __init__(
        self,
        names: Mapping[str, str],
        scalars: frozenset[str],
        plain: bool = False,
        library: Library = NUMPY,
    ) -> None:
        self.names = names
        self.scalars = scalars
        self.plain = plain
        self.library = library

    def operand(self, expression: Expression) -> str:
        return self._text(expression).text

    def whole(self, expression: Expression) -> str:
        printed = self._text(expression)
        if printed.kind == "mask":
            return self._as_number(printed).text
        return printed.text

    def _text(self, node: Expression) -> _Text:
        match node:
            case Number(value):
                return _number(value)
            case Variable(name):
                text = self.names.get(name, name)
                kind: Literal["scalar", "array"] = (
                    "scalar" if name in self.scalars else "array"
                )
                return _Text(
                    text, CALL if _SIMPLE.fullmatch(text) else _level(text), kind
                )
            case Operation("multiply", _):
                return self._product(node)
            case Operation("where", _):
                return self._where(node)
            case Operation(name, (left, right)) if name in MIRRORED:
                return self._comparison(name, left, right)
            case Operation(name, arguments):
                return self._operation(name, arguments)

    def _operation(self, name: str, arguments: tuple[Expression, ...]) -> _Text:
        parts = [self._text(argument) for argument in arguments]
        operation = FORMS[name]
        if all(part.kind == "scalar" for part in parts):
            layout = operation.numpy if self.plain else operation.scalar
            return _Text(*self._filled(layout, parts), "scalar")
        numbers = [self._as_number(part) for part in parts]
        return _Text(*self._filled(operation.numpy, numbers), "array")

    def _filled(self, layout: Layout, parts: list[_Text]) -> tuple[str, int]:
        if self.plain:
            text = layout.text.removeprefix("np.").removeprefix("math.")
            layout = replace(layout, text=text)
        elif layout.text.startswith(f"{NUMPY.name}."):
            text = layout.text.removeprefix(NUMPY.name)
            layout = replace(layout, text=f"{self.library.name}{text}")
        return _fill(layout, parts)

    def _comparison(self, name: str, left: Expression, right: Expression) -> _Text:
        first, second = self._text(left), self._text(right)
        if first.kind == "scalar" and second.kind != "scalar":
            return self._comparison(MIRRORED[name], right, left)
        parts = [self._as_number(first), self._as_number(second)]
        scalar = all(part.kind == "scalar" for part in parts)
        text, precedence = _fill(FORMS[name].numpy, parts)
        return _Text(text, precedence, "scalar" if scalar else "mask")

    def _product(self, node: Operation) -> _Text:
        """Numbers first, masks last: they then meet an array of the right precision."""
        factors = [self._text(factor) for factor in _factors(node)]
        kinds = {factor.kind for factor in factors}
        if kinds == {"scalar"}:
            return _chain(factors, "scalar")
        masks = [factor for factor in factors if factor.kind == "mask"]
        others = [factor for factor in factors if factor.kind == "scalar"]
        others += [factor for factor in factors if factor.kind == "array"]
        if not others:
            return _chain(masks, "mask")
        if "array" in kinds:
            return _chain(others + masks, "array")
        mask = masks[0] if len(masks) == 1 else _chain(masks, "mask")
        return _chain([*others, self._as_number(mask)], "array")

    def _where(self, node: Operation) -> _Text:
        parts = [self._text(argument) for argument in node.arguments]
        condition, *branches = parts
        chosen = [self._as_number(branch) for branch in branches]
        if condition.kind == "scalar":
            plain = all(branch.kind == "scalar" for branch in branches)
            if not plain:
                arrays = sorted(variables(node) - self.scalars)
                like = self.names.get(arrays[0], arrays[0])
                chosen = [self._as_array(branch, like) for branch in chosen]
            text, precedence = _fill(FORMS["where"].scalar, [condition, *chosen])
            return _Text(text, precedence, "scalar" if plain else "array")
        text, _ = self._filled(FORMS["where"].numpy, [condition, *chosen])
        if all(branch.kind == "scalar" for branch in branches) and not self.plain:
            text = f"{text}.astype(DTYPE)"
        return _Text(text, CALL, "array")

    def _as_array(self, part: _Text, like: str) -> _Text:
        """An array of one number, where an array like another might stand instead."""
        if part.kind != "scalar" or self.plain:
            return part
        text = f"{self.library.name}.full_like({like}, {part.text})"
        return _Text(text, CALL, "array")

    def _as_number(self, part: _Text) -> _Text:
        """A mask as numbers of the module's precision."""
        if part.kind != "mask" or self.plain:
            return part
        text = f"({part.text}).astype(DTYPE)"
        return _Text(text, CALL, "array")


def _factors(node: Expression) -> list[Expression]:
    """The factors of a product, in the order in which it is computed."""
    if isinstance(node, Operation) and node.name == "multiply":
        left, right = node.arguments
        return [
            *_factors(left),
            *(_factors(right) if isinstance(left, Number) else [right]),
        ]
    return [node]


def _chain(parts: list[_Text], kind: Literal["scalar", "mask", "array"]) -> _Text:
    first, *rest = parts
    texts = [_enclosed(first, MULTIPLIED), *(_enclosed(part, SIGNED) for part in rest)]
    if not rest:
        return replace(first, kind=kind)
    return _Text(" * ".join(texts), MULTIPLIED, kind)


def _fill(layout: Layout, parts: list[_Text]) -> tuple[str, int]:
    texts = [
        _enclosed(part, need) for part, need in zip(parts, layout.needs, strict=True)
    ]
    text = layout.text
    if layout.precedence == RAISED:
        simple = all(_SIMPLE.fullmatch(part) for part in texts)
        text = text.replace(" ** ", "**") if simple else _spaced(text)
    precedence = layout.precedence
    if precedence == SIGNED:
        precedence = min(precedence, parts[0].precedence)
        if parts[0].precedence == RAISED:
            texts = [f"({parts[0].text})"]
    remaining = iter(range(len(texts)))

    def hole(match: re.Match[str]) -> str:
        return texts[int(match[1]) if match[1] else next(remaining)]

    return _HOLE.sub(hole, text), precedence


def _spaced(text: str) -> str:
    return text if " ** " in text else text.replace("**", " ** ")


def _enclosed(part: _Text, need: int) -> str:
    return part.text if part.precedence >= need else f"({part.text})"


def _level(text: str) -> int:
    """The precedence of a text given for a name: only a plain call or item is safe."""
    closed = re.fullmatch(r"[A-Za-z_][\w.]*(\[[^\[\]]*\]|\([^()]*\))*", text)
    return CALL if closed else CONDITIONAL


def _number(value: float) -> _Text:
    whole = float(value).is_integer() and abs(value) < 1e16
    text = str(int(value)) if whole else repr(float(value))
    return _Text(text, SIGNED if text.startswith("-") else CALL, "scalar")
