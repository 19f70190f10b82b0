"""Layers as Python libraries write them, and the same as a line of a spec."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_CALL = re.compile(r"(?:\w+\.)*(\w+) ?\((.*)\)", re.ASCII)
_LONGEST = 200
_COUNT = re.compile(r"[1-9][0-9]{0,7}")
_WORD = re.compile(r"[A-Za-z_]\w{0,30}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Arguments:
    """Arguments as they are written, without quotes."""

    leading: tuple[str, ...]
    named: dict[str, str]

    def get(self, position: int, *names: str) -> str:
        """The argument in a place or with one of the names; empty without one."""
        for name in names:
            if name in self.named:
                return self.named[name]
        return self.leading[position] if position < len(self.leading) else ""


def _dense(given: _Arguments) -> str | None:
    return _units(given.get(0, "units"), given.get(1, "activation"))


def _linear(given: _Arguments) -> str | None:
    return _units(given.get(1, "out_features"), "")


def _units(units: str, activation: str) -> str | None:
    if not _COUNT.fullmatch(units):
        return None
    shown = activation.rpartition(".")[2].lower()
    return f"dense {units} {shown if _WORD.fullmatch(shown) else ''}".rstrip()


def _dropout(given: _Arguments) -> str | None:
    try:
        share = round(100 * float(given.get(0, "rate", "p")), 6)
    except ValueError:
        return None
    return f"dropout {share:g}%" if 0 < share < 100 else None


def _activation(given: _Arguments) -> str | None:
    name = given.get(0, "activation").lower()
    return name if _WORD.fullmatch(name) else None


def _plain(line: str) -> Callable[[_Arguments], str]:
    return lambda given: line


_ACTIVATIONS = "celu elu gelu mish relu relu6 selu sigmoid silu softmax softplus tanh"
_LINES: dict[str, Callable[[_Arguments], str | None]] = {
    "dense": _dense,
    "linear": _linear,
    "dropout": _dropout,
    "activation": _activation,
    **dict.fromkeys(("batchnorm1d", "batchnormalization"), _plain("batch_norm")),
    **dict.fromkeys(("layernorm", "layernormalization"), _plain("layer_norm")),
    "leakyrelu": _plain("leaky_relu"),
    **{name: _plain(name) for name in _ACTIVATIONS.split()},
}


def as_line(call: str) -> str | None:
    """`dense 64 relu` for `layers.Dense(64, activation="relu")`; None for other calls.

    A call of `add` stands for the layer that it adds.
    """
    found = _CALL.fullmatch(call) if len(call) <= _LONGEST else None
    if found is None:
        return None
    name, inner = found[1].lower(), found[2].strip()
    if name == "add":
        return None if inner == call else as_line(inner)
    line = _LINES.get(name)
    if line is None or re.search(r"[(){}\[\]]", inner):
        return None
    return line(_arguments(inner))


def _arguments(inner: str) -> _Arguments:
    leading: list[str] = []
    named: dict[str, str] = {}
    for each in filter(None, map(str.strip, inner.split(","))):
        name, equals, value = each.partition("=")
        if equals:
            named[name.strip()] = value.strip(" \"'")
        else:
            leading.append(each.strip("\"'"))
    return _Arguments(tuple(leading), named)
