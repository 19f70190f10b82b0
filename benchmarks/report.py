"""The results as a table in Markdown and a chart in SVG."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from networks import NETWORKS

Results = Sequence[tuple[Any, dict[str, Any]]]
_TITLES = {
    "steps": "One training step",
    "asleep": "One training step, OPENBLAS_THREAD_TIMEOUT=4",
    "predict": "Prediction",
    "fit": "Ten epochs of fit, with accuracy",
    "variants": "A step with something else in it, against the plain step",
}


def write(results: Results, sections: dict[str, str], folder: Path) -> None:
    """Write RESULTS.md, `sections` at its end, and results.svg into a folder."""
    more = (f"\n## {title}\n\n{text}" for title, text in sections.items())
    text = markdown(results) + "".join(more)
    (folder / "RESULTS.md").write_text(text, encoding="utf-8")
    (folder / "results.svg").write_text(svg(results), encoding="utf-8")


def ratios(result: dict[str, Any]) -> list[float]:
    """Theirs by ours, round by round."""
    return [b / a for a, b in zip(result["ours"], result["theirs"], strict=True)]


def title(pair: Any) -> str:
    sizes = "-".join(map(str, NETWORKS[pair.network].sizes))
    rows = pair.rows or NETWORKS[pair.network].batch_size
    return f"{sizes}, {rows:,} row{'s' * (rows != 1)}"


def markdown(results: Results) -> str:
    """Medians, ratios and their spread; above 1 nndsl is faster."""
    lines = [
        "# Measured against others",
        "",
        "Written by `python benchmarks/run.py`. float32, adam; ours and theirs in",
        "turn in one process, the least time of each round, their medians. The ratio",
        "is theirs by ours (above 1: nndsl is ahead), with its least and its greatest.",
        "`products` are the matrix products of the step alone, by `@`; `products into",
        "arrays` write them into arrays made beforehand: the limit. A batch comes as",
        "NumPy arrays in every step, but for `JAX, arrays of its own`.",
        "",
        f"{os.cpu_count()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}.",
    ]
    for work, heading in _TITLES.items():
        lines += ["", f"## {heading}", ""]
        lines += ["| network | against | ours, µs | theirs, µs | ratio | spread |"]
        lines += ["| --- | --- | ---: | ---: | ---: | --- |"]
        for pair, result in results:
            if pair.work == work:
                lines.append(_row(pair, result))
    return "\n".join(lines) + "\n"


def _row(pair: Any, result: dict[str, Any]) -> str:
    if "missing" in result:
        return (
            f"| {title(pair)} | {pair.peer} | | | not measured: {result['missing']} | |"
        )
    values = ratios(result)
    ours, theirs = (median(result[name]) * 1e6 for name in ("ours", "theirs"))
    spread = f"{min(values):.2f} to {max(values):.2f}"
    numbers = f"{ours:,.1f} | {theirs:,.1f} | {median(values):.2f} | {spread}"
    return f"| {title(pair)} | {pair.peer} | {numbers} |"


def svg(results: Results) -> str:
    """A bar for each ratio of a training step; the line stands at 1."""
    rows = [
        (f"{title(pair)}: {pair.peer}", median(ratios(result)))
        for pair, result in results
        if pair.work == "steps" and "missing" not in result
    ]
    most = max([value for _, value in rows], default=1.0)
    width, left, height = 760, 330, 20
    scale = (width - left - 60) / most
    bottom = height * len(rows) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{bottom}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{bottom}" fill="white"/>',
    ]
    for index, (label, value) in enumerate(rows):
        y = 10 + index * height
        color = "#2a7" if value >= 1 else "#c64"
        length = max(value * scale, 1)
        middle = y + height - 7
        parts += [
            f'<text x="{left - 8}" y="{middle}" text-anchor="end">{label}</text>',
            f'<rect x="{left}" y="{y + 2}" width="{length:.1f}" '
            f'height="{height - 5}" fill="{color}"/>',
            f'<text x="{left + length + 5:.1f}" y="{middle}">{value:.2f}</text>',
        ]
    line = left + scale
    parts.append(
        f'<line x1="{line:.1f}" y1="5" x2="{line:.1f}" y2="{bottom - 10}" '
        'stroke="black" stroke-dasharray="3"/>'
    )
    return "\n".join([*parts, "</svg>"]) + "\n"
