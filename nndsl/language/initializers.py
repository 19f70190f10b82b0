"""What weights and biases start from."""

from nndsl.language.entry import Entry, Option, table

INITIALIZERS = table(
    Entry(
        "normal",
        "normal(deviation)",
        "Normal numbers around 0 with this standard deviation.",
        (
            Option(
                "deviation",
                "number",
                "The standard deviation.",
                0.01,
                low=0,
                low_open=True,
            ),
        ),
    ),
    Entry(
        "uniform",
        "uniform(low, high)",
        "Numbers evenly spread between low and high.",
        (
            Option("low", "number", "The lower end.", -0.05),
            Option("high", "number", "The upper end, above `low`.", 0.05),
        ),
    ),
    Entry(
        "glorot_normal",
        "glorot_normal",
        "Normal numbers with variance 2 / (n_in + n_out) (Glorot and Bengio 2010).",
    ),
    Entry(
        "glorot_uniform",
        "glorot_uniform",
        "Even numbers up to ±sqrt(6 / (n_in + n_out)) (Glorot and Bengio 2010).",
    ),
    Entry(
        "he_normal",
        "he_normal",
        "Normal numbers with variance 2 / n_in (He and others 2015).",
    ),
    Entry(
        "he_uniform",
        "he_uniform",
        "Even numbers up to ±sqrt(6 / n_in) (He and others 2015).",
    ),
    Entry(
        "lecun_normal",
        "lecun_normal",
        "Normal numbers with variance 1 / n_in (LeCun and others 1998).",
    ),
    Entry(
        "lecun_uniform",
        "lecun_uniform",
        "Even numbers up to ±sqrt(3 / n_in) (LeCun and others 1998).",
    ),
    Entry(
        "orthogonal",
        "orthogonal",
        "A random matrix whose rows or columns are orthonormal (Saxe and others 2014).",
    ),
    Entry("zeros", "zeros", "All 0."),
    Entry("ones", "ones", "All 1."),
    Entry(
        "constant",
        "constant(value)",
        "All the same number.",
        (Option("value", "number", "The number.", required=True),),
    ),
)

FOR_WEIGHTS_ONLY = frozenset(
    {
        "glorot_normal",
        "glorot_uniform",
        "he_normal",
        "he_uniform",
        "lecun_normal",
        "lecun_uniform",
        "orthogonal",
    }
)
"""Initializers that go by the two widths of a matrix: biases have only one."""

DEFAULT_WEIGHTS = "glorot_uniform"

WEIGHTS_BEFORE = {
    **dict.fromkeys(
        (
            "relu",
            "leaky_relu",
            "relu6",
            "elu",
            "celu",
            "gelu",
            "silu",
            "mish",
            "softplus",
            "hard_swish",
        ),
        "he_normal",
    ),
    "selu": "lecun_normal",
}
"""The weights a layer starts from where it names none, by the activation behind it."""
