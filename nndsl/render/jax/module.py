"""A network as a module for JAX."""

from dataclasses import replace

from nndsl.diagnostics.record import Source
from nndsl.network import Network
from nndsl.program.in_place import InPlace
from nndsl.program.program import Program
from nndsl.render.escape import code
from nndsl.render.jax.fit import jax_fit
from nndsl.render.jax.network import jax_network
from nndsl.render.library import JAX
from nndsl.render.module.metric_text import metrics
from nndsl.render.module.module import whole_module
from nndsl.render.module.names import title
from nndsl.render.module.view import module_view


def render_jax(
    network: Network, program: Program, in_place: InPlace | None, source: Source
) -> str:
    """The module of `network`, as `render` gives it, computed by JAX."""
    text, reported = jax_network(network, program), metrics(network, program, JAX)
    view = module_view(network, program, None, source, text=text, reported=reported)
    titled = title(network.name, program, view.stem.text, "JAX")
    view = replace(
        view,
        title=tuple(map(code, titled)),
        fit=jax_fit(view.fit, network, program, text.schedule, reported.has_unit),
        jax=True,
        double=program.precision == "float64",
    )
    return whole_module("module.py.jinja", view)
