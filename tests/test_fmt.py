"""`nndsl fmt` changes how a spec looks: not what it says, and no comment."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path
from random import Random

import pytest
from conftest import SPECS
from reference.edits import edited
from reference.random_specs import random_spec
from reference.untidy import code, comments_of, untidy

from nndsl.compiler import understand
from nndsl.data.dialect import Dialect
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.fmt import format as format_module
from nndsl.fmt.breaking import Piece
from nndsl.fmt.format import formatted
from nndsl.fmt.rows import Row
from nndsl.new.new import new_spec
from nndsl.spec_text.defaults import with_defaults

FEW, ALL = 80, 2000
TABLES = sorted((Path(__file__).parent.parent / "specs" / "data").glob("*.csv"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A fixed few of the random specs, or all of them with `--all`."""
    if "seed" in metafunc.fixturenames:
        everything = metafunc.config.getoption("--all")
        metafunc.parametrize("seed", range(ALL if everything else FEW))


def tidy(text: str) -> str:
    return formatted(Source("a.nn", text))


def meaning(text: str) -> object:
    """The records of the network but for what is said in comments; or the mistakes."""
    try:
        checked = understand(Source("a.nn", text))
    except SpecError as error:
        return [(each.code, each.label) for each in error.diagnostics]
    return without_comments(checked.network)


def without_comments(value: object) -> object:
    """The fields by which records are compared, but for those that hold comments."""
    if dataclasses.is_dataclass(value):
        names = [each.name for each in dataclasses.fields(value) if each.compare]
        return {
            name: without_comments(getattr(value, name))
            for name in names
            if name not in COMMENTS
        }
    return [*map(without_comments, value)] if isinstance(value, tuple) else value


COMMENTS = "documentation", "notes"


def test_a_random_spec_keeps_its_meaning_and_its_comments(seed: int) -> None:
    random = Random(seed)
    text = untidy(random, random_spec(random, f"Net{seed}")[1])
    if seed % 5 == 0:
        text = text.replace("\n", "\r\n")
    once = tidy(text)
    assert meaning(once) == meaning(text)
    assert comments_of(once) == comments_of(text)
    assert code(once) == code(text)
    assert tidy(once) == once
    assert (once.count("\r\n") == once.count("\n")) == (seed % 5 == 0)


def test_an_edited_spec_keeps_its_words_and_comments(seed: int) -> None:
    """Names that nobody knows, and statements in places where they mean nothing."""
    random = Random(seed)
    text = edited(random).replace("}\n", "} # c\n", random.randint(0, 2))
    try:
        once = tidy(text)
    except SpecError:
        return
    assert code(once) == code(text)
    assert comments_of(once) == comments_of(text)
    assert meaning(once) == meaning(text)
    assert tidy(once) == once


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_shipped_specs_are_in_the_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert tidy(text) == text


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_written_defaults_are_in_the_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("    dense", "dense  ")
    written = with_defaults(understand(Source("a.nn", text)))
    assert tidy(written) == written


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_new_specs_are_in_the_style(path: Path) -> None:
    text = new_spec(str(path), None, Dialect()).text
    assert tidy(text) == text


FORMS = {
    "values stand below each other": (
        "network A {\ninput 2\nbatch_norm\nmetrics r2\ntrain {\nl2 1\nepochs 2\n}\n}",
        """\
network A {
    input    2
    batch_norm
    metrics  r2
    train {
        l2      1
        epochs  2
    }
}
""",
    ),
    "options stand below each other": (
        "network A {\ndense 8 relu l2=1\ndense 128 softmax\ndense 1 l1=2\n"
        "input a,b missing=mean\ninput c in 0 .. 1 scale=none\n}",
        """\
network A {
    dense  8 relu        l2=1
    dense  128 softmax
    dense  1             l1=2
    input  a, b        missing=mean
    input  c in 0..1   scale=none
}
""",
    ),
    "comments stand below each other": (
        "network A {# a\ninput 2 #b\ndense 128#c\n\nloss x # d\n#e\n} # f",
        """\
network A {    # a
    input  2      # b
    dense  128    # c

    loss   x    # d
    # e
}    # f
""",
    ),
    "a block keeps to one line": (
        "network A{input 2;dense 1;train{epochs 5;};}",
        "network A { input 2; dense 1; train { epochs 5 } }\n",
    ),
    "a block that is too long for one line": (
        "network A { input 2; dense 16 relu; train { epochs 5 }; "
        "loss categorical_crossentropy(clip=1e-5) }",
        """\
network A {
    input  2
    dense  16 relu
    train { epochs 5 }
    loss   categorical_crossentropy(clip=1e-5)
}
""",
    ),
    "a block without lines": (
        "network A {\n\n}\n\n\n\ntrain{}",
        "network A {}\n\ntrain {}\n",
    ),
    "a statement on several lines": (
        "network A\n{\ntarget y:\n  a |\n  b\n| c\n}",
        "network A {\n    target  y: a | b | c\n}\n",
    ),
    "marks": (
        "x { a - 1 .. .5 ; b 70%/30% ; c y:z , w = -3 ; d f( - 1 , k = 2 ) }",
        "x { a -1.. .5; b 70% / 30%; c y: z, w=-3; d f(-1, k=2) }\n",
    ),
    "formulas": (
        "loss  f ( a,b,c = 1 in(0) .. - x ) = - a*( b+ c ) ^ - 2 <=1-- c",
        "loss f(a, b, c=1 in (0)..-x) = -a * (b + c)^-2 <= 1 - -c\n",
    ),
    "needless parentheses": ("loss f(a) = ((a)) + (b)", "loss f(a) = ((a)) + (b)\n"),
    "words as they are written": (
        r'x { y "a\tb	c", 1_000, .5, 1E-3 }',
        'x { y "a\\tb\tc", 1_000, .5, 1E-3 }\n',
    ),
    "an optimizer": (
        "optimizer w(r=1) {\nstate velocity=0;m=1-velocity\n}",
        "optimizer w(r=1) {\n    state  velocity = 0\n    m      = 1 - velocity\n}\n",
    ),
    "comments within a formula": (
        "loss f(a) = max(a, # one\n# two\nb)",
        "loss f(a) = max(a,    # one\n                # two\n                b)\n",
    ),
    "kinds of comments": (
        "#! a\n#b\n##  c\n#\n#\td  \n#    e",
        "#! a\n# b\n##  c\n#\n#\td\n#    e\n",
    ),
    "empty lines": (
        "\n\n# a\n\n\n\n# b\nx {\n\ny\n\n\nz\n\n}\n\n",
        "# a\n\n# b\nx {\n    y\n\n    z\n}\n",
    ),
    "nothing": (" \n\t\n", ""),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_style(name: str) -> None:
    text, wanted = FORMS[name]
    assert tidy(text) == wanted
    assert tidy(wanted) == wanted


@pytest.mark.parametrize("mark", [",", " |"])
def test_long_lines_are_broken_behind_commas_and_bars(mark: str) -> None:
    """As late as 90 columns allow; what follows begins where the value does."""
    words = f"{mark} ".join(f"word_{i}" for i in range(40))
    head, options = ("", "   l2=1") if mark == "," else ("y: ", "")
    lines = tidy(f"network A {{\ninput {head}{words}{options}\n}}").splitlines()[1:-1]
    assert len(lines) > 4
    assert [line[:11].strip() for line in lines] == ["input", *[""] * (len(lines) - 1)]
    values = [line[11:] for line in lines]
    assert " ".join(values) == head + words + options
    for line, following in itertools.pairwise(lines):
        assert (
            len(line)
            <= 90
            < len(f"{line} {following.split()[0]}{mark * (mark != ',')}")
        )


def test_what_reads_like_a_statement_begins_no_line() -> None:
    """The language refuses such a line behind a comma."""
    words = ", ".join(f"column_number_{i} again" for i in range(9))
    assert tidy(f"network A {{\ninput {words}\n}}").splitlines()[1:-1] == [
        f"    input  {words}"
    ]


def test_a_long_formula_is_broken_where_it_binds_least() -> None:
    terms = " + ".join(f"first_{i} * other_{i}" for i in range(6))
    assert tidy(f"activation f(x) = {terms}") == (
        """\
activation f(x) =
    first_0 * other_0 + first_1 * other_1 + first_2 * other_2 + first_3 * other_3
    + first_4 * other_4 + first_5 * other_5
"""
    )
    arguments = ", ".join(f"first_{i} * other_{i}" for i in range(5))
    assert tidy(f"activation f(x) = 1 - max({arguments})") == (
        """\
activation f(x) =
    1
    - max(first_0 * other_0, first_1 * other_1, first_2 * other_2, first_3 * other_3,
          first_4 * other_4)
"""
    )


@pytest.mark.parametrize(
    "text", ["network A {", "input 'a'", "x { a, }", "\x00", "a\rb"]
)
def test_a_mistake_of_form_is_refused(text: str) -> None:
    with pytest.raises(SpecError):
        tidy(text)


def test_a_spec_that_would_be_too_long_is_refused() -> None:
    """Each of 5,500 lines begins with 200 spaces."""
    text = "a { " + "; ".join("dense 4" for _ in range(5_500)) + " }"
    assert tidy(text).count("\n") == 5_502
    nested = "a { " * 50 + text + " }" * 50
    with pytest.raises(SpecError, match="too long in the style"):
        tidy(nested[4:-2])


def test_names_need_not_be_known() -> None:
    assert tidy("netwrk A{inptu 2}") == "netwrk A { inptu 2 }\n"


CHANGES = {
    "a comment is lost": lambda rows: [r for r in rows if "one" not in r.piece.comment],
    "a comment is changed": lambda rows: [
        dataclasses.replace(r, piece=dataclasses.replace(r.piece, comment="# two"))
        if r.piece.comment
        else r
        for r in rows
    ],
    "a comment moves to the next statement": lambda rows: [
        *rows[1:3],
        rows[0],
        *rows[3:],
    ],
    "a comment moves behind a statement": lambda rows: [
        dataclasses.replace(
            rows[1], piece=Piece(0, rows[1].piece.text, rows[0].piece.comment)
        ),
        *rows[2:],
    ],
    "a statement is lost": lambda rows: [*rows[:2], *rows[3:]],
    "a number is changed": lambda rows: [
        *rows[:2],
        Row(1, Piece(4, "input  3")),
        *rows[3:],
    ],
    "a brace is lost": lambda rows: rows[:-1],
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_bug_that_changes_a_spec_is_noticed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "# one\nnetwork A {\n    input  2\n    dense  1\n}\n"
    assert tidy(text) == text
    rows_of = format_module.rows_of
    monkeypatch.setattr(
        format_module, "rows_of", lambda *given: CHANGES[name](rows_of(*given))
    )
    with pytest.raises(RuntimeError, match="would change"):
        tidy(text)
