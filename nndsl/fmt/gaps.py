"""What stands between two words of a statement: a space, nothing, or a line end."""

from collections.abc import Callable

from nndsl.fmt.roles import Roles
from nndsl.fmt.words import Word
from nndsl.syntax.tree import Assignment, Definition, Line, Statement

Rank = Callable[[Word, Word, Roles, int], int | None]
"""How late a statement is broken between two words, given the number of parentheses
around the gap; None for never."""
_NONE_BEFORE = frozenset(("RPAR", "COMMA", "COLON", "CARET"))
_NONE_BEHIND = frozenset(("LPAR", "CARET"))
_COMMA, _DEEPER = 1, 10
_OPERATORS = {"COMPARISON": 2, "SIGN": 3, "STAR": 4, "SLASH": 4}
"""How late a formula is broken before an operator: the looser it binds, the sooner."""


def space(before: Word, word: Word, roles: Roles) -> str:
    """What stands between two words on one line."""
    kinds = before.kind, word.kind
    if "EQUAL" in kinds:
        return " " if {before.start, word.start} & roles.equals else ""
    if "DOTS" in kinds:
        return " " if before.kind == "DOTS" and word.text.startswith(".") else ""
    if word.kind in _NONE_BEFORE or before.kind in _NONE_BEHIND:
        return ""
    if before.start in roles.signs:
        return ""
    called = kinds == ("NAME", "LPAR") and before.start not in roles.limits
    return "" if called else " "


def in_list(before: Word, word: Word, roles: Roles, depth: int) -> int | None:
    """Settings are broken behind commas and bars outside parentheses."""
    broken = word.start in roles.groups or before.kind == "PIPE"
    return 0 if broken and not depth else None


def in_formula(before: Word, word: Word, roles: Roles, depth: int) -> int | None:
    """Formulas are broken behind `=` and commas, and before operators."""
    if word.start in roles.formulas and before.kind == "EQUAL":
        return 0
    if before.kind == "COMMA" and depth:
        return depth * _DEEPER + _COMMA
    if word.kind in _OPERATORS and word.start not in roles.signs:
        return depth * _DEEPER + _OPERATORS[word.kind]
    return None


RANKS: dict[type[Line], Rank] = {
    Statement: in_list,
    Assignment: in_formula,
    Definition: in_formula,
}
