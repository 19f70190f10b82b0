"""`check --fix`: edits that can only have been meant so, made where they help."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from nndsl import limits
from nndsl.compiler import understand
from nndsl.diagnostics.codes_syntax import SYNTAX
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Diagnostic, Edit, Source

_EFFORT = 200
"""How often one spec is checked at most."""
_LONG = 50_000
"""So many characters more, and each check of a spec counts once more."""


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit, the mistake that it corrects, and what stood in its place."""

    mistake: Diagnostic
    edit: Edit
    before: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """A spec after some fixes, and what is still wrong with it."""

    source: Source
    left: Sequence[Diagnostic]
    made: tuple[Fix, ...] = ()

    def with_fixes(self, fixes: Sequence[Fix], left: Sequence[Diagnostic]) -> "Fixed":
        text = _edited(self.source.text, fixes)
        return Fixed(replace(self.source, text=text), left, (*self.made, *fixes))


@dataclass(slots=True)
class Fixer:
    """Fixes one spec; `effort` counts how often it was checked."""

    allow_large: bool = False
    effort: int = field(default=0, init=False)

    def fix(self, source: Source) -> Fixed:
        """The spec after every certain edit that takes its own mistake away.

        A mistake may hide others: mistakes of form hide those of meaning, and a
        misspelt `network` all that is in it.  What comes to light is fixed in turn.
        """
        fixed = Fixed(source, self.mistakes(source))
        seen = {source.text}
        while better := self.together(fixed, _certain(fixed)) or self.alone(fixed):
            if better.source.text in seen:
                break
            seen.add(better.source.text)
            fixed = better
        return fixed

    def together(self, spec: Fixed, fixes: Sequence[Fix]) -> Fixed | None:
        """All fixes made if each takes a mistake away, else one half or the other;
        None if none of them does."""
        if not fixes or self.effort >= _EFFORT:
            return None
        after = self.after(spec, fixes)
        if _is_better(after, spec, fixes):
            return after
        if len(fixes) == 1:
            return None
        middle = len(fixes) // 2
        return self.together(spec, fixes[:middle]) or self.together(
            spec, fixes[middle:]
        )

    def alone(self, spec: Fixed) -> Fixed | None:
        """The first fix made that leaves no mistake of its kind where it was made."""
        for fix in _certain(spec):
            if self.effort >= _EFFORT:
                return None
            after = self.after(spec, [fix])
            start = min(fix.mistake.span.start, fix.edit.span.start)
            end = fix.edit.span.start + len(fix.edit.text)
            if not any(
                each.code in SYNTAX
                or (each.code == fix.mistake.code and start <= each.span.start <= end)
                for each in after.left
            ):
                return after
        return None

    def after(self, spec: Fixed, fixes: Sequence[Fix]) -> Fixed:
        changed = spec.with_fixes(fixes, ())
        return replace(changed, left=self.mistakes(changed.source))

    def mistakes(self, source: Source) -> Sequence[Diagnostic]:
        self.effort += 1 + len(source.text) // _LONG
        try:
            understand(source, allow_large=self.allow_large)
        except SpecError as error:
            return error.diagnostics
        return ()


def _certain(spec: Fixed) -> list[Fix]:
    """The certain edits in the order of the file, but for those that meet another."""
    found: list[Fix] = []
    end = -1
    edits = [(each, edit) for each in spec.left for edit in each.fixes if edit.certain]
    for mistake, edit in sorted(edits, key=lambda pair: pair[1].span.start):
        if edit.span.start > end:
            end = edit.span.end
            before = spec.source.text[edit.span.start : end]
            found.append(Fix(mistake, edit, before))
    return found


def _edited(text: str, fixes: Sequence[Fix]) -> str:
    pieces: list[str] = []
    at = 0
    for fix in fixes:
        pieces += text[at : fix.edit.span.start], fix.edit.text
        at = fix.edit.span.end
    return "".join([*pieces, text[at:]])


def _is_better(after: Fixed, before: Fixed, fixes: Sequence[Fix]) -> bool:
    """Whether each fix took away a mistake.

    Behind a mistake of form the rest of its line is not read, and names are looked up
    only where no such mistake is left. What comes to light there was wrong before.
    """
    forms = [each for each in after.left if each.code in SYNTAX]
    if all(each.code not in SYNTAX for each in before.left):
        return not forms and len(after.left) + len(fixes) <= len(before.left)
    last = fixes[-1]
    end, line = max(last.mistake.span.start, last.edit.span.end), last.edit.span.line
    longer = len(after.source.text) - len(before.source.text)
    above = sum(each.span.start <= end for each in before.left) - len(fixes)
    below = sum(each.span.line > line for each in before.left)
    if len(before.left) == limits.SYNTAX_ERRORS:  # others may not have been counted
        below = limits.SYNTAX_ERRORS
    return (
        sum(each.span.start < end + longer for each in forms) <= above
        and sum(each.span.line > line for each in forms) <= below
    )
