"""The layers.  An activation on a line of its own is a layer, too."""

from __future__ import annotations

from nndsl.language.entry import Entry, Option, table

NAME = Option("name", "name", "What the layer is called instead of its number.")


def _penalty(name: str, formula: str, of: str) -> Option:
    text = f"Adds {name.split('_')[-1]} · {formula} of this layer's {of} to the loss."
    return Option(name, "number", text, 0.0, low=0)


DENSE = Entry(
    "dense",
    "dense UNITS [ACTIVATION]",
    "Every unit sees every input: activation(x · weights + biases).",
    (
        Option("weights", "initializer", "The numbers the weights start from."),
        Option("biases", "initializer", "The numbers the biases start from.", "zeros"),
        Option("use_bias", "switch", "Whether the layer has biases.", True),
        _penalty("l1", "sum(abs(w))", "weights"),
        _penalty("l2", "sum(w²)", "weights"),
        _penalty("bias_l1", "sum(abs(b))", "biases"),
        _penalty("bias_l2", "sum(b²)", "biases"),
        Option(
            "max_norm",
            "number",
            "The longest a column of the weights may be after a step.",
            low=0,
            low_open=True,
        ),
        NAME,
    ),
)

UNITS = Option(
    "units",
    "count",
    "How many units: a number, or what the data or the target say.",
    low=1,
    high=10**8,
    words=("classes", "outputs", "features"),
)

DROPOUT = Entry(
    "dropout",
    "dropout SHARE%",
    "While training, drops this share of the units and scales up the others.",
    (NAME,),
)

EPSILON = Option(
    "epsilon",
    "number",
    "Added to the variance before its root is taken.",
    1e-5,
    low=0,
    low_open=True,
)

BATCH_NORM = Entry(
    "batch_norm",
    "batch_norm",
    "Standardises every unit over the batch, then scales and shifts it.",
    (
        Option(
            "momentum",
            "number",
            "The share of the new batch in the running mean and variance.",
            0.1,
            low=0,
            high=1,
            low_open=True,
        ),
        EPSILON,
        NAME,
    ),
)

LAYER_NORM = Entry(
    "layer_norm",
    "layer_norm",
    "Standardises every row over its units, then scales and shifts each unit.",
    (EPSILON, NAME),
)

LAYERS = table(DENSE, DROPOUT, BATCH_NORM, LAYER_NORM)

ACTIVATION = Entry(
    "activation",
    "NAME[(ARGUMENTS)]",
    "An activation on a line of its own is applied there.",
    (NAME,),
)

SURROGATE = Option(
    "surrogate",
    "activation",
    "The activation whose derivative the backward pass uses instead.",
)

SOFTMAX = Entry(
    "softmax",
    "softmax",
    "exp(x) over its sum along the row: positive outputs that add up to 1.",
)
"""The activation that is no formula of single numbers."""
