"""One training step: `train_batch`, and what it does behind the optimizer."""

from collections.abc import Iterator

from nndsl.language.module_names import class_name, variable_name
from nndsl.program.kept import kept_values
from nndsl.program.program import Program, Standardise
from nndsl.render.functions import function_lines
from nndsl.render.lines import call
from nndsl.render.network.passes import has_dropout, weight_arguments
from nndsl.render.prose import docstring


def clip_function(program: Program) -> list[str]:
    """`clip_gradients`, or nothing."""
    if program.clipping.norm is not None:
        return function_lines("clip_norm")
    return function_lines("clip_value") if program.clipping.value is not None else []


def limit_function(program: Program) -> list[str]:
    """`limit_norms`, or nothing where no layer has `max_norm`."""
    if not program.names.max_norm:
        return []
    lines = [
        "def limit_norms(p: Parameters) -> None:",
        '    """Scale every column of weights that is too long down to its limit."""',
    ]
    for name, limit in program.names.max_norm.items():
        lines.append(f"    length = np.sqrt((p.{name}**2).sum(axis=0))")
        lines.append(f"    p.{name}[:] *= {limit} / np.maximum(length, {limit})")
    return lines


def running_function(program: Program) -> list[str]:
    """`update_running`, or nothing without batch norm."""
    lines = [
        "def update_running(p: Parameters, outputs: tuple, n: int) -> None:",
        '    """Move the running statistics towards those of a batch of n rows."""',
    ]
    for mean, variance, new, at in running_statistics(program):
        lines += [
            f"    mean, variance = outputs[{at}:{at + 2}]",
            f"    p.{mean}[:] = (1 - {new}) * p.{mean} + {new} * mean",
            "    unbiased = variance * n / (n - 1)",
            f"    p.{variance}[:] = (1 - {new}) * p.{variance} + {new} * unbiased",
        ]
    return lines if program.running else []


def running_statistics(program: Program) -> Iterator[tuple[str, str, str, int]]:
    """Of each batch norm: the names of mean and variance in `Parameters`, that of the
    share of the new batch, and where the batch's own stand in the outputs."""
    kept = kept_values(program)
    keys = {array.name: array.key for array in program.running}
    for s in (s for block in program.forward for s in block.statements):
        if isinstance(s, Standardise) and s.axis == 0:
            mean, variance = keys[str(s.running_mean)], keys[str(s.running_variance)]
            yield mean, variance, program.names.momentum[s.layer], kept.index(s.mean)


def train_batch_function(program: Program, fast: bool) -> list[str]:
    """One step on a batch."""
    name = program.update.name
    optimizer = variable_name(name)
    norm, dropout = bool(program.running), has_dropout(program)
    given = ["p: Parameters", f"{optimizer}: {class_name(name)}"]
    given += ["x: ndarray", "t: ndarray", *weight_arguments(program)]
    text = "Take one step on the rows of x and their targets t."
    if dropout:
        given.append("rng: np.random.Generator")
        text = f"{text[:-1]}; rng draws the dropout."
    given += ["weights: ndarray | None = None"] * bool(program.loss.weights)
    lines = call("def train_batch(", given, ") -> None:") + docstring(text, "    ")
    arguments = ["p", "x", *["rng"] * dropout, *["training=True"] * norm]
    forward = f"forward({', '.join(arguments)})"
    arguments = ["sample_weight"] * bool(program.loss.sample_weight)
    arguments += ["weights"] * bool(program.loss.weights)
    arguments += [f"{optimizer}.gradients"] * fast
    more = "".join(f", {word}" for word in arguments)
    clips = program.clipping.norm is not None or program.clipping.value is not None
    if not (norm or clips):
        step = f"    {optimizer}.update(p, backward(p, x, {forward}, t{more}))"
        if len(step) <= 88:
            lines.append(step)
            return lines + ["    limit_norms(p)"] * bool(program.names.max_norm)
    if norm:
        lines.append("    if len(x) < 2:")
        lines.append('        raise ValueError("batch_norm needs at least two rows")')
    lines.append(f"    outputs = {forward}")
    lines.append(f"    gradients = backward(p, x, outputs, t{more})")
    lines += ["    clip_gradients(gradients)"] * clips
    lines.append(f"    {optimizer}.update(p, gradients)")
    lines += ["    limit_norms(p)"] * bool(program.names.max_norm)
    return lines + ["    update_running(p, outputs, len(x))"] * norm
