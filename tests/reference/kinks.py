"""Where a central difference tells nothing: at kinks, and where logarithms are cut."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from nndsl.compiler import understand
from nndsl.diagnostics.record import Source
from nndsl.layers.uses import ActivationUse
from nndsl.lower.lower import lower
from nndsl.program.program import Activate, Program

KINKS: dict[str, tuple[float, ...]] = {
    "step": (0.0,),
    "relu": (0.0,),
    "leaky_relu": (0.0,),
    "selu": (0.0,),
    "elu": (0.0,),
    "relu6": (0.0, 6.0),
    "hard_sigmoid": (-3.0, 3.0),
    "hard_tanh": (-1.0, 1.0),
    "hard_swish": (-3.0, 3.0),
}
LOGARITHMIC = ("categorical_crossentropy", "binary_crossentropy", "kl_divergence")
NEAR_A_KINK, NEAR_CERTAIN = 1e-3, 1e-5


def kinks_of(use: ActivationUse) -> tuple[float, ...]:
    """Where an activation's slope jumps; elu's does not for alpha = 1."""
    if use.name == "elu" and dict(use.arguments)["alpha"] == 1.0:
        return ()
    return KINKS.get(use.name, ())


@dataclass(frozen=True, slots=True)
class Smooth:
    """Whether a model of the textbook `module` of a spec is away from all its kinks.

    No unit is near a kink of its activation; under a crossentropy no probability is
    near 0 or 1.
    """

    module: ModuleType
    program: Program

    def __call__(self, model: Any, x: np.ndarray) -> bool:
        program = self.program
        given = (model._running,) if program.running else ()
        training = {"training": True} if program.running else {}
        values = self.module.forward(model.parameters, *given, x, **training)
        for block in program.forward:
            for statement in block.statements:
                if isinstance(statement, Activate):
                    source = getattr(values, statement.source)
                    for kink in kinks_of(statement.use):
                        if np.abs(source - kink).min() < NEAR_A_KINK:
                            return False
        if program.loss.name not in LOGARITHMIC:
            return True
        output = getattr(values, program.output)
        return bool(min(output.min(), (1 - output).min()) > NEAR_CERTAIN)


def smooth(text: str, module: ModuleType) -> Smooth:
    """The judge of kinks for the spec `text` and its textbook module."""
    return Smooth(module, lower(understand(Source("smooth.nn", text)).network))
