"""`nndsl predict`: what a trained network says of each row, as CSV."""

import csv
import io
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nndsl.cli.compiled import answer, loaded_model, rows_of
from nndsl.cli.errors import FINE, USAGE, CommandError
from nndsl.cli.outputs import NO_FILES, check_plain, check_suffix, write_all
from nndsl.data.columns import Numbers
from nndsl.data.schema import Schema, schema_of
from nndsl.data.table import Table
from nndsl.diagnostics.excerpt import visible


def run(options: Namespace) -> int:
    """Print the predictions and probabilities of `options.model`, or write them."""
    if options.output in NO_FILES:
        raise CommandError(
            f"-o {options.output!r} names no file; without -o they are printed", USAGE
        )
    if options.output is not None:
        check_suffix(options.output, "-o", ".csv", ".tsv", ".txt", "")
    file, compiled, model = loaded_model(options)
    schema = schema_of(
        compiled.program.data,
        features=file.features,
        targets=file.targets,
        labels=file.labels,
        reads_target=False,
    )
    table = rows_of(options, schema)
    columns = dict(_columns(model, table, schema))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(map(str, each) for each in columns.values()), strict=True))
    if options.output is None:
        print(text.getvalue(), end="")
        return FINE
    path = Path(options.output)
    _check_replaceable(path, text.getvalue().partition("\n")[0], options.force)
    write_all([(path, text.getvalue())])
    print(f"wrote {visible(str(path))}")
    return FINE


def _columns(model: Any, table: Table, schema: Schema) -> Iterator[tuple[str, Any]]:
    """The columns of the answer by name: predictions, then probabilities."""
    predicted = answer(table, model.predict, table.x)
    predicted = predicted.reshape(len(table.x), -1)
    names: Sequence[object] = schema.targets
    if schema.n_targets == 0:  # an autoencoder, which predicts its inputs
        names = table.features
    if len(names) != predicted.shape[1]:
        names = range(1, predicted.shape[1] + 1)
    for name, column in zip(names, predicted.T, strict=True):
        yield f"predicted_{name}", column
    if hasattr(model, "predict_proba"):
        labels = names if isinstance(schema.target, Numbers) else model.classes_
        shares = answer(table, model.predict_proba, table.x)
        for label, column in zip(labels, shares.T, strict=True):
            yield f"probability_{label}", column


def _check_replaceable(path: Path, header: str, force: bool) -> None:
    """Raise CommandError if `path` holds anything but predictions with this header."""
    if not check_plain(path) or force:
        return
    with open(path, "rb") as file:
        first = file.readline(len(header.encode()) + 2)
    if first.strip() != header.encode():
        raise CommandError(
            f"{path}: holds something else and was left unchanged; "
            "name another file with -o, or replace it with --force"
        )
