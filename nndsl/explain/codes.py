"""What a code of an error or a warning means: its rule, a spec that has it, mended."""

from nndsl.compiler import understand
from nndsl.diagnostics.codes import CODES
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.excerpt import visible
from nndsl.diagnostics.record import Diagnostic, Source
from nndsl.explain.examples import example_of, expanded
from nndsl.explain.page import block, paragraph, title
from nndsl.syntax.characters import decode

_NAME = "flowers.nn"


def code_page(code: str) -> list[str]:
    """The page of a code that there is."""
    known, example = CODES[code], example_of(code)
    why = example.why[:1].upper() + example.why[1:]
    _, (found, *_) = findings(example.spec)
    message = "; ".join(filter(None, (found.label, found.hint)))
    end = "" if message.endswith("?") else "."
    return [
        *title(code, f"{known.severity}: {known.title}"),
        *paragraph(f"{known.explanation} {why}"),
        *paragraph("A spec that has it:"),
        *block(example.spec),
        *paragraph(f"Line {found.span.line}: {visible(message)}{end}"),
        *paragraph("The same spec, corrected:"),
        *block(example.mended),
    ]


def findings(spec: str) -> tuple[Source, tuple[Diagnostic, ...]]:
    """What is wrong with the spec that an example stands for."""
    try:
        checked = understand(decode(expanded(spec), _NAME))
    except SpecError as error:
        return error.source, error.diagnostics
    return checked.source, checked.warnings
