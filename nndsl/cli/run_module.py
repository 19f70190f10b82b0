"""`nndsl train`, `evaluate`, `predict`, `summary`: compile in memory, then let the
module's own command line do the work."""

from __future__ import annotations

import shlex
from argparse import Namespace

from nndsl.api import module_of
from nndsl.cli.compile import module_text
from nndsl.cli.findings import for_each_spec

FORWARDED = {
    "output": "--output",
    "weights": "--weights",
    "epochs": "--epochs",
    "seed": "--seed",
}
"""Options that the module's command line has too."""


def run(options: Namespace) -> int:
    """Run the module's command of the same name; its exit code."""
    (text,) = for_each_spec(
        [options.spec], options, lambda checked: module_text(checked, options)
    )
    words = [options.command]
    for name, key in FORWARDED.items():
        if getattr(options, name, None) is not None:
            words += [key, getattr(options, name)]
    words += ["--", options.data] if hasattr(options, "data") else []
    module = module_of(text, options.spec)
    code: int = module.main(words, command=f"nndsl {{}} {shlex.quote(options.spec)}")
    return code
