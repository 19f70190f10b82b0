"""What ONNX operators compute, as far as dense networks hold them."""

from __future__ import annotations

from nndsl.data.errors import DataError
from nndsl.importing.imported import InexpressibleError
from nndsl.importing.onnx_elementwise import ELEMENTWISE, Attributes
from nndsl.importing.onnx_layers import LAYERS
from nndsl.importing.onnx_values import Value

OPERATORS = {**ELEMENTWISE, **LAYERS}


def compute(kind: str, attributes: Attributes, inputs: list[Value]) -> Value:
    """The value of a node.  Raises InexpressibleError, or DataError for nonsense."""
    if kind not in OPERATORS:
        raise InexpressibleError(f"the operator {kind[:60]}")
    try:
        return OPERATORS[kind](attributes, inputs)
    except DataError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
        raise DataError(f"a node {kind} is damaged") from None
