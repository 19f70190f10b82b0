"""`--folds` and `--seeds`: how good a network is, and how much that varies."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.cli.compiled import Compiled, answer, rows_of, with_setting
from nndsl.cli.errors import FINE, INTERRUPTED, USAGE, CommandError
from nndsl.cli.fitting import check_size, threads
from nndsl.cli.progress import progress_bar
from nndsl.cli.streams import say
from nndsl.data.folds import draw_folds
from nndsl.data.schema import schema_of
from nndsl.data.table import Table
from nndsl.language.metric_table import METRICS
from nndsl.network import Split

Figures = dict[str, float]
MOST = 1000


@dataclass(frozen=True, slots=True)
class Run:
    """One training; `held_out` are the rows of its fold, None without folds."""

    label: str
    seed: int
    held_out: NDArray[np.bool_] | None


def check_runs(options: Namespace) -> None:
    """Raise CommandError for a number of runs, or an option, that cannot be."""
    for name in ("folds", "seeds"):
        number = getattr(options, name)
        if number is None:
            continue
        if not 2 <= number <= MOST:
            raise CommandError(
                f"--{name} {number}: expected a number from 2 to {MOST}", USAGE
            )
        for other in ("output", "resume", "report"):
            if getattr(options, other):
                raise CommandError(
                    f"--{name} saves no model: leave out --{other}; "
                    f"`nndsl train` without --{name} saves one",
                    USAGE,
                )


def run_several(compiled: Compiled, options: Namespace) -> int:
    """Train on every fold with every seed; print the figures and what they vary by."""
    split = compiled.checked.network.train.split
    if options.folds is None and split.train == 1:
        raise CommandError(
            "--seeds measures on held-out rows, and the spec has none; write "
            "`split 70% / 15% / 15%` in its train block, or use --folds"
        )
    if options.folds and split.test:
        compiled = with_setting(compiled, f"train.split={_without_test(split)}")
    table = rows_of(options, schema_of(compiled.program.data))
    if not options.allow_large:
        check_size(compiled, table)
    runs = list(_runs(compiled, table, options))
    epochs = compiled.checked.network.train.epochs
    done: list[Figures] = []
    with threads(compiled, table), progress_bar(len(runs) * epochs) as bar:
        try:
            for run in runs:
                done.append(_figures(compiled, table, run, bar))
                if len(done) == 1:
                    head = [f"{name:>9}" for name in done[0]]
                    _write(bar, _what(options), head)
                _write(bar, run.label, _cells(done[-1]))
                bar.n = len(done) * epochs
                bar.refresh()
        except KeyboardInterrupt:
            bar.close()
            say(f"nndsl: interrupted after {len(done)} of {len(runs)} runs")
            return INTERRUPTED
    for label, figures in _summary(done):
        _write(bar, label, _cells(figures))
    print("no model is saved; `nndsl train` without these options saves one")
    return FINE


def _without_test(split: Split) -> str:
    """The split of the rows outside a fold: the fold takes the test rows' role."""
    train = 100 * (split.train + split.test)
    text = f"{train:.10g}% / {100 * split.validation:.10g}% / 0%"
    return text + " stratified" * split.stratified


def _what(options: Namespace) -> str:
    """The head of the first column."""
    if options.folds:
        return "seed fold" if options.seeds else "fold"
    return "seed"


def _runs(compiled: Compiled, table: Table, options: Namespace) -> Iterator[Run]:
    first = compiled.checked.network.train.seed
    for seed in range(first, first + (options.seeds or 1)):
        if options.folds is None:
            yield Run(str(seed), seed, None)
            continue
        labels = table.y if compiled.program.data.labels is not None else None
        rng = np.random.default_rng(seed)
        fold = answer(table, draw_folds, labels, len(table.x), options.folds, rng)
        for each in range(options.folds):
            label = f"{seed:>4} {each + 1:>4}" if options.seeds else str(each + 1)
            yield Run(label, seed, fold == each)


def _figures(compiled: Compiled, table: Table, run: Run, bar: Any) -> Figures:
    """The figures of one run on rows that it did not learn."""
    model = compiled.model_class(seed=run.seed)

    def after_epoch(epoch: int, log: Figures) -> None:
        bar.update()

    if run.held_out is None:
        answer(table, model.fit, **table.given, callback=after_epoch)
        return _of_split(model)
    learned, held_out = _rows(table, ~run.held_out), _rows(table, run.held_out)
    answer(learned, model.fit, **learned.given, callback=after_epoch)
    figures = answer(held_out, model.evaluate, **held_out.given)
    return {name: figure for name, figure in figures.items() if np.ndim(figure) == 0}


def _of_split(model: Any) -> Figures:
    """On the test rows; without any on the validation rows, at the epoch kept."""
    if hasattr(model, "test_"):
        figures: Figures = model.test_
        return figures
    kept = getattr(model, "best_epoch_", 0) - 1
    return {
        name.removeprefix("val_"): figures[kept]
        for name, figures in model.history_.items()
        if name.startswith("val_")
    }


def _rows(table: Table, chosen: NDArray[np.bool_]) -> Table:
    lines = [table.lines[row] for row in np.flatnonzero(chosen).tolist()]
    y = None if table.y is None else table.y[chosen]
    weights = None if table.weights is None else table.weights[chosen]
    return replace(table, x=table.x[chosen], y=y, lines=lines, weights=weights)


def _summary(done: list[Figures]) -> Iterator[tuple[str, Figures]]:
    """Mean, standard deviation (of a sample) and worst value of each figure."""
    columns = {name: np.array([run[name] for run in done]) for name in done[0]}
    yield "mean", {name: float(each.mean()) for name, each in columns.items()}
    yield "deviation", {name: float(each.std(ddof=1)) for name, each in columns.items()}
    yield (
        "worst",
        {
            name: float(each.min() if _larger_is_better(name) else each.max())
            for name, each in columns.items()
        },
    )


def _larger_is_better(name: str) -> bool:
    entry = METRICS.get(name.partition("(")[0])
    return entry is not None and entry.larger_is_better


def _cells(figures: Figures) -> list[str]:
    return [f"{figure:{max(9, len(name))}.4f}" for name, figure in figures.items()]


def _write(bar: Any, label: str, cells: list[str]) -> None:
    bar.write(f"{label:>10}" + "".join(f"  {cell}" for cell in cells), file=sys.stdout)
