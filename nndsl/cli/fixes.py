"""`check --fix`: edits that can only have been meant so, as far as they help."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nndsl import limits
from nndsl.compiler import understand
from nndsl.diagnostics.codes_syntax import SYNTAX
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Diagnostic, Edit, Source

_TRIES = 200
"""How often one spec is checked again at most."""


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit that was made, and the mistake that it mends."""

    mistake: Diagnostic
    edit: Edit
    before: str
    """What stood there."""


@dataclass(slots=True)
class Fixer:
    """A spec that loses mistakes one edit after the other."""

    source: Source
    allow_large: bool = False
    made: list[Fix] = field(default_factory=list)
    tries: int = 0

    def fixed(self) -> Source:
        """The spec with fewer mistakes, or as it was; `made` says what was done.

        The mistakes of form come first: only without them are names looked up.
        """
        first = self.source
        mistakes = at_first = self.mistakes(first)
        while mistakes:
            better = self.improved([*_certain(mistakes)], mistakes)
            if better is None:
                break
            mistakes = better
        if len(mistakes) >= len(at_first):
            self.source, self.made = first, []
        return self.source

    def improved(
        self, fixes: Sequence[tuple[Diagnostic, Edit]], mistakes: Sequence[Diagnostic]
    ) -> Sequence[Diagnostic] | None:
        """What is still wrong after some of the fixes; None if none of them helps.

        All at once if each of them mends something, else one half or the other.
        """
        if not fixes or self.tries == _TRIES:
            return None
        changed = Source(self.source.name, _edited(self.source.text, fixes))
        left = self.mistakes(changed)
        text = self.source.text
        end = fixes[-1][1].span.end + len(changed.text) - len(text)
        if _is_better(left, mistakes, len(fixes), end):
            for mistake, edit in fixes:
                before = text[edit.span.start : edit.span.end]
                self.made.append(Fix(mistake, edit, before))
            self.source = changed
            return left
        if len(fixes) == 1:
            return None
        middle = len(fixes) // 2
        better = self.improved(fixes[:middle], mistakes)
        return self.improved(fixes[middle:], mistakes) if better is None else better

    def mistakes(self, source: Source) -> Sequence[Diagnostic]:
        self.tries += 1
        try:
            understand(source, allow_large=self.allow_large)
        except SpecError as error:
            return error.diagnostics
        return ()


def _certain(mistakes: Sequence[Diagnostic]) -> Iterator[tuple[Diagnostic, Edit]]:
    """The edits in the order of the file, but for those that overlap an earlier one."""
    end = -1
    for mistake in mistakes:
        for edit in sorted(mistake.fixes, key=lambda edit: edit.span.start):
            if edit.certain and edit.span.start > end:
                yield mistake, edit
                end = edit.span.end


def _edited(text: str, fixes: Sequence[tuple[Diagnostic, Edit]]) -> str:
    pieces: list[str] = []
    at = 0
    for _, edit in fixes:
        pieces += text[at : edit.span.start], edit.text
        at = edit.span.end
    return "".join([*pieces, text[at:]])


def _is_better(
    left: Sequence[Diagnostic], before: Sequence[Diagnostic], fixes: int, end: int
) -> bool:
    """Whether each fix took away a mistake; the last one ends at `end`.

    Names are looked up only where no mistake of form is left; what that finds was
    wrong before.
    """
    forms = [each for each in left if each.code in SYNTAX]
    if all(each.code not in SYNTAX for each in before):
        return not forms and len(left) + fixes <= len(before)
    if len(before) == limits.SYNTAX_ERRORS:  # there may be more that were not counted
        return all(each.span.start >= end for each in forms)
    return len(forms) + fixes <= len(before)
