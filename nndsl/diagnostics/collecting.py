"""What collects mistakes while it goes through a spec."""

from nndsl.diagnostics.record import Diagnostic, Edit, Related
from nndsl.syntax.tree import Span


class Collecting:
    """A base for what has `diagnostics`: `add` enters one."""

    __slots__ = ()
    diagnostics: list[Diagnostic]

    def add(
        self,
        code: str,
        span: Span,
        label: str,
        hint: str = "",
        *,
        related: tuple[Related, ...] = (),
        fix: str | None = None,
        certain: bool = True,
    ) -> None:
        """Enter a mistake; `fix` is what to write in place of the span.

        `certain`: whether nothing else can have been meant.
        """
        fixes = () if fix is None else (Edit(span, fix, certain),)
        self.diagnostics.append(Diagnostic(code, span, label, hint, related, fixes))
