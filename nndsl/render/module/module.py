"""A network as the text of a Python module."""

from dataclasses import replace

from nndsl.diagnostics.record import Source
from nndsl.network import Network
from nndsl.program.in_place import InPlace
from nndsl.program.program import Program
from nndsl.render.environment import rendered
from nndsl.render.escape import code
from nndsl.render.module.used_imports import standard_imports
from nndsl.render.module.view import ModuleView, module_view


def render(
    network: Network, program: Program, in_place: InPlace | None, source: Source
) -> str:
    """The module of `network`, whose `program` computes it and `source` describes it.

    With `in_place` in the fast style, without in the textbook style.  Equal arguments
    give equal text, on every machine.
    """
    view = module_view(network, program, in_place, source)
    return _with_imports(view, standard_imports(_rendered(view)))


def _with_imports(view: ModuleView, lines: tuple[str, ...]) -> str:
    head = replace(view.head, standard_imports=tuple(map(code, lines)))
    return _rendered(replace(view, head=head))


def _rendered(view: ModuleView) -> str:
    return rendered("module.py.jinja", view=view)
