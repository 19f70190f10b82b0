"""The forward pass of a program as ONNX operators, as the network predicts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndsl.exporting.onnx_formulas import add_activation, add_formula
from nndsl.exporting.onnx_graph import Graph
from nndsl.exporting.trained import Trained
from nndsl.formulas.algebra.simplify import simplify, substitute
from nndsl.formulas.expression import Expression, Number, Variable
from nndsl.formulas.traverse import names_in_order
from nndsl.program.program import (
    Activate,
    DropoutMask,
    Map,
    Product,
    Softmax,
    Standardise,
    Statement,
)


def add_forward(graph: Graph, trained: Trained, x: str) -> str:
    """Add the forward pass over the inputs `x`; the name of the network's output."""
    program = trained.program
    writer = _Forward(graph, trained, x)
    for block in program.forward:
        for statement in block.statements:
            writer.add(statement)
    return writer.name(program.output)


class _Forward:
    """`names`: what the arrays of the program are called in the graph.

    `numbers`: those of them that are the same number everywhere.
    """

    def __init__(self, graph: Graph, trained: Trained, x: str) -> None:
        self.graph, self.learned = graph, trained.values
        self.names = {"x": x}
        self.numbers: dict[str, Expression] = {
            each.name: Number(each.value) for each in trained.program.constants
        }

    def name(self, array: str) -> str:
        """An array; a learned one becomes a constant when it is first asked for."""
        if array not in self.names:
            value: NDArray[Any] = self.learned[array].astype(self.graph.dtype)
            self.names[array] = self.graph.constant(array, value)
        return self.names[array]

    def add(self, statement: Statement) -> None:
        graph, target = self.graph, statement.target
        match statement:
            case Product(left=left, right=right, bias=None):
                value = graph.node("MatMul", [self.name(left), self.name(right)])
            case Product(left=left, right=right, bias=str(bias)):
                value = graph.node("Gemm", list(map(self.name, (left, right, bias))))
            case Activate(source=source, use=use):
                value = add_activation(graph, use, self.name(source))
            case Softmax(source=source):
                value = graph.node("Softmax", [self.name(source)], axis=1)
            case Standardise():
                value = self._standardised(statement)
            case DropoutMask():
                self.numbers[target] = Number(1.0)
                return
            case Map(value=formula):
                value = self._mapped(formula)
            case _:
                raise TypeError(f"{statement} in a forward pass")
        self.names[target] = value

    def _mapped(self, formula: Expression) -> str:
        formula = simplify(substitute(formula, self.numbers))
        if isinstance(formula, Variable):
            return self.name(formula.name)
        names = {name: self.name(name) for name in names_in_order(formula)}
        return add_formula(self.graph, formula, names)

    def _standardised(self, statement: Standardise) -> str:
        """Over the running statistics, or over each row's units."""
        graph, source = self.graph, self.name(statement.source)
        if statement.running_mean is not None:
            variance = self.learned[str(statement.running_variance)]
            deviation = np.sqrt(
                variance.astype(graph.dtype) + np.array(statement.epsilon, graph.dtype)
            )
            mean = self.name(statement.running_mean)
            centred = graph.node("Sub", [source, mean])
            return graph.node("Div", [centred, graph.constant("deviation", deviation)])
        centred = graph.node("Sub", [source, self._mean(source)])
        variance_ = self._mean(graph.node("Mul", [centred, centred]))
        sum_ = graph.node("Add", [variance_, graph.number(statement.epsilon)])
        return graph.node("Div", [centred, graph.node("Sqrt", [sum_])])

    def _mean(self, value: str) -> str:
        axes = self.graph.constant("axes", np.array([1]))
        return self.graph.node("ReduceMean", [value, axes], keepdims=1)
