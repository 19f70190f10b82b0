"""What a formula may use, and the mistakes found while it is built."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nndsl.diagnostics.codes_formulas import NAME
from nndsl.diagnostics.collecting import Collecting
from nndsl.diagnostics.record import Diagnostic
from nndsl.diagnostics.suggest import suggest
from nndsl.formulas.expression import Formula
from nndsl.language.module_names import NEEDED, PRINTED, no_name
from nndsl.syntax.tree import Comment, Definition, Name, Span


@dataclass(slots=True)
class Scope(Collecting):
    """Where a formula stands.

    `formulas`: those it may call, by name.  `pending`: the file's own, not built yet;
    they are built when they are called, and then stand in `built` (None: with
    mistakes).  `reserved`: names no formula may take.  `comments`: the file's, for the
    documentation.  `words`: how often the file has each word, which tells a typo from
    a name.  `diagnostics` collects the mistakes.
    """

    formulas: Mapping[str, Formula] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()
    comments: tuple[Comment, ...] = ()
    words: Mapping[str, int] = field(default_factory=dict)
    pending: Mapping[str, Definition] = field(default_factory=dict)
    built: dict[str, Formula | None] = field(default_factory=dict)
    building: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    built_in: bool = False

    def unknown(self, code: str, what: str, word: Name, names: Iterable[str]) -> None:
        """Enter a name nobody knows, with the nearest of `names`."""
        near = suggest(word.text, sorted(names))
        label = f"no {what} is called `{word.text}`"
        if near:
            offered = " or ".join(f"`{name}`" for name in near[:3])
            self.add(
                code,
                word.span,
                label,
                f"did you mean {offered}?",
                fix=near[0],
                certain=len(near) == 1,
            )
        else:
            self.add(code, word.span, label, f"known here: {', '.join(sorted(names))}")

    def check_name(self, name: Name, what: str, taken: frozenset[str]) -> bool:
        """Whether a name may be given; a mistake where it may not."""
        reason = no_name(name.text)
        if reason is None and name.text in PRINTED:
            reason = NEEDED
        elif reason is None and name.text in taken:
            reason = "has a meaning already"
        if reason is None:
            return True
        self.add(
            NAME,
            name.span,
            f"`{name.text[:70]}` {reason}",
            f"choose another name for the {what}",
        )
        return False

    def documentation(self, span: Span) -> str:
        """The comment block right over a definition, line by line."""
        by_line = {comment.span.line: comment.text for comment in self.comments}
        lines: list[str] = []
        line = span.line - 1
        while line in by_line:
            lines.append(by_line[line])
            line -= 1
        return "\n".join(reversed(lines)).strip()
