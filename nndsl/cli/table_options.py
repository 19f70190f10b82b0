"""The options of every command that reads a table."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from nndsl.cli.errors import USAGE, CommandError

if TYPE_CHECKING:
    from nndsl.data.dialect import Dialect


def add_table_options(command: ArgumentParser) -> None:
    """Add how the table is written; `dialect_of` reads these options."""
    add = command.add_argument_group("how the table is written").add_argument
    add("--separator", metavar="CHAR", help="between cells, as in ';' or tab")
    add("--decimal", metavar="CHAR", help="before a fraction: . or ,")
    add("--encoding", metavar="NAME", help="such as latin-1 (default: utf-8)")
    add(
        "--missing-values",
        default="",
        metavar="WORDS",
        help="more words for no value, separated by commas, as in 'none, -'",
    )


def dialect_of(options: Namespace) -> Dialect:
    """How a command line says that its table is written."""
    from nndsl.data.dialect import Dialect  # it takes NumPy's 100 ms

    separator = options.separator
    try:
        return Dialect(
            separator={"tab": "\t", "\\t": "\t"}.get(separator, separator),
            decimal=options.decimal,
            encoding=options.encoding,
            missing=frozenset(map(str.strip, options.missing_values.split(","))),
        )
    except ValueError as error:
        raise CommandError(f"--{error}", USAGE) from None
