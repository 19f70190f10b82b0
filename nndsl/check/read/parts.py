"""The parts of a statement: one group, no block, options behind."""

from nndsl.check.findings import Findings
from nndsl.check.read.values import found
from nndsl.diagnostics.codes_checks import MISSING, UNEXPECTED
from nndsl.language.settings import SETTINGS
from nndsl.language.statements import STATEMENTS
from nndsl.layers.registry import LAYERS
from nndsl.syntax.python_calls import as_line
from nndsl.syntax.spans import over
from nndsl.syntax.tree import Call, Mark, Name, Option, Part, Span, Statement


def head_name(statement: Statement) -> Name:
    """The name a statement begins with."""
    head = statement.head
    return head.name if isinstance(head, Call) else head


def spread(parts: tuple[Part, ...]) -> Span:
    """From the first part to the last."""
    return over(parts[0].span, parts[-1].span)


def no_block(findings: Findings, statement: Statement) -> None:
    """A finding where a statement that has no block was given one."""
    if statement.block is not None:
        name = head_name(statement).text
        findings.add(
            UNEXPECTED,
            statement.block.span,
            f"`{name}` has no block",
            "leave the braces and what they hold out",
        )


def no_call(findings: Findings, statement: Statement, signature: str) -> bool:
    """Whether the head is a plain word; a finding for `dense(16)` and the like."""
    if not isinstance(statement.head, Call):
        return True
    span = statement.head.span
    line = as_line(findings.source.text[span.start : span.end])
    findings.add(
        UNEXPECTED,
        span,
        f"`{statement.head.name.text}` takes no parentheses",
        f"write `{line}`" if line else f"write it as `{signature}`",
        fix=line,
    )
    return False


def has_parts(
    findings: Findings, statement: Statement, signature: str, label: str, hint: str
) -> bool:
    """Whether a statement is a plain word, without a block, that says something."""
    no_block(findings, statement)
    if not no_call(findings, statement, signature):
        return False
    if not statement.groups:
        findings.add(MISSING, statement.span, label, hint)
    return bool(statement.groups)


def one_group(findings: Findings, statement: Statement) -> tuple[Part, ...]:
    """The parts of a statement whose parts no comma may separate."""
    groups = statement.groups
    if len(groups) > 1:
        findings.add(
            UNEXPECTED,
            groups[1][0].span,
            f"a comma before {found(groups[1][0])}",
            f"the parts of `{head_name(statement).text}` are not separated by commas",
        )
    return groups[0] if groups else ()


def split_options(parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], list[Option]]:
    """The plain parts, and the `key=value` ones."""
    plain = tuple(part for part in parts if not isinstance(part, Option))
    return plain, [part for part in parts if isinstance(part, Option)]


def too_many(findings: Findings, parts: tuple[Part, ...], hint: str) -> None:
    """A finding over the parts that are left over, if any."""
    if not parts:
        return
    first = parts[0]
    label = f"{found(first)} has no meaning here"
    if isinstance(first, Name) and first.text in {**STATEMENTS, **LAYERS, **SETTINGS}:
        label = f"{found(first)} begins a statement of its own"
        hint = "put it on a line of its own, or `;` before it"
    findings.add(UNEXPECTED, spread(parts), label, hint)


def is_mark(part: Part, text: str) -> bool:
    return isinstance(part, Mark) and part.text == text
