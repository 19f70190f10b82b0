"""Models as ONNX files, and what runs them."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime

from nndsl.compiler import understand
from nndsl.diagnostics.record import Source
from nndsl.exporting.to_onnx import onnx_model
from nndsl.exporting.trained import trained_of
from nndsl.lower.lower import lower
from reference.modules import load, model_class


def session(model: bytes) -> Any:
    return onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])


def trained(
    text: str, x: np.ndarray, y: np.ndarray | None, settings: tuple[str, ...] = ()
) -> tuple[Any, bytes]:
    """A model after two epochs, and its ONNX file."""
    program = lower(understand(Source("network.nn", text), list(settings)).network)
    model = model_class(load(text, "fast", settings))(epochs=2)
    model.fit(*((x,) if y is None else (x, y)))
    return model, onnx_model(trained_of("Net", program, model))
