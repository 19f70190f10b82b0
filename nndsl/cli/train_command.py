"""`nndsl train`: compile a spec in memory, learn from a table, write one file."""

import os
import time
from argparse import Namespace
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nndsl.cli.compiled import Compiled, answer, compiled_spec, rows_of
from nndsl.cli.errors import FINE, INTERRUPTED, USAGE, CommandError
from nndsl.cli.files import check_no_model
from nndsl.cli.fitting import check_size, threads
from nndsl.cli.outputs import NO_FILES, check_plain, check_suffix
from nndsl.cli.progress import Progress, print_figures
from nndsl.cli.report_page import check_report, write_report
from nndsl.cli.resume import Resumable, read_past
from nndsl.cli.several_runs import check_runs, run_several
from nndsl.cli.streams import say, shell_word
from nndsl.cli.table_options import table_words
from nndsl.data.digests import digest_of_all, row_digests
from nndsl.data.errors import DataError, counted
from nndsl.data.model_file import (
    ModelFile,
    read_model_file,
    remove_leftovers,
    write_model_file,
)
from nndsl.data.schema import schema_of
from nndsl.data.table import Table
from nndsl.diagnostics.excerpt import visible
from nndsl.report.subject import of_training


def run(options: Namespace) -> int:
    """Train the network of `options.spec` on the table `options.data`."""
    _check_words(options)
    check_runs(options)
    for name in ("epochs", "seed"):
        if getattr(options, name) is not None:
            options.settings.append(f"train.{name}={getattr(options, name)}")
    compiled = compiled_spec(options)
    if options.folds or options.seeds:
        return run_several(compiled, options)
    output = options.output or _default_output(compiled, options.spec)
    check_report(options, output, options.spec, options.data)
    earlier = _earlier(output, compiled.module.NETWORK, options.force)
    table = rows_of(options, schema_of(compiled.program.data))
    if not options.allow_large:
        check_size(compiled, table)
    data, past = digest_of_all(row_digests(*table.given.values())), None
    if options.resume:
        past = read_past(earlier, output, compiled.checked, data)
        remove_leftovers(output)
    watched = Resumable(compiled.module, data, past)
    kept = None if options.force and not past else earlier
    training = Training(compiled, table, output, kept, watched, table_words(options))
    return training.run(options.report)


@dataclass(slots=True)
class Training:
    """One run; `earlier` is the file of the same network that it may replace, and
    `table_words` are the options that say how the table is written."""

    compiled: Compiled
    table: Table
    output: str
    earlier: ModelFile | None
    watched: Resumable
    table_words: list[str]

    def run(self, report: str | None = None) -> int:
        """Train, save, print, and write the page `report`; Ctrl-C keeps the best
        parameters so far."""
        model = self.compiled.model_class()
        started, interrupted = time.perf_counter(), False
        every = self.compiled.checked.network.train.checkpoint_every
        resumed = self.watched.until
        with (
            threads(self.compiled, self.table),
            nullcontext() if every is None else self.watched,
            Progress(model.epochs) as progress,
        ):

            def after_epoch(epoch: int, log: dict[str, float]) -> None:
                if every is not None:
                    self.watched.after_epoch(model)
                if epoch == resumed:
                    say(f"nndsl: goes on after epoch {resumed} of {model.epochs}")
                    progress.start_after(resumed)
                if epoch <= resumed:
                    return
                progress.epoch(epoch, log)
                if every is not None and epoch % every == 0 and epoch < model.epochs:
                    self._save_unfinished(model, epoch)

            try:
                answer(self.table, model.fit, **self.table.given, callback=after_epoch)
            except KeyboardInterrupt:
                interrupted = True
        if interrupted:
            return self._interrupted(model)
        self._save(model, finished=True)
        self._print_result(model, progress, time.perf_counter() - started)
        if report is not None:
            checked, program = self.compiled.checked, self.compiled.program
            subject = of_training(checked, program, model, self.table)
            write_report(report, subject, self.output)
        return FINE

    def _save(self, model: Any, *, finished: bool) -> None:
        spec = self.compiled.checked.source.text
        state = None if finished else self.watched.state
        write_model_file(
            self.output, model, spec, self.table, finished=finished, state=state
        )

    def _save_unfinished(self, model: Any, epochs: int) -> bool:
        """Save, unless what stands there is finished or was trained for longer."""
        earlier = self.earlier
        if self.watched.until and not self.watched.state:
            return False
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
            said = f"{output} holds more than that and was left unchanged"
        say(f"nndsl: interrupted after {counted(epochs, 'epoch')}; {said}")
        return INTERRUPTED

    def _print_result(self, model: Any, progress: Progress, seconds: float) -> None:
        epochs = len(model.history_["loss"])
        kept = f"the last of {counted(epochs, 'epoch')}"
        if best := getattr(model, "best_epoch_", None):
            log = {name: figures[best - 1] for name, figures in model.history_.items()}
            progress.row(best, log, "*")
            kept = f"epoch {best} of {epochs}"
        if test := getattr(model, "test_", None):
            print(f"the {counted(len(model.split_[-1]), 'test row')}:")
            print_figures(test)
        print(f"kept {kept} in {seconds:.2f} s; saved as {visible(self.output)}")
        words = f"{shell_word(self.output)} {shell_word(self.table.path)}"
        print("next: nndsl predict", words, *self.table_words)


def _check_words(options: Namespace) -> None:
    """Raise CommandError for words that cannot be meant."""
    spec, data, output = options.spec, options.data, options.output
    if output in NO_FILES:
        raise CommandError(
            f"-o {output!r} names no file; "
            "without -o the model is saved in the current folder",
            USAGE,
        )
    if output is not None:
        check_suffix(output, "-o", ".npz", "")
    if spec == data == "-":
        raise CommandError("only one of spec and table can be standard input", USAGE)
    if data.endswith(".nn") and not spec.endswith(".nn"):
        raise CommandError(
            "the spec stands before the table: "
            f"nndsl train {shell_word(data)} {shell_word(spec)}",
            USAGE,
        )
    check_no_model(spec)


def _default_output(compiled: Compiled, spec: str) -> str:
    """`iris.npz` in the current folder, from `specs/iris.nn`."""
    stem = compiled.checked.network.name.lower() if spec == "-" else Path(spec).stem
    return f"{stem}.npz"


def _earlier(output: str, network: str, force: bool) -> ModelFile | None:
    """The model that stands where this one goes, None for none.

    Raises CommandError for a file that is no model, and without `force` for one of
    another network and for an imported one.
    """
    if not check_plain(Path(output)):
        return None
    if not os.access(output, os.R_OK):
        raise CommandError(f"{output}: permission denied")
    try:
        earlier = read_model_file(output)
    except DataError:
        raise CommandError(
            f"{output}: is not a model file; left unchanged. Name another file with -o"
        ) from None
    if earlier.network != network and not force:
        raise CommandError(
            f"{output}: holds another network, {earlier.network[:200]}; "
            "name another file with -o, or replace it with --force"
        )
    if earlier.is_imported and not force:
        raise CommandError(
            f"{output}: holds an imported model, which training cannot bring back; "
            "name another file with -o, or replace it with --force"
        )
    return earlier
