"""Labels behind a colon, separated by `|`."""

from nndsl.check.findings import Findings
from nndsl.check.read.columns import placed_text, quote
from nndsl.check.read.parts import is_mark, spread
from nndsl.check.read.placed import Placed
from nndsl.check.read.values import found
from nndsl.diagnostics.codes_checks import LABELS
from nndsl.syntax.tree import Name, Number, Part, Text


def split_labels(
    findings: Findings, parts: tuple[Part, ...], example: str
) -> list[tuple[Part, ...]] | None:
    """The parts of each label; `parts` begin with the colon.  None after a finding."""
    pieces: list[tuple[Part, ...]] = [()]
    bars = [parts[0]]
    between = next(filter(_separates, parts[2:-1]), None)
    if between is not None:
        findings.add(
            LABELS,
            between.span,
            f"{found(between)} between labels",
            f"labels are separated by `|`: `{example}`",
            fix="|",
        )
        return None
    for part in parts[1:]:
        if is_mark(part, "|"):
            pieces.append(())
            bars.append(part)
        else:
            pieces[-1] = (*pieces[-1], part)
    if () in pieces:
        findings.add(
            LABELS,
            bars[pieces.index(())].span,
            "a label is missing after this",
            f"labels are separated by `|`: `{example}`",
        )
        return None
    return pieces


def _separates(part: Part) -> bool:
    """Whether a part separates labels elsewhere: `a or b`, `a / b`."""
    return is_mark(part, "/") or (isinstance(part, Name) and part.text in ("or", "and"))


def read_label(findings: Findings, piece: tuple[Part, ...]) -> Placed[str] | None:
    """One label as text: a word, text in quotes, or a number as it is written."""
    match piece:
        case (Name(text=text),) | (Text(value=text),) | (Number(text=text),):
            return placed_text(findings, text, spread(piece), "label")
        case _:
            quote(findings, LABELS, piece, "label")
            return None
