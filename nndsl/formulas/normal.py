"""The normal distribution in NumPy, as source text of the generated module.

NumPy has no error function, and through one the rounding of x/√2 alone would cost a
thousand units in the last place in the far tail.  So a module that needs `normal_cdf`
or `normal_pdf` carries these few functions.  The coefficients are minimax fits,
derived by `benchmarks/derive_normal.py`.

`times_normal_cdf(x)` is `x * normal_cdf(x)`, formed before the product can underflow:
between -37.62 and -37.52 `normal_cdf(x)` is no normal number any more, and x times it is.
"""

from __future__ import annotations

from collections.abc import Iterable

_TAIL_FUNCTION = '''
def normal_tail(t: Array) -> Array:
    """Phi(-t) * exp(t**2 / 2) for t >= 0: a ratio of polynomials, Horner's rule."""
    numerator = t * NORMAL_TAIL_P[0]
    for coefficient in NORMAL_TAIL_P[1:-1]:
        numerator += coefficient
        numerator *= t
    numerator += NORMAL_TAIL_P[-1]
    denominator = t + NORMAL_TAIL_Q[0]
    for coefficient in NORMAL_TAIL_Q[1:]:
        denominator *= t
        denominator += coefficient
    return np.asarray(numerator / denominator)
'''

_TAIL_FLOAT64 = (
    """\
# Remez exchange on 0 <= t <= 37.7, relative error 8.5e-19; highest power first.
NORMAL_TAIL_P = (
    0.39894228040153845,
    12.436324655590493,
    190.27955946686734,
    1858.8300175372026,
    12749.768451095379,
    63914.9458328445,
    236864.3443537095,
    641634.7683701193,
    1221450.584974831,
    1489466.6521658157,
    900493.9698860537,
)
NORMAL_TAIL_Q = (  # after a leading 1
    31.17324301425433,
    477.9601238376605,
    4690.569123107793,
    32433.890200810634,
    164808.06035127814,
    624745.8589101231,
    1759544.0686898823,
    3596227.053414414,
    5065796.623505745,
    4415913.775667957,
    1800987.9397721074,
)

"""
    + _TAIL_FUNCTION
)

_TAIL_FLOAT32 = (
    """\
# Remez exchange on 0 <= t <= 13.2, relative error 4.9e-9; highest power first.
NORMAL_TAIL_P = (
    0.39894805211214074,
    3.9705556949038145,
    18.01328395768842,
    43.30444719405932,
    49.723508588095086,
)
NORMAL_TAIL_Q = (  # after a leading 1
    9.953449984429195,
    46.13602455696076,
    118.7165185588943,
    165.95616912160514,
    99.44701717619017,
)

"""
    + _TAIL_FUNCTION
)

_FLOAT64 = {
    "normal_exponential": '''\
def normal_exponential(t: Array, end: float) -> Array:
    """exp(-t**2 / 2) for t >= 0, and 0 from `end` on, where it would underflow.

    `head` has few enough bits for its square to be exact; the rest follows apart,
    so that no rounding of t**2 is blown up by exp.
    """
    head = np.rint(t * 2.0**20) * 2.0**-20
    tail = (t - head) * (t + head)
    value = np.exp(-0.5 * head * head, out=np.zeros_like(t), where=t < end)
    return np.asarray(value * np.exp(-0.5 * tail))
''',
    "normal_tail": _TAIL_FLOAT64,
    "normal_cdf": '''\
def normal_cdf(x: Array) -> Array:
    """The normal distribution function Phi, within 4 units in the last place."""
    t = np.minimum(np.maximum(np.abs(x), 1e-150), 40.0)
    below = normal_tail(t) * normal_exponential(t, 37.5193793)  # Phi(-t)
    return np.abs((x > 0.0) - below)  # 1 - below on the right, below on the left
''',
    "normal_pdf": '''\
def normal_pdf(x: Array) -> Array:
    """The normal density exp(-x**2 / 2) / sqrt(2 pi), within 3 units in the last place."""
    t = np.minimum(np.maximum(np.abs(x), 1e-150), 40.0)
    return normal_exponential(t, 37.615887) * 0.3989422804014327
''',
    "times_normal_cdf": '''\
def times_normal_cdf(x: Array) -> Array:
    """x * Phi(x), within 4 units in the last place."""
    size = np.minimum(np.abs(x), 40.0)
    t = np.maximum(size, 1e-150)
    below = size * normal_tail(t) * normal_exponential(t, 37.6158683)
    return np.asarray(np.maximum(x, 0.0) - below)
''',
}

_FLOAT32 = {
    "normal_exponential": '''\
def normal_exponential(t: Array, end: float) -> Array:
    """exp(-t**2 / 2) for t >= 0, and 0 from `end` on, where float32 would underflow."""
    return np.asarray(np.exp(-0.5 * t * t, out=np.zeros_like(t), where=t < end))
''',
    "normal_tail": _TAIL_FLOAT32,
    "normal_cdf": '''\
def normal_cdf(x: Array) -> Array:
    """The normal distribution function Phi, in float64 inside, correctly rounded but
    for one value in ten."""
    t = np.minimum(np.abs(x), 14.0).astype(np.float64)
    below = normal_tail(t) * normal_exponential(t, 12.9499527)  # Phi(-t)
    # 1 - below on the right, below on the left
    return np.abs((x > 0.0) - below).astype(np.float32)
''',
    "normal_pdf": '''\
def normal_pdf(x: Array) -> Array:
    """The normal density exp(-x**2 / 2) / sqrt(2 pi), in float64 inside."""
    t = np.minimum(np.abs(x), 14.0).astype(np.float64)
    value = normal_exponential(t, 13.1466806) * 0.3989422804014327
    return value.astype(np.float32)
''',
    "times_normal_cdf": '''\
def times_normal_cdf(x: Array) -> Array:
    """x * Phi(x), in float64 inside, within 1 unit in the last place of float32."""
    t = np.minimum(np.abs(x), 14.0).astype(np.float64)
    below = t * normal_tail(t) * normal_exponential(t, 13.1462467)
    return (np.maximum(x, 0.0) - below).astype(np.float32)
''',
}

NORMAL: dict[str, dict[str, str]] = {"float64": _FLOAT64, "float32": _FLOAT32}

_NEEDS = {
    "normal_cdf": ("normal_exponential", "normal_tail"),
    "normal_pdf": ("normal_exponential",),
    "times_normal_cdf": ("normal_exponential", "normal_tail"),
}


def normal_helpers(names: Iterable[str], precision: str) -> tuple[str, ...]:
    """The source of the named functions and of what they call, in the order to print.

    Names that are none of `normal_cdf`, `normal_pdf`, `times_normal_cdf` are passed over.
    """
    wanted = {name for name in names if name in _NEEDS}
    wanted |= {needed for name in wanted for needed in _NEEDS[name]}
    return tuple(text for name, text in NORMAL[precision].items() if name in wanted)
