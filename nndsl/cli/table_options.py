"""The options of every command that reads a table."""

from __future__ import annotations

import shlex
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from nndsl.cli.errors import USAGE, CommandError

if TYPE_CHECKING:
    from nndsl.data.dialect import Dialect


_OPTIONS = ("separator", "decimal", "encoding", "sheet", "missing_values")


def add_table_options(command: ArgumentParser) -> None:
    """Add how the table is written; `dialect_of` reads these options."""
    add = command.add_argument_group("how the table is written").add_argument
    add("--separator", metavar="CHAR", help="between cells, as in ';' or tab")
    add("--decimal", metavar="CHAR", help="before a fraction: . or ,")
    add("--encoding", metavar="NAME", help="such as latin-1 (default: utf-8)")
    add("--sheet", metavar="NAME", help="of an Excel file (default: the first)")
    add(
        "--missing-values",
        default="",
        metavar="WORDS",
        help="more words for no value, separated by commas, as in 'none, -'",
    )


def table_words(options: Namespace) -> list[str]:
    """How the table is written, as the command line said it."""
    given = {name: getattr(options, name) for name in _OPTIONS}
    return [
        word
        for name, value in given.items()
        if value
        for word in (f"--{name.replace('_', '-')}", shlex.quote(value))
    ]


def dialect_of(options: Namespace) -> Dialect:
    """How a command line says that its table is written."""
    from nndsl.data.dialect import Dialect  # it takes NumPy's 100 ms
    from nndsl.data.formats import check_dialect

    separator = options.separator
    try:
        dialect = Dialect(
            separator={"tab": "\t", "\\t": "\t"}.get(separator, separator),
            decimal=options.decimal,
            encoding=options.encoding,
            missing=frozenset(map(str.strip, options.missing_values.split(","))),
            sheet=options.sheet,
        )
        check_dialect(options.data, dialect)
    except ValueError as error:
        raise CommandError(f"--{error}", USAGE) from None
    return dialect
