"""`nndsl fmt`: specs in one style."""

import difflib
from argparse import Namespace
from collections.abc import Iterator

from nndsl.cli.errors import FINDINGS, FINE
from nndsl.cli.files import read_spec
from nndsl.cli.report import for_each
from nndsl.cli.spec_files import replace_spec, spec_files
from nndsl.cli.streams import print_file
from nndsl.diagnostics.excerpt import visible
from nndsl.diagnostics.record import Source
from nndsl.fmt.format import formatted


def run(options: Namespace) -> int:
    """Format `options.specs`; a spec with a mistake of form is left as it is."""
    only_asks = options.check or options.diff
    changes = for_each(
        spec_files(options.specs), lambda name: _format(name, options), []
    )
    if only_asks and any(changes):
        return FINDINGS
    if not (any(changes) or options.diff or "-" in options.specs):
        print("1 spec" if len(changes) == 1 else f"{len(changes)} specs", end="")
        print(", nothing to format")
    return FINE


def _format(name: str, options: Namespace) -> bool:
    """Whether the spec changes, or would; then it is written, named or compared."""
    source = read_spec(name)
    text = formatted(source)
    changes = text != source.text
    if options.diff:
        print_file("".join(_diff(source, text)))
    elif options.check and changes:
        print(f"would format {visible(source.name)}")
    elif options.check:
        pass
    elif name == "-":
        print_file(text)
    elif changes:
        replace_spec(source, text)
        print(f"formatted {visible(name)}")
    return changes


def _diff(source: Source, text: str) -> Iterator[str]:
    """The lines of a unified diff."""
    name = visible(source.name)
    before, after = (each.splitlines(keepends=True) for each in (source.text, text))
    for line in difflib.unified_diff(before, after, name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
