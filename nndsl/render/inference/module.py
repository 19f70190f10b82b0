"""A trained network as the text of a Python module that only predicts."""

from nndsl.exporting.mark import marked
from nndsl.exporting.trained import Trained
from nndsl.render.environment import rendered
from nndsl.render.escape import code
from nndsl.render.inference.view import inference_view
from nndsl.render.module.used_imports import whole_imports
from nndsl.render.wrapping import wrapped


def inference_module(trained: Trained, is_numpy: bool) -> str:
    """The module of `trained`, with NumPy or with the standard library alone.

    Raises DataError for a network whose labels do not fit its outputs.
    """
    view = inference_view(trained, is_numpy)
    body = wrapped(rendered("inference/module.py.jinja", view=view))
    imports = [*whole_imports(body, ("math", "struct")), "from base64 import b64decode"]
    used = [each for each in ("add", "mul") if f"map({each}," in body]
    imports += [f"from operator import {', '.join(used)}"] * bool(used)
    text = rendered(
        "inference/head.py.jinja", view=view, imports=tuple(map(code, imports))
    )
    return marked(f"{text}{body}", "# ")
