"""The layers there are: the classes in the files of this folder."""

from collections.abc import Iterator
from importlib import import_module
from inspect import isabstract, isclass
from pkgutil import iter_modules

from nndsl import layers
from nndsl.layers.activation import Activation
from nndsl.layers.layer import Layer


def _found() -> Iterator[type[Layer]]:
    """Every class that makes layers, of every file but this one."""
    for _, name, _ in iter_modules(layers.__path__, "nndsl.layers."):
        values = vars(import_module(name)).values() if name != __name__ else ()
        for value in filter(isclass, values):
            if issubclass(value, Layer) and not isabstract(value):
                yield value


LAYERS: dict[str, type[Layer]] = {
    layer.entry.name: layer
    for layer in sorted(_found(), key=lambda each: (not each.resizes, each.entry.name))
    if layer is not Activation
}
"""By the word their lines begin with; those with a width of their own come first."""
