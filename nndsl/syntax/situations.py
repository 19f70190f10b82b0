"""Where a word can be wrong: the states of the parser, told by what they accept.

Lark numbers its states anew whenever the grammar changes, and one state may stand in
several places of a file.  What the parser would have accepted tells the places apart
and outlives the numbers.  `tests/test_parser_states.py` walks through every state that
a file can reach and fails where one belongs to no situation, or to two.
"""

from dataclasses import dataclass

ENDS = frozenset(("_END", "RBRACE", "$END"))
"""What ends a statement; whether it may end belongs to no situation."""


def _kinds(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = _kinds("NAME NUMBER PERCENT TEXT")
_PART = _WORD | _kinds("SIGN SLASH PIPE COLON DOTS")
_OPERATOR = _kinds("SIGN STAR SLASH CARET COMPARISON")
_COMMA, _CLOSING, _DOTS = _kinds("COMMA"), _kinds("RPAR"), _kinds("DOTS")
_BLOCK, _CALL, _VALUE = _kinds("LBRACE"), _kinds("LPAR"), _kinds("EQUAL")


@dataclass(frozen=True, slots=True)
class Situation:
    """`always` is accepted in each of its states, `sometimes` in some of them.

    After a name, for instance, `(` may begin the arguments of a call.
    """

    name: str
    always: frozenset[str]
    sometimes: frozenset[str] = frozenset()

    def holds(self, accepted: frozenset[str]) -> bool:
        accepted -= ENDS
        return self.always <= accepted <= self.always | self.sometimes


SITUATIONS = (
    Situation("line", _kinds("NAME")),
    Situation("head", _PART | _BLOCK, _CALL | _VALUE),
    Situation("part", _PART | _COMMA | _BLOCK, _CALL | _VALUE),
    Situation("after a comma", _PART),
    Situation("after a block", frozenset()),
    Situation("value", _WORD, _kinds("SIGN LPAR")),
    Situation("first argument", _WORD | _kinds("SIGN LPAR RPAR")),
    Situation("argument", _OPERATOR | _COMMA | _CLOSING, _kinds("NAME LPAR EQUAL")),
    Situation("lower limit", _OPERATOR | _DOTS, _CALL),
    Situation("parenthesis", _OPERATOR | _CLOSING, _CALL),
    Situation("formula", _OPERATOR, _CALL),
)
"""`line` is where a statement begins, `head` is after its first word, `part` after any
other; `argument`, `lower limit`, `parenthesis` and `formula` are after a value."""


def situation(accepted: frozenset[str]) -> str:
    """The name of the place where the parser accepts these kinds of words."""
    return next(each.name for each in SITUATIONS if each.holds(accepted))
