"""`nndsl train`, `evaluate` and `predict`: tables in, figures and predictions out."""

import csv
import os
import shlex
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from nndsl.api import module_of
from nndsl.check.check import Checked
from nndsl.cli.errors import FINE, INTERRUPTED, USAGE, CommandError, reason
from nndsl.cli.files import NO_FILES, check_folder
from nndsl.cli.progress import Progress, figures
from nndsl.cli.report import for_each_spec
from nndsl.cli.streams import say
from nndsl.compiler import module_text, understand
from nndsl.data.columns import (
    Names,
    complete,
    find_names,
    read_rows,
    read_targets,
    unused,
)
from nndsl.data.errors import DataError
from nndsl.data.model_file import ModelFile, read_model_file, write_model_file
from nndsl.data.table import Table, read_table
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.lower.lower import lower
from nndsl.program.data import Data

Result = TypeVar("Result")
_SMALL = 4_000_000
"""A product of fewer multiplications is faster on one core than shared by several."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A spec compiled in memory: the class of its model, and how it reads tables."""

    checked: Checked
    model_class: Any
    data: Data


def train(options: Namespace) -> int:
    """Compile the spec, learn from the table, write the model file."""
    _check_order(options.spec, options.data, "train")
    for name in ("epochs", "seed"):
        if getattr(options, name) is not None:
            options.settings.append(f"train.{name}={getattr(options, name)}")
    compiled = _compiled(options.spec, options)
    output = options.output
    if output in NO_FILES:
        raise CommandError(f"-o {output!r} names no file", USAGE)
    path = output or f"{Path(options.spec).stem}.npz"
    check_folder(Path(path))
    earlier = not options.force and _earlier(path, compiled)
    table = _guarded(lambda: read_table(options.data), options.data)
    names = _guarded(lambda: find_names(table, compiled.data), options.data)
    X, y = _guarded(lambda: _rows(table, names, compiled.data), options.data)
    _remark(table, names)
    return _fit(compiled, X, y, names, path, earlier)


def _fit(
    compiled: Compiled, X: Any, y: Any, names: Names, path: str, earlier: bool
) -> int:
    model = compiled.model_class()
    given = (X,) if y is None else (X, y)
    started, stopped = time.perf_counter(), False
    with Progress(model.epochs) as progress, _threads(compiled, len(X)):
        try:
            model.fit(*given, callback=progress.epoch)
        except KeyboardInterrupt:
            stopped = True
        except (ValueError, FloatingPointError) as error:
            raise CommandError(str(error)) from None
    if stopped and (model.parameters_ is None or earlier):
        kept = "; the model file stays as it was" if earlier else ""
        say(f"nndsl: interrupted{kept}")
        return INTERRUPTED
    spec = compiled.checked.source.text
    targets = names.targets
    _guarded(lambda: write_model_file(path, model, spec, names.features, targets), path)
    seconds = f"{time.perf_counter() - started:.1f} s"
    best = getattr(model, "best_epoch_", None)
    done = len(next(iter(model.history_.values())))
    kept = f"kept epoch {best} of {done}" if best else f"{done} epochs"
    print(f"{kept} in {seconds}; saved as {path}")
    if hasattr(model, "test_") and not stopped:
        print(f"on the test rows: {figures(model.test_)}")
    if stopped:
        say("nndsl: interrupted; the best parameters so far were saved")
        return INTERRUPTED
    print(f"next: nndsl predict {shlex.quote(path)} NEW.csv")
    return FINE


def evaluate(options: Namespace) -> int:
    """Compare the predictions of a model file with a table."""
    _check_model(options.model, options.data, "evaluate")
    file, compiled, model = _loaded(options)
    table = _guarded(lambda: read_table(options.data), options.data)
    names = _names(file, table, compiled.data)
    X, y = _guarded(lambda: _rows(table, names, compiled.data), options.data)
    _remark(table, names)
    found = _of_model(lambda: model.evaluate(*((X,) if y is None else (X, y))))
    matrix = found.pop("confusion_matrix", None)
    for name, value in found.items():
        print(f"{name:<24}{value:.4f}")
    if matrix is not None:
        print("confusion_matrix (rows: true, columns: predicted)")
        for label, counts in zip(model.classes_, matrix, strict=True):
            print(f"{label!s:<20.20}" + "".join(f"{count:8}" for count in counts))
    return FINE


def predict(options: Namespace) -> int:
    """Write the predictions of a model file for each row of a table, as CSV."""
    _check_model(options.model, options.data, "predict")
    if options.output in NO_FILES:
        raise CommandError(f"-o {options.output!r} names no file", USAGE)
    file, compiled, model = _loaded(options)
    table = _guarded(lambda: read_table(options.data), options.data)
    names = _names(file, table, compiled.data, wants_targets=False)
    X = _guarded(lambda: read_rows(table, names.features, compiled.data), options.data)
    columns = _predictions(model, X, names, compiled.data)
    if options.output is None:
        _write(sys.stdout, columns)
        return FINE
    check_folder(Path(options.output))
    temporary = f"{options.output}.{os.getpid()}"
    try:
        with open(temporary, "w", encoding="utf-8", newline="") as target:
            _write(target, columns)
        os.replace(temporary, options.output)
    except OSError as error:
        raise CommandError(f"{options.output}: {reason(error)}") from None
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)
    return FINE


def _predictions(model: Any, X: Any, names: Names, data: Data) -> dict[str, Any]:
    """The columns of the answer: predictions, then probabilities."""
    answer = _of_model(lambda: model.predict(X))
    if answer.ndim == 1:
        target = names.targets[0] if names.targets else "target"
        columns = {f"predicted_{target}": answer}
    else:
        keys = names.features if data.encoding == "input" else names.targets
        if len(keys) != answer.shape[1]:
            keys = tuple(str(number) for number in range(1, answer.shape[1] + 1))
        columns = {f"predicted_{k}": answer[:, i] for i, k in enumerate(keys)}
    if hasattr(model, "predict_proba"):
        shares = _of_model(lambda: model.predict_proba(X))
        labels = getattr(model, "classes_", names.targets)
        for label, share in zip(labels, shares.T, strict=False):
            columns[f"probability_{label}"] = share
    return columns


def _write(stream: Any, columns: dict[str, Any]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(
        zip(*(column.tolist() for column in columns.values()), strict=True)
    )


def _compiled(spec: str, options: Namespace) -> Compiled:
    (made,) = for_each_spec([spec], options, _compile)
    return made


def _compile(checked: Checked) -> Compiled:
    module = module_of(module_text(checked, "fast"), checked.source.name)
    data = lower(checked.network).data
    return Compiled(checked, getattr(module, checked.network.name), data)


def _loaded(options: Namespace) -> tuple[ModelFile, Compiled, Any]:
    """The model in the file `options.model`, by the spec that is in it, too."""
    path = options.model
    file = _guarded(lambda: read_model_file(path), path)
    if not file.spec:
        raise CommandError(f"{path}: holds no spec; nndsl train writes one with it")
    try:
        checked = understand(Source(path, file.spec), (), options.allow_large)
    except SpecError as error:
        raise CommandError(f"{path}: its spec is not valid: {error}") from None
    compiled = _compile(checked)
    try:
        return file, compiled, compiled.model_class.load(path)
    except ValueError as error:
        raise CommandError(str(error)[:300]) from None


def _names(
    file: ModelFile, table: Table, data: Data, wants_targets: bool = True
) -> Names:
    features = data.inputs.names or file.features
    targets = data.targets.names or file.targets
    if not features or (wants_targets and not targets and data.encoding != "input"):
        found = _guarded(lambda: find_names(table, data), table.path)
        return Names(features or found.features, targets or found.targets)
    return Names(features, targets)


def _rows(table: Table, names: Names, data: Data) -> tuple[Any, Any]:
    """X and y; rows without a target are left out where the spec says `drop`."""
    X = read_rows(table, names.features, data)
    if data.encoding == "input":
        return X, None
    y = read_targets(table, names.targets, data)
    kept = complete(y)
    if not kept.any():
        raise DataError(f"{table.path}: no row has a target")
    return X[kept], y[kept] if y.dtype != object else [*y[kept]]


def _earlier(path: str, compiled: Compiled) -> bool:
    """Whether a model of the same network is there; CommandError for another one."""
    if not os.path.lexists(path):
        return False
    try:
        network = read_model_file(path).network
    except (DataError, OSError):
        raise CommandError(
            f"{path}: is no model file and stays as it is; name another with -o"
        ) from None
    own = sys.modules[compiled.model_class.__module__].NETWORK
    if network != own:
        raise CommandError(
            f"{path}: holds another network, {network[:100]}; "
            "name another file with -o, or replace it by --force"
        )
    return True


def _remark(table: Table, names: Names) -> None:
    others = unused(table, names)
    if others:
        say(f"{table.path}: not used: {', '.join(map(str, others))[:300]}")


@contextmanager
def _threads(compiled: Compiled, rows: int) -> Iterator[None]:
    """One thread for the products of small networks, which wait for each other else."""
    from threadpoolctl import threadpool_limits

    network = compiled.checked.network
    widths = [network.inputs.width or 1, *(each.n_outputs for each in network.layers)]
    sizes = [width if isinstance(width, int) else 1 for width in widths]
    largest = max(a * b for a, b in pairwise(sizes))
    batch = min(network.train.batch_size or rows, rows)
    with threadpool_limits(1 if largest * batch < _SMALL else None, user_api="blas"):
        yield


def _of_model(call: Callable[[], Result]) -> Result:
    try:
        return call()
    except (ValueError, FloatingPointError) as error:
        raise CommandError(str(error)[:500]) from None


def _guarded(call: Callable[[], Result], path: str) -> Result:
    """What a function of the data room gives; its errors as one line."""
    try:
        return call()
    except DataError as error:
        raise CommandError(str(error)) from None
    except IsADirectoryError:
        raise CommandError(f"{path}: is a folder, not a file") from None
    except OSError as error:
        raise CommandError(f"{path}: {reason(error)}") from None


def _check_order(spec: str, data: str, command: str) -> None:
    if data.endswith(".nn") and not spec.endswith(".nn"):
        words = f"{shlex.quote(data)} {shlex.quote(spec)}"
        raise CommandError(
            f"the spec stands before the table: nndsl {command} {words}", USAGE
        )
    if spec.endswith(".npz"):
        raise CommandError(f"{spec}: is a model file, not a .nn file", USAGE)


def _check_model(model: str, data: str, command: str) -> None:
    if data.endswith(".npz") and not model.endswith(".npz"):
        words = f"{shlex.quote(data)} {shlex.quote(model)}"
        raise CommandError(
            f"the model file stands before the table: nndsl {command} {words}", USAGE
        )
    if model.endswith(".nn"):
        raise CommandError(
            f"{model}: is a spec; {command} wants the model file that "
            f"nndsl train wrote, such as {Path(model).stem}.npz",
            USAGE,
        )
