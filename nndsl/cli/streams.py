"""Standard input, output and error: open, and able to take every character."""

import contextlib
import io
import os
import shlex
import sys
from typing import Literal

_FALL_BACK = "backslashreplace"


def prepare() -> None:
    """Show characters that the terminal's encoding cannot represent as escapes.

    A closed stream is replaced by the null device, so that no file opened later gets
    its descriptor.
    """
    if sys.stdin is None:
        sys.stdin = _null("r")
    if sys.stdout is None:
        sys.stdout = _null("w")
    if sys.stderr is None:
        sys.stderr = _null("w")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=_FALL_BACK)


def _null(mode: Literal["r", "w"]) -> io.TextIOWrapper:
    return open(os.devnull, mode, errors=_FALL_BACK)


def print_file(text: str) -> None:
    """Print what is the content of a file: UTF-8, whatever the terminal's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())


def shell_word(path: str) -> str:
    """A path as a shell reads it back; one that begins with a dash is no option."""
    path = f"./{path}" if path.startswith("-") and path != "-" else path
    if path.isprintable():
        return shlex.quote(path)
    return "$'" + "".join(f"\\x{byte:02x}" for byte in os.fsencode(path)) + "'"


def say(message: str) -> None:
    """Print a message on standard error, if that can be written.

    What was printed before comes before it, also where both streams end in one file.
    """
    with contextlib.suppress(OSError):  # `flush` will say so
        sys.stdout.flush()
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:
        discard(sys.stderr.fileno())


def flush() -> None:
    """Write what is still to be written, on standard error if that can be written.

    Raises OSError if standard output cannot be written.
    """
    try:
        sys.stderr.flush()
    except OSError:
        discard(sys.stderr.fileno())
    sys.stdout.flush()


def discard(descriptor: int) -> None:
    """Let what is still to be written vanish, so that Python can end."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)
