"""What is printed while a network learns: about ten rows, and a bar on a terminal."""

import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import numpy as np
from tqdm import tqdm


class Progress:
    """Prints the figures of the first epoch, the last, and about ten between."""

    def __init__(self, epochs: int) -> None:
        self.every = -(-epochs // 10)
        self.last: tuple[int, Mapping[str, float]] | None = None
        hidden = not sys.stderr.isatty()
        self.bar: Any = tqdm(total=epochs, unit="epoch", leave=False, disable=hidden)

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

    def epoch(self, epoch: int, log: Mapping[str, float]) -> None:
        """Take in the figures of an epoch, which is counted from 1."""
        self.bar.update()
        if epoch == 1:
            names = "".join(f"  {name:>9}" for name in log)
            self.bar.write(f"   epoch {names}", file=sys.stdout)
        self.last = (epoch, log)
        if epoch == 1 or epoch % self.every == 0:
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
