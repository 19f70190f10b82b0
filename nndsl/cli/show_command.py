"""`nndsl show`: a spec as it is compiled."""

from argparse import Namespace

from nndsl.check.check import Checked
from nndsl.cli.errors import FINE
from nndsl.cli.report import for_each_spec
from nndsl.cli.streams import print_file
from nndsl.spec_text.defaults import with_defaults


def run(options: Namespace) -> int:
    """Print a spec without mistakes, as `--set` changes it; its defaults on demand."""
    words = with_defaults if options.defaults else _as_written
    (text,) = for_each_spec([options.spec], options, words)
    print_file(text)
    return FINE


def _as_written(checked: Checked) -> str:
    return checked.source.text.rstrip("\n") + "\n"
