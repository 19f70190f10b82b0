"""Figures of matplotlib as SVG that stands inside a page.

Colours are variables of the page's style sheet, so that a chart follows light and dark;
text stays text, in the page's font.
"""

import io
import logging
import re
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SVG = "http://www.w3.org/2000/svg"
WIDTH, HEIGHT = 480, 340
"""Of a chart, in CSS pixels on a wide screen."""

_NAMES = ("ink", "soft", "line", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8")
_STAND_INS = {name: f"#0a0b{place:02x}" for place, name in enumerate(_NAMES, 1)}
INK, SOFT, LINE, *SERIES = _STAND_INS.values()
"""Colours that matplotlib draws with and the page replaces."""

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.size": 13,
    "text.color": INK,
    "axes.labelcolor": SOFT,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.xmargin": 0.02,
    "axes.formatter.limits": (-4, 6),
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    "lines.linewidth": 2,
    "legend.frameon": False,
    "legend.fontsize": 12,
}


def chart(draw: Callable[["Axes"], None], key: str, says: str) -> str:
    """The SVG text of what `draw` puts into one pair of axes.

    `key` is different for every chart of a page, and with it the ids in the chart;
    `says` is what screen readers say of it.
    """
    import matplotlib
    from matplotlib.figure import Figure

    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # letters that only the page's font has
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE | {"svg.hashsalt": key})
        figure = Figure((WIDTH / 72, HEIGHT / 72), layout="constrained")
        draw(figure.add_subplot())
        stream = io.BytesIO()
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    return _for_page(stream.getvalue(), says)


def _for_page(data: bytes, says: str) -> str:
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ElementTree.fromstring(data)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(child)
    for element in root.iter():
        if element.tag == f"{{{SVG}}}g":
            element.attrib.pop("id", None)
        for name, value in element.attrib.items():
            element.set(name, _for_style_sheet(value))
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-label", says)
    return ElementTree.tostring(root, encoding="unicode")


def _for_style_sheet(value: str) -> str:
    """An attribute with the page's colours, and without a font of its own."""
    for variable, colour in _STAND_INS.items():
        value = value.replace(colour, f"var(--{variable})")
    value = re.sub(r"font: ([\d.]+px) [^;]*", r"font-size: \1", value)
    return re.sub(r"font-family: [^;]*;?", "", value)
