"""`nndsl train`: compile a spec in memory, learn from a table, write one file."""

import os
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from nndsl import limits
from nndsl.cli.compiled import Compiled, answer, compiled_spec, rows_of
from nndsl.cli.errors import FINE, INTERRUPTED, USAGE, CommandError
from nndsl.cli.files import check_no_model
from nndsl.cli.outputs import NO_FILES, check_plain
from nndsl.cli.progress import Progress, print_figures
from nndsl.cli.streams import say, shell_word
from nndsl.data.errors import DataError
from nndsl.data.frame import Frame
from nndsl.data.model_file import ModelFile, read_model_file, write_model_file
from nndsl.data.schema import schema_of
from nndsl.data.table import Table
from nndsl.diagnostics.excerpt import visible

SMALL = 1 << 16
"""Layers of fewer numbers, rows of a batch times the widest layer, are computed by one
thread: their products take less time than it takes several threads to meet."""


def run(options: Namespace) -> int:
    """Train the network of `options.spec` on the table `options.data`."""
    _check_words(options)
    for name in ("epochs", "seed"):
        if getattr(options, name) is not None:
            options.settings.append(f"train.{name}={getattr(options, name)}")
    compiled = compiled_spec(options)
    output = options.output or _default_output(compiled, options.spec)
    earlier = _earlier(output, compiled.module.NETWORK, options.force)
    table = rows_of(options, schema_of(compiled.program.data))
    if not options.allow_large:
        _check_size(compiled, table)
    training = Training(compiled, table, output, None if options.force else earlier)
    return training.run()


@dataclass(slots=True)
class Training:
    """One run; `earlier` is the file of the same network that it may replace."""

    compiled: Compiled
    table: Table
    output: str
    earlier: ModelFile | None

    def run(self) -> int:
        """Train, save and print; Ctrl-C keeps the best parameters so far."""
        model = self.compiled.model_class()
        given = [self.table.x] if self.table.y is None else [self.table.x, self.table.y]
        started, interrupted = time.perf_counter(), False
        with _threads(self.compiled, self.table), Progress(model.epochs) as progress:

            def after_epoch(epoch: int, log: dict[str, float]) -> None:
                progress.epoch(epoch, log)
                every = self.compiled.checked.network.train.checkpoint_every
                if every is not None and epoch % every == 0 and epoch < model.epochs:
                    self._save_unfinished(model, epoch)

            try:
                answer(self.table, model.fit, *given, after_epoch)
            except KeyboardInterrupt:
                interrupted = True
        if interrupted:
            return self._interrupted(model)
        self._save(model, finished=True)
        self._print_result(model, progress, time.perf_counter() - started)
        return FINE

    def _save(self, model: Any, *, finished: bool) -> None:
        spec = self.compiled.checked.source.text
        write_model_file(self.output, model, spec, self.table, finished=finished)

    def _save_unfinished(self, model: Any, epochs: int) -> bool:
        """Save, unless what stands there is finished or was trained for longer."""
        earlier = self.earlier
        if earlier is not None and (earlier.finished or earlier.epochs > epochs):
            return False
        self._save(model, finished=False)
        return True

    def _interrupted(self, model: Any) -> int:
        history = getattr(model, "history_", {})
        epochs = min(map(len, history.values()), default=0)
        if model.parameters_ is None or epochs == 0:
            raise KeyboardInterrupt
        output = visible(self.output)
        if self._save_unfinished(model, epochs):
            said = f"the best parameters so far are saved as {output}"
        else:
            said = f"{output} holds more than that and stays as it is"
        say(f"nndsl: interrupted after {epochs} epochs; {said}")
        return INTERRUPTED

    def _print_result(self, model: Any, progress: Progress, seconds: float) -> None:
        epochs = len(model.history_["loss"])
        kept = f"the last of {epochs} epochs"
        if best := getattr(model, "best_epoch_", None):
            log = {name: figures[best - 1] for name, figures in model.history_.items()}
            progress.row(best, log, "*")
            kept = f"epoch {best} of {epochs}"
        if test := getattr(model, "test_", None):
            print(f"the {len(model.split_[2])} test rows:")
            print_figures(test)
        print(f"kept {kept} in {seconds:.2f} s; saved as {visible(self.output)}")
        words = f"{shell_word(self.output)} {shell_word(self.table.path)}"
        print(f"next: nndsl predict {words}")


@contextmanager
def _threads(compiled: Compiled, table: Table) -> Iterator[None]:
    """One thread for BLAS where products are small: see SMALL."""
    network = compiled.checked.network
    widths = [_n_features(compiled, table)]
    widths += [n for each in network.layers if isinstance(n := each.n_outputs, int)]
    batch = min(network.train.batch_size or len(table.x), len(table.x))
    threads = 1 if batch * max(widths) < SMALL else None
    with threadpool_limits(threads, user_api="blas"):
        yield


def _check_words(options: Namespace) -> None:
    """Raise CommandError for words that cannot be meant."""
    spec, data, output = options.spec, options.data, options.output
    if output in NO_FILES:
        raise CommandError(
            f"-o {output!r} names no file; "
            "without -o the model is saved in the current folder",
            USAGE,
        )
    if spec == data == "-":
        raise CommandError("only one of spec and table can be standard input", USAGE)
    if data.endswith(".nn") and not spec.endswith(".nn"):
        raise CommandError(
            "the spec stands before the table: "
            f"nndsl train {shell_word(data)} {shell_word(spec)}",
            USAGE,
        )
    check_no_model(spec)


def _check_size(compiled: Compiled, table: Table) -> None:
    """Raise CommandError where the table makes the network too large."""
    y = table.y
    width = len(table.features) if y is None else y.shape[1] if y.ndim > 1 else 1
    if compiled.program.data.labels is not None:
        width = len(set(y.tolist())) if y is not None else 0
    widths = {"features": _n_features(compiled, table), "outputs": width}
    total = sum(
        prod(widths[n] if isinstance(n, str) else n for n in parameter.array.shape)
        for parameter in compiled.program.parameters
    )
    if total > limits.PARAMETERS:
        raise CommandError(
            f"{table.path}: with its columns the network has {total:,} parameters; "
            f"the most are {limits.PARAMETERS:,}, --allow-large allows more"
        )


def _n_features(compiled: Compiled, table: Table) -> int:
    """How many inputs the columns of the table become, at most."""
    x, width = table.x, compiled.program.arrays["x"].shape[1]
    if isinstance(width, int):
        return width
    if not isinstance(x, Frame):
        return int(x.shape[1])
    learned = [each for each in compiled.program.data.label_columns if each.learned]
    labels = (min(len(set(x[each.name])), limits.LABELS) for each in learned)
    known = (each.width or 1 for each in compiled.program.data.label_columns)
    return x.shape[1] + sum(known) + sum(labels)


def _default_output(compiled: Compiled, spec: str) -> str:
    """`iris.npz` in the current folder, from `specs/iris.nn`."""
    stem = compiled.checked.network.name.lower() if spec == "-" else Path(spec).stem
    return f"{stem}.npz"


def _earlier(output: str, network: str, force: bool) -> ModelFile | None:
    """The model that stands where this one goes, None for none.

    Raises CommandError for a file that is no model, and without `force` for one of
    another network.
    """
    if not check_plain(Path(output)):
        return None
    if not os.access(output, os.R_OK):
        raise CommandError(f"{output}: permission denied")
    try:
        earlier = read_model_file(output)
    except DataError:
        raise CommandError(
            f"{output}: is no model file and stays as it is; name another file with -o"
        ) from None
    if earlier.network != network and not force:
        raise CommandError(
            f"{output}: holds another network, {earlier.network[:200]}; "
            "name another file with -o, or replace it with --force"
        )
    return earlier
