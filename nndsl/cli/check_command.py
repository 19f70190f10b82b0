"""`nndsl check`: every mistake of every spec."""

import sys
from argparse import Namespace

from nndsl.cli.errors import FINE
from nndsl.cli.report import for_each_spec


def run(options: Namespace) -> int:
    """Print what is wrong in `options.specs`; warnings alone are fine."""
    checked = for_each_spec(options.specs, options, lambda checked: checked, sys.stdout)
    if options.format == "text" and not any(spec.warnings for spec in checked):
        specs = "1 spec" if len(checked) == 1 else f"{len(checked)} specs"
        print(f"{specs} checked, nothing found")
    return FINE
