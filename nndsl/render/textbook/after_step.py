"""What a training step does behind the update: norms limited, statistics blended."""

from nndsl.program.program import Program, Standardise
from nndsl.render.textbook.passes import unpack_parameters


def limit_function(program: Program) -> list[str]:
    """`limit_norms`, or nothing where no layer has `max_norm`."""
    if not program.names.max_norm:
        return []
    lines = [
        "def limit_norms(p: Arrays) -> None:",
        '    """Scale every column of weights that is too long down to its limit."""',
    ]
    for name, limit in program.names.max_norm.items():
        lines += unpack_parameters(program, [name])
        lines.append(f"    length = np.sqrt(({name} * {name}).sum(axis=0))")
        lines.append(f"    {name} *= {limit} / np.maximum(length, {limit})")
    return lines


def running_update_function(program: Program) -> list[str]:
    """`update_running`, or nothing without batch norm."""
    if not program.running:
        return []
    return [
        "def update_running(r: Arrays, v: Values) -> None:",
        '    """Blend the batch into the running mean and (unbiased) variance."""',
        "    n = v.x.shape[0]",
        *running_update_lines(program),
    ]


def running_update_lines(program: Program, number: str = "{}") -> list[str]:
    """How `update_running` blends the statistics of its `n` rows, layer by layer.

    `number` is how a number is written that is combined with an array.
    """
    correction = number.format("n / max(n - 1, 1)")
    if number == "{}":
        correction = f"({correction})"
    keys = {array.name: array.key for array in program.running}
    lines: list[str] = []
    for block in program.forward:
        for statement in block.statements:
            if not isinstance(statement, Standardise) or statement.axis == 1:
                continue
            share = number.format(program.names.momentum[statement.layer])
            mean = f'r["{keys[str(statement.running_mean)]}"]'
            variance = f'r["{keys[str(statement.running_variance)]}"]'
            lines += [
                f"    mean, variance = {mean}, {variance}",
                f"    mean += {share} * (v.{statement.mean} - mean)",
                f"    unbiased = v.{statement.variance} * {correction}",
                f"    variance += {share} * (unbiased - variance)",
            ]
    return lines
