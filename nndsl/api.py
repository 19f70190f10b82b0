"""nndsl from Python: a spec becomes a module without a file being written."""

import hashlib
import linecache
import os
import sys
from collections.abc import Sequence
from importlib.abc import InspectLoader
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from types import ModuleType
from typing import Any

from nndsl.compiler import compile_text, understand
from nndsl.lower.lower import lower
from nndsl.program.in_place import Style
from nndsl.render.targets import TargetName, target_of
from nndsl.syntax.characters import decode

__all__ = ["compile_text", "load", "module_of", "read_table"]


def load(
    path: str | os.PathLike[str],
    *,
    settings: Sequence[str] = (),
    allow_large: bool = False,
    style: Style | None = None,
    target: TargetName = "numpy",
) -> ModuleType:
    """The module that the spec in the file `path` describes, compiled in memory.

    `settings` change the spec, as in `["train.epochs=5"]`.  `style` is the fastest that
    the target has, if none is given.  `target` "sklearn" gives a class that inherits
    scikit-learn's, "jax" functions that JAX computes.  Loading the same spec again
    gives the same module.  Raises OSError and `nndsl.SpecError`.
    """
    name = os.fspath(path)
    with open(name, "rb") as file:
        source = decode(file.read(), name)
    text = compile_text(
        source.text,
        name,
        settings=settings,
        allow_large=allow_large,
        style=style or target_of(target).styles[-1],
        target=target,
    )
    return module_of(text, name)


def read_table(
    path: str | os.PathLike[str],
    spec: str | os.PathLike[str],
    *,
    settings: Sequence[str] = (),
    separator: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    missing_values: Sequence[str] = (),
    sheet: str | None = None,
) -> tuple[Any, ...]:
    """X and y of a table, as the network of the file `spec` asks for them.

    y is None where the network learns its input.  Where the spec has a `weight`, the
    weights come third.  `separator`, `decimal` and `encoding`
    are recognised where they are None; `missing_values` are more words for no value,
    `sheet` is one of an Excel file, None the first.
    Raises OSError for a spec that cannot be read, `nndsl.SpecError`, and
    `nndsl.DataError` with the line and the column.
    """
    from nndsl.data.dialect import Dialect
    from nndsl.data.formats import check_dialect
    from nndsl.data.schema import schema_of
    from nndsl.data.table import read_table as read

    name = os.fspath(spec)
    with open(name, "rb") as file:
        checked = understand(decode(file.read(), name), settings)
    dialect = Dialect(separator, decimal, encoding, frozenset(missing_values), sheet)
    check_dialect(os.fspath(path), dialect)
    schema = schema_of(lower(checked.network).data)
    table = read(os.fspath(path), schema, dialect)
    arrays = table.x, table.y
    return arrays if table.weights is None else (*arrays, table.weights)


def module_of(text: str, name: str) -> ModuleType:
    """The module object of a generated module's text; `name` is its spec's.

    It is found by pickle and deepcopy under a name of its own in `sys.modules`, and
    its lines stand in tracebacks.
    """
    digest = hashlib.sha256(f"{name}\0{text}".encode()).hexdigest()[:16]
    qualified = f"_nndsl_{digest}"
    if qualified in sys.modules:
        return sys.modules[qualified]
    file = f"<{os.path.basename(name)} {digest[:6]}>"
    loader = _Loader(text, file)
    spec = ModuleSpec(qualified, loader, origin=file)
    spec.has_location = True
    module = module_from_spec(spec)
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    sys.modules[qualified] = module
    try:
        loader.exec_module(module)
    except BaseException:
        del sys.modules[qualified]
        raise
    _carry_text(module, text, name)
    return module


def _carry_text(module: ModuleType, text: str, name: str) -> None:
    """Let pickles of the module's objects bring its text into another process."""

    def reduced(value: object) -> tuple[object, ...]:
        given = tuple(value) if isinstance(value, tuple) else ()
        state = getattr(value, "__dict__", None)
        return _revived, (text, name, type(value).__name__, *given), state

    for each in vars(module).values():
        if isinstance(each, type) and each.__module__ == module.__name__:
            each.__reduce__ = reduced  # type: ignore[assignment]


def _revived(text: str, name: str, made: str, *given: object) -> object:
    """An object of the class `made`, which its attributes are then put into."""
    cls: type = getattr(module_of(text, name), made)
    return cls.__new__(cls, *given)


class _Loader(InspectLoader):
    """Gives one text to Python's import system."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file

    def get_source(self, fullname: str) -> str:
        return self.text

    def get_filename(self, fullname: str) -> str:
        return self.file

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.text, self.file, "exec"), module.__dict__)
