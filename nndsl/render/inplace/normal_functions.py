"""The functions of the normal distribution that write into existing arrays."""

from __future__ import annotations

from collections.abc import Collection

from nndsl.render.expressions.normal_distribution import NORMAL

_CDF = '''\
def normal_cdf(x: Array, out: Array, t: Array, u: Array) -> None:
    """The normal distribution function Phi, into out; t and u are written over."""
    np.abs(x, out=t)
    np.minimum(t, number(14.0), out=t)
    np.subtract(t, number(3.5), out=u)
    np.add(t, number(3.5), out=out)
    u /= out
    # Phi(-t): a polynomial in u, by Horner's rule, times exp(-t**2 / 2) / (t + 3.5)
    out.fill(NORMAL_TAIL[0])
    for coefficient in NORMAL_TAIL[1:]:
        out *= u
        out += number(coefficient)
    np.add(t, number(3.5), out=u)
    out /= u
    np.square(t, out=t)
    t *= number(-0.5)
    np.exp(t, out=t)
    out *= t
    # 1 - Phi(-t) on the right, Phi(-t) on the left
    np.greater(x, number(0), out=u)
    out -= u
    np.abs(out, out=out)
'''
_PDF = '''\
def normal_pdf(x: Array, out: Array) -> None:
    """exp(-x**2 / 2) / sqrt(2 pi), into out."""
    np.abs(x, out=out)
    np.minimum(out, number(14.0), out=out)
    np.square(out, out=out)
    out *= number(-0.5)
    np.exp(out, out=out)
    out *= number(0.3989422804014327)
'''


def in_place_functions(used: Collection[str]) -> list[str]:
    """The source of the functions in `used`, with the coefficients they need."""
    coefficients = NORMAL["float32"]["normal_tail"].split("\n\ndef normal_tail")[0]
    texts = {"normal_cdf": [coefficients.strip("\n"), _CDF], "normal_pdf": [_PDF]}
    return [
        text.rstrip("\n")
        for name, parts in texts.items()
        if name in used
        for text in parts
    ]
