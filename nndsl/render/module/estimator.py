"""A network as a module whose class is a scikit-learn estimator."""

from dataclasses import replace

from nndsl.diagnostics.record import Source
from nndsl.network import Network
from nndsl.program.data import Filling
from nndsl.program.in_place import InPlace
from nndsl.program.program import Program
from nndsl.render.escape import code
from nndsl.render.module.data_text import cells
from nndsl.render.module.estimator_text import estimator_text
from nndsl.render.module.module import whole_module
from nndsl.render.module.names import purpose
from nndsl.render.module.view import module_view
from nndsl.render.prose import docstring


def render_estimator(
    network: Network, program: Program, in_place: InPlace | None, source: Source
) -> str:
    """The module of `network`, as `render` gives it, for scikit-learn."""
    program = replace(program, data=replace(program.data, complete=True))
    filling = program.data.filling
    rest = Filling("error") if filling.drops else filling  # after such rows are gone
    view = module_view(network, program, in_place, source, seed="random_state")
    view = replace(
        view,
        title=tuple(map(code, _title(network.name, program))),
        rows=replace(
            view.rows,
            uses_columns=bool(program.data.number_columns),
            bad_cells=code(cells(replace(program.data, filling=rest))[0]),
        ),
        estimator=True,
    )
    text = estimator_text(network, program, view)
    return whole_module("sklearn/module.py.jinja", view, estimator=text)


def _title(name: str, program: Program) -> list[str]:
    y = "" if program.data.encoding == "input" else ", y"
    text = (
        f"{name}, a neural network as a scikit-learn estimator: it {purpose(program)}."
    )
    use = (
        f"It trains by `{name}().fit(X{y})`, alone, in a Pipeline or in a GridSearchCV."
    )
    return docstring(f"{text}\n\n{use}", "")
