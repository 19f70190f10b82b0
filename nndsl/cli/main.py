"""The command `nndsl`."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from nndsl.cli.arguments import command_parser, unknown_option
from nndsl.cli.errors import (
    BROKEN_PIPE,
    BUG,
    FINDINGS,
    INTERRUPTED,
    USAGE,
    CommandError,
)
from nndsl.cli.streams import discard, flush, prepare, say
from nndsl.data.errors import DataError, reason
from nndsl.diagnostics.excerpt import visible


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the process's exit code.

    `arguments` are the words after `nndsl`; None takes them from the process.  Raises
    SystemExit for `--help`, `--version` and wrong usage, as argparse does.
    """
    prepare()
    try:
        try:
            return _run(sys.argv[1:] if arguments is None else arguments)
        finally:
            flush()
    except KeyboardInterrupt:
        say("nndsl: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        discard(sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        if not _of_a_stream(error):
            raise
        discard(sys.stdout.fileno())
        say(f"nndsl: standard output: {reason(error)}")
        return FINDINGS


def _run(arguments: Sequence[str]) -> int:
    parser = command_parser()
    if not arguments:
        parser.print_help()
        return USAGE
    options, unknown = parser.parse_known_args(arguments)
    try:
        if unknown:
            raise CommandError(unknown_option(unknown, options.command), USAGE)
        command = import_module(f"nndsl.cli.{options.command}_command")
        code: int = command.run(options)
        return code
    except CommandError as error:
        if str(error):
            say(f"nndsl: {error}")
        return error.exit_code
    except DataError as error:
        for line in error.args:
            say(f"nndsl: {visible(line)}")
        return FINDINGS
    except MemoryError:
        say("nndsl: not enough memory")
        return FINDINGS
    except Exception as error:
        if options.debug or _of_a_stream(error):
            raise
        say(f"nndsl: {_bug(error)}")
        return BUG


def _of_a_stream(error: Exception) -> bool:
    """Whether standard output could not be written; every file has a name."""
    return isinstance(error, OSError) and error.filename is None


def _bug(error: Exception) -> str:
    """What to report of an exception that no input should cause."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = ""
    if place is not None:
        file = os.path.basename(place.tb_frame.f_code.co_filename)
        where = f" at {file}:{place.tb_lineno}"
    return (
        f"a bug in nndsl, not in your file: {type(error).__name__}{where}: {error}\n"
        "Please report it together with the spec; --debug shows the traceback."
    )
