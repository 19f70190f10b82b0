"""`nndsl check`: every mistake of every spec."""

import sys
from argparse import Namespace
from typing import TextIO

from nndsl.cli.errors import FINE, USAGE, CommandError
from nndsl.cli.files import read_spec
from nndsl.cli.fixes import Fix, Fixer
from nndsl.cli.report import for_each_spec
from nndsl.cli.spec_files import replace_spec
from nndsl.cli.streams import print_file
from nndsl.diagnostics.excerpt import visible
from nndsl.diagnostics.record import Source
from nndsl.syntax.wrong_words import short


def run(options: Namespace) -> int:
    """Print what is wrong in `options.specs`; warnings alone are fine."""
    if options.fix and options.settings:
        raise CommandError("--fix changes files, --set does not; leave one out", USAGE)
    prints_spec = options.fix and "-" in options.specs
    stream = None if prints_spec else sys.stdout
    remarks = sys.stderr if prints_spec or options.format != "text" else sys.stdout

    def read_fixed(name: str) -> Source:
        return _fixed(read_spec(name), options.allow_large, remarks)

    read = read_fixed if options.fix else read_spec
    checked = for_each_spec(
        options.specs, options, lambda checked: checked, stream, read
    )
    if options.format == "text" and not any(spec.warnings for spec in checked):
        specs = "1 spec" if len(checked) == 1 else f"{len(checked)} specs"
        print(f"{specs} checked, nothing found", file=remarks)
    return FINE


def _fixed(source: Source, allow_large: bool, remarks: TextIO) -> Source:
    """The spec as it stands in its file after the fixes, or as it was printed."""
    fixed = Fixer(allow_large).fix(source)
    if source.name == "<stdin>":
        print_file(fixed.source.text)
    elif fixed.made:
        replace_spec(source, fixed.source.text)
    for fix in fixed.made:
        place = f"{source.name}:{fix.mistake.span.line}:{fix.mistake.span.column}"
        print(
            visible(f"{place}: fixed[{fix.mistake.code}]: {_words(fix)}"), file=remarks
        )
    if fixed.made:
        counts = f"{len(fixed.made)} fixed, {len(fixed.left)} left"
        print(visible(f"{source.name}: {counts}"), file=remarks)
    return fixed.source


def _words(fix: Fix) -> str:
    """What an edit did: `rleu` is now `relu`."""
    before, after = short(fix.before), short(fix.edit.text.strip())
    match bool(before), bool(after):
        case True, True:
            return f"`{before}` is now `{after}`"
        case True, False:
            return f"`{before}` is removed"
        case _:
            return f"`{after}` is put in"
