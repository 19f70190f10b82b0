"""`nndsl train`, `evaluate`, `predict`, `summary`: compile in memory, then let the
module's own command line do the work."""

import shlex
from argparse import Namespace
from pathlib import Path

from nndsl.api import module_of
from nndsl.cli.errors import USAGE, CommandError
from nndsl.cli.files import NO_FILES, check_folder
from nndsl.cli.report import for_each_spec
from nndsl.compiler import module_text

FORWARDED = {
    "output": "--output",
    "weights": "--weights",
    "epochs": "--epochs",
    "seed": "--seed",
}
"""Options that the module's command line has too."""

UNNAMED = {
    "train": "without -o the weights lie in the current folder",
    "predict": "without -o the answers are printed",
}
"""What becomes of the output of a command that is given no name for it."""


def run(options: Namespace) -> int:
    """Run the module's command of the same name; its exit code."""
    output = getattr(options, "output", None)
    if output in NO_FILES:
        raise CommandError(
            f"-o {output!r} names no file; {UNNAMED[options.command]}", USAGE
        )
    if output is not None:
        check_folder(Path(output))
    data = getattr(options, "data", "")
    if data.endswith(".nn") and not options.spec.endswith(".nn"):
        raise CommandError(
            "the spec stands before the table: "
            f"nndsl {options.command} {shlex.quote(data)} {shlex.quote(options.spec)}",
            USAGE,
        )
    (text,) = for_each_spec(
        [options.spec], options, lambda checked: module_text(checked, options.style)
    )
    words = [options.command]
    for name, key in FORWARDED.items():
        if getattr(options, name, None) is not None:
            words.append(f"{key}={getattr(options, name)}")
    words += ["--", options.data] if hasattr(options, "data") else []
    module = module_of(text, options.spec)
    code: int = module.main(words, command=f"nndsl {{}} {shlex.quote(options.spec)}")
    return code
