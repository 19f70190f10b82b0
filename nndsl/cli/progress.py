"""What is printed while a network learns: about ten rows, and a bar on a terminal."""

import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import numpy as np
from tqdm import tqdm


def progress_bar(total: int) -> Any:
    """A bar that counts epochs, with rate and time left; hidden where no one looks."""
    hidden = not sys.stderr.isatty()
    return tqdm(
        total=total, unit="epoch", leave=False, disable=hidden, dynamic_ncols=True
    )


class Progress:
    """Prints the figures of the first epoch, the last, and about ten between."""

    def __init__(self, epochs: int) -> None:
        self.every = -(-epochs // 10)
        self.has_head = False
        self.last: tuple[int, Mapping[str, float]] | None = None
        self.bar = progress_bar(epochs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        self.bar.close()
        if self.last is not None and not isinstance(error, Exception):
            self.row(*self.last)

    def start_after(self, epoch: int) -> None:
        """Count the epochs up to this one as done earlier, outside rate and time."""
        self.bar.initial = self.bar.n = epoch

    def epoch(self, epoch: int, log: Mapping[str, float]) -> None:
        """Take in the figures of an epoch, which is counted from 1."""
        self.bar.update()
        first = not self.has_head
        if first:
            names = "".join(f"  {name:>9}" for name in log)
            self.bar.write(f"   epoch {names}", file=sys.stdout)
            self.has_head = True
        self.last = (epoch, log)
        if first or epoch % self.every == 0:
            self.row(epoch, log)
            self.last = None

    def row(self, epoch: int, log: Mapping[str, float], mark: str = " ") -> None:
        """Print one row; `mark` stands behind the number of the epoch."""
        figures = "".join(f"  {log[name]:{max(9, len(name))}.4f}" for name in log)
        self.bar.write(f"{epoch:>8}{mark}{figures}", file=sys.stdout)


def print_figures(figures: Mapping[str, Any]) -> None:
    """Print each figure behind its name."""
    for name, figure in figures.items():
        text = np.array2string(figure, prefix=" " * 24) if np.ndim(figure) else None
        print(f"{name:>22}  {text or format(figure, '.4f')}")
