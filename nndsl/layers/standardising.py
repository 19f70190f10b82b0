"""What the two norms share: numbers standardised, then scaled and shifted."""

from nndsl.formulas.expression import Operation, Variable
from nndsl.language.entry import Option
from nndsl.layers.layer import Layer
from nndsl.layers.uses import Initializer
from nndsl.lower.forward_pass import ForwardPass
from nndsl.program.program import Map, Standardise, Statement

EPSILON = Option(
    "epsilon",
    "number",
    "Added to the variance before its root is taken.",
    1e-5,
    low=0,
    low_open=True,
)


def standardised(
    layer: Layer,
    epsilon: float,
    forward: ForwardPass,
    source: str,
    momentum: float | None = None,
) -> tuple[Statement, ...]:
    """`(source - mean) / deviation * scale + shift`, with a scale and shift a unit.

    Over the rows, with running statistics, where there is a momentum; else over the
    units of each row.
    """
    number, width = forward.dense, (layer.n_outputs,)
    scale, shift = (
        forward.parameter(f"{name}{number}", width, layer.name, Initializer(start))
        for name, start in (("scale", "ones"), ("shift", "zeros"))
    )
    arrays = forward.arrays
    axis = ("n", 1) if momentum is None else width
    mean, variance = (arrays.add(f"{n}{number}", axis) for n in ("mean", "variance"))
    h = arrays.add(f"z{number}_hat", arrays.shape(source))
    y = arrays.add(f"y{number}", arrays.shape(source))
    if momentum is None:
        done = Standardise(h, source, mean, variance, 1, epsilon, layer.name)
    else:
        of_mean, of_variance = (
            forward.running_statistic(of, layer.name) for of in (mean, variance)
        )
        done = Standardise(
            *(h, source, mean, variance, 0, epsilon, layer.name),
            *(of_mean, of_variance, momentum),
        )
    scaled = Operation("multiply", (Variable(scale), Variable(h)))
    return done, Map(y, Operation("add", (scaled, Variable(shift))))
