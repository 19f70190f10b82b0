"""`nndsl compile`: specs in, modules out; every module is written, or none."""

import os
from argparse import Namespace
from pathlib import Path

from nndsl.cli.errors import FINE, USAGE, CommandError
from nndsl.cli.files import output_path
from nndsl.cli.outputs import NO_FILES, check_replaceable, write_all
from nndsl.cli.report import for_each_spec
from nndsl.cli.stages import print_stage
from nndsl.cli.streams import print_file
from nndsl.compiler import module_text
from nndsl.diagnostics.excerpt import visible
from nndsl.render.targets import target_of


def run(options: Namespace) -> int:
    """Compile `options.specs`; the mistakes of all are printed."""
    if options.show is not None:
        return print_stage(options)
    if options.style not in target_of(options.target).styles:
        raise CommandError(
            f"--style {options.style}: --target {options.target} has one style only; "
            "leave out --style",
            USAGE,
        )
    to_stdout = options.stdout or (options.specs == ["-"] and options.output is None)
    paths = [] if to_stdout else _paths(options.specs, options.output)
    texts = for_each_spec(
        options.specs,
        options,
        lambda checked: module_text(checked, options.style, options.target),
    )
    if to_stdout:
        print_file("".join(texts))
        return FINE
    files = list(zip(paths, texts, strict=True))
    for path in paths:
        check_replaceable(path, options.force)
    write_all(files)
    for path in paths:
        print(f"wrote {visible(str(path))}")
    return FINE


def _paths(specs: list[str], output: str | None) -> list[Path]:
    """Where each module goes; two may not share a file."""
    if output in NO_FILES:
        raise CommandError(
            f"-o {output!r} names no file; --stdout prints the module", USAGE
        )
    if len(specs) > 1 and output is not None and not os.path.isdir(output):
        raise CommandError(
            f"-o {output}: several specs need an existing folder here", USAGE
        )
    if "-" in specs and (output is None or os.path.isdir(output)):
        raise CommandError("- (standard input) needs -o FILE or --stdout", USAGE)
    paths = [output_path(spec, output) for spec in specs]
    for place, path in enumerate(paths):
        if path in paths[:place]:
            raise CommandError(f"{path}: would be written for two specs", USAGE)
    return paths
