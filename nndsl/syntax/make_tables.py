"""Have Lark make the tables of the grammar: `python -m nndsl.syntax.make_tables`.

Run it after every edit of `grammar/nn.lark`; it writes `grammar/nn.json`.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from typing import Any

from lark import Lark, Token
from lark.grammar import Rule, Symbol
from lark.lexer import BasicLexer
from lark.parsers.lalr_analysis import Shift

from nndsl.resources import folder, read
from nndsl.syntax.tables import DROP, INLINE, KEEP

MISTAKES = (
    "BAD_POWER",
    "BAD_EQUALS",
    "BAD_NUMBER",
    "BAD_WORD",
    "BAD_TEXT",
    "BAD_QUOTE",
    "BAD_CHARACTER",
)
"""The kinds of words that no rule of the grammar uses."""


class _KeepMistakes:
    """Has the lexer keep the kinds of words that only messages and comments use."""

    always_accept = ("COMMENT", *MISTAKES)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        return stream


def lark(grammar: str, **options: Any) -> Lark:
    """Lark's own parser of a grammar; ours answers every text as it does."""
    return Lark(
        grammar,
        parser="lalr",
        lexer="basic",
        start="file",
        postlex=_KeepMistakes(),
        maybe_placeholders=False,
        **options,
    )


def make(grammar: str) -> dict[str, Any]:
    """The tables as plain data.

    Raises ValueError for what `nndsl/syntax/automaton.py` does not know of Lark.
    """
    made = lark(grammar)
    lexer = _lexer(made)
    parser: Any = made.parser.parser
    table = parser.parser.parse_table
    start, end = table.start_states["file"], table.end_states["file"]
    order = _in_order(table.states, start)
    rules = {rule: number for number, rule in enumerate(made.rules)}
    return {
        "grammar": grammar,
        "words": [[word.name, word.pattern.to_regexp()] for word in lexer.terminals],
        "ignored": sorted(lexer.ignore_types),
        "rules": [[rule.origin.name, *_rule(rule)] for rule in made.rules],
        "start": order[start],
        "end": order[end],
        "states": [_row(table.states[state], order, rules) for state in order],
    }


def _row(actions: Any, order: dict[int, int], rules: dict[Rule, int]) -> dict[str, int]:
    return {
        kind: order[target] if move is Shift else -1 - rules[target]
        for kind, (move, target) in sorted(actions.items(), key=_kind)
    }


def _in_order(states: Any, start: int) -> dict[int, int]:
    """Numbers for the states in the order they are reached: Lark's own numbers differ
    from run to run."""
    order = {start: 0}
    waiting = deque([start])
    while waiting:
        for _, (move, target) in sorted(states[waiting.popleft()].items(), key=_kind):
            if move is Shift and target not in order:
                order[target] = len(order)
                waiting.append(target)
    return order


def _kind(item: tuple[str, object]) -> str:
    return item[0]


def _lexer(made: Lark) -> BasicLexer:
    connected: Any = made.parser.lexer
    lexer: BasicLexer = connected.lexer
    if len(lexer.scanner.terminals) < len(lexer.terminals) or lexer.callback:
        raise ValueError("a word of the grammar is matched by another word's pattern")
    return lexer


def _rule(rule: Rule) -> tuple[str, str]:
    """The builder's method for a rule, and what becomes of its pieces."""
    options = rule.options
    if options.keep_all_tokens or (options.expand1 and not rule.alias):
        raise ValueError(f"a rule of a kind that is not known here: {rule}")
    name = rule.alias or str(rule.origin.name)
    maker = "" if name.startswith("_") else name
    return maker, " ".join(map(_piece, rule.expansion))


def _piece(symbol: Symbol) -> str:
    if symbol.is_term:
        return DROP if getattr(symbol, "filter_out", False) else KEEP
    return INLINE if symbol.name.startswith("_") else KEEP


def as_text(data: dict[str, Any]) -> str:
    """The data as JSON, a row a line; equal data gives equal text."""
    return "{\n" + ",\n".join(map(_entry, data.items())) + "\n}\n"


def _entry(item: tuple[str, Any]) -> str:
    key, value = item
    if not isinstance(value, list):
        return f"{json.dumps(key)}: {json.dumps(value)}"
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in value)
    return f"{json.dumps(key)}: [\n{rows}\n]"


if __name__ == "__main__":
    path = folder("grammar") / "nn.json"
    text = as_text(make(read("grammar", "nn.lark")))
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"wrote {path}")
