"""The imports of a generated module: those of its names that it uses."""

import ast
from collections.abc import Iterable, Iterator, Mapping

from nndsl.render.lines import WIDTH

MODULES = ("csv", "math", "os", "sys")
MEMBERS = {"dataclass": "dataclasses", "partial": "functools", "NamedTuple": "typing"}
LIBRARIES = {"jax": "", "jax.numpy": " as jnp", "joblib": "", "numpy": " as np"}
LIBRARY_MEMBERS = {
    "Array": "jax",
    "ndtr": "jax.scipy.special",
    "Mesh": "jax.sharding",
    "NamedSharding": "jax.sharding",
    "PartitionSpec": "jax.sharding",
    "ndarray": "numpy",
    "BaseEstimator": "sklearn.base",
    "ClassifierMixin": "sklearn.base",
    "ClassNamePrefixFeaturesOutMixin": "sklearn.base",
    "RegressorMixin": "sklearn.base",
    "TransformerMixin": "sklearn.base",
    "r2_score": "sklearn.metrics",
    "check_classification_targets": "sklearn.utils.multiclass",
    "_check_sample_weight": "sklearn.utils.validation",
    "check_is_fitted": "sklearn.utils.validation",
    "validate_data": "sklearn.utils.validation",
}
"""The names that a module takes from somewhere, as a formatter sorts them."""


def standard_imports(text: str) -> tuple[str, ...]:
    """Import lines of the standard library for what the module `text` uses."""
    used = _used(text)
    return *whole_imports(text, MODULES), *_members(MEMBERS, used)


def whole_imports(text: str, modules: Iterable[str]) -> list[str]:
    """`import module` for those of `modules` that `text` uses."""
    used = _used(text)
    return [f"import {module}" for module in modules if module in used]


def library_imports(text: str) -> tuple[str, ...]:
    """The same of NumPy and other libraries."""
    used = _used(text)
    whole = [
        f"import {module}{renamed}"
        for module, renamed in LIBRARIES.items()
        if (renamed.removeprefix(" as ") or module) in used
    ]
    return *whole, *_members(LIBRARY_MEMBERS, used)


def _used(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def _members(sources: Mapping[str, str], used: set[str]) -> Iterator[str]:
    for module in dict.fromkeys(sources.values()):
        names = [name for name in sources if sources[name] == module and name in used]
        line = f"from {module} import {', '.join(names)}"
        if len(line) <= WIDTH and names:
            yield line
        elif names:
            yield from (f"from {module} import (", *(f"    {n}," for n in names), ")")
