"""The words of the command line: every command, option and example."""

from __future__ import annotations

import os
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable

from nndsl.cli.help import COMMANDS, DESCRIPTION, EXAMPLES, short
from nndsl.version import __version__

SPEC = "a .nn file; - is standard input"
DATA = "a CSV file whose first line names its columns"
STAGES = ("syntax", "network", "program")
FORMATS = ("text", "json", "github")
STYLES = ("fast", "textbook")


def parser(wanted: str | None) -> ArgumentParser:
    """The parser of `nndsl`; it knows only the command `wanted`, if one is (start-up).

    `command` in what it returns names the command.
    """
    top = ArgumentParser(
        prog="nndsl",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=_formatter,
    )
    top.add_argument(
        "--version",
        action="version",
        version=f"nndsl {__version__}",
        help="print the version",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in (wanted,) if wanted else COMMANDS:
        added = commands.add_parser(
            name,
            help=short(name),
            description=f"{COMMANDS[name]}.",
            formatter_class=_formatter,
        )
        OPTIONS[name](added)
        _add_common(added)
    return top


def _formatter(prog: str) -> RawDescriptionHelpFormatter:
    """Help as wide as the terminal, found without argparse's import of shutil."""
    try:
        width = os.get_terminal_size(1).columns
    except (OSError, ValueError):
        width = 80
    return RawDescriptionHelpFormatter(prog, width=max(width - 2, 40))


def _add_common(command: ArgumentParser) -> None:
    add = command.add_argument
    add(
        "--set",
        action="append",
        default=[],
        dest="settings",
        metavar="NAME=VALUE",
        help="change a setting of the spec, such as train.epochs=5",
    )
    add("--format", choices=FORMATS, default="text", help="how mistakes are printed")
    add("--allow-large", action="store_true", help="more than 10^8 parameters")
    add("--debug", action="store_true", help="show the traceback of a bug in nndsl")


def _style(command: ArgumentParser) -> None:
    command.add_argument(
        "--style",
        choices=STYLES,
        default=STYLES[0],
        help="in place and fast (default), or one formula a line",
    )


def _compile(command: ArgumentParser) -> None:
    command.add_argument("specs", nargs="+", metavar="SPEC", help=SPEC)
    add = command.add_mutually_exclusive_group().add_argument
    add(
        "-o",
        "--output",
        metavar="FILE",
        help="module, or folder, to write (default: iris.py beside iris.nn)",
    )
    add("--stdout", action="store_true", help="print the module, write no file")
    add("--show", choices=STAGES, help="print this stage of the compiler instead")
    _style(command)


def _check(command: ArgumentParser) -> None:
    command.add_argument("specs", nargs="+", metavar="SPEC", help=SPEC)


def _show(command: ArgumentParser) -> None:
    command.add_argument("spec", metavar="SPEC", help=SPEC)
    command.add_argument(
        "--defaults",
        action="store_true",
        help="every default written out",
    )


def _summary(command: ArgumentParser) -> None:
    command.add_argument("spec", metavar="SPEC", help=SPEC)
    _style(command)
    _weights(command)


def _weights(command: ArgumentParser) -> None:
    command.add_argument(
        "-w", "--weights", metavar="FILE", help="trained weights (default: iris.npz)"
    )


def _data(command: ArgumentParser) -> None:
    command.add_argument("spec", metavar="SPEC", help=SPEC)
    command.add_argument(
        "data", metavar="DATA", help="a CSV file whose first line names its columns"
    )
    _style(command)


def _train(command: ArgumentParser) -> None:
    _data(command)
    add = command.add_argument
    add(
        "-o",
        "--output",
        metavar="FILE",
        help="weights to write (default: iris.npz); replaces weights only",
    )
    add("--epochs", type=int, metavar="N", help="instead of the spec's")
    add("--seed", type=int, metavar="N", help="instead of the spec's")


def _evaluate(command: ArgumentParser) -> None:
    _data(command)
    _weights(command)


def _predict(command: ArgumentParser) -> None:
    _evaluate(command)
    command.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="CSV file to write (default: print); replaces predictions only",
    )


OPTIONS: dict[str, Callable[[ArgumentParser], None]] = {
    "compile": _compile,
    "check": _check,
    "show": _show,
    "train": _train,
    "evaluate": _evaluate,
    "predict": _predict,
    "summary": _summary,
}
