"""`--resume`: a training that goes on where another process was ended.

The module has no line for this.  `fit` runs from the start, but up to the saved epoch
its steps do nothing and its measurements are those of the saved history, so that what
follows from them (early stopping, plateau) is as it was.  Then the parameters, the
optimizer and the generator get their saved values, and the rest is computed.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType, TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from nndsl.check.check import Checked
from nndsl.cli.errors import CommandError
from nndsl.compiler import understand
from nndsl.data.archive import read_archive
from nndsl.data.errors import DataError, counted
from nndsl.data.model_file import STATE, ModelFile
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.spec_text.defaults import with_defaults

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Past:
    """A training at the end of an epoch, as it stands in a file."""

    path: str
    epoch: int
    history: Mapping[str, list[float]]
    arrays: Arrays

    def figures(self, epoch: int) -> Iterator[dict[str, float]]:
        """What `measure` gave in an epoch, from 1: of training, of validation rows."""
        log = {name: figures[epoch - 1] for name, figures in self.history.items()}
        yield {n: figure for n, figure in log.items() if not n.startswith("val_")}
        yield {n[4:]: figure for n, figure in log.items() if n.startswith("val_")}


def read_past(file: ModelFile | None, output: str, checked: Checked, data: str) -> Past:
    """The training that the file holds, which must be of this spec and of this `data`.

    Raises CommandError where it cannot be continued.
    """
    if checked.network.train.checkpoint_every is None:
        raise CommandError(
            "--resume continues from a checkpoint, and the spec makes none; "
            "write `checkpoint every=10` in its train block"
        )
    if file is None:
        raise CommandError(
            f"{output}: no such file to resume; train without --resume first"
        )
    if not file.spec:
        raise CommandError(
            f"{output}: holds no spec: a module saved it, not `nndsl train`; "
            "--resume continues only what `nndsl train` saved"
        )
    if file.finished:
        epochs = counted(file.epochs, "epoch")
        raise CommandError(
            f"{output}: its training came to its end after {epochs}; "
            "there is nothing to resume"
        )
    _check_spec(file, checked)
    arrays = read_archive(output, lambda name: name.startswith(STATE)).arrays
    arrays = {name.removeprefix(STATE): array for name, array in arrays.items()}
    try:
        epoch, of_data = int(arrays["epoch"]), str(arrays["data"])
    except (LookupError, TypeError, ValueError):
        raise CommandError(f"{output}: holds no checkpoint to resume from") from None
    if of_data != data:
        raise CommandError(
            f"{output}: was trained on other rows than these; give it the same table"
        )
    if not 0 < epoch <= min(map(len, file.history.values()), default=0):
        raise CommandError(f"{output}: its checkpoint is damaged")
    return Past(output, epoch, file.history, arrays)


def _check_spec(file: ModelFile, checked: Checked) -> None:
    """Raise CommandError with the first line in which the two specs differ."""
    try:
        theirs = understand(Source(file.path, file.spec), allow_large=True)
    except SpecError:
        raise CommandError(f"{file.path}: its spec is not valid") from None
    pair = [with_defaults(each) for each in (theirs, checked)]
    if pair[0] == pair[1]:
        return
    lines = ([" ".join(line.split()) for line in text.splitlines()] for text in pair)
    there, here = next(
        (each for each in zip(*lines, strict=False) if each[0] != each[1]),
        ("another number of lines", ""),
    )
    raise CommandError(
        f"{file.path}: was trained by another spec: `{there[:100]}` "
        f"there, `{here[:100]}` here; "
        "resume with the same spec and options"
    )


class Resumable:
    """Watches `fit` of a module: knows its state after every epoch, and can set it.

    While it is entered, the module's `initialize`, `train_batch` and `measure` go
    through it.
    """

    def __init__(self, module: ModuleType, data: str, past: Past | None = None) -> None:
        self.module, self.data, self.past = module, data, past
        self.functions = {
            name: getattr(module, name)
            for name in ("initialize", "train_batch", "measure")
        }
        self.done = 0
        self.until = past.epoch if past else 0
        self.figures: Iterator[dict[str, float]] = iter(())
        self.state: Arrays = {}

    @property
    def replays(self) -> bool:
        return self.done < self.until

    def __enter__(self) -> Self:
        for name in self.functions:
            setattr(self.module, name, getattr(self, name))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        for name, function in self.functions.items():
            setattr(self.module, name, function)

    def initialize(self, rng: np.random.Generator, *widths: int) -> Any:
        self.rng = rng
        self.parameters = self.functions["initialize"](rng, *widths)
        if self.past is not None:
            self.figures = self.past.figures(1)
        return self.parameters

    def train_batch(self, p: Any, optimizer: Any, *given: Any) -> None:
        self.optimizer = optimizer
        if not self.replays:
            self.functions["train_batch"](p, optimizer, *given)

    def measure(self, *given: Any, **named: Any) -> dict[str, float]:
        if self.replays:
            return next(self.figures)
        figures: dict[str, float] = self.functions["measure"](*given, **named)
        return figures

    def after_epoch(self, model: Any) -> None:
        """Take note of the state at the end of an epoch, or set it if it is saved."""
        self.done += 1
        if self.past is not None and self.done <= self.until:
            if self.done < self.until:
                self.figures = self.past.figures(self.done + 1)
                return
            self._restore(model, self.past)
        best = model.parameters_._asdict()
        self.state = {
            "epoch": np.array(self.done),
            "data": np.array(self.data),
            "generator": np.array(json.dumps(self.rng.bit_generator.state)),
            **{name: array.copy() for name, array, _ in self._arrays()},
            **{f"best_{name}": array for name, array in best.items()},
        }

    def _arrays(self) -> Iterator[tuple[str, NDArray[Any], str]]:
        """The arrays that training changes; a number of the optimizer is a new array
        and has the name of its attribute."""
        for name, array in self.parameters._asdict().items():
            yield f"last_{name}", array, ""
        for attribute, value in vars(self.optimizer).items():
            if isinstance(value, list | tuple):
                for i, array in enumerate(value):
                    yield f"optimizer{i}_{attribute}", array, ""
            else:
                number = "" if isinstance(value, np.ndarray) else attribute
                yield f"optimizer_{attribute}", np.asarray(value), number

    def _restore(self, model: Any, past: Past) -> None:
        """Raises DataError for a state that is not of this network and optimizer."""
        try:
            for name, array, number in self._arrays():
                saved = past.arrays[name]
                if number and saved.shape == () and saved.dtype.kind in "if":
                    setattr(self.optimizer, number, saved.item())
                elif (saved.shape, saved.dtype) == (array.shape, array.dtype):
                    array[...] = saved
                else:
                    raise ValueError(name)
            self.rng.bit_generator.state = json.loads(str(past.arrays["generator"]))
            best = {
                name: _like(past.arrays[f"best_{name}"], array)
                for name, array in self.parameters._asdict().items()
            }
        except (LookupError, TypeError, ValueError, OverflowError):
            raise DataError(f"{past.path}: its checkpoint is damaged") from None
        model.parameters_ = type(self.parameters)(**best)


def _like(saved: NDArray[Any], array: NDArray[Any]) -> NDArray[Any]:
    if (saved.shape, saved.dtype) != (array.shape, array.dtype):
        raise ValueError("another shape")
    return saved
