"""Reading specs for a command, and printing what is wrong with them."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import TextIO, TypeVar

from nndsl.check.check import Checked
from nndsl.cli.errors import CommandError
from nndsl.cli.files import read_spec
from nndsl.cli.streams import say
from nndsl.compiler import understand
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.layout import RENDERERS
from nndsl.diagnostics.record import Diagnostic, Source

Result = TypeVar("Result")

Found = list[tuple[Source, tuple[Diagnostic, ...]]]


def for_each_spec(
    specs: Sequence[str],
    options: Namespace,
    work: Callable[[Checked], Result],
    stream: TextIO | None = None,
    read: Callable[[str], Source] = read_spec,
) -> list[Result]:
    """`work` done on every spec; the mistakes and warnings of all go to `stream`.

    `stream` None is standard error.  Raises CommandError, after printing, if any spec
    has a mistake or cannot be read.
    """
    found: Found = []

    def understand_and_work(name: str) -> Result:
        checked = understand(read(name), options.settings, options.allow_large)
        result = work(checked)
        found.append((checked.source, checked.warnings))
        return result

    return for_each(specs, understand_and_work, found, options.format, stream)


def for_each(
    specs: Sequence[str],
    work: Callable[[str], Result],
    found: Found,
    format_: str = "text",
    stream: TextIO | None = None,
) -> list[Result]:
    """`work` done on the name of every spec.

    What it raises is printed, and what it adds to `found`.  Raises CommandError, after
    printing, if it raised anything.
    """
    results: list[Result] = []
    unreadable: list[str] = []
    for name in specs:
        try:
            results.append(work(name))
        except SpecError as error:
            found.append((error.source, error.diagnostics))
        except CommandError as error:
            unreadable.append(f"nndsl: {error}")
    empty = not any(diagnostics for _, diagnostics in found)
    if not empty or (stream and format_ != "text"):
        text = RENDERERS[format_](found)
        if stream is None:
            say(text.removesuffix("\n"))
        else:
            print(text, end="", file=stream)
    for message in unreadable:
        say(message)
    if len(results) < len(specs):
        raise CommandError("")
    return results
