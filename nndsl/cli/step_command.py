"""`nndsl step`: a page that walks one small batch through a training's first steps."""

from argparse import Namespace
from pathlib import Path

from threadpoolctl import threadpool_limits

from nndsl.api import module_of
from nndsl.check.check import Checked
from nndsl.cli.compiled import rows_of
from nndsl.cli.errors import FINE, USAGE, CommandError
from nndsl.cli.outputs import NO_FILES, check_marked, write_all
from nndsl.cli.report import for_each_spec
from nndsl.cli.streams import shell_word
from nndsl.compiler import module_text
from nndsl.data.schema import schema_of
from nndsl.data.table import Table
from nndsl.diagnostics.excerpt import visible
from nndsl.lower.lower import lower
from nndsl.report.words import count, shown
from nndsl.step.first_batch import first_batch
from nndsl.step.page import MARK, Walk, step_page
from nndsl.step.recording import record
from nndsl.verify.subject import drawn_table

MOST_ROWS = 16
MOST_STEPS = 100
MOST_LAYERS = 200
"""Python takes time for every variable of a function at each line that is watched."""


def run(options: Namespace) -> int:
    """Write the page of `options.spec`, with rows of `options.data` or drawn ones."""
    _check_words(options)
    (checked,) = for_each_spec([options.spec], options, lambda checked: checked)
    layers = len(checked.network.layers)
    if layers > MOST_LAYERS:
        raise CommandError(
            f"{options.spec}: has {layers} layers; a page walks through {MOST_LAYERS} "
            "at most"
        )
    path = Path(options.output or _default_output(checked, options.spec))
    check_marked(path, MARK, "step page", "-o", options.force)
    with threadpool_limits(1, user_api="blas"):  # many small products
        page = step_page(_walk(checked, options))
    write_all([(path, page)])
    print(f"wrote {visible(str(path))}")
    return FINE


def _walk(checked: Checked, options: Namespace) -> Walk:
    text, program = module_text(checked), lower(checked.network)
    module = module_of(text, checked.source.name)
    model = getattr(module, checked.network.name)()
    table: Table | None = None
    if options.data is None:
        given = drawn_table(program)
    else:
        table = rows_of(options, schema_of(program.data))
        given = dict(table.given)
    try:
        batch = first_batch(module, lambda: model.fit(**given), options.rows)
        recording = record(program, module, text, batch, options.steps)
    except ValueError as error:
        message = str(error) if table is None else table.in_file(str(error))
        raise CommandError(shown(message, 500)) from None
    number = count(len(batch.x), "row")
    if table is None:
        rows = f"{number} drawn at random, as the spec asks for; no table was given."
    else:
        name = shown(Path(table.path).name, 60)
        rows = f"{number} of {name}: the first that training takes."
    return Walk(checked, program, text, recording, rows)


def _check_words(options: Namespace) -> None:
    """Raise CommandError for words that cannot be meant."""
    spec, data = options.spec, options.data
    if options.output in NO_FILES:
        raise CommandError(f"-o {options.output!r} names no file", USAGE)
    if spec == data == "-":
        raise CommandError("only one of spec and table can be standard input", USAGE)
    if data is not None and data.endswith(".nn") and not spec.endswith(".nn"):
        raise CommandError(
            "the spec stands before the table: "
            f"nndsl step {shell_word(data)} {shell_word(spec)}",
            USAGE,
        )
    for name, least, most in (("rows", 2, MOST_ROWS), ("steps", 1, MOST_STEPS)):
        if not least <= getattr(options, name) <= most:
            raise CommandError(f"--{name} is from {least} to {most}", USAGE)


def _default_output(checked: Checked, spec: str) -> str:
    """`iris.step.html` in the current folder, from `specs/iris.nn`."""
    stem = checked.network.name.lower() if spec == "-" else Path(spec).stem
    return f"{stem}.step.html"
