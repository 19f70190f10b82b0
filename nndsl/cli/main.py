"""The command `nndsl`."""

from __future__ import annotations

import gc
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence

import nndsl
from nndsl.cli.errors import (
    BROKEN_PIPE,
    BUG,
    FINDINGS,
    FINE,
    INTERRUPTED,
    USAGE,
    CommandError,
    reason,
)
from nndsl.cli.help import help_text
from nndsl.cli.streams import discard, say


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the process's exit code.

    `arguments` are the words after `nndsl`; None takes them from the process.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        try:
            return _answer(given)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        discard(sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        if not _of_a_stream(error):
            raise
        discard(sys.stdout.fileno())
        say(f"nndsl: standard output: {reason(error)}")
        return FINDINGS


def _answer(given: list[str]) -> int:
    match given:
        case [] | ["-h" | "--help", *_]:
            print(help_text(), end="")
            return FINE if given else USAGE
        case ["--version", *_]:
            print("nndsl", nndsl.__version__)
            return FINE
        case _:
            return _run(_parsed(given))


def _parsed(given: list[str]) -> Namespace:
    from nndsl.cli.arguments import parser

    first = next((word for word in given if not word.startswith("-")), None)
    return parser(wanted=first if first in COMMANDS else None).parse_args(given)


def _run(options: Namespace) -> int:
    gc.set_threshold(100_000)
    try:
        return COMMANDS[options.command](options)
    except CommandError as error:
        if str(error):
            say(f"nndsl: {error}")
        return error.exit_code
    except KeyboardInterrupt:
        say("nndsl: interrupted")
        return INTERRUPTED
    except MemoryError:
        say("nndsl: not enough memory")
        return FINDINGS
    except Exception as error:
        if options.debug or _of_a_stream(error):
            raise
        say(f"nndsl: {_bug(error)}")
        return BUG


def _compile(options: Namespace) -> int:
    from nndsl.cli.compile_command import run

    return run(options)


def _check(options: Namespace) -> int:
    from nndsl.cli.check_command import run

    return run(options)


def _show(options: Namespace) -> int:
    from nndsl.cli.show_command import run

    return run(options)


def _run_module(options: Namespace) -> int:
    from nndsl.cli.run_module import run

    return run(options)


COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "compile": _compile,
    "check": _check,
    "show": _show,
    "train": _run_module,
    "evaluate": _run_module,
    "predict": _run_module,
    "summary": _run_module,
}


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
