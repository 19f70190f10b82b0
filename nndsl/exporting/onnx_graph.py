"""An ONNX graph while nodes are added to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from nndsl.data.errors import DataError
from nndsl.version import __version__

Type: TypeAlias = type[np.generic]
OPSET, ML_OPSET, IR_VERSION = 18, 3, 8
"""What ONNX 1.13 of 2022 knows; later programs read it too."""
LARGEST = 2**31 - 2**16
"""How many bytes a protocol buffer holds, less what is not weights."""
TYPES: dict[Type, int] = {
    np.float32: TensorProto.FLOAT,
    np.float64: TensorProto.DOUBLE,
    np.int64: TensorProto.INT64,
    np.str_: TensorProto.STRING,
    np.bool_: TensorProto.BOOL,
}


class Graph:
    """Nodes, constants, inputs and outputs; every value has a name of its own.

    `dtype` is what the network computes in.  Inputs and outputs come before nodes, so
    that they get the names that a user expects.
    """

    def __init__(self, dtype: Type) -> None:
        self.dtype = dtype
        self._taken: set[str] = set()
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._numbers: dict[tuple[float, Type], str] = {}

    def name(self, wanted: str) -> str:
        """A name that nothing else has: `wanted`, or that with a number behind it."""
        name, number = wanted, 0
        while name in self._taken:
            number += 1
            name = f"{wanted}{number}"
        self._taken.add(name)
        return name

    def input(self, name: str, dtype: Type, width: int) -> str:
        name = self.name(name)
        self._inputs.append(
            helper.make_tensor_value_info(name, TYPES[dtype], [None, width])
        )
        return name

    def output(self, name: str, dtype: Type, *widths: int) -> str:
        """The name of an output with a row for each of the input's."""
        name = self.name(name)
        self._outputs.append(
            helper.make_tensor_value_info(name, TYPES[dtype], [None, *widths])
        )
        return name

    def constant(self, wanted: str, value: NDArray[Any]) -> str:
        name = self.name(wanted)
        if value.dtype.kind == "U":
            words = [word.encode() for word in value.ravel().tolist()]
            tensor = helper.make_tensor(name, TensorProto.STRING, value.shape, words)
        else:
            tensor = numpy_helper.from_array(np.ascontiguousarray(value), name)
        self._constants.append(tensor)
        return name

    def number(self, value: float, dtype: Type | None = None) -> str:
        """A constant without dimensions, the same for the same value."""
        key = (value, dtype or self.dtype)
        if key not in self._numbers:
            array: NDArray[Any] = np.array(value, key[1])
            self._numbers[key] = self.constant(f"number_{value:.9g}", array)
        return self._numbers[key]

    def node(
        self, kind: str, inputs: Sequence[str], target: str = "", **given: Any
    ) -> str:
        """Add an operator with its attributes; the name of what it computes.

        `target` is that of an output of the graph; without it, a new one.
        """
        target = target or self.name(kind.lower())
        domain = "ai.onnx.ml" if kind == "LabelEncoder" else ""
        self._nodes.append(
            helper.make_node(kind, list(inputs), [target], domain=domain, **given)
        )
        return target

    def cast(self, value: str, dtype: Type, target: str = "") -> str:
        return self.node("Cast", [value], target, to=TYPES[dtype])

    def file(self, name: str, description: str) -> bytes:
        """The model as a file.  Raises DataError for one of more than 2 GB."""
        if sum(each.ByteSize() for each in self._constants) > LARGEST:
            raise DataError("an ONNX file holds at most 2 GB; this network is larger")
        graph = helper.make_graph(
            self._nodes,
            name,
            self._inputs,
            self._outputs,
            self._constants,
            doc_string=description,
        )
        opsets = [
            helper.make_opsetid("", OPSET),
            helper.make_opsetid("ai.onnx.ml", ML_OPSET),
        ]
        model = helper.make_model(
            graph,
            producer_name="nndsl",
            producer_version=__version__,
            ir_version=IR_VERSION,
            opset_imports=opsets,
        )
        onnx.checker.check_model(model, full_check=True)
        content: bytes = model.SerializeToString()
        return content
