"""The stored tables of the grammar, and that our parser does what Lark does by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Token as LarkToken
from lark import Tree, UnexpectedToken
from lark.exceptions import UnexpectedCharacters

from nndsl.diagnostics.record import Source
from nndsl.resources import read
from nndsl.syntax import tables as module
from nndsl.syntax.accepts import accepted
from nndsl.syntax.automaton import Automaton, Unexpected
from nndsl.syntax.lex import tokens
from nndsl.syntax.line_ends import statements
from nndsl.syntax.make_tables import as_text, lark, make
from nndsl.syntax.misread import Misread
from nndsl.syntax.parse import parse
from nndsl.syntax.tables import from_data, tables
from nndsl.syntax.token import END, Token

HERE = Path(__file__).resolve().parent
GRAMMAR = read("grammar", "nn.lark")
LARK = lark(GRAMMAR)
FILES = sorted(
    [
        *(HERE.parent / "specs").glob("*.nn"),
        *(HERE.parent / "nndsl").rglob("*.nn"),
        *(HERE / "errors").rglob("*.txt"),
    ]
)
TEXTS = [path.read_text(encoding="utf-8").partition("-----\n")[0] for path in FILES]
KINDS = sorted(kind for kind, _ in make(GRAMMAR)["words"])


class Plain:
    """Builds trees of the rules' names and the words alone."""

    def __getattr__(self, name: str) -> Any:
        if name.isupper() or name.startswith("$"):
            raise AttributeError(name)
        return lambda pieces: (name, list(pieces))


def plain(tree: Any) -> Any:
    """Lark's tree in the form that `Plain` builds."""
    if isinstance(tree, Tree):
        return str(tree.data), [plain(child) for child in tree.children]
    return tree


@pytest.fixture
def edited(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Contents that take the place of the files in `grammar/`, by name."""
    contents: dict[str, str] = {}

    def other(folder: str, name: str) -> str:
        if contents.get(name) == "":
            raise FileNotFoundError(name)
        return contents.get(name) or read(folder, name)

    monkeypatch.setattr(module, "read", other)
    tables.cache_clear()
    yield contents
    tables.cache_clear()


def test_the_stored_tables_are_those_of_the_grammar() -> None:
    stale = "run python -m nndsl.syntax.make_tables"
    assert read("grammar", "nn.json") == as_text(make(GRAMMAR)), stale


def test_an_edited_grammar_is_noticed(edited: dict[str, str]) -> None:
    text = "a & b & c"
    with pytest.raises(Exception, match="no meaning here"):
        parse(Source("test.nn", text))
    tables.cache_clear()
    edited["nn.lark"] = GRAMMAR.replace("_END: /;|", "_END: /;|&|")
    assert len(parse(Source("test.nn", text)).lines) == 3


def test_without_stored_tables_the_grammar_is_read(edited: dict[str, str]) -> None:
    expected = tables()
    tables.cache_clear()
    edited["nn.json"] = ""
    assert tables() == expected


@pytest.mark.parametrize(
    ("part", "other"),
    [("-> assignment", ""), ("limits: NAME", 'limits: "in"')],
    ids=["a rule that may vanish", "a word that another word's pattern matches"],
)
def test_what_the_parser_does_not_know_is_refused(part: str, other: str) -> None:
    assert part in GRAMMAR
    with pytest.raises(ValueError, match=r"grammar|not known"):
        make(GRAMMAR.replace(part, other))


def as_lark_cuts(text: str) -> list[tuple[object, ...]]:
    """Lark's words; a character that is in none ends them."""
    found: list[tuple[object, ...]] = []
    try:
        for word in LARK.lex(text):
            start, end = word.start_pos, word.end_pos
            place = word.line, word.column, word.end_line, word.end_column
            found.append((word.type, str(word), start, end, *place))
    except UnexpectedCharacters:
        found.append(())
    return found


def as_we_cut(text: str) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    try:
        for word in tokens(text, tables()):
            span = word.span
            place = span.line, span.column, span.end_line, span.end_column
            found.append((word.kind, str(word), span.start, span.end, *place))
    except ValueError:
        found.append(())
    return found


@pytest.mark.parametrize("text", TEXTS, ids=[path.stem for path in FILES])
def test_files_are_cut_as_lark_cuts_them(text: str) -> None:
    assert as_we_cut(text) == as_lark_cuts(text)


PIECES = st.one_of(
    st.sampled_from("(){}=,;|:./%+-*^<>!\"'#\\_ \n\t\r0123456789abeE_é\ufeff&٣"),
    st.sampled_from(("..", "**", ":=", "<=", "!=", "1e-3", "20%", '"t"', "\r\n")),
    st.characters(),
)


@given(st.lists(PIECES, max_size=60).map("".join))
@settings(max_examples=500, deadline=None)
def test_any_text_is_cut_as_lark_cuts_it(text: str) -> None:
    assert as_we_cut(text) == as_lark_cuts(text)


class Both:
    """Lark's parser and ours, fed the same words."""

    def __init__(self) -> None:
        self.lark = LARK.parse_interactive("")
        self.ours = Automaton(tables(), Plain())
        self.tree: Any = None

    def accepted(self) -> frozenset[str]:
        """The kinds of words that may come next, asked of both."""
        ours = accepted(tables(), self.ours.states)
        assert ours == self.lark.accepts()
        return ours

    def feed(self, word: Token) -> bool:
        """Whether both take the word; they never disagree."""
        try:
            self.tree = self.ours.feed(word)
        except Unexpected:
            with pytest.raises(UnexpectedToken):
                self._feed_lark(word)
            return False
        made = self._feed_lark(word)
        assert self.tree == plain(made)
        return True

    def _feed_lark(self, word: Token) -> Any:
        return self.lark.feed_token(LarkToken(word.kind, str(word)))


@pytest.mark.parametrize("text", TEXTS, ids=[path.stem for path in FILES])
def test_files_are_parsed_as_lark_parses_them(text: str) -> None:
    both = Both()
    try:
        for word in statements(tokens(text.replace("\r", ""), tables()), [], []):
            if not both.feed(word):
                return
    except Misread:
        return
    assert both.feed(END) == (both.tree is not None)


@st.composite
def streams(draw: st.DrawFn) -> list[str]:
    """Kinds of words, most of which may stand where they do."""
    parser = Automaton(tables(), Plain())
    found: list[str] = []
    for number in range(draw(st.integers(0, 40))):
        wild = draw(st.integers(0, 30)) == 30
        could = sorted(accepted(tables(), parser.states) - {"$END"})
        kind = draw(st.sampled_from(KINDS if wild else could))
        found.append(kind)
        try:
            parser.feed(Token(kind, f"w{number}", END.span))
        except Unexpected:
            break
    return found


@given(streams())
@settings(max_examples=300, deadline=None)
def test_any_row_of_words_is_parsed_as_lark_parses_it(kinds: list[str]) -> None:
    both = Both()
    for number, kind in enumerate(kinds):
        could = both.accepted()
        taken = both.feed(Token(kind, f"w{number}", END.span))
        assert taken == (kind in could)
        if not taken:
            return
    ends = "$END" in both.accepted()
    assert both.feed(END) == ends


def test_equal_data_give_equal_tables() -> None:
    data = make(GRAMMAR)
    assert from_data(data) == tables()
    assert as_text(data) == as_text(make(GRAMMAR))
