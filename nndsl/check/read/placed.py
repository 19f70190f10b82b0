"""A value, and where it stands."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from nndsl.syntax.tree import Span

Value = TypeVar("Value", covariant=True)


@dataclass(frozen=True, slots=True)
class Placed(Generic[Value]):
    value: Value
    span: Span
