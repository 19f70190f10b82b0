"""The built-in formulas: `.nn` files, one a formula, parsed only when one is used."""

from collections.abc import Iterator, Mapping
from functools import cache

from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.formulas.build.definition import build_formula
from nndsl.formulas.build.optimizer_definition import build_optimizer
from nndsl.formulas.build.scope import Scope
from nndsl.formulas.expression import Formula, OptimizerFormula
from nndsl.resources import library
from nndsl.syntax.parse import parse
from nndsl.syntax.tree import Definition, File, Statement

_FOLDERS = {
    "activation": "activations",
    "loss": "losses",
    "schedule": "schedules",
    "optimizer": "optimizers",
}


@cache
def library_names(kind: str) -> tuple[str, ...]:
    """The built-in formulas of a kind (`activation`, `loss`, `schedule`, `optimizer`).

    In alphabetical order, from the names of the files alone.
    """
    files = (library() / _FOLDERS[kind]).glob("*.nn")
    return tuple(sorted(file.stem for file in files))


@cache
def library_formula(kind: str, name: str) -> Formula:
    """A built-in activation, loss or schedule.  Raises KeyError for an unknown name."""
    file, source = _read(kind, name)
    scope = Scope(Activations(), comments=file.comments, built_in=True)
    definition = file.lines[0]
    if not isinstance(definition, Definition):
        raise TypeError(f"{source.name} defines no {kind}")
    formula = build_formula(definition, scope)
    if formula is None:
        raise SpecError(source, tuple(scope.diagnostics))
    return formula


@cache
def library_optimizer(name: str) -> OptimizerFormula:
    """A built-in optimizer.  Raises KeyError for an unknown name."""
    file, source = _read("optimizer", name)
    scope = Scope(Activations(), comments=file.comments, built_in=True)
    statement = file.lines[0]
    if not isinstance(statement, Statement):
        raise TypeError(f"{source.name} defines no optimizer")
    optimizer = build_optimizer(statement, scope)
    if optimizer is None:
        raise SpecError(source, tuple(scope.diagnostics))
    return optimizer


def library_text(kind: str, name: str) -> str:
    """The definition of a built-in formula as its file has it, its comment above it.

    Raises KeyError for an unknown name.
    """
    if name not in library_names(kind):
        raise KeyError(name)
    return (library() / _FOLDERS[kind] / f"{name}.nn").read_text(encoding="utf-8")


def _read(kind: str, name: str) -> tuple[File, Source]:
    source = Source(f"{name}.nn", library_text(kind, name))
    return parse(source), source


class Activations(Mapping[str, Formula]):
    """The built-in activations as a formula may call them, each read when it is."""

    def __getitem__(self, name: str) -> Formula:
        return library_formula("activation", name)

    def __contains__(self, name: object) -> bool:
        return name in library_names("activation")

    def __iter__(self) -> Iterator[str]:
        return iter(library_names("activation"))

    def __len__(self) -> int:
        return len(library_names("activation"))
