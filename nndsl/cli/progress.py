"""What is printed while a network learns: about ten rows, and a bar on a terminal."""

import sys
from collections.abc import Mapping
from typing import Any, Self


def figures(log: Mapping[str, float]) -> str:
    """`loss 0.1234  accuracy 0.9500`."""
    return "  ".join(f"{name} {value:.4f}" for name, value in log.items())


class Progress:
    """Prints the figures of the first, the last and about ten epochs between."""

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs
        self.every = max(1, epochs // 10)
        self.last: tuple[int, Mapping[str, float]] | None = None
        from tqdm import tqdm

        self.bar: Any = tqdm(
            total=epochs, unit="epoch", leave=False, disable=not sys.stderr.isatty()
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()
        if self.last is not None:
            self._print(*self.last)

    def epoch(self, epoch: int, log: Mapping[str, float]) -> None:
        """What `fit` calls after every epoch."""
        self.bar.update()
        if epoch == 1:
            print("epoch" + "".join(f"{name:>{_width(name)}}" for name in log))
        if epoch == 1 or epoch % self.every == 0:
            self._print(epoch, log)
            self.last = None
        else:
            self.last = epoch, log

    def _print(self, epoch: int, log: Mapping[str, float]) -> None:
        cells = (f"{value:{_width(name)}.4f}" for name, value in log.items())
        self.bar.write(f"{epoch:5}" + "".join(cells), file=sys.stdout)


def _width(name: str) -> int:
    return max(10, len(name) + 2)
