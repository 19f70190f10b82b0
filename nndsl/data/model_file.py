"""Files of trained networks: what a module saves, and beside it the spec and the past.

network, w1, b1, …, mean, std, classes, labels0, …   what the module's `save` writes
spec                    the spec's text with every setting from outside put in
features, targets       the names of columns, where the spec does not say them
history/loss, …         figures after each epoch; test/loss, … on the test rows
best_epoch, finished    the epoch kept, from 1; whether training came to its end
"""

import os
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
from nndsl.data.errors import DataError, reason
from nndsl.data.table import Table

_TEXTS = ("network", "spec")
_WANTED = (*_TEXTS, "features", "targets", "classes", "best_epoch", "finished")
_LABELS = "labels"
_FIGURES = ("history/", "test/")


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
    shapes: Mapping[str, tuple[int, ...]]

    @property
    def epochs(self) -> int:
        return max(map(len, self.history.values()), default=0)


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
            raise DataError(f"{path}: is no model file: it names no network")
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
            shapes=archive.shapes,
        )
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path}: what it says of itself is damaged") from None


def _names(array: NDArray[Any] | None) -> tuple[str, ...]:
    return () if array is None else tuple(map(str, array.ravel().tolist()))


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
) -> None:
    """Save a trained `model` with the spec that it was compiled from.

    A reader sees the old file or the new one, never a part.  Raises DataError.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.name[:200]}.{os.urandom(6).hex()}")
    try:
        model.save(str(temporary))
        with zipfile.ZipFile(temporary, "a") as archive:
            for name, value in _extras(model, spec, table, finished).items():
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
    if hasattr(model, "best_epoch_"):
        extras["best_epoch"] = model.best_epoch_
    for name, figures in model.history_.items():
        extras[f"history/{name}"] = figures[:epochs]
    if finished:
        for name, figure in getattr(model, "test_", {}).items():
            extras[f"test/{name}"] = figure
    return extras
