"""The libraries that compute a network's arrays."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Library:
    """`name`: what its functions are called with; `array`: the class of its arrays."""

    name: str
    array: str


NUMPY = Library("np", "ndarray")
JAX = Library("jnp", "Array")
