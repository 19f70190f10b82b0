"""Keras 3's .keras files: a zip of JSON and HDF5, of which nothing is executed."""

from __future__ import annotations

import json
import re
import zipfile
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from nndsl.data.errors import DataError, reason
from nndsl.importing.hdf5 import Arrays
from nndsl.importing.imported import Imported, InexpressibleError
from nndsl.importing.keras_layers import LAYERS
from nndsl.importing.layers import Layer
from nndsl.importing.plain import plain
from nndsl.importing.walk import of_columns

_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"
_CONFIG_BYTES = 1 << 24


def read(path: str, options: Namespace) -> Imported:
    """A Sequential model, or a functional one whose layers are a chain."""
    config, weights = _members(path)
    try:
        model = json.loads(config)
        kind, layers = model["class_name"], model["config"]["layers"]
        if kind not in _ORDERS:
            raise InexpressibleError(f"a model of the class {str(kind)[:60]}")
        chain = _ORDERS[kind](list(zip(layers, _places(layers), strict=True)))
        with Arrays(path, weights) as arrays:
            found = [one for each in chain for one in _layers(each, arrays)]
    except DataError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        words = " ".join(str(error).split())[:100]
        raise DataError(f"{path}: its description is damaged: {words}") from None
    except RecursionError:
        raise DataError(f"{path}: its description is too deep") from None
    return plain(f"a Keras {kind} model", found, partial(of_columns, found))


def _members(path: str) -> tuple[bytes, bytes]:
    """The description and the weights.

    Keras does not compress them, so that no member is larger than the file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = {each.filename: each for each in archive.infolist()}
            for name in (_CONFIG, _WEIGHTS):
                member = members.get(name)
                if member is None:
                    raise DataError(f"{path}: holds no {name}; expected a .keras file")
                if member.compress_type or member.file_size != member.compress_size:
                    raise DataError(
                        f"{path}: {name} is compressed; Keras does not do so"
                    )
            if members[_CONFIG].file_size > _CONFIG_BYTES:
                raise DataError(f"{path}: {_CONFIG} is larger than 16 MiB")
            return archive.read(_CONFIG), archive.read(_WEIGHTS)
    except DataError:
        raise
    except OSError as error:
        raise DataError(f"{path}: {reason(error)}") from None
    except (zipfile.BadZipFile, EOFError, RuntimeError, ValueError):
        raise DataError(f"{path}: is no .keras file, or damaged") from None


Placed = tuple[dict[str, Any], str]
"""A layer's description, and where its arrays are in the HDF5 file."""


def _places(layers: Sequence[dict[str, Any]]) -> list[str]:
    """Keras names the groups by class, and numbers those of one class from 1 on."""
    seen: Counter[str] = Counter()
    places = []
    for each in layers:
        name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", str(each["class_name"]))
        name = re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
        places.append(f"layers/{name}_{seen[name]}" if seen[name] else f"layers/{name}")
        seen[name] += 1
    return places


def _chain(layers: list[Placed]) -> list[Placed]:
    """The layers of a functional model from its input to its output."""
    by_name = {str(each["name"]): (each, place) for each, place in layers}
    read = {source for each, _ in layers for source in _sources(each)}
    (last,) = set(by_name) - read or {""}
    found = [by_name[last]]
    while sources := _sources(found[-1][0]):
        found.append(by_name[sources[0]])
        if len(found) > len(layers):
            raise InexpressibleError("layers that read one another in a circle")
    if len(found) != len(layers):
        raise InexpressibleError("layers beside one another; nndsl has one chain")
    return found[::-1]


_ORDERS: dict[str, Callable[[list[Placed]], list[Placed]]] = {
    "Sequential": list,
    "Functional": _chain,
}
"""What puts the layers of a model in their order."""


def _sources(layer: dict[str, Any]) -> list[str]:
    """The names of the layers that this one reads."""
    nodes = layer["inbound_nodes"]
    if not nodes:
        return []
    (node,) = nodes
    arguments = node["args"]
    if len(arguments) != 1 or isinstance(arguments[0], list):
        raise InexpressibleError(f"{str(layer['name'])[:60]} reads several layers")
    return [str(arguments[0]["config"]["keras_history"][0])]


def _layers(placed: Placed, arrays: Arrays) -> list[Layer]:
    layer, place = placed
    kind, config = str(layer["class_name"]), layer["config"]
    build: Callable[..., list[Layer]] | None = LAYERS.get(kind)
    if (
        build is None
        or layer.get("registered_name")
        or layer["module"] != "keras.layers"
    ):
        raise InexpressibleError(f"a layer of the class {kind[:60]}")
    return build(config, [np.asarray(each) for each in arrays.of(f"{place}/vars")])
