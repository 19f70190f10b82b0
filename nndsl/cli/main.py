"""The command `nndsl`."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence

import nndsl
from nndsl.cli.errors import BROKEN_PIPE, BUG, FINE, INTERRUPTED, USAGE, CommandError
from nndsl.cli.help import help_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the process's exit code.

    `arguments` are the words after `nndsl`; None takes them from the process.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
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
        code = COMMANDS[options.command](options)
        sys.stdout.flush()
        return code
    except CommandError as error:
        if str(error):
            print(f"nndsl: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("nndsl: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except MemoryError:
        print("nndsl: not enough memory", file=sys.stderr)
        return 1
    except Exception as error:
        if options.debug:
            raise
        print(f"nndsl: {_bug(error)}", file=sys.stderr)
        return BUG


def _compile(options: Namespace) -> int:
    from nndsl.cli.compile import run

    return run(options)


def _check(options: Namespace) -> int:
    from nndsl.cli.check import run

    return run(options)


def _show(options: Namespace) -> int:
    from nndsl.cli.show import run

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
