"""One training step in JAX: everything it changes is returned anew."""

from nndsl.language.module_names import class_name, variable_name
from nndsl.program.program import Program
from nndsl.render.functions import function_lines
from nndsl.render.lines import call
from nndsl.render.network.after_step import running_statistics
from nndsl.render.network.passes import has_dropout
from nndsl.render.prose import docstring


def jax_clip_function(program: Program) -> list[str]:
    """`clip_gradients`, or nothing."""
    if program.clipping.norm is not None:
        return function_lines("jax/clip_norm")
    return function_lines("jax/clip_value") if _clips(program) else []


def jax_limit_function(program: Program) -> list[str]:
    """`limit_norms`, or nothing where no layer has `max_norm`."""
    if not program.names.max_norm:
        return []
    lines = [
        "def limit_norms(p: Parameters) -> Parameters:",
        '    """Scale every column of weights that is too long down to its limit."""',
    ]
    for name, limit in program.names.max_norm.items():
        lines += [
            f"    length = jnp.sqrt((p.{name}**2).sum(axis=0))",
            f"    factor = {limit} / jnp.maximum(length, {limit})",
            f"    p = p._replace({name}=p.{name} * factor)",
        ]
    return [*lines, "    return p"]


def jax_running_function(program: Program) -> list[str]:
    """`update_running`, or nothing without batch norm."""
    lines = [
        "def update_running(p: Parameters, outputs: tuple, n: int) -> Parameters:",
        '    """Move the running statistics towards those of a batch of n rows."""',
    ]
    for mean, variance, new, at in running_statistics(program):
        lines += [
            f"    mean, variance = outputs[{at}:{at + 2}]",
            f"    mean = (1 - {new}) * p.{mean} + {new} * mean",
            "    unbiased = variance * n / (n - 1)",
            f"    variance = (1 - {new}) * p.{variance} + {new} * unbiased",
            f"    p = p._replace({mean}=mean, {variance}=variance)",
        ]
    return [*lines, "    return p"] if program.running else []


def jax_train_batch(program: Program) -> list[str]:
    """One step on some rows, compiled by JAX, which reuses the memory of `p`."""
    name = program.update.name
    optimizer = variable_name(name)
    norm, dropout = bool(program.running), has_dropout(program)
    weighed = ["sample_weight"] * bool(program.loss.sample_weight)
    of_classes = ["weights"] * bool(program.loss.weights)
    given = ["p: Parameters", f"{optimizer}: {class_name(name)}", "x: Array"]
    given += ["t: Array", *(f"{each}: Array" for each in weighed)]
    given += ["rows: Array", "learning_rate: float", *["seed: int"] * dropout]
    given += [f"{each}: Array | None = None" for each in of_classes]
    text = "Take one step on these rows of x and t."
    if dropout:
        text = f"{text[:-1]}; dropout follows from the seed."
    text += f"\n\nThe memory of p and {optimizer} is used again; go on with the result."
    chosen = ", ".join(["x", "t", *weighed])
    taken = ", ".join(f"{each}[rows]" for each in ("x", "t", *weighed))
    more = "".join(f", {each}" for each in (*weighed, *of_classes))
    arguments = ["p", "x", *["key"] * dropout, *["training=True"] * norm]
    return [
        f'@partial(jax.jit, donate_argnames=("p", "{optimizer}"))',
        *call(
            "def train_batch(",
            given,
            f") -> tuple[Parameters, {class_name(name)}]:",
        ),
        *docstring(text, "    "),
        f"    {chosen} = {taken}",
        *["    if len(x) < 2:"] * norm,
        *['        raise ValueError("batch_norm needs at least two rows")'] * norm,
        *[f"    key = jax.random.fold_in(jax.random.key(seed), {optimizer}.step)"]
        * dropout,
        f"    outputs = forward({', '.join(arguments)})",
        f"    gradients = backward(p, x, outputs, t{more})",
        *["    gradients = clip_gradients(gradients)"] * _clips(program),
        f"    p, {optimizer} = {optimizer}.update(p, gradients, learning_rate)",
        *["    p = limit_norms(p)"] * bool(program.names.max_norm),
        *["    p = update_running(p, outputs, len(x))"] * norm,
        f"    return p, {optimizer}",
    ]


def _clips(program: Program) -> bool:
    return program.clipping.norm is not None or program.clipping.value is not None
