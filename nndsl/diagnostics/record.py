"""What went wrong, as plain data; `layout.py` decides how it is printed."""

from dataclasses import dataclass

from nndsl.syntax.tree import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text under `span` by `text`.

    `certain`: the words can hardly have meant anything else, so `check --fix` makes it.
    """

    span: Span
    text: str
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that explains the mistake, such as a name's first definition."""

    span: Span
    label: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake.

    `code` is listed in `codes.py` with its title (two to six words) and severity;
    `label` stands under the caret and says what was found and expected;
    `hint` says what to write instead; `fixes` are edits that write it.
    """

    code: str
    span: Span
    label: str
    hint: str = ""
    related: tuple[Related, ...] = ()
    fixes: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A spec's text and the name it goes by in messages (a file's name, `<stdin>`)."""

    name: str
    text: str
