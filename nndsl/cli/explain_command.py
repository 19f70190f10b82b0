"""`nndsl explain`: a code, a name, or a line of a spec."""

import os
import re
from argparse import Namespace

from nndsl.check.check import Checked
from nndsl.cli.errors import FINE, USAGE, CommandError
from nndsl.cli.report import for_each_spec
from nndsl.diagnostics.excerpt import visible
from nndsl.explain.explain import UnknownName, explained

_LINE = re.compile(r"(?P<spec>.+):(?P<number>[0-9]{1,9})", re.DOTALL)


def run(options: Namespace) -> int:
    """Print what there is to know of each of `options.what`."""
    print("\n".join([_text(options, what) for what in options.what]), end="")
    return FINE


def _text(options: Namespace, what: str) -> str:
    if (line := _LINE.fullmatch(what)) is not None:
        return _of_line(options, line["spec"], int(line["number"]))
    if what.endswith(".nn") or os.path.isfile(what):
        raise CommandError(f"{what}: which line? Write {what}:5 for the fifth", USAGE)
    try:
        return explained(what)
    except UnknownName as error:
        raise CommandError(str(error), USAGE) from None


def _of_line(options: Namespace, spec: str, number: int) -> str:
    from nndsl.explain.lines import line_page

    def page(checked: Checked) -> list[str]:
        try:
            return line_page(checked, number)
        except LookupError as error:
            raise CommandError(f"{spec}: {error}") from None

    (lines,) = for_each_spec([spec], options, page)
    return "\n".join(map(visible, lines)) + "\n"
