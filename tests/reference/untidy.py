"""Specs as nobody would write them: the same words, with comments wherever they fit."""

from __future__ import annotations

import re
from itertools import count
from random import Random

from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.syntax import parse
from nndsl.syntax.line_ends import OPERATORS

_WORD = re.compile(r'[\w."%]')
_CODE = re.compile(r'"(?:[^"\\]|\\.)*"|#[^\r\n]*|[^\s;"#]+')


def untidy(random: Random, text: str) -> str:
    """`text` with random spaces, line ends and comments between its words."""
    tree = parse.parse(Source("tidy.nn", text))
    for _ in range(100):
        messed = _mess(random, text)
        try:
            if parse.parse(Source("untidy.nn", messed)) == tree:
                return messed
        except SpecError:
            continue
    raise AssertionError("no comment fits anywhere")


def _mess(random: Random, text: str) -> str:
    numbers = count()
    share = random.choice((0.01, 0.03, 0.1))

    def comments() -> str:
        blanks = random.choice(("", " ", "\t", "\n", "\n\n\n  "))
        own = "".join(
            f"{random.choice(('', '    ', chr(9)))}#{random.choice(('', ' ', '# '))}"
            f"c{next(numbers)}\n{random.choice(('', '', chr(10)))}"
            for _ in range(random.choice((0, 0, 1, 2)))
        )
        behind = f"#{random.choice(('', ' '))}c{next(numbers)}" * random.randint(0, 1)
        return f"{blanks}{behind}\n{own}"

    pieces: list[str] = []
    before = None
    opened = 0
    for token in parse.words(text):
        if token.type == "COMMENT":
            continue
        if token.type == "_END":
            pieces.append(random.choice(("\n", "\n", ";", " ; \n", comments())))
            before = token
            continue
        opened += (token.type == "LPAR") - (token.type == "RPAR")
        if before is not None and before.type != "_END":
            touch = _WORD.match(before[-1]) and _WORD.match(token[0])
            space = " " if touch else random.choice(("", " ", " ", "\t "))
            loose = before.type in {*OPERATORS, "LPAR"} or token.type in OPERATORS
            if random.random() < share and (loose or opened):
                space = comments()
            pieces.append(space)
        pieces.append(str(token))
        before = token
    return comments() * random.randint(0, 1) + "".join(pieces) + comments()


def code(text: str) -> str:
    """The words and comments of a text without what stands between them."""
    return "".join(
        "\n#" + found[1:].replace(" ", "").replace("\t", "") + "\n"
        if found.startswith("#")
        else found
        for found in _CODE.findall(text)
    )


def comments_of(text: str) -> list[tuple[str, bool]]:
    """Each comment, and whether something stands before it on its line."""
    found = []
    for line in text.splitlines():
        *words, last = _CODE.findall(line) or [""]
        if last.startswith("#"):
            found.append((last[1:].strip(), bool(words)))
    return found
