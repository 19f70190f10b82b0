"""What weights and biases start from."""

from nndsl.language.entry import Entry, Option, table

_BY_WIDTHS = {
    "glorot_normal": "Normal numbers with variance 2 / (n_in + n_out) "
    "(Glorot and Bengio 2010).",
    "glorot_uniform": "Uniform numbers within ±sqrt(6 / (n_in + n_out)) "
    "(Glorot and Bengio 2010).",
    "he_normal": "Normal numbers with variance 2 / n_in (He and others 2015).",
    "he_uniform": "Uniform numbers within ±sqrt(6 / n_in) (He and others 2015).",
    "lecun_normal": "Normal numbers with variance 1 / n_in (LeCun and others 1998).",
    "lecun_uniform": "Uniform numbers within ±sqrt(3 / n_in) (LeCun and others 1998).",
    "orthogonal": "A random matrix whose rows or columns are orthonormal "
    "(Saxe and others 2014).",
}

INITIALIZERS = table(
    Entry(
        "normal",
        "normal(deviation)",
        "Normal numbers around 0 with this standard deviation.",
        (
            Option(
                "deviation", "number", "The standard deviation.", 0.01, 0, low_open=True
            ),
        ),
    ),
    Entry(
        "uniform",
        "uniform(low, high)",
        "Uniform numbers between low and high.",
        (
            Option("low", "number", "The lower end.", -0.05),
            Option("high", "number", "The upper end, above `low`.", 0.05),
        ),
    ),
    *(Entry(name, name, documentation) for name, documentation in _BY_WIDTHS.items()),
    Entry("zeros", "zeros", "All 0."),
    Entry("ones", "ones", "All 1."),
    Entry(
        "constant",
        "constant(value)",
        "All the same number.",
        (Option("value", "number", "The number.", required=True),),
    ),
)

FOR_WEIGHTS_ONLY = frozenset(_BY_WIDTHS)
"""Initializers that go by the two widths of a matrix: biases have only one."""

DEFAULT_WEIGHTS = "glorot_uniform"

WEIGHTS_BEFORE = {"selu": "lecun_normal"}
"""The weights a layer starts from where it names none, by the activation behind it."""
