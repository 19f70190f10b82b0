"""The charts of a report."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nndsl.report.classes import Calibration, Roc
from nndsl.report.svg import INK, LINE, SERIES, SOFT, chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

POINTS = 2_000
"""The most points of a scatter chart."""


def curve_chart(
    key: str, name: str, curves: Mapping[str, Sequence[float]], kept: int
) -> str:
    """A figure over the epochs, for each part; `kept` is marked."""

    from matplotlib.ticker import MaxNLocator, NullFormatter

    def draw(axes: "Axes") -> None:
        for colour, (part, figures) in zip(SERIES, curves.items(), strict=False):
            epochs = np.arange(1, len(figures) + 1)
            mark = "o" if len(figures) == 1 else ""
            axes.plot(epochs, figures, mark, ls="-", color=colour, label=part)
            axes.plot(kept, figures[kept - 1], "o", color=colour)
        axes.axvline(kept, color=INK, lw=1, ls=(0, (2, 3)), label=f"epoch {kept}, kept")
        values = np.concatenate([np.asarray(f, float) for f in curves.values()])
        if values.min() > 0 and values.max() > 50 * values.min():
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter("{x:g}")
            axes.yaxis.set_minor_formatter(NullFormatter())
        axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
        axes.set_xlabel("epoch")
        axes.legend(loc="best")

    return chart(draw, key, f"{name} over the epochs")


def roc_chart(key: str, curves: Sequence[tuple[str, Roc]]) -> str:
    def draw(axes: "Axes") -> None:
        axes.plot([0, 1], [0, 1], color=SOFT, lw=1, ls=(0, (2, 3)))
        for colour, (label, curve) in zip(SERIES, curves, strict=False):
            name = f"{label}, area {curve.area:.3f}"
            axes.plot(curve.false_alarms, curve.found, color=colour, label=name)
        axes.set_xlabel("false positive rate")
        axes.set_ylabel("true positive rate (recall)")
        _unit_square(axes)
        axes.legend(loc="lower right")

    return chart(draw, key, "ROC curve")


def calibration_chart(
    key: str,
    curves: Sequence[tuple[str, Calibration]],
    predicted: str,
    observed: str,
) -> str:
    def draw(axes: "Axes") -> None:
        axes.plot([0, 1], [0, 1], color=SOFT, lw=1, ls=(0, (2, 3)))
        most = max(int(curve.counts.max()) for _, curve in curves)
        for colour, (label, curve) in zip(SERIES, curves, strict=False):
            points = curve.predicted, curve.observed
            axes.plot(*points, color=colour, label=label)
            sizes = 20 + 160 * curve.counts / most
            axes.scatter(*points, s=sizes, color=colour, linewidths=0)
        axes.set_xlabel(predicted)
        axes.set_ylabel(observed)
        _unit_square(axes)
        if len(curves) > 1:
            axes.legend(loc="upper left")

    return chart(draw, key, "calibration of the probabilities")


def true_chart(key: str, name: str, true: Floats, predicted: Floats) -> str:
    """Predicted against true values."""

    def draw(axes: "Axes") -> None:
        _scatter(axes, true, predicted)
        low, high = np.nanmin([true, predicted]), np.nanmax([true, predicted])
        axes.plot([low, high], [low, high], color=INK, lw=1, ls=(0, (2, 3)))
        axes.set_xlabel(f"true {name}")
        axes.set_ylabel(f"predicted {name}")

    return chart(draw, key, f"predicted against true {name}")


def residual_chart(key: str, name: str, true: Floats, predicted: Floats) -> str:
    """What is left of the true values, over the predicted ones."""

    def draw(axes: "Axes") -> None:
        _scatter(axes, predicted, true - predicted)
        axes.axhline(0, color=INK, lw=1, ls=(0, (2, 3)))
        axes.set_xlabel(f"predicted {name}")
        axes.set_ylabel("true − predicted")

    return chart(draw, key, f"residuals of {name}")


def _scatter(axes: "Axes", x: Floats, y: Floats) -> None:
    from matplotlib.ticker import MaxNLocator

    x, y = x[:POINTS], y[:POINTS]
    dense = len(x) > 300
    for axis, values in ((axes.xaxis, x), (axes.yaxis, y)):
        axis.set_major_locator(MaxNLocator(5))
        if 1_000 <= np.nanmax(np.abs(values)) < 1e7:
            axis.set_major_formatter("{x:,.0f}")
    axes.scatter(
        x, y, s=9 if dense else 20, alpha=0.4 if dense else 0.6, color=SERIES[0], lw=0
    )


def _unit_square(axes: "Axes") -> None:
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(LINE)
