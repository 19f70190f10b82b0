"""The forward pass in C: two buffers, `a` and `b`, of which one holds the last output.

A dense layer goes from one to the other; all else computes in place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from nndsl.exporting.c.escape import c_comment
from nndsl.exporting.c.expressions import print_c
from nndsl.exporting.trained import Trained
from nndsl.formulas.expression import Expression
from nndsl.formulas.free_name import free_name
from nndsl.formulas.traverse import count, variables
from nndsl.layers.uses import ActivationUse
from nndsl.program.activation_value import SHORT, value_of
from nndsl.program.predicting import Predicting
from nndsl.program.program import (
    Activate,
    Map,
    Product,
    Softmax,
    Standardise,
    Statement,
)


@dataclass(slots=True)
class Writer:
    """Writes statements; `functions` are the activations that they call, by use.

    `held`, `width`: the buffer of the last output, and how many numbers it holds;
    `widest`: the most that a buffer has to hold.
    """

    trained: Trained
    code: str | None
    width: int
    held: str = "a"
    widest: int = 0
    code_width: int = 0
    functions: dict[tuple[str, object], tuple[str, str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def lines(self, predicted: Predicting) -> Iterator[str]:
        self.widest = self.width
        for block in predicted.blocks:
            yield f"/* {c_comment(block.text)} */"
            for statement in block.statements:
                yield from self._statement(statement)
                if statement.target == self.code:
                    self.code_width = self.width
                    yield "if (code)"
                    yield from self._loop(f"code[i] = {self.held}[i];", "    ")

    def _statement(self, statement: Statement) -> Iterator[str]:
        match statement:
            case Product(right=right, bias=bias):
                yield self._product(self._key(right), right, bias and self._key(bias))
            case Softmax():
                self.used.add("softmax")
                yield f"softmax({self.held}, {self.width});"
            case Standardise(epsilon=epsilon):
                self.used.add("standardise")
                yield f"standardise({self.held}, {self.width}, {float(epsilon)!r});"
            case Activate(use=use):
                text = self._activated(use, f"{self.held}[i]")
                yield from self._loop(f"{self.held}[i] = {text};")
            case Map(value=value):
                yield from self._loop(f"{self.held}[i] = {self._mapped(value)};")
            case _:
                raise ValueError(f"{statement.target} is not of a forward pass")

    def _loop(self, line: str, indent: str = "") -> Iterator[str]:
        yield f"{indent}for (i = 0; i < {self.width}; i++)"
        yield f"{indent}    {line}"

    def _key(self, array: str) -> str:
        return self.trained.program.arrays[array].key

    def _product(self, weights: str, right: str, bias: str | None) -> str:
        source, n_inputs = self.held, self.width
        self.held = "b" if source == "a" else "a"
        self.width = int(self.trained.values[right].shape[1])
        self.widest = max(self.widest, self.width)
        given = f"{source}, {n_inputs}, {weights}, {bias or 0}"
        return f"dense({given}, {self.held}, {self.width});"

    def _mapped(self, value: Expression) -> str:
        """A formula over the last output and learned arrays as wide as it."""
        learned = self.trained.values
        names = {
            name: f"{self._key(name) if name in learned else self.held}[i]"
            for name in variables(value)
        }
        return print_c(value, names)

    def _activated(self, use: ActivationUse, argument: str) -> str:
        value = value_of(use)
        if count(value) <= SHORT:
            return print_c(value, {"x": argument})
        key = use.name, use.arguments
        if key not in self.functions:
            taken = {name for name, _ in self.functions.values()}
            name = free_name(f"activation_{use.name}", taken)
            self.functions[key] = name, print_c(value, {"x": "x"})
        return f"{self.functions[key][0]}({argument})"
