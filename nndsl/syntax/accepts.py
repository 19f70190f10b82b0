"""Which kinds of words could have stood at a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark.parsers.lalr_parser_state import ParseConf


def accepted(conf: ParseConf[int], stack: Sequence[int]) -> frozenset[str]:
    """Every kind of word that could come next, tried one by one on the stack alone.

    The parser's own set is wider: it holds what could come next in similar places.
    """
    return frozenset(
        kind
        for kind in conf.states[stack[-1]]
        if (kind.isupper() or kind == "$END") and _fits(conf, list(stack), kind)
    )


def _fits(conf: ParseConf[int], stack: list[int], kind: str) -> bool:
    from lark.parsers.lalr_analysis import Shift

    while stack[-1] != conf.end_state:
        action = conf.states[stack[-1]].get(kind)
        if action is None:
            return False
        move, rule = action
        if move is Shift:
            return True
        if rule.expansion:
            del stack[-len(rule.expansion) :]
        stack.append(conf.states[stack[-1]][rule.origin.name][1])
    return True
