"""The labels of an `input` line: `female | male`, `any`, `S | C | other`."""

from dataclasses import dataclass

from nndsl.check.findings import Findings
from nndsl.check.read.label_list import read_label, split_labels
from nndsl.check.read.parts import is_mark, spread
from nndsl.check.read.placed import Placed
from nndsl.check.read.values import signed
from nndsl.diagnostics.codes_checks import LABELS, UNEXPECTED
from nndsl.network import OTHER
from nndsl.syntax.tree import Name, Number, Part, Span, Unary

EXAMPLE = "input sex: female | male"


@dataclass(frozen=True, slots=True)
class InputLabels:
    """The labels of columns: those that are listed, or `learned` ones.

    `other`: what is not known counts as one more label.
    """

    span: Span
    labels: tuple[Placed[str], ...] = ()
    learned: bool = False
    other: bool = False


def read_input_labels(
    findings: Findings, parts: tuple[Part, ...]
) -> InputLabels | None:
    """What stands behind the columns, from the colon on; None after a finding."""
    if not _no_range(findings, parts):
        return None
    pieces = split_labels(findings, parts, EXAMPLE)
    if pieces is None:
        return None
    other = _is_word(pieces[-1], OTHER)
    listed = pieces[:-1] if other else pieces
    early = next((piece for piece in listed if _is_word(piece, OTHER)), None)
    if early is not None:
        findings.add(
            LABELS,
            spread(early),
            "`other` comes last: it stands for all labels that are not listed",
            'a label of that name is written in quotes: `"other"`',
        )
        return None
    if [each for each in listed if _is_word(each, "any")]:
        return _learned(findings, listed, other)
    labels = [_label(findings, piece) for piece in listed]
    known = tuple(label for label in labels if label is not None)
    if len(known) < len(labels):
        return None
    return InputLabels(spread(parts[1:]), known, other=other)


def _no_range(findings: Findings, parts: tuple[Part, ...]) -> bool:
    dots = [i for i, part in enumerate(parts) if is_mark(part, "..")]
    if not dots:
        return True
    words = [i for i, p in enumerate(parts) if isinstance(p, Name) and p.text == "in"]
    findings.add(
        UNEXPECTED,
        spread(parts[words[-1] if words else dots[0] - 1 :]),
        "a range is for columns of numbers",
        "these columns hold labels; leave the range out",
    )
    return False


def _learned(
    findings: Findings, listed: list[tuple[Part, ...]], other: bool
) -> InputLabels | None:
    if len(listed) == 1:
        return InputLabels(spread(listed[0]), learned=True, other=other)
    word = next(piece for piece in listed if _is_word(piece, "any"))
    findings.add(
        LABELS,
        spread(word),
        "write `any` alone or as `any | other`: the labels are those of the data",
        'a label of that name is written in quotes: `"any"`',
    )
    return None


def _label(findings: Findings, piece: tuple[Part, ...]) -> Placed[str] | None:
    number = signed(piece)
    if number is None:
        return read_label(findings, piece)
    return Placed(number_as_label(number), number.span)


def number_as_label(number: Number | Unary) -> str:
    """A whole number as it is written, any other as Python prints it: 1.0 is `1`."""
    sign = ""
    if isinstance(number, Unary):
        sign = "-" if number.operator == "-" else ""
        assert isinstance(number.operand, Number)
        number = number.operand
    if isinstance(number.value, int):
        return sign + number.text.replace("_", "")
    return sign + repr(number.value).removesuffix(".0")


def _is_word(piece: tuple[Part, ...], word: str) -> bool:
    return len(piece) == 1 and isinstance(piece[0], Name) and piece[0].text == word
