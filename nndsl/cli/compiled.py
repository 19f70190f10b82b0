"""Networks as commands use them: a spec compiled in memory, a model file loaded."""

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from nndsl.api import module_of
from nndsl.check.check import Checked
from nndsl.cli.errors import USAGE, CommandError
from nndsl.cli.importers import IMPORTERS
from nndsl.cli.report import for_each_spec
from nndsl.cli.streams import say, shell_word
from nndsl.cli.table_options import dialect_of
from nndsl.compiler import module_text, understand
from nndsl.data.errors import counted
from nndsl.data.model_file import ModelFile, read_model_file
from nndsl.data.schema import Schema
from nndsl.data.table import Table, read_table
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.excerpt import visible
from nndsl.diagnostics.record import Source
from nndsl.lower.lower import lower
from nndsl.program.program import Program

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A spec, what it means, and the module in the fast style."""

    checked: Checked
    program: Program
    module: ModuleType

    @property
    def model_class(self) -> Any:
        return getattr(self.module, self.checked.network.name)


def compiled_spec(options: Namespace) -> Compiled:
    """The spec that a command line names; its mistakes are printed."""
    (compiled,) = for_each_spec([options.spec], options, with_module)
    return compiled


def with_setting(compiled: Compiled, setting: str) -> Compiled:
    """The same spec with one setting more, as `--set` gives it."""
    return with_module(understand(compiled.checked.source, [setting], allow_large=True))


def loaded_model(options: Namespace) -> tuple[ModelFile, Compiled, Any]:
    """The model file that a command line names, its module, and the trained model."""
    path = options.model
    _check_words(options)
    file = read_model_file(path)
    if not file.spec:
        raise CommandError(f"{path}: holds no spec; `nndsl train` writes files that do")
    compiled = with_module(spec_inside(file))
    numbers = sum(map(prod, file.shapes.values()))
    if numbers < compiled.program.n_parameters.least:
        raise CommandError(f"{path}: holds fewer weights than its network; is damaged")
    try:
        return file, compiled, compiled.model_class.load(path)
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        raise CommandError(_short(str(error))) from None


def spec_inside(file: ModelFile) -> Checked:
    """The spec of a model file; CommandError for one that cannot be compiled.

    Its network may have any size that the file's own arrays prove.
    """
    try:
        return understand(Source(file.path, file.spec), allow_large=True)
    except SpecError as error:
        first = error.diagnostics[0].label
        raise CommandError(f"{file.path}: its spec is not valid: {first}") from None


def rows_of(options: Namespace, schema: Schema) -> Table:
    """The table of a command line, with a remark about what is not used of it."""
    path = options.data
    table = read_table(path, schema, dialect_of(options))
    if table.unused:
        names = _short(", ".join(table.unused))
        say(visible(f"{path}: not used: {names}"))
    if table.dropped:
        rows, are = counted(table.dropped, "row"), "is" if table.dropped == 1 else "are"
        say(visible(f"{path}: {rows} without a target {are} left out"))
    return table


def answer(
    table: Table, call: Callable[..., Result], *given: Any, **named: Any
) -> Result:
    """What a model makes of a table; what it refuses is said in the file's lines."""
    try:
        return call(*given, **named)
    except (ValueError, FloatingPointError) as error:
        raise CommandError(_short(table.in_file(str(error)))) from None


def with_module(checked: Checked) -> Compiled:
    """What a spec means, with its module in memory."""
    module = module_of(module_text(checked, "fast"), checked.source.name)
    return Compiled(checked, lower(checked.network), module)


def _check_words(options: Namespace) -> None:
    """Raise CommandError where the table or a spec stands in place of the model."""
    command, model = options.command, options.model
    data: str = getattr(options, "data", "")
    if data.endswith(".npz") and not model.endswith(".npz"):
        raise CommandError(
            "the model file stands before the table: "
            f"nndsl {command} {shell_word(data)} {shell_word(model)}",
            USAGE,
        )
    if Path(model).suffix.lower() in IMPORTERS:
        raise CommandError(
            f"{model}: is not a model file; run `nndsl import {shell_word(model)}` "
            "first",
            USAGE,
        )
    if model.endswith(".nn"):
        trained = f"{Path(model).stem}.npz"
        there = Path(trained).is_file()
        last = shell_word(data) if data else f"-o {options.output}" * there or "TABLE"
        todo = (
            f"{command} {shell_word(trained)}"
            if there
            else f"train {shell_word(model)}"
        )
        raise CommandError(
            f"{model}: is a spec, not a model file; write nndsl {todo} {last}",
            USAGE,
        )


def _short(text: str) -> str:
    return text if len(text) <= 500 else text[:499] + "…"
