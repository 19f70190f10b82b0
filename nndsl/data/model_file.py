"""Files of trained networks: weights, history and spec, read with every guard.

Such a file may come from a stranger.  Reading it runs nothing, and takes no more memory
than the file's own size allows for.
"""

import io
import os
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nndsl.data.errors import DataError

MOST_BYTES = 2**32
_MOST_MEMBERS = 10_000
_MOST_TEXT = 2**20
_NAME = re.compile(r"[A-Za-z0-9_/().-]{1,200}")


@dataclass(frozen=True, slots=True)
class ModelFile:
    """`network`: the line of the layers; `spec`: the text that the module came from.

    `names` holds `features` and `targets` where these are known.
    """

    path: str
    network: str
    spec: str
    history: Mapping[str, list[float]]
    features: tuple[str, ...]
    targets: tuple[str, ...]


def read_model_file(path: str) -> ModelFile:
    """What nndsl keeps beside the arrays; the arrays are read by the module's `load`.

    Raises DataError, and OSError for a file that cannot be read.
    """
    with open(path, "rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise DataError(f"{path}: is larger than 4 GiB")
    try:
        members = _members(path, content)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        raise DataError(f"{path}: is no model file, or damaged") from None
    if "network" not in members:
        raise DataError(f"{path}: holds no network")
    history = {
        name.removeprefix("history/"): [float(value) for value in np.ravel(array)]
        for name, array in members.items()
        if name.startswith("history/") and array.dtype.kind == "f"
    }
    return ModelFile(
        path,
        _word(members, "network"),
        _word(members, "spec"),
        history,
        _words(members, "features"),
        _words(members, "targets"),
    )


def _members(path: str, content: bytes) -> dict[str, np.ndarray]:
    """Every array of the file, after its sizes were found to be honest."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        if len(infos) > _MOST_MEMBERS:
            raise DataError(f"{path}: holds more than {_MOST_MEMBERS} arrays")
        stored = sum(info.file_size for info in infos)
        if stored > 100 * len(content) + _MOST_TEXT:
            raise DataError(f"{path}: would expand to {stored:,} bytes")
        names = [info.filename for info in infos]
        if len(set(names)) < len(names):
            raise DataError(f"{path}: holds two arrays of one name")
        for name in names:
            if not (name.endswith(".npy") and _NAME.fullmatch(name)):
                raise DataError(f"{path}: {name[:50]!r} is no array")
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    if not all(isinstance(array, np.ndarray) for array in arrays.values()):
        raise ValueError("a member is no array")
    return arrays


def _word(members: Mapping[str, np.ndarray], name: str) -> str:
    array = members.get(name)
    if array is None or array.dtype.kind != "U" or array.size != 1:
        return ""
    return str(array.item())[:_MOST_TEXT]


def _words(members: Mapping[str, np.ndarray], name: str) -> tuple[str, ...]:
    array = members.get(name)
    if array is None or array.dtype.kind != "U":
        return ()
    return tuple(str(word) for word in np.ravel(array))


def write_model_file(
    path: str, model: Any, spec: str, features: Sequence[str], targets: Sequence[str]
) -> None:
    """Write the model's own file with what nndsl adds to it, all or nothing."""
    temporary = f"{path}.{os.getpid()}"
    try:
        model.save(temporary)
        with np.load(temporary, allow_pickle=False) as file:
            arrays = dict(file)
        more: dict[str, Any] = {"spec": np.array(spec)}
        more |= {f"history/{k}": np.array(v) for k, v in model.history_.items()}
        if features:
            more["features"] = np.array(features)
        if targets:
            more["targets"] = np.array(targets)
        with open(temporary, "wb") as target:
            np.savez(target, **{**arrays, **more})
        os.replace(temporary, path)
    finally:
        for left in (temporary, f"{temporary}.tmp"):
            if os.path.exists(left):
                os.remove(left)
