"""PyTorch's weights in a safetensors file, with the order of layers from the user."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Callable
from functools import partial

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from nndsl.data.errors import DataError, reason
from nndsl.formulas.build.library import library_names
from nndsl.importing.imported import Imported, InexpressibleError
from nndsl.importing.layers import (
    Activation,
    Array,
    BatchNorm,
    Dense,
    Dropout,
    Layer,
    LayerNorm,
)
from nndsl.importing.plain import plain
from nndsl.importing.walk import of_columns

_EPSILON = 1e-5
"""PyTorch's default; the file does not say it."""
_WORD = re.compile(
    r"\s*(?P<name>[a-z_0-9]+)\s*"
    r"(\(\s*((?P<key>[a-z_]+)\s*=\s*)?(?P<value>[-+.0-9e]+)\s*\))?\s*"
)


def read(path: str, options: Namespace) -> Imported:
    """The layers of `options.layers` with the arrays of the file, in their order."""
    groups = _groups(path)
    kinds = [_kind(name, group) for name, group in groups.items()]
    if options.layers is None:
        raise DataError(
            f"{path}: holds weights without activations; name all layers in their "
            f"order, such as --layers '{', relu, '.join(kinds)}'"
        )
    remaining = list(zip(kinds, groups.values(), strict=True))
    layers: list[Layer] = []
    for words in re.split(r",(?![^(]*\))", options.layers):
        layers.append(_layer(words, remaining, path))
    if remaining:
        raise DataError(
            f"{path}: --layers leaves out {', '.join(kind for kind, _ in remaining)}; "
            f"the file holds {', '.join(kinds)}"
        )
    return plain("PyTorch weights", layers, partial(of_columns, layers))


def _groups(path: str) -> dict[str, dict[str, Array]]:
    """The arrays by the name of their layer, in the order of the numbers in it."""
    try:
        arrays = load_file(path)
    except OSError as error:
        raise DataError(f"{path}: {reason(error)}") from None
    except (SafetensorError, TypeError, ValueError, KeyError) as error:
        words = " ".join(str(error).split())[:150]
        raise DataError(
            f"{path}: is not a safetensors file, or damaged: {words}"
        ) from None
    groups: dict[str, dict[str, Array]] = {}
    for name, array in sorted(arrays.items(), key=lambda pair: _natural(pair[0])):
        layer, _, kind = name.rpartition(".")
        groups.setdefault(layer, {})[kind] = array
    if not groups:
        raise DataError(f"{path}: holds no weights")
    return groups


def _natural(name: str) -> list[tuple[int, str]]:
    """Names with numbers in the order of these: `9.weight` before `10.weight`."""
    parts = re.findall(r"\d{1,9}|\D+", name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _kind(name: str, group: dict[str, Array]) -> str:
    """`dense`, `batch_norm` or `layer_norm`."""
    weight = group.get("weight", np.zeros(0))
    if weight.ndim == 2:
        return "dense"
    if weight.ndim == 1:
        return "batch_norm" if "running_mean" in group else "layer_norm"
    raise InexpressibleError(f"{name}.weight has {weight.ndim} dimensions")


def _layer(
    words: str, remaining: list[tuple[str, dict[str, Array]]], path: str
) -> Layer:
    """A layer as the option says it, with the next arrays if it has any."""
    match = _WORD.fullmatch(words)
    if match is None:
        raise DataError(f"--layers: {words!r} is no layer; write relu or elu(alpha=2)")
    name, key, value = match["name"], match["key"], float(match["value"] or 0)
    if name in ("dense", "batch_norm", "layer_norm"):
        if not remaining or remaining[0][0] != name:
            found = remaining[0][0] if remaining else "nothing more"
            raise DataError(f"{path}: --layers says {name}, the file holds {found}")
        return _BUILD[name](remaining.pop(0)[1], value or _EPSILON)
    if name == "dropout":
        return Dropout(value)
    if name not in (*library_names("activation"), "softmax"):
        raise DataError(f"--layers: no layer or activation is called {name!r}")
    return Activation(name, ((key, value),) if key else ())


def _dense(group: dict[str, Array], _: float) -> Dense:
    weights = group["weight"].T
    return Dense(weights, group.get("bias", np.zeros(weights.shape[1], weights.dtype)))


def _batch_norm(group: dict[str, Array], epsilon: float) -> BatchNorm:
    mean, variance = group["running_mean"], group["running_var"]
    scale = group.get("weight", np.ones_like(mean))
    return BatchNorm(
        scale, group.get("bias", np.zeros_like(mean)), mean, variance, epsilon
    )


def _layer_norm(group: dict[str, Array], epsilon: float) -> LayerNorm:
    weight = group["weight"]
    return LayerNorm(weight, group.get("bias", np.zeros_like(weight)), epsilon)


_BUILD: dict[str, Callable[[dict[str, Array], float], Layer]] = {
    "dense": _dense,
    "batch_norm": _batch_norm,
    "layer_norm": _layer_norm,
}
