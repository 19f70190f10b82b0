"""The syntax tree: the words of a `.nn` file, their order, and where each stands.

Nothing here knows which layers, activations or settings exist.  Spans take no part
in equality, so two files that say the same have equal trees.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the source.

    Offsets count characters from 0, the end is exclusive; lines and columns start at 1.
    """

    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Name:
    """A word: `relu`, `sepal_length`."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number:
    """`12`, `1_000`, `0.5`, `1e-3`: `text` as written, `value` what it means."""

    text: str
    value: int | float
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Percent:
    """`70%`: `value` is 70.0."""

    text: str
    value: float
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """`"sepal length (cm)"`: `value` is what stands between the quotes, unescaped."""

    value: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that stands for itself in a statement: `/ | : .. + -`."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`operator` is `+` or `-`."""

    operator: str
    operand: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """`operator` is one of `+ - * / ^ < <= > >= == !=`."""

    operator: str
    left: Expression
    right: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """`in 0..1` behind a value; `word` is the `in` as written, not yet judged."""

    word: Name
    low: Expression
    high: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Argument:
    """`0.9`, `beta=0.9` or `beta=0.9 in 0..1` inside the parentheses of a call."""

    key: Name | None
    value: Expression
    limits: Limits | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """`adam(learning_rate=0.01)`: a name and its arguments."""

    name: Name
    arguments: tuple[Argument, ...]
    span: Span = field(compare=False, repr=False)


Expression = Name | Number | Percent | Text | Unary | Binary | Call


@dataclass(frozen=True, slots=True)
class Option:
    """`key=value` among the parts of a statement, outside parentheses."""

    key: Name
    value: Expression
    span: Span = field(compare=False, repr=False)


Part = Name | Number | Percent | Text | Call | Option | Mark


@dataclass(frozen=True, slots=True)
class Statement:
    """A head, its parts in groups that commas separate, and perhaps a block.

    `input a, b` has the groups ((a,), (b,)); `dense 16 relu` the one group (16, relu);
    a statement without parts has no group.
    """

    head: Name | Call
    groups: tuple[tuple[Part, ...], ...]
    block: Block | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Assignment:
    """`m = beta * m` inside a block."""

    target: Name
    value: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Definition:
    """`activation bent(x) = formula`: a kind, a name with its parameters, a formula.

    `state m = 0`, without parentheses, is no Definition but the Statement `state` with
    the one part `Option(m, 0)`.
    """

    kind: Name
    head: Call
    value: Expression
    span: Span = field(compare=False, repr=False)


Line = Statement | Assignment | Definition


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between `{` and `}`, both in the span."""

    lines: tuple[Line, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class File:
    """A whole file; `comment` of a definition is looked up by line in `comments`."""

    lines: tuple[Line, ...]
    comments: tuple[Comment, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Comment:
    """One `#` comment, without the `#` and the space behind it."""

    text: str
    span: Span = field(compare=False, repr=False)
