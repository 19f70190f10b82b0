"""The network of a module for JAX: the textbook's functions, compiled by `jax.jit`."""

from collections.abc import Iterable

from nndsl.network import Network
from nndsl.program.program import Constant, Program
from nndsl.render.escape import code
from nndsl.render.expressions.helpers import helper_constants, helper_names
from nndsl.render.functions import function_lines
from nndsl.render.jax.after_step import (
    jax_clip_function,
    jax_limit_function,
    jax_running_function,
    jax_train_batch,
)
from nndsl.render.jax.optimizer import jax_optimizer
from nndsl.render.library import JAX
from nndsl.render.network.activation_functions import Activations
from nndsl.render.network.constant_lines import constant_lines
from nndsl.render.network.loss_function import loss_function
from nndsl.render.network.network_text import (
    NetworkText,
    is_plateau,
    row_weights_name,
    warmup_constants,
)
from nndsl.render.network.output_text import output_text
from nndsl.render.network.parameters import (
    initialize_function,
    initializer_functions,
    parameters_class,
)
from nndsl.render.network.passes import backward_function, forward_function
from nndsl.render.network.schedule import schedule_text
from nndsl.render.network.statement_lines import array_names

_TRACED = "@jax.jit"


def jax_network(network: Network, program: Program) -> NetworkText:
    """The text of `program`, with functions that return what NumPy's change."""
    activations = Activations(library=JAX)
    schedule = schedule_text(program, network.train.optimizer.learning_rate)
    forward, used = forward_function(program, activations, output_text(network))
    backward, more = backward_function(program, activations)
    optimizer, for_update = jax_optimizer(program, schedule)
    loss, for_loss = loss_function(program, JAX)
    used |= more | for_loss | for_update | activations.used
    needed = [Constant(*each) for each in helper_constants(used, program.precision)]
    needed += warmup_constants(network)
    training = '@partial(jax.jit, static_argnames="training")'
    weights = row_weights_name(network)
    sections = [
        function_lines("jax/spread"),
        parameters_class(program, JAX),
        *initializer_functions(program),
        initialize_function(program, views=False, library=JAX),
        *_fixed(name for name in helper_names(used) if name.islower()),
        *activations.ordered(),
        *_fixed(name for name in ("softmax", "dropout_mask") if name in used),
        [training if program.running else _TRACED, *forward],
        function_lines(f"jax/{weights}") if weights else [],
        [_TRACED, *loss],
        _penalty(program),
        backward,
        jax_clip_function(program),
        optimizer,
        list(schedule.function),
        function_lines("jax/plateau") if is_plateau(network) else [],
        jax_limit_function(program),
        jax_running_function(program),
        jax_train_batch(program),
    ]
    return NetworkText(
        tuple(map(code, constant_lines((*program.constants, *needed)))),
        code("\n\n\n".join("\n".join(lines) for lines in sections if lines)),
        schedule,
    )


def _fixed(names: Iterable[str]) -> list[list[str]]:
    return [function_lines(f"jax/{name}") for name in names]


def _penalty(program: Program) -> list[str]:
    """`penalty`, or nothing where the spec has none."""
    names, terms = array_names(program), []
    for penalty in program.penalties:
        w = names[penalty.parameter]
        terms += [f"{penalty.l1} * jnp.abs({w}).sum()"] if penalty.l1 else []
        terms += [f"{penalty.l2} * ({w}**2).sum()"] if penalty.l2 else []
    if not terms:
        return []
    lines = [
        f"    total {'+' if at else ''}= {term}" for at, term in enumerate(terms)
    ] + ["    return total"]
    return [
        _TRACED,
        "def penalty(p: Parameters) -> Array:",
        '    """Return the part of the loss that keeps the parameters small."""',
        *(lines if len(terms) > 1 else [f"    return {terms[0]}"]),
    ]
