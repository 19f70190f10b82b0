"""ONNX files: the whole way from a table's columns to labels in one graph."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nndsl.exporting.onnx_data import (
    add_answer,
    add_encoding,
    add_inputs,
    add_outputs,
)
from nndsl.exporting.onnx_graph import Graph
from nndsl.exporting.onnx_network import add_forward
from nndsl.exporting.trained import Trained


def export(trained: Trained, path: Path) -> Sequence[tuple[Path, bytes]]:
    """The file, which the ONNX checker has accepted."""
    return [(path, onnx_model(trained))]


def onnx_model(trained: Trained) -> bytes:
    """A model of ONNX's default operators, and LabelEncoder for columns of labels.

    Raises DataError for a network of more than 2 GB.
    """
    precision = trained.program.precision
    graph = Graph(np.float32 if precision == "float32" else np.float64)
    inputs = add_inputs(graph, trained)
    outputs = add_outputs(graph, trained)
    x = add_encoding(graph, trained, inputs)
    add_answer(graph, trained, add_forward(graph, trained, x), outputs)
    return graph.file(trained.network, _description(trained))


def _description(trained: Trained) -> str:
    """What a viewer shows of the graph: the columns where one input holds them all."""
    names = ", ".join(trained.features)
    return f"The columns of X: {names}." if names and not trained.words else ""
