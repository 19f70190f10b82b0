"""The normal distribution in NumPy, as source text of the generated module.

NumPy has no error function, and through one the rounding of x/√2 alone would cost a
thousand units in the last place in the far tail.  So a module that needs `normal_cdf`
or `normal_pdf` carries these few functions.  The coefficients are minimax fits,
derived by `benchmarks/derive_normal.py`.

`times_normal_cdf(x)` is `x * normal_cdf(x)`, formed before the product can underflow:
between -37.62 and -37.52 `normal_cdf(x)` is subnormal while x times it is not.
"""

from __future__ import annotations

from collections.abc import Iterable

_TAIL_FUNCTION = '''

def normal_tail(t: Array) -> Array:
    """Phi(-t) * exp(t**2 / 2) for t >= 0, by Horner's rule."""
    u = (t - 3.5) / (t + 3.5)
    value = np.full_like(u, NORMAL_TAIL[0])
    for coefficient in NORMAL_TAIL[1:]:
        value *= u
        value += coefficient
    return np.asarray(value / (t + 3.5))
'''

_TAIL_FLOAT64 = (
    """\
# The minimax polynomial for (t + 3.5) * exp(t**2 / 2) * Phi(-t), by Remez exchange,
# in u = (t - 3.5) / (t + 3.5), highest power first; relative error 3.1e-18.
NORMAL_TAIL = (
    1.5240709618106043e-09,
    4.976021060922737e-09,
    -3.967851530221281e-09,
    -3.65730477295883e-08,
    -2.9969001540549506e-08,
    1.2426191151382853e-07,
    2.942850665859479e-07,
    -1.4348460293771185e-07,
    -1.4790996640798837e-06,
    -1.1649048442237474e-06,
    5.651887991205133e-06,
    1.1506607113397717e-05,
    -1.87888912391672e-05,
    -7.558466095453138e-05,
    6.703323095637437e-05,
    0.00047665710334480387,
    -0.0004450129500009594,
    -0.0031891010485524686,
    0.006476218919871073,
    0.017407832602062363,
    -0.11605092871407834,
    0.3154249698879522,
    -0.565561816053779,
    0.7444160754359381,
)
"""
    + _TAIL_FUNCTION
)

_TAIL_FLOAT32 = (
    """\
# The minimax polynomial for (t + 3.5) * exp(t**2 / 2) * Phi(-t), by Remez exchange,
# in u = (t - 3.5) / (t + 3.5), highest power first; relative error 5.2e-9.
NORMAL_TAIL = (
    0.00011611389020481381,
    0.00043208563441946127,
    -0.00049372599590266,
    -0.0031817393510634026,
    0.00649107103823877,
    0.017407690302915228,
    -0.11605263848395538,
    0.31542495594406766,
    -0.5655617618085989,
    0.7444160752869383,
)
"""
    + _TAIL_FUNCTION
)

_FLOAT64 = {
    "normal_exponential": '''\
def normal_exponential(t: Array, end: float, factor: Array | float) -> Array:
    """factor * exp(-t**2 / 2) for t >= 0, and 0 from `end` on, where it underflows.

    The rounding error of t**2, which exp would blow up, is found with the help of
    `head`: it has few enough bits for its own square to be exact.
    """
    square = t * t
    head = np.rint(t * 2.0**20) * 2.0**-20
    lost = (head * head - square) + (t - head) * (t + head)
    value = np.exp(-0.5 * square, out=np.zeros_like(t), where=t < end)
    return np.asarray((factor - factor * (0.5 * lost)) * value)
''',
    "normal_tail": _TAIL_FLOAT64,
    "normal_cdf": '''\
def normal_cdf(x: Array) -> Array:
    """The normal distribution function Phi, within 4 units in the last place."""
    t = np.minimum(np.maximum(np.abs(x), 1e-150), 40.0)
    below = normal_exponential(t, 37.5193793, normal_tail(t))  # Phi(-t)
    return np.abs((x > 0.0) - below)  # 1 - below on the right, below on the left
''',
    "normal_pdf": '''\
def normal_pdf(x: Array) -> Array:
    """exp(-x**2 / 2) / sqrt(2 pi), within 3 units in the last place."""
    t = np.minimum(np.maximum(np.abs(x), 1e-150), 40.0)
    return normal_exponential(t, 37.615887, 0.3989422804014327)
''',
    "times_normal_cdf": '''\
def times_normal_cdf(x: Array) -> Array:
    """x * Phi(x), within 4 units in the last place."""
    size = np.minimum(np.abs(x), 40.0)
    t = np.maximum(size, 1e-150)
    below = normal_exponential(t, 37.6158683, size * normal_tail(t))
    return np.asarray(np.maximum(x, 0.0) - below)
''',
}

_FLOAT32 = {
    "normal_exponential": '''\
def normal_exponential(t: Array, end: float, factor: Array | float) -> Array:
    """factor * exp(-t**2 / 2) for t >= 0, 0 from `end`, where float32 underflows."""
    value = np.exp(-0.5 * t * t, out=np.zeros_like(t), where=t < end)
    return np.asarray(factor * value)
''',
    "normal_tail": _TAIL_FLOAT32,
    "normal_cdf": '''\
def normal_cdf(x: Array) -> Array:
    """The normal distribution function Phi, in float64 inside, within 1 unit."""
    t = np.minimum(np.abs(x), 14.0).astype(np.float64)
    below = normal_exponential(t, 12.9499527, normal_tail(t))  # Phi(-t)
    # 1 - below on the right, below on the left
    return np.abs((x > 0.0) - below).astype(np.float32)
''',
    "normal_pdf": '''\
def normal_pdf(x: Array) -> Array:
    """exp(-x**2 / 2) / sqrt(2 pi), in float64 inside, within 1 unit of float32."""
    t = np.minimum(np.abs(x), 14.0).astype(np.float64)
    return normal_exponential(t, 13.1466806, 0.3989422804014327).astype(np.float32)
''',
    "times_normal_cdf": '''\
def times_normal_cdf(x: Array) -> Array:
    """x * Phi(x), in float64 inside, within 1 unit of float32."""
    t = np.minimum(np.abs(x), 14.0).astype(np.float64)
    below = normal_exponential(t, 13.1462467, t * normal_tail(t))
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

    Other names than `normal_cdf`, `normal_pdf`, `times_normal_cdf` are passed over.
    """
    wanted = {name for name in names if name in _NEEDS}
    wanted |= {needed for name in wanted for needed in _NEEDS[name]}
    return tuple(text for name, text in NORMAL[precision].items() if name in wanted)
