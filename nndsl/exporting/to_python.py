"""`.py`: a module that predicts, and needs NumPy or, with `--no-numpy`, nothing."""

from collections.abc import Sequence
from pathlib import Path

from nndsl.exporting.trained import Trained
from nndsl.render.inference.module import inference_module


def export(
    trained: Trained, path: Path, *, numpy: bool = True
) -> Sequence[tuple[Path, str]]:
    """The one file `path`."""
    return [(path, inference_module(trained, numpy))]
