"""Which kinds of words could have stood at a place."""

from __future__ import annotations

from collections.abc import Sequence

from nndsl.syntax.tables import Tables


def accepted(tables: Tables, stack: Sequence[int]) -> frozenset[str]:
    """Every kind of word that could come next, tried one by one on the stack alone.

    The parser's own set is wider: it holds what could come next in similar places.
    """
    return frozenset(
        kind
        for kind in tables.states[stack[-1]]
        if (kind.isupper() or kind == "$END") and _fits(tables, list(stack), kind)
    )


def _fits(tables: Tables, stack: list[int], kind: str) -> bool:
    while stack[-1] != tables.end:
        action = tables.states[stack[-1]].get(kind)
        if action is None or action >= 0:
            return action is not None
        rule = tables.rules[-1 - action]
        del stack[len(stack) - len(rule.pieces) :]
        stack.append(tables.states[stack[-1]][rule.origin])
    return True
