"""The normal distribution of generated modules, against mpmath."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

from nndsl.render.expressions.helpers import HELPERS, helper_functions

mp.dps = 60

Function = Callable[[Any], Any]
PRECISIONS = ("float64", "float32")
_NORMAL = [name for name in HELPERS if "normal" in name]


def functions(precision: str) -> dict[str, Any]:
    """The helpers of one precision, run as a generated module runs them."""
    module: dict[str, Any] = {"np": np, "ndarray": np.ndarray}
    module["DTYPE"] = getattr(np, precision)
    exec("\n\n".join(helper_functions(_NORMAL, precision)), module)
    return module


MODULES = {precision: functions(precision) for precision in PRECISIONS}
TRUE: dict[str, Callable[[mpf], mpf]] = {
    "normal_cdf": mp.ncdf,
    "normal_pdf": mp.npdf,
    "times_normal_cdf": lambda x: x * mp.ncdf(x),
}
UNITS = {
    ("float64", "normal_cdf"): 4,
    ("float64", "normal_pdf"): 3,
    ("float64", "times_normal_cdf"): 4,
    ("float32", "normal_cdf"): 1,
    ("float32", "normal_pdf"): 1,
    ("float32", "times_normal_cdf"): 1,
}
HUGE = {"float64": 1e150, "float32": 1e38}


def points(precision: str) -> np.ndarray[Any, Any]:
    """About 1,500 points: the bends, the far tail, the tiny and the huge."""
    random = np.random.default_rng(0)
    tail = 38.0 if precision == "float64" else 13.3
    tiny = 1e-300 if precision == "float64" else 1e-37
    parts = [
        np.linspace(-tail, 10, 700),
        random.normal(0, 2, 400),
        random.uniform(-tail, -tail + 1.5, 200),
        np.geomspace(tiny, 1, 100),
        -np.geomspace(tiny, 1, 100),
        np.array([0.0, 1000, -1000, HUGE[precision], -HUGE[precision]]),
    ]
    return np.concatenate(parts).astype(precision)


def errors(name: str, precision: str, function: Function) -> np.ndarray[Any, Any]:
    """The error at every point with a normal true value, in units of the last place."""
    x = points(precision)
    with np.errstate(all="raise", under="ignore"):
        computed = function(x)
    assert computed.dtype == x.dtype
    smallest = float(np.finfo(precision).smallest_normal)
    found = []
    for argument, value in zip(x.tolist(), computed, strict=True):
        true = TRUE[name](mpf(argument))
        if abs(true) >= smallest:
            unit = np.spacing(np.abs(np.asarray(float(true), precision)))
            found.append(float(abs(mpf(float(value)) - true) / mpf(float(unit))))
        else:
            assert abs(float(value)) <= smallest
    assert len(found) >= 800
    return np.array(found)


@pytest.mark.parametrize(("precision", "name"), UNITS)
def test_values_are_within_the_stated_units(precision: str, name: str) -> None:
    found = errors(name, precision, MODULES[precision][name])
    assert found.max() <= UNITS[precision, name]


@pytest.mark.parametrize("precision", PRECISIONS)
def test_x_times_the_cdf_agrees_where_the_cdf_is_normal(precision: str) -> None:
    x = points(precision)
    cdf = MODULES[precision]["normal_cdf"](x)
    times = MODULES[precision]["times_normal_cdf"](x)
    normal = (cdf >= np.finfo(precision).smallest_normal) & (np.abs(x) > 1e-30)
    unit = np.finfo(precision).eps
    assert np.abs(x * cdf - times)[normal] == pytest.approx(0, abs=HUGE[precision])
    assert np.all(np.abs(x * cdf - times)[normal] <= 5 * unit * np.abs(times)[normal])


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_values_at_zero_are_exact(precision: str, zero: float) -> None:
    x = np.full(3, zero, precision)
    assert MODULES[precision]["normal_cdf"](x).tolist() == [0.5] * 3
    assert MODULES[precision]["times_normal_cdf"](x).tolist() == [0.0] * 3
    assert MODULES[precision]["normal_pdf"](x)[0] == x.dtype.type(
        1 / np.sqrt(2 * np.pi)
    )


@pytest.mark.parametrize("precision", PRECISIONS)
def test_far_out_the_limits_are_exact(precision: str) -> None:
    x = np.array([-1e30, -40.0, 40.0, 1e30], precision)
    assert MODULES[precision]["normal_cdf"](x).tolist() == [0, 0, 1, 1]
    assert MODULES[precision]["normal_pdf"](x).tolist() == [0, 0, 0, 0]
    times = MODULES[precision]["times_normal_cdf"](x)
    assert times.tolist() == [0, 0, x[2], x[3]]


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("name", TRUE)
def test_arguments_keep_their_shape_and_values(precision: str, name: str) -> None:
    x = np.linspace(-3, 3, 24, dtype=precision).reshape(2, 3, 4)
    before = x.copy()
    computed = MODULES[precision][name](x)
    assert computed.shape == x.shape
    assert np.array_equal(x, before)
    assert np.array_equal(MODULES[precision][name](x.T), computed.T)


def test_a_hole_stays_a_hole() -> None:
    for module in MODULES.values():
        assert np.isnan(module["normal_cdf"](np.array([np.nan]))).all()


def test_only_what_is_called_is_printed() -> None:
    (only,) = helper_functions(["normal_pdf", "exp"], "float32")
    assert only.startswith("def normal_pdf")
    assert helper_functions(["exp"], "float64") == ()
