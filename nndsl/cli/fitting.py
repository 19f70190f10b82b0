"""What holds wherever a command trains: how many threads, how large a network."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import prod

from threadpoolctl import threadpool_limits

from nndsl import limits
from nndsl.cli.compiled import Compiled
from nndsl.cli.errors import CommandError
from nndsl.data.frame import Frame
from nndsl.data.table import Table

SMALL = 1 << 16
"""Layers of fewer numbers, rows of a batch times the widest layer, are computed by one
thread: their products take less time than it takes several threads to meet."""


@contextmanager
def threads(compiled: Compiled, table: Table) -> Iterator[None]:
    """One thread for BLAS where products are small: see SMALL."""
    network = compiled.checked.network
    widths = [_n_features(compiled, table)]
    widths += [n for each in network.layers if isinstance(n := each.n_outputs, int)]
    batch = min(network.train.batch_size or len(table.x), len(table.x))
    threads = 1 if batch * max(widths) < SMALL else None
    with threadpool_limits(threads, user_api="blas"):
        yield


def check_size(compiled: Compiled, table: Table) -> None:
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
