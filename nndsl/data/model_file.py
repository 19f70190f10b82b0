"""Files of trained networks: what a module saves, and beside it the spec and the past.

network, w1, b1, …, mean, std, classes, labels0, …   what the module's `save` writes
spec                    the spec's text with every setting from outside put in
features, targets       the names of columns, where the spec does not say them
history/loss, …         figures after each epoch; test/loss, … on the test rows
best_epoch, finished    the epoch kept, from 1; whether training came to its end
trained                 digests of the rows that were trained on
resume/epoch, …         the state of an unfinished training; see cli/resume.py
"""

import os
import re
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from nndsl import limits
from nndsl.data.archive import read_archive
from nndsl.data.columns import Label
from nndsl.data.digests import Digests, kept_digests, row_digests
from nndsl.data.errors import DataError, reason
from nndsl.data.table import Table

_TEXTS = ("network", "spec")
_WANTED = (
    *_TEXTS,
    "features",
    "targets",
    "classes",
    "best_epoch",
    "finished",
    "trained",
)
_LABELS = "labels"
_FIGURES = ("history/", "test/")
STATE = "resume/"
"""What the names of arrays begin with that `--resume` needs."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """What a file holds beside the weights; `shapes` are those of all its arrays.

    `labels` are those of the input columns that hold labels, by their order.
    `best_epoch` is None where the last one was kept, `history` is empty in a file that
    nndsl did not write.
    """

    path: str
    network: str
    spec: str
    features: tuple[str, ...]
    targets: tuple[str, ...]
    classes: tuple[Label, ...]
    labels: Mapping[int, tuple[str, ...]]
    history: Mapping[str, list[float]]
    test: Mapping[str, float]
    best_epoch: int | None
    finished: bool
    trained: Digests
    shapes: Mapping[str, tuple[int, ...]]

    @property
    def epochs(self) -> int:
        return max(map(len, self.history.values()), default=0)

    @property
    def is_imported(self) -> bool:
        """Whether another library trained the network."""
        return bool(self.spec) and not self.history


def read_model_file(path: str) -> ModelFile:
    """What is in a model file beside the weights, which the module's `load` reads.

    Raises DataError for a file that cannot be read, is damaged, or holds no network.
    """
    archive = read_archive(
        path, lambda name: name in _WANTED or name.startswith((_LABELS, *_FIGURES))
    )
    arrays = archive.arrays
    try:
        network, spec = (str(arrays.get(name, "")) for name in _TEXTS)
        if not network or len(spec) > limits.SPEC_BYTES:
            raise DataError(f"{path}: is not a model file: it names no network")
        return ModelFile(
            path=path,
            network=network,
            spec=spec,
            features=_names(arrays.get("features")),
            targets=_names(arrays.get("targets")),
            classes=tuple(arrays["classes"].tolist()) if "classes" in arrays else (),
            labels={
                int(name.removeprefix(_LABELS)): _names(array)
                for name, array in arrays.items()
                if name.removeprefix(_LABELS).isdecimal()
            },
            history=_figures(arrays, "history/"),
            test={name: one[0] for name, one in _figures(arrays, "test/").items()},
            best_epoch=int(arrays["best_epoch"]) if "best_epoch" in arrays else None,
            finished=bool(arrays.get("finished", True)),
            trained=_digests(arrays.get("trained")),
            shapes=archive.shapes,
        )
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path}: what it says of itself is damaged") from None


def _names(array: NDArray[Any] | None) -> tuple[str, ...]:
    return () if array is None else tuple(map(str, array.ravel().tolist()))


def _digests(array: NDArray[Any] | None) -> Digests:
    if array is None:
        return np.empty(0, np.uint64)
    if array.dtype != np.uint64 or array.ndim != 1:
        raise ValueError("no digests")
    return array


def _figures(arrays: Mapping[str, NDArray[Any]], kind: str) -> dict[str, list[float]]:
    return {
        name.removeprefix(kind): [float(figure) for figure in array.ravel()]
        for name, array in arrays.items()
        if name.startswith(kind)
    }


def write_model_file(
    path: str,
    model: Any,
    spec: str,
    table: Table,
    *,
    finished: bool,
    state: Mapping[str, Any] | None = None,
) -> None:
    """Save a trained `model` with the spec that it was compiled from.

    `state` is what `--resume` needs of a training that is not finished.

    A reader sees the old file or the new one, never a part.  Raises DataError.
    """
    extras = _extras(model, spec, table, finished)
    extras |= {f"{STATE}{name}": each for name, each in (state or {}).items()}
    save_model(path, model, extras)


def save_model(path: str, model: Any, extras: Mapping[str, Any]) -> None:
    """What the model's `save` writes, and arrays beside it.  Raises DataError."""
    target = Path(path)
    temporary = target.with_name(f".{target.name[:200]}.{os.urandom(6).hex()}")
    try:
        model.save(str(temporary))
        with zipfile.ZipFile(temporary, "a") as archive:
            for name, value in extras.items():
                with archive.open(f"{name}.npy", "w") as member:
                    npy.write_array(member, np.asarray(value), allow_pickle=False)
        with open(temporary, "rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except OSError as error:
        raise DataError(f"{path}: {reason(error)}") from None
    finally:
        for left in (temporary, Path(f"{temporary}.tmp.npz")):
            with suppress(OSError):
                left.unlink(missing_ok=True)


def _extras(model: Any, spec: str, table: Table, finished: bool) -> dict[str, Any]:
    """What stands in the file beside the model's own arrays."""
    epochs = min(map(len, model.history_.values()))
    extras: dict[str, Any] = {"spec": spec, "finished": finished}
    extras["features"] = np.array(table.features, dtype=str)
    if table.targets:
        extras["targets"] = np.array(table.targets, dtype=str)
    extras["trained"] = kept_digests(trained_rows(model, table))
    if hasattr(model, "best_epoch_"):
        extras["best_epoch"] = model.best_epoch_
    for name, figures in model.history_.items():
        extras[f"history/{name}"] = figures[:epochs]
    if finished:
        for name, figure in getattr(model, "test_", {}).items():
            extras[f"test/{name}"] = figure
    return extras


def trained_rows(model: Any, table: Table) -> Digests:
    """The digests of the rows of `table` that `model` was trained on."""
    digests = row_digests(table.x, table.y)
    split = getattr(model, "split_", None)
    if split is not None:
        trained: Digests = digests[split[0]]
        return trained
    return digests if table.weights is None else digests[table.weights > 0]


def remove_leftovers(path: str) -> None:
    """Remove what a process that was killed while it wrote `path` left beside it."""
    target = Path(path)
    ours = re.compile(
        re.escape(f".{target.name[:200]}.") + r"[0-9a-f]{12}(\.tmp\.npz)?"
    )
    for each in target.parent.iterdir():
        if ours.fullmatch(each.name):
            with suppress(OSError):
                each.unlink()
