"""Names that may stand only once."""

from collections.abc import Iterable

from nndsl.check.findings import Findings
from nndsl.check.read.placed import Placed
from nndsl.diagnostics.codes_checks import DUPLICATE
from nndsl.diagnostics.record import Related
from nndsl.syntax.tree import Span


def once(
    findings: Findings, what: str, done: str, names: Iterable[Placed[object]]
) -> bool:
    """Whether no two names are the same; `done` is what is done with them: `named`."""
    first: dict[object, Span] = {}
    unique = True
    for name in names:
        if name.value in first:
            unique = False
            findings.add(
                DUPLICATE,
                name.span,
                f"the {what} `{name.value}` is {done} a second time",
                f"every {what} is {done} once",
                related=(Related(first[name.value], f"{done} here first"),),
            )
        first.setdefault(name.value, name.span)
    return unique
